"""Making a release: counting, protecting, and what is then told of each cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from huitian.base.planner import Planner
from huitian.indicators.cubes.attack import Floats, Found, Programme, attack, block_of, values_of
from huitian.indicators.cubes.counted import Counted, Grounds, Ints, deepest, divided, name_of, sizes, totals
from huitian.indicators.cubes.declared import UNKNOWN, Audience, Cube, cut_of
from huitian.indicators.cubes.suppress import protect
from huitian.indicators.cubes.table import BELOW, NO_BOUND, OTHERS, SHOWN, STATES, UNTOLD, Cells, table_of
from huitian.model.place import Level
from huitian.model.query import Condition, Query, Tally
from huitian.model.scope import Scope
from huitian.settings import Settings

EVERY_ROW = 100_000_000
SYSTEM = Scope("system", None, "V3", "system")
LARGEST_BLOCK = 2500
"""Unknowns of a block, unless one place of the deepest level has more."""

Told = tuple[str, int | None]
"""State and shown count of a cell."""

Known = Mapping[tuple[str, str], tuple[str, int | None, int, int]]
"""What was told before by (place, cut): state, shown count, its k and its rounding."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one register, as places and dimensions hold them.

    Attributes:
        grounds: The places.
        cubes: The cubes of the register, counted; the first has no dimensions.
        edition_ids: Editions of the trees.
    """

    grounds: Grounds
    cubes: list[Counted]
    edition_ids: list[str]


def grounds_of(
    planner: Planner, buildings: Sequence[str], on: date
) -> tuple[Grounds, dict[str, int], list[str]]:
    """Return the places of every tree on a day and the atom of each building; ``""`` stands nowhere."""
    places = planner.places
    ids: list[str] = []
    depth: list[int] = []
    levels: list[Level] = []
    trees: list[str] = []
    index: dict[str, int] = {}
    paths: dict[str, tuple[int, ...]] = {}
    above: dict[str, str | None] = {}
    edition_ids = []
    for tree_id in sorted(places.trees):
        edition = places.edition(tree_id, on)
        if edition is None:
            continue
        edition_ids.append(edition.edition_id)
        for node in places.nodes_of(edition.edition_id):
            index[node.place_id] = len(ids)
            above[node.place_id] = node.parent_id
            ids.append(node.place_id)
            depth.append(node.depth)
            levels.append(places.by_id[node.place_id].level)
            trees.append(tree_id)

    def path_of(place_id: str | None) -> tuple[int, ...]:
        found: list[int] = []
        while place_id is not None and place_id in index:
            found.append(index[place_id])
            place_id = above[place_id]
        return tuple(sorted(found))

    # Who stands nowhere is of the whole city all the same.
    tops = [p for p, up in above.items() if up is None and places.is_whole_city(p)]
    paths[""] = tuple(sorted(index[p] for p in tops))
    standing: dict[str, set[int]] = defaultdict(lambda: set(paths[""]))
    for tree_id in sorted(places.trees):
        allowed = planner.allow(SYSTEM, "building", tree_id=tree_id)
        query = Query(
            "building", (Condition("place_id", "not_null"),), ("building_id", "place_id"), limit=EVERY_ROW
        )
        for row in planner.read(allowed, query).rows:
            standing[row["building_id"]].update(path_of(row["place_id"]))
    atoms: dict[tuple[int, ...], int] = {}
    atom_of = {"": atoms.setdefault(paths[""], 0)}
    for building_id in buildings:
        path = tuple(sorted(standing[building_id])) if building_id in standing else paths[""]
        atom_of[building_id] = atoms.setdefault(path, len(atoms))
    for stands in standing.values():
        atoms.setdefault(tuple(sorted(stands)), len(atoms))
    return Grounds(ids, np.array(depth, dtype=np.int64), levels, trees, list(atoms)), atom_of, edition_ids


def members_of(planner: Planner, cubes: Sequence[Cube], entity: str, on: date) -> Members:
    """Count a register by all its cubes."""
    own = sorted((c for c in cubes if c.entity == entity), key=lambda c: bool(c.dimensions))
    columns = sorted({d.column for cube in own for d in cube.dimensions})
    tally = Tally(entity, (), ("building_id", *columns), sums=("cell_key",))
    rows = [
        (row, int(row["n"]), int(row["sum_cell_key"] or 0))
        for row in planner.tally(planner.system(entity), tally)
    ]
    buildings = sorted({str(row["building_id"]) for row, _, _ in rows if row["building_id"] is not None})
    grounds, atom_of, edition_ids = grounds_of(planner, buildings, on)
    n, keys = np.zeros(len(grounds.paths), dtype=np.int64), np.zeros(len(grounds.paths), dtype=np.int64)
    counted: list[dict[tuple[int, int], tuple[int, int]]] = [{} for _ in own]
    for row, count, key in rows:
        atom = atom_of[str(row["building_id"]) if row["building_id"] is not None else ""]
        n[atom] += count
        keys[atom] += key
        for number, cube in enumerate(own):
            if cube.dimensions:
                cell = cell_of(cube, row, on)
                before = counted[number].get((atom, cell), (0, 0))
                counted[number][(atom, cell)] = (before[0] + count, before[1] + key)
    found = []
    for number, cube in enumerate(own):
        if not cube.dimensions:
            found.append(totals(grounds, n, keys, cube))
            continue
        if cube.tree_id in grounds.trees and is_known(cube, counted[number]):
            found.append(divided(grounds, cube, counted[number], deepest(grounds, cube.tree_id, cube.level)))
    return Members(grounds, found, edition_ids)


def is_known(cube: Cube, cells: Mapping[tuple[int, int], tuple[int, int]]) -> bool:
    """Return whether anything is known of every dimension; a register may not have a column at all."""
    flat = np.array([cell for _, cell in cells], dtype=np.int64)
    at = np.unravel_index(flat, sizes(cube.dimensions))
    return all(bool((axis < len(d.values)).any()) for axis, d in zip(at, cube.dimensions, strict=True))


def cell_of(cube: Cube, row: Mapping[str, object], on: date) -> int:
    """Return the finest cell of a row, flat over the dimensions."""
    at = []
    for dimension in cube.dimensions:
        value = dimension.value_of(dict(row), on)
        at.append(len(dimension.values) if value == UNKNOWN else dimension.values.index(value))
    return int(np.ravel_multi_index(at, sizes(cube.dimensions)))


def blocks_of(members: Members) -> list[Ints]:
    """Return the atoms of each block: parts of the tree of the cubes, as small as whole units of every cube allow."""
    grounds = members.grounds
    divided_cubes = [c for c in members.cubes if c.cube.dimensions]
    if not divided_cubes:
        return [np.arange(len(grounds.paths), dtype=np.int64)]
    tree_id = divided_cubes[0].cube.tree_id
    shallow = min(int(grounds.depth[c.places].max()) for c in divided_cubes)
    weight = sum(c.n.shape[1] for c in divided_cubes)
    found: list[Ints] = []

    def cut(atoms: list[int], depth: int) -> None:
        inside = {p for p in range(len(grounds.place_ids))
                  if grounds.trees[p] == tree_id and grounds.depth[p] <= shallow}  # fmt: skip
        units = len({tuple(p for p in grounds.paths[a] if p in inside) for a in atoms})
        if depth > shallow or units * weight + len(atoms) <= LARGEST_BLOCK:
            found.append(np.array(atoms, dtype=np.int64))
            return
        parts: dict[int, list[int]] = defaultdict(list)
        for atom in atoms:
            above = [
                p for p in grounds.paths[atom] if grounds.trees[p] == tree_id and grounds.depth[p] == depth
            ]
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
    """Take over what was told before, where it is still true: then nobody came or went, for all that is known."""
    for index, name in enumerate(names):
        if name not in known or cells.state[index] == UNTOLD:
            continue
        state, value, k, round_to = known[name]
        if state == "normal" and value is not None:
            low, high = max(value - round_to + 1, k), value + round_to - 1
        else:
            low, high = 0, k - 1 if state == "below_k" else NO_BOUND
        if low <= cells.n[index] <= high:
            cells.known_low[index] = max(cells.known_low[index], low)
            cells.known_high[index] = min(cells.known_high[index], high)


def release_of(
    members: Members, audience: Audience, settings: Settings, known: Sequence[Known] = ()
) -> tuple[Cells, Found, dict[tuple[str, str], Told]]:
    """Return the protected cells of one audience.

    Args:
        members: The counts.
        audience: ``outside`` with the larger k, ``inside`` with the smaller.
        settings: k, rounding and l.
        known: What the readers of this release know already: the release before, and the one for outside.
    """
    k = settings.k_outside if audience == "outside" else settings.k_inside
    cells = table_of(members.cubes, members.grounds.fineness, k, settings.round_to, settings.l_least)
    names = named(cells, members.grounds)
    for one in known:
        know(cells, names, one)
    # What is known so well that nothing is left to protect is told again, not withheld in vain.
    is_known = (cells.known_high - cells.known_low + 1 < k) | (
        (cells.known_low >= k) & (cells.known_high < cells.n + settings.round_to)
    )
    cells.state[is_known & (cells.state > BELOW) & (cells.state != UNTOLD) & (cells.n >= k)] = SHOWN
    found = protect(cells, blocks_of(members))
    told: dict[tuple[str, str], Told] = {}
    for index, name in enumerate(names):
        state = int(cells.state[index])
        if state != UNTOLD:
            told[name] = (STATES[state], int(cells.value[index]) if state == SHOWN else None)
    return cells, found, told


def attacked(
    members: Members, told: Mapping[tuple[str, str], Told], k: int, round_to: int, known: Sequence[Known]
) -> Ints:
    """Return how many values everything that is told leaves to each withheld cell.

    Args:
        members: The counts of the register, from which only the shape of the programme is taken, and a city to
            start from where they still agree with what was told.
        told: What was released.
        k: Its floor.
        round_to: Its rounding.
        known: What its readers know besides.
    """
    cells = table_of(members.cubes, members.grounds.fineness, k, round_to, 0)
    names = named(cells, members.grounds)
    for index, name in enumerate(names):
        state, value = told.get(name, ("", None))
        cells.state[index] = {"normal": SHOWN, "below_k": BELOW, "withheld": OTHERS}.get(state, UNTOLD)
        cells.value[index] = value or 0
    for one in known:
        know(cells, names, one)
    world = agreeing(cells, members)
    found = attack(cells, world, blocks_of(members))
    return found.width()[cells.is_withheld]


def agreeing(cells: Cells, members: Members) -> list[Floats]:
    """Return a city that agrees with all that was told: the true one, or one that a programme finds."""
    world = [cube.n.astype(np.float64) for cube in members.cubes]
    values = values_of(cells, world)
    is_there = cells.state != UNTOLD
    if bool(((values >= cells.low) & (values <= cells.high))[is_there].all()):
        return world
    block = block_of(cells, world, np.arange(len(members.grounds.paths), dtype=np.int64))
    programme = Programme(cells, block, values)
    programme.push(np.zeros(0, dtype=np.int64), is_up=True)
    columns, start = programme.columns(), 0
    found = []
    for cube in members.cubes:
        found.append(columns[start : start + cube.n.size].reshape(cube.n.shape))
        start += cube.n.size
    return found
