"""Complementary suppression: what else must be withheld so that nobody can work out what is withheld.

As long as the attacker narrows a cell to fewer than k values, one of the shown cells that it follows from is given
up. Which ones those are the programme says itself: the rows with a price. Of these the finest goes first, so that
a count is kept for the larger area, then for the coarser age (domain 06 §3).
"""

from collections.abc import Sequence

import numpy as np

from huitian.indicators.cubes.attack import NEAR, Found, Programme, ask, narrow_in, note, values_of, widen
from huitian.indicators.cubes.block import Block, Floats, block_of
from huitian.indicators.cubes.counted import Ints
from huitian.indicators.cubes.table import BELOW, OTHERS, SHOWN, Cells


def protect(cells: Cells, blocks: Sequence[Ints]) -> Found:
    """Withhold cells until every withheld one can still be k values; returns what the attacker is left with."""
    world: list[Floats] = [cube.n.astype(np.float64) for cube in cells.cubes]
    values = values_of(cells, world)
    found = Found(values.copy(), values.copy())
    is_settled = False
    while not is_settled:
        is_settled = True
        for atoms in blocks:
            block = block_of(cells, world, atoms)
            if not len(narrow_in(cells, block, found)):
                continue
            programme = Programme(cells, block, values)
            left = list(widen(cells, block, programme, found))
            while left:
                position = int(left.pop())
                given_up = settle(cells, block, programme, found, position)
                # What was given up has to be protected too; where it belongs to another block, that one is next.
                left += [p for p in given_up if block.own[p]]
                is_settled &= all(block.own[p] for p in given_up)
    if (found.width() < cells.least_width)[cells.is_secret].any():
        # Where nothing is left to give up, the truth may still be wider than the blocks say.
        ask(cells, world, np.concatenate(blocks), values, found)
    return found


def settle(cells: Cells, block: Block, programme: Programme, found: Found, position: int) -> list[int]:
    """Give up cells until one is protected; returns which."""
    given_up: list[int] = []
    row = block.rows[position]
    while True:
        for is_up in (True, False):
            if width(found, row) >= cells.least_width:
                return given_up
            found.n_programmes += 1
            if not programme.push(np.array([position]), is_up=is_up):
                continue
            note(found, block, programme)
            is_wide = width(found, row) >= cells.least_width
            victim = None if is_wide else dearest(cells, block, programme, position)
            if victim is not None:
                cells.state[block.rows[victim]] = OTHERS
                programme.let_go(victim)
                given_up.append(victim)
                break
        else:
            if cells.state[row] != BELOW:
                return given_up
            # What else is told leaves less than "below k" does, so this is no longer said of it.
            cells.state[row] = OTHERS
            programme.let_go(position)


def width(found: Found, row: int) -> int:
    """Return how many whole numbers a cell can be, as far as is known."""
    return int(np.floor(found.most[row] + NEAR) - np.ceil(found.least[row] - NEAR) + 1)


def dearest(cells: Cells, block: Block, programme: Programme, position: int) -> int | None:
    """Return which shown cell to give up for another; None where none holds it."""
    rows = block.rows
    values = programme.values()
    low, high = cells.low_of(rows), cells.high_of(rows)
    room = np.where(
        values > (low + high) / 2, cells.known_high[rows] - high, low - cells.known_low[rows]
    ).clip(0, 4 * cells.k)
    gain = programme.prices() * room
    is_bound = (cells.state[rows] == SHOWN) | (cells.state[rows] == BELOW)
    # What is known from elsewhere cannot be taken back.
    is_out = cells.known_high[rows] - cells.known_low[rows] + 1 < cells.least_width
    gain[~is_bound | is_out | (np.arange(len(rows)) == position)] = 0
    able = np.flatnonzero(gain > NEAR)
    if not len(able):
        return None
    # Of those that help enough one that is withheld anyway, then the finest.
    enough = able[gain[able] >= min(1.0, gain[able].max())]
    cell = rows[enough]
    order = np.lexsort((-gain[enough], -cells.detail[cell], cells.state[cell] == SHOWN))
    return int(enough[order[0]])
