"""What somebody can work out who joins everything that is released: linear programmes, by HiGHS.

The unknowns are the finest counts. Each cell that was released or withheld is a row: a sum of them between bounds
(``table``). The programme is asked for the least and the most that a withheld cell can be. Because every solution
is a whole city that agrees with all that was told, one solution widens what is known of every cell at once.

A large city is gone through block by block, the rest held at a city that agrees with everything. What is found so
is never wider than the truth, so a cell that is found protected is protected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huitian.indicators.cubes.block import Block, Floats, block_of
from huitian.indicators.cubes.counted import Ints
from huitian.indicators.cubes.table import NO_BOUND, Cells

NEAR = 1e-6
ROUNDS = 6
"""How often many cells are pushed at once before each that is left is asked for alone."""


@dataclass(slots=True)
class Found:
    """What cities were found that agree with everything that was told.

    Attributes:
        least: The least of each cell in any of them.
        most: The most.
        n_programmes: Linear programmes that were solved.
    """

    least: Floats
    most: Floats
    n_programmes: int = 0

    def width(self) -> Ints:
        """Return how many whole numbers each cell can be."""
        return (np.floor(self.most + NEAR) - np.ceil(self.least - NEAR) + 1).astype(np.int64)

    def is_open(self, cells: Cells) -> NDArray[np.bool_]:
        """Return which withheld cells could hide too few; one that is enough for certain needs nothing."""
        few = cells.least_width
        return np.asarray(cells.is_secret & ((cells.n < few) | (self.least < few - NEAR)), dtype=bool)


class Programme:
    """A block as HiGHS holds it; the next question starts from the answer to the last."""

    def __init__(self, cells: Cells, block: Block, world_value: Floats) -> None:
        import highspy

        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        # The answer to the last question stays possible for the next: only what is asked changes, or a bound is let go.
        self._highs.setOptionValue(
            "simplex_strategy", highspy.simplex_constants.SimplexStrategy.kSimplexStrategyPrimal
        )
        self._free = max(4 * cells.k, 3 * cells.round_to)
        self._maximize = highspy.ObjSense.kMaximize
        self._minimize = highspy.ObjSense.kMinimize
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._cells, self._block, self._world = cells, block, world_value
        self._spans = block.weights
        low, high = self.bounds()
        lp = highspy.HighsLp()
        n_links = len(block.links)
        lp.num_col_, lp.num_row_ = block.n_columns, len(block.rows) + n_links
        lp.col_cost_ = np.zeros(block.n_columns)
        lp.col_lower_ = np.zeros(block.n_columns)
        lp.col_upper_ = np.full(block.n_columns, highspy.kHighsInf)
        surplus = np.array([rest for _, _, rest in block.links])
        lp.row_lower_ = np.concatenate([low, surplus])
        lp.row_upper_ = np.concatenate([high, surplus])
        link_sizes = np.array([len(a) + len(b) for a, b, _ in block.links], dtype=np.int64)
        starts = np.concatenate([block.indptr, block.indptr[-1] + np.cumsum(link_sizes)])
        linked = [np.concatenate([a, b]) for a, b, _ in block.links]
        signs = [np.concatenate([np.ones(len(a)), -np.ones(len(b))]) for a, b, _ in block.links]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([block.indices, *linked]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([np.ones(len(block.indices)), *signs])
        self._highs.passModel(lp)
        self._all_columns = np.arange(block.n_columns, dtype=np.int32)

    def bounds(self) -> tuple[Floats, Floats]:
        """Return between what the part of each row inside the block must lie."""
        rows = self._block.rows
        low, high = self._cells.low_of(rows), self._cells.high_of(rows).astype(np.float64)
        # Without an upper bound a programme would run away: so much room is enough for any cell to be protected.
        high = np.where(high >= NO_BOUND, np.maximum(self._world[rows], low) + self._free, high)
        return low - self._block.rest, high - self._block.rest

    def push(self, rows: Ints, *, is_up: bool, weight: Floats | None = None) -> bool:
        """Look for a city in which these cells (positions in the block) together are as large or small as can be."""
        block = self._block
        share = np.zeros(len(block.rows))
        share[rows] = 1.0 if weight is None else weight
        cost: Floats = np.zeros(block.n_columns)
        cost += np.bincount(block.indices, weights=share[self._spans], minlength=block.n_columns)
        self._highs.changeColsCost(block.n_columns, self._all_columns, cost)
        self._highs.changeObjectiveSense(self._maximize if is_up else self._minimize)
        self._highs.run()
        return bool(self._highs.getModelStatus() == self._optimal)

    def values(self) -> Floats:
        """Return what every row of the block is in the city that was found, what lies outside included."""
        told = np.array(self._highs.getSolution().row_value)[: len(self._block.rows)]
        return np.asarray(told + self._block.rest, dtype=np.float64)

    def columns(self) -> Floats:
        """Return the finest counts of the city that was found."""
        return np.asarray(self._highs.getSolution().col_value, dtype=np.float64)

    def prices(self) -> Floats:
        """Return by how much the answer would give way were a row's bound let out by one."""
        found: Floats = np.array(self._highs.getSolution().row_dual)[: len(self._block.rows)]
        return np.abs(found)

    def let_go(self, position: int) -> None:
        """Take over what is told of a row now that it is withheld."""
        low, high = self.bounds()
        self._highs.changeRowBounds(int(position), float(low[position]), float(high[position]))


def narrow_in(cells: Cells, block: Block, found: Found) -> Ints:
    """Return the positions of the withheld cells of a block that are not known to be protected yet."""
    rows = block.rows
    width = np.floor(found.most[rows] + NEAR) - np.ceil(found.least[rows] - NEAR) + 1
    is_open = block.own & cells.is_secret[rows] & (width < cells.least_width)
    return np.flatnonzero(is_open)


def note(found: Found, block: Block, programme: Programme) -> None:
    """Take over what a city that was found says of every cell."""
    values = programme.values()
    found.least[block.rows] = np.minimum(found.least[block.rows], values)
    found.most[block.rows] = np.maximum(found.most[block.rows], values)


def widen(cells: Cells, block: Block, programme: Programme, found: Found) -> Ints:
    """Push many cells at once until that shows no more of them protected; returns those that are left."""
    generator = np.random.default_rng(len(block.rows))
    left = narrow_in(cells, block, found)
    for round_no in range(ROUNDS):
        if not len(left):
            break
        before = len(left)
        for is_up in (True, False):
            weight = None if round_no == 0 else generator.random(len(left)) + 0.1
            found.n_programmes += 1
            if programme.push(left, is_up=is_up, weight=weight):
                note(found, block, programme)
        left = narrow_in(cells, block, found)
        if len(left) > before * 0.9:
            break
    return left


def attack(cells: Cells, world: Sequence[Floats], blocks: Sequence[Ints]) -> Found:
    """Return what can be worked out of every cell.

    Args:
        cells: What was told.
        world: A city that agrees with all of it.
        blocks: Atoms of each block; one block of all atoms is the whole programme.
    """
    values = values_of(cells, world)
    found = Found(values.copy(), values.copy())
    for atoms in blocks:
        ask(cells, world, atoms, values, found)
    if len(blocks) > 1:
        ask(cells, world, np.concatenate(blocks), values, found)
    return found


def ask(cells: Cells, world: Sequence[Floats], atoms: Ints, values: Floats, found: Found) -> None:
    """Ask for the least and the most of every cell of a block that is not known to be protected yet."""
    block = block_of(cells, world, atoms)
    if not len(narrow_in(cells, block, found)):
        return
    programme = Programme(cells, block, values)
    for position in widen(cells, block, programme, found):
        for is_up in (True, False):
            found.n_programmes += 1
            if programme.push(np.array([position]), is_up=is_up):
                note(found, block, programme)


def values_of(cells: Cells, world: Sequence[Floats]) -> Floats:
    """Return what every cell is in a city."""
    found = []
    for cube, counts in zip(cells.cubes, world, strict=True):
        adding = cube.adding.T
        found += [counts[held].sum(axis=0) @ adding for held in cube.held]
    return np.concatenate(found) if found else np.zeros(0)
