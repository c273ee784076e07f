"""Three planes of one small district: metres for building, whole micro-degrees for tiling, equal area for areas.

Outlines are made in metres round one origin, then snapped to whole micro-degrees (about 0.1 m): two neighbours
share exactly the same numbers, so nothing overlaps and nothing is left between. Areas are taken on a cylindrical
equal-area projection, where the areas of the parts add up to the area of the whole to the last digit but rounding.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometry = Any
"""A shapely geometry, which has no types of its own."""

LON_0, LAT_0 = 116.36, 40.085
AXIS_M = 6_378_137.0
E2 = 0.00669437999014
E = math.sqrt(E2)
MICRO = 1_000_000.0
_SIN = math.sin(math.radians(LAT_0))
_W = math.sqrt(1 - E2 * _SIN * _SIN)
M_PER_LON = AXIS_M / _W * math.cos(math.radians(LAT_0)) * math.pi / 180
M_PER_LAT = AXIS_M * (1 - E2) / _W**3 * math.pi / 180


def _xy_to_micro(xy: Floats) -> Floats:
    lon = np.rint((xy[:, 0] / M_PER_LON + LON_0) * MICRO)
    lat = np.rint((xy[:, 1] / M_PER_LAT + LAT_0) * MICRO)
    return np.column_stack([lon, lat])


def _micro_to_xy(units: Floats) -> Floats:
    x = (units[:, 0] / MICRO - LON_0) * M_PER_LON
    y = (units[:, 1] / MICRO - LAT_0) * M_PER_LAT
    return np.column_stack([x, y])


def _micro_to_equal_area(units: Floats) -> Floats:
    # Snyder, Map Projections (USGS PP 1395, 1987), eq. 3-12 and 10-13 with the standard parallel on the equator.
    s = np.sin(np.radians(units[:, 1] / MICRO))
    q = (1 - E2) * (s / (1 - E2 * s * s) - np.log((1 - E * s) / (1 + E * s)) / (2 * E))
    # The origin is moved to the district so that the products of the shoelace stay small.
    s0 = _SIN
    q0 = (1 - E2) * (s0 / (1 - E2 * s0 * s0) - math.log((1 - E * s0) / (1 + E * s0)) / (2 * E))
    x = AXIS_M * np.radians(units[:, 0] / MICRO - LON_0)
    return np.column_stack([x, AXIS_M * (q - q0) / 2])


def to_micro(geometry: Geometry) -> Geometry:
    """Return a geometry, or an array of them, from metres to whole micro-degrees."""
    return shapely.transform(geometry, _xy_to_micro)


def to_metres(geometry: Geometry) -> Geometry:
    """Return a geometry, or an array of them, from micro-degrees to metres."""
    return shapely.transform(geometry, _micro_to_xy)


def to_degrees(geometry: Geometry) -> Geometry:
    """Return a geometry, or an array of them, from whole micro-degrees to degrees with six decimals."""
    return shapely.transform(geometry, lambda units: units / MICRO)


def metres_to_degrees(geometry: Geometry) -> Geometry:
    """Return a geometry, or an array of them, from metres to degrees with six decimals."""
    return to_degrees(to_micro(geometry))


def area_m2(geometry: Geometry) -> Any:
    """Return the area on the ellipsoid, in m², of geometries in micro-degrees."""
    return shapely.area(shapely.transform(geometry, _micro_to_equal_area))


def point_degrees(x_m: float, y_m: float) -> tuple[float, float]:
    """Return ``(lon, lat)`` with six decimals of a point in metres."""
    return round(x_m / M_PER_LON + LON_0, 6), round(y_m / M_PER_LAT + LAT_0, 6)
