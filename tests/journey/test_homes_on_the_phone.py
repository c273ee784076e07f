"""The homes of a building on a narrow phone: one unit, cells for a thumb, what is tapped below, a report from there."""

import pytest
from playwright.sync_api import expect

from tests.journey.conftest import Opener

pytestmark = pytest.mark.journey

LEAST_PX = 45
OVERFLOW_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
    home.tap()
    sheet = page.locator("[data-home-sheet]")
    expect(sheet).to_be_visible()
    expect(page.locator("[aria-selected='true'] .cell")).to_have_count(1)
    assert watched.axe() == []
    sheet.get_by_role("link").click()
    expect(page.get_by_label("写清在哪里")).not_to_have_value("")
    watched.rest()
    assert page.evaluate(OVERFLOW_PX) <= 0
