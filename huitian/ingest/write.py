"""Write: drafts as rows of the store, with where objects stand and which source row they came from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from huitian.base.anchors import Standing, stand
from huitian.base.entities import ENTITIES
from huitian.base.grants import TOPIC
from huitian.base.places import EVERYTHING
from huitian.base.planner import Planner
from huitian.engine.ports import Writing
from huitian.ingest.batch import Batch, Draft, Refusal
from huitian.ingest.decode import plain
from huitian.ingest.locate import NAMED, named_place
from huitian.ingest.mapping import RowMap
from huitian.ingest.outlines import box_of
from huitian.ingest.standing import stand_again
from huitian.ingest.targets import ANCHORED, has_attributes, has_outline, object_id_column, targets_of
from huitian.model.place import FIRST_DAY, LEVELS
from huitian.model.query import Condition, Event, Query, Row

_VIRTUAL = {"parent_code", "place_code", "point"}
_IDENTITY = ("name", "phone", "id_number")
_NOT_STORED = {"person": frozenset(_IDENTITY), "feature": frozenset({"lon", "lat"})}
Key = tuple[object, ...]
"""Key columns of a row."""
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
    there = _there(writing, planner, rows, mapping)
    if not mapping.is_amending:
        _before(writing, drafts, mapping, stamp)
    new: list[tuple[Draft, Row]] = []
    old: list[tuple[Draft, Row]] = []
    for draft, row in zip(drafts, rows, strict=True):
        before = there.get(_key(entity, row))
        if before is None:
            new.append((draft, row))
        else:
            old.append((draft, told_row(draft, row, mapping, stamp, before)))
    writing.put(entity, [row for _, row in (*new, *old)])
    if entity == "person":
        writing.put("person_identity", _identities(drafts, rows))
    if entity in ANCHORED:
        stand(writing, planner.places, entity, [_standing(draft, row[id_column]) for draft, row in new])
        named = {r[id_column]: named_place(d.values) for d, r in old if "place_code" in mapping.columns}
        stand_again(writing, planner, entity, [row[id_column] for _, row in old], named)
    if entity in {"post", "duty"}:
        # Whoever had a grant by a post may not have it any longer: all streams look.
        writing.emit(Event(TOPIC, "roster_changed", {"user_ids": []}))
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
    """Return the whole row of the store, as it is for an object that is new."""
    entity, values = mapping.entity, draft.values
    row: Row = {
        name: values.get(name)
        for name in targets_of(entity)
        if name not in _VIRTUAL | _NOT_STORED.get(entity, frozenset())
    }
    id_column = object_id_column(entity)
    row[id_column] = values.get(id_column) or f"{mapping.layer or mapping.source_id}:{draft.source_key}"
    if has_outline(entity):
        outline = row["geometry"]
        row["geometry"] = None if outline is None else shapely.to_wkb(outline, byte_order=1)
    if entity in _BOXED:
        row |= _box(values)
    if entity != "dispatch_rule":
        row |= {"load_id": stamp.load_id, "load_seq": stamp.load_seq}
    if has_attributes(entity):
        row["attributes"] = dict(values.get("attributes") or {})
    row |= _own(entity, draft, mapping, row[id_column])
    return row


def told_row(draft: Draft, row: Row, mapping: RowMap, stamp: Stamp, before: Row) -> Row:
    """Return what a mapping says of an object that is there already: whatever it does not name stays.

    Args:
        draft: The row of the file.
        row: The same as it would be for a new object, defaults included.
        mapping: The mapping; it owns the names of the attributes that it writes, and no others.
        stamp: What marks the rows of the load.
        before: What is there: attributes, and the outline where the mapping has none.
    """
    names, entity = set(mapping.columns), mapping.entity
    if "point" in names:
        names |= {"lon", "lat"}
    told = names | {*ENTITIES[entity].key, "load_id", "load_seq"}
    if "place_code" in names:
        told.add("place_id")
    if not mapping.is_amending:
        told |= {"level", "layer_id"}
    follows = {"parent_id"} if "parent_code" in names else set()
    if "geometry" in names:
        follows |= {"lon", "lat", "area_m2", "label_lon", "label_lat", "parent_id"}
    if "lon" in names:
        follows.add("geometry")
    if entity == "place" and draft.values.get("valid_from") is None:
        told.discard("valid_from")
    found = {
        name: value for name, value in row.items()
        if name in told or (name in follows and value is not None)
    }  # fmt: skip
    if "geometry" in names or ("lon" in names and (entity == "feature" or before.get("geometry") is None)):
        found |= {name: row[name] for name in ("west", "south", "east", "north") if name in row}
    if has_attributes(entity):
        owned = {*mapping.attributes, *stamp.rest}
        others = {name: value for name, value in (before["attributes"] or {}).items() if name not in owned}
        found["attributes"] = others | row["attributes"]
    return found


def _own(entity: str, draft: Draft, mapping: RowMap, object_id: str) -> Row:
    """Return columns that no file has."""
    match entity:
        case "place":
            begins = draft.values.get("valid_from") or FIRST_DAY
            return {"tree_id": mapping.tree, "level": mapping.level, "valid_from": begins,
                    "parent_id": draft.values.get("parent_id")}  # fmt: skip
        case "feature":
            return {"layer_id": mapping.layer}
        case "organisation":
            return {"place_id": named_place(draft.values)}
        case "duty":
            return {"place_id": named_place(draft.values), "user_name": sign_in_name(draft.values)}
        case "post":
            return {"user_name": sign_in_name(draft.values)}
        case "person" | "household":
            digest = hashlib.sha256(object_id.encode()).digest()
            return {"cell_key": int.from_bytes(digest[:4], "big") >> 1}
        case _:
            return {}


def sign_in_name(values: Mapping[str, Any]) -> str | None:
    """Return the name that an account signs in with, written as accounts are kept."""
    told: str | None = values.get("user_name")
    return told and told.strip().casefold()


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


def _key(entity: str, row: Row) -> Key:
    return tuple(row[name] for name in ENTITIES[entity].key)


def _there(writing: Writing, planner: Planner, rows: Sequence[Row], mapping: RowMap) -> dict[Key, Row]:
    """Return by key what is there of these objects, as far as ``told_row`` needs it."""
    entity = mapping.entity
    id_column = object_id_column(entity)
    columns = (*ENTITIES[entity].key, *(["attributes"] if has_attributes(entity) else []))
    if has_outline(entity) and "geometry" not in mapping.columns:
        columns = (*columns, "geometry")
    query = Query(entity, (Condition(id_column, "in", [row[id_column] for row in rows]),),
                  columns=columns, limit=EVERYTHING)  # fmt: skip
    return {_key(entity, row): row for row in writing.read(planner.raw(entity), query).rows}


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
        {"person_id": row["person_id"]} | {n: draft.values[n] for n in _IDENTITY if n in draft.values}
        for draft, row in zip(drafts, rows, strict=True)
        if any(draft.values.get(name) for name in _IDENTITY)
    ]
