"""Locate: which place a row belongs to, and which place, building or object it refers to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from huitian.base.places import Places
from huitian.ingest.batch import Batch, Draft, Refusal, refused
from huitian.ingest.mapping import RowMap
from huitian.ingest.outlines import area_m2, label_of
from huitian.ingest.targets import ANCHORED, object_id_column
from huitian.model.place import LEVELS, Place

NAMED = "named_place_id"
"""Where ``locate`` puts the place that a source names."""

Present = Callable[[str, set[str]], set[str]]
"""Takes an entity and ids of it, returns those that are in the city."""


@dataclass(slots=True)
class Surroundings:
    """The city around a load.

    Attributes:
        places: Place trees as they were when the load began.
        today_on: Day in Asia/Shanghai.
        present: Finds out which ids of an entity are in the city.
        new_place_ids: Places of this file that are good so far; grows.
    """

    places: Places
    today_on: date
    present: Present
    new_place_ids: set[str] = field(default_factory=set)
    _by_name: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places.by_id.values():
            if place.valid_to is None:
                self._by_name.setdefault((place.tree_id, place.name), []).append(place)

    def place_of_name(self, tree_id: str, name: str) -> Place | None:
        """Return the one place of a tree that has this name; None where none or several have."""
        found = self._by_name.get((tree_id, name), [])
        return found[0] if len(found) == 1 else None

    def knows(self, place_id: str) -> bool:
        """Return whether a place is in the city or came earlier in this file."""
        return place_id in self.places.by_id or place_id in self.new_place_ids


def locate(batch: Batch, mapping: RowMap, around: Surroundings) -> Batch:
    """Return the batch with places found; a row that refers to nothing that exists is refused.

    A place gets ``place_id``, ``parent_id``, label and area. An object gets ``named_place_id``: the place that
    its source names, by code or by name; None leaves it to its point. An object that neither tells is loaded all
    the same, and a finding says that nobody can see where it is.
    """
    if mapping.is_amending:
        return _amended(batch, mapping, around)
    if mapping.entity == "place":
        return batch.sifted([_place(draft, mapping, around) for draft in batch.drafts])
    if mapping.entity in ANCHORED or mapping.entity in {"case", "duty"}:
        batch = batch.sifted([_standing(draft, mapping, around) for draft in batch.drafts])
    if mapping.entity != "building" and "building_id" in mapping.columns:
        batch = _referring(batch, mapping, around, "building", "building_id")
    if mapping.entity in {"post", "duty"}:
        batch = _referring(batch, mapping, around, "organisation", "org_id")
    if mapping.entity == "duty" and "post_id" in mapping.columns:
        batch = _referring(batch, mapping, around, "post", "post_id")
    if mapping.entity == "case" and "category_code" in mapping.columns:
        batch = _referring(batch, mapping, around, "category", "category_code")
    return batch


def _amended(batch: Batch, mapping: RowMap, around: Surroundings) -> Batch:
    id_column = object_id_column(mapping.entity)
    drafts = batch.drafts
    if mapping.entity == "place":
        drafts = tuple(draft.having(place_id=f"{mapping.tree}:{draft.values['code']}") for draft in drafts)
    there = around.present(mapping.entity, {draft.values[id_column] for draft in drafts})
    key = ", ".join(map(mapping.said, mapping.key))
    batch = batch.sifted([
        draft if draft.values[id_column] in there
        else refused(draft, "unknown_code", field=key, value=draft.source_key)
        for draft in drafts
    ])  # fmt: skip
    if mapping.entity in ANCHORED and "place_code" in mapping.columns:
        batch = batch.sifted([_standing(draft, mapping, around) for draft in batch.drafts])
    return batch


def _referring(batch: Batch, mapping: RowMap, around: Surroundings, entity: str, column: str) -> Batch:
    """Refuse the rows of which a column names an object that is not in the city."""
    wanted = {draft.values[column] for draft in batch.drafts} - {None}
    there = around.present(entity, wanted) | {None}
    return batch.sifted([
        draft if draft.values[column] in there
        else refused(draft, "unknown_code", field=mapping.said(column), value=draft.values[column])
        for draft in batch.drafts
    ])  # fmt: skip


def _place(draft: Draft, mapping: RowMap, around: Surroundings) -> Draft | Refusal:
    values, places = draft.values, around.places
    place_id = f"{mapping.tree}:{values['code']}"
    parent_code = values.get("parent_code")
    outline = values.get("geometry")
    found: dict[str, Any] = {"place_id": place_id, "parent_id": None}
    if outline is not None:
        found["area_m2"] = values.get("area_m2") or area_m2(outline)
        if values.get("label_lon") is None or values.get("label_lat") is None:
            found["label_lon"], found["label_lat"] = label_of(outline)
    if parent_code is not None:
        known = place_of_code(places, mapping.tree, parent_code)
        parent_id = known.place_id if known else f"{mapping.tree}:{parent_code}"
        if not around.knows(parent_id):
            return refused(draft, "unknown_code", field=mapping.said("parent_code"), value=parent_code)
        found["parent_id"] = parent_id
    else:
        label = (found.get("label_lon"), found.get("label_lat"))
        found["parent_id"] = _place_above(label, mapping, around)
    if found["parent_id"] == place_id:
        found["parent_id"] = None
    around.new_place_ids.add(place_id)
    return draft.having(**found)


def _place_above(label: tuple[Any, Any], mapping: RowMap, around: Surroundings) -> str | None:
    """Return the place of a higher level that holds a label, the lowest first; else the root of the tree."""
    level = mapping.level
    above = LEVELS[: LEVELS.index(level)] if level else ()
    if label[0] is not None:
        lon, lat = np.array([label[0]], dtype=np.float64), np.array([label[1]], dtype=np.float64)
        for higher in reversed(above):
            (found,) = around.places.locate(lon, lat, mapping.tree, around.today_on, higher)
            if found is not None:
                return found
    roots = [p for p in around.places.children(None, mapping.tree, around.today_on) if p.level in above]
    return roots[0].place_id if roots else None


def _standing(draft: Draft, mapping: RowMap, around: Surroundings) -> Draft | Refusal:
    values, places = draft.values, around.places
    code = values.get("place_code")
    if code is None:
        return draft
    tree_id = mapping.tree or places.default_tree or ""
    found = place_of_code(places, tree_id, code) or around.place_of_name(tree_id, code)
    column = mapping.columns["place_code"]
    if found is None and (column.is_must or (values.get("lon") is None)):
        return refused(draft, "unknown_code", field=mapping.said("place_code"), value=code)
    return draft.having(**{NAMED: found.place_id if found else None})


def place_of_code(places: Places, tree_id: str, code: str) -> Place | None:
    """Return the place of a code; twelve digits that end in zeros are a shorter code padded (domain 03 §1)."""
    found = places.by_id.get(f"{tree_id}:{code}")
    if found is None and len(code) == 12 and code.isdigit():
        for length in (9, 6, 4, 2):
            if code[length:].strip("0"):
                break
            found = places.by_id.get(f"{tree_id}:{code[:length]}")
            if found is not None:
                return found
    return found


def named_place(values: Mapping[str, Any]) -> str | None:
    """Return the place that the source of a row names, if it names one."""
    found: str | None = values.get(NAMED)
    return found
