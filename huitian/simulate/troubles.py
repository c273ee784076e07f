"""Troubles that come again while the demo city lives: a house without heat, water or power, and some neighbours.

A trouble follows from the seed and its day alone, so the same letters come however often the clock is looked at. On
the day of a start none comes: what a stopped server missed of a trouble is not made up for.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from huitian.simulate.arrivals import LOCAL, trouble_of
from huitian.simulate.draws import Draws
from huitian.simulate.homes import Home, Spot, riser
from huitian.simulate.plane import M_PER_LAT, M_PER_LON

DAY_SHARE = 0.5
"""How many days have one."""
FIRST_HOUR, LAST_HOUR = 6, 19
"""Hours of the local day in which one begins; it is over on the same day."""
LASTS_H = (1.5, 4.0)
NEIGHBOURS_N = (3, 6)
NEAR_M = 400.0
LEAST_UNITS = 2
"""A house with one entrance often has one riser, which stands out from nothing."""
HOUSES_TRIED = 8
HOMES_N = (4, 8)
"""Homes above one another that write, fewest and most."""


HomesOf = Callable[[str], Sequence[Home]]
"""The homes of a building that are lived in, from the bottom up."""


class Told(NamedTuple):
    """One letter about a trouble.

    Attributes:
        at: When it is written, aware UTC.
        key: The same on every look.
        category_code: What is missing.
        spot: The house.
        home: The home; None where the letter does not say.
    """

    at: datetime
    key: str
    category_code: str
    spot: Spot
    home: Home | None


class Troubles:
    """The troubles of a city, day by day.

    Args:
        seed: Seed of the city.
        spots: Its buildings.
        homes_of: Their homes, asked for a building in trouble only.
        begins_on: Local day of the first that can come; the past of the city has its own.
    """

    def __init__(self, seed: int, spots: Sequence[Spot], homes_of: HomesOf, begins_on: date) -> None:
        self._seed, self._homes_of, self._begins_on = seed, homes_of, begins_on
        self._spots = [spot for spot in spots if spot.n_units > 0]
        self._houses = [spot for spot in self._spots if spot.n_units >= LEAST_UNITS]
        self._days: dict[date, Sequence[Told]] = {}

    def between(self, since: datetime, until: datetime) -> list[Told]:
        """Return the letters after one instant up to another, the oldest first."""
        first = max((since + LOCAL).date(), self._begins_on)
        days = [first + timedelta(days=n) for n in range(((until + LOCAL).date() - first).days + 1)]
        self._days = {day: self._days[day] if day in self._days else self._on(day) for day in days}
        return [told for day in days for told in self._days[day] if since < told.at <= until]

    def _on(self, day: date) -> Sequence[Told]:
        draws = Draws(self._seed, f"trouble of {day}")
        if not self._houses or not draws.chance(DAY_SHARE):
            return ()
        house, column = self._house(draws)
        began = datetime.combine(day, time(draws.whole(FIRST_HOUR, LAST_HOUR)), UTC) - LOCAL
        lasts_s = 3600 * draws.between(*LASTS_H)
        about: list[tuple[Spot, Home | None]] = [(house, home) for home in column]
        about += [(spot, None) for spot in self._near(house, draws)]
        at = [began + timedelta(seconds=draws.between(0, lasts_s)) for _ in about]
        told = [
            Told(when, f"trouble-{day}-{n}", trouble_of(day.month), *one)
            for n, (when, one) in enumerate(zip(at, about, strict=True))
        ]
        return sorted(told)

    def _house(self, draws: Draws) -> tuple[Spot, Sequence[Home]]:
        """Return a house and homes of one of its risers; none where no house that was tried has enough of them."""
        for _ in range(HOUSES_TRIED):
            house = draws.pick(self._houses)
            column = riser(self._homes_of(house.building_id), draws)
            if len(column) >= HOMES_N[0]:
                # In a tower a valve feeds a part of the floors.
                first = draws.whole(0, max(0, len(column) - HOMES_N[1]))
                return house, column[first : first + HOMES_N[1]]
        return house, ()

    def _near(self, house: Spot, draws: Draws) -> Iterator[Spot]:
        """Yield houses around; the same may write twice."""
        near = [spot for spot in self._spots if spot is not house and apart_m(spot, house) < NEAR_M]
        for _ in range(draws.whole(*NEIGHBOURS_N) if near else 0):
            yield draws.pick(near)


def apart_m(one: Spot, other: Spot) -> float:
    """Return how far two buildings of the demo city are from one another."""
    return math.hypot((one.lon - other.lon) * M_PER_LON, (one.lat - other.lat) * M_PER_LAT)
