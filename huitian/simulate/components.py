"""City components along the roads, with the classes and the 17-digit codes of GB/T 47678.5-2026 (domain 02 §3)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
import shapely

from huitian.model.query import Row
from huitian.simulate.division import DISTRICT_CODE, Division
from huitian.simulate.draws import generator
from huitian.simulate.plane import Geometry, metres_to_degrees, to_micro
from huitian.simulate.subdivision import Subdivision

CLASSES: tuple[tuple[str, str, float, float, str], ...] = (
    ("04002", "行道树", 26, 7.0, "green"), ("01037", "路灯", 20, 6.0, "urban"),
    ("01004", "雨水箅子", 11, 4.5, "water"), ("01002", "污水井盖", 9, 2.5, "water"),
    ("01003", "雨水井盖", 6, 2.0, "water"), ("01007", "通信井盖", 5, 8.0, "telecom"),
    ("01005", "电力井盖", 3, 8.5, "power"), ("01010", "热力井盖", 3, 3.0, "heat"),
    ("01011", "燃气井盖", 2, 3.5, "gas"), ("03005", "垃圾箱", 4, 7.5, "sanitation"),
    ("01013", "消防设施", 3, 8.0, "water"), ("02010", "交通标志牌及标线", 2, 6.5, "traffic"),
    ("02021", "便道桩", 1.5, 8.0, "traffic"), ("01050", "监控电子眼设施", 1.5, 6.5, "traffic"),
    ("04007", "街头座椅", 1, 9.0, "green"), ("02004", "公交站设施", 1, 8.5, "urban"),
    ("01054", "充电桩", 1, 10.0, "power"), ("02014", "交通信号灯", 1, 6.0, "traffic"),
)  # fmt: skip
"""Class code, name, weight, distance from the middle of the road in metres, department that looks after it."""
STATES = ("good", "damaged", "lost", "abandoned", "removed")
STATE_SHARES = (0.955, 0.03, 0.006, 0.006, 0.003)
STATE_NAMES = {"good": "完好", "damaged": "破损", "lost": "丢失", "abandoned": "废弃", "removed": "移除"}


def component_rows(
    seed: int, lines: Sequence[Geometry], ground: Subdivision, division: Division, outline: Geometry, n: int,
    today: date,
) -> Iterator[Row]:  # fmt: skip
    """Yield rows of ``component`` along lines in metres; codes rise by class."""
    rng = generator(seed, "components")
    inside = np.array([shapely.intersection(line, outline) for line in lines], dtype=object)
    length = shapely.length(inside)
    at = rng.choice(len(inside), n, p=length / length.sum())
    along = rng.random(n) * length[at]
    weights = np.array([one[2] for one in CLASSES])
    kind = np.sort(rng.choice(len(CLASSES), n, p=weights / weights.sum()))
    here = shapely.get_coordinates(shapely.line_interpolate_point(inside[at], along))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(inside[at], np.minimum(along + 1.0, length[at]))
    )
    behind = shapely.get_coordinates(shapely.line_interpolate_point(inside[at], np.maximum(along - 1.0, 0.0)))
    way = ahead - behind
    way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    offset = np.array([one[3] for one in CLASSES])[kind] * rng.choice([-1.0, 1.0], n)
    points = shapely.points(here + np.column_stack([-way[:, 1], way[:, 0]]) * offset[:, None])
    # The few that fall over the outline are put back on the road.
    points = np.where(shapely.contains_properly(outline, points), points, shapely.points(here))
    grid = shapely.STRtree(ground.grids).nearest(to_micro(points))
    lonlat = np.round(shapely.get_coordinates(metres_to_degrees(points)), 6).tolist()
    state = rng.choice(len(STATES), n, p=STATE_SHARES).tolist()
    age = rng.integers(200, 5000, n).tolist()
    n_of: dict[int, int] = {}
    for i, (which, (lon, lat)) in enumerate(zip(kind.tolist(), lonlat, strict=True)):
        code, name, _, _, owner = CLASSES[which]
        n_of[which] = n_of.get(which, 0) + 1
        status = STATES[state[i]]
        yield {
            "component_id": f"{DISTRICT_CODE}{code}{n_of[which]:06d}", "class_code": code, "name": name,
            "status": status, "lon": lon, "lat": lat, "west": lon, "south": lat, "east": lon, "north": lat,
            "attributes": {
                "status_zh": STATE_NAMES[status], "grid_code": division.grid_code[int(grid[i])],
                "owner_org_id": f"org-{owner}",
            },
            "valid_from": today - timedelta(days=age[i]), "valid_to": None,
        }  # fmt: skip
