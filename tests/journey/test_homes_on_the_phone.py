"""Homes of a building: on a narrow phone one unit and cells for a thumb, on the desk the riser that is proposed."""

import json
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journey.conftest import Opener
from tests.journey.test_phone_without_network import KEPT
from tests.waiting import until

pytestmark = pytest.mark.journey

LEAST_PX = 45
OVERFLOW_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

TREE_ADDS_UP = """() => {
  const n = (row) => (row ? Number(row.querySelector('.n')?.innerText.replaceAll(',', '')) : 0);
  const [city] = document.querySelectorAll('[role=treeitem]');
  const parts = [...document.querySelectorAll("[role=treeitem][aria-level='2']")];
  const apart = document.querySelector(`[data-wait=apart][data-below='${city?.dataset.nodeId}']`);
  return parts.length > 1 && n(city) === parts.reduce((sum, part) => sum + n(part), n(apart));
}"""
"""The open cases of a place are those of the places below, and those that lie in none of them."""


def kept_buildings(page: Page) -> list[dict[str, Any]]:
    """Return the pages of buildings that the phone keeps for when there is no network."""
    stores = {name: json.loads(rows) for name, rows in page.evaluate(KEPT).items() if name.endswith("/reads")}
    return [row["data"] for rows in stores.values() for row in rows if row["key"][0] == "building"]


def test_a_home_is_tapped_and_reported_from_on_360_px(open_page: Opener) -> None:
    watched = open_page("/mobile", "grid_worker", 360, 740)
    page = watched.page
    own = page.context.request.get(
        "/v1/entities/building", params={"where": "n_dwellings:gt:0", "limit": 1}
    ).json()
    watched.go(f"/mobile/buildings/{own['rows'][0]['building_id']}")
    home = page.locator("[data-dwelling-id] .cell").first
    expect(home).to_be_visible()
    watched.rest()
    assert watched.axe() == []
    assert page.evaluate(OVERFLOW_PX) <= 0
    size = home.bounding_box()
    assert size is not None
    assert min(size["height"], size["width"]) >= LEAST_PX
    told = page.context.request.get(f"/v1/buildings/{own['rows'][0]['building_id']}").json()
    assert {one["n_cases"] is None for one in told["dwellings"]} == {False}
    until(lambda: kept_buildings(page), "the phone keeps the building")
    kept = kept_buildings(page)
    assert {(one["n_cases"], len(one["recent"])) for one in kept[0]["dwellings"]} == {(None, 0)}, (
        "counts of homes stay on it"
    )
    assert kept[0]["riser"] is None
    home.tap()
    sheet = page.locator("[data-home-sheet]")
    expect(sheet).to_be_visible()
    expect(page.locator("[aria-selected='true'] .cell")).to_have_count(1)
    assert watched.axe() == []
    sheet.get_by_role("link").click()
    expect(page.get_by_label("写清在哪里")).not_to_have_value("")
    watched.rest()
    assert page.evaluate(OVERFLOW_PX) <= 0


def test_the_house_in_trouble_proposes_its_riser_and_opens_its_cases(open_page: Opener) -> None:
    """One look turns six complaints into one cause."""
    watched = open_page("/desk/places", "dispatcher")
    page, asked = watched.page, watched.page.context.request
    newest = asked.get("/v1/cases", params={"sort": "-reported_at", "limit": 200}).json()["items"]
    found = [
        house for house, _ in Counter(r["building_id"] for r in newest if r["building_id"]).most_common(8)
    ]
    told = (asked.get(f"/v1/buildings/{house}").json() for house in found)
    building = next(one for one in told if one["riser"])
    riser = building["riser"]
    page.wait_for_function(TREE_ADDS_UP)
    watched.go(f"/desk/buildings/{building['building_id']}")
    in_tree = page.locator(f"[data-node-id='{building['building_id']}'] .n")
    until(
        lambda: (
            in_tree.inner_text()
            == str(asked.get(f"/v1/buildings/{building['building_id']}").json()["n_cases"])
        ),
        "the tree counts the open cases of a building",
    )
    note = page.locator(f"[data-riser='{riser['unit_no']}-{riser['room']}']")
    n_own, n_homes = len(riser["with_ids"]), len(riser["dwelling_ids"])
    expect(note.locator("[data-riser-words]")).to_contain_text(f"{n_homes}户中{n_own}户")
    expect(page.locator("[data-matrix] [aria-selected='true']")).to_have_count(n_homes)
    expect(note.get_by_role("link")).to_have_count(len(riser["case_ids"]))
    watched.rest()
    assert watched.axe() == []
    home = page.locator("[data-matrix] [aria-selected='false'][data-dwelling-id]").first
    home.click()
    expect(page.locator("[data-chosen]")).to_be_visible()
    expect(note).to_have_count(0)
    page.locator("[data-propose]").click()
    note.get_by_role("link").first.click()
    around = page.locator("[data-case-homes]")
    expect(around.locator("[aria-selected='true']")).to_have_count(n_homes)
    watched.rest()
    assert watched.axe() == []
