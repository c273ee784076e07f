"""Published data: what the public page needs of the city, and nothing else of it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import shapely

from huitian.base.places import Places, place_row, renumber
from huitian.base.planner import Planner
from huitian.cases.categories import Categories
from huitian.cases.parts import Reads
from huitian.engine.ports import Writing
from huitian.ferry.items import ReferenceItem
from huitian.model.place import Place
from huitian.model.query import Condition, Event, Query, Row
from huitian.settings import Settings

LEVELS = frozenset({"city", "district", "street", "community", "estate"})
TOLD = (
    "name_zh", "name_en", "root_place", "default_tree", "language", "max_letter_chars", "max_photo_mb", "max_photo_mpx",
    "max_photos",
)  # fmt: skip
PREFIX_FACT, SETTINGS_FACT = "ferry_prefix", "ferry_settings"
PLACE_COLUMNS = (
    "place_id", "tree_id", "code", "level", "name", "name_en", "parent_id", "valid_from", "valid_to", "label_lon",
    "label_lat",
)  # fmt: skip
BATCH = 400


def published(planner: Planner, categories: Categories, settings: Settings, prefix: str) -> ReferenceItem:
    """Return the published data of a city as it is today: names of places, categories, a few settings."""
    places = planner.places
    tree_id = settings.default_tree if settings.default_tree in places.trees else places.default_tree
    edition = places.edition(tree_id, planner.today()) if tree_id else None
    nodes = places.nodes_of(edition.edition_id) if edition else ()
    shown = with_ancestors(places, [places.by_id[node.place_id] for node in nodes])
    tree = places.trees.get(tree_id or "")
    told: dict[str, Any] = {name: getattr(settings, name) for name in TOLD}
    box = settings.box or box_of(places, settings.root_place)
    trees: tuple[Row, ...] = ()
    if tree is not None:
        trees = ({"tree_id": tree.tree_id, "title_zh": tree.title_zh, "title_en": tree.title_en,
                  "levels": list(tree.levels)},)  # fmt: skip
    rows = [place_row(place) for place in shown]
    return ReferenceItem(
        prefix=prefix, settings=told | {"box": None if box is None else list(box)}, trees=trees,
        places=tuple({name: row[name] for name in PLACE_COLUMNS} for row in rows),
        categories=tuple(categories.rows()),
    )  # fmt: skip


def with_ancestors(places: Places, found: Iterable[Place]) -> list[Place]:
    """Return the places that a resident can name, and those they lie in, by id."""
    named = {place.place_id: place for place in found if place.level in LEVELS}
    for place in list(named.values()):
        named |= {above.place_id: above for above in places.path(place.place_id)}
    return [named[place_id] for place_id in sorted(named)]


def box_of(places: Places, root_place: str) -> tuple[float, float, float, float] | None:
    """Return the box of the root place; None where its outline is not known."""
    root = places.by_id.get(root_place)
    if root is None or root.geometry is None:
        return None
    west, south, east, north = (round(float(edge), 5) for edge in shapely.from_wkb(root.geometry).bounds)
    return west, south, east, north


def hash_of(item: ReferenceItem) -> str:
    """Return what tells whether published data changed."""
    return hashlib.sha256(msgspec.json.encode(item, order="deterministic")).hexdigest()


def put_reference(writing: Writing, planner: Planner, item: ReferenceItem, today: date) -> None:
    """Make the store of an outside host hold this published data; what is not in it any more ends."""
    writing.put("tree", [dict(row) for row in item.trees])
    rows = [placed(row) for row in item.places]
    writing.put("place", rows)
    listed = {row["place_id"] for row in rows}
    kept = writing.read(
        planner.raw("place"), Query("place", (Condition("valid_to", "is_null"),), limit=1_000_000)
    ).rows
    for row in kept:
        if row["place_id"] not in listed:
            ends_on = max(today, row["valid_from"] + timedelta(days=1))
            writing.change("place", {"place_id": row["place_id"]}, {"valid_to": ends_on})
    for row in item.trees:
        renumber(writing, planner.raw, row["tree_id"])
    put_categories(writing, planner, [dict(row) for row in item.categories])
    writing.put("city_fact", [
        {"fact": PREFIX_FACT, "told": item.prefix},
        {"fact": SETTINGS_FACT, "told": json.dumps(item.settings, ensure_ascii=False, sort_keys=True)},
    ])  # fmt: skip
    # Whoever serves the page reads its places anew.
    writing.emit(Event("place", "place_changed", {"by": "ferry"}))


def placed(row: Row) -> Row:
    """Return a row of ``place`` as the store takes it."""
    ends_on = row["valid_to"]
    none: Row = dict.fromkeys(("area_m2", "geometry", "west", "south", "east", "north"))
    return none | {"attributes": {}} | {name: row[name] for name in PLACE_COLUMNS} | {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": None if ends_on is None else date.fromisoformat(ends_on),
    }  # fmt: skip


def put_categories(writing: Writing, planner: Planner, rows: Sequence[Row]) -> None:
    """Make the categories these."""
    writing.put("category", rows)
    listed = {row["category_code"] for row in rows}
    kept = writing.read(planner.raw("category"), Query("category", limit=1_000_000)).rows
    gone = [row["category_code"] for row in kept if row["category_code"] not in listed]
    for start in range(0, len(gone), BATCH):
        writing.remove("category", {"category_code": gone[start : start + BATCH]})


def fact(reads: Reads, planner: Planner, name: str) -> str | None:
    """Return a fact that came with the published data."""
    rows = reads.read(
        planner.raw("city_fact"), Query("city_fact", (Condition("fact", "eq", name),), limit=1)
    ).rows
    return rows[0]["told"] if rows else None


def told_settings(reads: Reads, planner: Planner) -> dict[str, Any]:
    """Return the settings that came with the published data, as ``Settings`` has them."""
    told = fact(reads, planner, SETTINGS_FACT)
    values: dict[str, Any] = {} if told is None else json.loads(told)
    found = {name: values[name] for name in TOLD if name in values}
    return found | ({"box": tuple(values["box"])} if values.get("box") else {})
