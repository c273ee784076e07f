"""An attacker who is told nothing but the releases and which building stands where: every person cell an unknown.

He shares no line with the attacker of the product: no layers, no blocks, no city to start from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from huitian.indicators.cubes.declared import Cube

Told = Mapping[tuple[str, str], tuple[str, int | None]]
Asked = tuple[int, str, str, float, float]
"""Number of the release, place, cut, the least and the most that a withheld cell can be."""
NEAR = 1e-6


@dataclass(frozen=True)
class Release:
    """What was told, by (place, cut), of buildings as they stood then."""

    told: Told
    paths: Sequence[set[str]]
    k: int
    round_to: int = 5
    is_asked: bool = True
    """Whether what it withholds is asked for, or it only tells more of others."""


def attacked(cubes: Sequence[Cube], releases: Sequence[Release]) -> list[Asked]:
    """Return what every withheld cell can be, over all releases at once."""
    divided = [cube for cube in cubes if cube.dimensions]
    n_atoms = len(releases[0].paths)
    sizes = [int(np.prod([len(d.values) for d in cube.dimensions])) for cube in divided]
    starts = np.cumsum([0, *(size * n_atoms for size in sizes)])
    rows, low, high, names = [], [], [], []
    for number, release in enumerate(releases):
        for (place, cut), (state, value) in release.told.items():
            atoms = [a for a, path in enumerate(release.paths) if place in path]
            which, cells = cells_of(divided, cut)
            rows.append([int(starts[which]) + a * sizes[which] + c for a in atoms for c in cells])
            if state == "normal" and value is not None:
                low.append(max(value - release.round_to + 1, release.k))
                high.append(value + release.round_to - 1)
            else:
                low.append(0)
                high.append(release.k - 1 if state == "below_k" else highspy.kHighsInf)
            names.append((number, place, cut, state))
    links = [
        (range(int(starts[0]) + a * sizes[0], int(starts[0]) + (a + 1) * sizes[0]),
         range(int(starts[i]) + a * sizes[i], int(starts[i]) + (a + 1) * sizes[i]))
        for i in range(1, len(divided)) for a in range(n_atoms)
    ]  # fmt: skip
    highs = programme(int(starts[-1]), rows, low, high, links)
    return asked(highs, rows, names, releases)


def cells_of(cubes: Sequence[Cube], cut: str) -> tuple[int, list[int]]:
    """Return the cube of a cut and the finest cells that it adds up; nobody is unknown in this town."""
    chosen = dict(one.split("=") for one in cut.split(";")) if cut else {}
    for number, cube in enumerate(cubes):
        if chosen.keys() <= {d.name for d in cube.dimensions}:
            axes = [
                [d.values.index(v) for v in (d.held(chosen[d.name]) if d.name in chosen else d.values)]
                for d in cube.dimensions
            ]
            grid = np.meshgrid(*axes, indexing="ij")
            shape = tuple(len(d.values) for d in cube.dimensions)
            return number, np.ravel_multi_index([g.ravel() for g in grid], shape).tolist()
    raise AssertionError(cut)


def programme(
    n_columns: int, rows: list[list[int]], low: list[float], high: list[float],
    links: Sequence[tuple[range, range]],
) -> highspy.Highs:  # fmt: skip
    """Return the releases as one linear programme."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("simplex_strategy", 4)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n_columns, len(rows) + len(links)
    lp.col_cost_, lp.col_lower_ = np.zeros(n_columns), np.zeros(n_columns)
    # Nobody thinks that more people live in one building than in any town.
    lp.col_upper_ = np.full(n_columns, 1e4)
    lp.row_lower_ = np.array([*low, *[0.0] * len(links)])
    lp.row_upper_ = np.array([*high, *[0.0] * len(links)])
    every = [*rows, *([*a, *b] for a, b in links)]
    values = [np.ones(len(row)) for row in rows] + [
        np.repeat([1.0, -1.0], [len(a), len(b)]) for a, b in links
    ]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in every)]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([np.array(row) for row in every]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate(values)
    highs.passModel(lp)
    return highs


def asked(
    highs: highspy.Highs, rows: list[list[int]], names: list[tuple[int, str, str, str]], releases: Sequence[Release]
) -> list[Asked]:  # fmt: skip
    """Ask for the least and the most of every withheld cell; each answer is a town that widens all others too."""
    least, most = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    n_columns = highs.getNumCol()
    every = np.arange(n_columns, dtype=np.int32)
    withheld = [i for i, name in enumerate(names) if name[3] != "normal" and releases[name[0]].is_asked]
    for index in withheld:
        for sense in (highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize):
            if width(least[index], most[index]) >= releases[names[index][0]].k:
                break
            cost = np.zeros(n_columns)
            cost[rows[index]] = 1
            highs.changeColsCost(n_columns, every, cost)
            highs.changeObjectiveSense(sense)
            highs.run()
            assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            values = np.array(highs.getSolution().row_value)[: len(rows)]
            least, most = np.minimum(least, values), np.maximum(most, values)
    return [(*names[i][:3], float(least[i]), float(most[i])) for i in withheld]


def width(least: float, most: float) -> float:
    """Return how many whole numbers lie between two."""
    return float(np.floor(most + NEAR) - np.ceil(least - NEAR) + 1)
