"""Lineage: what became of the places that ended on a day, found by how their outlines overlap."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import shapely
from shapely import Geometry

from huitian.model.place import Lineage, LineageKind, Place

LEAST_SHARE_RATIO = 0.01
"""Overlaps below this are borders drawn twice, not land that changed hands."""


def lineage_of(places: Sequence[Place]) -> list[Lineage]:
    """Return what became of every place that ended on a day on which places of its level and tree began.

    A place with several successors was split, a place with several predecessors merged; of one pair the same
    name is a new code, and another name a new name. Without outlines only equal names are linked.

    Args:
        places: All places of one tree or several.

    Returns:
        One row a pair, with the part of the old place (0–1, by area) that went to the new one, in the order of
        day and codes. Areas are compared in degrees: within one place the scale is the same.
    """
    ended: dict[tuple[str, str, date], list[Place]] = defaultdict(list)
    begun: dict[tuple[str, str, date], list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda p: p.code):
        if place.valid_to is not None:
            ended[(place.tree_id, place.level, place.valid_to)].append(place)
        begun[(place.tree_id, place.level, place.valid_from)].append(place)
    found: list[Lineage] = []
    for key in sorted(ended, key=lambda k: (k[2], k[0], k[1])):
        found += _pairs(ended[key], begun.get(key, []), key[2])
    return found


def _pairs(before: Sequence[Place], after: Sequence[Place], day: date) -> list[Lineage]:
    old, new = _outlines(before), _outlines(after)
    shares: dict[tuple[str, str], float] = {}
    for place in before:
        for heir in after:
            share_ratio = _share(place, heir, old, new)
            if share_ratio > LEAST_SHARE_RATIO:
                shares[(place.place_id, heir.place_id)] = share_ratio
    n_heirs = Counter(from_id for from_id, _ in shares)
    n_parents = Counter(to_id for _, to_id in shares)
    names = {place.place_id: place.name for place in (*before, *after)}
    rows = []
    for (from_id, to_id), share_ratio in shares.items():
        kind: LineageKind = "rename"
        if n_heirs[from_id] > 1:
            kind = "split"
        elif n_parents[to_id] > 1:
            kind = "merge"
        elif names[from_id] == names[to_id]:
            kind = "recode"
        rows.append(Lineage(from_id, to_id, kind, day, share_ratio))
    return rows


def _outlines(places: Sequence[Place]) -> dict[str, Geometry]:
    return {p.place_id: shapely.from_wkb(p.geometry) for p in places if p.geometry is not None}


def _share(place: Place, heir: Place, old: dict[str, Geometry], new: dict[str, Geometry]) -> float:
    a, b = old.get(place.place_id), new.get(heir.place_id)
    if a is None or b is None:
        return 1.0 if place.name == heir.name else 0.0
    area = shapely.area(a)
    return round(float(shapely.area(shapely.intersection(a, b)) / area), 6) if area else 0.0
