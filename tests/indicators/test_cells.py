"""The density map: what a square says, and what it does not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huitian.base.planner import Planner
from huitian.engine.embedded import EmbeddedEngine, create_store
from huitian.indicators.cells import LIMITS, Cell, Cells, Grid
from huitian.model.query import Row
from huitian.settings import Settings
from tests.base.towns import settle

AT = {
    "few": (116.011, 40.011),
    "some": (116.021, 40.011),
    "many": (116.031, 40.011),
    "none": (116.041, 40.011),
}
PERSONS = {"few": 9, "some": 10, "many": 700, "none": 0}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """Open a store with four buildings, each in a square of its own."""
    made = create_store(tmp_path)
    settle(made)
    with made.records.writing() as writing:
        writing.add("building", [{"building_id": b, "lon": x, "lat": y} for b, (x, y) in AT.items()])
        writing.add("person", list(persons(PERSONS)))
    yield made
    made.close()


@pytest.fixture
def planner(engine: EmbeddedEngine) -> Planner:
    """Return its planner."""
    return settle(engine)


def persons(counts: dict[str, int], first: int = 0) -> Iterator[Row]:
    """Yield so many persons of each building."""
    for building_id, n in counts.items():
        for i in range(first, first + n):
            yield {"person_id": f"{building_id}{i}", "building_id": building_id, "cell_key": 7919 * i + 1}


def at(cells: list[Cell], building_id: str) -> Cell | None:
    """Return the square of a building."""
    x, y = Grid.over([40.0], 250).cell(*AT[building_id])
    return next((c for c in cells if c.cell_id == f"{x}:{y}"), None)


def test_a_square_below_k_looks_like_an_empty_one(planner: Planner) -> None:
    cells = Cells(planner, Settings()).all()
    assert at(cells, "few") is None
    assert at(cells, "none") is None
    assert at(cells, "some") is not None
    # 700 persons on 0.0625 km2 are 11,200 a km2: the class from 10 to 16 thousand.
    dense = at(cells, "many")
    assert dense is not None
    assert LIMITS[dense.density_class - 1] == 10.0


def test_the_floor_is_that_of_the_outside(planner: Planner) -> None:
    strict = replace(Settings(), k_outside=11, k_inside=1)
    assert at(Cells(planner, strict).all(), "some") is None


def test_a_square_holds_its_points_and_is_square(planner: Planner) -> None:
    grid = Grid.over([40.0, 40.2], 250)
    for lon, lat in AT.values():
        x, y = grid.cell(lon, lat)
        middle = grid.middle(x, y)
        assert abs(middle[0] - lon) <= grid.step_lon / 2 + 1e-6
        assert abs(middle[1] - lat) <= grid.step_lat / 2 + 1e-6
    assert grid.step_lon * 0.766 == pytest.approx(grid.step_lat, rel=0.01)


def test_another_load_is_seen(engine: EmbeddedEngine, planner: Planner) -> None:
    cells = Cells(planner, Settings())
    assert at(cells.all(), "few") is None
    with engine.records.writing() as writing:
        writing.add("person", list(persons({"few": 1}, first=100)))
        writing.add(
            "load", [{"load_id": "l1", "kind": "csv", "state": "done", "n_done_rows": 1, "load_seq": 1}]
        )
    assert at(cells.all(), "few") is not None
