"""Map layers: what is in a box, how much of it, and how exactly."""

import httpx
import pytest
import shapely

from huitian.model.query import Row, Tally
from huitian.model.scope import Allowed
from huitian.simulate.city import DemoCity
from tests.api.serving import Served, problem


def test_what_layers_there_are(nobody: httpx.Client, dispatcher: httpx.Client) -> None:
    own = [layer["layer_id"] for layer in dispatcher.get("/v1/layers").json()]
    assert {"place.street", "place.community", "place.grid", "building", "component", "case", "road"} <= {
        *own
    }
    public = {layer["layer_id"] for layer in nobody.get("/v1/layers").json()}
    assert public == {*own} - {"case", "cells"}


@pytest.mark.parametrize("layer_id", ["place.street", "place.grid", "building", "component", "road", "case"])
def test_a_layer_is_geojson(dispatcher: httpx.Client, layer_id: str) -> None:
    answer = dispatcher.get(f"/v1/layers/{layer_id}")
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert told["type"] == "FeatureCollection"
    assert told["n_total"] == len(told["features"]) > 0
    assert told["is_truncated"] is False
    assert told["as_of"].endswith("Z")
    ids = [feature["id"] for feature in told["features"]]
    assert len(set(ids)) == len(ids)
    for feature in told["features"][:50]:
        assert shapely.from_geojson(str(feature["geometry"]).replace("'", '"')).is_valid


def test_only_what_touches_the_box(nobody: httpx.Client) -> None:
    streets = nobody.get("/v1/places", params={"level": "street"}).json()["items"]
    box = streets[0]["box"]
    told = nobody.get("/v1/layers/building", params={"box": ",".join(map(str, box))}).json()
    every = nobody.get("/v1/layers/building").json()
    assert 0 < told["n_total"] < every["n_total"]
    area = shapely.box(*box)
    for feature in told["features"]:
        outline = shapely.polygons(feature["geometry"]["coordinates"][0])
        assert area.buffer(1e-6).intersects(shapely.box(*outline.bounds))


def test_too_many_are_cut_and_it_is_said(nobody: httpx.Client) -> None:
    told = nobody.get("/v1/layers/building", params={"limit": 7}).json()
    assert len(told["features"]) == 7
    assert told["is_truncated"] is True
    assert told["n_total"] > 7


def test_a_layer_that_did_not_change_is_not_sent_again(nobody: httpx.Client) -> None:
    first = nobody.get("/v1/layers/place.street")
    again = nobody.get("/v1/layers/place.street", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = nobody.get("/v1/layers/place.community", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_outlines_are_those_of_the_day(nobody: httpx.Client, invented: DemoCity) -> None:
    level_of = {place.place_id: place.level for place in invented.places}
    lineage = next(one for one in invented.lineages if one.kind in {"split", "merge"})
    layer = f"/v1/layers/place.{level_of[lineage.from_id]}"
    now = {f["id"] for f in nobody.get(layer).json()["features"]}
    at = {"at": invented.editions[0].valid_from.isoformat()}
    before = {f["id"] for f in nobody.get(layer, params=at).json()["features"]}
    assert lineage.from_id in before
    assert lineage.to_id in now
    assert before != now


def test_staff_see_open_cases_of_a_building_the_wall_does_not(
    dispatcher: httpx.Client, leader: httpx.Client, nobody: httpx.Client
) -> None:
    counts = [f["properties"]["n_cases"] for f in dispatcher.get("/v1/layers/building").json()["features"]]
    assert sum(counts) > 0
    for client in (leader, nobody):
        told = client.get("/v1/layers/building").json()["features"]
        assert {f["properties"]["n_cases"] for f in told} == {None}


def test_the_wall_sees_cases_somewhere_in_the_place_that_it_is_told(
    served: Served, dispatcher: httpx.Client, leader: httpx.Client
) -> None:
    exact = {
        f["id"]: f["geometry"]["coordinates"] for f in dispatcher.get("/v1/layers/case").json()["features"]
    }
    shown = leader.get("/v1/layers/case").json()["features"]
    assert {f["id"] for f in shown} == set(exact)
    places, n_elsewhere = served.city.planner.places.by_id, 0
    for feature in shown:
        point = shapely.Point(feature["geometry"]["coordinates"])
        place = places[feature["properties"]["place_id"]]
        assert shapely.from_wkb(place.geometry).covers(point), place.name
        n_elsewhere += feature["geometry"]["coordinates"] != exact[feature["id"]]
        assert "building_id" not in feature["properties"]
    assert n_elsewhere == len(shown)
    assert leader.get("/v1/layers/case").json()["features"] == shown


def test_a_small_box_does_not_tell_where_in_its_place_a_case_lies(
    dispatcher: httpx.Client, leader: httpx.Client
) -> None:
    shown = {f["id"]: f["geometry"]["coordinates"] for f in leader.get("/v1/layers/case").json()["features"]}
    for feature in dispatcher.get("/v1/layers/case").json()["features"][:20]:
        for lon, lat in (feature["geometry"]["coordinates"], shown[feature["id"]]):
            box = (lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
            told = leader.get("/v1/layers/case", params={"box": ",".join(map(str, box))}).json()
            there = {
                case_id
                for case_id, (x, y) in shown.items()
                if box[0] <= x <= box[2] and box[1] <= y <= box[3]
            }
            assert {f["id"] for f in told["features"]} == there
            assert told["n_total"] == len(there)


def test_density_is_a_class_of_a_square_for_those_who_may_count_persons(
    nobody: httpx.Client, leader: httpx.Client, dispatcher: httpx.Client
) -> None:
    layer = next(one for one in leader.get("/v1/layers").json() if one["layer_id"] == "cells")
    assert layer["classes"] == {
        "limits": [0, 1, 3, 6, 10, 16, 24], "unit_zh": "千人/km²", "unit_en": "1,000/km²", "cell_m": 250, "k": 10,
    }  # fmt: skip
    first = leader.get("/v1/layers/cells")
    told = first.json()
    assert told["n_total"] == len(told["features"]) > 0
    for feature in told["features"]:
        assert set(feature["properties"]) == {"cell_id", "class"}
        assert 1 <= feature["properties"]["class"] <= 7
    assert leader.get("/v1/layers/cells", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    # Another lens and another place cut nothing anew: the release is one.
    street = next(iter(leader.get("/v1/places", params={"level": "street"}).json()["items"]))["place_id"]
    for answer in (
        dispatcher.get("/v1/layers/cells"), leader.get("/v1/layers/cells", params={"place": street})
    ):  # fmt: skip
        assert answer.json()["features"] == told["features"]
    problem(nobody.get("/v1/layers/cells"), 401, "not_signed_in")


def test_a_reader_of_a_street_gets_its_squares_as_everybody_does(
    street: httpx.Client, leader: httpx.Client
) -> None:
    every = {f["id"]: f for f in leader.get("/v1/layers/cells").json()["features"]}
    own = street.get("/v1/layers/cells").json()["features"]
    assert 0 < len(own) < len(every)
    assert all(every[f["id"]] == f for f in own)


@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "3,2,1,4", "1,4,3,2", "nan,0,1,1", "0,0,200,1", "inf,0,1,1"]
)
def test_a_box_that_is_none(nobody: httpx.Client, box: str) -> None:
    assert (
        problem(nobody.get("/v1/layers/building", params={"box": box}), 422, "invalid_input")["field"]
        == "box"
    )


def test_a_reader_of_a_street_gets_its_buildings(street: httpx.Client, invented: DemoCity) -> None:
    own = street.get("/v1/session").json()["user"]["place_id"]
    told = street.get("/v1/layers/building").json()
    assert told["n_total"] == invented.truth.n_buildings_by_street[own]
    feature = told["features"][0]
    page = street.get(f"/v1/buildings/{feature['id']}").json()
    assert page["n_cases"] == feature["properties"]["n_cases"]
    everywhere = {f["id"] for f in street.get("/v1/layers/building").json()["features"]}
    assert len(everywhere) == told["n_total"]


def test_a_building_shows_what_is_inside_to_staff_only(
    dispatcher: httpx.Client, nobody: httpx.Client
) -> None:
    ids = [
        f["id"]
        for f in dispatcher.get("/v1/layers/building").json()["features"]
        if f["properties"]["use"] == "residential"
    ]
    page = dispatcher.get(f"/v1/buildings/{ids[0]}").json()
    assert len(page["dwellings"]) == page["n_dwellings"] > 0
    assert len(page["units"]) == page["n_units"] > 0
    assert sum(floor["n_dwellings"] for floor in page["floors"]) == page["n_dwellings"]
    assert sum(unit["n_dwellings"] for unit in page["units"]) == page["n_dwellings"]
    assert page["load_id"] == "demo"
    public = nobody.get(f"/v1/buildings/{ids[0]}").json()
    assert public["name"] == page["name"]
    assert (public["dwellings"], public["units"], public["attributes"], public["load_id"]) == (
        [],
        [],
        {},
        None,
    )
    assert public["n_cases"] is None


def test_of_a_box_only_the_cases_of_its_buildings_are_counted(
    served: Served, dispatcher: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = dispatcher.get("/v1/layers/building").json()["features"]
    n_cases = {one["id"]: one["properties"]["n_cases"] for one in every}
    lon, lat = next(one for one in every if one["properties"]["n_cases"])["geometry"]["coordinates"][0][0]
    planner, counted = served.city.planner, 0
    tally = planner.tally

    def watched(allowed: Allowed, asked: Tally) -> list[Row]:
        nonlocal counted
        rows = tally(allowed, asked)
        counted += len(rows)
        return rows

    monkeypatch.setattr(planner, "tally", watched)
    box = f"{lon - 0.0005},{lat - 0.0005},{lon + 0.0005},{lat + 0.0005}"
    near = dispatcher.get("/v1/layers/building", params={"box": box}).json()["features"]
    assert 0 < len(near) < len(every)
    assert all(one["properties"]["n_cases"] == n_cases[one["id"]] for one in near)
    assert counted <= len(near)
