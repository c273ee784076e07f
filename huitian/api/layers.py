"""Map layers as GeoJSON: what there is, and the features in a box."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import numpy as np
import shapely

from huitian.api.asking import Box
from huitian.api.city import City
from huitian.api.place_pages import open_at
from huitian.api.wire.objects import Layer, LayerClasses
from huitian.base.planner import Planner
from huitian.base.scatter import scattered
from huitian.cases.limits import status_of
from huitian.errors import NotAllowed, NotFound
from huitian.indicators.cells import LIMITS
from huitian.model.place import LEVELS
from huitian.model.query import Condition, Query, Row, Tally, Where
from huitian.model.scope import Allowed, Scope

DECIMALS = 6
"""Of a degree: 0.1 m."""
PLACE = "place."
LEVEL_TITLES = {
    "city": ("市界", "City"),
    "district": ("区界", "Districts"),
    "street": ("街道界", "Streets"),
    "community": ("社区界", "Communities"),
    "grid": ("网格", "Grids"),
    "estate": ("小区", "Estates"),
}
OBJECTS = (
    Layer("building", "楼栋", "Buildings", "polygon", "building"),
    Layer("component", "部件", "Components", "point", "component"),
    Layer("case", "诉求", "Cases", "point", "case"),
)
CELLS = "cells"
FEW_BUILDINGS = 2000
EVERY_CASE = 1_000_000


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one layer in a box.

    Attributes:
        body: The FeatureCollection as JSON.
        etag: Digest of the features, without the instant of the reading.
    """

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a layer.

    Attributes:
        box: Only what touches it; None is everywhere.
        place_id: Only what stands in this place and below.
        tree_id: Tree of the places; None is the default tree.
        at: Day or instant; None is now.
        limit: At most this many features.
    """

    box: Box | None
    place_id: str | None
    tree_id: str | None
    at: date | datetime | None
    limit: int


def layers_of(city: City, scope: Scope) -> list[Layer]:
    """Return the layers that a reader may see: places, objects, and the feature layers that were loaded."""
    planner, settings = city.planner, city.settings
    levels = {level for tree in planner.places.trees.values() for level in tree.levels}
    found = [
        Layer(f"{PLACE}{level}", *LEVEL_TITLES[level], "polygon", "place")
        for level in LEVELS
        if level in levels
    ]
    for layer in OBJECTS:
        try:
            planner.allow(scope, layer.entity)
        except NotAllowed:
            continue
        found.append(layer)
    if may_count_persons(planner, scope):
        classes = LayerClasses(list(LIMITS), "千人/km²", "1,000/km²", settings.cell_m, settings.k_outside)
        found.append(Layer(CELLS, "人口密度", "Density of residents", "point", "person", classes))
    rows = planner.read(planner.allow(scope, "layer"), Query("layer", sort=("layer_id",), limit=500)).rows
    return found + [
        Layer(r["layer_id"], r["title_zh"] or r["layer_id"], r["title_en"] or r["layer_id"],
              r["geometry_kind"] or "", "feature") for r in rows
    ]  # fmt: skip


def may_count_persons(planner: Planner, scope: Scope) -> bool:
    """Return whether a reader gets protected counts of persons at all."""
    try:
        planner.allow(scope, "person", is_counting=True)
    except NotAllowed:
        return False
    return True


def features_of(city: City, scope: Scope, layer_id: str, asked: Asked) -> Features:
    """Return the features of a layer.

    Raises:
        NotFound: There is no such layer.
        NotAllowed: The reader may not see it.
    """
    planner = city.planner
    if layer_id == CELLS:
        return cell_features(city, scope, asked)
    if layer_id.startswith(PLACE) and layer_id.removeprefix(PLACE) in LEVEL_TITLES:
        return place_features(planner, scope, layer_id.removeprefix(PLACE), asked)
    if layer_id == "building":
        return building_features(planner, scope, asked)
    if layer_id in {"component", "case"}:
        return point_features(planner, scope, layer_id, asked)
    query = Query("layer", (Condition("layer_id", "eq", layer_id),), limit=2)
    if not planner.read(planner.allow(scope, "layer"), query).rows:
        raise NotFound(entity="layer", object_id=layer_id)
    allowed = planner.allow(scope, "feature", asked.place_id, asked.tree_id, asked.at)
    where = (Condition("layer_id", "eq", layer_id), *in_box(asked.box))
    columns = ("feature_id", "kind", "name", "geometry")
    page = planner.read(allowed, Query("feature", where, columns, limit=asked.limit))
    return collection(page.rows, "feature_id", outlines(page.rows), ("kind", "name"), page.n_total, allowed)


def in_box(box: Box | None) -> Where:
    """Return the condition that something touches a box."""
    return () if box is None else (Condition("box", "overlaps", box),)


def place_features(planner: Planner, scope: Scope, level: str, asked: Asked) -> Features:
    """Return the outlines of the places of one level, as they stand in the edition of the day."""
    allowed = planner.allow(scope, "place", asked.place_id, asked.tree_id, asked.at)
    where = (
        Condition("level", "eq", level),
        Condition("tree_id", "eq", allowed.tree_id),
        *in_box(asked.box),
    )
    columns = ("place_id", "code", "name", "name_en", "level", "parent_id", "area_m2", "label_lon", "label_lat",
               "geometry")  # fmt: skip
    page = planner.read(allowed, Query("place", where, columns, limit=asked.limit))
    return collection(page.rows, "place_id", outlines(page.rows), columns[1:-1], page.n_total, allowed)


def building_features(planner: Planner, scope: Scope, asked: Asked) -> Features:
    """Return buildings, with how many cases are open in each where the reader may know."""
    allowed = planner.allow(scope, "building", asked.place_id, asked.tree_id, asked.at)
    columns = ("building_id", "name", "use", "height_m", "n_floors_above", "lon", "lat", "geometry")
    page = planner.read(allowed, Query("building", in_box(asked.box), columns, limit=asked.limit))
    n_open = open_by_building(planner, scope, asked, [row["building_id"] for row in page.rows])
    rows = [
        row | {"n_cases": None if n_open is None else n_open.get(row["building_id"], 0)} for row in page.rows
    ]
    names = ("name", "use", "height_m", "n_floors_above", "n_cases")
    return collection(rows, "building_id", outlines(rows), names, page.n_total, allowed)


def open_by_building(
    planner: Planner, scope: Scope, asked: Asked, building_ids: Sequence[str]
) -> dict[str, int] | None:
    """Return open cases by building; None where the reader may not tie a case to a building."""
    try:
        allowed = planner.allow(scope, "case", asked.place_id, asked.tree_id, asked.at)
    except NotAllowed:
        return None
    if "building_id" in allowed.masks:
        return None
    # Few are looked up one by one; of many the whole city is counted once.
    is_few = len(building_ids) <= FEW_BUILDINGS
    among = Condition("building_id", "in", building_ids) if is_few else Condition("building_id", "not_null")
    where = (*open_at(allowed.as_of), among)
    rows = planner.tally(allowed, Tally("case", where, ("building_id",)))
    return {row["building_id"]: row["n"] for row in rows}


def cell_features(city: City, scope: Scope, asked: Asked) -> Features:
    """Return the middles of squares with their class of density, inside the reader's own place.

    The place of the question is passed over: squares are released once for the whole city, never cut anew.
    """
    allowed = city.planner.allow(scope, "person", is_counting=True)
    rows: list[Row] = [
        {"cell_id": c.cell_id, "lon": c.lon, "lat": c.lat, "class": c.density_class}
        for c in city.indicators.cells.all()
    ]
    if allowed.intervals is not None:
        own = city.planner.places.by_id.get(scope.place_id or "")
        area = None if own is None or own.geometry is None else shapely.from_wkb(own.geometry)
        rows = [r for r in rows if area is not None and shapely.contains_xy(area, r["lon"], r["lat"])]
    rows = inside(rows, asked.box)
    return collection(
        rows[: asked.limit], "cell_id", outlines(rows[: asked.limit]), ("class",), len(rows), allowed
    )


def point_features(planner: Planner, scope: Scope, entity: str, asked: Asked) -> Features:
    """Return components, or the cases that are open, as points that the lens lets through."""
    allowed = planner.allow(scope, entity, asked.place_id, asked.tree_id, asked.at)
    if entity == "component":
        names: tuple[str, ...] = ("class_code", "name", "status")
        where: Where = (Condition("lon", "not_null"), *in_box(asked.box))
        query = Query(entity, where, ("component_id", *names, "lon", "lat"), limit=asked.limit)
        page = planner.read(allowed, query)
        return collection(page.rows, "component_id", outlines(page.rows), names, page.n_total, allowed)
    return case_features(planner, allowed, asked)


def case_features(planner: Planner, allowed: Allowed, asked: Asked) -> Features:
    """Return the cases that are open; where their points are masked, somewhere in the place that is told."""
    names = ("case_no", "status", "category_code", "grade", "state", "place_id", "due_at")
    columns = ("case_id", "case_no", "category_code", "grade", "state", "place_id", "due_at", "watch_at",
               "urgent_at", "replied_at", "closed_at", "lon", "lat")  # fmt: skip
    where: Where = (*open_at(allowed.as_of), Condition("lon", "not_null"))
    is_masked = "lon" in allowed.masks
    # A small box over true points would tell where a masked one lies: then the box is held against what is shown.
    box, limit = (None, EVERY_CASE) if is_masked else (asked.box, asked.limit)
    page = planner.read(allowed, Query("case", (*where, *in_box(box)), columns, ("-reported_at",), limit))
    rows, n_total = list(page.rows), page.n_total
    if is_masked:
        rows = inside(scattered(rows, planner.places.by_id), asked.box)
        rows, n_total = rows[: asked.limit], len(rows)
    rows = [row | {"status": status_of(row, allowed.as_of)} for row in rows]
    return collection(rows, "case_id", outlines(rows), names, n_total, allowed)


def inside(rows: Sequence[Row], box: Box | None) -> list[Row]:
    """Return the rows whose shown point lies in a box."""
    if box is None:
        return list(rows)
    west, south, east, north = box
    return [r for r in rows if west <= r["lon"] <= east and south <= r["lat"] <= north]


def outlines(rows: Sequence[Row]) -> list[str | None]:
    """Return the geometry of rows as GeoJSON, cut to ``DECIMALS``; a point where there is no outline."""
    if not rows:
        return []
    shapes = shapely.from_wkb(np.array([row.get("geometry") for row in rows], dtype=object))
    points = shapely.points([[_degree(row, "lon"), _degree(row, "lat")] for row in rows])
    is_point = np.isfinite(shapely.get_x(points)) & np.isfinite(shapely.get_y(points))
    is_bare = shapely.is_missing(shapes) & is_point
    shapes = np.where(is_bare, points, shapes)
    rounded = shapely.transform(shapes, lambda degrees: np.round(degrees, DECIMALS))
    told: list[str | None] = shapely.to_geojson(rounded).tolist()
    return told


def _degree(row: Row, name: str) -> float:
    value = row.get(name)
    return math.nan if value is None else float(value)


def collection(
    rows: Sequence[Row], key: str, shapes: Sequence[str | None], names: Sequence[str], n_total: int, allowed: Allowed
) -> Features:  # fmt: skip
    """Return rows as a FeatureCollection with ``as_of``, ``n_total`` and ``is_truncated``."""
    features = [
        {
            "type": "Feature",
            "id": row[key],
            "geometry": None if shape is None else msgspec.Raw(shape.encode()),
            "properties": {key: row[key], **properties(row, names)},
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    told = msgspec.json.encode(features)
    head = {"type": "FeatureCollection", "as_of": allowed.as_of, "n_total": n_total,
            "is_truncated": n_total > len(rows), "features": msgspec.Raw(told)}  # fmt: skip
    etag = hashlib.blake2b(told + str(n_total).encode(), digest_size=16).hexdigest()
    return Features(msgspec.json.encode(head), f'W/"{etag}"')


def properties(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the properties of a feature: what is known."""
    return {name: row[name] for name in names}
