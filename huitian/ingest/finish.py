"""What a load does when all its rows are in: number the trees, link lineage, anchor, look for what is odd."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from huitian.base.lineage import lineage_of
from huitian.base.places import EVERYTHING, place_of, renumber
from huitian.base.planner import Planner
from huitian.base.quality import Ground, run_rules
from huitian.base.quality_rules import RULES
from huitian.engine.ports import Records, Writing
from huitian.ingest.chunk import Course
from huitian.ingest.standing import stand_anew
from huitian.model.query import Condition, Event, Query, Row

_REMARKABLE = {"place", "building", "component", "organisation", "case"}
"""Entities whose loads can change what the quality rules find."""


def finish(records: Records, planner: Planner, course: Course, now: Callable[[], datetime]) -> int:
    """Finish a load. Idempotent: killed anywhere, it is done again.

    The places come first, in a transaction of their own: everything after them is read under the new editions.
    What takes long is worked out between transactions, so that nobody has to wait to write; that the load is
    done is the last thing written.

    Args:
        records: The store.
        planner: Permission for the product's own work; refreshed where places changed.
        course: The load.
        now: Tells the present instant.

    Returns:
        How many findings of the quality rules are open.
    """
    if course.mapping.entity == "place":
        _settle_places(records, planner, course.mapping.tree)
        planner.refresh()
        stand_anew(records, planner)
    n_open = 0
    if course.mapping.entity in _REMARKABLE:
        ground = Ground(records, planner, planner.places, planner.today())
        n_open = run_rules(records, ground, RULES, course.stamp.load_id, now())
    if not course.is_again or course.n_changed:
        records.survey()
        with records.writing() as writing:
            writing.learn(course.mapping.entity)
            _close(writing, planner, course, now())
    return n_open


def _settle_places(records: Records, planner: Planner, tree_id: str) -> None:
    """Number the editions of a tree, and say what became of its places."""
    query = Query("place", (Condition("tree_id", "eq", tree_id),), limit=EVERYTHING)
    places = [place_of(row) for row in records.read(planner.raw("place"), query).rows]
    lineage: list[Row] = [
        {"from_id": one.from_id, "to_id": one.to_id, "kind": one.kind, "changed_on": one.changed_on,
         "share_ratio": one.share_ratio} for one in lineage_of(places)
    ]  # fmt: skip
    with records.writing() as writing:
        before = _shape(writing, planner)
        renumber(writing, planner.raw, tree_id)
        writing.put("lineage", lineage)
        if _shape(writing, planner) != before:
            writing.emit(Event("place", "place_changed", {"tree_id": tree_id}))


def _shape(writing: Writing, planner: Planner) -> Sequence[Row]:
    return list(_nodes(writing, planner))


def _nodes(writing: Writing, planner: Planner) -> Iterator[Row]:
    query = Query("edition_place", sort=("edition_id", "rank"), limit=EVERYTHING)
    yield from writing.read(planner.raw("edition_place"), query).rows


def _close(writing: Writing, planner: Planner, course: Course, now_at: datetime) -> None:
    """Mark the load as done and tell it, unless an earlier run got that far."""
    load_id = course.stamp.load_id
    query = Query("load", (Condition("load_id", "eq", load_id),), limit=1)
    row = dict(writing.read(planner.system("load"), query).rows[0])
    writing.change("load", {"load_id": load_id}, {"state": "done", "finished_at": now_at})
    told = ("n_read", "n_written", "n_unchanged", "n_rejected")
    payload = {"load_id": load_id, "entity": course.mapping.entity, "kind": row["kind"],
               "source_id": course.mapping.source_id} | {name: row[name] for name in told}  # fmt: skip
    writing.emit(Event("load", "load_finished", payload, recorded_at=now_at))
