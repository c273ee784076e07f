"""Geometries of a file as shapes in lon-lat degrees, and what is measured on them."""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely import Geometry
from shapely.errors import ShapelyError
from shapely.geometry import shape

from huitian.ingest.values import shown
from huitian.sources.datum import to_wgs84
from huitian.sources.rows import Fault

_GEOD = Geod(ellps="GRS80")
_PLACE_OF_FAULT = re.compile(r"\[([-\d.eE+]+) ([-\d.eE+]+)")
_CROSSING = ("Self-intersection", "Ring Self-intersection")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grounding:
    """How coordinates of a file become lon-lat degrees in CGCS2000/WGS-84.

    Attributes:
        datum: Datum of the degrees, one of ``sources.datum.DATUMS``.
        crs: Projected system; empty for degrees.
    """

    datum: str = "wgs84"
    crs: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing has to be done."""
        return not self.crs and self.datum in {"wgs84", "cgcs2000"}

    def grounded(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of shape (n, 2) in degrees of WGS-84."""
        lon, lat = points[:, 0], points[:, 1]
        if self.crs:
            lon, lat = (
                np.asarray(axis, dtype=np.float64) for axis in _transformer(self.crs).transform(lon, lat)
            )
        return np.column_stack(to_wgs84(lon, lat, self.datum))


@cache
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4490", always_xy=True)


def outline(field: str, raw: Any, ground: Grounding) -> Geometry | Fault:
    """Return a geometry: plain GeoJSON, WKT, or hexadecimal WKB; heights are left out.

    Args:
        field: Column, for the reason.
        raw: What the file says.
        ground: How its coordinates are to be read.

    Returns:
        A shape that is neither empty nor has coordinates that are not finite; it may cross itself.
    """
    if isinstance(raw, dict) and _is_endless(raw.get("coordinates")):
        return Fault("not_finite", {"field": field})
    try:
        found = _parsed(raw)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        why = {
            "why_zh": f"不是 GeoJSON、WKT 或 WKB：{shown(raw)}",
            "why_en": f"no GeoJSON, WKT or WKB: {shown(raw)}",
        }
        return Fault("bad_geometry", why)
    if found.is_empty:
        return Fault("bad_geometry", {"why_zh": "没有坐标", "why_en": "it has no coordinates"})
    if not np.isfinite(shapely.get_coordinates(found)).all():
        return Fault("not_finite", {"field": field})
    flat = shapely.force_2d(found)
    return flat if ground.is_plain else shapely.transform(flat, ground.grounded)


def _is_endless(coordinates: Any) -> bool:
    """Return whether any number of nested lists is NaN or infinite; a ring that has one cannot even be made."""
    if isinstance(coordinates, list):
        return any(_is_endless(inner) for inner in coordinates)
    return isinstance(coordinates, float) and not math.isfinite(coordinates)


def _parsed(raw: Any) -> Geometry:
    if isinstance(raw, dict):
        return shape(raw)
    if isinstance(raw, str):
        words = raw.strip()
        return shapely.from_wkb(words) if re.fullmatch(r"[0-9A-Fa-f]+", words) else shapely.from_wkt(words)
    raise TypeError(raw)


def point(field: str, raw: Any, ground: Grounding) -> tuple[float, float] | Fault:
    """Return ``(lon, lat)`` of a pair of numbers, a text of two numbers, or a point geometry."""
    pair = re.split(r"[,，;\s]+", raw.strip("()[]（） ")) if isinstance(raw, str) else raw
    if isinstance(pair, list | tuple) and len(pair) >= 2:
        try:
            lon, lat = float(pair[0]), float(pair[1])
        except (TypeError, ValueError):
            pass
        else:
            if not (np.isfinite(lon) and np.isfinite(lat)):
                return Fault("not_finite", {"field": field})
            return grounded_point(lon, lat, ground)
    found = outline(field, raw, ground)
    if isinstance(found, Fault):
        return found
    return middle(found)


def grounded_point(lon: float, lat: float, ground: Grounding) -> tuple[float, float]:
    """Return a point in degrees of WGS-84."""
    if ground.is_plain:
        return lon, lat
    (found,) = ground.grounded(np.array([[lon, lat]], dtype=np.float64)).tolist()
    return found[0], found[1]


def fault_of_shape(found: Geometry) -> Fault | None:
    """Return what is wrong with the shape of a geometry and where, None where it is sound."""
    if shapely.is_valid(found):
        return None
    why = str(shapely.is_valid_reason(found))
    at = _PLACE_OF_FAULT.search(why)
    where = f"{float(at[1]):.6f}, {float(at[2]):.6f}" if at else "—"
    if why.startswith(_CROSSING):
        return Fault("self_crossing", {"why": where})
    return Fault("bad_geometry", {"why": f"{why.split('[', maxsplit=1)[0]} ({where})"})


def mended(found: Geometry) -> Geometry:
    """Return a geometry without crossings; of what falls apart the parts of the first dimension stay.

    A bow tie becomes its two triangles: nothing that the crossing outline went around is lost.
    """
    dimension = shapely.get_dimensions(found)
    parts = shapely.get_parts(shapely.make_valid(found))
    if any(shapely.get_type_id(part) == shapely.GeometryType.GEOMETRYCOLLECTION for part in parts):
        parts = shapely.get_parts(parts)
    whole = [part for part in parts if shapely.get_dimensions(part) == dimension]
    return whole[0] if len(whole) == 1 else shapely.union_all(whole)


def box_of(found: Geometry) -> Box:
    """Return west, south, east, north in degrees."""
    west, south, east, north = shapely.bounds(found).tolist()
    return west, south, east, north


def middle(found: Geometry) -> tuple[float, float]:
    """Return the centroid, as ``(lon, lat)``; of a point itself."""
    at = shapely.centroid(found)
    return float(at.x), float(at.y)


def label_of(found: Geometry) -> tuple[float, float]:
    """Return a point inside, for the name on a map."""
    at = shapely.point_on_surface(found)
    return float(at.x), float(at.y)


def area_m2(found: Geometry) -> float:
    """Return the area on the ellipsoid in square metres.

    Source: C. F. F. Karney, "Algorithms for geodesics", Journal of Geodesy 87 (2013), as in GeographicLib; on
    GRS80, the ellipsoid of CGCS2000 up to micrometres.
    """
    return abs(float(_GEOD.geometry_area_perimeter(shapely.orient_polygons(found))[0]))
