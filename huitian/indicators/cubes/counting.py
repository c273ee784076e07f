"""Counting a register: which places hold whom, now and when the release before was counted, by every cube."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from huitian.base.planner import Planner
from huitian.indicators.cubes.counted import Counted, Grounds, divided, sizes, totals
from huitian.indicators.cubes.declared import UNKNOWN, Cube
from huitian.model.place import Edition, Level
from huitian.model.query import Condition, Query, Row, Tally
from huitian.model.scope import Scope

EVERY_ROW = 100_000_000
SYSTEM = Scope("system", None, "V3", "system")
NOWHERE = ""
"""Stands for the building of who stands nowhere."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one register, as places and dimensions hold them.

    Attributes:
        grounds: The places.
        cubes: The cubes of the register, counted; the first has no dimensions.
        edition_ids: Editions of the trees.
        before: What a place of the release before is called among the places, where it is no longer what it was.
    """

    grounds: Grounds
    cubes: list[Counted]
    edition_ids: list[str]
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """The places of every tree on a day, and the buildings in each.

    Attributes:
        levels: Level by place.
        depth: Depth by place.
        above: Place above.
        inside: Buildings in each place and all below; ``NOWHERE`` in those of the whole city.
        editions: By tree.
    """

    levels: dict[str, Level] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)
    above: dict[str, str | None] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    editions: dict[str, Edition] = field(default_factory=dict)


def standing_on(planner: Planner, on: date, tree_ids: Iterable[str]) -> Standing:
    """Return the places of some trees on a day with their buildings."""
    places, found = planner.places, Standing()
    for tree_id in sorted(tree_ids):
        edition = places.edition(tree_id, on)
        if edition is None:
            continue
        found.editions[tree_id] = edition
        for node in places.nodes_of(edition.edition_id):
            found.above[node.place_id], found.depth[node.place_id] = node.parent_id, node.depth
            found.levels[node.place_id] = places.by_id[node.place_id].level
            # Who stands nowhere is of the whole city all the same.
            if node.parent_id is None and places.is_whole_city(node.place_id):
                found.inside[node.place_id].add(NOWHERE)
        allowed = planner.allow(SYSTEM, "building", tree_id=tree_id, at=on)
        query = Query(
            "building", (Condition("place_id", "not_null"),), ("building_id", "place_id"), limit=EVERY_ROW
        )
        for row in planner.read(allowed, query).rows:
            place_id: str | None = row["place_id"]
            while place_id is not None and place_id in found.levels:
                found.inside[place_id].add(row["building_id"])
                place_id = found.above[place_id]
    # A building that one tree does not hold is of the whole city, too.
    tops = [p for p, up in found.above.items() if up is None and places.is_whole_city(p)]
    every = {building for own in found.inside.values() for building in own}
    for top in tops:
        found.inside[top] |= every
    return found


def grounds_of(
    planner: Planner, buildings: Iterable[str], on: date, before: date | None = None
) -> tuple[Grounds, dict[str, int], list[str], dict[str, str]]:
    """Return the places of every tree on a day and the atom of each building.

    Args:
        planner: The places.
        buildings: Buildings in which somebody lives; ``NOWHERE`` among them where somebody stands nowhere.
        on: The day.
        before: Day of the release before. Places of then that held other buildings, or are no more, are places here
            too: what was told of them is known.

    Returns:
        The grounds, the atom of each building, the editions, and how places of then are called here.
    """
    now = standing_on(planner, on, planner.places.trees)
    ids, past = list(now.levels), set[int]()
    levels, depth, inside = dict(now.levels), dict(now.depth), dict(now.inside)
    called: dict[str, str] = {}
    if before is not None:
        changed = [
            tree_id for tree_id, edition in now.editions.items()
            if planner.places.edition(tree_id, before) not in {None, edition}
        ]  # fmt: skip
        then = standing_on(planner, before, changed)
        alike: dict[tuple[str, Level, frozenset[str]], str] = {
            (p.partition(":")[0], now.levels[p], frozenset(now.inside[p])): p
            for p in ids if now.inside.get(p)
        }  # fmt: skip
        for place_id, level in then.levels.items():
            tree_id = place_id.partition(":")[0]
            own = then.inside.get(place_id, set())
            same = alike.get((tree_id, level, frozenset(own)))
            if planner.places.is_whole_city(place_id):
                same = place_id
            called[place_id] = same or f"{place_id}@{then.editions[tree_id].edition_id}"
            if own and same is None:
                past.add(len(ids))
                ids.append(called[place_id])
                levels[ids[-1]], depth[ids[-1]], inside[ids[-1]] = level, then.depth[place_id], own
    paths: dict[str, list[int]] = defaultdict(list)
    for index, place_id in enumerate(ids):
        for building in inside.get(place_id, ()):
            paths[building].append(index)
    atoms: dict[tuple[int, ...], int] = {}
    atom_of: dict[str, int] = {}
    nowhere = tuple(paths.pop(NOWHERE, ()))
    # Where everybody stands somewhere there is no such atom: whoever guesses so must find nothing either.
    for building in (*sorted(set(buildings)), *sorted(paths)):
        path = tuple(paths[building]) if building in paths else nowhere
        atom_of[building] = atoms.setdefault(path, len(atoms))
    grounds = Grounds(
        ids, np.array([depth[p] for p in ids], dtype=np.int64), [levels[p] for p in ids],
        [p.partition(":")[0] for p in ids], list(atoms), frozenset(past),
    )  # fmt: skip
    return grounds, atom_of, [one.edition_id for one in now.editions.values()], called


def members_of(
    planner: Planner, cubes: Sequence[Cube], entity: str, on: date, before: date | None = None
) -> Members:
    """Count a register by all its cubes; ``before`` is the day of the release before."""
    own = sorted((c for c in cubes if c.entity == entity), key=lambda c: bool(c.dimensions))
    columns = sorted({d.column for cube in own for d in cube.dimensions})
    tally = Tally(entity, (), ("building_id", *columns), sums=("cell_key",))
    rows = planner.tally(planner.system(entity), tally)
    buildings = {NOWHERE if row["building_id"] is None else str(row["building_id"]) for row in rows}
    grounds, atom_of, edition_ids, called = grounds_of(planner, buildings, on, before)
    n, keys = np.zeros(len(grounds.paths), dtype=np.int64), np.zeros(len(grounds.paths), dtype=np.int64)
    counted: list[dict[tuple[int, int], tuple[int, int]]] = [{} for _ in own]
    # Few values occur together, in very many rows.
    cells: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        count, key = int(row["n"]), int(row["sum_cell_key"] or 0)
        atom = atom_of[NOWHERE if row["building_id"] is None else str(row["building_id"])]
        n[atom] += count
        keys[atom] += key
        values = tuple([row[name] for name in columns])
        if values not in cells:
            cells[values] = [cell_of(cube, row, on) if cube.dimensions else 0 for cube in own]
        for held, cell in zip(counted, cells[values], strict=True):
            before_n, before_key = held.get((atom, cell), (0, 0))
            held[(atom, cell)] = (before_n + count, before_key + key)
    found = []
    for number, cube in enumerate(own):
        if not cube.dimensions:
            found.append(totals(grounds, n, keys, cube))
            continue
        if cube.tree_id in grounds.trees and is_known(cube, counted[number]):
            found += divided(grounds, cube, counted[number])
    return Members(grounds, found, edition_ids, called)


def is_known(cube: Cube, cells: Mapping[tuple[int, int], tuple[int, int]]) -> bool:
    """Return whether anything is known of every dimension; a register may not have a column at all."""
    flat = np.array([cell for _, cell in cells], dtype=np.int64)
    at = np.unravel_index(flat, sizes(cube.dimensions))
    return all(bool((axis < len(d.values)).any()) for axis, d in zip(at, cube.dimensions, strict=True))


def cell_of(cube: Cube, row: Row, on: date) -> int:
    """Return the finest cell of a row, flat over the dimensions."""
    at = []
    for dimension in cube.dimensions:
        value = dimension.value_of(row, on)
        at.append(len(dimension.values) if value == UNKNOWN else dimension.values.index(value))
    return int(np.ravel_multi_index(at, sizes(cube.dimensions)))
