"""Where all objects stand after the places of a tree have changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from huitian.base.anchors import AT_ONCE, Standing, anchor_rows
from huitian.base.places import EVERYTHING, Places
from huitian.base.planner import Planner
from huitian.clock import day_of
from huitian.engine.ports import Writing
from huitian.model.place import FIRST_DAY
from huitian.model.query import Condition, Query, Row

ANCHORED_SINCE = {
    "building": ("building_id", "valid_from"),
    "component": ("component_id", "valid_from"),
    "organisation": ("org_id", ""),
    "case": ("case_id", "reported_at"),
}
"""Entity → its key, and the column that says since when it stands."""
PAGE = 5000


def stand_anew(writing: Writing, planner: Planner, places: Places) -> int:
    """Anchor every object of the city in the places as they are now; returns how many objects moved.

    An object keeps the place that its source named; one that is known by its point is located anew in every
    edition. Objects that stand where they stood are not touched. Idempotent.
    """
    n_moved = 0
    for entity, (key, since) in ANCHORED_SINCE.items():
        for rows in _pages(writing, planner, entity, key, since):
            there = _anchors(writing, planner, entity, [row[key] for row in rows])
            standings = [_standing(row, key, since, there.get(row[key], [])) for row in rows]
            wanted: dict[str, list[Row]] = {row[key]: [] for row in rows}
            for anchor in anchor_rows(places, entity, standings):
                wanted[anchor["object_id"]].append(anchor)
            moved = [i for i, new in wanted.items() if _shape(new) != _shape(there.get(i, []))]
            for start in range(0, len(moved), AT_ONCE):
                writing.remove("anchor", {"entity": entity, "object_id": moved[start : start + AT_ONCE]})
            writing.add("anchor", [row for object_id in moved for row in wanted[object_id]])
            n_moved += len(moved)
    return n_moved


def _pages(writing: Writing, planner: Planner, entity: str, key: str, since: str) -> Iterator[Sequence[Row]]:
    columns = tuple(name for name in (key, "lon", "lat", since) if name)
    after: tuple[Condition, ...] = ()
    while True:
        rows = writing.read(planner.system(entity), Query(entity, after, columns, (key,), PAGE)).rows
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = (Condition(key, "gt", rows[-1][key]),)


def _anchors(writing: Writing, planner: Planner, entity: str, ids: Sequence[str]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    query = Query("anchor", (Condition("entity", "eq", entity), Condition("object_id", "ge", ids[0]),
                             Condition("object_id", "le", ids[-1])), limit=EVERYTHING)  # fmt: skip
    for row in writing.read(planner.system("anchor"), query).rows:
        found.setdefault(row["object_id"], []).append(row)
    return found


def _standing(row: Row, key: str, since: str, there: Sequence[Row]) -> Standing:
    named = [anchor for anchor in there if anchor["located_by"] == "code"]
    latest = max(named, key=lambda anchor: anchor["valid_from"], default=None)
    begins: Any = row[since] if since else None
    if isinstance(begins, datetime):
        begins = day_of(begins)
    stands_from: date = begins or FIRST_DAY
    return Standing(row[key], row["lon"], row["lat"], latest["place_id"] if latest else None, stands_from)


def _shape(rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    return {(r["tree_id"], r["valid_from"], r["valid_to"], r["place_id"], r["located_by"]) for r in rows}
