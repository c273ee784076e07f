"""The true counts of a register by places and dimensions, as arrays: what a release is made from, and never leaves.

Members are held by *atoms*, the finest areas that the places of all trees cut out together, and for every cube by
its *units*, the areas of its deepest level. A place is a set of atoms, and of units, so that every count that is
released is a sum of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huitian.indicators.cubes.declared import Cube, Dimension
from huitian.model.place import LEVELS, Level

Ints = NDArray[np.int64]
EVERY = -1
"""Stands for all values of a dimension."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """The places that are released, and which atoms each holds.

    Attributes:
        place_ids: Places, in order of depth.
        depth: Depth of each in its tree, the top 0.
        levels: Level of each.
        trees: Tree of each.
        paths: For each atom the places that hold it, of every tree, by index.
    """

    place_ids: Sequence[str]
    depth: Ints
    levels: Sequence[Level]
    trees: Sequence[str]
    paths: Sequence[tuple[int, ...]]

    @property
    def fineness(self) -> Ints:
        """How fine each place is by its level, whatever tree it is in."""
        return np.array([LEVELS.index(level) for level in self.levels], dtype=np.int64)


@dataclass(slots=True)
class Counted:
    """One cube, counted.

    Attributes:
        cube: Its declaration.
        places: Places that it is released for, by index.
        held: For each of them the units below it.
        n: Members of each unit and finest cell, flat over the dimensions.
        keys: Sums of their cell keys.
        unit_of_atom: The unit that holds each atom.
        coordinates: Every cell that a place may have: for each dimension the index of what it tells, or ``EVERY``.
        members: For each of these the finest cells that it adds up.
        is_told: Whether a place has a cell, by place and coordinate: deep down only groups are told.
    """

    cube: Cube
    places: Ints
    held: list[Ints]
    n: Ints
    keys: Ints
    unit_of_atom: Ints
    coordinates: list[tuple[int, ...]] = field(default_factory=list)
    members: list[Ints] = field(default_factory=list)
    is_told: NDArray[np.bool_] = field(default_factory=lambda: np.ones((0, 0), dtype=bool))


def sizes(dimensions: Sequence[Dimension]) -> tuple[int, ...]:
    """Return how many finest values each dimension has, ``unknown`` included."""
    return tuple(len(d.values) + 1 for d in dimensions)


def lattice(dimensions: Sequence[Dimension], present: Ints) -> tuple[list[tuple[int, ...]], list[Ints]]:
    """Return every cell that a place has but its total, and the finest cells that each adds up.

    Args:
        dimensions: By what is divided.
        present: Whether any member of the city is in a finest cell; ``unknown`` is told only where it occurs.
    """
    shape = sizes(dimensions)
    there = present.reshape(shape)
    choices: list[list[tuple[int, list[int]]]] = []
    for axis, dimension in enumerate(dimensions):
        own: list[tuple[int, list[int]]] = [(EVERY, list(range(shape[axis])))]
        for index, (_, held) in enumerate(dimension.groups):
            own.append((index, [dimension.values.index(value) for value in held]))
        n_groups = len(dimension.groups)
        occurs = np.moveaxis(there, axis, 0).reshape(shape[axis], -1).sum(axis=1).tolist()
        own += [
            (n_groups + value, [value])
            for value in range(shape[axis])
            if value < len(dimension.values) or occurs[value]
        ]
        choices.append(own)
    coordinates: list[tuple[int, ...]] = [()]
    indexes: list[list[list[int]]] = [[]]
    for own in choices:
        coordinates = [(*at, index) for at in coordinates for index, _ in own]
        indexes = [[*so_far, held] for so_far in indexes for _, held in own]
    found_at, found = [], []
    for at, chosen in zip(coordinates, indexes, strict=True):
        if any(index != EVERY for index in at):
            grid = np.meshgrid(*[np.array(one) for one in chosen], indexing="ij")
            found_at.append(at)
            found.append(np.ravel_multi_index([g.ravel() for g in grid], shape).astype(np.int64))
    return found_at, found


def name_of(dimension: Dimension, index: int) -> str:
    """Return what a cut calls a value of a dimension by its index."""
    told = (*dimension.told, "unknown")
    return told[index]


def deepest(grounds: Grounds, tree_id: str, level: str) -> int:
    """Return the depth of the last places of a tree that are of a level or above it; a tree may lack a level."""
    above = frozenset(LEVELS[: LEVELS.index(level) + 1])
    return max((
        int(d) for d, t, own in zip(grounds.depth, grounds.trees, grounds.levels, strict=True)
        if t == tree_id and own in above
    ), default=0)  # fmt: skip


def totals(grounds: Grounds, n: Ints, keys: Ints, cube: Cube) -> Counted:
    """Return a cube without dimensions: its units are the atoms themselves."""
    held: list[list[int]] = [[] for _ in grounds.place_ids]
    for atom, path in enumerate(grounds.paths):
        for place in path:
            held[place].append(atom)
    # Of a place without a building nothing is told: that nobody lives there is on the map.
    chosen = [p for p, inside in enumerate(held) if inside and cube.tree_id in {"", grounds.trees[p]}]
    return Counted(
        cube, np.array(chosen, dtype=np.int64), [np.array(held[p], dtype=np.int64) for p in chosen],
        n.reshape(-1, 1), keys.reshape(-1, 1), np.arange(len(n), dtype=np.int64), [()],
        [np.zeros(1, dtype=np.int64)], np.ones((len(chosen), 1), dtype=bool),
    )  # fmt: skip


def divided(
    grounds: Grounds, cube: Cube, cells: Mapping[tuple[int, int], tuple[int, int]], depth: int,
    apart: Sequence[int] = (),
) -> Counted:  # fmt: skip
    """Return a cube with dimensions.

    Args:
        grounds: The places.
        cube: Its declaration.
        cells: (atom, finest cell) → how many members, and the sum of their keys.
        depth: Depth of its level in its tree.
        apart: Places of other editions; a unit never lies on both sides of one of them.
    """
    own = {
        p for p in range(len(grounds.place_ids))
        if grounds.trees[p] == cube.tree_id and grounds.depth[p] <= depth
    }  # fmt: skip
    cutting = own | set(apart)
    unit_ids: dict[tuple[int, ...], int] = {}
    unit_of_atom = np.zeros(len(grounds.paths), dtype=np.int64)
    for atom, path in enumerate(grounds.paths):
        inside = tuple(p for p in path if p in cutting)
        unit_of_atom[atom] = unit_ids.setdefault(inside, len(unit_ids))
    n_cells = int(np.prod(sizes(cube.dimensions)))
    n = np.zeros((len(unit_ids), n_cells), dtype=np.int64)
    keys = np.zeros_like(n)
    for (atom, cell), (count, key) in cells.items():
        n[unit_of_atom[atom], cell] += count
        keys[unit_of_atom[atom], cell] += key
    held: dict[int, list[int]] = {p: [] for p in sorted(own)}
    for path, unit in unit_ids.items():
        for place in path:
            if place in held:
                held[place].append(unit)
    held = {place: units for place, units in held.items() if units}
    coordinates, members = lattice(cube.dimensions, n.sum(axis=0))
    is_told = np.ones((len(held), len(coordinates)), dtype=bool)
    for axis, dimension in enumerate(cube.dimensions):
        if dimension.fine_level:
            last = deepest(grounds, cube.tree_id, dimension.fine_level)
            is_deep = np.array([grounds.depth[p] > last for p in held])
            is_fine = np.array([at[axis] >= len(dimension.groups) for at in coordinates])
            is_told &= ~(is_deep[:, None] & is_fine[None, :])
    return Counted(
        cube, np.array(list(held), dtype=np.int64), [np.array(units, dtype=np.int64) for units in held.values()],
        n, keys, unit_of_atom, coordinates, members, is_told,
    )  # fmt: skip
