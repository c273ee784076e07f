"""How long counts of a large city take to be released: age by sex by hukou, a thousand communities and ten.

``python -m bench.cubes [communities …]`` prints it; ``make bench`` has it in the table.
"""

import sys
import time
from collections.abc import Iterator, Sequence

import numpy as np

from huitian.indicators.cubes.counted import Grounds, divided, sizes, totals
from huitian.indicators.cubes.counting import Members
from huitian.indicators.cubes.declared import Cube, built_in
from huitian.indicators.cubes.making import release_of
from huitian.model.place import Level
from huitian.settings import Settings

OF_STREET, GRIDS, PERSONS = 20, 3, 1000
"""Communities of a street, grids of a community, and about how many live in one."""


def city(n_communities: int) -> Members:
    """Return the counts of a city; its streets have twenty communities each."""
    random = np.random.default_rng(n_communities)
    ids: list[str] = ["t"]
    levels: list[Level] = ["district"]
    depth, paths = [0], []
    for number in range(n_communities):
        if number % OF_STREET == 0:
            street = len(ids)
            ids, levels, depth = [*ids, f"s{number}"], [*levels, "street"], [*depth, 1]
        community = len(ids)
        ids.append(f"c{number}")
        levels.append("community")
        depth.append(2)
        for grid in range(GRIDS):
            paths.append((0, street, community, len(ids)))
            ids.append(f"g{number}.{grid}")
            levels.append("grid")
            depth.append(3)
    grounds = Grounds(ids, np.array(depth), levels, ["admin"] * len(ids), paths)
    dimensions = tuple(d for cube in built_in() if cube.entity == "person" for d in cube.dimensions)
    shape = sizes(dimensions)
    share = np.outer(random.random(len(paths)) ** 2, random.random(int(np.prod(shape))))
    # Nobody is unknown.
    share[:, [i for i in range(share.shape[1]) if any(
        at == size - 1 for at, size in zip(np.unravel_index(i, shape), shape, strict=True))]] = 0  # fmt: skip
    n = random.poisson(share * PERSONS * len(paths) / GRIDS / share.sum())
    keys = random.integers(0, 2**31, n.shape) * n
    cells = {
        (int(atom), int(cell)): (int(n[atom, cell]), int(keys[atom, cell]))
        for atom, cell in np.argwhere(n)
    }  # fmt: skip
    cube = Cube("residents_all", "person", dimensions, "admin", "community")
    every = totals(grounds, n.sum(axis=1), keys.sum(axis=1), Cube("residents", "person"))
    return Members(grounds, [every, *divided(grounds, cube, cells)], [])


def measure(sizes_n: Sequence[int] = (1_000, 10_000)) -> Iterator[tuple[str, str]]:
    """Yield how long both audiences take, and what the attacker is left with."""
    for n_communities in sizes_n:
        members = city(n_communities)
        began = time.process_time()
        inside, at_staff, told = release_of(members, "inside", Settings())
        withheld = {name for name, (state, _) in told.items() if state == "withheld"}
        outside, at_wall, _ = release_of(members, "outside", Settings(), (), withheld)
        seconds = time.process_time() - began
        least = [int(f.width()[f.is_open(c)].min()) for f, c in ((at_staff, inside), (at_wall, outside))]
        yield (
            f"release: {n_communities:,} communities × 18 ages × 2 sexes × 2 hukou",
            (
                f"{seconds:,.1f} s CPU for both audiences, {len(outside.n):,} cells each, "
                f"{int(outside.is_withheld.sum()):,} withheld outside, "
                f"{at_staff.n_programmes + at_wall.n_programmes:,} programmes, "
                f"narrowest {least[0]} (k {inside.k}) and {least[1]} (k {outside.k})"
            ),
        )


if __name__ == "__main__":
    for name, words in measure([int(word) for word in sys.argv[1:]] or (1_000, 10_000)):
        print(f"{name:60} {words}", flush=True)
