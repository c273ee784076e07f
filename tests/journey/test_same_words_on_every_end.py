"""A figure of one scope and one instant is in the same words on every end: those that the server's answer gives."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import APIRequestContext, Page, Route, expect

from bench.addresses import ids_of
from bench.running import Running
from tests.journey.conftest import Opener
from tests.journey.figures import FIGURE, PANEL, Json, open_by_click, wait_for_figures

pytestmark = pytest.mark.journey

ENDS = {
    "/cockpit": (1920, 1080),
    "/desk/places/{root}": (1440, 900),
    "/desk/packs/mailbox": (1440, 900),
    "/mobile": (390, 844),
}
OF_NOW = re.compile(r"/v1/numbers/[^/?]+(/units)?(\?|$)")
FIGURES = """() => [...document.querySelectorAll('[data-number-id][data-line]')].map(one => ({
  number_id: one.dataset.numberId, place_id: one.dataset.placeId, as_of: one.dataset.asOf, line: one.dataset.line,
  shows: one.dataset.shows ?? '', value: one.querySelector('.figure').textContent.trim(),
  unit: one.querySelector('.unit')?.textContent.trim() ?? null }))"""
CITY = ZoneInfo("Asia/Shanghai")
RATES = {"ratio", "score"}
LEAST_RATE = 30
LEAST_SHARED = 5


@dataclass(frozen=True, slots=True)
class Words:
    """A figure in words.

    Attributes:
        value: Its value, or the sign for why there is none.
        unit: Its unit; "" where no value stands.
        note: How many it is of, how sure it is, or why it is missing.
        as_of: When it was true.
    """

    value: str
    unit: str
    note: str
    as_of: str

    def line(self) -> str:
        """Return all of it as one line."""
        return " · ".join(
            part for part in (f"{self.value} {self.unit}".strip(), self.note, self.as_of) if part
        )


def amount(value: float, decimals: int | None) -> str:
    """Write an amount: thousands by comma, U+2212 as minus, so many decimals; without a number of them two at most."""
    places = 2 if decimals is None else decimals
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def in_words(figure: Json) -> Words:
    """Return what a screen must say of a figure, from the server's answer alone."""
    decimals = (
        figure["decimals"] if figure["decimals"] is not None else 2 if figure["kind"] in RATES else None
    )
    value, n, state = figure["value"], figure["n"], figure["state"]
    at = datetime.fromisoformat(figure["as_of"]).astimezone(CITY)
    is_today = at.date() == datetime.now(CITY).date()
    as_of = at.strftime("%H:%M" if is_today else "%m-%d %H:%M")
    is_own_n = n is None or (figure["kind"] == "count" and n == value)
    note = "" if is_own_n else f"n {n:,}"
    if state == "too_few":
        return Words("—", "", f"n {n:,} < {LEAST_RATE}，不显示率值", as_of)
    if state == "below_k":
        return Words(f"< {figure['k']}", figure["unit_zh"], f"低于{figure['k']}不显示", as_of)
    if state == "withheld":
        return Words("不显示", "", "为保护他人不显示", as_of)
    if state == "no_data":
        return Words("无", "", f"缺：{figure['source_zh']}", as_of)
    if value is None:
        return Words("—", "", note, as_of)
    if state == "estimate":
        low, high = figure["interval"]
        note = f"±{amount((high - low) / 2, decimals)} · 估计"
    return Words(amount(value, decimals), figure["unit_zh"], note, as_of)


def hold_at(page: Page, at: str) -> None:
    """Have everything that a page asks of now answered as of one instant."""

    def ask_of(route: Route) -> None:
        url = route.request.url
        route.continue_(url=url if "at=" in url else f"{url}{'&' if '?' in url else '?'}at={at}")

    page.route(OF_NOW, ask_of)


def told_by(asked: APIRequestContext, number_id: str, place_id: str, as_of: str) -> Json:
    """Return a figure as the server gives it."""
    answer = asked.get(f"/v1/numbers/{number_id}", params={"place": place_id, "at": as_of})
    assert answer.ok, answer.text()
    figure: Json = answer.json()
    return figure


def test_every_end_says_a_figure_in_the_same_words(open_page: Opener, city: Running) -> None:
    root = ids_of(city)["root"]
    at = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    seen: dict[tuple[str, str, str], list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    watched = open_page("/public", "leader")
    page = watched.page
    hold_at(page, at)
    for path, (width_px, height_px) in ENDS.items():
        page.set_viewport_size({"width": width_px, "height": height_px})
        watched.go(path.format(root=root))
        wait_for_figures(page)
        for one in page.evaluate(FIGURES):
            seen[one["number_id"], one["place_id"], one["as_of"]].append((path, one))
        opened = page.locator(f"div{FIGURE}[data-line]").first
        line = opened.get_attribute("data-line") or ""
        open_by_click(page, opened)
        # The panel has room for the value by itself: it is the one that was opened.
        expect(page.locator(f"{PANEL} .title .big")).to_have_text(line.split(" · ")[0].split()[0])
        page.keyboard.press("Escape")

    on_many = 0
    for (number_id, place_id, as_of), shown in seen.items():
        words = in_words(told_by(page.context.request, number_id, place_id, as_of))
        for path, one in shown:
            where = f"{number_id} of {place_id} on {path}"
            assert one["line"] == words.line(), where
            assert one["shows"] == "change" or one["value"] == words.value, where
            assert one["unit"] in {None, words.unit}, where
        on_many += len({path for path, _ in shown}) > 1
    print(
        f"{sum(map(len, seen.values()))} figures shown, {len(seen)} different, {on_many} on more than one end"
    )
    assert on_many >= LEAST_SHARED


def test_who_is_not_signed_in_is_given_no_figure(open_page: Opener) -> None:
    watched = open_page("/public", "", 390, 844)
    watched.rest()
    assert watched.page.locator(FIGURE).count() == 0, (
        "add the page above: its figures must be in the same words"
    )
    asked = watched.page.context.request
    for path in ("/v1/numbers/cases.open", "/v1/numbers/cases.open/units", "/v1/numbers/cases.open/rows"):
        assert asked.get(path).status == 401
