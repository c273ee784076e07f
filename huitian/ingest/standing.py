"""Where objects stand after the places of a tree have changed, or their own rows have."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from huitian.base.anchors import AT_ONCE, Standing, anchor_rows
from huitian.base.places import EVERYTHING, Places
from huitian.base.planner import Planner
from huitian.base.quality import Reads
from huitian.clock import day_of
from huitian.engine.ports import Records, Writing
from huitian.model.place import FIRST_DAY
from huitian.model.query import Condition, Query, Row, Where

ANCHORED_SINCE = {
    "building": ("building_id", "valid_from"),
    "component": ("component_id", "valid_from"),
    "organisation": ("org_id", ""),
    "case": ("case_id", "reported_at"),
}
"""Entity → its key, and the column that says since when it stands."""
PAGE = 5000


def stand_anew(records: Records, planner: Planner) -> int:
    """Anchor every object of the city in the places as they are now; returns how many objects moved.

    An object keeps the place that its source named; one that is known by its point is located anew in every
    edition. Objects that stand where they stood are not touched. Who moved is found without holding up writers;
    they are anchored some hundred at a time. Idempotent: killed between, it is done again.
    """
    n_moved = 0
    for entity, (key, since) in ANCHORED_SINCE.items():
        for rows in _pages(records, planner, entity, key, since):
            span = (Condition("object_id", "ge", rows[0][key]), Condition("object_id", "le", rows[-1][key]))
            there = _anchors(records, planner, entity, span)
            moved = sorted(_moved(planner.places, entity, rows, there, {}))
            for start in range(0, len(moved), AT_ONCE):
                with records.writing() as writing:
                    n_moved += stand_again(writing, planner, entity, moved[start : start + AT_ONCE], {})
    return n_moved


def stand_again(
    writing: Writing, planner: Planner, entity: str, ids: Sequence[str], named: Mapping[str, str | None]
) -> int:
    """Anchor objects whose rows have just changed; returns how many moved. Idempotent.

    Args:
        writing: An open transaction that wrote the rows.
        planner: Permission for the product's own work, and the places.
        entity: One of ``ANCHORED_SINCE``.
        ids: The objects.
        named: Object → place that its source names now; objects that are not in it keep the place they had.
    """
    key, since = ANCHORED_SINCE[entity]
    query = Query(entity, (Condition(key, "in", list(ids)),), _columns(key, since), (key,), EVERYTHING)
    rows = writing.read(planner.raw(entity), query).rows
    there = _anchors(writing, planner, entity, (Condition("object_id", "in", list(ids)),))
    moved = _moved(planner.places, entity, rows, there, named)
    gone = list(moved)
    for start in range(0, len(gone), AT_ONCE):
        writing.remove("anchor", {"entity": entity, "object_id": gone[start : start + AT_ONCE]})
    writing.add("anchor", [row for anchors in moved.values() for row in anchors])
    return len(moved)


def _moved(
    places: Places,
    entity: str,
    rows: Sequence[Row],
    there: Mapping[str, list[Row]],
    named: Mapping[str, str | None],
) -> dict[str, list[Row]]:
    """Return the objects that do not stand where their anchors say, with the anchors they should have."""
    key, since = ANCHORED_SINCE[entity]
    standings = [_standing(row, key, since, there.get(row[key], []), named) for row in rows]
    wanted: dict[str, list[Row]] = {row[key]: [] for row in rows}
    for anchor in anchor_rows(places, entity, standings):
        wanted[anchor["object_id"]].append(anchor)
    return {i: new for i, new in wanted.items() if _shape(new) != _shape(there.get(i, []))}


def _columns(key: str, since: str) -> tuple[str, ...]:
    return tuple(name for name in (key, "lon", "lat", since) if name)


def _pages(reads: Reads, planner: Planner, entity: str, key: str, since: str) -> Iterator[Sequence[Row]]:
    columns = _columns(key, since)
    after: Where = ()
    while True:
        rows = reads.read(planner.system(entity), Query(entity, after, columns, (key,), PAGE)).rows
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = (Condition(key, "gt", rows[-1][key]),)


def _anchors(reads: Reads, planner: Planner, entity: str, these: Where) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    query = Query("anchor", (Condition("entity", "eq", entity), *these), limit=EVERYTHING)
    for row in reads.read(planner.system("anchor"), query).rows:
        found.setdefault(row["object_id"], []).append(row)
    return found


def _standing(
    row: Row, key: str, since: str, there: Sequence[Row], named: Mapping[str, str | None]
) -> Standing:
    by_code = [anchor for anchor in there if anchor["located_by"] == "code"]
    latest = max(by_code, key=lambda anchor: anchor["valid_from"], default=None)
    place_id = named[row[key]] if row[key] in named else latest["place_id"] if latest else None
    begins: Any = row[since] if since else None
    if isinstance(begins, datetime):
        begins = day_of(begins)
    stands_from: date = begins or FIRST_DAY
    return Standing(row[key], row["lon"], row["lat"], place_id, stands_from)


def _shape(rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    return {(r["tree_id"], r["valid_from"], r["valid_to"], r["place_id"], r["located_by"]) for r in rows}
