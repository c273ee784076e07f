"""What a real city brings to the desk: long names, great figures, many places, many letters at once, a lost server.

In the time of served tests.
"""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from bench.running import Running
from tests.journey.conftest import Opener
from tests.journey.figures import FIGURE, shown, wait_for_figures
from tests.journey.letters import letters_at_once
from tests.journey.weight import weighed
from tests.journey.wire import Wire

pytestmark = pytest.mark.served

N_PLACES = 1_000
"""As many as the server gives below one place; ten of them open are a tree of ten thousand."""
N_BURST = 500
"""Letters of a minute in which a city of millions has a bad morning; here they come as fast as they are taken."""
MORE_NODES = 2_000
MORE_MB = 24.0
WITH_MAPS = {
    "/desk/places": ("dispatcher", (1440, 900), ".places .plan"),
    "/cockpit": ("leader", (1920, 1080), ".wall-map"),
    "/mobile": ("grid_worker", (360, 740), ".tasks .map"),
}
"""By end: who looks, the window, and what holds its map."""
HEAR = """() => new Promise(done => {
  window.__heard = new Set();
  const stream = new EventSource('/v1/stream?topics=case');
  stream.addEventListener('case', one => window.__heard.add(JSON.parse(one.data).case_no));
  stream.onopen = () => done(); })"""
FIRST_ROWS = "all => all.slice(0, 6).map(one => one.dataset.caseId)"
LONG = (
    "云溪街道槐林雅居第二社区居民委员会联合党群服务中心暨物业管理联席会议"
    "第三网格第十二楼门片区临时应急值守与便民服务点综合工作站甲"
)
TWELVE_DIGITS = 123_456_789_012
OVERFLOW_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def many_places(parent: str, like: dict[str, Any]) -> list[dict[str, Any]]:
    """Return as many places below one as the server gives at most, each with a name of sixty letters."""
    return [
        like
        | {
            "place_id": f"{parent}x{n:04}", "parent_id": parent, "name": f"{LONG[:55]}{n:05}",
            "n_children": N_PLACES,
        }
        for n in range(N_PLACES)
    ]  # fmt: skip


def test_ten_thousand_places_open_and_are_walked_by_keys(open_page: Opener, city: Running) -> None:
    watched = open_page("/desk/health", "dispatcher")
    page, keys = watched.page, watched.page.keyboard
    watched.rest()

    def answer(route: Route) -> None:
        parent = re.search(r"[?&]parent=([^&]+)", route.request.url)
        if parent is None:
            route.continue_()
            return
        told = route.fetch().json() if "x" not in parent[1] else like
        like.update(told)
        items = many_places(parent[1].replace("%3A", ":"), like["items"][0])
        route.fulfill(body=json.dumps(like | {"items": items}), content_type="application/json")

    like: dict[str, Any] = {}
    page.route("**/v1/places?*", answer)
    page.route(
        "**/v1/numbers/*/units?*x0*", lambda route: route.fulfill(body="[]", content_type="application/json")
    )
    watched.expected_statuses.add(404)
    watched.go("/desk/places")
    nodes = page.locator("[role=treeitem]")
    expect(nodes.nth(5)).to_be_visible()
    assert nodes.count() < N_PLACES, "what nobody sees is not drawn"
    nodes.first.focus()
    for n in range(9, 0, -1):
        nodes.nth(n).focus()
        keys.press("ArrowRight")
        expect(nodes.nth(n)).to_have_attribute("aria-expanded", "true")
    expect(nodes.nth(2)).to_have_attribute("aria-level", "3")
    assert nodes.count() < 10 * N_PLACES / 2
    nodes.nth(2).focus()
    keys.press("ArrowDown")
    expect(nodes.nth(3)).to_be_focused()
    keys.press("ArrowLeft")
    expect(nodes.nth(1)).to_be_focused()
    expect(nodes.nth(3).locator(".name")).to_have_attribute("title", re.compile("^.{60}$"))
    assert page.evaluate(OVERFLOW_PX) <= 0


def test_great_figures_zero_and_none_have_room(open_page: Opener) -> None:
    watched = open_page("/desk/health", "dispatcher")
    page = watched.page
    values = iter([TWELVE_DIGITS, 0, None, -TWELVE_DIGITS] * 50)

    def answer(route: Route) -> None:
        told = route.fetch().json()
        if not isinstance(told, dict) or "value" not in told:
            route.fulfill(body=json.dumps(told), content_type="application/json")
            return
        route.fulfill(body=json.dumps(told | {"value": next(values)}), content_type="application/json")

    page.route(re.compile(r"/v1/numbers/[^/]+\?"), answer)
    watched.go("/desk/places")
    great = page.locator("[data-value='123456789012'] .figure")
    expect(great.first).to_have_text("123,456,789,012")
    expect(page.locator("[data-value='0'] .figure").first).to_have_text("0")
    expect(page.locator("[data-value='-123456789012'] .figure").first).to_have_text("−123,456,789,012")
    cut = great.evaluate_all(
        """all => all.filter(one => one.scrollWidth > one.clientWidth + 1
          && getComputedStyle(one).display !== 'inline').length"""
    )
    assert cut == 0, "a figure is never cut"
    assert page.evaluate(OVERFLOW_PX) <= 0


def test_five_hundred_letters_at_once_move_nothing_under_the_hand_and_none_is_missed(
    open_page: Opener, city: Running
) -> None:
    desk = open_page("/desk?sort=newest", "dispatcher")
    wall = open_page("/cockpit", "leader", 1920, 1080)
    page = desk.page
    wait_for_figures(wall.page)
    wall.rest()
    desk.rest()
    page.evaluate(HEAR)
    are_open = wall.page.locator(f"{FIGURE}[data-number-id='cases.open']").first
    n_before = shown(are_open).value or 0
    sessions = [one.page.context.new_cdp_session(one.page) for one in (desk, wall)]
    before = [weighed(session) for session in sessions]
    rows = page.locator(".queue .row")
    expect(rows.nth(7)).to_be_visible()
    rows.nth(2).hover()
    first = rows.evaluate_all(FIRST_ROWS)
    bar = page.locator(".queue .new")
    with letters_at_once(city.base, (f"一分钟里的第 {n} 封。" for n in range(N_BURST))) as sent:
        # While they come in the desk does what it is told.
        expect(bar).to_be_visible()
        for at in (0, 1):
            page.keyboard.press("j")
            expect(page).to_have_url(re.compile(first[at]))
            assert rows.evaluate_all(FIRST_ROWS) == first
    expect(bar).to_contain_text(re.compile(f"{N_BURST}|{N_BURST:,}"))
    assert rows.evaluate_all(FIRST_ROWS) == first
    assert page.locator(".queue .row.gone").count() == 0, "they are further down, not gone"
    case_nos = {one.result() for one in sent}
    page.wait_for_function("all => all.every(one => window.__heard.has(one))", arg=sorted(case_nos))
    expect(are_open).to_have_attribute("data-value", f"{n_before + N_BURST:.0f}")
    desk.rest()
    wall.rest()
    for was, session in zip(before, sessions, strict=True):
        now = weighed(session)
        print(f"nodes {was.n_nodes} to {now.n_nodes}, heap {was.heap_mb:.1f} to {now.heap_mb:.1f} MB")
        assert now.n_nodes <= 1.5 * was.n_nodes + MORE_NODES
        assert now.heap_mb <= 1.5 * was.heap_mb + MORE_MB
    bar.get_by_role("button").click()
    expect(bar).to_have_count(0)
    assert not set(first) & set(rows.evaluate_all(FIRST_ROWS)) - {first[1]}, (
        "the open case alone keeps its place"
    )


def test_a_lost_connection_is_told_and_what_is_shown_stays(open_page: Opener, city: Running) -> None:
    wire = Wire(city.port)
    try:
        desk = open_page(f"{wire.base}/desk", "dispatcher")
        row = desk.page.locator(".queue .row").first
        expect(row).to_be_visible()
        desk.rest()
        desk.is_offline = True
        wire.cut()
        desk.a_minute_later()
        expect(desk.page.locator(".told .stale")).to_be_visible()
        expect(row).to_be_visible()
        wire.mend()
        expect(desk.page.locator(".told .stale")).to_have_count(0)
    finally:
        wire.close()


@pytest.mark.parametrize("end", WITH_MAPS)
def test_without_webgl_the_map_is_a_table(open_page: Opener, end: str) -> None:
    role, size, holder = WITH_MAPS[end]
    watched = open_page("/public", role, *size)
    page = watched.page
    page.add_init_script(
        """const own = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return /webgl/.test(kind) ? null : own.call(this, kind, ...rest);
        };"""
    )
    watched.go(end)
    chart = page.locator(holder).first
    expect(chart).to_contain_text("WebGL")
    expect(chart.locator("table tbody tr").first).to_be_visible()
    watched.rest()
    assert watched.axe() == []


def test_a_panel_that_fails_says_so_and_the_rest_stands(open_page: Opener) -> None:
    watched = open_page("/desk/health", "dispatcher")
    watched.expected_statuses.add(503)
    page = watched.page
    refusal = json.dumps({"status": 503, "code": "store_away", "detail": "不在", "detail_zh": "不在"})
    page.route(
        re.compile(r"/v1/numbers/[^/]+/series"),
        lambda route: route.fulfill(status=503, body=refusal, content_type="application/problem+json"),
    )
    watched.go("/desk/places")
    expect(page.locator(".side .error[role=alert]").first).to_contain_text("store_away")
    expect(page.locator(".side [data-number-id][data-as-of]").first).to_be_visible()
    expect(page.locator("[role=treeitem]").nth(1)).to_be_visible()
    watched.rest()
    assert watched.axe() == []


def test_at_double_size_nothing_is_lost(open_page: Opener) -> None:
    """A window of 1440 at 200 % is one of 720: the desk is wider and is scrolled, not cut."""
    watched = open_page("/desk", "dispatcher", 720, 450)
    page = watched.page
    row = page.locator(".queue .row .body").first
    row.click()
    action = page.locator("[data-case-column] [data-action]").last
    expect(action).to_be_attached()
    # What a case can take is drawn anew when its owners are there: nothing is scrolled to before.
    watched.rest()
    action.scroll_into_view_if_needed()
    expect(action).to_be_in_viewport()
    watched.rest()
    assert watched.axe() == []


def test_first_words_are_told_once_and_told_again_when_asked(open_page: Opener) -> None:
    watched = open_page("/desk", "dispatcher")
    page = watched.page
    hint = page.locator("[data-hint]")
    expect(hint).to_have_attribute("data-hint", "queue")
    page.locator("[data-put-away]").press("Enter")
    expect(hint).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    watched.go("/desk/places")
    expect(hint).to_have_attribute("data-hint", "places")
    watched.go("/desk")
    expect(page.locator(".queue .row").first).to_be_visible()
    expect(hint).to_have_count(0)
    page.keyboard.press("?")
    page.locator("[data-tell-again]").click()
    page.keyboard.press("Escape")
    expect(hint).to_have_attribute("data-hint", "queue")
