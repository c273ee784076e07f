"""Figures on a page: read as shown, opened, and counted again from their rows."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from playwright.sync_api import APIRequestContext, Locator, Page, expect

FIGURE = "[data-number-id]"
PANEL = "[data-number-panel]"
ALL_KNOWN = """
() => { const all = [...document.querySelectorAll('[data-number-id]')];
        return all.length > 0 && all.every(one => one.dataset.asOf); }
"""
PAGE_ROWS = 1000
MANY = 20_000
"""Rows from which a figure is counted again once only, whatever the number of ends that show it."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an element or an opened panel says of a figure.

    Attributes:
        number_id: Which.
        place_id: Of which place.
        as_of: The instant it is true for, as the server wrote it.
        value: Its value; None where none is shown.
    """

    number_id: str
    place_id: str
    as_of: str
    value: float | None


def shown(element: Locator) -> Shown:
    """Read a figure from its element."""
    told: dict[str, str] = element.evaluate("one => ({...one.dataset})")
    return Shown(told["numberId"], told["placeId"], told["asOf"], number_of(told["value"]))


def shown_in_panel(page: Page, place_id: str) -> Shown:
    """Read a figure from the opened panel."""
    told: dict[str, str] = page.locator(PANEL).evaluate("one => ({...one.dataset})")
    return Shown(told["numberPanelId"], place_id, told["asOf"], number_of(told["value"]))


def number_of(words: str) -> float | None:
    """Return a number from words as a screen has them; None for everything that is none."""
    plain = words.replace(",", "").replace("−", "-").strip()
    try:
        return float(plain)
    except ValueError:
        return None


def wait_for_figures(page: Page) -> None:
    """Wait until every figure of a page is there."""
    page.wait_for_function(ALL_KNOWN)


def open_by_click(page: Page, element: Locator) -> None:
    """Open a figure with the mouse."""
    element.click()
    wait_for_panel(page, element)


def open_by_key(page: Page, element: Locator) -> None:
    """Open a figure with Enter."""
    element.focus()
    page.keyboard.press("Enter")
    wait_for_panel(page, element)


def wait_for_panel(page: Page, element: Locator) -> None:
    """Wait until the panel of a figure says its value and definition."""
    number_id = element.get_attribute("data-number-id")
    expect(page.locator(f"{PANEL}[data-number-panel-id='{number_id}'][data-as-of]")).to_be_visible()
    expect(page.locator(f"{PANEL} .definition")).not_to_be_empty()


def close_by_escape(page: Page, element: Locator) -> None:
    """Close the panel; the focus must be where it was."""
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    expect(element).to_be_focused()


def fetched(asked: APIRequestContext, of: Shown) -> Json:
    """Return a figure as the server gives it for the very instant that was shown."""
    answer = asked.get(f"/v1/numbers/{of.number_id}", params={"place": of.place_id, "at": of.as_of})
    assert answer.ok, answer.text()
    figure: Json = answer.json()
    return figure


def rows_of(asked: APIRequestContext, figure: Json, keys: tuple[str, ...], *, most: int = 0) -> list[Json]:
    """Return the rows behind a figure, page after page, no row twice; ``most`` stops after the page that has it."""
    rows: list[Json] = []
    cursor: str | None = None
    while True:
        told = {"place": figure["place_id"], "at": figure["as_of"], "limit": PAGE_ROWS}
        answer = asked.get(
            f"/v1/numbers/{figure['number_id']}/rows", params=told | ({"cursor": cursor} if cursor else {})
        )
        assert answer.ok, answer.text()
        page = answer.json()
        assert page["n_total"] == figure["n"]
        rows += page["rows"]
        cursor = page["next_cursor"]
        if cursor is None or (most and len(rows) >= most):
            break
    known = {tuple(row[key] for key in keys) for row in rows}
    assert len(known) == len(rows), f"{figure['number_id']}: a row came twice"
    return rows


def recounted(figure: Json, rows: list[Json]) -> Fraction:
    """Return what the rows of an exact figure add up to, by its documented formula, unrounded."""
    points = sum((Fraction(row["points"]) for row in rows), Fraction(0))
    assert len(rows) == figure["n"], f"{figure['number_id']}: {len(rows)} rows for n {figure['n']}"
    if figure["kind"] in {"count", "sum"}:
        return points
    assert figure["denominator"] == len(rows)
    assert Fraction(str(figure["numerator"])) == points
    return points / len(rows) * (100 if figure["unit_zh"] == "%" else 1) if rows else Fraction(0)


def rounded(value: Fraction, decimals: int) -> float:
    """Return a fraction rounded half-up, by nobody's code but Python's."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


class Recount:
    """Counts figures again from their rows.

    Args:
        asked: Requests with the session of the page.
        keys: Key columns by entity.
        done: Large figures that were counted already, as the server gave them without their instant; shared.
    """

    def __init__(
        self, asked: APIRequestContext, keys: dict[str, tuple[str, ...]], done: dict[str, Json]
    ) -> None:
        self._asked, self._keys, self._done = asked, keys, done

    def check(self, of: Shown) -> Json:
        """Compare a shown figure with the server's and with the sum of its rows; returns the server's."""
        figure = fetched(self._asked, of)
        assert figure["value"] == of.value, f"{of} is {figure['value']} as the server counts it"
        if figure["release"] == "protected":
            self._refuses_rows(of)
            return figure
        keys = self._keys[figure["entity"]]
        name = f"{of.number_id} {of.place_id}"
        same = {key: value for key, value in figure.items() if key not in {"as_of", "change", "k"}}
        if figure["n"] > MANY and self._done.get(name) == same:
            rows_of(self._asked, figure, keys, most=PAGE_ROWS)
            return figure
        whole = recounted(figure, rows_of(self._asked, figure, keys))
        if figure["state"] == "normal":
            assert figure["value"] == rounded(whole, figure["decimals"]), name
        else:
            assert figure["value"] is None
        self._done[name] = same
        return figure

    def _refuses_rows(self, of: Shown) -> None:
        answer = self._asked.get(
            f"/v1/numbers/{of.number_id}/rows", params={"place": of.place_id, "at": of.as_of}
        )
        assert answer.status == 403, f"{of.number_id} gave rows: {answer.status}"
