"""Figures: value, rows, units and series agree, on a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.base.anchors import Standing, stand
from huitian.base.planner import Planner
from huitian.clock import SHANGHAI
from huitian.engine.embedded import create_store
from huitian.errors import (
    AuditUnwritten,
    CutNotDeclared,
    InvalidInput,
    NotAllowed,
    UnknownNumber,
    UnknownPlace,
)
from huitian.indicators import Indicators
from huitian.indicators.cubes.declared import Cube, built_in
from huitian.indicators.cubes.kept import Releases
from huitian.indicators.protected import look_of
from huitian.indicators.released import released
from huitian.model.query import Condition, Row
from huitian.model.scope import Scope
from huitian.plugin import discover
from huitian.scenarios import BUILT_IN
from huitian.settings import Settings
from tests.base.towns import NOW, settle
from tests.indicators.town_of_editions import make_town

STAFF = Scope("u1", None, "V2", "dispatcher")
WALL = Scope("u2", None, "V1", "leader")
RATINGS = ("solved", "partly", "unsolved", None)


def case_row(i: int) -> Row:
    """Return case number i: one a day back from now, every third still open, ratings in turn."""
    reported_at = NOW - timedelta(days=i, hours=1)
    is_open = i % 3 == 0
    closed_at = None if is_open else reported_at + timedelta(hours=20)
    return {
        "case_id": f"c{i:03}", "case_no": f"HT{i:03}", "kind": "letter", "channel": "C04", "ladder_id": "letter",
        "rule_set": "r", "state": "in_progress" if is_open else "closed", "version": 1, "reported_at": reported_at,
        "replied_at": closed_at, "visited_at": closed_at and closed_at - timedelta(hours=1), "closed_at": closed_at,
        "watch_at": reported_at + timedelta(days=4), "urgent_at": reported_at + timedelta(days=6),
        "due_at": reported_at + timedelta(days=7), "is_contacted": None if is_open else i % 10 != 1,
        "solved": None if is_open else RATINGS[i % 4], "lon": 116.0 + (i % 10) * 0.04 + 0.01, "lat": 40.1,
    }  # fmt: skip


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """Return the planner of a town with 120 cases and 40 persons in building b1, 3 in b2."""
    engine = create_store(Path(tmp_path_factory.mktemp("town")))
    planner = settle(engine)
    rows = [case_row(i) for i in range(120)]
    persons = [(f"p{i}", "b1" if i < 40 else "b6") for i in range(43)]
    with engine.records.writing() as writing:
        writing.add("case", rows)
        stand(writing, planner.places, "case",
              [Standing(r["case_id"], r["lon"], r["lat"], None, r["reported_at"].date()) for r in rows])  # fmt: skip
        writing.add(
            "person",
            [{"person_id": p, "building_id": b, "cell_key": 7919 * i} for i, (p, b) in enumerate(persons)],
        )
    yield planner
    engine.close()


@pytest.fixture(scope="module")
def indicators(planner: Planner) -> Indicators:
    """Return the figures of the shipped packs."""
    releases = Releases(planner._records, planner, Settings(), built_in())
    releases.make()
    return Indicators(planner, Settings(), discover(BUILT_IN).numbers(), releases=releases)


def test_every_exact_figure_recounts_from_its_rows(indicators: Indicators) -> None:
    for definition in indicators.definitions():
        number = indicators.measure(STAFF, definition.number_id)
        if number.release == "protected":
            with pytest.raises(NotAllowed):
                indicators.rows(STAFF, definition.number_id)
            continue
        page = indicators.rows(STAFF, definition.number_id, limit=1000)
        assert page.n_total == len(page.rows) == number.n, definition.number_id
        total = sum((Fraction(row["points"]) for row in page.rows), Fraction(0))
        if number.numerator is None:
            value = 0.0 if number.state == "no_data" else number.value
            assert value == float(total), definition.number_id
        else:
            assert Fraction(number.numerator) == total, definition.number_id


def test_a_register_that_was_never_loaded_is_unknown_not_zero(indicators: Indicators) -> None:
    number = indicators.measure(STAFF, "components.total")
    assert (number.state, number.value, number.n) == ("no_data", None, 0)
    assert indicators.measure(STAFF, "buildings.total").state == "normal"


def test_the_stocks_by_clock_add_up_to_the_open_cases(indicators: Indicators) -> None:
    parts = [indicators.measure(STAFF, f"cases.{p}").value for p in ("on_time", "watch", "urgent", "late")]
    assert sum(p for p in parts if p is not None) == indicators.measure(STAFF, "cases.open").value == 40


def test_units_add_up_to_the_whole(indicators: Indicators) -> None:
    whole = indicators.measure(STAFF, "cases.open").value
    units = indicators.units(STAFF, "cases.open")
    assert [p.code for p, _ in units] == ["9901", "9903", "9904"]
    assert sum(n.value or 0 for _, n in units) == whole


def test_a_past_instant_gives_what_was_true_then(indicators: Indicators) -> None:
    then = NOW - timedelta(days=60)
    rows = [case_row(i) for i in range(120)]
    expected = sum(
        r["reported_at"] <= then and (r["closed_at"] is None or r["closed_at"] > then) for r in rows
    )
    assert indicators.measure(STAFF, "cases.open", at=then).value == expected


def test_series_of_a_flow_adds_up_and_its_last_step_is_running(indicators: Indicators) -> None:
    points = indicators.series(STAFF, "cases.reported_today", grain="day", n_steps=10)
    assert [p.value for p in points] == [1.0] * 10
    assert [p.is_complete for p in points] == [True] * 9 + [False]
    assert points[-1].from_at == datetime(2026, 3, 1, 16, tzinfo=UTC)
    months = indicators.series(STAFF, "cases.reported_today", grain="month", n_steps=5)
    assert sum(p.value or 0 for p in months) == 120


def test_the_running_step_of_its_own_period_is_the_figure_itself(indicators: Indicators) -> None:
    periods = set()
    for definition in indicators.definitions():
        if definition.series == "none" or "@days_ago" in str(definition.window):
            continue
        last = indicators.series(STAFF, definition.number_id, grain=definition.period, n_steps=3)[-1]
        figure = indicators.measure(STAFF, definition.number_id)
        assert (last.value or 0, last.n or 0) == (figure.value or 0, figure.n or 0), definition.number_id
        periods.add(definition.period)
    assert periods == {"day", "month", "hotline_month"}


def test_hotline_months_are_counted_from_the_day_of_the_setting(indicators: Indicators) -> None:
    points = indicators.series(STAFF, "cases.reported_today", grain="hotline_month", n_steps=5)
    assert [f"{p.from_at.astimezone(SHANGHAI):%m-%d}" for p in points] == [
        "10-19",
        "11-19",
        "12-19",
        "01-19",
        "02-19",
    ]
    assert all(before.to_at == after.from_at for before, after in pairwise(points))
    days = indicators.series(STAFF, "cases.reported_today", grain="day", n_steps=200)
    for point in points:
        inside = sum(d.value or 0 for d in days if point.from_at <= d.from_at < point.to_at)
        assert point.value == inside > 0, point.from_at


def test_a_window_that_slides_has_weeks_or_months_beside_it(indicators: Indicators) -> None:
    definition = indicators.definition("cases.reported_today")
    for days, period in ((7, "week"), (30, "month")):
        assert (
            replace(definition, window=(Condition("reported_at", "ge", f"@days_ago:{days}"),)).period
            == period
        )


def test_a_stock_by_hotline_months_is_what_stood_at_the_end_of_each(indicators: Indicators) -> None:
    for point in indicators.series(STAFF, "cases.open", grain="hotline_month", n_steps=4)[:-1]:
        assert point.value == indicators.measure(STAFF, "cases.open", at=point.to_at).value


def test_series_of_a_stock_is_what_stood_at_the_end_of_each_step(indicators: Indicators) -> None:
    points = indicators.series(STAFF, "cases.open", grain="week", n_steps=4)
    assert points[-1].value == indicators.measure(STAFF, "cases.open").value
    assert points[0].value == indicators.measure(STAFF, "cases.open", at=points[0].to_at).value


def test_series_of_a_score_is_rated_like_its_figure(indicators: Indicators) -> None:
    definition = indicators.definition("mailbox.solved_rate")
    points = indicators.series(STAFF, definition.number_id, grain="month", n_steps=6)
    assert {p.value for p in points} == {None}, "fewer than 30 a month: no rate is shown"
    assert sum(p.n or 0 for p in points) == sum(1 for i in range(120) if i % 3 and RATINGS[i % 4])


def test_a_rate_of_too_few_is_not_shown(indicators: Indicators) -> None:
    number = indicators.measure(STAFF, "mailbox.solved_rate")
    assert (number.state, number.value) == ("too_few", None)
    assert number.n is not None
    assert number.n < 30


def test_protected_counts_are_rounded_and_small_ones_withheld(indicators: Indicators) -> None:
    assert indicators.measure(STAFF, "people.residents").value in {40, 45}
    assert indicators.measure(WALL, "people.residents", "admin:9901").value == 40
    small = indicators.measure(WALL, "people.residents", "admin:9903")
    assert (small.value, small.state, small.n) == (None, "below_k", None)


def test_a_part_of_a_place_has_the_density_of_its_own_ground(
    planner: Planner, indicators: Indicators
) -> None:
    density = replace(indicators.definition("people.density"), decimals=6)
    told = Indicators(planner, Settings(), [density], releases=indicators.releases)
    of_street = replace(STAFF, place_id="admin:9901")
    own = told.measure(of_street, "people.density", "admin:9901")
    assert own.value
    assert told.measure(of_street, "people.density", "admin:99").value == own.value
    two = replace(of_street, other_place_ids=("admin:9904",))
    assert told.measure(two, "people.density", "admin:99").state == "no_data", "two places have no area"


def test_who_may_read_a_part_of_a_place_is_not_told_what_was_released_of_all_of_it(tmp_path: Path) -> None:
    engine, _, releases = make_town(tmp_path, 1, 9)
    totals_only = Releases(engine.records, releases._planner, Settings(), [Cube("residents", "person")])
    totals_only.make()
    told = Indicators(releases._planner, Settings(), discover(BUILT_IN).numbers(), releases=totals_only)
    of_community = replace(STAFF, place_id="admin:0.00")
    ((_, street),) = told.units(of_community, "people.residents", "admin:t")
    assert told.units(STAFF, "people.residents", "admin:t")[0][1].value is not None
    assert (street.value, street.state) == (None, "no_data")
    assert [n.value for _, n in told.units(of_community, "people.residents", "admin:0")] == [
        told.measure(STAFF, "people.residents", "admin:0.00").value
    ]
    engine.close()


def test_a_protected_figure_of_a_pack_leaves_by_no_other_way(
    planner: Planner, indicators: Indicators
) -> None:
    residents = indicators.definition("people.residents")
    told = [
        replace(residents, number_id="x.flow", series="flow", instant="birth_year"),
        replace(residents, number_id="x.left", series="stock", instant="birth_year", leaves="birth_year"),
        replace(residents, number_id="x.women", where=(Condition("sex", "eq", "female"),)),
        replace(residents, number_id="x.rate", kind="ratio", part=(Condition("sex", "eq", "female"),)),
    ]
    own = Indicators(planner, Settings(), told, releases=indicators.releases)
    for number_id in ("x.flow", "x.left"):
        with pytest.raises(InvalidInput, match="protected"):
            own.series(STAFF, number_id)
    for number_id in ("x.women", "x.rate", "x.women;hukou=yes"):
        with pytest.raises(CutNotDeclared):
            own.measure(WALL, number_id)
    planner.record = lambda _entry: 1
    assert own.measure(STAFF, "x.women").value == 0, (
        "counted by its own condition, not the total that was released"
    )
    assert (own.measure(STAFF, "x.rate").value, own.measure(STAFF, "x.rate").state) == (None, "no_data")
    planner.record = None
    with pytest.raises(AuditUnwritten):
        own.measure(STAFF, "x.women")


def test_an_exact_count_is_a_look_at_every_place_of_its_reader(indicators: Indicators) -> None:
    residents = indicators.definition("people.residents")
    of_two = replace(STAFF, place_id="admin:9901", other_place_ids=("admin:9904",))
    assert [s.subject_id for s in look_of(of_two, residents, None).subjects] == ["admin:9901", "admin:9904"]
    assert [s.subject_id for s in look_of(of_two, residents, "admin:9904").subjects] == ["admin:9904"]


def test_bad_questions_are_named(indicators: Indicators) -> None:
    with pytest.raises(UnknownNumber):
        indicators.measure(STAFF, "cases.nonsense")
    with pytest.raises(UnknownPlace):
        indicators.measure(STAFF, "cases.open", "admin:404")
    with pytest.raises(InvalidInput):
        indicators.series(STAFF, "people.residents")
    with pytest.raises(InvalidInput):
        indicators.series(STAFF, "cases.open", n_steps=0)


@given(st.integers(0, 10_000), st.integers(0, 2**40), st.sampled_from([5, 10]))
def test_released_counts(n: int, key: int, k: int) -> None:
    shown = released(n, key, k, 5)
    assert shown == released(n, key, k, 5), "the same members give the same value"
    if 0 < n < k:
        assert shown is None
    else:
        assert shown is not None
        assert shown % 5 == 0
        assert abs(shown - n) < 5


def test_rounding_has_no_drift() -> None:
    n = 12
    mean = sum(released(n, key, 5, 5) or 0 for key in range(4000)) / 4000
    assert abs(mean - n) < 0.1


def test_a_definition_with_an_unknown_moment_says_so(planner: Planner, indicators: Indicators) -> None:
    broken = replace(indicators.definition("cases.reported_today"), number_id="x.y", window=(
        replace(indicators.definition("cases.reported_today").window[0], operand="@tomorrow"),))  # type: ignore[arg-type]  # fmt: skip
    with pytest.raises(InvalidInput):
        Indicators(planner, Settings(), [broken]).measure(STAFF, "x.y")


def test_a_past_day_is_asked_for_at_its_end(indicators: Indicators) -> None:
    assert indicators.measure(STAFF, "cases.open").as_of == NOW
    end = datetime(2026, 2, 1, 15, 59, 59, 999_999, tzinfo=UTC)
    assert indicators.measure(STAFF, "cases.open", at=date(2026, 2, 1)).as_of == end
