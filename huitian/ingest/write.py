"""Write: drafts as rows of the store, with where objects stand and which source row they came from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from huitian.base.anchors import Standing, stand
from huitian.base.planner import Planner
from huitian.engine.ports import Writing
from huitian.ingest.batch import Batch, Draft, Refusal
from huitian.ingest.decode import plain
from huitian.ingest.locate import NAMED, named_place
from huitian.ingest.mapping import RowMap
from huitian.ingest.outlines import box_of
from huitian.ingest.targets import ANCHORED, has_attributes, has_outline, object_id_column, targets_of
from huitian.model.place import FIRST_DAY, LEVELS
from huitian.model.query import Condition, Query, Row

_VIRTUAL = {"parent_code", "place_code", "point"}
_IDENTITY = ("name", "phone", "id_number")
_NOT_STORED = {"person": frozenset(_IDENTITY), "feature": frozenset({"lon", "lat"})}
_BOXED = {"place", "building", "component", "feature"}
_TREE_TITLES = {
    "admin": ("行政区划", "Administrative"),
    "property": ("物业", "Property"),
    "police": ("警务", "Police"),
    "grid": ("网格", "Grid"),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What marks the rows of one load.

    Attributes:
        load_id: The load.
        load_seq: Its number in the order of loads.
        rest: Columns of the file that are kept as attributes without being named.
    """

    load_id: str
    load_seq: int
    rest: tuple[str, ...] = ()


def write_objects(writing: Writing, planner: Planner, batch: Batch, mapping: RowMap, stamp: Stamp) -> None:
    """Write the rows of a batch, their anchors and their source rows, inside a transaction. Idempotent."""
    entity, drafts = mapping.entity, batch.drafts
    if not drafts:
        return
    id_column = object_id_column(entity)
    rows = [object_row(draft, mapping, stamp) for draft in drafts]
    if has_attributes(entity):
        _merge_attributes(writing, planner, rows, mapping, stamp, id_column)
    if mapping.is_amending:
        for row in rows:
            values = {name: value for name, value in row.items() if name != id_column}
            writing.change(entity, {id_column: row[id_column]}, values)
    else:
        _before(writing, drafts, mapping, stamp)
        writing.put(entity, rows)
        if entity == "person":
            writing.put("person_identity", _identities(drafts, rows))
        if entity in ANCHORED:
            stand(
                writing,
                planner.places,
                entity,
                [_standing(d, r[id_column]) for d, r in zip(drafts, rows, strict=True)],
            )
    keep_source_rows(writing, drafts, mapping, stamp, [row[id_column] for row in rows])


def keep_source_rows(
    writing: Writing, drafts: Sequence[Draft], mapping: RowMap, stamp: Stamp, object_ids: Sequence[str]
) -> None:
    """Write which object each source row became. Idempotent."""
    writing.put("source_row", [
        {"source_id": mapping.source_id, "source_key": draft.source_key, "entity": mapping.entity,
         "object_id": object_id, "content_hash": draft.content_hash, "load_id": stamp.load_id}
        for draft, object_id in zip(drafts, object_ids, strict=True)
    ])  # fmt: skip


def reject_rows(refusals: Sequence[Refusal], load_id: str) -> list[Row]:
    """Return the rows of ``reject``: the whole raw row, and the reason in both languages."""
    return [
        {"load_id": load_id, "row_no": refusal.row_no, "source_key": refusal.source_key,
         "reason_code": refusal.fault.reason_code, "reason_zh": refusal.words("zh"),
         "reason_en": refusal.words("en"), "raw": plain(dict(refusal.raw))}
        for refusal in refusals
    ]  # fmt: skip


def object_row(draft: Draft, mapping: RowMap, stamp: Stamp) -> Row:
    """Return the row of the store; an amending one has only the columns that its mapping names."""
    entity, values = mapping.entity, draft.values
    names = [
        name for name in targets_of(entity) if name not in _VIRTUAL | _NOT_STORED.get(entity, frozenset())
    ]
    if mapping.is_amending:
        names = [name for name in names if name in values]
    row: Row = {name: values.get(name) for name in names}
    id_column = object_id_column(entity)
    row[id_column] = values.get(id_column) or f"{mapping.layer or mapping.source_id}:{draft.source_key}"
    if has_outline(entity) and "geometry" in row:
        outline = row["geometry"]
        row["geometry"] = None if outline is None else shapely.to_wkb(outline, byte_order=1)
    if entity in _BOXED and not (mapping.is_amending and not {"geometry", "lon"} & set(row)):
        row |= _box(values)
    if entity != "dispatch_rule":
        row |= {"load_id": stamp.load_id, "load_seq": stamp.load_seq}
    if has_attributes(entity):
        row["attributes"] = dict(values.get("attributes") or {})
    if not mapping.is_amending:
        row |= _own(entity, draft, mapping, row[id_column])
    return row


def _own(entity: str, draft: Draft, mapping: RowMap, object_id: str) -> Row:
    """Return columns that no file has."""
    match entity:
        case "place":
            return {"tree_id": mapping.tree, "level": mapping.level, "parent_id": draft.values["parent_id"]}
        case "feature":
            return {"layer_id": mapping.layer}
        case "organisation":
            return {"place_id": named_place(draft.values)}
        case "person" | "household":
            digest = hashlib.sha256(object_id.encode()).digest()
            return {"cell_key": int.from_bytes(digest[:4], "big") >> 1}
        case _:
            return {}


def _box(values: Mapping[str, Any]) -> Row:
    outline, lon, lat = values.get("geometry"), values.get("lon"), values.get("lat")
    if outline is not None:
        west, south, east, north = box_of(outline)
    elif lon is not None and lat is not None:
        west, south, east, north = lon, lat, lon, lat
    else:
        return dict.fromkeys(("west", "south", "east", "north"))
    return {"west": west, "south": south, "east": east, "north": north}


def _standing(draft: Draft, object_id: str) -> Standing:
    values = draft.values
    begins = values.get("valid_from") or FIRST_DAY
    return Standing(object_id, values.get("lon"), values.get("lat"), values.get(NAMED), begins)


def _merge_attributes(
    writing: Writing, planner: Planner, rows: Sequence[Row], mapping: RowMap, stamp: Stamp, id_column: str
) -> None:
    """Keep the attributes that other sources gave: a mapping owns the names it writes, and no others."""
    ids = [row[id_column] for row in rows]
    query = Query(mapping.entity, (Condition(id_column, "in", ids),), columns=(id_column, "attributes"),
                  limit=len(ids))  # fmt: skip
    found = writing.read(planner.system(mapping.entity), query).rows
    there = {row[id_column]: row["attributes"] or {} for row in found}
    owned = {*mapping.attributes, *stamp.rest}
    for row in rows:
        others = {name: value for name, value in there.get(row[id_column], {}).items() if name not in owned}
        row["attributes"] = others | row["attributes"]


def _before(writing: Writing, drafts: Sequence[Draft], mapping: RowMap, stamp: Stamp) -> None:
    """Make the tree or the layer that rows belong to, where it is not there yet."""
    if mapping.entity == "place":
        titles = _TREE_TITLES.get(mapping.tree, (mapping.tree, mapping.tree))
        title_zh, title_en = (said or known for said, known in zip(mapping.tree_titles, titles, strict=True))
        tree = {"tree_id": mapping.tree, "title_zh": title_zh, "title_en": title_en, "levels": list(LEVELS)}
        writing.add("tree", [tree])
    elif mapping.entity == "feature":
        outline = next((d.values["geometry"] for d in drafts if d.values.get("geometry") is not None), None)
        kind = None if outline is None else ("point", "line", "polygon")[int(shapely.get_dimensions(outline))]
        title_zh, title_en = (said or mapping.layer for said in mapping.layer_titles)
        layer = {"layer_id": mapping.layer, "title_zh": title_zh, "title_en": title_en, "geometry_kind": kind,
                 "load_id": stamp.load_id, "load_seq": stamp.load_seq}  # fmt: skip
        writing.add("layer", [layer])


def _identities(drafts: Sequence[Draft], rows: Sequence[Row]) -> list[Row]:
    return [
        {"person_id": row["person_id"]} | {name: draft.values.get(name) for name in _IDENTITY}
        for draft, row in zip(drafts, rows, strict=True)
        if any(draft.values.get(name) for name in _IDENTITY)
    ]
