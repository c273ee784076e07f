"""Releases as they are kept: made once, whoever else makes one, and only where there is something to release."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from huitian.base.places import renumber
from huitian.base.planner import Planner
from huitian.clock import FixedClock
from huitian.engine.embedded import create_store
from huitian.engine.ports import Engine
from huitian.indicators import Indicators
from huitian.indicators.cubes.counting import members_of
from huitian.indicators.cubes.declared import Cube, built_in
from huitian.indicators.cubes.kept import Release, Releases
from huitian.indicators.protected import ProtectedFigures
from huitian.model.query import Query
from huitian.model.scope import Scope
from huitian.plugin import discover
from huitian.scenarios import BUILT_IN
from huitian.settings import Settings
from tests.base.towns import NOW, place_row, settle, square
from tests.indicators.town_of_editions import AFTER, BEFORE, make_town


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


def told_by(engine: Engine, planner: Planner) -> tuple[Indicators, Releases]:
    """Return figures over totals alone, which are quickly released."""
    releases = Releases(engine.records, planner, Settings(), [Cube("residents", "person")])
    return Indicators(planner, Settings(), discover(BUILT_IN).numbers(), releases=releases), releases


def test_a_wall_is_told_the_release_for_outside_and_staff_that_for_staff(tmp_path: Path) -> None:
    engine, clock, town = make_town(tmp_path, 1, 9)
    figures, releases = told_by(engine, town._planner)
    for lens, audience in (("V1", "outside"), ("V2", "inside")):
        reader = Scope("u", None, lens, "dispatcher")  # type: ignore[arg-type]
        made = releases.make()
        release = releases.in_force("person", audience, clock.now())  # type: ignore[arg-type]
        assert release is not None
        told = {place: one for (place, _), one in releases.cells(release).items()}
        found = {place: figures.measure(reader, "people.residents", place) for place in sorted(told)}
        assert {place: (one.state, one.value, one.k) for place, one in found.items()} == {
            place: (state, n, release.k) for place, (state, n) in told.items()
        }
        assert len(made) == (2 if lens == "V1" else 0)
    engine.close()


def test_a_figure_of_then_is_that_of_the_release_of_then(tmp_path: Path) -> None:
    engine, clock, town = make_town(tmp_path, 1, 9)
    _, releases = told_by(engine, town._planner)
    releases.make()
    clock.move_to(AFTER)
    releases.make()
    numbers = []
    for at in (BEFORE - timedelta(days=400), BEFORE, AFTER - timedelta(seconds=1), AFTER):
        release = releases.in_force("person", "outside", at)
        assert release is not None
        numbers.append(release.release_no)
    assert numbers == [1, 1, 1, 2], "before the first there is no other"
    engine.close()


def test_new_places_in_a_month_are_released_again(tmp_path: Path) -> None:
    engine, clock, town = make_town(tmp_path, 1, 9)
    clock.move_to(AFTER)
    _, releases = told_by(engine, town._planner)
    assert len(releases.make()) == 2
    clock.move_to(AFTER + timedelta(days=3))
    assert releases.make() == []
    with engine.records.writing() as writing:
        street = place_row(
            "2", "street", "t", square(117.0, 40.0, 0.2, 0.2), begin=AFTER.date() + timedelta(days=2)
        )
        writing.put("place", [street])
        renumber(writing, town._planner.raw, "admin")
    town._planner.refresh()
    assert [r.release_no for r in releases.make()] == [2, 2]
    assert releases.make() == []
    engine.close()


def test_the_whole_city_is_the_same_place_and_has_all_its_buildings(tmp_path: Path) -> None:
    """One house came meanwhile, and stands in an estate only."""
    engine, clock, town = make_town(tmp_path, 1, 9)
    planner, cubes = town._planner, [Cube("residents", "person")]
    before = members_of(planner, cubes, "person", BEFORE.date())
    with engine.records.writing() as writing:
        writing.add("building", [{"building_id": "new", "name": "new"}])
        writing.add("anchor", [{"entity": "building", "object_id": "new", "tree_id": "estate", "located_by": "code",
                                "valid_from": AFTER.date(), "valid_to": None, "place_id": "estate:1"}])  # fmt: skip
        writing.add(
            "person", [{"person_id": f"n{n}", "building_id": "new", "cell_key": n} for n in range(30)]
        )
    clock.move_to(AFTER)
    now = members_of(planner, cubes, "person", AFTER.date(), BEFORE.date())
    assert now.before["admin:t"] == "admin:t"
    totals = []
    for members in (before, now):
        every = members.cubes[0]
        place = every.places.tolist().index(members.grounds.place_ids.index("admin:t"))
        totals.append(int(every.n[every.held[place]].sum()))
    assert totals[1] == totals[0] + 30
    engine.close()


def test_several_places_are_no_place_even_where_their_ranks_meet(tmp_path: Path) -> None:
    engine = create_store(tmp_path)
    planner = settle(engine)
    protected = ProtectedFigures(planner, None)
    neighbours = Scope("u", "admin:9901", "V2", "dispatcher", other_place_ids=("admin:9903",))
    allowed = planner.allow(neighbours, "person")
    assert allowed.intervals is not None
    assert len(allowed.intervals) == 1
    assert protected.place_of(allowed) is None
    one = protected.place_of(planner.allow(replace(neighbours, other_place_ids=()), "person"))
    assert one is not None
    assert one.place_id == "admin:9901"
    everything = Scope("u", None, "V2", "dispatcher")
    whole = protected.place_of(planner.allow(everything, "person"))
    assert whole is not None
    assert whole.place_id == "admin:99"
    with engine.records.writing() as writing:
        writing.put("place", [place_row("98", "district", None, square(117.0, 40.0, 0.2, 0.2))])
        renumber(writing, planner.raw, "admin")
    planner.refresh()
    assert protected.place_of(planner.allow(everything, "person")) is None, "of two roots none is the city"
    engine.close()
