"""A small city on the real embedded store: one district, two streets, three communities, four bodies."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from huitian.audit import Audit
from huitian.base.anchors import Standing, stand
from huitian.base.places import renumber
from huitian.base.planner import Planner
from huitian.cases.categories import read_categories
from huitian.cases.ladder import read_ladders
from huitian.cases.letters import Letters
from huitian.cases.log import CaseLog
from huitian.cases.parts import CaseParts
from huitian.clock import ManualClock, read_calendar
from huitian.engine.embedded import EmbeddedEngine, create_store, open_engine
from huitian.model.case import Letter, Opened
from huitian.model.query import Row
from huitian.model.scope import Purpose, Scope
from huitian.settings import Settings

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in Beijing."""

PLACES = (
    ("110199", None, "district", "海安区", (116.0, 40.0, 116.4, 40.2)),
    ("110199001", "110199", "street", "东街道", (116.0, 40.0, 116.2, 40.2)),
    ("110199002", "110199", "street", "西街道", (116.2, 40.0, 116.4, 40.2)),
    ("110199001001", "110199001", "community", "一社区", (116.0, 40.0, 116.1, 40.2)),
    ("110199001002", "110199001", "community", "二社区", (116.1, 40.0, 116.2, 40.2)),
    ("110199002001", "110199002", "community", "三社区", (116.2, 40.0, 116.4, 40.2)),
)
BODIES = (
    ("org:street1", "东街道办事处", "street", "admin:110199001"),
    ("org:street2", "西街道办事处", "street", "admin:110199002"),
    ("org:com1", "一社区居委会", "community", "admin:110199001001"),
    ("org:heat", "海安供热公司", "enterprise", "admin:110199"),
)

DISPATCHER = Scope("u:disp", None, "V3", "dispatcher", "org:centre")
OTHER_DISPATCHER = Scope("u:disp2", None, "V3", "dispatcher", "org:centre")
STREET1 = Scope("u:street1", "admin:110199001", "V2", "street_dispatcher", "org:street1")
STREET2 = Scope("u:street2", "admin:110199002", "V2", "street_dispatcher", "org:street2")
GRID1 = Scope("u:grid1", "admin:110199001001", "V2", "grid_worker", "org:com1")
HEAT = Scope("u:heat", None, "V2", "department", "org:heat")
LEADER = Scope("u:lead", None, "V1", "leader", None)


def about(scope: Scope, case_id: str) -> Scope:
    """Return a reader who stated why he looks at a case."""
    opens = frozenset({"case_contact.name", "case_contact.phone", "case_words.words"})
    until = START + timedelta(days=30)
    stated = Purpose("p-1", "handle_case", "T-1", opens, "case", frozenset({case_id}), None, until)
    return replace(scope, purposes=(stated,))


@dataclass(frozen=True, slots=True)
class Town:
    """The small city with its engine."""

    engine: EmbeddedEngine
    clock: ManualClock
    parts: CaseParts
    log: CaseLog
    letters: Letters

    def write(self, words: str = "暖气不热，请来看看", key: str = "key-00000001", **more: object) -> Opened:
        """Send a letter from the first community."""
        place = {} if {"lon", "place_id"} & set(more) else {"lon": 116.05, "lat": 40.1}
        return self.letters.open_case(Letter(words, key, **place, **more))  # type: ignore[arg-type]

    def take(self, scope: Scope, case_id: str, action: str, version: int, *, key: str = "", facts: object = None,
             words: object = None) -> Row:  # fmt: skip
        """Take a step with a key of its own."""
        return self.log.take(scope, case_id, action, version, key or f"{action}-{version:06d}", facts, words)  # type: ignore[arg-type]

    def to_reply(self, opened: Opened) -> Row:
        """Take a case from dispatch to its reply by the first community, ten minutes a step."""
        steps = (
            (DISPATCHER, "dispatch", {"org_id": "org:com1"}, None),
            (GRID1, "sign", None, None),
            (GRID1, "handle", {"is_contact": True}, {"note": "已上门"}),
            (GRID1, "reply", None, {"reply": "已修好，室温 20 度。"}),
        )
        row: Row = {}
        for version, (scope, action, facts, words) in enumerate(steps, 1):
            self.clock.advance(timedelta(minutes=10))
            row = self.take(scope, opened.case_id, action, version, facts=facts, words=words)
        return row


def make_town(folder: Path, settings: Settings | None = None) -> Town:
    """Make the small city in a folder."""
    return settled(create_store(folder), settings)


def settled(engine: EmbeddedEngine, settings: Settings | None = None) -> Town:
    """Make the small city in an empty store."""
    clock = ManualClock(START)
    planner = Planner(engine.records, clock, 10, 5)
    with engine.records.writing() as writing:
        writing.put("tree", [{"tree_id": "admin", "title_zh": "行政", "title_en": "Administrative",
                              "levels": ["district", "street", "community"]}])  # fmt: skip
        rows = []
        for code, parent, level, name, (west, south, east, north) in PLACES:
            box = shapely.box(west, south, east, north)
            rows.append({
                "place_id": f"admin:{code}", "tree_id": "admin", "code": code, "level": level, "name": name,
                "parent_id": f"admin:{parent}" if parent else None, "valid_from": date(2020, 1, 1),
                "valid_to": None, "area_m2": box.area * 1e10, "label_lon": box.centroid.x,
                "label_lat": box.centroid.y, "geometry": shapely.to_wkb(box), "west": west, "south": south,
                "east": east, "north": north,
            })  # fmt: skip
        writing.put("place", rows)
        renumber(writing, planner.raw, "admin")
        writing.put("organisation", [
            {"org_id": org_id, "name": name, "kind": kind, "place_id": place_id, "capacity_n": 20}
            for org_id, name, kind, place_id in BODIES
        ])  # fmt: skip
        writing.put("category", read_categories().rows())
    planner.refresh()
    with engine.records.writing() as writing:
        stand(writing, planner.places, "organisation",
              [Standing(o, None, None, p, date(2020, 1, 1)) for o, _, _, p in BODIES])  # fmt: skip
    return town_of(engine, clock, planner, settings or Settings())


def open_town(folder: Path) -> Town:
    """Open the small city of a folder again, at the same instant."""
    engine, clock = open_engine(folder), ManualClock(START)
    return town_of(engine, clock, Planner(engine.records, clock, 10, 5), Settings())


def town_of(engine: EmbeddedEngine, clock: ManualClock, planner: Planner, settings: Settings) -> Town:
    """Put the case engine on a store."""
    planner.record = Audit(engine.records, clock, planner).write
    parts = CaseParts(engine.records, planner, read_ladders(), read_calendar(), clock, settings)
    log = CaseLog(parts)
    return Town(engine, clock, parts, log, Letters(parts, log))


def run_a_case(town: Town) -> None:
    """Take one letter through six commits, each with a key of its own; again changes nothing."""
    opened = town.write()
    town.to_reply(opened)
    answers = {"is_contacted": True, "solved": "solved", "satisfied": "yes"}
    town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", answers)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The small city, new for each test."""
    made = make_town(tmp_path)
    yield made
    made.engine.close()
