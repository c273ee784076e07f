"""Released counts: nobody who joins everything that is told can work out what is withheld."""

import itertools

import numpy as np
import pytest

from huitian.errors import CubeInvalid
from huitian.indicators.cubes.attack import attack
from huitian.indicators.cubes.counted import Grounds, reached, totals
from huitian.indicators.cubes.counting import Members
from huitian.indicators.cubes.declared import AGE_BANDS, Cube, age_band, built_in, checked, cube_of, cut_of
from huitian.indicators.cubes.making import attacked, blocks_of, know, named, release_of
from huitian.indicators.cubes.suppress import protect
from huitian.indicators.cubes.table import ALIKE, BELOW, OTHERS, SHOWN, Cells, table_of
from huitian.settings import Settings
from tests.indicators.town_of_counts import AGE, HUKOU, SEX, people, town

pytestmark = pytest.mark.fuzz

SEEDS = range(6)


def world_of(cells: Cells) -> list[np.ndarray]:
    return [cube.n.astype(np.float64) for cube in cells.cubes]


def in_whole(cells: Cells) -> np.ndarray:
    """Return how many values the attacker leaves to each withheld cell, all of the town in one programme."""
    n_atoms = len(cells.cubes[0].n)
    found = attack(cells, world_of(cells), [np.arange(n_atoms)])
    return found.width()[cells.is_withheld]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_is_withheld_can_be_narrowed(seed: int) -> None:
    grounds, cubes = town(seed)
    cells = table_of(cubes, grounds, 10, 5, 2)
    protect(cells, blocks_of(Members(grounds, cubes, [])))
    widths = in_whole(cells)
    assert len(widths) > 20
    assert widths.min() >= 10


def test_the_same_attacker_recovers_cells_where_nothing_is_withheld_for_others() -> None:
    n_narrow = n_recovered = 0
    for seed in SEEDS:
        grounds, cubes = town(seed, n_persons=100)
        cells = table_of(cubes, grounds, 10, 1, 2)
        widths = in_whole(cells)
        n_narrow += int((widths < 10).sum())
        n_recovered += int((widths <= 1).sum())
        protect(cells, blocks_of(Members(grounds, cubes, [])))
        assert in_whole(cells).min() >= 10, "without rounding too"
    assert n_narrow > 50
    assert n_recovered > 10


def test_staff_who_also_see_the_wall_narrow_nothing() -> None:
    for seed in SEEDS:
        grounds, cubes = town(seed)
        members, settings = Members(grounds, cubes, []), Settings()
        inside, _, told = release_of(members, "inside", settings)
        withheld = {name for name, (state, _) in told.items() if state == "withheld"}
        outside, _, shown = release_of(members, "outside", settings, (), withheld)
        know(inside, named(inside, grounds), {name: (*one, outside.k, 5) for name, one in shown.items()})
        assert in_whole(inside).min() >= 5
        assert in_whole(outside).min() >= 10


def test_a_programme_bounds_what_trying_every_town_bounds() -> None:
    """Four grids in two streets, every whole town tried: the programme is never wider, and here exactly as wide."""
    grounds = Grounds(
        ["t", "s", "u", "a", "b", "c", "d"], np.array([0, 1, 1, 2, 2, 2, 2]),
        ["district", *["street"] * 2, *["grid"] * 4], ["admin"] * 7,
        [(0, 1, 3), (0, 1, 4), (0, 2, 5), (0, 2, 6)],
    )  # fmt: skip
    n = np.array([1, 6, 7, 2])
    cells = table_of([totals(grounds, n, n * 7919, Cube("r", "person"))], grounds, 3, 2, 2)
    possible = [
        (a, b, c, d) for a, b, c, d in itertools.product(range(14), repeat=4)
        if all(low <= value <= high for low, high, value in zip(
            cells.low, cells.high, (a + b + c + d, a + b, c + d, a, b, c, d), strict=True))
    ]  # fmt: skip
    found = attack(cells, world_of(cells), [np.arange(4)])
    withheld = np.flatnonzero(cells.is_withheld)
    assert len(withheld) >= 2
    for index in withheld:
        values = {sum(one) if index == 0 else one[index - 3] for one in possible if index == 0 or index >= 3}
        assert (round(found.least[index]), round(found.most[index])) == (min(values), max(values))


def test_two_editions_of_which_the_second_splits_a_community() -> None:
    """Nobody moved: what both releases tell is one system, and the counts of the old community are known too."""
    for seed in SEEDS:
        grounds, cubes = town(seed)
        settings = Settings()
        cells, _, told = release_of(Members(grounds, cubes, []), "outside", settings)
        known = {name: (*one, cells.k, cells.round_to) for name, one in told.items()}
        split = grounds.place_ids.index("admin:00")
        first = next(p for p in range(len(grounds.paths)) if split in grounds.paths[p])
        ids = [*grounds.place_ids, "admin:00x"]
        paths = [(*path, len(ids) - 1) if i == first else path for i, path in enumerate(grounds.paths)]
        later = Grounds(
            ids, np.append(grounds.depth, 2), [*grounds.levels, "community"], [*grounds.trees, "admin"], paths
        )  # fmt: skip
        every = totals(later, cubes[0].n.ravel(), cubes[0].keys.ravel(), cubes[0].cube)
        second, _, again = release_of(Members(later, [every], []), "outside", settings, [known])
        for name, one in again.items():
            if name in told and one[1] is not None and told[name][1] is not None:
                assert one == told[name], "the same members, the same value"
        know(second, named(second, later), known)
        assert in_whole(second).min() >= 10


def test_what_is_shown_is_at_least_k_and_a_multiple() -> None:
    grounds, cubes = town(1)
    cells, _, told = release_of(Members(grounds, cubes, []), "outside", Settings())
    shown = [n for state, n in told.values() if state == "normal"]
    assert min(shown) >= 10
    assert all(n % 5 == 0 for n in shown)
    assert all(n is None for state, n in told.values() if state != "normal")
    assert set(np.unique(cells.n[cells.state == SHOWN]) >= 10) == {True}
    assert {BELOW, OTHERS} <= set(np.unique(cells.state).tolist())
    assert cells.n[cells.state == OTHERS].min() < 10, "withheld says nothing of a size"


def test_some_small_counts_are_called_withheld_before_anything_is_withheld_for_others() -> None:
    grounds, cubes = town(1)
    cells = table_of(cubes, grounds, 10, 5, 2)
    few = (cells.n < 10) & np.isin(cells.state, (BELOW, OTHERS))
    share = np.mean(cells.state[few] == OTHERS)
    assert 0.05 < share < 0.25
    assert not (cells.state[cells.n >= 10] == OTHERS).any()


def test_a_group_that_is_all_alike_is_not_told() -> None:
    sensitive = type(SEX)("sex", "sex", "value", SEX.values, (("any", SEX.values),), is_sensitive=True)
    grounds, cubes = town(3, dimensions=(HUKOU, sensitive))
    by = cubes[1]
    by.n[0] = 0
    by.n[0, 0] = cubes[0].n[by.unit_of_atom == 0].sum()
    cells = table_of(cubes, grounds, 10, 5, 2)
    place = next(i for i, held in enumerate(by.held) if held.tolist() == [0])
    states = [cells.state[cells.place_in(1, place, c)] for c, at in enumerate(by.coordinates) if at[1] >= 0]
    assert set(states) == {ALIKE}


@pytest.mark.parametrize("n_persons", [0, 3, 200])
def test_a_city_of_one_community_is_released_safely(n_persons: int) -> None:
    """Two of its three grids are empty, in one of its estates stands no house; all of its trees tell one number."""
    grounds, cubes = town(2, n_streets=1, n_communities=1, n_persons=n_persons)
    cells, found, told = release_of(Members(grounds, cubes, []), "outside", Settings())
    assert {place for place, cut in told if not cut} == set(grounds.place_ids) - {"estate:2"}
    assert any(n is not None for _, n in told.values()) == (n_persons == 200)
    widths = found.width()[found.is_open(cells)]
    assert not len(widths) or widths.min() >= 10
    assert (in_whole(cells)[cells.is_secret[cells.is_withheld]] >= 10).all()


def test_a_tree_that_begins_below_a_level_tells_nothing_of_it() -> None:
    """One community, and nothing above it: single years of age are told down to streets, so they are not told here."""
    grounds = Grounds(
        ["c", "g", "h"], np.array([0, 1, 1]), ["community", "grid", "grid"], ["admin"] * 3, [(0, 1), (0, 2)]
    )
    assert reached(grounds, "admin", "street").tolist() == [False] * 3
    assert reached(grounds, "admin", "community").tolist() == [True, False, False]
    _, cubes = people(np.random.default_rng(1), grounds, np.array([100, 100]), (AGE, SEX))
    _, _, told = release_of(Members(grounds, cubes, []), "outside", Settings())
    assert {cut for _, cut in told} >= {"age=60+", "age=60+;sex=male", "sex=male"}
    assert not {cut for _, cut in told} & {f"age={band}" for band in AGE_BANDS}
    of_grids = Grounds(["g"], np.array([0]), ["grid"], ["admin"], [(0,)])
    _, cubes = people(np.random.default_rng(1), of_grids, np.array([100]), (AGE, SEX))
    assert len(cubes) == 1, "a cube of communities has none here"
    assert release_of(Members(of_grids, cubes, []), "outside", Settings())[2].keys() == {("g", "")}


def test_places_of_the_release_before_go_by_the_depths_of_then() -> None:
    """The streets are gone: communities moved up, and what was told of the old streets is known all the same."""
    grounds = Grounds(
        ["t", "c", "s"], np.array([0, 1, 1]), ["district", "community", "street"], ["admin"] * 3, [(0, 1, 2)],
        frozenset({2}),
    )  # fmt: skip
    assert reached(grounds, "admin", "street").tolist() == [True, False, True]
    assert reached(grounds, "admin", "community").tolist() == [True] * 3


def test_a_register_that_shrank_since_its_release_is_attacked_all_the_same() -> None:
    """What is withheld has no upper end for whoever looks from outside: it may be what it was."""
    grounds, cubes = town(1)
    cells, _, told = release_of(Members(grounds, cubes, []), "outside", Settings())
    _, fewer = town(1, n_persons=8)
    widths = attacked(Members(grounds, fewer, []), told, cells.k, cells.round_to, [])
    assert len(widths) > 20
    assert widths.min() >= 10


def test_a_city_without_a_place_for_anybody_is_cut_into_no_parts() -> None:
    grounds = Grounds(["s", "t"], np.array([0, 0]), ["street", "street"], ["admin"] * 2, [()])
    _, cubes = people(np.random.default_rng(1), grounds, np.array([50]), (AGE, SEX))
    assert release_of(Members(grounds, cubes, []), "outside", Settings())[2] == {}


def test_declared_cubes() -> None:
    assert [age_band(age) for age in (-1, 0, 4, 5, 84, 85, 103)] == [
        "0-4",
        "0-4",
        "0-4",
        "5-9",
        "80-84",
        "85+",
        "85+",
    ]
    assert len(AGE_BANDS) == 18
    assert {cube.entity for cube in checked(built_in())} == {"person", "household"}
    assert cut_of([("sex", "male"), ("age", "60+")]) == "age=60+;sex=male"
    with pytest.raises(CubeInvalid):
        checked([*built_in(), cube_of({"id": "other", "entity": "person", "tree": "admin", "level": "street",
            "dimension": [{"name": "sex", "column": "sex", "values": ["female", "male"]}]}, "x")])  # fmt: skip
    with pytest.raises(CubeInvalid):
        cube_of({"id": "cases", "entity": "case"}, "x")
