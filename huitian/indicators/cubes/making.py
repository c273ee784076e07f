"""Making a release: protecting what was counted, and what is then told of each cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

import numpy as np

from huitian.indicators.cubes.attack import Found, Programme, attack, values_of
from huitian.indicators.cubes.block import Floats, block_of
from huitian.indicators.cubes.counted import Counted, Grounds, Ints, name_of
from huitian.indicators.cubes.counting import Members
from huitian.indicators.cubes.declared import Audience, cut_of
from huitian.indicators.cubes.suppress import protect
from huitian.indicators.cubes.table import (
    ALIKE,
    BELOW,
    GONE,
    NO_BOUND,
    OTHERS,
    SHOWN,
    STATES,
    UNTOLD,
    Cells,
    table_of,
)
from huitian.settings import Settings

LARGEST_BLOCK = 500
"""Unknowns of a block, unless one place of the deepest level has more."""

Told = tuple[str, int | None]
"""State and shown count of a cell."""

Known = Mapping[tuple[str, str], tuple[str, int | None, int, int]]
"""What was told before by (place, cut): state, shown count, its k and its rounding."""


def blocks_of(members: Members) -> list[Ints]:
    """Return the atoms of each block: parts of the tree of the cubes, as small as whole units of every cube allow."""
    grounds = members.grounds
    divided_cubes = [c for c in members.cubes if c.cube.dimensions]
    # Along which tree a city is cut there must be no question: a unit of another would lie in two parts.
    if len({c.cube.tree_id for c in divided_cubes}) != 1:
        return [np.arange(len(grounds.paths), dtype=np.int64)]
    tree_id = divided_cubes[0].cube.tree_id
    depths = [
        [int(grounds.depth[p]) for p in c.places if p not in grounds.past]
        for c in divided_cubes
        if c.coarser is None
    ]
    shallow = min((max(one) for one in depths if one), default=0)
    now = [p not in grounds.past and grounds.trees[p] == tree_id for p in range(len(grounds.place_ids))]
    found: list[Ints] = []

    def cut(atoms: list[int], depth: int) -> None:
        n_unknowns = sum(len(np.unique(c.unit_of_atom[atoms])) * c.n.shape[1] for c in members.cubes)
        if depth > shallow or n_unknowns <= LARGEST_BLOCK:
            found.append(np.array(atoms, dtype=np.int64))
            return
        parts: dict[int, list[int]] = defaultdict(list)
        for atom in atoms:
            above = [p for p in grounds.paths[atom] if now[p] and grounds.depth[p] == depth]
            parts[above[0] if above else -1].append(atom)
        # Alone, what stands nowhere has nobody to be mistaken for.
        nowhere = parts.pop(-1, [])
        if parts:
            max(parts.values(), key=len).extend(nowhere)
        else:
            found.append(np.array(nowhere, dtype=np.int64))
        for part in parts.values():
            cut(part, depth + 1)

    cut(list(range(len(grounds.paths))), 0)
    return found


def cut_at(cube: Counted, coordinate: int) -> str:
    """Return the words of a cell's cut."""
    at = cube.coordinates[coordinate]
    return cut_of([
        (d.name, name_of(d, index)) for d, index in zip(cube.cube.dimensions, at, strict=True) if index >= 0
    ])  # fmt: skip


def named(cells: Cells, grounds: Grounds) -> list[tuple[str, str]]:
    """Return place and cut of every cell, in order."""
    found = []
    for cube in cells.cubes:
        cuts = [cut_at(cube, c) for c in range(len(cube.coordinates))]
        for place in cube.places:
            found += [(grounds.place_ids[place], one) for one in cuts]
    return found


def know(cells: Cells, names: Sequence[tuple[str, str]], known: Known) -> None:
    """Take over what was told before, where it is still true: then nobody came or went, for all that is known.

    What was withheld of a place that is no more stays protected.
    """
    for index, name in enumerate(names):
        if name not in known:
            continue
        state, value, k, round_to = known[name]
        if state == "normal" and value is not None:
            low, high = max(value - round_to + 1, k), value + round_to - 1
        else:
            low, high = 0, k - 1 if state == "below_k" else NO_BOUND
        if low <= cells.n[index] <= high:
            cells.known_low[index] = max(cells.known_low[index], low)
            cells.known_high[index] = min(cells.known_high[index], high)
            if state != "normal" and cells.state[index] == UNTOLD:
                cells.state[index] = GONE


def release_of(
    members: Members, audience: Audience, settings: Settings, known: Sequence[Known] = (),
    withheld: Set[tuple[str, str]] = frozenset(), least_width: int | None = None,
) -> tuple[Cells, Found, dict[tuple[str, str], Told]]:  # fmt: skip
    """Return the protected cells of one audience; staff see both, so the one for inside is made first.

    Args:
        members: The counts.
        audience: ``outside`` with the larger k, ``inside`` with the smaller.
        settings: k, rounding and l.
        known: What the readers of this release know already: the releases before, with their places called as in
            ``Members.before``.
        withheld: What the release for inside withholds for others: shown here, staff would know it.
        least_width: Fewest values that a withheld cell must be able to have; None for k.
    """
    is_inside = audience == "inside"
    k = settings.k_inside if is_inside else settings.k_outside
    cells = table_of(members.cubes, members.grounds, k, settings.round_to, settings.l_least)
    cells.k_besides = settings.k_outside if is_inside else 0
    cells.least_width = least_width or k
    names = named(cells, members.grounds)
    for one in known:
        know(cells, names, one)
    # What is known so well that nothing is left to protect is told again, not withheld in vain.
    is_known = (cells.known_high - cells.known_low + 1 < cells.least_width) | (
        (cells.known_low >= k) & (cells.known_high < cells.n + settings.round_to)
    )
    is_again = np.isin(cells.state, (OTHERS, ALIKE)) & is_known & (cells.n >= k)
    cells.state[is_again] = SHOWN
    is_held = np.array([name in withheld for name in names], dtype=bool)
    cells.state[is_held & np.isin(cells.state, (SHOWN, BELOW))] = OTHERS
    found = protect(cells, blocks_of(members))
    told: dict[tuple[str, str], Told] = {}
    for index, name in enumerate(names):
        state = int(cells.state[index])
        if state not in {UNTOLD, GONE}:
            told[name] = (STATES[state], int(cells.value[index]) if state == SHOWN else None)
    return cells, found, told


def attacked(
    members: Members, told: Mapping[tuple[str, str], Told], k: int, round_to: int, known: Sequence[Known],
    least_width: int | None = None,
) -> Ints:  # fmt: skip
    """Return how many values everything that is told leaves to each withheld cell.

    Args:
        members: The counts of the register, from which only the shape of the programme is taken, and a city to
            start from where they still agree with what was told.
        told: What was released.
        k: Its floor.
        round_to: Its rounding.
        known: What its readers know besides.
        least_width: Fewest values that a withheld cell had to be able to have; None for its floor.
    """
    cells = table_of(members.cubes, members.grounds, k, round_to, 0)
    cells.least_width = least_width or k
    names = named(cells, members.grounds)
    for index, name in enumerate(names):
        state, value = told.get(name, ("", None))
        cells.state[index] = {"normal": SHOWN, "below_k": BELOW, "withheld": OTHERS}.get(state, UNTOLD)
        cells.value[index] = value or 0
    for one in known:
        know(cells, names, one)
    world = agreeing(cells, members)
    found = attack(cells, world, blocks_of(members))
    return found.width()[found.is_open(cells)]


def agreeing(cells: Cells, members: Members) -> list[Floats]:
    """Return a city that agrees with all that was told: the true one, or one that a programme finds."""
    world = [cube.n.astype(np.float64) for cube in members.cubes]
    values = values_of(cells, world)
    if bool(((values >= cells.low) & (values <= cells.high))[cells.is_there].all()):
        return world
    block = block_of(cells, world, np.arange(len(members.grounds.paths), dtype=np.int64))
    # Nothing is asked, so nothing runs away: what is withheld may be as large as it was when it was counted.
    programme = Programme(cells, block, np.full(len(values), float(NO_BOUND // 2)))
    programme.push(np.zeros(0, dtype=np.int64), is_up=True)
    columns, start = programme.columns(), 0
    found = []
    for cube in members.cubes:
        found.append(columns[start : start + cube.n.size].reshape(cube.n.shape))
        start += cube.n.size
    return found
