"""Random towns as counts: streets, communities, grids, and a second tree that cuts across them."""

import numpy as np

from huitian.indicators.cubes.counted import Counted, Grounds, divided, sizes, totals
from huitian.indicators.cubes.declared import AGE_BANDS, Cube, Dimension

SEX = Dimension("sex", "sex", "value", ("female", "male"))
HUKOU = Dimension("hukou", "is_registered", "value", ("yes", "no"))
AGE = Dimension(
    "age", "birth_year", "age", AGE_BANDS,
    (("0-14", AGE_BANDS[:3]), ("15-59", AGE_BANDS[3:12]), ("60+", AGE_BANDS[12:])), fine_level="street",
)  # fmt: skip


def town(
    seed: int, n_streets: int = 2, n_communities: int = 3, n_persons: int = 200,
    dimensions: tuple[Dimension, ...] = (AGE, SEX),
) -> tuple[Grounds, list[Counted]]:  # fmt: skip
    """Return the places and cubes of a town; a community has about ``n_persons``, some of its grids none."""
    random = np.random.default_rng(seed)
    ids, depth, levels, trees = ["admin:t"], [0], ["district"], ["admin"]
    ids += ["estate:t", "estate:0", "estate:1", "estate:2"]
    depth += [0, 1, 1, 1]
    levels += ["district", "estate", "estate", "estate"]
    trees += ["estate"] * 4
    paths: list[tuple[int, ...]] = []
    for s in range(n_streets):
        street = len(ids)
        ids, depth = [*ids, f"admin:{s}"], [*depth, 1]
        levels, trees = [*levels, "street"], [*trees, "admin"]
        for c in range(n_communities):
            community = len(ids)
            ids, depth = [*ids, f"admin:{s}{c}"], [*depth, 2]
            levels, trees = [*levels, "community"], [*trees, "admin"]
            for g in range(3):
                estate = int(random.integers(2, 6))
                outside = () if estate == 5 else (1, estate)
                paths.append((0, *outside, street, community, len(ids)))
                ids, depth = [*ids, f"admin:{s}{c}{g}"], [*depth, 3]
                levels, trees = [*levels, "grid"], [*trees, "admin"]
    n = random.poisson(n_persons / 3, len(paths)) * random.integers(0, 3, len(paths)).clip(0, 1)
    return people(random, Grounds(ids, np.array(depth), levels, trees, paths), n, dimensions)


def people(
    random: np.random.Generator, grounds: Grounds, n: np.ndarray, dimensions: tuple[Dimension, ...]
) -> tuple[Grounds, list[Counted]]:
    """Return the cubes of persons that live in the atoms of a town."""
    keys = np.zeros(len(n), dtype=np.int64)
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    shape = sizes(dimensions)
    for atom, count in enumerate(n.tolist()):
        own = [random.integers(0, size - 1, count) for size in shape]
        flat = np.ravel_multi_index(tuple(own), shape) if count else np.zeros(0, dtype=np.int64)
        for cell in flat.tolist():
            key = int(random.integers(0, 2**31))
            before = cells.get((atom, cell), (0, 0))
            cells[(atom, cell)] = (before[0] + 1, before[1] + key)
            keys[atom] += key
    every = totals(grounds, np.asarray(n, dtype=np.int64), keys, Cube("residents", "person"))
    by = Cube("by", "person", dimensions, "admin", "community")
    return grounds, [every, *divided(grounds, by, cells)]
