"""The home of a case on every store: counted in its building, told for a purpose, gone with the words."""

from datetime import date
from typing import Any

import pytest

from huitian.base.anchors import Standing, stand
from huitian.cases.erasing import Erasing
from huitian.cases.homes import homes_of
from huitian.cases.views import CaseViews
from huitian.model.case import Letter
from huitian.model.query import Condition, Query
from tests.cases.conftest import DISPATCHER, GRID1, LEADER, STREET1, about, settled
from tests.contract.test_sealed import store

__all__ = ["store"]
pytestmark = pytest.mark.contract


def test_a_home_is_counted_told_for_a_purpose_and_erased(store: Any) -> None:
    town = settled(store)
    with store.records.writing() as writing:
        writing.add("building", [{"building_id": "b1", "name": "一号楼", "lon": 116.05, "lat": 40.1, "west": 116.05,
                                  "south": 40.1, "east": 116.05, "north": 40.1}])  # fmt: skip
        writing.add("dwelling", [{"dwelling_id": f"b1-{n}01", "building_id": "b1", "unit_no": "1", "floor_no": n,
                                  "room_no": f"{n}01"} for n in (3, 4)])  # fmt: skip
        stand(
            writing, town.parts.planner.places, "building",
            [Standing("b1", 116.05, 40.1, None, date(2020, 1, 1))],
        )  # fmt: skip
    named = Letter("暖气不热", "key-00000001", dwelling_id="b1-401", category_code="A12")
    noted = Letter("还是不热", "key-00000002", building_id="b1", address_note="301室", category_code="A12")
    opened, other = (town.letters.open_case(one, GRID1) for one in (named, noted))
    views = CaseViews(town.parts)
    assert views.of_homes(LEADER, "b1") is None
    seen = views.of_homes(STREET1, "b1")
    assert seen is not None
    assert (seen.n_open, seen.recent) == (
        {"b1-401": 1, "b1-301": 1},
        {"b1-401": {"A12": 1}, "b1-301": {"A12": 1}},
    )
    page = views.page(STREET1, opened.case_id)
    assert (page["has_home"], page["home"]) == (True, None)
    told = views.page(about(DISPATCHER, opened.case_id), opened.case_id)["home"]
    assert told == {"dwelling_id": "b1-401", "unit_no": "1", "floor_no": 4, "room_no": "401"}
    Erasing(town.parts, store).erase_case(DISPATCHER, opened.case_no, "本人申请", is_even_open=True)
    assert homes_of(town.parts, store.records, [opened.case_id, other.case_id]) == {other.case_id: "b1-301"}
    after = views.page(about(DISPATCHER, opened.case_id), opened.case_id)
    assert (after["has_home"], after["home"], after["building_id"]) == (False, None, "b1")
    where = (Condition("case_id", "eq", opened.case_id), Condition("field", "eq", "dwelling_id"))
    kept = store.records.read(town.parts.planner.system("case_words"), Query("case_words", where)).rows
    assert [row["words"] for row in kept] in ([], [None])
    seen = views.of_homes(STREET1, "b1")
    assert seen is not None
    assert seen.n_open == {"b1-301": 1}
