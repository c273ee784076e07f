"""Numbering of editions, and which place a point lies in."""

import itertools
from datetime import date, timedelta

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from huitian.base.places import Locator, Places, number
from huitian.model.place import LEVELS, Place, Tree

DAY = date(2020, 1, 1)


@st.composite
def forests(draw: st.DrawFn) -> list[Place]:
    """Return places with random parents above them and random dates."""
    n = draw(st.integers(1, 30))
    found: list[Place] = []
    for i in range(n):
        parent = draw(st.integers(0, i - 1)) if i else None
        begin = DAY + timedelta(days=draw(st.integers(0, 5)) if i else 0)
        end = draw(st.none() | st.integers(1, 6).map(lambda d, b=begin: b + timedelta(days=d))) if i else None
        found.append(
            Place(f"admin:{i:03}", "admin", f"{i:03}", LEVELS[min(i, 4)], f"p{i}",
                  None if parent is None else f"admin:{parent:03}", begin, end)
        )  # fmt: skip
    return found


@settings(deadline=None)
@given(forests())
def test_all_below_is_a_range_in_every_edition(places: list[Place]) -> None:
    editions, nodes = number(places, "admin")
    for edition in editions:
        found = nodes[edition.edition_id]
        assert sorted(n.rank for n in found) == list(range(1, len(found) + 1))
        parents = {n.place_id: n.parent_id for n in found}
        for node in found:
            below = {p for p in parents if is_below(p, node.place_id, parents)}
            in_range = {n.place_id for n in found if node.rank <= n.rank <= node.rank_last}
            assert below == in_range
        valid = {p.place_id for p in places if p.valid_from <= edition.valid_from
                 and (p.valid_to is None or p.valid_to > edition.valid_from)}  # fmt: skip
        assert set(parents) == valid, "no place is lost between two editions"
    assert all(a.valid_to == b.valid_from for a, b in itertools.pairwise(editions))


def is_below(place_id: str | None, above: str, parents: dict[str, str | None]) -> bool:
    while place_id is not None:
        if place_id == above:
            return True
        place_id = parents[place_id]
    return False


def area(place_id: str, level: str, outline: shapely.Polygon, parent: str | None = None) -> Place:
    return Place(place_id, "admin", place_id.partition(":")[2], level, place_id, parent, DAY,
                 geometry=shapely.to_wkb(outline), area_m2=outline.area * 1e10)  # type: ignore[arg-type]  # fmt: skip


WHOLE = area("admin:1", "district", shapely.box(0, 0, 4, 2))
WEST = area("admin:11", "street", shapely.box(0, 0, 1, 2), "admin:1")
EAST = area("admin:12", "street", shapely.box(1, 0, 3, 2), "admin:1")
OVER = area("admin:13", "street", shapely.box(2.5, 0, 3, 2), "admin:1")


def where(*points: tuple[float, float]) -> list[str | None]:
    tree = Tree("admin", "行政", "Admin", ("district", "street"))
    editions, nodes = number([WHOLE, WEST, EAST, OVER], "admin")
    places = Places([tree], [WHOLE, WEST, EAST, OVER], nodes, editions)
    lon, lat = np.array(points, dtype=np.float64).T
    return places.locate(lon, lat, "admin", DAY)


def test_the_deepest_place_wins_then_the_smaller_then_the_lower_code() -> None:
    assert where((0.5, 1)) == ["admin:11"]
    assert where((1.0, 1)) == ["admin:11"], "a border belongs to the smaller of the two"
    assert where((2.7, 1)) == ["admin:13"], "an overlap goes to the smaller one"
    assert where((3.5, 1)) == ["admin:1"], "outside every street it is the district's"
    assert where((9.0, 9)) == [None]
    assert where((float("nan"), 1), (0.5, 1)) == [None, "admin:11"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(-2, 10), st.integers(-2, 6)), min_size=1, max_size=50))
def test_locate_equals_the_rule_written_out(grid: list[tuple[int, int]]) -> None:
    points = [(x / 2, y / 2) for x, y in grid]
    rule = []
    for x, y in points:
        point = shapely.Point(x, y)
        held = [p for p in (WHOLE, WEST, EAST, OVER) if shapely.from_wkb(p.geometry).intersects(point)]
        held.sort(key=lambda p: (p.parent_id is None, p.area_m2, p.code))
        rule.append(held[0].place_id if held else None)
    assert where(*points) == rule


def test_an_empty_tree_locates_nothing() -> None:
    assert Locator([]).locate(np.array([1.0]), np.array([1.0])) == [None]
