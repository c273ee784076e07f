"""A point for a case on the wall that says where its place is and nothing more (domain 06 §2).

The point follows from the id of the case and the outline of the place that the reader is told anyway. The true
point takes no part in it, so whoever collects these points learns the place, which is already said in words.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from huitian.model.place import Place
from huitian.model.query import Row

TRIES = 48
INSET = 0.12
"""Part of the radius of its place that a point keeps from the border, so that it does not look like a neighbour's."""
STEPS = 1 << 32
NOT_TOLD = frozenset({"city", "district", "street"})
"""Levels whose outline is no place to look for a case: a point there would only look exact."""


def draws(case_id: str) -> list[tuple[float, float]]:
    """Return pairs of numbers 0–1 that follow from an id."""
    found = []
    for n in range(TRIES):
        digest = hashlib.blake2b(f"{case_id}/{n}".encode(), digest_size=8).digest()
        x, y = int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:], "big")
        found.append((x / STEPS, y / STEPS))
    return found


def spread(case_ids: Sequence[str], outline: bytes) -> list[tuple[float, float]]:
    """Return a point inside an outline for each case, always the same for the same case and outline.

    Args:
        case_ids: The cases.
        outline: Outline of the place as WKB, degrees.
    """
    area = shapely.from_wkb(outline)
    inner = area.buffer(-INSET * math.sqrt(max(area.area, 0.0) / math.pi))
    held = inner if not inner.is_empty else area
    west, south, east, north = held.bounds
    shapely.prepare(held)
    fallback = area.representative_point()
    found = []
    for case_id in case_ids:
        tried = np.array(draws(case_id)) * (east - west, north - south) + (west, south)
        inside = np.flatnonzero(shapely.contains_xy(held, tried[:, 0], tried[:, 1]))
        point = tried[inside[0]] if len(inside) else (fallback.x, fallback.y)
        found.append((round(float(point[0]), 6), round(float(point[1]), 6)))
    return found


def scattered(rows: Sequence[Row], places: Mapping[str, Place]) -> list[Row]:
    """Return masked cases with the point of their place; a case whose place has no outline keeps its masked point.

    Args:
        rows: Cases with ``case_id``, ``place_id``, ``lon`` and ``lat``, masked already.
        places: Every place by id.
    """
    by_place: dict[str, list[str]] = {}
    for row in rows:
        place = places.get(row["place_id"] or "")
        if place is not None and place.geometry is not None and place.level not in NOT_TOLD:
            by_place.setdefault(place.place_id, []).append(row["case_id"])
    points: dict[str, tuple[float, float]] = {}
    for place_id, case_ids in by_place.items():
        points.update(zip(case_ids, spread(case_ids, places[place_id].geometry or b""), strict=True))
    return [row | {"lon": at[0], "lat": at[1]} if (at := points.get(row["case_id"])) else row for row in rows]
