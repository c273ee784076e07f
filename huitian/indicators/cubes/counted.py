"""The true counts of a register by places and dimensions, as arrays: what a release is made from, and never leaves.

Members are held by *atoms*, the finest areas that the places of all trees cut out together, and for every cube by
its *units*, the areas of its deepest level. A place is a set of atoms, and of units, so that every count that is
released is a sum of them.

A cube that is told more coarsely deep down is held as two layers. Deep down, what no count tells apart is one unknown;
single values stand once for each area that is told them. Both say the same of the city: whatever the areas and the
deep places hold of a group, there are people to fill it, as long as both sums are equal.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

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
        past: Those places that only the release before told, as they were then.
    """

    place_ids: Sequence[str]
    depth: Ints
    levels: Sequence[Level]
    trees: Sequence[str]
    paths: Sequence[tuple[int, ...]]
    past: frozenset[int] = frozenset()

    @property
    def fineness(self) -> Ints:
        """How fine each place is by its level, whatever tree it is in."""
        return np.array([LEVELS.index(level) for level in self.levels], dtype=np.int64)


@dataclass
class Counted:
    """One cube, or one layer of it, counted.

    Attributes:
        cube: Its declaration.
        places: Places that it is released for, by index.
        held: For each of them the units below it.
        n: Members of each unit and cell; the cells are the finest there are, or what deep down is told apart.
        keys: Sums of their cell keys.
        unit_of_atom: The unit that holds each atom.
        coordinates: Every cell that a place may have: for each dimension the index of what it tells, or ``EVERY``.
        members: For each of these the cells that it adds up.
        is_told: Whether a place has a cell, by place and coordinate: deep down only groups are told.
        coarser: Of the layer of single values: for each of its cells the cell of the layer before that holds it.
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
    coarser: Ints | None = None

    @cached_property
    def holding(self) -> tuple[Ints, Ints]:
        """Every unit of every place, and the place by position."""
        found = np.concatenate(self.held) if self.held else np.zeros(0, dtype=np.int64)
        return found, np.repeat(np.arange(len(self.held)), [len(one) for one in self.held])

    @cached_property
    def adding(self) -> Ints:
        """One row a coordinate, one column a cell: 1 where the cell is added up."""
        found = np.zeros((len(self.members), self.n.shape[1]), dtype=np.int64)
        for index, cells in enumerate(self.members):
            found[index, cells] = 1
        return found


def sizes(dimensions: Sequence[Dimension]) -> tuple[int, ...]:
    """Return how many finest values each dimension has, ``unknown`` included."""
    return tuple(len(d.values) + 1 for d in dimensions)


def lattice(dimensions: Sequence[Dimension], present: Ints) -> tuple[list[tuple[int, ...]], list[Ints]]:
    """Return every cell that a place may have, its total first, and the finest cells that each adds up.

    Args:
        dimensions: By what is divided.
        present: Whether any member of the city is in a finest cell; ``unknown`` is told only where it occurs.
    """
    shape = sizes(dimensions)
    there = present.reshape(shape)
    choices: list[list[tuple[int, list[int]]]] = []
    for axis, dimension in enumerate(dimensions):
        occurs = np.moveaxis(there, axis, 0).reshape(shape[axis], -1).sum(axis=1).tolist()
        # Where nobody is unknown there is no such cell, and that is told by its not being there.
        values = [value for value in range(shape[axis]) if value < len(dimension.values) or occurs[value]]
        own: list[tuple[int, list[int]]] = [(EVERY, values)]
        for index, (_, held) in enumerate(dimension.groups):
            own.append((index, [dimension.values.index(value) for value in held]))
        n_groups = len(dimension.groups)
        own += [(n_groups + value, [value]) for value in values]
        choices.append(own)
    coordinates: list[tuple[int, ...]] = [()]
    indexes: list[list[list[int]]] = [[]]
    for own in choices:
        coordinates = [(*at, index) for at in coordinates for index, _ in own]
        indexes = [[*so_far, held] for so_far in indexes for _, held in own]
    found_at, found = [], []
    for at, chosen in zip(coordinates, indexes, strict=True):
        grid = np.meshgrid(*[np.array(one) for one in chosen], indexing="ij")
        found_at.append(at)
        found.append(np.ravel_multi_index([g.ravel() for g in grid], shape).astype(np.int64))
    return found_at, found


def name_of(dimension: Dimension, index: int) -> str:
    """Return what a cut calls a value of a dimension by its index."""
    told = (*dimension.told, "unknown")
    return told[index]


def reached(grounds: Grounds, tree_id: str, level: str) -> NDArray[np.bool_]:
    """Return which places of a tree are of a level or above it, by their depth; a tree may lack a level.

    Of a tree that begins below the level that is none. Places that only the release before told go by the depths of
    then: a level may have come or gone since.
    """
    above = frozenset(LEVELS[: LEVELS.index(level) + 1])
    found = np.zeros(len(grounds.place_ids), dtype=bool)
    deepest = -1
    for is_past in (False, True):
        own = [
            p for p, tree in enumerate(grounds.trees) if tree == tree_id and (p in grounds.past) == is_past
        ]
        deepest = max((int(grounds.depth[p]) for p in own if grounds.levels[p] in above), default=deepest)
        found[[p for p in own if grounds.depth[p] <= deepest]] = True
    return found


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


def units_of(grounds: Grounds, cutting: Set[int]) -> tuple[Ints, list[tuple[int, ...]]]:
    """Return the unit of each atom where some places cut the city up, and which of these places hold each unit."""
    ids: dict[tuple[int, ...], int] = {}
    found = np.zeros(len(grounds.paths), dtype=np.int64)
    for atom, path in enumerate(grounds.paths):
        found[atom] = ids.setdefault(tuple(p for p in path if p in cutting), len(ids))
    return found, list(ids)


def held_by(places: Iterable[int], units: Sequence[tuple[int, ...]]) -> dict[int, Ints]:
    """Return the units of every place that has any."""
    found: dict[int, list[int]] = {p: [] for p in places}
    for unit, inside in enumerate(units):
        for place in inside:
            if place in found:
                found[place].append(unit)
    return {place: np.array(own, dtype=np.int64) for place, own in found.items() if own}


def told_at(grounds: Grounds, cube: Cube, places: Iterable[int], coordinates: Sequence[tuple[int, ...]]
            ) -> NDArray[np.bool_]:  # fmt: skip
    """Return which places tell which coordinates: single values only down to the level that the cube says."""
    own = list(places)
    found = np.ones((len(own), len(coordinates)), dtype=bool)
    for axis, dimension in enumerate(cube.dimensions):
        if dimension.fine_level:
            is_deep = ~reached(grounds, cube.tree_id, dimension.fine_level)[own]
            is_fine = np.array([at[axis] >= len(dimension.groups) for at in coordinates])
            found &= ~(is_deep[:, None] & is_fine[None, :])
    return found


def divided(grounds: Grounds, cube: Cube, cells: Mapping[tuple[int, int], tuple[int, int]]) -> list[Counted]:
    """Return a cube with dimensions, as one layer or two; none where its tree has no place of its level or above.

    Args:
        grounds: The places.
        cube: Its declaration.
        cells: (atom, finest cell) → how many members, and the sum of their keys.
    """
    own = frozenset(np.flatnonzero(reached(grounds, cube.tree_id, cube.level)).tolist())
    if not own - grounds.past:
        return []
    unit_of_atom, units = units_of(grounds, own)
    n = np.zeros((len(units), int(np.prod(sizes(cube.dimensions)))), dtype=np.int64)
    keys = np.zeros_like(n)
    for (atom, cell), (count, key) in cells.items():
        n[unit_of_atom[atom], cell] += count
        keys[unit_of_atom[atom], cell] += key
    coordinates, members = lattice(cube.dimensions, n.sum(axis=0))
    there = np.sort(members[0])
    n, keys = n[:, there], keys[:, there]
    coordinates, members = coordinates[1:], [np.searchsorted(there, one) for one in members[1:]]
    held = held_by(sorted(own), units)
    is_told = told_at(grounds, cube, held, coordinates)
    whole = Counted(
        cube, np.array(list(held), dtype=np.int64), list(held.values()), n, keys, unit_of_atom, coordinates,
        members, is_told,
    )  # fmt: skip
    is_deep: NDArray[np.bool_] = np.asarray(is_told.all(axis=0))
    # What is sensitive is judged by all values of a place together.
    if is_deep.all() or any(dimension.is_sensitive for dimension in cube.dimensions):
        return [whole]
    return layers(grounds, whole, units, is_deep)


def layers(
    grounds: Grounds, whole: Counted, units: Sequence[tuple[int, ...]], is_deep: NDArray[np.bool_]
) -> list[Counted]:
    """Return a cube as two layers: what every place tells, and what only those further up do."""
    told = whole.adding[is_deep]
    _, class_of_cell = np.unique(told, axis=1, return_inverse=True)
    class_of_cell = class_of_cell.ravel()
    n_classes = int(class_of_cell.max()) + 1
    merging = (class_of_cell[:, None] == np.arange(n_classes)).astype(np.int64)
    deep = Counted(
        whole.cube, whole.places, whole.held, whole.n @ merging, whole.keys @ merging, whole.unit_of_atom,
        [at for at, one in zip(whole.coordinates, is_deep, strict=True) if one],
        [np.unique(class_of_cell[m]) for m, one in zip(whole.members, is_deep, strict=True) if one],
        whole.is_told[:, is_deep],
    )  # fmt: skip
    is_high = whole.is_told[:, ~is_deep].any(axis=1)
    if not is_high.any():
        return [deep]
    high = [int(p) for p in whole.places[is_high]]
    area_of_atom, areas = units_of(grounds, frozenset(high))
    n = np.zeros((len(areas), whole.n.shape[1]), dtype=np.int64)
    keys = np.zeros_like(n)
    one_atom = np.zeros(len(units), dtype=np.int64)
    one_atom[whole.unit_of_atom] = np.arange(len(grounds.paths))
    np.add.at(n, area_of_atom[one_atom], whole.n)
    np.add.at(keys, area_of_atom[one_atom], whole.keys)
    held = held_by(high, areas)
    fine = Counted(
        whole.cube, np.array(list(held), dtype=np.int64), list(held.values()), n, keys, area_of_atom,
        [at for at, one in zip(whole.coordinates, is_deep, strict=True) if not one],
        [m for m, one in zip(whole.members, is_deep, strict=True) if not one],
        whole.is_told[is_high][:, ~is_deep], class_of_cell,
    )  # fmt: skip
    return [deep, fine]
