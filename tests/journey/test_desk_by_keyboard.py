"""The desk without a mouse: new cases are dispatched, taken back, returned; everything is found by name."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journey.conftest import Opener
from tests.journey.letters import case_id_of, post_letter
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey

COLUMN = "[data-case-column]"
COMPOSING = """key => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true, cancelable: true}))"""


def case(page: Page, case_id: str, state: str) -> Locator:
    """Return the column of an open case, once it is in a state."""
    column = page.locator(f"{COLUMN}[data-case-id='{case_id}'][data-case-state='{state}']")
    expect(column).to_be_visible()
    return column


def queue_of_new_letters(open_page: Opener, *bodies: str) -> tuple[Watched, list[str]]:
    """Open the queue, newest first, above which these letters stand; returns their cases, the newest first."""
    watched = open_page("/desk?sort=newest", "dispatcher")
    asked = watched.page.context.request
    root = asked.get("/v1/city").json()["root_place_id"]
    street = asked.get("/v1/places", params={"parent": root}).json()["items"][0]["place_id"]
    place = asked.get("/v1/places", params={"parent": street}).json()["items"][0]["place_id"]
    receipts = [post_letter(asked, body, place_id=place) for body in bodies]
    ids = [case_id_of(asked, receipt["case_no"]) for receipt in receipts][::-1]
    watched.go("/desk?sort=newest")
    rows = watched.page.locator(".queue .row")
    for at, case_id in enumerate(ids):
        expect(rows.nth(at)).to_have_attribute("data-case-id", case_id)
    return watched, ids


def test_new_cases_are_dispatched_taken_back_and_returned_by_keys_alone(open_page: Opener) -> None:
    watched, (newest, older) = queue_of_new_letters(open_page, "小区路灯不亮。", "楼道里堆了杂物。")
    page, keys = watched.page, watched.page.keyboard
    keys.press("j")
    case(page, newest, "pending_dispatch")
    keys.press("j")
    case(page, older, "pending_dispatch")
    keys.press("k")
    case(page, newest, "pending_dispatch")
    keys.press("Enter")
    expect(page.locator(COLUMN)).to_be_focused()
    owners = page.locator(f"{COLUMN} [role=radio]")
    expect(owners.first).to_be_visible()
    keys.press("1")
    expect(owners.first).to_have_attribute("aria-checked", "true")

    keys.press("d")
    case(page, newest, "dispatched")
    keys.press("z")
    case(page, newest, "pending_dispatch")
    expect(page.locator(f"{COLUMN} [data-action='undo']").first).to_be_attached()
    expect(owners.first).to_be_visible()
    keys.press("1")
    keys.press("d")
    case(page, newest, "dispatched")

    keys.press("r")
    form = page.locator("[data-form='return']")
    expect(form.locator(":focus")).to_have_count(1)
    # Letters that are keys of the desk are words here, and so is what is being composed.
    words = form.locator("textarea").first
    words.focus()
    keys.type("jkdrzx?123")
    page.evaluate(COMPOSING, "k")
    expect(words).to_have_value("jkdrzx?123")
    case(page, newest, "dispatched")
    words.fill("不属于本单位。")
    form.locator("button[type=submit]").focus()
    keys.press("Enter")
    case(page, newest, "pending_dispatch")
    expect(page.locator(f"{COLUMN} li[data-action='return']")).to_contain_text("不属于本单位。")

    keys.press("x")
    keys.press("j")
    case(page, older, "pending_dispatch")
    expect(page.locator("footer .marked")).to_contain_text("1")
    expect(owners.first).to_be_visible()
    keys.press("1")
    keys.press("d")
    case(page, older, "dispatched")
    asked = page.context.request
    watched.rest()
    assert {asked.get(f"/v1/cases/{one}").json()["state"] for one in (newest, older)} == {"dispatched"}
    keys.press("z")
    for one in (newest, older):
        expect(
            page.locator(f".queue .row[data-case-id='{one}'][data-state='pending_dispatch']")
        ).to_be_visible()
    assert {asked.get(f"/v1/cases/{one}").json()["state"] for one in (newest, older)} == {"pending_dispatch"}
    watched.rest()
    assert watched.axe() == []


def test_keys_are_told_found_by_name_and_can_be_turned_off(open_page: Opener) -> None:
    watched, (newest, older) = queue_of_new_letters(open_page, "井盖响。", "树枝挡住路牌。")
    page, keys = watched.page, watched.page.keyboard
    keys.press("j")
    case(page, newest, "pending_dispatch")
    keys.press("?")
    sheet = page.get_by_role("dialog", name="说明")
    for key in ("J", "K", "Enter", "X", "1", "2", "3", "D", "R", "Z", "/", "?", "Ctrl K"):
        expect(sheet.locator(".keys").get_by_text(key, exact=True)).to_have_count(1)
    watched.rest()
    assert watched.axe() == []
    keys.press("Escape")
    expect(sheet).to_have_count(0)

    keys.press("Control+k")
    palette = page.locator("[data-palette]")
    expect(palette.locator("input")).to_be_focused()
    watched.rest()
    assert watched.axe() == []
    keys.type(page.context.request.get(f"/v1/cases/{older}").json()["case_no"])
    expect(palette.locator("[data-group='found'][aria-selected='true']")).to_have_count(1)
    keys.press("Enter")
    case(page, older, "pending_dispatch")
    expect(palette).to_have_count(0)

    keys.press("Control+k")
    keys.type("地方")
    expect(palette.locator("[data-group='page'][aria-selected='true']")).to_have_count(1)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/desk/places"))
    page.go_back()
    case(page, older, "pending_dispatch")

    page.get_by_role("button", name="已登录").press("Enter")
    switch = page.get_by_role("switch", name="单键快捷键")
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-checked", "false")
    keys.press("Escape")
    keys.press("k")
    keys.press("Control+k")
    expect(palette.locator("input")).to_be_focused()
    keys.press("Escape")
    case(page, older, "pending_dispatch")


def test_a_view_is_saved_under_its_name_and_is_an_address(open_page: Opener) -> None:
    watched = open_page("/desk/cases?sort=newest&tab=running", "dispatcher")
    page, keys = watched.page, watched.page.keyboard
    expect(page.locator(".queue .row").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/desk/?\?sort=newest&tab=running"))
    keys.press("q")
    sheet = page.get_by_role("dialog", name="筛选与视图")
    codes = sheet.get_by_label("类别").locator("option")
    expect(codes.nth(1)).to_be_attached()
    code = page.locator(".queue .row").first.get_attribute("data-case-id")
    row = page.context.request.get(f"/v1/cases/{code}").json()
    sheet.get_by_label("类别").select_option(row["category_code"])
    expect(page).to_have_url(re.compile(f"category={row['category_code']}"))
    sheet.get_by_label("存为视图").fill("我的一类")
    keys.press("Enter")
    expect(sheet.locator("[data-view='我的一类']")).to_have_count(1)
    watched.rest()
    assert watched.axe() == []
    keys.press("Escape")
    total = page.locator(".queue .foot[data-n-total]")
    states = "&".join(f"state={state}" for state in ("dispatched", "signed", "in_progress", "rework"))
    found = page.context.request.get(f"/v1/cases?category={row['category_code']}&{states}").json()
    expect(total).to_have_attribute("data-n-total", str(found["n_total"]))

    watched.go("/desk")
    expect(page.locator(".queue .row").first).to_be_visible()
    keys.press("Control+k")
    palette = page.locator("[data-palette]")
    expect(palette.locator("input")).to_be_focused()
    keys.type("我的一类")
    expect(palette.locator("[aria-selected='true']")).to_contain_text("我的一类")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(f"category={row['category_code']}"))
    expect(page.locator("[data-views]")).to_contain_text("我的一类")
