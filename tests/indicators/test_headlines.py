"""What is told to be out of the ordinary, and what is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from huitian.base.anchors import Standing, stand
from huitian.base.planner import Planner
from huitian.engine.embedded import EmbeddedEngine, create_store
from huitian.errors import NotAllowed
from huitian.indicators import Indicators
from huitian.indicators.headlines import Headlines
from huitian.model.query import Row
from huitian.model.scope import Scope
from huitian.plugin import discover
from huitian.scenarios import BUILT_IN
from huitian.settings import Settings
from tests.base.towns import NOW, settle

WALL = Scope("u1", None, "V1", "leader")
EAST, WEST = 116.35, 116.05
"""Points of two streets."""


def case_row(case_id: str, ago_h: float, category: str, lon: float, *, is_late: bool = False) -> Row:
    """Return an open case."""
    reported_at = NOW - timedelta(hours=ago_h)
    return {
        "case_id": case_id, "case_no": case_id, "kind": "letter", "ladder_id": "letter", "rule_set": "r",
        "category_code": category, "state": "signed", "version": 1, "reported_at": reported_at, "lon": lon,
        "lat": 40.1, "due_at": reported_at + timedelta(minutes=1 if is_late else 100_000),
    }  # fmt: skip


def usual() -> Iterator[Row]:
    """Yield two cases of each category at ten in the morning of each of 35 days, today's among them."""
    for day in range(35):
        for n, category in enumerate(("A12", "A09", "A12", "A09")):
            yield case_row(f"u{day}-{n}", day * 24 + 2.5, category, EAST if n < 2 else WEST)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """Open a store of a town on a usual day, a Monday at noon."""
    made = create_store(tmp_path)
    planner = settle(made)
    write(made, planner, list(usual()))
    with made.records.writing() as writing:
        writing.add("category", [{"category_code": "A12", "title_zh": "供暖", "title_en": "Heating"},
                                 {"category_code": "A09", "title_zh": "供水", "title_en": "Water"}])  # fmt: skip
    yield made
    made.close()


def write(engine: EmbeddedEngine, planner: Planner, rows: list[Row]) -> None:
    """Write cases and where they stand."""
    with engine.records.writing() as writing:
        writing.add("case", rows)
        stand(writing, planner.places, "case",
              [Standing(r["case_id"], r["lon"], r["lat"], None, r["reported_at"].date()) for r in rows])  # fmt: skip


def headlines(engine: EmbeddedEngine, chance: float = 0.01) -> tuple[Headlines, Indicators]:
    """Return the headlines of the town."""
    indicators = Indicators(settle(engine), Settings(), discover(BUILT_IN).numbers())
    return Headlines(indicators, chance, Settings().hot_spot_least), indicators


def test_a_usual_day_makes_no_headline(engine: EmbeddedEngine) -> None:
    found, _ = headlines(engine)
    assert found.of(WALL, None, NOW) == []


def test_a_surge_is_told_with_its_street_and_what_is_late(engine: EmbeddedEngine) -> None:
    # Of the 28 days before, 16 are worked: there is a Spring Festival among them.
    surge = [case_row(f"s{n}", 1 + n / 60, "A12", EAST, is_late=n < 3) for n in range(20)]
    write(engine, settle(engine), surge)
    found, indicators = headlines(engine)
    (told,) = found.of(WALL, None, NOW)
    assert told.headline_id == "cases.reported_today:A12:more"
    assert (
        told.words_zh
        == "今日供暖诉求 {n} 件，比{base}多 {change} 件；{there} 件在地9904，{also} 件已超时限。"
    )
    assert (
        told.words_en
        == "Heating today: {n} cases, {change} above {base}; {there} in 地9904, {also} past their limit."
    )
    assert (told.base, told.n_days, told.n_usual) == ("yesterday", 16, 2.0)
    values = {name: one.number.value for name, one in told.figures.items()}
    assert values == {"n": 22, "change": 22, "there": 21, "also": 3}
    assert told.figures["change"].number.change is not None
    assert told.figures["change"].number.change.value == 20
    # Every figure has its own conditions and opens to as many rows as it says.
    for one in told.figures.values():
        number = one.number
        rows = indicators.rows(WALL, number.number_id, number.place_id, number.as_of, limit=1000)
        assert rows.n_total == number.value
        assert {row["category_code"] for row in rows.rows} == {"A12"}


def test_what_is_high_since_yesterday_is_held_against_four_weeks(engine: EmbeddedEngine) -> None:
    rows = [case_row(f"y{n}", 26 + n / 60, "A12", EAST) for n in range(30)]
    rows += [case_row(f"s{n}", 1 + n / 60, "A12", EAST) for n in range(20)]
    write(engine, settle(engine), rows)
    found, _ = headlines(engine)
    (told,) = found.of(WALL, None, NOW)
    assert told.base == "four_weeks"
    assert told.figures["n"].number.number_id == "cases.reported_today_usual;category_code=A12"


def test_silence_is_told_too(engine: EmbeddedEngine) -> None:
    rows = [case_row(f"m{d}-{n}", d * 24 + 2 + n / 60, "A12", EAST) for d in range(1, 30) for n in range(30)]
    write(engine, settle(engine), rows)
    found, _ = headlines(engine)
    told = found.of(WALL, None, NOW)[0]
    assert told.headline_id == "cases.reported_today:A12:fewer"
    assert "{there}" not in told.words_zh


def test_less_likely_than_asked_for_is_not_told(engine: EmbeddedEngine) -> None:
    write(engine, settle(engine), [case_row(f"s{n}", 1, "A12", EAST) for n in range(8)])
    loose, strict = (headlines(engine, chance)[0].of(WALL, None, NOW) for chance in (0.5, 1e-12))
    assert len(loose) == 1
    assert strict == []
    assert 1e-12 < loose[0].chance_ratio < 0.5


def test_another_street_has_its_own_news(engine: EmbeddedEngine) -> None:
    write(engine, settle(engine), [case_row(f"s{n}", 1, "A12", EAST) for n in range(20)])
    found, _ = headlines(engine)
    assert found.of(WALL, "admin:9904", NOW)
    assert found.of(WALL, "admin:9901", NOW) == []


def test_who_may_count_no_cases_gets_none(engine: EmbeddedEngine) -> None:
    found, _ = headlines(engine)
    with pytest.raises(NotAllowed):
        found.of(Scope("public", None, "V1", "public"), None, NOW)
