"""Map layers: roads, railway and stations, water, green areas, as rows of ``layer`` and ``feature``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from huitian.model.query import Row
from huitian.simulate.draws import Draws
from huitian.simulate.estates import Estate
from huitian.simulate.names import Names
from huitian.simulate.outline import STATIONS, Land, rounded
from huitian.simulate.plane import Geometry, metres_to_degrees, to_metres
from huitian.simulate.subdivision import Subdivision

LAYERS: tuple[tuple[str, str, str, str], ...] = (
    ("road", "道路", "Roads", "line"), ("rail", "轨道线", "Railway", "line"),
    ("station", "轨道站", "Stations", "point"),
    ("water", "河湖", "Water", "polygon"), ("green", "绿地", "Green areas", "polygon"),
)  # fmt: skip
RIVER_HALF_M = 16.0


@dataclass(frozen=True, slots=True)
class Road:
    """One road, in metres.

    Attributes:
        kind: ``main``, ``secondary`` or ``residential``.
        name: Its name.
        line: Its middle line.
    """

    kind: str
    name: str
    line: Geometry


def roads(seed: int, land: Land, ground: Subdivision) -> tuple[Road, ...]:
    """Return the roads: the main ones of the land, and the lines between communities and between estates."""
    draws, names = Draws(seed, "roads"), Names(seed, "roads")
    out = [Road("main", name, line) for name, line in land.main_roads]
    for kind, lines in (("secondary", ground.secondary), ("residential", ground.residential)):
        parts = [part for part in shapely.get_parts(lines) if part.length > 60.0]
        for part in sorted(parts, key=lambda line: tuple(line.coords[0])):
            start, end = part.coords[0], part.coords[-1]
            is_street = abs(end[0] - start[0]) > abs(end[1] - start[1])
            word = (
                ("街" if is_street else "路")
                if kind == "secondary"
                else draws.pick(("胡同", "巷", "小街", "支路"))
            )
            out.append(Road(kind, names.root().zh + word, part))
    return tuple(out)


def _pond(centre: Geometry, number: int) -> Geometry:
    """Return an uneven shore round a point."""
    turns = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    reach = 78.0 + 26.0 * np.sin(turns * 2 + number) + 16.0 * np.cos(turns * 3 + number * 1.7)
    shore = np.column_stack([np.cos(turns) * reach * 1.25, np.sin(turns) * reach * 0.85])
    return shapely.Polygon(rounded(shore, 2, is_ring=True) + np.array([centre.x, centre.y]))


def layer_rows() -> Iterator[Row]:
    """Yield rows of ``layer``."""
    for layer_id, zh, en, kind in LAYERS:
        yield {"layer_id": layer_id, "title_zh": zh, "title_en": en, "geometry_kind": kind}


def feature_rows(
    land: Land, network: Sequence[Road], ground: Subdivision, estates: Sequence[Estate]
) -> Iterator[Row]:
    """Yield rows of ``feature``."""
    found: list[tuple[str, str, str, Geometry]] = [
        ("road", road.kind, road.name, road.line) for road in network
    ]
    found.append(("rail", "metro", "星澜线", land.rail))
    for name, _, share in STATIONS:
        found.append(
            ("station", "metro", name, shapely.line_interpolate_point(land.rail, share, normalized=True))
        )
    river = shapely.buffer(land.river, RIVER_HALF_M, cap_style="flat", quad_segs=2)
    found.append(("water", "river", "沁溪河", river))
    shapes = to_metres(ground.merged(ground.estate))
    for estate in estates:
        if estate.kind == "green":
            area = shapely.difference(
                shapely.buffer(shapes[estate.at], -12.0, quad_segs=2), river.buffer(6.0)
            )
            found.append(("green", "park", estate.name.zh, area))
            if estate.at % 4 == 0:
                pond = shapely.buffer(shapely.intersection(area, area.centroid.buffer(95.0)), -20.0).simplify(
                    8.0
                )
                found.append(("water", "pond", estate.name.zh + "湖", pond))
    geometries = metres_to_degrees(np.array([one[3] for one in found], dtype=object))
    boxes = shapely.bounds(geometries).tolist()
    shapes_wkb = shapely.to_wkb(geometries)
    n_of: dict[str, int] = {}
    for (layer_id, kind, name, _), geometry, box, wkb in zip(
        found, geometries, boxes, shapes_wkb, strict=True
    ):
        if geometry.is_empty:
            continue
        n_of[layer_id] = n_of.get(layer_id, 0) + 1
        yield {
            "feature_id": f"{layer_id}-{n_of[layer_id]:04d}", "layer_id": layer_id, "kind": kind, "name": name,
            "geometry": wkb, "west": box[0], "south": box[1], "east": box[2], "north": box[3], "attributes": {},
        }  # fmt: skip
