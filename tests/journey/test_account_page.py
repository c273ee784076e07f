"""One's own account on the desk: a token by keys, shown once and good; another session ended; a wrong old password."""

import re

import pytest
from playwright.sync_api import expect

from bench.running import Running
from tests.journey.conftest import Opener

pytestmark = pytest.mark.journey


def test_tokens_sessions_and_the_password_are_looked_after_by_keys(open_page: Opener, city: Running) -> None:
    other = city.sign_in("street_dispatcher")
    watched = open_page("/desk", "street_dispatcher")
    page, keys = watched.page, watched.page.keyboard
    page.locator(".user .opener").focus()
    keys.press("Enter")
    expect(page.locator("[data-account]")).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/desk/account"))

    page.locator("[data-add-token]").focus()
    keys.press("Enter")
    page.locator("[data-token-form] [name=title]").focus()
    keys.type("每日统计")
    limited = [
        one["name"] for one in watched.page.request.get("/v1/places?level=community&limit=2").json()["items"]
    ]
    for n, name in enumerate(limited):
        boxes = page.locator("[data-token-form] [role=combobox]")
        expect(boxes).to_have_count(n + 1)
        boxes.nth(n).fill(name)
        page.locator("[data-token-form] [role=option]:visible", has_text=name).first.click()
    page.locator("[data-token-form] [name=title]").focus()
    keys.press("Enter")
    shown = page.locator("[data-token-made] input")
    expect(shown).to_be_focused()
    secret = shown.input_value()
    assert watched.axe() == []
    with_token = {"Authorization": f"Bearer {secret}", "Cookie": ""}
    asked = page.context.request
    assert asked.get("/v1/cases?limit=1", headers=with_token).status == 200
    keys.press("Escape")
    row = page.locator("[data-token-id][data-state=active]", has_text="每日统计")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("、".join(limited))
    assert secret not in page.content(), "shown once"
    row.locator("[data-revoke]").click()
    row.locator("[data-sure]").click()
    expect(row).to_have_count(0)
    assert asked.get("/v1/cases?limit=1", headers=with_token).status == 401

    own = {"Cookie": other.cookie}
    assert asked.get("/v1/sessions", headers=own).status == 200
    page.locator("[data-end-others]").click()
    expect(page.locator("[data-session-id]")).to_have_count(1)
    assert asked.get("/v1/sessions", headers=own).status == 401

    form = page.locator("[data-password-form]")
    form.locator("[name=old]").fill("not the password")
    form.locator("[name=new]").fill("a-heron-in-the-reeds")
    form.locator("[name=again]").fill("a-heron-in-the-reeds")
    watched.expected_statuses |= {401}
    keys.press("Enter")
    expect(form.get_by_role("alert")).to_be_visible()
    expect(page.locator("[data-sign-over]")).to_have_count(0)
