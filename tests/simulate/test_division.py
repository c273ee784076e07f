"""Places: parts tile their whole, codes chain by prefix, editions differ by one split and one merge."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely

from huitian.simulate import DemoScale, demo_city
from huitian.simulate.division import month_start
from huitian.simulate.outline import AREA_M2
from huitian.simulate.plane import area_m2
from tests.simulate.conftest import AS_OF

LENGTHS = {"district": 6, "street": 9, "community": 12, "grid": 15}
TINY = DemoScale(n_buildings=500, person_share=0.0, n_enterprises=5, n_components=50, n_letters=40)


def in_force(city, tree_id, on):
    return [
        p
        for p in city.places
        if p.tree_id == tree_id and p.valid_from <= on and (p.valid_to is None or on < p.valid_to)
    ]


def micro(places):
    shapes = shapely.from_wkb([place.geometry for place in places])
    return shapely.transform(shapes, lambda xy: np.rint(xy * 1e6))


@pytest.mark.parametrize("seed", [1, 2, 3, 11, 20260305])
def test_children_tile_their_parent_in_every_edition(seed):
    made = demo_city(seed, AS_OF, TINY)
    for edition in made.editions:
        places = in_force(made, edition.tree_id, edition.valid_from)
        by_id = dict(zip([p.place_id for p in places], micro(places), strict=True))
        assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in by_id.values())
        children: dict[str, list[str]] = {}
        for place in places:
            if place.parent_id is not None:
                children.setdefault(place.parent_id, []).append(place.place_id)
        assert set(children) == {p.place_id for p in places if p.level not in {"grid", "estate"}}
        for parent, members in children.items():
            shapes = np.array([by_id[one] for one in members], dtype=object)
            whole = by_id[parent]
            assert abs(area_m2(shapes).sum() - area_m2(whole)) < 1.0
            assert shapely.coverage_is_valid(shapes)
            # A whole keeps the corners at which its parts meet: the border is the same, point for point.
            rest = shapely.symmetric_difference(shapely.coverage_union_all(shapes), whole)
            assert area_m2(rest) < 1.0


def test_siblings_do_not_overlap(city):
    grids = [p for p in city.places if p.level == "grid" and p.valid_to is None]
    shapes = micro(grids)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = left < right
    overlap = shapely.intersection(shapes[left[pairs]], shapes[right[pairs]])
    assert max(area_m2(overlap)) < 1.0


def test_size_and_frame_are_those_of_the_area(city):
    root = next(p for p in city.places if p.place_id == city.root_place_id)
    assert abs(root.area_m2 - AREA_M2) < 0.01 * AREA_M2
    west, south, east, north = shapely.bounds(shapely.from_wkb(root.geometry))
    assert 116.27 <= west < east <= 116.45
    assert 40.04 <= south < north <= 40.13
    today = {level: [p for p in city.places if p.level == level and p.valid_to is None] for level in LENGTHS}
    assert len(today["street"]) == 7
    assert 90 <= len(today["community"]) <= 115
    assert 400 <= len(today["grid"]) <= 700


def test_codes_chain_by_prefix_and_are_never_used_twice(city):
    admin = [place for place in city.places if place.tree_id == "admin"]
    assert len({place.code for place in admin}) == len(admin)
    for place in admin:
        assert place.code.isdigit()
        assert place.code.startswith("99")
        assert len(place.code) == LENGTHS[place.level]
        assert place.place_id == f"admin:{place.code}"
        if place.level != "district":
            assert place.parent_id == f"admin:{place.code[: len(place.code) - 3]}"
    estates = [p for p in city.places if p.level == "estate"]
    assert all(p.code.startswith("EST990114") and len(p.code) == 18 for p in estates)


def test_a_place_is_never_older_or_younger_than_its_parent(city):
    by_id = {place.place_id: place for place in city.places}
    for place in city.places:
        if place.parent_id:
            parent = by_id[place.parent_id]
            assert parent.valid_from <= place.valid_from
            assert parent.valid_to is None or (
                place.valid_to is not None and place.valid_to <= parent.valid_to
            )


def test_labels_lie_inside(city):
    shapes = shapely.from_wkb([place.geometry for place in city.places])
    assert shapely.contains(shapes, shapely.points([place.label for place in city.places])).all()


def test_three_editions_with_one_split_and_one_merge(city):
    admin = [edition for edition in city.editions if edition.tree_id == "admin"]
    assert [edition.edition_no for edition in admin] == [1, 2, 3]
    assert [a.valid_to for a in admin[:-1]] == [b.valid_from for b in admin[1:]]
    assert admin[-1].valid_to is None
    changes = {(p.valid_from, p.valid_to) for p in city.places if p.tree_id == "admin"}
    days = {day for pair in changes for day in pair if day is not None}
    assert days == {edition.valid_from for edition in admin}
    kinds = [one.kind for one in city.lineages]
    assert kinds.count("split") == 2
    assert kinds.count("merge") == 2
    assert all(one.changed_on in days for one in city.lineages)


def test_every_ended_place_went_somewhere_whole(city):
    by_id = {place.place_id: place for place in city.places}
    shares: dict[str, float] = {}
    for one in city.lineages:
        shares[one.from_id] = shares.get(one.from_id, 0.0) + one.share_ratio
        old, new = by_id[one.from_id], by_id[one.to_id]
        assert old.valid_to == new.valid_from == one.changed_on
        assert old.level == new.level
    assert set(shares) == {place.place_id for place in city.places if place.valid_to is not None}
    assert all(abs(share - 1.0) < 1e-6 for share in shares.values())


@pytest.mark.parametrize("month", [1, 6, 7, 12])
def test_the_merger_lies_in_the_year_of_the_letters(month):
    made = demo_city(5, datetime(2027, month, 28, 12, tzinfo=UTC), TINY)
    split_on, merged_on = made.editions[1].valid_from, made.editions[2].valid_from
    assert split_on < made.letters[0].reported_at.date() < merged_on < made.letters[-1].reported_at.date()


def test_month_start():
    assert month_start(date(2026, 3, 31), 5) == date(2025, 10, 1)
    assert month_start(date(2026, 6, 1), 5) == date(2026, 1, 1)
