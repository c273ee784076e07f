"""A part of the city as unknowns and sums of them: the rows and columns of a linear programme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huitian.indicators.cubes.counted import Ints
from huitian.indicators.cubes.table import Cells

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Block:
    """A part of the city as a linear programme.

    Attributes:
        rows: The cells that have a part in it.
        indptr: Where the unknowns of each row start in ``indices``.
        indices: Unknowns of each row.
        rest: How much of each row lies outside.
        n_columns: How many unknowns.
        links: Unknowns that together are as many as others, and by how many the others inside the block are more.
        own: Those of ``rows`` that are to be asked for in this block.
    """

    rows: Ints
    indptr: Ints
    indices: Ints
    rest: Floats
    n_columns: int
    links: list[tuple[Ints, Ints, float]]
    own: NDArray[np.bool_]

    @property
    def weights(self) -> Ints:
        """The row of each entry of ``indices``, by position."""
        return np.repeat(np.arange(len(self.rows)), np.diff(self.indptr))


@dataclass(slots=True)
class Columns:
    """The unknowns of one cube inside a block.

    Attributes:
        units: Its units.
        of_atom: For each atom of the block, its unit by position in ``units``.
        first: The first unknown.
        width: Unknowns of a unit.
    """

    units: Ints
    of_atom: Ints
    first: int
    width: int

    def of(self, positions: Ints, cells: Ints) -> Ints:
        """Return the unknowns of units by position and cells."""
        found: Ints = self.first + positions[:, None] * self.width + cells[None, :]
        return found.ravel()


def block_of(cells: Cells, world: Sequence[Floats], atoms: Ints) -> Block:
    """Return the block of some atoms, and of every unit that holds one of them.

    Args:
        cells: All cells.
        world: The count of every unit and cell of every cube, in a city that agrees with everything.
        atoms: Whole units of every cube, but for those of layers of single values.
    """
    rows, sizes, indices, rest, own = [], [], [], [], []
    n_columns, parts = 0, []
    is_there = cells.is_there
    for number, cube in enumerate(cells.cubes):
        units, of_atom = np.unique(cube.unit_of_atom[atoms], return_inverse=True)
        part = Columns(units, of_atom, n_columns, cube.n.shape[1])
        parts.append(part)
        n_columns += len(units) * part.width
        position = np.full(len(cube.n), -1, dtype=np.int64)
        position[units] = np.arange(len(units))
        counts, adding = world[number], cube.adding.T
        units_held, holders = cube.holding
        for place in np.unique(holders[position[units_held] >= 0]).tolist():
            held = cube.held[place]
            inside = held[position[held] >= 0]
            outside = (counts[held].sum(axis=0) - counts[inside].sum(axis=0)) @ adding
            start = cells.place_in(number, place, 0)
            for coordinate in np.flatnonzero(is_there[start : start + len(cube.members)]):
                rows.append(start + int(coordinate))
                own.append(bool(position[held[0]] >= 0))
                columns = part.of(position[inside], cube.members[coordinate])
                indices.append(columns)
                sizes.append(len(columns))
                rest.append(float(outside[coordinate]))
    return Block(
        np.array(rows, dtype=np.int64), np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        np.concatenate(indices) if indices else np.zeros(0, dtype=np.int64), np.array(rest), n_columns,
        links_of(cells, world, atoms, parts), np.array(own, dtype=bool),
    )  # fmt: skip


def links_of(
    cells: Cells, world: Sequence[Floats], atoms: Ints, parts: Sequence[Columns]
) -> list[tuple[Ints, Ints, float]]:
    """Return what holds the cubes together: a unit has as many as its atoms, a single layer as the one before."""
    found: list[tuple[Ints, Ints, float]] = []
    nothing = np.zeros(1, dtype=np.int64)
    for number, cube in enumerate(cells.cubes):
        if number == 0:
            continue
        own = parts[number]
        if cube.coarser is None:
            for unit in range(len(own.units)):
                members = parts[0].of_atom[own.of_atom == unit]
                found.append((
                    parts[0].of(members, nothing), own.of(np.array([unit]), np.arange(own.width)),
                    float(world[0][parts[0].units[members]].sum() - world[number][own.units[unit]].sum()),
                ))  # fmt: skip
            continue
        before = parts[number - 1]
        area_of_unit = np.zeros(len(before.units), dtype=np.int64)
        area_of_unit[before.of_atom] = own.of_atom
        for area in range(len(own.units)):
            members = np.flatnonzero(area_of_unit == area)
            for group in range(before.width):
                single = np.flatnonzero(cube.coarser == group)
                inside = world[number - 1][before.units[members], group].sum()
                found.append((
                    before.of(members, np.array([group])), own.of(np.array([area]), single),
                    float(inside - world[number][own.units[area], single].sum()),
                ))  # fmt: skip
    return found
