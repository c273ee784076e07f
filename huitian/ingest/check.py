"""Check: values that cannot be true, shapes that cross themselves, coordinates that lie elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from huitian.ingest.batch import Batch, Draft, Note, Refusal, refused
from huitian.ingest.mapping import RowMap
from huitian.ingest.outlines import Box, box_of, fault_of_shape, mended, middle
from huitian.ingest.values import shown
from huitian.model.place import Place

MOST_CHARS = 2000
"""Longest text of a column that does not say otherwise."""
MOST_WORDS_CHARS = 20_000
"""Longest words of a step."""
_LETTER_CODES: Mapping[str, Collection[Any]] = {
    "channel": [f"C0{n}" for n in range(1, 10)],
    "grade": range(1, 5),
}
"""Codes of domain 01 §2 and §4 that a letter can have."""
_YEARS = ("built_year", "birth_year")
_AHEAD = timedelta(minutes=10)
"""Clocks of two systems may differ."""
_MARGIN_DEG = 0.05


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a row is checked against.

    Attributes:
        now_at: Present instant.
        box: Box of sane coordinates in degrees; None where the city has none yet.
        most_chars: Column → longest text.
    """

    now_at: datetime
    box: Box | None
    most_chars: Mapping[str, int]


def box_around(places: list[Place], said: Box | None) -> Box | None:
    """Return the box that coordinates must lie in: the one of the settings, else that of all outlines.

    The box of the outlines is widened by half its size and about 5 km, since objects stand beyond a border.
    """
    if said is not None:
        return said
    outlines = [place.geometry for place in places if place.geometry is not None]
    if not outlines:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(outlines)).tolist()
    wide, high = (east - west) / 2 + _MARGIN_DEG, (north - south) / 2 + _MARGIN_DEG
    return west - wide, south - high, east + wide, north + high


def check(batch: Batch, mapping: RowMap, bounds: Bounds) -> Batch:
    """Return the batch without the rows that cannot be true."""
    return batch.sifted([_row(draft, mapping, bounds) for draft in batch.drafts])


def _row(draft: Draft, mapping: RowMap, bounds: Bounds) -> Draft | Refusal:
    for name, value in draft.values.items():
        if isinstance(value, str):
            limit = bounds.most_chars.get(name, MOST_CHARS)
            if len(value) > limit:
                return refused(draft, "too_long", field=mapping.said(name), n=len(value), limit=limit)
        elif isinstance(value, datetime) and mapping.entity != "duty" and value > bounds.now_at + _AHEAD:
            return refused(draft, "future_date", field=mapping.said(name), value=value.date().isoformat())
        elif name in _YEARS and value is not None and value > bounds.now_at.year:
            return refused(draft, "future_date", field=mapping.said(name), value=value)
    if mapping.entity == "case":
        for name, choices in _LETTER_CODES.items():
            value = draft.values.get(name)
            if value is not None and value not in choices:
                return refused(draft, "unknown_code", field=mapping.said(name), value=value)
    begins, ends = draft.values.get("valid_from"), draft.values.get("valid_to")
    if begins is not None and ends is not None and ends <= begins:
        return refused(draft, "bad_date", field=mapping.said("valid_to"), value=shown(ends))
    begins, ends = draft.values.get("starts_at"), draft.values.get("ends_at")
    if begins is not None and ends is not None and ends <= begins:
        return refused(draft, "bad_date", field=mapping.said("ends_at"), value=shown(ends))
    return _shape(draft, mapping, bounds)


def _shape(draft: Draft, mapping: RowMap, bounds: Bounds) -> Draft | Refusal:
    found = draft.values.get("geometry")
    if found is not None:
        wrong = _displaced(draft, box_of(found), bounds.box)
        if wrong is not None:
            return wrong
        fault = fault_of_shape(found)
        if fault is not None and not mapping.is_mending:
            return Refusal(draft.row_no, draft.source_key, draft.raw, fault)
        if fault is not None:
            found = mended(found)
            note = Note("outline_mended", mapping.said("geometry"))
            draft = replace(draft.having(geometry=found), notes=(*draft.notes, note))
        if mapping.entity == "place" and shapely.get_dimensions(found) != 2:
            return refused(
                draft, "bad_geometry", why_zh="地方的边界应为面", why_en="the outline of a place is an area"
            )
    return _point(draft, mapping, bounds)


def _point(draft: Draft, mapping: RowMap, bounds: Bounds) -> Draft | Refusal:
    values = draft.values
    lon, lat, found = values.get("lon"), values.get("lat"), values.get("geometry")
    if (lon is None) != (lat is None):
        return refused(draft, "missing_value", field=mapping.said("lon" if lon is None else "lat"))
    if lon is not None and lat is not None:
        wrong = _displaced(draft, (lon, lat, lon, lat), bounds.box)
        if wrong is not None:
            return wrong
        if mapping.entity == "feature" and found is None:
            return draft.having(geometry=shapely.Point(lon, lat))
    elif found is not None and mapping.entity == "building":
        lon, lat = middle(found)
        return draft.having(lon=lon, lat=lat)
    return draft


def _displaced(draft: Draft, there: Box, box: Box | None) -> Refusal | None:
    """Refuse what lies outside the city; say so where it would lie inside with the axes swapped."""
    west, south, east, north = there
    if not np.isfinite(there).all():
        return refused(draft, "not_finite", field="geometry")
    limits = box or (-180.0, -90.0, 180.0, 90.0)
    if _overlaps(there, limits):
        return None
    facts: dict[str, Any] = {"lon": round((west + east) / 2, 6), "lat": round((south + north) / 2, 6)}
    is_swapped = _overlaps((south, west, north, east), limits)
    return refused(draft, "swapped_coordinates" if is_swapped else "out_of_box", **facts)


def _overlaps(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
