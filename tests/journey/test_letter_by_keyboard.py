"""A letter without a mouse, in large type, on a narrow screen; and the page stays light."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journey.conftest import Opener
from tests.journey.letters import post_letter

pytestmark = pytest.mark.journey

LIGHT_KB = 150
OVERFLOW_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOADED = """() => performance.getEntriesByType('resource').filter(e => /\\.(js|css)$/.test(new URL(e.name).pathname))
  .map(e => [new URL(e.name).pathname, e.encodedBodySize])"""
RING = """() => { const seen = getComputedStyle(document.activeElement);
  return seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) >= 1.5; }"""
AT = "selector => document.activeElement?.matches(selector) ?? false"
MOST_TABS = 40


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; each stop on the way must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(AT, selector):
            return
    raise AssertionError(f"not reached by Tab: {selector}")


def test_a_letter_by_keyboard_in_large_type_at_320_px(open_page: Opener) -> None:
    watched = open_page("/public?text=large", width_px=320, height_px=640)
    page = watched.page
    watched.rest()
    assert page.evaluate(OVERFLOW_PX) <= 0
    assert watched.axe() == []
    tab_to(page, "textarea")
    page.keyboard.type("楼道灯不亮，老人看不见台阶。")
    tab_to(page, "button[aria-expanded]")
    assert page.evaluate(RING)
    for _ in range(3):
        tab_to(page, "button[aria-expanded]")
    page.keyboard.press("Enter")
    tab_to(page, "input[type=checkbox]")
    page.keyboard.press("Space")
    tab_to(page, "input")
    page.keyboard.type("女儿")
    assert page.evaluate(OVERFLOW_PX) <= 0
    tab_to(page, "button.send")
    assert page.evaluate(RING)
    page.keyboard.press("Enter")
    case_no = page.locator("[data-case-no]").inner_text()
    tab_to(page, "a.go")
    page.keyboard.press("Enter")
    expect(page.locator("li[data-level]")).to_have_count(5)
    expect(page.get_by_text(case_no).first).to_be_attached()
    watched.rest()
    assert watched.axe() == []
    assert page.evaluate(OVERFLOW_PX) <= 0


def test_a_ladder_shows_what_was_passed_over_and_what_is_stuck_and_prints_plain(open_page: Opener) -> None:
    watched = open_page("/public", width_px=360, height_px=740)
    page = watched.page
    receipt = post_letter(page.context.request, "楼道灯不亮，一直没人来。")

    def stuck(route: Route) -> None:
        letter = route.fetch().json()
        at = next(n for n, level in enumerate(letter["levels"]) if level["state"] == "now")
        letter["levels"][at]["state"] = "skipped"
        letter["levels"][at + 1] |= {"state": "now", "at": letter["steps"][0]["taken_at"]}
        letter["promised_by"] = "2020-01-01T00:00:00Z"
        route.fulfill(body=json.dumps(letter), content_type="application/json")

    page.route(re.compile("/v1/letters/[^/]+$"), stuck)
    watched.go(f"/public/follow?no={receipt['case_no']}")
    page.locator("input[name=code]").fill(receipt["follow_code"])
    page.locator("form button[type=submit]").click()
    expect(page.locator("li[data-state='skipped']")).to_contain_text("未经此级")
    expect(page.locator("li[data-state='now'] .stuck")).to_be_visible()
    expect(page.locator("li[data-state='now']")).to_contain_text("已超承诺")
    watched.rest()
    assert watched.axe() == []
    assert page.evaluate(OVERFLOW_PX) <= 0
    page.emulate_media(media="print")
    expect(page.get_by_text(receipt["case_no"]).first).to_be_visible()
    expect(page.locator("li[data-state='skipped'] .step")).to_be_visible()
    expect(page.locator("a.go:visible, nav:visible, .tool:visible")).to_have_count(0)


def test_one_field_and_one_tap_are_a_letter(open_page: Opener) -> None:
    page = open_page("/public", width_px=360, height_px=740).page
    expect(page.locator("[required]")).to_have_count(1)
    page.locator("[required]").fill("楼道灯不亮。")
    page.locator(".send").tap()
    expect(page.locator("[data-case-no]")).to_be_visible()


def test_the_mailbox_loads_no_more_than_a_weak_line_bears(open_page: Opener) -> None:
    watched = open_page("/public", width_px=390, height_px=844)
    watched.rest()
    loaded = watched.page.evaluate(LOADED)
    assert loaded
    assert sum(n_bytes for _, n_bytes in loaded) <= LIGHT_KB * 1000, sorted(loaded, key=lambda one: -one[1])
