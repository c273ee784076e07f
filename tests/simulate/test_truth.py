"""Truth: counted again from what the city gives, by place, with another method."""

from collections import Counter

import numpy as np
import shapely

from huitian.simulate.lives import state_of


def held_by(city, level, points):
    places = [p for p in city.places if p.level == level and p.valid_to is None]
    shapes = shapely.from_wkb([place.geometry for place in places])
    point, place = shapely.STRtree(shapes).query(shapely.points(points), predicate="intersects")
    found = np.empty(len(points), dtype=object)
    found[point[::-1]] = [places[i].place_id for i in place[::-1]]
    return found


def test_buildings_stand_where_truth_says(city, rows):
    points = [(row["lon"], row["lat"]) for row in rows["building"]]
    ids = [row["building_id"] for row in rows["building"]]
    assert dict(zip(ids, held_by(city, "grid", points), strict=True)) == city.truth.grid_of_building
    assert dict(zip(ids, held_by(city, "estate", points), strict=True)) == city.truth.estate_of_building
    streets = held_by(city, "street", points)
    assert Counter(streets) == city.truth.n_buildings_by_street
    assert Counter(held_by(city, "community", points)) == city.truth.n_buildings_by_community
    street_of = dict(zip(ids, streets, strict=True))
    for entity, counted in (("dwelling", city.truth.n_dwellings_by_street),
                            ("household", city.truth.n_households_by_street),
                            ("person", city.truth.n_persons_by_street)):  # fmt: skip
        assert Counter(street_of[row["building_id"]] for row in rows[entity]) == counted
    states = Counter(row["occupancy_state"] for row in rows["dwelling"])
    assert states == city.truth.n_dwellings_by_state


def test_buildings_keep_the_community_of_their_registration(city, rows):
    first = {
        p.code for p in city.places if p.level == "community" and p.valid_from == city.editions[0].valid_from
    }
    codes = [row["building_id"] for row in rows["building"]]
    assert {code[:12] for code in codes} <= first
    assert all(len(code) == 16 and code.isdigit() for code in codes)
    points = shapely.points([(row["lon"], row["lat"]) for row in rows["building"]])
    shape_of = {p.code: shapely.from_wkb(p.geometry) for p in city.places if p.level == "community"}
    assert all(shape_of[code[:12]].contains(point) for code, point in zip(codes, points, strict=True))


def test_components_have_codes_of_seventeen_digits_and_lie_in_their_grid(city, rows):
    points = [(row["lon"], row["lat"]) for row in rows["component"]]
    grids = held_by(city, "grid", points)
    n_elsewhere = 0
    for row, grid in zip(rows["component"], grids, strict=True):
        assert row["component_id"][:11] == f"990114{row['class_code']}"
        assert len(row["component_id"]) == 17
        n_elsewhere += grid != f"admin:{row['attributes']['grid_code']}"
    # A rounded point on a border may be held by the other side.
    assert n_elsewhere <= 3


def test_letters_recount(city):
    truth = city.truth
    states = Counter(state_of(story.steps) for story in city.letters)
    assert states == truth.n_letters_by_state
    assert truth.n_open == len(city.letters) - states["closed"]
    assert Counter(story.category_code for story in city.letters) == truth.n_letters_by_category
    assert sum(truth.n_letters_by_street.values()) == len(city.letters)
    located = [story for story in city.letters if story.lon is not None]
    streets = Counter(held_by(city, "street", [(s.lon, s.lat) for s in located]))
    assert None not in streets
    for place_id, n in streets.items():
        assert 0 <= truth.n_letters_by_street[place_id] - n <= 0.06 * n + 5
    assert truth.n_visited > truth.n_contacted > truth.n_solved > 0


def test_the_trouble_of_the_last_hours_is_in_one_estate(city):
    truth = city.truth
    surge = [
        s for s in city.letters
        if s.category_code == truth.surge_category and s.building_id
        and truth.estate_of_building[s.building_id] == truth.surge_estate_id
        and (city.as_of - s.reported_at).total_seconds() < 3 * 3600
    ]  # fmt: skip
    assert len(surge) >= truth.n_surge - 2
