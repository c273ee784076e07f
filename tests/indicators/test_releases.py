"""Releases as they are kept: made once, whoever else makes one, and only where there is something to release."""

from pathlib import Path

from huitian.base.planner import Planner
from huitian.clock import FixedClock
from huitian.engine.embedded import create_store
from huitian.indicators.cubes.declared import Cube, built_in
from huitian.indicators.cubes.kept import Release, Releases
from huitian.model.query import Query
from huitian.settings import Settings
from tests.base.towns import NOW
from tests.indicators.town_of_editions import make_town


class Slow(Releases):
    """A process that began to count before another had released."""

    def all(self, entity: str | None = None) -> list[Release]:
        """Return what it saw then: nothing."""
        return []


def test_two_processes_that_release_at_once_make_one_release(tmp_path: Path) -> None:
    engine, _, town = make_town(tmp_path, 1, 9)
    cubes = [Cube("residents", "person")]
    first = Releases(engine.records, town._planner, Settings(), cubes)
    made = {r.release_id: first.cells(r) for r in first.make()}
    assert len(made) == 2
    with engine.records.writing() as writing:
        rows = writing.read(first._planner.system("building"), Query("building", limit=100)).rows
        assert writing.remove("person", {"building_id": [row["building_id"] for row in rows[:6]]})
        writing.remove("released_cell", {"place_id": "admin:t"})
    assert Slow(engine.records, town._planner, Settings(), cubes).make() == []
    assert not [r for r in first.all() if ("admin:t", "") in first.cells(r)], (
        "nothing of the second is mixed in"
    )
    assert first.make() == [], "this month and these editions have theirs"
    engine.close()


def test_a_city_without_places_releases_nothing(tmp_path: Path) -> None:
    engine = create_store(tmp_path)
    with engine.records.writing() as writing:
        writing.add("person", [{"person_id": "p", "building_id": "b", "cell_key": 1}])
    planner = Planner(engine.records, FixedClock(NOW), 10, 5)
    assert Releases(engine.records, planner, Settings(), built_in()).make() == []
    engine.close()
