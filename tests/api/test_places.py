"""The city, its trees and places, and which place a point lies in."""

from datetime import date

import httpx

from huitian.simulate.city import DemoCity
from tests.api.serving import problem


def test_the_city_tells_its_trees(nobody: httpx.Client, invented: DemoCity) -> None:
    told = nobody.get("/v1/city").json()
    assert told["root_place_id"] == invented.root_place_id
    assert told["default_tree"] == "admin"
    assert [tree["tree_id"] for tree in told["trees"]] == ["admin", "property"]
    assert len(told["trees"][0]["editions"]) == 3
    west, south, east, north = told["box"]
    root = nobody.get(f"/v1/places/{invented.root_place_id}").json()
    assert told["box"] == root["box"], "the map shows the city, not the box of sane coordinates"
    assert west < east
    assert south < north
    assert told["languages"] == ["zh", "en"]


def test_places_of_a_level_are_listed_in_order_of_rank(nobody: httpx.Client) -> None:
    streets = nobody.get("/v1/places", params={"level": "street"}).json()
    assert streets["n_total"] == len(streets["items"]) == 7
    ranks = [place["rank"] for place in streets["items"]]
    assert ranks == sorted(ranks)
    one = streets["items"][0]
    below = nobody.get("/v1/places", params={"parent": one["place_id"]}).json()
    assert below["n_total"] == one["n_children"] > 0
    assert all(one["rank"] < p["rank"] <= one["rank_last"] for p in below["items"])
    found = nobody.get("/v1/places", params={"q": one["name"][:2], "limit": 1}).json()
    assert len(found["items"]) == 1
    assert found["n_total"] >= 1
    problem(nobody.get("/v1/places", params={"parent": "admin:none"}), 404, "unknown_place")


def test_a_past_day_shows_the_edition_of_that_day(nobody: httpx.Client) -> None:
    editions = nobody.get("/v1/city").json()["trees"][0]["editions"]
    ids = [nobody.get("/v1/places", params={"at": e["valid_from"]}).json()["edition_id"] for e in editions]
    assert ids == [e["edition_id"] for e in editions]


def test_a_place_shows_its_path_children_and_lineage(nobody: httpx.Client, invented: DemoCity) -> None:
    lineage = invented.lineages[0]
    page = nobody.get(f"/v1/places/{lineage.to_id}").json()
    assert page["path"][0]["place_id"] == invented.root_place_id
    assert page["path"][-1]["place_id"] == lineage.to_id
    step = next(s for s in page["lineage"] if s["other_id"] == lineage.from_id)
    assert (step["direction"], date.fromisoformat(step["changed_on"])) == ("from", lineage.changed_on)
    before = nobody.get(f"/v1/places/{lineage.from_id}", params={"at": "2021-01-01"}).json()
    assert any(s["other_id"] == lineage.to_id and s["direction"] == "to" for s in before["lineage"])


def test_objects_are_counted_where_the_reader_may(
    nobody: httpx.Client, dispatcher: httpx.Client, invented: DemoCity
) -> None:
    for street_id, n_buildings in invented.truth.n_buildings_by_street.items():
        told = dispatcher.get(f"/v1/places/{street_id}").json()["n_objects"]
        assert told["building"] == n_buildings
        assert told["case_open"] is not None
    assert nobody.get(f"/v1/places/{invented.root_place_id}").json()["n_objects"]["case_open"] is None


def test_a_reader_of_a_street_sees_that_street(street: httpx.Client, invented: DemoCity) -> None:
    own = street.get("/v1/session").json()["user"]["place_id"]
    seen = street.get("/v1/places").json()["items"]
    assert seen[0]["place_id"] == own
    others = {p.place_id for p in invented.places if p.level == "street" and p.place_id != own}
    assert not others & {place["place_id"] for place in seen}
    problem(street.get(f"/v1/places/{sorted(others)[0]}"), 404, "unknown_place")


def test_a_point_is_located_in_the_deepest_place(nobody: httpx.Client) -> None:
    grid = nobody.get("/v1/places", params={"level": "grid", "limit": 1}).json()["items"][0]
    lon, lat = grid["label"]
    told = nobody.get("/v1/locate", params={"lon": lon, "lat": lat}).json()
    assert told["place_id"] == grid["place_id"]
    assert [step["level"] for step in told["path"]] == ["district", "street", "community", "grid"]
    nowhere = nobody.get("/v1/locate", params={"lon": 0, "lat": 0}).json()
    assert nowhere == {"place_id": None, "path": [], "rule": "none"}
    for lon_words in ("NaN", "inf", "181", "east"):
        problem(nobody.get("/v1/locate", params={"lon": lon_words, "lat": 40}), 422, "invalid_input")
    problem(nobody.get("/v1/locate", params={"lon": 116, "lat": 40, "tree": "oak"}), 422, "invalid_input")


def test_residents_find_their_place(nobody: httpx.Client) -> None:
    every = nobody.get("/v1/public/places", params={"limit": 100}).json()
    assert {p["level"] for p in every["items"]} == {"street", "community"}
    wanted = every["items"][1]
    found = nobody.get("/v1/public/places", params={"q": wanted["name"]}).json()["items"][0]
    assert found["place_id"] == wanted["place_id"]
    assert found["path"][-1] == wanted["name"]
