"""Figures narrowed by whoever asks, stocks by what came and left, and figures against four weeks."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from huitian.base.anchors import Standing, stand
from huitian.base.planner import Planner
from huitian.engine.embedded import create_store
from huitian.errors import CutNotDeclared, UnknownNumber
from huitian.indicators import Indicators
from huitian.indicators.cubes.declared import built_in
from huitian.indicators.cubes.kept import Releases
from huitian.model.audit import Entry
from huitian.model.query import Grain, Row
from huitian.model.scope import Scope
from huitian.plugin import discover
from huitian.scenarios import BUILT_IN
from huitian.settings import Settings
from tests.base.towns import NOW, settle

STAFF = Scope("u1", None, "V2", "dispatcher")
HOUR = timedelta(hours=1)


def case_row(i: int) -> Row:
    """Return case i: one every five hours back from now, heating and water in turn, a third still open."""
    reported_at = NOW - 5 * i * HOUR - timedelta(minutes=7)
    closed_at = None if i % 3 == 0 else reported_at + timedelta(hours=3 + 7 * (i % 5))
    return {
        "case_id": f"c{i:03}", "case_no": f"HT{i:03}", "kind": "letter", "ladder_id": "letter", "rule_set": "r",
        "category_code": "A12" if i % 2 else "A09", "grade": 1 + i % 3, "state": "closed" if closed_at else "signed",
        "version": 1, "reported_at": reported_at,
        "closed_at": closed_at if closed_at is None or closed_at <= NOW else None,
        "lon": 116.0 + (i % 10) * 0.04 + 0.01, "lat": 40.1,
    }  # fmt: skip


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """Return the planner of a town with 300 cases and 40 persons."""
    engine = create_store(Path(tmp_path_factory.mktemp("town")))
    planner = settle(engine)
    rows = [case_row(i) for i in range(300)]
    with engine.records.writing() as writing:
        writing.add("case", rows)
        stand(writing, planner.places, "case",
              [Standing(r["case_id"], r["lon"], r["lat"], None, r["reported_at"].date()) for r in rows])  # fmt: skip
        writing.add("category", [{"category_code": "A12", "title_zh": "供暖", "title_en": "Heating"},
                                 {"category_code": "A09", "title_zh": "供水", "title_en": "Water"}])  # fmt: skip
        writing.add(
            "person",
            [
                {"person_id": f"p{i}", "building_id": "b1", "cell_key": 7 * i, "is_registered": i < 25}
                for i in range(40)
            ],
        )
    yield planner
    engine.close()


@pytest.fixture(scope="module")
def indicators(planner: Planner) -> Indicators:
    """Return the figures of the shipped packs."""
    return Indicators(planner, Settings(), discover(BUILT_IN).numbers())


def test_a_narrowed_figure_is_a_figure(indicators: Indicators) -> None:
    ids = ("cases.open;category_code=A12", "cases.open;category_code=A09")
    numbers = [indicators.measure(STAFF, number_id) for number_id in ids]
    assert sum(n.value or 0 for n in numbers) == indicators.measure(STAFF, "cases.open").value
    for number_id, number in zip(ids, numbers, strict=True):
        rows = indicators.rows(STAFF, number_id, limit=1000)
        assert rows.n_total == number.n == number.value
        assert {row["category_code"] for row in rows.rows} == {number_id[-3:]}
        assert number.number_id == number_id
        assert sum(n.value or 0 for _, n in indicators.units(STAFF, number_id)) == number.value
    both = indicators.measure(STAFF, "cases.open;category_code=A12;grade=2")
    assert 0 < (both.value or 0) < (numbers[0].value or 0)


def test_a_narrowed_figure_says_so_in_both_languages(indicators: Indicators) -> None:
    told = indicators.definition("cases.open;category_code=A12")
    assert (told.title_zh, told.title_en) == ("在办案件 · 供暖", "Open cases · Heating")
    assert "类别为“供暖”" in told.definition_zh
    assert "Heating" in told.definition_en


@pytest.mark.parametrize("part", [
    "", "category_code", "category_code=", "category_code=Z99", "state=closed", "lon=116", "nonsense=1", "grade=two",
    "category_code=A12;category_code=A09", "category_code=" + "A" * 61,
])  # fmt: skip
def test_what_narrows_nothing_is_unknown(indicators: Indicators, part: str) -> None:
    with pytest.raises(UnknownNumber):
        indicators.measure(STAFF, f"cases.open;{part}")


def test_persons_are_narrowed_by_declared_cuts_alone_on_a_wall(planner: Planner) -> None:
    indicators = released(planner)
    wall = replace(STAFF, lens="V1", role="leader")
    for part in ("building_id=b1", "birth_year=1950", "sex=female;hukou=yes", "sex=1"):
        with pytest.raises(CutNotDeclared):
            indicators.measure(wall, f"people.residents;{part}")
    for part in ("age=14", "cell_key=1", "nonsense=1", "birth_year=old", "sex=female;sex=male"):
        with pytest.raises(UnknownNumber):
            indicators.measure(wall, f"people.residents;{part}")
    registered = indicators.measure(wall, "people.residents;hukou=yes")
    assert registered.value == 25
    assert registered.released_at is not None
    assert indicators.measure(wall, "people.residents;age=60+").state == "no_data", (
        "no year of birth is known"
    )


def test_staff_count_exactly_by_any_other_filter_and_that_is_a_look(planner: Planner) -> None:
    indicators, looks = released(planner), []

    def record(entry: Entry) -> int:
        looks.append(entry.details["number_id"])
        return 1

    planner.record = record
    assert indicators.measure(STAFF, "people.residents;building_id=b1").value == 40
    assert indicators.measure(replace(STAFF, lens="V3"), "people.residents").value == 40
    assert looks == ["people.residents;building_id=b1", "people.residents"]
    assert indicators.measure(STAFF, "people.residents").released_at is not None
    assert len(looks) == 2
    planner.record = None


def test_protected_figures_declare_no_narrowing_of_their_own(indicators: Indicators) -> None:
    for definition in indicators.definitions():
        if indicators.measure(STAFF, definition.number_id).release == "protected":
            assert definition.narrows == ()


def test_a_pack_cannot_open_what_is_masked(planner: Planner) -> None:
    told = [replace(one, narrows=("building_id",)) for one in discover(BUILT_IN).numbers()]
    with pytest.raises(UnknownNumber):
        Indicators(planner, Settings(), told).measure(STAFF, "cases.open;building_id=1")


def released(planner: Planner) -> Indicators:
    """Return figures with a release."""
    releases = Releases(planner._records, planner, Settings(), built_in())
    releases.make()
    return Indicators(planner, Settings(), discover(BUILT_IN).numbers(), releases=releases)


@pytest.mark.parametrize("number_id", ["cases.open", "cases.open;category_code=A12"])
@pytest.mark.parametrize(("grain", "n"), [("hour", 60), ("day", 30)])
def test_a_stock_by_what_came_and_left_is_the_stock_counted_anew(
    planner: Planner, indicators: Indicators, number_id: str, grain: Grain, n: int
) -> None:
    anew = [replace(one, leaves="") for one in discover(BUILT_IN).numbers()]
    slow = Indicators(planner, Settings(), anew).series(STAFF, number_id, None, grain, n)
    fast = indicators.series(STAFF, number_id, None, grain, n)
    assert [(p.from_at, p.value) for p in fast] == [(p.from_at, p.value) for p in slow]
    assert len({p.value for p in fast}) > 1


def test_a_long_stock_needs_no_more_than_its_tallies(indicators: Indicators) -> None:
    points = indicators.series(STAFF, "cases.open", None, "hour", 240)
    assert points[-1].value == indicators.measure(STAFF, "cases.open").value
    assert len(points) == 240


def test_four_weeks_are_the_mean_of_four(indicators: Indicators) -> None:
    number = indicators.measure(STAFF, "cases.reported_7d")
    before = [
        indicators.measure(STAFF, "cases.reported_7d", at=NOW - timedelta(days=7 * n), has_change=False).value
        or 0
        for n in (1, 2, 3, 4)
    ]
    assert number.change is not None
    assert number.change.base_value == sum(before) / 4
    assert number.change.value == math.floor((number.value or 0) - sum(before) / 4 + 0.5)
    units = indicators.units(STAFF, "cases.reported_7d")
    for place, unit in units:
        alone = indicators.measure(STAFF, "cases.reported_7d", place.place_id)
        assert (unit.value, unit.change) == (alone.value, alone.change)


def test_density_is_the_released_count_by_the_area(indicators: Indicators, planner: Planner) -> None:
    for place, unit in indicators.units(STAFF, "people.density"):
        persons = indicators.measure(STAFF, "people.residents", place.place_id)
        density = indicators.measure(STAFF, "people.density", place.place_id)
        assert unit.value == density.value
        assert density.state == persons.state
        if persons.value is not None:
            assert place.area_m2
            assert density.value == round(persons.value / (place.area_m2 / 1e6))
