"""Every address of every end, in both languages and both themes: no error, no violation, nothing cut off."""

import os
import re

import pytest
from playwright.sync_api import expect

from bench.paint import painted
from tests.journey.conftest import Opener
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey

WALL, DESK, PHONE, NARROW = (1920, 1080), (1440, 900), (390, 844), (360, 740)
PAGES = (
    ("/", "", DESK),
    ("/cockpit", "", WALL),
    ("/cockpit", "leader", WALL),
    ("/desk", "", DESK),
    ("/desk", "dispatcher", DESK),
    ("/desk?tab=closed", "street_dispatcher", DESK),
    ("/desk/cases/{waiting}", "dispatcher", DESK),
    ("/desk/cases/c0000000000000000000", "dispatcher", DESK),
    ("/desk/places", "dispatcher", DESK),
    ("/desk/places/{community}", "dispatcher", DESK),
    ("/desk/buildings/{building}", "dispatcher", DESK),
    ("/desk/packs/mailbox", "dispatcher", DESK),
    ("/desk/packs", "data_admin", DESK),
    ("/desk/people/demo-committee", "data_admin", DESK),
    ("/desk/packs/mailbox/feedback", "data_admin", DESK),
    ("/desk/loads", "data_admin", DESK),
    ("/desk/findings", "data_admin", DESK),
    ("/desk/health", "data_admin", DESK),
    ("/desk/audit", "auditor", DESK),
    ("/desk/looks", "committee", DESK),
    ("/desk/account", "dispatcher", DESK),
    ("/desk/design", "dispatcher", DESK),
    ("/desk/no/such/page", "dispatcher", DESK),
    ("/mobile", "", PHONE),
    ("/mobile", "grid_worker", NARROW),
    ("/mobile/cases/{mine}", "grid_worker", NARROW),
    ("/mobile/cases/{mine}/reply", "grid_worker", NARROW),
    ("/mobile/buildings", "grid_worker", PHONE),
    ("/mobile/report", "grid_worker", NARROW),
    ("/mobile/mine", "grid_worker", NARROW),
    ("/public", "", NARROW),
    ("/public", "", (1200, 900)),
    ("/public/sent", "", PHONE),
    ("/public/follow", "", PHONE),
    ("/public/rate", "", PHONE),
    ("/docs", "", PHONE),
    ("/docs/concepts/trust", "", NARROW),
)
DRESSES = [("zh-CN", "paper"), ("en", "ink")]
"""Both languages and both themes; with HUITIAN_PROVE all four pairs."""
if os.environ.get("HUITIAN_PROVE"):
    DRESSES += [("zh-CN", "ink"), ("en", "paper")]

A_KEY = re.compile(
    r"\b(?:desk|mobile|public|forms|panel|number|action|status|state|landing|sign|fault)\.[a-z_]+\b"
)
SIMULATED = {"zh-CN": "演示数据", "en": re.compile("^Demo( data)?$")}
HAN = re.compile("[\u4e00-\u9fff]")
NAMES = ".opener, .steps .after, [data-on-duty] > :first-child, [data-user] b, [data-owner]"
"""Who is signed in, who acted, whose account it is and who answers for a pack."""
UNEVEN_PX = """Math.max(0, ...[...document.querySelectorAll('.part.two')].map(part => {
  const ends = [...part.children].map(one => one.lastElementChild);
  if (ends.length < 2 || !ends.some(one => one.dataset.kind === 'trend')) return 0;
  const [left, right] = ends.map(one => one.getBoundingClientRect().bottom);
  return Math.abs(left - right);
}))"""
THUMB_PX = 47.5
"""48 px, less what rounding takes."""
TOO_SMALL = """least => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [role=button], [role=tab]')].filter(one => {
  const seen = getComputedStyle(one), box = one.getBoundingClientRect();
  // Words in a sentence have the height of their line; what nobody sees is not tapped.
  if (!box.width || !box.height || box.right <= 0 || seen.visibility === 'hidden') return false;
  if (seen.display === 'inline' || one.closest('.skip, .visually-hidden, td, canvas')) return false;
  // A finger also finds the label around a box, and the room that a small word has around it.
  const after = getComputedStyle(one, '::after'), label = one.closest('label')?.getBoundingClientRect() ?? box;
  const room = after.content !== 'none' && after.position === 'absolute' ? after : { width: '0', height: '0' };
  return Math.max(box.height, label.height, parseFloat(room.height)) < least
    || Math.max(box.width, label.width, parseFloat(room.width)) < least;
}).map(one => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 20)} ` +
  `${Math.round(one.getBoundingClientRect().width)}x${Math.round(one.getBoundingClientRect().height)}`)"""
OVERFLOW_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ERRORS = ".error[role=alert]:not([data-design] *)"
"""Faults that are told; the page of the design system draws one to show it."""


@pytest.mark.parametrize(("path", "role", "size"), PAGES)
def test_a_page_is_well_in_every_dress(
    open_page: Opener, ids: dict[str, str], path: str, role: str, size: tuple[int, int]
) -> None:
    in_every_dress(open_page, ids, path, role, size)


def in_every_dress(
    open_page: Opener, ids: dict[str, str], path: str, role: str, size: tuple[int, int]
) -> None:
    """Open a page in each dress, and look at it."""
    address = path.format(**ids)
    joiner = "&" if "?" in address else "?"
    language, theme = DRESSES[0]
    watched = open_page(f"{address}{joiner}theme={theme}", role, *size, lang=language)
    watched.expected_statuses |= {404} if "c0000" in path else set()
    for n, (language, theme) in enumerate(DRESSES):
        if n:
            watched.go(f"{address}{joiner}theme={theme}&lang={language}")
        watched.rest()
        look(watched, language, theme)
        assert watched.axe() == []


def look(watched: Watched, language: str, theme: str) -> None:
    """Look at a page that has come to rest."""
    page = watched.page
    html = page.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("data-theme", theme)
    expect(page.locator("#main")).to_be_visible()
    words = page.locator("body").inner_text()
    assert A_KEY.findall(words) == [], "a key stands where its words should"
    assert page.title().strip()
    assert page.evaluate(OVERFLOW_PX) <= 0, "the page is wider than its window"
    if re.search(r"/mobile(/cases/[^?]+)?\?", page.url):
        assert page.evaluate(TOO_SMALL, THUMB_PX) == [], "a thumb misses them"
    assert page.evaluate(UNEVEN_PX) <= 1, "a column of a pack with a chart at its end stops above the other"
    if "/docs" not in page.url:
        expect(page.get_by_text(SIMULATED[language]).filter(visible=True).first).to_be_visible()
    if language == "en":
        assert not HAN.search(" ".join(page.locator(NAMES).all_inner_texts())), "names are in English"
    for lens in page.locator("[data-lens]").all():
        assert len(lens.inner_text()) > len("V2 (V2)"), "what a view shows is said, not only its code"
        expect(page.locator("[data-lens-note] a")).to_have_attribute(
            "href", re.compile("^/docs/guides/the-desk")
        )
    if not watched.expected_statuses:
        assert page.locator(ERRORS).all_inner_texts() == []


def test_the_wall_paints_its_text_and_figures(open_page: Opener) -> None:
    page = open_page("/public", "leader", *WALL).page
    seen = painted(page, "/cockpit", n_least=21)
    assert seen.n_figures > 20
    assert seen.figures_s is not None
    print(
        f"cockpit: text after {seen.text_s:.2f} s, all {seen.n_figures} figures after {seen.figures_s:.2f} s"
    )
