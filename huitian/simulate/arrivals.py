"""When and where letters come in: rates by hour, day and season, bursts in storms, one estate without heat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from huitian.simulate.buildings import Building
from huitian.simulate.draws import generator
from huitian.simulate.estates import Community, Estate
from huitian.simulate.network import Road
from huitian.simulate.plane import Floats, Geometry, Ints, metres_to_degrees
from huitian.simulate.subdivision import Subdivision

DAYS_N = 365
LOCAL = timedelta(hours=8)
"""Asia/Shanghai has had one offset since 1991; the generator needs no time zone table."""

SEASONS: Mapping[str, tuple[float, ...]] = {
    "flat": (0.9, 0.8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "warm": (0.5, 0.5, 0.8, 1.1, 1.4, 1.5, 1.5, 1.4, 1.2, 1, 0.7, 0.5),
    "summer": (0.5, 0.5, 0.7, 0.9, 1.3, 1.8, 2.0, 1.8, 1.2, 0.8, 0.6, 0.5),
    "rain": (0.6, 0.6, 0.7, 0.9, 1.0, 1.3, 1.9, 1.7, 1.1, 0.8, 0.7, 0.6),
    "winter": (1.3, 1.2, 1.1, 0.9, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 1.2, 1.4),
    "school": (0.6, 0.7, 1.3, 1.1, 1.1, 1.1, 0.5, 0.8, 1.7, 1.2, 1.1, 1.0),
    "heating": (2.4, 1.6, 1.0, 0.06, 0.03, 0.03, 0.03, 0.03, 0.05, 0.5, 3.4, 2.6),
}
"""Weight of each month, January first."""
HOURS: Mapping[str, tuple[float, ...]] = {
    "day": (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 14, 9, 10, 15, 16, 14, 11, 8, 7, 6, 4, 3, 2),
    "morning": (1, 1, 1, 1, 1, 3, 9, 16, 19, 17, 13, 10, 7, 7, 9, 10, 9, 8, 8, 7, 5, 4, 3, 2),
    "commute": (1, 1, 1, 1, 1, 2, 8, 18, 17, 9, 7, 6, 6, 6, 6, 7, 10, 17, 18, 11, 7, 5, 3, 2),
    "evening": (2, 1, 1, 1, 1, 2, 5, 8, 10, 11, 11, 9, 7, 7, 8, 9, 10, 12, 17, 20, 19, 14, 8, 4),
    "night": (8, 4, 2, 2, 2, 3, 5, 6, 6, 6, 6, 6, 6, 5, 5, 6, 7, 8, 11, 15, 18, 20, 19, 14),
}
STORMS_N, STORM_FACTOR = 5, 9.0
STREET_WEIGHTS = (1.0, 0.9, 1.15, 1.1, 0.95, 1.3, 0.8)
HEATING_MONTHS = (11, 12, 1, 2, 3)
SURGE_LETTERS = 14
LAST_MONTH_HOURS, LAST_MONTH_SHARE = 30 * 24, 0.165


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Letters as columns, in order of time.

    Attributes:
        category: Index of the category.
        ago_s: Seconds before the as-of instant, ≥ 0.
        building: Index of the building; −1 where the letter is about a road.
        road: Index of the road; −1 where it is not about one.
        lonlat: Degrees, one row a letter.
        community: Index of the community that holds the point.
        is_surge: Whether it belongs to the trouble of the last hours.
        surge_estate: Index of the estate in trouble.
    """

    category: Ints
    ago_s: Ints
    building: Ints
    road: Ints
    lonlat: Floats
    community: Ints
    is_surge: Any
    surge_estate: int


def _hour_weights(rng: np.random.Generator, as_of: datetime, tables: Sequence[Mapping[str, Any]]) -> Floats:
    """Return the weight of each category (row) in each hour before as-of (column 0 is the last hour)."""
    n_hours = DAYS_N * 24
    start = np.datetime64((as_of + LOCAL).replace(tzinfo=None), "m") - np.timedelta64(60, "m")
    local = start - np.arange(n_hours) * np.timedelta64(60, "m") + np.timedelta64(30, "m")
    hour = (local.astype("datetime64[h]").astype(np.int64)) % 24
    month = local.astype("datetime64[M]").astype(np.int64) % 12
    day = local.astype("datetime64[D]").astype(np.int64)
    is_weekend = (day + 3) % 7 >= 5
    rainy = np.unique(day[(month >= 5) & (month <= 8)])
    storms = rng.choice(rainy, min(STORMS_N, len(rainy)), replace=False)
    # The mailbox was opened a year ago and its use grows.
    growth = np.linspace(2.0, 0.4, n_hours)
    noise = rng.gamma(14.0, 1 / 14.0, DAYS_N + 2)[day - day.min()]
    rows = []
    for table in tables:
        row = np.array(SEASONS[table["season"]])[month] * np.array(HOURS[table["hours"]], dtype=float)[hour]
        row *= (
            growth
            * noise
            * np.where(is_weekend, 1.15 if table["hours"] in {"evening", "night"} else 0.7, 1.0)
        )
        if table["season"] == "rain":
            row *= np.where(np.isin(day, storms), STORM_FACTOR, 1.0)
        rows.append(row * table["weight"] / (sum(HOURS[table["hours"]]) / 24))
    made = np.array(rows)
    # A demo is looked at from its last day: whatever the season, its last month has the same load.
    is_last_month = np.arange(n_hours) < LAST_MONTH_HOURS
    share = made[:, is_last_month].sum() / made.sum()
    made[:, is_last_month] *= LAST_MONTH_SHARE / share * (1 - share) / (1 - LAST_MONTH_SHARE)
    return made


def trouble_of(month: int) -> str:
    """Return what is missing when a house is in trouble in a month: heat in winter, water in summer, power else."""
    return "A12" if month in HEATING_MONTHS else "A09" if 6 <= month <= 9 else "A10"


def _pick(rng: np.random.Generator, weights: Floats, n: int) -> Ints:
    return rng.choice(len(weights), n, p=weights / weights.sum())


def arrive(
    seed: int, as_of: datetime, n: int, tables: Mapping[str, Mapping[str, Any]], buildings: Sequence[Building],
    estates: Sequence[Estate], communities: Sequence[Community], network: Sequence[Road], ground: Subdivision,
    outline: Geometry,
) -> Arrivals:  # fmt: skip
    """Return n letters of the 365 days before as-of."""
    rng = generator(seed, "arrivals")
    codes = list(tables)
    n_surge = min(SURGE_LETTERS, n // 20)
    weights = _hour_weights(rng, as_of, list(tables.values()))
    drawn = rng.choice(weights.size, n - n_surge, p=(weights / weights.sum()).ravel())
    category, hour = np.unravel_index(drawn, weights.shape)
    ago_s = hour * 3600 + rng.integers(0, 3600, len(hour))
    category = np.concatenate([category, np.full(n_surge, codes.index(trouble_of((as_of + LOCAL).month)))])
    ago_s = np.concatenate([ago_s, rng.integers(60, 9000, n_surge)])
    is_surge = np.arange(n) >= n - n_surge
    order = np.argsort(-ago_s, kind="stable")
    category, ago_s, is_surge = category[order], ago_s[order], is_surge[order]

    estate_of = np.array([building.estate for building in buildings])
    trouble = np.array([estate.letters_weight for estate in estates])
    street = np.array([communities[estate.community].street for estate in estates])
    homes = np.array(
        [b.n_units * b.n_rooms * b.n_floors_above if b.is_home else 0 for b in buildings], dtype=float
    )
    shops = np.array([b.use in {"commercial", "office"} for b in buildings], dtype=float)
    by_building = (trouble * np.array(STREET_WEIGHTS)[street])[estate_of]
    # The estate in trouble is one of the five walk-up estates with most houses: large enough for a pattern.
    n_houses = np.bincount(estate_of, minlength=len(estates))
    walk_ups = sorted((e for e in estates if e.profile == "walk_up"), key=lambda e: (-n_houses[e.at], e.at))
    surge_estate = walk_ups[int(rng.integers(0, 5))].at
    cold = homes * (estate_of == surge_estate)

    where = np.array([table["where"] for table in tables.values()])[category]
    building = _pick(rng, homes * by_building, n)
    building = np.where(where == "shop", _pick(rng, shops * by_building, n), building)
    # A seventh of the year's heating letters come from one estate with old pipes.
    heating = codes.index("A12")
    is_cold = (category == heating) & (rng.random(n) < 0.14)
    building = np.where(is_cold, _pick(rng, cold, n), building)
    first = int(np.argmax(cold))
    building = np.where(is_surge, np.where(rng.random(n) < 0.45, first, _pick(rng, cold, n)), building)

    roads = np.array([shapely.intersection(road.line, outline) for road in network], dtype=object)
    factor = np.array([{"main": 5.0, "secondary": 2.5, "residential": 1.0}[road.kind] for road in network])
    road = _pick(rng, shapely.length(roads) * factor, n)
    at_road = shapely.line_interpolate_point(roads[road], rng.random(n), normalized=True)
    lonlat = np.array([(b.lon, b.lat) for b in buildings])[building]
    near = lonlat + rng.normal(0, 0.0003, (n, 2))
    near = np.where(shapely.contains(metres_to_degrees(outline), shapely.points(near))[:, None], near, lonlat)
    lonlat = np.where((where == "estate")[:, None], near, lonlat)
    is_road = where == "road"
    on_road = shapely.get_coordinates(metres_to_degrees(at_road))
    lonlat = np.round(np.where(is_road[:, None], on_road, lonlat), 6).astype(np.float64)
    grid = shapely.STRtree(ground.grids).nearest(shapely.points(lonlat * 1e6))
    return Arrivals(
        category.astype(np.int64), ago_s.astype(np.int64), np.where(is_road, -1, building),
        np.where(is_road, road, -1), lonlat, ground.community[grid], is_surge, surge_estate,
    )  # fmt: skip
