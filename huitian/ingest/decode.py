"""Decode: columns of the file become typed columns of the city, as the mapping says."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from huitian.ingest import values as read
from huitian.ingest.batch import Batch, Draft, Note, Refusal
from huitian.ingest.mapping import CONTENT, ColumnMap, RowMap
from huitian.ingest.outlines import Grounding, grounded_point, outline, point
from huitian.sources.rows import Fault, SourceRow
from huitian.units import convert

_CODE = re.compile(r"(^|_)(code|id|key|number|phone|uscc)$")
"""Columns whose full-width letters and digits are typing mistakes, never meant."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What ``decode`` needs to know of a load.

    Attributes:
        mapping: The mapping.
        ground: How coordinates are to be read.
        rest: Columns of the file that the mapping does not name and that are kept as attributes.
    """

    mapping: RowMap
    ground: Grounding
    rest: tuple[str, ...]


def decoding_of(mapping: RowMap, file_columns: Sequence[str]) -> Decoding:
    """Return how the rows of a file with these columns are decoded."""
    named = {*mapping.file_columns(), *mapping.ignores, "geometry"}
    rest = tuple(name for name in file_columns if name not in named) if mapping.keeps_rest else ()
    return Decoding(mapping, Grounding(mapping.datum, mapping.crs), rest)


def decode(rows: Sequence[SourceRow], how: Decoding) -> Batch:
    """Return rows of a file as drafts; the first thing wrong with a row is its reason."""
    batch = Batch(n_read=len(rows))
    return batch.sifted([_row(row, how) for row in rows])


def _row(row: SourceRow, how: Decoding) -> Draft | Refusal:
    mapping = how.mapping
    found: dict[str, Any] = {}
    notes: list[Note] = []
    fault = row.fault
    for column in mapping.columns.values():
        if fault is not None:
            break
        value = _value(column, row.values, how.ground)
        if isinstance(value, Fault):
            fault = value
            break
        found[column.name] = value
        notes += _notes(column, value)
    if fault is None and mapping.attributes:
        extra = {name: _value(column, row.values, how.ground) for name, column in mapping.attributes.items()}
        fault = next((value for value in extra.values() if isinstance(value, Fault)), None)
        found["attributes"] = {name: value for name, value in extra.items() if value is not None}
    if fault is None and how.rest:
        rest = {name: plain(row.values.get(name)) for name in how.rest}
        found["attributes"] = {n: v for n, v in rest.items() if v is not None} | found.get("attributes", {})
    source_key = _source_key(mapping, found) if mapping.key != (CONTENT,) else content_key(row.values)
    if fault is None and source_key is None:
        fault = Fault("missing_value", {"field": ", ".join(map(mapping.said, mapping.key))})
    if fault is not None:
        return Refusal(row.row_no, source_key, row.values, fault)
    _ground_point(found, mapping, how.ground)
    return Draft(row.row_no, source_key or "", row.values, found, tuple(notes))


def _source_key(mapping: RowMap, found: Mapping[str, Any]) -> str | None:
    parts = [found.get(name) for name in mapping.key]
    return None if any(part is None for part in parts) else "|".join(str(part) for part in parts)


def content_key(row: Mapping[str, Any]) -> str:
    """Return a key of a row that has none: a hash of all its values."""
    words = json.dumps(plain(dict(row)), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _ground_point(found: dict[str, Any], mapping: RowMap, ground: Grounding) -> None:
    """Bring ``lon`` and ``lat``, or ``point``, to degrees of WGS-84."""
    at = found.pop("point", None)
    if at is not None:
        found["lon"], found["lat"] = at
    elif found.get("lon") is not None and found.get("lat") is not None and not ground.is_plain:
        found["lon"], found["lat"] = grounded_point(found["lon"], found["lat"], ground)
    if "point" in mapping.columns:
        found.setdefault("lon", None)
        found.setdefault("lat", None)


def _value(column: ColumnMap, row: Mapping[str, Any], ground: Grounding) -> Any:
    raw = _raw(column, row)
    if raw is not None and column.pattern:
        match = re.search(column.pattern, read.text(raw))
        raw = None if match is None else match[1] if match.re.groups else match[0]
    if raw is not None and column.codes:
        words = read.text(raw)
        if words in column.codes:
            raw = column.codes[words]
        elif column.unknown == "reject":
            return Fault("unknown_code", {"field": column.said, "value": read.shown(raw)})
        elif column.unknown == "missing":
            raw = None
    if raw is None:
        return Fault("missing_value", {"field": column.said}) if column.is_must else None
    return _typed(column, raw, ground)


def _raw(column: ColumnMap, row: Mapping[str, Any]) -> Any:
    if column.template:
        return _filled(column, row)
    if column.value is not None:
        return column.value
    return next((raw for name in column.sources if not _is_missing(raw := row.get(name), column)), None)


def _is_missing(raw: Any, column: ColumnMap) -> bool:
    return raw is None or (not isinstance(raw, dict | list) and read.text(raw) in column.missing)


def _filled(column: ColumnMap, row: Mapping[str, Any]) -> str | None:
    """Return the template with the columns in it; ``{sq_id:03}`` pads with zeros to three digits."""
    parts = []
    for literal, name, form, _ in Formatter().parse(column.template):
        parts.append(literal)
        if name:
            raw = row.get(name)
            if _is_missing(raw, column):
                return None
            words = read.half_width(read.text(raw))
            parts.append(words.zfill(int(form)) if form and form.isdigit() else words)
    return "".join(parts)


def _typed(column: ColumnMap, raw: Any, ground: Grounding) -> Any:
    field, value = column.said, raw
    match column.kind:
        case "text":
            value = read.text(raw) if not isinstance(raw, dict | list) else str(plain(raw))
            value = (read.half_width(value) if _CODE.search(column.name) else value) or None
        case "integer":
            value = read.integer(field, raw)
        case "real":
            value = read.real(field, raw)
            if column.unit and not isinstance(value, Fault):
                value *= float(convert(1, column.unit, column.unit_into))
        case "boolean":
            value = read.boolean(field, raw)
        case "date":
            value = read.day(field, raw, column.formats)
        case "instant":
            value = read.instant(field, raw, column.formats)
        case "geometry":
            value = outline(field, raw, ground)
        case "point":
            value = point(field, raw, ground)
        case "json":
            value = plain(raw)
    if value is None and column.is_must:
        return Fault("missing_value", {"field": field})
    return value


def _notes(column: ColumnMap, value: Any) -> list[Note]:
    if not isinstance(value, str) or column.name in {"phone", "duty_phone"}:
        return []
    notes = []
    if value[0] in "=+-@" and not re.fullmatch(r"[+-]?[\d\s.,()-]+", value):
        notes.append(Note("formula_text", column.said))
    if re.search(r"<[A-Za-z/!][^<>]*>", value):
        notes.append(Note("markup_text", column.said))
    return notes


def plain(raw: Any) -> Any:
    """Return a value as plain JSON that every store takes: no NaN, no lone surrogate; empty text is missing."""
    match raw:
        case str():
            return read.text(raw) or None
        case float() if not math.isfinite(raw):
            return None
        case dict():
            return {read.text(name): plain(inner) for name, inner in raw.items()}
        case list():
            return [plain(inner) for inner in raw]
        case _:
            return raw
