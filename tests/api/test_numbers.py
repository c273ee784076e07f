"""Numbers that open: every figure recounts from its rows, for every reader."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.api.serving import problem

CLIENTS = ("dispatcher", "leader", "street")


def every_row(client: httpx.Client, number_id: str, as_of: str, place: str | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"at": as_of, "limit": 250, "cursor": cursor, "place": place}
        page = client.get(
            f"/v1/numbers/{number_id}/rows", params={k: v for k, v in asked.items() if v is not None}
        )
        assert page.status_code == 200, page.text
        told = page.json()
        assert told["as_of"] == as_of
        rows += told["rows"]
        cursor = told["next_cursor"]
        if cursor is None:
            assert len(rows) == told["n_total"]
            return rows


@pytest.mark.parametrize("name", CLIENTS)
def test_every_figure_opens_to_rows_that_recount_to_it(name: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(name)
    definitions = client.get("/v1/numbers").json()
    assert len(definitions) > 10
    n_exact = 0
    for terms in definitions:
        figure = client.get(terms["href"]).json()
        assert figure["number_id"] == terms["number_id"]
        assert figure["place_id"]
        assert figure["place_name"]
        if figure["release"] == "protected":
            problem(client.get(f"{terms['href']}/rows"), 403, "not_allowed")
            continue
        rows = every_row(client, terms["number_id"], figure["as_of"], None)
        assert len(rows) == figure["n"], terms["number_id"]
        total = sum((Fraction(row["points"]) for row in rows), Fraction(0))
        expected = figure["value"] if terms["kind"] in {"count", "sum"} else figure["numerator"]
        assert float(total) == pytest.approx(expected), terms["number_id"]
        n_exact += 1
    assert n_exact > 5


def test_units_are_the_places_below_and_add_up(dispatcher: httpx.Client) -> None:
    whole = dispatcher.get("/v1/numbers/buildings.total").json()
    units = dispatcher.get("/v1/numbers/buildings.total/units").json()
    assert len(units) == 7
    assert sum(unit["number"]["value"] for unit in units) == whole["value"]
    below = dispatcher.get("/v1/numbers/buildings.total/units", params={"place": units[0]["place_id"]}).json()
    assert sum(unit["number"]["value"] for unit in below) == units[0]["number"]["value"]


def test_a_series_ends_now(dispatcher: httpx.Client) -> None:
    points = dispatcher.get("/v1/numbers/cases.open/series", params={"grain": "day", "n": 5}).json()
    assert len(points) == 5
    assert [point["is_complete"] for point in points] == [True] * 4 + [False]
    assert points[-1]["number"]["value"] == dispatcher.get("/v1/numbers/cases.open").json()["value"]
    assert all(a["to_at"] == b["from_at"] for a, b in pairwise(points))


def test_the_same_question_gives_the_same_bytes(dispatcher: httpx.Client) -> None:
    as_of = dispatcher.get("/v1/numbers/cases.open").json()["as_of"]
    first, again = (dispatcher.get("/v1/numbers/cases.open", params={"at": as_of}).content for _ in range(2))
    assert first == again


def test_a_past_instant_can_be_asked_for(dispatcher: httpx.Client) -> None:
    now = dispatcher.get("/v1/numbers/cases.open").json()
    day = now["as_of"][:8] + "01"
    past = dispatcher.get("/v1/numbers/cases.open", params={"at": day}).json()
    assert past["as_of"] <= now["as_of"]
    ahead = dispatcher.get("/v1/numbers/cases.open", params={"at": "2199-01-01T00:00:00Z"}).json()
    assert ahead["value"] == now["value"]


@pytest.mark.parametrize(
    ("at", "code"),
    [("yesterday", "invalid_input"), ("2026-13-01", "invalid_input"), ("2026-02-14T09:00:00", "naive_time"),
     ("0001-01-01", "invalid_input"), ("9999-12-31", "invalid_input"), ("0001-01-01T00:00:00Z", "invalid_input")],
)  # fmt: skip
def test_an_instant_that_is_none(dispatcher: httpx.Client, at: str, code: str) -> None:
    problem(dispatcher.get("/v1/numbers/cases.open", params={"at": at}), 422, code)


def test_an_unknown_place_and_a_foreign_one(street: httpx.Client, dispatcher: httpx.Client) -> None:
    problem(dispatcher.get("/v1/numbers/cases.open", params={"place": "admin:0"}), 404, "unknown_place")
    own = street.get("/v1/session").json()["user"]["place_id"]
    streets = dispatcher.get("/v1/places", params={"level": "street"}).json()["items"]
    others = [p["place_id"] for p in streets if p["place_id"] != own]

    def values(client: httpx.Client) -> list[float]:
        path = "/v1/numbers/cases.open"
        return [client.get(path, params={"place": place}).json()["value"] for place in others]

    assert values(street) == [0] * len(others)
    assert sum(values(dispatcher)) > 0


def test_a_cursor_serves_only_its_question(dispatcher: httpx.Client) -> None:
    first = dispatcher.get("/v1/numbers/buildings.total/rows", params={"limit": 5}).json()
    cursor = first["next_cursor"]
    second = dispatcher.get("/v1/numbers/buildings.total/rows", params={"limit": 5, "cursor": cursor}).json()
    ids = [row["building_id"] for page in (first, second) for row in page["rows"]]
    assert len(set(ids)) == 10
    for asked in (
        {"limit": 6, "cursor": cursor},
        {"limit": 5, "cursor": "AAAA"},
        {"limit": 5, "cursor": "é"},
    ):
        problem(dispatcher.get("/v1/numbers/buildings.total/rows", params=asked), 422, "invalid_input")
