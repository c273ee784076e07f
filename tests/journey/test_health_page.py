"""Who looks after the data sees on the desk what is wrong with the running city, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import expect

from bench.running import Running
from tests.journey.conftest import Opener

pytestmark = pytest.mark.journey


@contextmanager
def half_made(city: Running) -> Iterator[None]:
    """Leave the mark of a restore that is not done on the store of a city that is served."""
    with closing(sqlite3.connect(city.home / "store" / "huitian.sqlite", isolation_level=None)) as store:
        store.execute("INSERT INTO store_mark VALUES ('half_made', 'huitian restore')")
        try:
            yield
        finally:
            store.execute("DELETE FROM store_mark")


def test_a_part_that_fails_is_shown_first_and_goes_when_it_is_mended(
    open_page: Opener, city: Running
) -> None:
    watched = open_page("/desk", "data_admin")
    page = watched.page
    page.get_by_role("link", name="运行").click()
    store = page.locator("[data-part='store']")
    expect(store).to_have_attribute("data-state", "ok")
    with half_made(city):
        page.keyboard.press("r")
        expect(store).to_have_attribute("data-state", "fail")
        expect(page.locator("tbody tr").first).to_have_attribute("data-part", "store")
        expect(store).to_contain_text("再运行同一命令")
        expect(page.get_by_role("status").filter(has_text="不行")).to_be_visible()
        assert watched.axe() == []
    page.get_by_role("button", name="再看一次").click()
    expect(store).to_have_attribute("data-state", "ok")


def test_who_does_not_look_after_data_has_no_link_and_no_page(open_page: Opener) -> None:
    watched = open_page("/desk", "street_dispatcher")
    expect(watched.page.get_by_role("link", name="来源")).to_be_visible()
    expect(watched.page.get_by_role("link", name="运行")).to_have_count(0)
    watched.expected_statuses.add(403)
    watched.go("/desk/health")
    expect(watched.page.get_by_role("alert")).to_be_visible()


def test_what_was_seen_stays_when_the_server_is_away(open_page: Opener) -> None:
    watched = open_page("/desk/health", "data_admin")
    page = watched.page
    expect(page.locator("[data-part='disk']")).to_be_visible()
    watched.is_offline = True
    page.context.set_offline(True)
    page.keyboard.press("r")
    expect(page.get_by_role("alert")).to_contain_text("现在看不到")
    expect(page.locator("[data-part='disk']")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("r")
    expect(page.get_by_role("alert")).to_have_count(0)
