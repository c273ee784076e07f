"""A pack from outside: installed by pip where there is no npm, it stands on every end, acts, is switched and spoken of.

The city is a small one of these tests: a server that finds one more package beside its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bench.running import Running, ask, demo_server
from huitian.app.city import compose
from huitian.app.demo import write_demo
from huitian.clock import SystemClock
from huitian.engine.embedded import create_store
from huitian.settings import CITY_FILE, city_text, read_settings
from huitian.simulate.city import demo_city
from huitian.simulate.scale import DemoScale
from tests.journey.conftest import WAIT_MS, Opener
from tests.journey.figures import close_by_escape, open_by_click, wait_for_figures
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey

PACK = Path(__file__).parents[1] / "packs" / "street_lights"
SMALL = DemoScale(n_buildings=500, person_share=0.01, n_enterprises=20, n_components=600, n_letters=400)
PHONE = {"width_px": 390, "height_px": 844}
WALL = {"width_px": 1920, "height_px": 1080}
PAGE = "/desk/packs/street_lights"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the pack with pip into a folder of its own."""
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index",
         "--target", str(target), str(PACK)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def city(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a small demo city with the pack beside it, on a PATH that has nothing on it."""
    home, nothing = tmp_path_factory.mktemp("city") / "demo", tmp_path_factory.mktemp("empty")
    home.mkdir()
    invented = demo_city(7, datetime.now(UTC), SMALL)
    (home / CITY_FILE).write_text(city_text({"root_place": invented.root_place_id}), encoding="utf-8")
    made = compose(create_store(home), home, read_settings(home), SystemClock(), None)
    write_demo(made, invented, invented.as_of, lambda _words: None)
    made.close()
    with demo_server(home, PATH=str(nothing), PYTHONPATH=str(site)) as running:
        yield running


def panel(page: Page, panel_id: str) -> Any:
    return page.locator(f"[data-panel-id='street_lights.{panel_id}']")


def figure(city: Running, number_id: str, role: str) -> Any:
    told, _ = ask(f"{city.base}/v1/numbers/{number_id}", headers={"Cookie": city.sign_in(role).cookie})
    return told["value"]


def test_it_stands_on_the_wall_with_its_layer(open_page: Opener, city: Running) -> None:
    watched = open_page("/cockpit", "leader", **WALL)
    page = watched.page
    with page.expect_response(lambda answer: "/v1/layers/component" in answer.url) as asked:
        page.reload(wait_until="load")
    assert asked.value.ok
    shown = panel(page, "wall").locator("[data-number-id='street_lights.total']")
    expect(shown).to_have_attribute("data-value", str(int(figure(city, "street_lights.total", "leader"))))
    expect(panel(page, "wall")).to_have_attribute("data-stage", "pilot")
    expect(panel(page, "wall").get_by_text("试点")).to_be_visible()
    open_by_click(page, shown)
    close_by_escape(page, shown)


def test_its_page_on_the_desk_draws_every_kind_and_every_count_opens(open_page: Opener) -> None:
    watched = open_page(PAGE, "dispatcher")
    page = watched.page
    wait_for_figures(page)
    for panel_id in ("now", "days", "flow", "levels", "dots", "matrix", "board"):
        expect(panel(page, panel_id)).to_be_visible()
    expect(page.locator("[data-broken], .unknown, .error[role=alert]")).to_have_count(0)
    for panel_id, cell in (("matrix", "button.cell >> nth=0"), ("levels", "button.value >> nth=0")):
        count = panel(page, panel_id).locator(cell)
        n = "".join(filter(str.isdigit, count.inner_text()))  # a rung says its unit as well
        count.click()
        expect(page.locator(f"dialog [data-n-total='{n}']")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    # A component lives in a shadow root, and its figure opens as any other.
    panel(page, "dots").locator("button", has_text="盏").click()
    expect(page.locator("[data-number-panel-id='street_lights.broken']")).to_be_visible()
    page.keyboard.press("Escape")
    watched.rest()
    assert watched.axe() == []
    watched.go(f"{PAGE}?lang=en&theme=ink")
    wait_for_figures(page)
    expect(panel(page, "dots").locator("button", has_text="lamps are broken")).to_be_visible()
    assert watched.axe() == []


def test_a_card_is_moved_with_the_keyboard(open_page: Opener, city: Running) -> None:
    page = open_page(PAGE, "dispatcher").page
    board = panel(page, "board")
    first = board.locator("[data-state='in_progress'] [data-case-id]").first
    case_id = str(first.get_attribute("data-case-id"))
    board.locator("[data-case-id] a").first.focus()
    while page.evaluate("document.activeElement.closest('[data-case-id]').dataset.caseId") != case_id:
        page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    sheet = page.locator("dialog")
    sheet.locator("[data-action='handle']").click()
    sheet.locator("form button[type=submit]").click()
    expect(sheet.get_by_text("已办：办理")).to_be_visible()
    assert last_action(city, case_id) == "handle"
    sheet.locator("[data-undo]").click()
    expect(sheet.get_by_text("已撤回")).to_be_visible()
    assert last_action(city, case_id) == "undo"


def last_action(city: Running, case_id: str) -> str:
    told, _ = ask(f"{city.base}/v1/cases/{case_id}", headers={"Cookie": city.sign_in("dispatcher").cookie})
    return str(told["steps"][-1]["action"])


def test_its_form_on_a_phone_takes_a_step_that_can_be_undone(open_page: Opener, city: Running) -> None:
    worker = {"Cookie": city.sign_in("grid_worker").cookie}
    mine, _ = ask(f"{city.base}/v1/cases?owner=me&state=signed&state=in_progress", headers=worker)
    case_id = mine["items"][0]["case_id"]
    watched = open_page("/mobile", "grid_worker", **PHONE)
    home = panel(watched.page, "home").locator("[data-number-id]")
    expect(home).to_have_attribute(
        "data-value", str(int(figure(city, "street_lights.broken", "grid_worker")))
    )
    watched.go(f"/mobile/cases/{case_id}")
    form = panel(watched.page, "task_form")
    form.locator("textarea").fill("灯杆已接电，夜里亮了。")
    form.locator("form button[type=submit]").click()
    expect(form.get_by_text("已办：办理")).to_be_visible()
    told, _ = ask(f"{city.base}/v1/cases/{case_id}", headers=worker)
    last = told["steps"][-1]
    assert (last["action"], last["facts"]["means"]) == ("handle", "visit")
    assert last["words"]["note"] == "灯杆已接电，夜里亮了。"
    form.locator("[data-undo]").click()
    expect(form.get_by_text("已撤回")).to_be_visible()
    told, _ = ask(f"{city.base}/v1/cases/{case_id}", headers=worker)
    assert told["steps"][-1]["action"] == "undo"
    watched.rest()
    assert watched.axe() == []


def test_the_public_sees_its_figures(open_page: Opener, city: Running) -> None:
    watched = open_page("/public")
    shown = panel(watched.page, "public").locator("[data-number-id='street_lights.total']")
    expect(shown).to_have_attribute("data-value", str(int(figure(city, "street_lights.total", "leader"))))
    expect(watched.page.locator("[data-feedback]").first).to_be_visible()
    watched.rest()
    assert watched.axe() == []


def test_it_is_spoken_of_and_switched_off_where_somebody_decides_so(open_page: Opener, city: Running) -> None:
    desk = open_page(PAGE, "dispatcher")
    now = panel(desk.page, "now")
    now.hover()
    now.locator("[data-feedback]").click()
    sheet = desk.page.locator("dialog")
    sheet.get_by_text("看不懂").click()
    sheet.locator("textarea").fill("坏灯怎么算的？")
    assert desk.axe() == []
    sheet.locator("form button[type=submit]").press("Enter")
    expect(sheet.get_by_role("status")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(now.locator("[data-feedback]")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(sheet.locator("textarea")).to_have_value("")
    sheet.locator("textarea").fill("夜里也这样吗？")
    sheet.locator("form button[type=submit]").press("Enter")
    expect(sheet.get_by_text("已收到")).to_be_visible()
    admin = open_page("/desk/packs/street_lights/feedback", "data_admin")
    expect(admin.page.get_by_text("坏灯怎么算的？")).to_be_visible()
    expect(admin.page.get_by_text("夜里也这样吗？")).to_be_visible()
    admin.go("/desk/packs")
    root = admin.page.locator("tr.here [data-pack-id='street_lights']")
    expect(root).to_have_attribute("data-stage", "pilot")
    public = open_page("/public").page
    expect(panel(public, "public")).to_be_visible()
    root.locator("select").select_option("off")
    expect(root).to_have_attribute("data-stage", "off")
    # Nobody is signed in there and no stream is open: a page that is looked at again asks again.
    public.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect(panel(public, "public")).to_have_count(0)
    expect(root).to_have_attribute("data-own", "true")
    below = admin.page.locator("tr:not(.here) [data-pack-id='street_lights']").first
    expect(below).to_have_attribute("data-stage", "off")
    desk.expected_statuses |= {404}
    desk.go("/desk")
    expect(desk.page.locator(f"a[href='{PAGE}']")).to_have_count(0)
    answer = desk.page.request.get("/v1/numbers/street_lights.total")
    assert answer.status == 404
    root.locator("select").select_option("")
    expect(root).to_have_attribute("data-stage", "pilot")
    desk.go("/desk")
    expect(desk.page.locator(f"a[href='{PAGE}']")).to_have_count(1)


def alter(route: Route) -> None:
    """Break panels on their way to the screen, as a pack could that slipped through every check."""
    answer = route.fetch()
    told = answer.json()
    for one in told["panels"]:
        match one["panel_id"]:
            case "street_lights.flow":
                one["number_ids"] = 7
            case "street_lights.levels":
                one["query"]["where"] = ["mood:eq:good"]
            case "street_lights.dots":
                one["kind"] = "hologram"
    route.fulfill(response=answer, body=json.dumps(told))


def test_a_broken_panel_says_so_in_its_slot_and_the_rest_stands(open_page: Opener) -> None:
    watched = open_page("/public", "dispatcher")
    watched.expected_statuses |= {422}
    page = watched.page
    page.route("**/v1/panels?*", alter)
    watched.go(PAGE)
    expect(panel(page, "flow").locator("[data-broken]")).to_be_visible()
    expect(panel(page, "levels").locator(".error[role=alert]")).to_be_visible()
    expect(panel(page, "dots").locator(".unknown")).to_contain_text("hologram")
    wait_for_figures(page)
    expect(panel(page, "now").locator("[data-number-id]")).to_have_count(3)
    expect(panel(page, "matrix").locator("button.cell").first).to_be_visible()
    assert watched.axe() == []


def test_a_component_that_is_not_what_was_declared_is_not_run(
    browser: Browser, city: Running, site: Path
) -> None:
    file = site / "street_lights" / "components" / "share_dots.js"
    declared = file.read_bytes()
    file.write_bytes(declared + b"\nwindow.__altered = true;\n")
    context = browser.new_context(base_url=city.base, locale="zh-CN")
    context.set_default_timeout(WAIT_MS)
    try:
        for pair in city.sign_in("dispatcher").cookie.split("; "):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": city.base}])
        page = context.new_page()
        watched = Watched(page)
        page.goto(f"{PAGE}?lang=zh", wait_until="load")
        expect(panel(page, "dots").locator("[data-refused]")).to_contain_text("摘要不符")
        wait_for_figures(page)
        expect(panel(page, "now").locator("[data-number-id]")).to_have_count(3)
        assert page.evaluate("window.__altered") is None
        complaints = watched.complaints()
        assert complaints, "the browser says nothing of the hash"
        assert all("integrity" in one or "digest" in one or "share_dots.js" in one for one in complaints)
    finally:
        file.write_bytes(declared)
        context.close()
