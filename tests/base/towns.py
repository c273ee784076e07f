"""A tiny town for tests: one district, two streets of which one is split, buildings in a row."""

from datetime import UTC, date, datetime

import shapely

from huitian.base.anchors import Standing, stand
from huitian.base.places import renumber
from huitian.base.planner import Planner
from huitian.clock import FixedClock
from huitian.engine.ports import Engine
from huitian.model.query import Row

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SPLIT_ON = date(2025, 1, 1)


def square(west: float, south: float, width: float, height: float) -> shapely.Polygon:
    """Return a box by its corner and size in degrees."""
    return shapely.box(west, south, west + width, south + height)


def place_row(code: str, level: str, parent: str | None, outline: shapely.Polygon,
              begin: date = date(2020, 1, 1), end: date | None = None, tree: str = "admin") -> Row:  # fmt: skip
    """Return the stored row of a place."""
    west, south, east, north = outline.bounds
    return {
        "place_id": f"{tree}:{code}", "tree_id": tree, "code": code, "level": level, "name": f"地{code}",
        "name_en": None, "parent_id": parent and f"{tree}:{parent}", "valid_from": begin, "valid_to": end,
        "area_m2": outline.area * 1e10, "label_lon": outline.centroid.x, "label_lat": outline.centroid.y,
        "geometry": shapely.to_wkb(outline), "west": west, "south": south, "east": east, "north": north,
        "attributes": {}, "load_id": "test", "load_seq": 1,
    }  # fmt: skip


PLACES = (
    place_row("99", "district", None, square(116.0, 40.0, 0.4, 0.4)),
    place_row("9901", "street", "99", square(116.0, 40.0, 0.2, 0.4)),
    place_row("9902", "street", "99", square(116.2, 40.0, 0.2, 0.4), end=SPLIT_ON),
    place_row("9903", "street", "99", square(116.2, 40.0, 0.1, 0.4), begin=SPLIT_ON),
    place_row("9904", "street", "99", square(116.3, 40.0, 0.1, 0.4), begin=SPLIT_ON),
)


def building_row(number: int) -> Row:
    """Return a building; ten of them stand in a row from west to east."""
    west = 116.0 + number * 0.04
    return {
        "building_id": f"b{number}", "name": f"{number}号楼", "lon": west + 0.01, "lat": 40.1, "west": west,
        "south": 40.09, "east": west + 0.02, "north": 40.11, "n_dwellings": number,
    }  # fmt: skip


def settle(engine: Engine, now: datetime = NOW) -> Planner:
    """Fill an empty store with the town and return its planner."""
    planner = Planner(engine.records, FixedClock(now), 10, 5)
    with engine.records.writing() as writing:
        writing.put("tree", [{"tree_id": "admin", "title_zh": "行政", "title_en": "Admin",
                              "levels": ["district", "street"]}])  # fmt: skip
        writing.put("place", PLACES)
        renumber(writing, planner.raw, "admin")
    planner.refresh()
    rows = [building_row(n) for n in range(10)]
    with engine.records.writing() as writing:
        writing.add("building", rows)
        stand(writing, planner.places, "building",
              [Standing(r["building_id"], r["lon"], r["lat"], None, date(2021, 1, 1)) for r in rows])  # fmt: skip
    return planner
