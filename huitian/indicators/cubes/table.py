"""Every cell of a release: its true count while it is made, what is told of it, and what follows from that.

What somebody who knows the rules concludes from one cell alone is its *bounds*; ``attack`` joins them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huitian.indicators.cubes.counted import Counted, Grounds, Ints
from huitian.indicators.released import rounded

SHOWN, BELOW, OTHERS, ALIKE, UNTOLD, GONE = 0, 1, 2, 3, 4, 5
"""Shown; fewer than k; withheld so that another cannot be worked out; all alike in what is sensitive; no cell; withheld
by the release before, of a place that is no more."""
MINGLED = 8
"""One in so many counts below k is called withheld as well, so that this word tells nothing of a size."""
STATES = ("normal", "below_k", "withheld", "withheld", "", "")
NO_BOUND = 1 << 40


@dataclass(slots=True)
class Cells:
    """The cells of all cubes of one entity for one audience, as columns.

    Attributes:
        cubes: The cubes; cells of one follow one another, by place, then by coordinate.
        starts: Where the cells of each cube start.
        n: True counts.
        keys: Sums of the keys of their members.
        detail: How fine a cell is: level of its place and number of values it is cut by; finer is given up first.
        state: One of ``SHOWN``, ``BELOW``, ``OTHERS``, ``ALIKE``, ``UNTOLD``, ``GONE``.
        value: What is shown, where it is.
        known_low: What is known besides: from another audience, or from the release before.
        known_high: As ``known_low``; ``NO_BOUND`` where nothing is.
        k: Smallest count that is shown.
        round_to: Step of the rounding.
        k_besides: k of another release that the same readers see, made after this one: of what is shown they know
            from it whether it reaches that; 0 where there is none.
        least_width: Fewest values that a withheld cell must be able to have: k, unless what was told before under a
            smaller k leaves less.
    """

    cubes: Sequence[Counted]
    starts: list[int]
    n: Ints
    keys: Ints
    detail: Ints
    state: NDArray[np.int8]
    value: Ints
    known_low: Ints
    known_high: Ints
    k: int
    round_to: int
    k_besides: int = 0
    least_width: int = 0

    @property
    def low(self) -> Ints:
        """The least that each cell may be, for who knows the rules and sees this cell alone."""
        return self.low_of(np.arange(len(self.n)))

    @property
    def high(self) -> Ints:
        """The most that each cell may be; ``NO_BOUND`` where nothing is known."""
        return self.high_of(np.arange(len(self.n)))

    def low_of(self, rows: Ints) -> Ints:
        """Return the least that some cells may be."""
        floor = np.where(self.n[rows] >= self.k_besides, max(self.k, self.k_besides), self.k)
        told = np.where(self.state[rows] == SHOWN, np.maximum(self.value[rows] - self.round_to + 1, floor), 0)
        return np.asarray(np.maximum(told, self.known_low[rows]), dtype=np.int64)

    def high_of(self, rows: Ints) -> Ints:
        """Return the most that some cells may be."""
        state = self.state[rows]
        reach = np.where(self.n[rows] < self.k_besides, self.k_besides - 1, NO_BOUND)
        shown = np.minimum(self.value[rows] + self.round_to - 1, reach)
        told = np.select([state == SHOWN, state == BELOW], [shown, self.k - 1], NO_BOUND)
        return np.asarray(np.minimum(told, self.known_high[rows]), dtype=np.int64)

    @property
    def is_withheld(self) -> NDArray[np.bool_]:
        """Whether each cell is protected: a cell there is, and it is not shown."""
        return np.asarray((self.state != SHOWN) & (self.state != UNTOLD), dtype=bool)

    @property
    def is_secret(self) -> NDArray[np.bool_]:
        """Whether each cell is to be protected: not if it is known from elsewhere anyway."""
        is_known = self.known_high - self.known_low + 1 < self.least_width
        return np.asarray(self.is_withheld & ~is_known, dtype=bool)

    @property
    def is_there(self) -> NDArray[np.bool_]:
        """Whether anything is told of each cell, or known from elsewhere."""
        return np.asarray(
            (self.state != UNTOLD) | (self.known_low > 0) | (self.known_high < NO_BOUND), dtype=bool
        )

    def place_in(self, cube: int, place: int, coordinate: int) -> int:
        """Return the index of a cell by its place and coordinate inside a cube."""
        return self.starts[cube] + place * len(self.cubes[cube].coordinates) + coordinate


def table_of(cubes: Sequence[Counted], grounds: Grounds, k: int, round_to: int, l_least: int) -> Cells:
    """Return all cells with what is told of each on its own: below k, alike, or rounded."""
    fineness = grounds.fineness
    starts, counts, keys, details, told = [0], [], [], [], []
    for cube in cubes:
        cut = np.array([sum(index >= 0 for index in at) for at in cube.coordinates], dtype=np.int64)
        adding = cube.adding.T
        for held, place in zip(cube.held, cube.places, strict=True):
            counts.append(cube.n[held].sum(axis=0) @ adding)
            keys.append(cube.keys[held].sum(axis=0) @ adding)
            details.append(fineness[place] * 10 + cut)
        is_now = np.array([place not in grounds.past for place in cube.places], dtype=bool)
        told.append((cube.is_told & is_now[:, None]).ravel())
        starts.append(starts[-1] + len(cube.places) * len(cube.coordinates))
    n = np.concatenate(counts) if counts else np.zeros(0, dtype=np.int64)
    key = np.concatenate(keys) if keys else np.zeros(0, dtype=np.int64)
    detail = np.concatenate(details) if details else np.zeros(0, dtype=np.int64)
    state = np.where(n < k, BELOW, SHOWN).astype(np.int8)
    is_told = np.concatenate(told) if told else np.zeros(0, dtype=bool)
    state[(n < k) & (key % MINGLED == 1)] = OTHERS
    state[~is_told] = UNTOLD
    value = np.array(
        [rounded(a, b, round_to) for a, b in zip(n.tolist(), key.tolist(), strict=True)], dtype=np.int64
    )
    cells = Cells(
        cubes, starts, n, key, detail, state, value, np.zeros(len(n), dtype=np.int64),
        np.full(len(n), NO_BOUND, dtype=np.int64), k, round_to, least_width=k,
    )  # fmt: skip
    for number in range(len(cubes)):
        withhold_alike(cells, number, l_least)
    return cells


def withhold_alike(cells: Cells, number: int, l_least: int) -> None:
    """Withhold what would tell a sensitive value of everybody in a group: fewer than ``l_least`` values occur."""
    cube = cells.cubes[number]
    for axis, dimension in enumerate(cube.cube.dimensions):
        if not dimension.is_sensitive:
            continue
        n_groups = len(dimension.groups)
        groups: dict[tuple[int, ...], list[int]] = {}
        for index, at in enumerate(cube.coordinates):
            if at[axis] >= 0:
                groups.setdefault((*at[:axis], *at[axis + 1 :]), []).append(index)
        for place in range(len(cube.places)):
            for indexes in groups.values():
                own = np.array([cells.place_in(number, place, i) for i in indexes])
                finest = np.array([cube.coordinates[i][axis] >= n_groups for i in indexes])
                if np.count_nonzero(cells.n[own[finest]]) < l_least:
                    cells.state[own[cells.state[own] != UNTOLD]] = ALIKE
