"""Bad input on the screens: each is refused with its reason, and nothing that was typed is lost."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from bench.running import Running
from tests.journey.conftest import Opener
from tests.journey.figures import FIGURE, shown, wait_for_figures
from tests.journey.letters import case_id_of, post_letter, take_step
from tests.journey.photos import camera_photo, noisy_photo
from tests.journey.watching import STREAM
from tests.journey.wire import Wire

pytestmark = pytest.mark.journey

PHONE = {"width_px": 390, "height_px": 844}
MB = 1 << 20
MARKUP = '<img src=x onerror="window.__ran=1"><b>粗体</b><script>window.__ran=1</script> {{7*7}} 楼道灯不亮'
FORMULA = '=HYPERLINK("http://127.0.0.1:9/","请点")'


def is_clean(page: Page) -> bool:
    """Return whether nothing of a letter ran or became an element."""
    return bool(page.evaluate("() => !window.__ran && !document.querySelector('img[src=x], blockquote *')"))


def test_a_photo_that_is_none_and_a_huge_one_on_the_mailbox(open_page: Opener, tmp_path: Path) -> None:
    page = open_page("/public", **PHONE).page
    page.locator("textarea").fill("单元门坏了。")
    no_photo = tmp_path / "no-photo.jpg"
    no_photo.write_text("这不是照片。" * 1000, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(no_photo)
    expect(page.get_by_role("alert").filter(has_text="no-photo.jpg")).to_be_visible()
    expect(page.locator(".send")).to_be_disabled()
    page.get_by_role("button", name="删去照片1").click()
    expect(page.locator("[data-state='failed']")).to_have_count(0)

    huge = noisy_photo(tmp_path / "huge.jpg", 30 * MB)
    with page.expect_response(lambda answer: answer.url.endswith("/v1/files")) as kept:
        page.locator("input[type=file]").set_input_files(huge)
    assert kept.value.status == 201, "the page makes it small before it is sent"
    assert kept.value.json()["n_bytes"] < 12 * MB
    expect(page.locator("[data-state='sent']")).to_have_count(1)
    page.locator(".send").click()
    expect(page.locator("[data-case-no]")).to_be_visible()


def test_a_photo_that_is_none_and_a_huge_one_on_the_desk(open_page: Opener, tmp_path: Path) -> None:
    watched = open_page("/desk", "dispatcher")
    watched.expected_statuses |= {413, 415}
    page = watched.page
    receipt = post_letter(page.context.request, "井盖松动，请来看看。")
    case_id = case_id_of(page.context.request, receipt["case_no"])
    watched.go(f"/desk/cases/{case_id}")
    page.keyboard.press("n")
    form = page.locator("[data-form='note']")
    form.locator("textarea").fill("已电话核实。")
    no_photo = tmp_path / "no-photo.png"
    no_photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    form.locator("input[type=file]").set_input_files(no_photo)
    expect(form.get_by_role("alert")).to_contain_text("不是可读的图片")
    form.locator("input[type=file]").set_input_files(noisy_photo(tmp_path / "huge.jpg", 30 * MB))
    expect(form.get_by_role("alert")).to_contain_text("过大")
    form.locator("input[type=file]").set_input_files(camera_photo(tmp_path / "good.jpg", 5))
    expect(form.locator("ul img")).to_have_count(1)
    expect(form.get_by_role("alert")).to_have_count(0)
    expect(form.locator("textarea")).to_have_value("已电话核实。")
    form.locator("button[type=submit]").click()
    expect(page.locator("[data-case-column] [data-action='note']")).to_contain_text("已电话核实。")


@pytest.mark.parametrize("n_chars", [5_001, 100_000])
def test_a_letter_that_is_too_long_stays_where_it_was_typed(open_page: Opener, n_chars: int) -> None:
    watched = open_page("/public", **PHONE)
    page = watched.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("textarea").fill("长" * n_chars)
    page.locator(".send").click()
    too_many = re.compile(f"多了({n_chars - 5000}|{n_chars - 5000:,})字")
    expect(page.get_by_role("alert").filter(has_text=too_many)).to_be_visible()
    expect(page.locator("textarea")).to_be_focused()
    assert len(page.locator("textarea").input_value()) == n_chars
    assert sent == []
    page.locator("textarea").fill("长" * 5_000)
    page.locator(".send").click()
    expect(page.locator("[data-case-no]")).to_be_visible()


@pytest.mark.parametrize("words", [MARKUP, FORMULA], ids=["markup", "formula"])
def test_markup_and_formulas_are_text_on_every_end(open_page: Opener, words: str) -> None:
    resident = open_page("/public", **PHONE).page
    resident.locator("textarea").fill(words)
    resident.get_by_role("button", name="怎么称呼").click()
    resident.get_by_label("姓名或称呼").fill('=1+1"><i>')
    resident.locator(".send").click()
    case_no = resident.locator("[data-case-no]").inner_text()

    desk = open_page("/desk?sort=newest", "dispatcher")
    case_id = case_id_of(desk.page.context.request, case_no)
    row = desk.page.locator(f".row[data-case-id='{case_id}'] .name")
    expect(row).to_contain_text(words[:10])
    row.click()
    expect(desk.page.locator("[data-case-column] blockquote")).to_have_text(words)
    assert is_clean(desk.page)
    worker = open_page("/mobile", "grid_worker", **PHONE)
    body = worker.page.context.request.get("/v1/session").json()["user"]["org_id"]
    place_id = worker.page.context.request.get("/v1/session").json()["user"]["place_id"]
    take_step(desk.page.context.request, case_id, "locate", facts={"place_id": place_id})
    take_step(desk.page.context.request, case_id, "dispatch", facts={"org_id": body})
    task = worker.page.locator(f"[data-case-id='{case_id}']").first
    expect(task).to_contain_text(words[:10])
    assert is_clean(worker.page)
    worker.go(f"/mobile/cases/{case_id}")
    expect(worker.page.locator("blockquote")).to_have_text(words)
    assert is_clean(worker.page)


def test_the_slower_dispatcher_sees_who_did_what_and_keeps_the_reason(open_page: Opener) -> None:
    fast = open_page("/desk", "dispatcher").page
    slow = open_page("/desk", "street_dispatcher")
    slow.expected_statuses.add(409)
    me = slow.page.context.request.get("/v1/session").json()["user"]
    receipt = post_letter(fast.context.request, "围墙塌了一角。", place_id=me["place_id"])
    case_id = case_id_of(fast.context.request, receipt["case_no"])
    slow.go(f"/desk/cases/{case_id}")
    slow.page.keyboard.press("p")
    form = slow.page.locator("[data-form='escalate']")
    form.locator("textarea").fill("本街道没有修缮队伍。")

    # News travels slowly to this desk: what it asks about the case is answered after its step was refused.
    held: list[Route] = []

    is_slow = True

    def hold(route: Route) -> None:
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    slow.page.route(f"**/v1/cases/{case_id}", hold)
    take_step(fast.context.request, case_id, "dispatch", facts={"org_id": me["org_id"]})
    with slow.page.expect_response(f"**/v1/cases/{case_id}/steps") as refused:
        form.locator("button[type=submit]").click()
    assert refused.value.status == 409
    is_slow = False
    for route in held:
        route.continue_()

    conflict = slow.page.locator("[data-conflict]")
    who = fast.context.request.get("/v1/session").json()["user"]["display_name"]
    expect(conflict).to_contain_text(who)
    expect(conflict).to_contain_text("已派单")
    expect(conflict).to_contain_text("本街道没有修缮队伍。")
    expect(form.locator("textarea")).to_have_value("本街道没有修缮队伍。")
    slow.rest()
    assert slow.axe() == []
    conflict.locator("[data-action='again']").click()
    expect(slow.page.locator("[data-case-column] li[data-action='escalate']")).to_contain_text("没有修缮队伍")
    log = fast.context.request.get(f"/v1/cases/{case_id}").json()["steps"]
    assert [step["action"] for step in log] == ["accept", "dispatch", "escalate"]


def test_a_worker_is_told_at_once_that_another_was_faster(open_page: Opener) -> None:
    worker = open_page("/mobile", "grid_worker", **PHONE)
    colleague = open_page("/mobile", "committee", **PHONE).page.context.request
    me = worker.page.context.request.get("/v1/session").json()["user"]
    dispatcher = open_page("/desk", "dispatcher").page.context.request
    receipt = post_letter(dispatcher, "单元门关不上。", place_id=me["place_id"])
    case_id = case_id_of(dispatcher, receipt["case_no"])
    take_step(dispatcher, case_id, "dispatch", facts={"org_id": me["org_id"]})
    take_step(worker.page.context.request, case_id, "sign")
    worker.go(f"/mobile/cases/{case_id}/reply")
    worker.page.get_by_label("答复").fill("门轴已换。")
    take_step(colleague, case_id, "handle", facts={"is_contact": True})
    note = worker.page.locator("[data-stale]")
    expect(note).to_contain_text(colleague.get("/v1/session").json()["user"]["display_name"])
    expect(worker.page.locator("button.send")).to_be_disabled()
    expect(worker.page.get_by_label("答复")).to_have_value("门轴已换。")
    worker.rest()
    assert worker.axe() == []
    note.get_by_role("button").click()
    worker.page.locator("button.send").click()
    expect(worker.page.locator("li[data-action='reply']")).to_contain_text("门轴已换。")


@pytest.fixture
def wire(city: Running) -> Iterator[Wire]:
    """Put a wire before the server that the test can cut."""
    made = Wire(city.port)
    yield made
    made.close()


def test_a_lost_connection_is_opened_again_where_it_broke(open_page: Opener, wire: Wire) -> None:
    cockpit = open_page(f"{wire.base}/cockpit", "leader", 1920, 1080)
    other = open_page("/public", **PHONE).page.context.request
    wait_for_figures(cockpit.page)
    cockpit.rest()
    are_open = cockpit.page.locator(f"{FIGURE}[data-number-id='cases.open']").first
    before = shown(are_open).value or 0
    post_letter(other, "断线前的一封。")
    expect(are_open).to_have_attribute("data-value", f"{before + 1:.0f}")
    cockpit.is_offline = True
    wire.cut()
    for n in range(3):
        post_letter(other, f"断线时的第 {n} 封。")
    with cockpit.page.expect_response(lambda answer: STREAM in answer.url and answer.ok) as opened:
        wire.mend()
    assert int(opened.value.request.header_value("last-event-id") or 0) > 0, "it asks for what it missed"
    expect(are_open).to_have_attribute("data-value", f"{before + 4:.0f}")


def test_after_a_stream_was_refused_nothing_stays_old(open_page: Opener, wire: Wire) -> None:
    cockpit = open_page(f"{wire.base}/cockpit", "leader", 1920, 1080)
    cockpit.expected_statuses.add(502)
    other = open_page("/public", **PHONE).page.context.request
    wait_for_figures(cockpit.page)
    cockpit.rest()
    are_open = cockpit.page.locator(f"{FIGURE}[data-number-id='cases.open']").first
    before = shown(are_open).value or 0
    cockpit.page.route(f"**{STREAM}*", lambda route: route.fulfill(status=502, body="being changed"))
    cockpit.is_offline = True
    with cockpit.page.expect_response(lambda answer: answer.status == 502):
        wire.cut()
        wire.mend()
    # The browser has given up on the stream for good; a letter comes before the page opens a new one.
    post_letter(other, "换服务器时的一封。")
    cockpit.page.unroute(f"**{STREAM}*")
    expect(are_open).to_have_attribute("data-value", f"{before + 1:.0f}")


def test_who_missed_too_much_reads_everything_anew(open_page: Opener, wire: Wire) -> None:
    cockpit = open_page(f"{wire.base}/cockpit", "leader", 1920, 1080)
    other = open_page("/public", **PHONE).page.context.request
    wait_for_figures(cockpit.page)
    cockpit.rest()
    are_open = cockpit.page.locator(f"{FIGURE}[data-number-id='cases.open']").first
    before = shown(are_open).value or 0
    cockpit.is_offline = True
    wire.cut()
    post_letter(other, "错过太多的一封。")
    # From here on no event reaches the page, only the word that it missed too many.
    too_much = 'event: reset\ndata: {"why":"missed"}\n\n'
    cockpit.page.route(
        f"**{STREAM}*", lambda route: route.fulfill(body=too_much, content_type="text/event-stream")
    )
    wire.mend()
    expect(are_open).to_have_attribute("data-value", f"{before + 1:.0f}")


def test_a_letter_sent_into_nothing_is_sent_again_and_is_one(open_page: Opener) -> None:
    resident = open_page("/public", **PHONE)
    page = resident.page
    page.locator("textarea").fill("寄出时断了网。")
    keys: list[str] = []

    def lose_the_answer(route: Route) -> None:
        keys.append(json.loads(route.request.post_data or "{}")["idempotency_key"])
        route.fetch()
        route.abort("connectionreset")

    resident.is_offline = True
    page.route("**/v1/letters", lose_the_answer)
    page.locator(".send").click()
    expect(page.get_by_role("alert").filter(has_text="连不上服务器")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("寄出时断了网。")
    page.unroute("**/v1/letters")
    with page.expect_request("**/v1/letters") as again:
        page.locator(".send").click()
    expect(page.locator("[data-case-no]")).to_be_visible()
    assert [json.loads(again.value.post_data or "{}")["idempotency_key"]] == keys
    desk = open_page("/desk", "dispatcher").page.context.request
    found = desk.get("/v1/cases", params={"q": "寄出时断了网"}).json()["items"]
    assert [row["case_no"] for row in found] == [page.locator("[data-case-no]").inner_text()]
