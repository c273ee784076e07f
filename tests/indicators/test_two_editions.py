"""Two releases with a change of places in between: nobody who has both works out what either withholds."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from huitian.indicators.cubes.counting import members_of
from huitian.indicators.cubes.declared import built_in
from huitian.indicators.cubes.kept import Releases
from huitian.indicators.cubes.making import release_of
from huitian.settings import Settings
from tests.indicators.town_of_editions import AFTER, make_town, paths
from tests.indicators.whole_attack import NEAR, Asked, Release, attacked, width

pytestmark = pytest.mark.fuzz

PERSONS = [cube for cube in built_in() if cube.entity == "person"]
PROVES = bool(os.environ.get("HUITIAN_PROVE"))
TOWNS = [(seed, n) for seed in range(8) for n in (4, 9, 25)] if PROVES else [(1, 9)]


def told_of(releases: Releases, audience: str) -> list[Release]:
    """Return the releases of persons for an audience, oldest first."""
    own = [r for r in releases.all("person") if r.audience == audience]
    return [Release(releases.cells(r), path, r.k) for r, path in zip(own, paths(), strict=True)]


def narrow(found: list[Asked], k: int) -> list[Asked]:
    """Return the cells that are known too well; one that is k or more for certain is nobody's secret."""
    return [one for one in found if width(one[3], one[4]) < k and one[3] < k - NEAR]


@pytest.mark.parametrize(("seed", "n_persons"), TOWNS)
def test_nothing_is_recovered_over_two_editions(tmp_path: Path, seed: int, n_persons: int) -> None:
    engine, clock, releases = make_town(tmp_path, seed, n_persons)
    first = releases.make()
    clock.move_to(AFTER)
    second = releases.make()
    assert {r.entity for r in (*first, *second)} == {"person"}
    assert {len(r.edition_ids) for r in (*first, *second)} == {2}
    assert first[0].edition_ids != second[0].edition_ids
    outside, inside = told_of(releases, "outside"), told_of(releases, "inside")
    of_the_wall = attacked(PERSONS, outside)
    of_staff = attacked(PERSONS, [*inside, *(replace(one, is_asked=False) for one in outside)])
    for found, k in ((of_the_wall, 10), (of_staff, 5)):
        assert len({one[0] for one in found}) == 2, "both releases withhold something"
        assert not [one for one in found if width(one[3], one[4]) <= 1], "recovered"
        assert not narrow(found, k), "narrower than k"
    assert all(one.is_safe for one in releases.check())
    engine.close()


def test_a_city_that_raises_its_floor_releases_and_gives_away_nothing_that_was_withheld(
    tmp_path: Path,
) -> None:
    """What was told under the smaller floor is known: it is not made narrower, and keeps nobody from the larger one."""
    engine, _, releases = make_town(tmp_path, 1, 9)
    releases.make()
    raised = Releases(engine.records, releases._planner, Settings(k_outside=20, k_inside=10), built_in())
    assert {(r.audience, r.k) for r in raised.make(is_again=True)} == {("outside", 20), ("inside", 10)}
    before, _ = paths()
    own = {a: [r for r in raised.all("person") if r.audience == a] for a in ("outside", "inside")}
    told = {a: [Release(raised.cells(r), before, r.k) for r in every] for a, every in own.items()}
    assert min(n for _, n in told["outside"][1].told.values() if n is not None) >= 20
    assert not narrow(attacked(PERSONS, told["outside"]), 10)
    of_staff = [*told["inside"], *(replace(one, is_asked=False) for one in told["outside"])]
    assert not narrow(attacked(PERSONS, of_staff), 5)
    assert all(one.is_safe for one in raised.check())
    engine.close()


def test_what_is_withheld_from_staff_is_withheld_on_the_wall(tmp_path: Path) -> None:
    """Staff read the wall, too."""
    engine, _, releases = make_town(tmp_path, 1, 9)
    releases.make()
    inside, outside = (releases.cells(r) for r in sorted(releases.all("person"), key=lambda r: r.audience))
    withheld = {name for name, (state, _) in inside.items() if state == "withheld"}
    assert len(withheld) > 5
    assert {outside[name][0] for name in withheld} == {"withheld"}
    engine.close()


def test_the_same_attacker_recovers_what_a_release_that_forgets_the_one_before_gives_away(
    tmp_path: Path,
) -> None:
    n_narrow = 0
    for seed in range(8 if PROVES else 1):
        engine, clock, releases = make_town(tmp_path / str(seed), seed, 9)
        releases.make()
        clock.move_to(AFTER)
        members = members_of(releases._planner, releases.cubes, "person", AFTER.date())
        _, _, told = release_of(members, "outside", Settings())
        first = releases.cells(next(r for r in releases.all("person") if r.audience == "outside"))
        before, after = paths()
        found = attacked(PERSONS, [Release(first, before, 10), Release(told, after, 10)])
        n_narrow += len(narrow(found, 10))
        engine.close()
    assert n_narrow > 5
