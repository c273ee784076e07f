"""The end of a load: others can write while it works things out, and stopped between two pages it is done again."""

from collections.abc import Iterator
from typing import Any

import pytest

from huitian.base import quality
from huitian.base.quality import Finding, Ground
from huitian.base.quality_rules import RULES
from huitian.ingest import finish, standing
from tests.ingest.towns import BUILDING_MAP, BUILDINGS, STREET_MAP, Town, features, square

COMMUNITY_MAP = STREET_MAP.replace('"street"', '"community"').replace('"streets"', '"communities"')
COMMUNITIES = features(({"编码": "c1", "名称": "甲社区"}, square(116.1, 40.0)))


def many(n: int) -> str:
    rows = [f"b{i:02},楼{i},6,1998,{116.101 + i / 1000:.3f},40.05" for i in range(n)]
    return "\n".join(["编号,名称,层数,年份,经度,纬度", *rows, ""])


def test_others_can_write_while_the_rules_run(streets: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def rule(ground: Ground) -> Iterator[Finding]:
        with streets.city.engine.records.writing() as writing:
            writing.next_number("somebody else")
        for row in ground.rows("building", "building_id", ()):
            seen.append(row["building_id"])
            yield Finding("odd", "building", row["building_id"], None, "notice", "怪", "odd")

    monkeypatch.setattr(finish, "RULES", {"odd": rule})
    monkeypatch.setattr(quality, "AT_ONCE", 1)
    report = streets.load("csv", BUILDINGS, BUILDING_MAP)
    assert (seen, report.n_open_findings) == (["b1", "b2"], 2)
    assert len(streets.findings("odd")) == 2


def test_findings_that_still_hold_are_not_written_again(
    streets: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = BUILDINGS + "far,远,6,1998,116.7,40.3\n"
    streets.load("csv", far, BUILDING_MAP)
    before = streets.rows("finding")
    assert before

    def write_nothing(*_: Any) -> None:
        raise AssertionError("nothing changed")

    monkeypatch.setattr("huitian.engine.writing.SqlWriting.put", write_nothing)
    planner, records = streets.city.planner, streets.city.engine.records
    ground = Ground(records, planner, planner.places, planner.today())
    assert quality.run_rules(records, ground, RULES, "another", streets.now_at) > 0
    assert streets.rows("finding") == before


def test_anchoring_that_is_stopped_between_pages_is_ended_by_the_same_command(
    streets: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    streets.load("csv", many(45), BUILDING_MAP)
    pages: list[int] = []
    stand_again = standing.stand_again

    def stopped(writing: Any, planner: Any, entity: str, ids: list[str], named: Any) -> int:
        pages.append(len(ids))
        if len(pages) == 3:
            raise KeyboardInterrupt
        return stand_again(writing, planner, entity, ids, named)

    with monkeypatch.context() as during:
        during.setattr(standing, "AT_ONCE", 10)
        during.setattr(standing, "stand_again", stopped)
        with pytest.raises(KeyboardInterrupt):
            streets.load("geojson", COMMUNITIES, COMMUNITY_MAP, name="communities")
    assert pages == [10, 10, 10]
    there = [row["place_id"] for row in streets.rows("anchor")]
    assert (there.count("admin:c1"), there.count("admin:990101001")) == (20, 25), "two pages are in"
    report = streets.load("geojson", COMMUNITIES, COMMUNITY_MAP, name="communities")
    assert report.outcome == "done"
    assert {row["place_id"] for row in streets.rows("anchor")} == {"admin:c1"}
    assert len(streets.rows("anchor")) == 45
