"""Every figure of every end opens, says what it means, and its rows add up to it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.addresses import ids_of
from bench.running import Running, ask
from tests.journey.conftest import Opener
from tests.journey.figures import (
    FIGURE,
    PANEL,
    Json,
    Recount,
    close_by_escape,
    number_of,
    open_by_click,
    open_by_key,
    shown,
    shown_in_panel,
    wait_for_figures,
)
from tests.journey.watching import Watched
from tests.waiting import until

pytestmark = pytest.mark.journey

PAGES = {
    "cockpit": ("/cockpit", "leader", 1920, 1080),
    "queue": ("/desk", "dispatcher", 1440, 900),
    "root place": ("/desk/places/{root}", "dispatcher", 1440, 900),
    "street": ("/desk/places/{street}", "dispatcher", 1440, 900),
    "mailbox": ("/desk/packs/mailbox", "dispatcher", 1440, 900),
    "phone": ("/mobile", "grid_worker", 390, 844),
}
MOST_LOOKS = 6
FITS = """
one => { const rows = [...one.querySelectorAll('table.rows tbody tr')];
         return rows.length <= 3 || rows.at(-1).getBoundingClientRect().bottom <= one.getBoundingClientRect().bottom }
"""
UNITS = """
one => [Object.fromEntries([...one.querySelectorAll('[data-unit-place-id]')].map(unit =>
            [unit.dataset.unitPlaceId, unit.dataset.value === '' ? null : +unit.dataset.value])),
        +(one.querySelector('[data-apart]')?.dataset.apart ?? 0), !!one.querySelector('[data-no-units]')]
"""
NO_FIGURES = {"public": "/public", "public, follow": "/public/follow", "landing": "/"}


@pytest.fixture(scope="module")
def places(city: Running) -> dict[str, str]:
    """Return ids of places."""
    return ids_of(city)


@pytest.fixture(scope="module")
def keys(city: Running) -> dict[str, tuple[str, ...]]:
    """Return the key columns of every entity."""
    headers = {"Cookie": city.sign_in("leader").cookie}
    entities: list[Any] = ask(f"{city.base}/v1/entities", headers=headers)[0]
    return {entity["entity"]: tuple(entity["key"]) for entity in entities}


@pytest.fixture(scope="module")
def done() -> dict[str, Json]:
    """Return what was counted already."""
    return {}


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_opens_and_its_rows_add_up(
    open_page: Opener,
    places: dict[str, str],
    keys: dict[str, tuple[str, ...]],
    done: dict[str, Json],
    name: str,
) -> None:
    path, role, width_px, height_px = PAGES[name]
    watched = open_page(path.format(**places), role, width_px, height_px)
    page = watched.page
    watched.rest()
    wait_for_figures(page)
    recount = Recount(page.context.request, keys, done)
    n_figures = page.locator(FIGURE).count()
    n_protected = 0
    for at in range(n_figures):
        element = page.locator(FIGURE).nth(at)
        opener = open_by_key if at == 0 else open_by_click
        n_protected += opened_rightly(watched, element, recount, opener)["release"] == "protected"
    print(f"{name}: {n_figures} figures opened, {n_protected} of them protected")
    assert n_figures >= (1 if role else 0)


def opened_rightly(
    watched: Watched, element: Locator, recount: Recount, opener: Callable[[Page, Locator], None]
) -> Json:
    """Open a figure, look at it, close it; again where the figure or its panel moved on meanwhile, as live ones may.

    What is wrong stays so when it is looked at twice more, and what moves does not move each time.
    """
    n_still, n_looks = 0, 0
    while True:
        before = shown(element)
        n_looks += 1
        try:
            figure = look_at_figure(watched, element, recount, opener)
        except AssertionError:
            n_still += shown(element) == before
            if n_still > 2 or n_looks == MOST_LOOKS:
                raise
            watched.page.keyboard.press("Escape")
            expect(watched.page.locator(PANEL)).to_have_count(0)
            continue
        close_by_escape(watched.page, element)
        return figure


def look_at_figure(
    watched: Watched, element: Locator, recount: Recount, opener: Callable[[Page, Locator], None]
) -> Json:
    """Open a figure and hold the element, the panel and the rows against one another."""
    page = watched.page
    opener(page, element)
    figure = in_panel = recount.check(before := shown(element))
    watched.rest()
    opened = shown_in_panel(page, before.place_id)
    if replace(opened, as_of=before.as_of) != before:
        assert opened.as_of != before.as_of, f"{before} opens as {opened}"
        in_panel = recount.check(opened)
    look_at_panel(page, in_panel)
    says_its_value(element)
    return figure


def look_at_panel(page: Page, figure: Json) -> None:
    """Look at an opened panel: definition, formula, and rows (three at least, more where there is room) or children."""
    panel = page.locator(PANEL)
    expect(panel.locator(".definition")).to_have_text(figure["definition_zh"])
    expect(panel.locator(".formula")).to_be_visible()
    assert panel.get_attribute("data-n") == ("" if figure["n"] is None else str(figure["n"]))
    if figure["release"] == "protected":
        expect(panel.locator("[data-n-total]")).to_have_count(0)
        expect(panel.locator("table.rows")).to_have_count(0)
    else:
        expect(panel.locator(f"[data-n-total='{figure['n']}']")).to_be_visible()
        rows = panel.locator("table.rows tbody tr")
        if n_least := min(3, figure["n"]):
            expect(rows.nth(n_least - 1)).to_be_visible()
        assert rows.count() <= figure["n"]
        until(
            lambda: panel.evaluate(FITS),
            f"{figure['number_id']}: more than three rows are shown than there is room for",
        )
        if figure["kind"] != "sum":
            look_at_units(page, figure)


def look_at_units(page: Page, figure: Json) -> None:
    """Compare the units of a figure with the server's of its moment, and what of its count or sample is in none."""
    told = page.context.request.get(
        f"/v1/numbers/{figure['number_id']}/units",
        params={"place": figure["place_id"], "at": figure["as_of"]},
    )
    assert told.ok, told.text()
    units = {unit["place_id"]: unit["number"]["value"] for unit in told.json()}
    part = "value" if figure["kind"] == "count" else "n"
    n_apart = figure[part] - sum(unit["number"][part] for unit in told.json()) if units else 0
    assert n_apart >= 0, f"{figure['number_id']}: its units come to more than it"
    until(
        lambda: page.locator(PANEL).evaluate(UNITS) == [units, n_apart, not units],
        f"{figure['number_id']}: other units than {units}, {n_apart} in none of them",
    )


def says_its_value(element: Locator) -> None:
    """Compare the words on the screen with the value of the element, both read at one moment.

    In a sentence that says "more" or "fewer" the size of its change stands for the figure.
    """
    words, value, change = element.evaluate(
        "one => [one.querySelector('.figure').innerText, one.dataset.value, one.dataset.change ?? '']"
    )
    known = number_of(value) if not change else abs(number_of(change) or 0.0)
    assert number_of(words) == known, f"{known} is shown as {words!r}"


def test_protected_figures_open_to_their_children(open_page: Opener) -> None:
    watched = open_page("/cockpit", "leader", 1920, 1080)
    page = watched.page
    wait_for_figures(page)
    residents = page.locator("[data-number-id='people.residents']").first
    open_by_click(page, residents)
    first = page.locator(f"{PANEL} [data-unit-place-id]").first
    child_id = first.get_attribute("data-unit-place-id")
    value = first.get_attribute("data-value")
    first.click()
    panel = page.locator(f"{PANEL}[data-value='{value}']")
    expect(panel).to_be_visible()
    expect(panel.locator(".address")).to_contain_text(str(child_id))
    close_by_escape(page, residents)


def test_who_sees_more_of_persons_is_told_the_same_exact_figures(
    city: Running, places: dict[str, str]
) -> None:
    """Another lens masks rows and has another floor for protected counts; an exact figure is the same."""
    headers = [{"Cookie": city.sign_in(role).cookie} for role in ("leader", "dispatcher")]
    numbers: list[Json] = ask(f"{city.base}/v1/numbers", headers=headers[0])[0]
    at = ask(f"{city.base}/v1/numbers/cases.open", headers=headers[0])[0]["as_of"]
    query = urlencode({"place": places["root"], "at": at})
    n_exact = 0
    for number in numbers:
        told = [ask(f"{city.base}{number['href']}?{query}", headers=who)[0] for who in headers]
        if told[0]["release"] == "exact":
            assert {**told[1], "k": None} == {**told[0], "k": None}
            n_exact += 1
    assert n_exact > 0


@pytest.mark.parametrize("name", NO_FIGURES)
def test_a_page_without_figures_shows_none_that_do_not_open(open_page: Opener, name: str) -> None:
    watched = open_page(NO_FIGURES[name], "", 390, 844)
    watched.rest()
    assert watched.page.locator(FIGURE).count() == 0, "add the page to PAGES: its figures must recount"
