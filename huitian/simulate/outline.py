"""The invented lie of the land: outline, main roads, river and railway, in metres round the origin.

Nothing here follows a real boundary or a real road: the control points are made up, only the size (63 km²) and
the frame are those of the area the product was thought for.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from huitian.simulate.draws import generator
from huitian.simulate.plane import Floats, Geometry

AREA_M2 = 63_000_000.0

OUTLINE_KM = (
    (-6.6, 0.3), (-6.1, 1.9), (-4.9, 2.4), (-4.5, 3.5), (-2.6, 3.2), (-2.2, 4.0), (-0.3, 4.3), (0.2, 3.2),
    (1.9, 2.9), (2.5, 3.5), (4.4, 3.7), (5.9, 2.7), (6.5, 1.0), (6.0, -0.2), (6.4, -1.7), (5.0, -2.7),
    (3.6, -2.5), (2.5, -3.6), (0.6, -3.9), (-0.4, -2.9), (-2.0, -2.6), (-3.1, -3.4), (-4.9, -2.9), (-5.3, -1.5),
)  # fmt: skip

ROADS_KM: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = (
    ("望榆北路", ((-7.4, 1.5), (-4.4, 2.0), (-1.0, 2.15), (2.2, 1.95), (5.0, 2.3), (7.2, 2.0))),
    ("云溪大街", ((-7.4, 0.25), (-4.0, 0.55), (-0.6, 0.6), (2.8, 0.45), (7.2, 0.9))),
    ("柳浦大街", ((-7.2, -0.95), (-3.6, -0.75), (0.2, -0.95), (3.6, -0.85), (7.2, -0.55))),
    ("鹿鸣南街", ((-6.4, -2.05), (-3.2, -2.0), (0.4, -2.35), (3.6, -1.95), (7.0, -1.75))),
    ("禾塘路", ((-4.85, 4.2), (-4.7, 1.2), (-4.3, -1.0), (-4.4, -4.0))),
    ("京榆高速", ((-3.15, 4.4), (-2.6, 1.4), (-2.35, -0.9), (-2.5, -4.2))),
    ("望榆路", ((-0.75, 4.8), (-0.7, 1.5), (-0.45, -1.0), (-0.55, -4.4))),
    ("松岚路", ((1.0, 4.0), (1.25, 1.2), (1.2, -1.2), (1.5, -4.6))),
    ("晴川路", ((3.05, 4.3), (2.95, 1.0), (3.2, -1.0), (3.0, -4.0))),
    ("澄湾路", ((4.9, 4.2), (4.6, 1.4), (4.85, -0.6), (4.7, -3.6))),
)
RIVER_KM = (
    (-7.2, 2.9), (-5.4, 2.9), (-4.0, 1.35), (-2.9, 1.45), (-1.7, 0.1), (-0.2, -0.25), (0.5, -1.5), (2.1, -1.5),
    (3.3, -2.3), (4.6, -1.35), (7.0, -1.3),
)  # fmt: skip
RAIL_KM = (
    (-7.0, -0.2),
    (-5.0, -0.25),
    (-3.2, -0.3),
    (-1.5, 0.9),
    (0.3, 1.25),
    (2.1, 1.1),
    (3.8, 0.1),
    (7.0, 0.05),
)
STATIONS: tuple[tuple[str, str, float], ...] = (
    ("鹿鸣站", "Luming", 0.155), ("京榆站", "Jingyu", 0.32), ("望榆站", "Wangyu", 0.475),
    ("云溪站", "Yunxi", 0.64), ("澄湾站", "Chengwan", 0.83),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Land:
    """The lines that everything else is laid on, in metres.

    Attributes:
        outline: The district, one polygon.
        main_roads: Name and line of each main road; they run past the outline.
        river: Middle line of the river.
        rail: Line of the railway.
    """

    outline: Geometry
    main_roads: tuple[tuple[str, Geometry], ...]
    river: Geometry
    rail: Geometry


def rounded(points: Floats, n_times: int = 3, *, is_ring: bool = False) -> Floats:
    """Return a polyline with its corners cut n times (G. Chaikin, CGIP 3, 1974); the ends of a line stay."""
    for _ in range(n_times):
        following = np.roll(points, -1, axis=0) if is_ring else points[1:]
        before = points if is_ring else points[:-1]
        cut = np.stack([0.75 * before + 0.25 * following, 0.25 * before + 0.75 * following], axis=1).reshape(
            -1, 2
        )
        points = cut if is_ring else np.vstack([points[:1], cut, points[-1:]])
    return points


def _jagged(points: Floats, rng: np.random.Generator) -> Floats:
    """Return a ring with small steps in two of three edges; the others stay straight like roads and canals."""
    out: list[Floats] = []
    for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        out.append(start)
        along = end - start
        across = np.array([-along[1], along[0]])
        n = 1 + int(rng.integers(0, 3)) * 2
        shares = (np.arange(1, n) + rng.uniform(-0.3, 0.3, n - 1)) / n
        out += [start + along * share + across * rng.uniform(-0.09, 0.09) for share in shares]
    return np.array(out)


def _wiggled(points: tuple[tuple[float, float], ...], rng: np.random.Generator, by_m: float) -> Floats:
    return np.array(points) * 1000.0 + rng.uniform(-by_m, by_m, (len(points), 2))


def land(seed: int) -> Land:
    """Return the lie of the land of one seed; seeds differ by some tens of metres, not in the pattern."""
    rng = generator(seed, "land")
    ring = _jagged(_wiggled(OUTLINE_KM, rng, 90.0), rng)
    outline = shapely.Polygon(rounded(ring, 1, is_ring=True))
    factor = math.sqrt(AREA_M2 / outline.area)
    outline = shapely.transform(outline, lambda xy: xy * factor)
    roads = tuple(
        (name, shapely.LineString(rounded(_wiggled(points, rng, 60.0)))) for name, points in ROADS_KM
    )
    river = shapely.LineString(rounded(_wiggled(RIVER_KM, rng, 70.0)))
    rail = shapely.LineString(rounded(_wiggled(RAIL_KM, rng, 30.0)))
    return Land(outline, roads, river, rail)
