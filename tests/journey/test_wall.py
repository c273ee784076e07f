"""The wall: what changed in a sentence, density as dots, replay, forecast, tour, staleness, English in its room."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.running import Running
from tests.journey.conftest import Opener
from tests.journey.figures import FIGURE, wait_for_figures
from tests.journey.letters import post_letter
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey

DOTS = """() => { const map = document.querySelector('.wall-map > .map > .canvas').huitianMap;
                  return map && map.getLayer('cells:dot') ? map.queryRenderedFeatures({layers: ['cells:dot']})
                    .map(one => one.properties) : []; }"""
ORDER = """() => document.querySelector('.wall-map > .map > .canvas').huitianMap.getStyle().layers.map(one => one.id)"""
TOO_WIDE = """() => [...document.querySelectorAll('.column')].flatMap(column => {
    const right = column.getBoundingClientRect().right + 1;
    return [...column.querySelectorAll('table, td, th, p, li, .number, .figure')]
      .filter(one => one.getBoundingClientRect().right > right).map(one => one.className + ': ' + one.innerText); })"""
COVERED = """() => { const map = document.querySelector('.wall-map > .map > .canvas').huitianMap;
    const whole = map.getContainer().getBoundingClientRect();
    const names = map.getSource('labels').serialize().data.features.map(one => one.properties);
    const over = [...document.querySelectorAll('.wall-map [data-over-map]:not(svg), .wall-map .maplibregl-ctrl-scale')]
      .map(one => one.getBoundingClientRect()).filter(one => one.width)
      .map(one => ({left: one.left - whole.left, right: one.right - whole.left,
                    top: one.top - whole.top, bottom: one.bottom - whole.top}));
    const marks = map.getSource('case').serialize().data.features.map(one => map.project(one.geometry.coordinates))
      .map(({x, y}) => ({left: x - 3, right: x + 3, top: y - 3, bottom: y + 3}));
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const covers = (one, at) => [...names.slice(at + 1), ...over, ...marks].some(two => meet(one, two));
    return {names: names.map(one => one.name), marks: marks.length, over: over.length,
            covered: names.filter(covers)}; }"""
"""Names on the plan, and those of them over one another, over a mark or under what lies over the map."""
NOTHING_COVERED = f"""() => {{ const told = ({COVERED})();
    return told.marks > 20 && told.over > 2 && told.names.length > 3 && !told.covered.length; }}"""
FRAME = """() => { const frame = document.querySelector('[data-callout] rect');
    return frame && [Number(frame.getAttribute('x')), Number(frame.getAttribute('y'))]; }"""
AROUND_ITS_CASES = """() => { const map = document.querySelector('.wall-map > .map > .canvas').huitianMap;
    const [frame, ring] = ['rect', 'circle'].map(one => document.querySelector('[data-callout] ' + one));
    if (!frame || !ring) return false;
    const of = (one, name) => Number(one.getAttribute(name)), [x, y] = [of(frame, 'x'), of(frame, 'y')];
    const spots = map.getSource('case').serialize().data.features
      .filter(one => one.properties.category_code === 'A12').map(one => map.project(one.geometry.coordinates))
      .filter(one => one.x > x && one.x < x + of(frame, 'width') && one.y > y && one.y < y + of(frame, 'height'));
    return spots.length > 1
      && spots.every(one => Math.hypot(one.x - of(ring, 'cx'), one.y - of(ring, 'cy')) < of(ring, 'r')); }"""
MAP = "document.querySelector('.wall-map > .map > .canvas').huitianMap"
AS_OF = f"() => [...document.querySelectorAll('{FIGURE}')].map(one => one.dataset.asOf)"
LAID_OUT_AGAIN = """() => { const map = document.querySelector('.wall-map > .map > .canvas').huitianMap;
    const source = map.getSource('labels'), data = source.serialize().data;
    const layers = map.getStyle().layers.filter(one => one.source === 'labels')
      .map(one => [one.id, map.getFilter(one.id)]);
    const unseen = (n, k) => String.fromCharCode(...Array(8).keys()
      .map(i => 0x4e00 + (n * 997 + k * 131 + i * 17) % 20000));
    const named = n => ({...data, features: data.features.map((one, k) =>
        ({...one, properties: {...one.properties, name: unseen(n, k)}}))});
    const sifted = n => layers.forEach(([id, filter]) =>
        map.setFilter(id, n % 2 ? filter : ['all', ['!=', ['get', 'none'], n], filter ?? true]));
    for (let n = 0; n < 30; n++) {
      setTimeout(() => source.setData(named(n)), n * 90);
      for (let k = 0; k < 3; k++) setTimeout(() => sifted(3 * n + k), n * 90 + 20 * (k + 1));
    }
    return new Promise(done => setTimeout(() => {
      map.once('idle', () => done());
      sifted(1);
      source.setData(data);
    }, 3500)); }"""
"""New names whose glyphs are still being drawn while the tiles that need them are laid out again, over and over."""
UNANSWERED = """() => document.querySelector('.wall-map > .map > .canvas').huitianMap.style.dispatcher.actors
    .reduce((n, actor) => n + Object.keys(actor.resolveRejects).length, 0)"""
N_SURGE = 25


def wall(open_page: Opener, lang: str = "zh", path: str = "/cockpit") -> Watched:
    """Open the wall and wait until it is at rest."""
    watched = open_page(path, "leader", 1920, 1080, lang)
    watched.rest()
    wait_for_figures(watched.page)
    return watched


@pytest.fixture(scope="module")
def surge(city: Running, open_browser_request: Any) -> None:
    """Write so many letters about heating that this is out of the ordinary at any hour and in any season."""
    for _ in range(N_SURGE):
        post_letter(open_browser_request, "家里暖气不热，供暖温度不够", category_code="A12")


@pytest.fixture(scope="module")
def open_browser_request(browser: Any, city: Running) -> Iterator[Any]:
    """Yield requests of somebody who is not signed in."""
    context = browser.new_context(base_url=city.base)
    yield context.request
    context.close()


def headlines(page: Page) -> list[dict[str, Any]]:
    """Return the headlines that the server gives to this page now."""
    found: list[dict[str, Any]] = page.context.request.get("/v1/headlines").json()["items"]
    return found


@pytest.mark.usefixtures("surge")
def test_the_sentence_says_what_changed_and_turns_only_by_hand(open_page: Opener) -> None:
    page = wall(open_page).page
    line = page.locator("[data-headline]")
    told = headlines(page)
    assert told
    assert told[0]["chance_ratio"] < 0.01
    expect(line).to_have_attribute("data-headline", told[0]["headline_id"])
    n = line.locator(FIGURE).first
    assert n.get_attribute("data-number-id") == told[0]["figures"]["n"]["number"]["number_id"]
    expect(line).to_contain_text(told[0]["words_zh"].split("{n}")[0])
    pages = page.locator(".pager .page")
    pages.nth(1).click()
    expect(line).not_to_have_attribute("data-headline", told[0]["headline_id"])
    turned = line.get_attribute("data-headline")
    # Another letter of the same news changes its figures, not the page that is read.
    post_letter(page.context.request, "家里暖气不热，供暖温度不够", category_code="A12")
    page.wait_for_timeout(3000)
    assert line.get_attribute("data-headline") == turned
    pages.nth(0).click()
    expect(line).to_have_attribute("data-headline", told[0]["headline_id"])


def test_density_is_seven_dots_under_the_lines(open_page: Opener) -> None:
    page = wall(open_page).page
    page.wait_for_function(f"() => ({DOTS})().length > 20")
    dots: list[dict[str, Any]] = page.evaluate(DOTS)
    assert {name for one in dots for name in one} == {"cell_id", "class"}
    assert {one["class"] for one in dots} <= set(range(1, 8))
    order: list[str] = page.evaluate(ORDER)
    assert order.index("area") < order.index("cells:dot") < order.index("place.street:line")
    assert order.index("cells:dot") < order.index("case:mark") < order.index("label:street")
    expect(page.locator(".density .dot")).to_have_count(7)
    page.wait_for_function(NOTHING_COVERED)
    # The hot spot is drawn over the map, around its cases, and goes with the city when a hand moves it.
    page.wait_for_function(AROUND_ITS_CASES)
    frame = page.evaluate(FRAME)
    spot = page.evaluate(f"at => {MAP}.unproject(at).toArray()", frame)
    page.mouse.move(900, 400)
    page.mouse.down()
    page.mouse.move(960, 440, steps=8)
    page.mouse.up()
    page.wait_for_function(
        f"""([spot, before]) => {{ const frame = ({FRAME})(), at = {MAP}.project(spot);
                return frame && Math.hypot(frame[0] - before[0], frame[1] - before[1]) > 40
                  && Math.hypot(frame[0] - at.x, frame[1] - at.y) < 2; }}""",
        arg=[spot, frame],
    )
    page.wait_for_function(AROUND_ITS_CASES)
    page.wait_for_function(NOTHING_COVERED)
    # What is laid out again meanwhile leaves nothing behind that is waited for: a wall stands for days.
    page.evaluate(LAID_OUT_AGAIN)
    page.wait_for_function(f"() => ({UNANSWERED})() === 0")


def test_replay_moves_every_figure_and_l_is_live_again(open_page: Opener) -> None:
    page = wall(open_page).page
    page.locator("body").focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    flag = page.locator(".cursor.replay")
    expect(flag).to_be_visible()
    at = page.locator("[data-at]").first.get_attribute("data-at")
    assert at is not None
    page.wait_for_function(
        f"at => ({AS_OF})().every(one => one && Math.abs(Date.parse(one) - Date.parse(at)) < 1000)", arg=at
    )
    element = page.locator("[data-number-id='cases.open']").first
    told = page.context.request.get("/v1/numbers/cases.open", params={"at": at}).json()
    assert float(element.get_attribute("data-value") or "nan") == told["value"]
    before = page.locator(".range").input_value()
    page.keyboard.press("Space")
    page.wait_for_function(
        "before => Number(document.querySelector('.range').value) >= Number(before) + 2", arg=before
    )
    page.keyboard.press("Space")
    page.keyboard.press("l")
    expect(flag).to_have_count(0)


def test_hours_to_come_are_a_band_and_called_a_forecast(open_page: Opener) -> None:
    page = wall(open_page).page
    expect(page.locator(".lane[data-forecast] .band").first).to_be_attached()
    expect(page.locator(".forecast")).to_contain_text("预测")
    assert page.locator(".days .day").count() == 10


def test_a_tour_goes_through_the_city_and_a_touch_stops_it(open_page: Opener) -> None:
    page = wall(open_page, path="/cockpit?tour=1&every=2").page
    expect(page.locator("[data-touring]")).to_be_visible()
    # It comes to the streets: then the name of one stands in the place of the city.
    expect(page.locator(".scope button")).to_be_visible()
    page.mouse.move(900, 500)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("[data-touring]")).to_have_count(0)


def test_without_a_hand_the_wall_is_at_rest_and_live_again(open_page: Opener) -> None:
    page = wall(open_page, path="/cockpit?rest=20").page
    page.locator(".units .unit").first.click()
    page.locator("body").press("ArrowLeft")
    expect(page.locator(".scope button")).to_be_visible()
    expect(page.locator(".cursor.replay")).to_be_visible()
    expect(page.locator(".scope button")).to_have_count(0)
    expect(page.locator(".cursor.replay")).to_have_count(0)


@contextmanager
def held(server: Running) -> Iterator[None]:
    """Hold the process that serves a city, as a machine does that hangs."""
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


def test_figures_say_how_late_they_are_while_the_server_hangs(open_page: Opener, city: Running) -> None:
    watched = wall(open_page)
    page = watched.page
    assert page.locator("[data-late]").count() == 0
    with held(city):
        watched.a_minute_later()
        expect(page.locator(".stale")).to_be_visible(timeout=120_000)
        late = page.locator("[data-number-id='cases.open'][data-late]").first
        expect(late).to_be_visible()
        assert "迟" in (late.get_attribute("data-late") or "")
    expect(page.locator("[data-late]")).to_have_count(0, timeout=120_000)


def test_english_keeps_to_its_columns(open_page: Opener) -> None:
    page = wall(open_page, lang="en").page
    assert page.evaluate(TOO_WIDE) == []
    size = page.locator("[data-headline] .sentence").evaluate("one => getComputedStyle(one).fontSize")
    assert size == "23px"
