"""Headlines, forecasts, days and sources as the wall asks for them."""

from itertools import pairwise

import httpx
import pytest

from tests.api.serving import problem


def test_every_figure_of_a_headline_opens_as_it_says(leader: httpx.Client) -> None:
    told = leader.get("/v1/headlines").json()
    assert told["least_chance_ratio"] == 0.01
    for headline in told["items"]:
        assert headline["chance_ratio"] < 0.01
        assert "{n}" in headline["words_zh"]
        assert "{n}" in headline["words_en"]
        for name, figure in headline["figures"].items():
            number = figure["number"]
            asked = {"place": number["place_id"], "at": number["as_of"]}
            again = leader.get(number["href"], params=asked).json()
            assert again["value"] == number["value"], name
            rows = leader.get(f"{number['href']}/rows", params=asked).json()
            assert rows["n_total"] == number["n"]
            assert f"{{{name}}}" in headline["words_zh"] or name == "spot"


def test_headlines_are_for_who_is_signed_in(nobody: httpx.Client) -> None:
    problem(nobody.get("/v1/headlines"), 401, "not_signed_in")
    problem(nobody.get("/v1/sources"), 401, "not_signed_in")


def test_a_narrowed_figure_is_asked_for_by_its_id(leader: httpx.Client) -> None:
    narrowed = leader.get("/v1/numbers/cases.open;category_code=A12").json()
    escaped = leader.get(
        "/v1/numbers/cases.open%3Bcategory_code%3DA12", params={"at": narrowed["as_of"]}
    ).json()
    assert escaped["value"] == narrowed["value"]
    assert narrowed["href"] == "/v1/numbers/cases.open;category_code=A12"
    problem(leader.get("/v1/numbers/cases.open;state=closed"), 404, "unknown_number")
    assert leader.get("/v1/numbers/people.residents;sex=female").json()["release"] == "protected"
    problem(leader.get("/v1/numbers/people.residents;building_id=b1"), 422, "cut_not_declared")


def test_a_forecast_is_of_the_hours_to_come(leader: httpx.Client) -> None:
    told = leader.get("/v1/numbers/cases.reported_today/forecast", params={"hours": 30}).json()
    now = leader.get("/v1/city").json()["now"]
    assert len(told) == 30
    assert told[0]["from_at"] > now
    for one, following in pairwise(told):
        assert one["to_at"] == following["from_at"]
        assert one["low_value"] <= one["high_value"]
        assert one["mean_value"] >= 0


@pytest.mark.parametrize("number_id", ["cases.open", "people.residents", "mailbox.solved_rate"])
def test_what_is_no_count_of_what_happens_has_no_forecast(leader: httpx.Client, number_id: str) -> None:
    problem(leader.get(f"/v1/numbers/{number_id}/forecast"), 422, "invalid_input")


def test_days_say_what_they_are(nobody: httpx.Client) -> None:
    told = nobody.get("/v1/calendar", params={"from": "2026-09-30", "to": "2026-10-10"}).json()
    days = {one["day_on"]: one for one in told}
    assert len(days) == 11
    assert not days["2026-09-30"]["is_off"]
    assert (days["2026-10-01"]["is_off"], days["2026-10-01"]["is_first"]) == (True, True)
    assert days["2026-10-01"]["holiday_zh"] == "国庆节"
    assert not days["2026-10-02"]["is_first"]
    assert not days["2026-10-10"]["is_off"]
    for span in (("2026-10-02", "2026-10-01"), ("2026-01-01", "2027-01-01")):
        answer = nobody.get("/v1/calendar", params={"from": span[0], "to": span[1]})
        assert problem(answer, 422, "invalid_input")["field"] == "to"


def test_a_source_says_how_old_it_is_and_names_no_file(leader: httpx.Client) -> None:
    (source,) = leader.get("/v1/sources").json()
    assert (source["kind"], source["state"], source["n_loads"]) == ("simulate", "done", 1)
    assert source["loaded_at"].endswith("Z")
    assert set(source) == {"kind", "n_loads", "state", "loaded_at", "n_written", "n_rejected"}
