"""Buildings: slabs and blocks in rows that face south, numbered in reading order, as rows of ``building``."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from huitian.model.query import Row
from huitian.simulate.division import Division, reading_order
from huitian.simulate.draws import Draws
from huitian.simulate.estates import Estate, Profile
from huitian.simulate.outline import Land
from huitian.simulate.plane import Floats, Geometry, metres_to_degrees, to_metres, to_micro
from huitian.simulate.subdivision import Subdivision


@dataclass(frozen=True, slots=True)
class Shape:
    """How buildings of one profile are shaped.

    Attributes:
        length_m: Shortest and longest front.
        depth_m: Shortest and longest side.
        gap_m: Room between two buildings of a row and between two rows.
        n_floors: Fewest and most floors.
        n_units: Fewest and most entrances.
        n_rooms: Dwellings on a floor of one entrance.
        n_floors_below: Fewest and most basements.
        structure: Structure code.
        n_lifts: Lifts of one entrance.
    """

    length_m: tuple[float, float]
    depth_m: tuple[float, float]
    gap_m: tuple[float, float]
    n_floors: tuple[int, int]
    n_units: tuple[int, int]
    n_rooms: int
    n_floors_below: tuple[int, int]
    structure: str
    n_lifts: int


SHAPES: dict[Profile, Shape] = {
    "walk_up": Shape((52, 84), (12, 14), (14, 17), (5, 6), (3, 6), 2, (0, 1), "masonry", 0),
    "mid_rise": Shape((44, 70), (13, 16), (16, 26), (9, 15), (2, 4), 2, (1, 1), "shear_wall", 1),
    "high_rise": Shape((36, 58), (15, 18), (22, 38), (18, 28), (1, 2), 3, (1, 2), "shear_wall", 2),
    "tower": Shape((26, 32), (24, 30), (30, 36), (14, 22), (1, 1), 6, (1, 2), "shear_wall", 2),
    "cottage": Shape((14, 24), (9, 13), (7, 9), (1, 3), (1, 1), 1, (0, 0), "masonry", 0),
    "works": Shape((45, 95), (20, 38), (24, 26), (2, 9), (0, 0), 0, (0, 1), "frame", 1),
}
SHARE_OF_KIND = {
    "residential": 1.0, "village": 0.75, "school": 0.3, "commercial": 0.26, "office": 0.32, "industrial": 0.3,
    "medical": 0.3, "public": 0.2, "green": 0.0,
}  # fmt: skip
USE_OF_KIND = {
    "residential": "residential", "village": "residential", "school": "school", "commercial": "commercial",
    "office": "office", "industrial": "industrial", "medical": "medical", "public": "public", "green": "public",
}  # fmt: skip
FLOOR_M = {"residential": 2.9, "industrial": 6.0, "commercial": 4.8}
TOWERS = ("A座", "B座", "C座", "D座", "E座")
TOWERS_EN = ("Tower A", "Tower B", "Tower C", "Tower D", "Tower E")
PART_NAMES = {
    "school": ("教学楼", "综合楼", "体育馆", "实验楼", "宿舍楼"), "commercial": TOWERS, "office": TOWERS,
    "industrial": ("1号厂房", "2号厂房", "3号厂房", "4号厂房", "5号厂房"),
    "medical": ("门诊楼", "住院楼", "医技楼", "综合楼", "后勤楼"), "public": ("主楼", "附楼", "配楼", "东楼", "西楼"),
}  # fmt: skip
PART_NAMES_EN = {
    "school": ("Teaching Building", "Main Building", "Gymnasium", "Laboratories", "Dormitory"),
    "commercial": TOWERS_EN, "office": TOWERS_EN,
    "industrial": ("Workshop 1", "Workshop 2", "Workshop 3", "Workshop 4", "Workshop 5"),
    "medical": ("Outpatient Building", "Inpatient Building", "Laboratories", "Main Building", "Service Building"),
    "public": ("Main Building", "Annex", "Side Building", "East Building", "West Building"),
}  # fmt: skip
MARGIN_M, ROAD_MARGIN_M, RIVER_MARGIN_M, RAIL_MARGIN_M = 9.0, 20.0, 28.0, 24.0


@dataclass(frozen=True, slots=True)
class Building:
    """One building and what hangs below it.

    Attributes:
        building_id: Community of the day of registration + sequence (domain 03 §5), never changed.
        name: Estate and number.
        name_en: The same in English.
        number_name: Number alone, as people say it in the estate.
        estate: Index of its estate.
        grid: Index of its grid.
        use: Use code.
        profile: How it is built.
        n_floors_above: Floors above ground.
        n_floors_below: Basements.
        n_units: Entrances with dwellings; 0 for none.
        n_rooms: Dwellings on a floor of one entrance, or premises on a floor.
        height_m: Height.
        built_year: Year.
        footprint: Polygon in degrees.
        lon: Degrees.
        lat: Degrees.
    """

    building_id: str
    name: str
    name_en: str
    number_name: str
    estate: int
    grid: int
    use: str
    profile: Profile
    n_floors_above: int
    n_floors_below: int
    n_units: int
    n_rooms: int
    height_m: float
    built_year: int
    footprint: Geometry
    lon: float
    lat: float

    @property
    def is_home(self) -> bool:
        """Whether people live in it."""
        return self.use in {"residential", "apartment"}


def _facing(polygon: Geometry) -> float:
    """Return the angle of the rows in radians: along the block, never more than 20° from west-east."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    angle = math.atan2(*(corners[1] - corners[0])[::-1])
    angle = (angle + math.pi / 4) % (math.pi / 2) - math.pi / 4
    return max(-0.35, min(0.35, angle))


def _footprints(homes: Geometry, shape: Shape, n_wanted: int, angle: float, draws: Draws) -> list[Geometry]:
    """Return at most that many footprints in rows inside an area in metres.

    Rows are set as close as daylight allows and then loosened until about the wanted number is left.
    """
    centre = np.array([homes.centroid.x, homes.centroid.y])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    reach = math.hypot(*(np.ptp(shapely.get_coordinates(homes), axis=0))) / 2
    length, depth = sum(shape.length_m) / 2, sum(shape.depth_m) / 2
    room = (length + shape.gap_m[0]) * (depth + shape.gap_m[1])
    loose = min(1.55, max(1.0, math.sqrt(0.8 * homes.area / (room * max(n_wanted, 1)))))
    step = np.array([length + shape.gap_m[0], depth + shape.gap_m[1]]) * loose
    across, down = int(reach / step[0]) + 1, int(reach / step[1]) + 1
    rings: list[Floats] = []
    for row in range(-down, down + 1):
        # A row shares its depth and its setback, as rows of one building phase do.
        row_depth, shift = draws.between(*shape.depth_m), draws.between(-0.18, 0.18) * step[0]
        for column in range(-across, across + 1):
            middle = np.array([column * step[0] + shift, row * step[1] + draws.between(-1.5, 1.5)])
            rings.append(_ring(draws.between(*shape.length_m), row_depth, draws.chance(0.12)) + middle)
    footprints = shapely.polygons([shapely.linearrings(ring @ turn + centre) for ring in rings])
    inside = footprints[shapely.contains_properly(homes, footprints)]
    distance = np.hypot(*(shapely.get_coordinates(shapely.centroid(inside)) - centre).T)
    kept = np.sort(np.argsort(distance, kind="stable")[:n_wanted])
    return list(inside[kept])


def _ring(length_m: float, depth_m: float, is_bent: bool) -> Floats:
    """Return a rectangle round the origin, or an L with a wing to the south at one end."""
    x, y = length_m / 2, depth_m / 2
    if not is_bent or length_m < 40:
        return np.array([(-x, -y), (x, -y), (x, y), (-x, y)])
    wing = min(14.0, length_m / 3)
    return np.array([(-x, -y - 9), (-x + wing, -y - 9), (-x + wing, -y), (x, -y), (x, y), (-x, y)])


def _name(estate: Estate, number: int) -> tuple[str, str, str]:
    """Return the name of a building, the same in English, and its number alone."""
    parts = PART_NAMES.get(estate.kind, ())
    if estate.kind == "village":
        word, word_en = f"{number}号院", f"Yard {number}"
    elif number <= len(parts):
        word, word_en = parts[number - 1], PART_NAMES_EN[estate.kind][number - 1]
    else:
        word, word_en = f"{number}号楼", f"Building {number}"
    return f"{estate.name.zh}{word}", f"{word_en}, {estate.name.en}", word


def _kept(found: dict[int, list[Geometry]], n_wanted: int, draws: Draws) -> dict[int, list[Geometry]]:
    """Take buildings away here and there until the wanted number is left."""
    places = [at for at in sorted(found) for _ in found[at]]
    while len(places) > n_wanted:
        found[places.pop(draws.whole(0, len(places) - 1))].pop()
    return found


def build(
    seed: int, lie: Land, ground: Subdivision, division: Division, estates: Sequence[Estate], n_buildings: int
) -> tuple[Building, ...]:
    """Return the buildings in the order of their codes: by community, then north to south, west to east."""
    draws = Draws(seed, "buildings")
    grids = to_metres(ground.grids)
    lines = [
        (lie.river, RIVER_MARGIN_M),
        (lie.rail, RAIL_MARGIN_M),
        *((r, ROAD_MARGIN_M) for _, r in lie.main_roads),
    ]
    clear = shapely.union_all([shapely.buffer(line, margin, quad_segs=2) for line, margin in lines])
    inner = shapely.difference(shapely.buffer(grids, -MARGIN_M, quad_segs=2), clear)
    weight = sum(SHARE_OF_KIND[estate.kind] for estate in estates)
    found: dict[int, list[Geometry]] = {}
    for estate in estates:
        n_wanted = round(1.12 * n_buildings * SHARE_OF_KIND[estate.kind] / weight * draws.between(0.6, 1.4))
        members = np.flatnonzero(ground.estate == estate.at)
        homes = shapely.union_all(inner[members])
        if n_wanted == 0 or homes.is_empty:
            continue
        angle = _facing(shapely.union_all(grids[members]))
        found[estate.at] = _footprints(homes, SHAPES[estate.profile], n_wanted, angle, draws)
    found = _kept(found, n_buildings, draws)

    pairs = [(at, footprint) for at in sorted(found) for footprint in found[at]]
    shapes = np.array([footprint for _, footprint in pairs], dtype=object)
    grid_of = shapely.STRtree(grids).query(shapely.point_on_surface(shapes), predicate="within")[1]
    degrees = metres_to_degrees(shapely.orient_polygons(shapes))
    points = np.round(shapely.get_coordinates(shapely.point_on_surface(degrees)), 6)
    out: list[Building] = []
    n_in_community: dict[str, int] = {}
    n_in_estate: dict[int, int] = {}
    for i in reading_order(to_micro(shapes), 420):
        estate = estates[pairs[i][0]]
        code = division.first_community_code[estate.community]
        n_in_community[code] = n_in_community.get(code, 0) + 1
        n_in_estate[estate.at] = n_in_estate.get(estate.at, 0) + 1
        shape = SHAPES[estate.profile]
        n_floors = draws.whole(*shape.n_floors)
        if estate.profile in {"walk_up", "high_rise"} and draws.chance(0.7):
            n_floors = shape.n_floors[1] if estate.profile == "walk_up" else 24
        use = "apartment" if estate.kind == "residential" and draws.chance(0.04) else USE_OF_KIND[estate.kind]
        name, name_en, word = _name(estate, n_in_estate[estate.at])
        out.append(
            Building(
                f"{code}{n_in_community[code]:04d}", name, name_en, word, estate.at, int(grid_of[i]), use,
                estate.profile, n_floors, draws.whole(*shape.n_floors_below), draws.whole(*shape.n_units),
                shape.n_rooms or draws.whole(1, 3), round(n_floors * FLOOR_M.get(use, 3.6) + 0.9, 1),
                estate.built_year + draws.whole(0, 2), degrees[i], float(points[i, 0]), float(points[i, 1]),
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda building: building.building_id))


def building_rows(
    buildings: Sequence[Building],
    estates: Sequence[Estate],
    division: Division,
    firm_of: Sequence[str | None],
) -> Iterator[Row]:
    """Yield rows of ``building``; ``firm_of`` names the property firm of each estate."""
    boxes = shapely.bounds([building.footprint for building in buildings]).tolist()
    shapes = shapely.to_wkb([building.footprint for building in buildings])
    for building, box, wkb in zip(buildings, boxes, shapes, strict=True):
        estate = estates[building.estate]
        n_premises = building.n_rooms * building.n_floors_above
        shape = SHAPES[building.profile]
        yield {
            "building_id": building.building_id, "name": building.name, "name_en": building.name_en,
            "use": building.use, "structure": shape.structure, "n_floors_above": building.n_floors_above,
            "n_floors_below": building.n_floors_below, "n_units": building.n_units,
            "n_dwellings": n_premises * max(building.n_units, 1) if has_rooms(building) else 0,
            "height_m": building.height_m, "built_year": building.built_year, "lon": building.lon,
            "lat": building.lat, "geometry": wkb, "west": box[0], "south": box[1], "east": box[2], "north": box[3],
            "attributes": {
                "estate_code": division.estate_code[building.estate], "estate_name": estate.name.zh,
                "property_org_id": firm_of[building.estate], "is_old_estate": estate.built_year < 2000,
                "heating": "district" if building.is_home and estate.kind != "village" else "own",
                "n_lifts": shape.n_lifts * max(building.n_units, 1),
            },
            "valid_from": date(building.built_year, 7, 1), "valid_to": None,
        }  # fmt: skip


def has_rooms(building: Building) -> bool:
    """Return whether dwellings or premises of the building are kept; schools and hospitals have none."""
    return building.is_home or building.use in {"commercial", "office"}
