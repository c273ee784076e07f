"""Where objects stand in each tree, as dated rows: a split re-anchors objects from its day on, not before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huitian.base.places import Places
from huitian.engine.ports import Writing
from huitian.model.query import Row, Written

AT_ONCE = 400
"""Objects whose anchors are removed by one statement."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An object that is to be anchored.

    Attributes:
        object_id: Its id.
        lon: Degrees; None where it has no point.
        lat: Degrees; None where it has no point.
        place_id: Place that its source names; wins over the point in that place's own tree.
        stands_from: First day it stood there.
    """

    object_id: str
    lon: float | None
    lat: float | None
    place_id: str | None
    stands_from: date


def anchor_rows(places: Places, entity: str, standings: Sequence[Standing]) -> list[Row]:
    """Return the dated anchor rows of objects, in every tree, across every edition stands_from they began.

    An object is located anew in each edition; equal neighbours in time become one row. An object that no
    outline holds and whose source names no place gets no row: only readers of the whole city see it, and a
    finding says so.
    """
    found: list[Row] = []
    by_tree: dict[str, list[tuple[date, date | None, list[str | None], list[str]]]] = defaultdict(list)
    lon = np.array([np.nan if s.lon is None else s.lon for s in standings], dtype=np.float64)
    lat = np.array([np.nan if s.lat is None else s.lat for s in standings], dtype=np.float64)
    earliest = min((s.stands_from for s in standings), default=date.max)
    for edition in places.editions:
        if edition.valid_to is not None and edition.valid_to <= earliest:
            continue
        located = places.locate(lon, lat, edition.tree_id, edition.valid_from)
        how = ["point"] * len(standings)
        for i, standing in enumerate(standings):
            if standing.place_id is None or standing.place_id.partition(":")[0] != edition.tree_id:
                continue
            named = named_in_edition(places, standing.place_id, edition.valid_from)
            if named is not None and not lies_below(places, located[i], named):
                located[i], how[i] = named, "code"
        by_tree[edition.tree_id].append((edition.valid_from, edition.valid_to, located, how))
    for tree_id, spans in by_tree.items():
        for i, standing in enumerate(standings):
            found += rows_of_one(entity, standing, tree_id, [(a, b, p[i], h[i]) for a, b, p, h in spans])
    return found


def rows_of_one(entity: str, standing: Standing, tree_id: str,
                spans: Sequence[tuple[date, date | None, str | None, str]]) -> list[Row]:  # fmt: skip
    """Return the anchor rows of one object in one tree, merging editions in which it stands alike."""
    rows: list[Row] = []
    for start, end, place_id, how in spans:
        if place_id is None or (end is not None and end <= standing.stands_from):
            continue
        begin = (
            min(start, standing.stands_from)
            if not rows and start > standing.stands_from
            else max(start, standing.stands_from)
        )
        last = rows[-1] if rows else None
        if last is not None and last["place_id"] == place_id and last["valid_to"] == start:
            last["valid_to"] = end
            continue
        rows.append(
            {"entity": entity, "object_id": standing.object_id, "tree_id": tree_id, "valid_from": begin,
             "valid_to": end, "place_id": place_id, "located_by": how}
        )  # fmt: skip
    return rows


def named_in_edition(places: Places, place_id: str, day: date) -> str | None:
    """Return the place of that id, or the nearest place above it, that is in force on a day."""
    for place in reversed(places.path(place_id)):
        if places.node(place.place_id, day) is not None:
            return place.place_id
    return None


def lies_below(places: Places, place_id: str | None, above: str) -> bool:
    """Return whether a place is ``above`` or below it."""
    return place_id is not None and any(p.place_id == above for p in places.path(place_id))


def stand(writing: Writing, places: Places, entity: str, standings: Sequence[Standing]) -> Written:
    """Write the anchors of objects, in place of those they had. Idempotent."""
    rows = anchor_rows(places, entity, standings)
    ids = [s.object_id for s in standings]
    for start in range(0, len(ids), AT_ONCE):
        writing.remove("anchor", {"entity": entity, "object_id": ids[start : start + AT_ONCE]})
    return writing.add("anchor", rows)
