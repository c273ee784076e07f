"""A building with the cases of its homes: counts for who works there, a riser that is proposed, and its cases."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from huitian.api.building_pages import riser_of
from huitian.api.city import City
from huitian.cases.homes import CasesOfHomes
from huitian.model.query import Row
from huitian.settings import Settings
from huitian.simulate.city import DemoCity
from tests.api.serving import problem


@pytest.fixture(scope="session")
def house(invented: DemoCity) -> str:
    """Return the building with most cases of homes in the last two days."""
    since = invented.as_of - timedelta(hours=48)
    recent = Counter(s.building_id for s in invented.letters if s.dwelling_id and s.reported_at >= since)
    return str(recent.most_common(1)[0][0])


def test_the_house_in_trouble_proposes_its_riser(
    dispatcher: httpx.Client, house: str, invented: DemoCity
) -> None:
    page = dispatcher.get(f"/v1/buildings/{house}").json()
    riser, homes = page["riser"], {one["dwelling_id"]: one for one in page["dwellings"]}
    code = invented.truth.surge_category
    assert (page["recent_h"], riser["category_code"]) == (48, code)
    assert {homes[one]["unit_no"] for one in riser["dwelling_ids"]} == {riser["unit_no"]}
    assert [homes[one]["floor_no"] for one in riser["dwelling_ids"]] == sorted(
        homes[one]["floor_no"] for one in riser["dwelling_ids"]
    )
    n_cases = {one: homes[one]["recent"].get(code, 0) for one in riser["dwelling_ids"]}
    assert [one for one, n in n_cases.items() if n] == riser["with_ids"]
    assert sum(n_cases.values()) == len(riser["case_ids"])
    for case_id in riser["case_ids"]:
        case = dispatcher.get(f"/v1/cases/{case_id}").json()
        assert (case["category_code"], case["building_id"]) == (code, house)
        assert (case["has_home"], case["home"]) == (True, None)
    of_homes = sum(one["n_cases"] for one in page["dwellings"])
    assert 0 < of_homes <= page["n_cases"]


def test_the_riser_has_its_own_cases_only() -> None:
    """Not those of homes beside it, nor those of another kind inside it."""
    homes: list[Row] = [
        {"dwelling_id": f"{floor}0{room}", "unit_no": "1", "floor_no": floor, "room_no": f"{floor}0{room}"}
        for floor in range(1, 7) for room in (1, 2)
    ]  # fmt: skip
    ids = {
        **{f"{floor}01": {"A12": [f"cold-{floor}"]} for floor in range(1, 6)},
        "102": {"A09": ["water-beside"]},
        "601": {"A12": ["cold-6", "cold-6-again"], "A09": ["water-inside"]},
    }
    beside = {"402": {"A12": ["cold-beside"]}}
    own = ["cold-6", *(f"cold-{n}" for n in range(1, 6)), "cold-6-again"]
    newest = ["cold-beside", "water-inside", *own, "water-beside"]
    city = cast("City", SimpleNamespace(settings=Settings(riser_others_share=Decimal("0.2"))))
    for told in (ids, ids | beside):
        riser = riser_of(city, homes, CasesOfHomes({}, told, newest))
        assert riser is not None
        assert riser.with_ids == [f"{floor}01" for floor in range(1, 7)]
        assert riser.case_ids == own


def test_who_may_not_count_cases_of_a_house_sees_none(
    leader: httpx.Client, nobody: httpx.Client, house: str
) -> None:
    for reader in (leader, nobody):
        page = reader.get(f"/v1/buildings/{house}").json()
        assert page["riser"] is None
        assert all(one["n_cases"] is None and one["recent"] == {} for one in page["dwellings"])


def test_staff_report_a_home_and_the_public_page_takes_none(dispatcher: httpx.Client, house: str) -> None:
    homes = dispatcher.get(f"/v1/buildings/{house}").json()["dwellings"]
    empty = next(one for one in homes if not one["recent"])
    form = {"body": "水管漏水，楼下也有水", "category_code": "A09", "dwelling_id": empty["dwelling_id"]}
    opened = dispatcher.post("/v1/cases", json=form | {"idempotency_key": "home-report-1"}).json()
    case = dispatcher.get(f"/v1/cases/{opened['case_id']}").json()
    assert (case["building_id"], case["has_home"], "dwelling_id" in case["words"]) == (house, True, False)
    now = dispatcher.get(f"/v1/buildings/{house}").json()["dwellings"]
    assert next(one for one in now if one["dwelling_id"] == empty["dwelling_id"])["recent"] == {"A09": 1}
    refused = dispatcher.post(
        "/v1/cases", json=form | {"idempotency_key": "home-report-2", "dwelling_id": "none"}
    )
    assert problem(refused, 422, "invalid_input")["field"] == "dwelling_id"
    public = dispatcher.get("/openapi.json").json()["components"]["schemas"]["LetterForm"]["properties"]
    assert "dwelling_id" not in public
