"""How densely people live, by squares of a fixed grid: one release for every reader (domain 06 §3).

The grid, the floor k and the classes are the same for everybody and in every cut, so two answers never differ in a
square, and nothing is learnt by asking for another box or place. What leaves is a class, never a count. A square
with fewer than k persons looks like one where nobody lives: there is no mark.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from huitian.base.masks import METRES_PER_DEGREE
from huitian.base.planner import Planner
from huitian.indicators.released import released
from huitian.model.query import Condition, Query, Tally
from huitian.settings import Settings

LIMITS = (0.0, 1.0, 3.0, 6.0, 10.0, 16.0, 24.0)
"""Lower limit of each class, thousand persons per square kilometre."""
EVERY_BUILDING = 10_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One square.

    Attributes:
        cell_id: Column and row in the grid.
        lon: Its middle, degrees.
        lat: Its middle, degrees.
        density_class: 1 to ``len(LIMITS)``.
    """

    cell_id: str
    lon: float
    lat: float
    density_class: int


class Cells:
    """The released squares of a city, worked out again after each load."""

    def __init__(self, planner: Planner, settings: Settings) -> None:
        self._planner = planner
        self._settings = settings
        self._kept: tuple[tuple[Any, ...], list[Cell]] | None = None

    def all(self) -> list[Cell]:
        """Return every square that may be shown, of the people who are registered now."""
        planner = self._planner
        query = Query("load", columns=("load_id", "state", "n_done_rows"), sort=("-load_seq",), limit=1)
        last = planner.read(planner.system("load"), query).rows
        mark = tuple(last[0].values()) if last else ()
        kept = self._kept
        if kept is None or kept[0] != mark:
            kept = self._kept = (mark, self._counted())
        return kept[1]

    def _counted(self) -> list[Cell]:
        planner, cell_m, settings = self._planner, self._settings.cell_m, self._settings
        columns = ("building_id", "lon", "lat")
        where = (Condition("lon", "not_null"), Condition("lat", "not_null"))
        query = Query("building", where, columns, limit=EVERY_BUILDING)
        at = {
            r["building_id"]: (r["lon"], r["lat"])
            for r in planner.read(planner.system("building"), query).rows
        }
        grid = Grid.over([lat for _, lat in at.values()], cell_m)
        counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        by_building = Tally("person", (), ("building_id",), sums=("cell_key",))
        for row in planner.tally(planner.system("person"), by_building):
            point = at.get(row["building_id"])
            if point is not None:
                count = counts[grid.cell(*point)]
                count[0] += row["n"]
                count[1] += int(row["sum_cell_key"] or 0)
        area_km2 = (cell_m / 1000) ** 2
        found = []
        for (x, y), (n, key) in sorted(counts.items()):
            shown = released(n, key, settings.k_outside, settings.round_to)
            if shown:
                lon, lat = grid.middle(x, y)
                found.append(Cell(f"{x}:{y}", lon, lat, bisect_right(LIMITS, shown / 1000 / area_km2)))
        return found


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares of one size, counted from the meridian and the equator.

    Attributes:
        step_lon: Width of a square, degrees.
        step_lat: Height of a square, degrees.
    """

    step_lon: float
    step_lat: float

    @classmethod
    def over(cls, latitudes: list[float], cell_m: int) -> "Grid":
        """Return the grid of a city: squares are square at the whole degree nearest to it."""
        middle = round(sum(latitudes) / len(latitudes)) if latitudes else 0
        step = cell_m / METRES_PER_DEGREE
        return cls(step / math.cos(math.radians(middle)), step)

    def cell(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the square that holds a point."""
        return math.floor(lon / self.step_lon), math.floor(lat / self.step_lat)

    def middle(self, x: int, y: int) -> tuple[float, float]:
        """Return the middle of a square in degrees."""
        return round((x + 0.5) * self.step_lon, 6), round((y + 0.5) * self.step_lat, 6)
