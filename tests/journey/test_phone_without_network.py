"""The phone without a network: it opens, what is done waits, and what two did is decided by a person."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from bench.running import Running
from tests.journey.conftest import Opener
from tests.journey.letters import case_id_of, post_letter, take_step
from tests.journey.photos import camera_photo
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey

PHONE: dict[str, Any] = {"width_px": 390, "height_px": 844, "with_worker": True}
IN_CHARGE = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """async () => {
  const answer = r => new Promise((done, fail) => { r.onsuccess = () => done(r.result); r.onerror = fail; });
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const base = await answer(indexedDB.open(name));
    for (const store of base.objectStoreNames)
      found[`${name}/${store}`] = JSON.stringify(await answer(base.transaction(store).objectStore(store).getAll()));
    base.close();
  }
  return found;
}"""
SEALED_NAMES = """async name => {
  const names = (await indexedDB.databases()).map(one => one.name);
  return names.includes('huitian.phone.sealed') && !names.some(one => one.includes(name)); }"""
SHELL = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  return found;
}"""


def lose(watched: Watched) -> None:
    """Take the network away and wait until the phone says so."""
    watched.is_offline = True
    watched.page.context.set_offline(True)
    expect(watched.page.locator("[data-offline-bar]")).to_be_visible()


def own_task(worker: Page, dispatcher: APIRequestContext, body: str, **more: Any) -> str:
    """Give the worker's body a letter; return its case."""
    me = worker.context.request.get("/v1/session").json()["user"]
    receipt = post_letter(dispatcher, body, place_id=me["place_id"], **more)
    case_id = case_id_of(dispatcher, receipt["case_no"])
    take_step(dispatcher, case_id, "dispatch", facts={"org_id": me["org_id"]})
    take_step(worker.context.request, case_id, "sign")
    return case_id


def test_the_phone_can_be_installed(open_page: Opener, city: Running) -> None:
    watched = open_page("/mobile", "grid_worker", **PHONE)
    page = watched.page
    page.wait_for_function(IN_CHARGE)
    asked = page.context.request
    for lang, name in (("zh", "回天"), ("en", "Huitian")):
        answer = asked.get(f"/mobile-{lang}.webmanifest")
        assert answer.headers["content-type"] == "application/manifest+json"
        manifest = answer.json()
        assert (manifest["short_name"], manifest["display"]) == (name, "standalone")
        assert (manifest["scope"], manifest["start_url"]) == ("/mobile", "/mobile")
        assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
        for icon in manifest["icons"]:
            assert asked.get(icon["src"]).headers["content-type"] == icon["type"]
    worker = asked.get("/mobile-worker.js")
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["service-worker-allowed"] == "/mobile"
    assert (
        page.evaluate("navigator.serviceWorker.getRegistration().then(r => new URL(r.scope).pathname)")
        == "/mobile"
    )
    found = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []
    kept = page.evaluate(SHELL)
    assert kept
    assert not [url for url in kept if "/v1/" in url], "nothing of a person is in the worker's cache"

    # A newer version waits until it is taken. Its address differs, as no test can change what the server gives.
    watched.go("/mobile/mine")
    expect(page.locator("[data-update]")).to_have_count(0)
    page.evaluate(
        "navigator.serviceWorker.register('/mobile-worker.js?newer', { scope: '/mobile' }).then(() => null)"
    )
    expect(page.locator("[data-update]")).to_be_visible()
    in_charge = "() => navigator.serviceWorker.controller.scriptURL"
    assert not page.evaluate(in_charge).endswith("?newer")
    with page.expect_navigation():
        page.locator("[data-update]").click()
    assert page.evaluate(in_charge).endswith("?newer")


def test_what_is_done_without_a_network_waits_and_two_who_did_something_are_shown(
    open_page: Opener, tmp_path: Path
) -> None:
    worker = open_page("/mobile", "grid_worker", **PHONE)
    colleague = open_page("/mobile", "committee", width_px=390, height_px=844).page.context.request
    page = worker.page
    dispatcher = open_page("/desk", "dispatcher").page.context.request
    quiet = own_task(
        page, dispatcher, "楼道灯不亮，一个人办。", name="测试住户", phone="12000005678", is_anonymous=False
    )
    shared = own_task(page, dispatcher, "单元门关不上，两个人办。")
    page.wait_for_function(IN_CHARGE)
    for case_id in (quiet, shared):
        worker.go(f"/mobile/cases/{case_id}")
    # What happens while no page is open is there when one is, though the phone kept the case a moment ago.
    page.goto("about:blank")
    take_step(page.context.request, shared, "note", words={"note": "先看过一眼。"})
    worker.go(f"/mobile/cases/{shared}")
    expect(page.get_by_text("先看过一眼。")).to_be_visible()

    lose(worker)
    page.goto(
        f"/mobile/cases/{quiet}"
    )  # a cold start: the shell comes from the worker, the page from the phone
    expect(page.locator("blockquote")).to_have_text("楼道灯不亮，一个人办。")
    expect(page.get_by_text("离线不可看")).to_be_visible()
    page.locator("[data-help-open]").click()
    expect(page.locator("[data-help] .doc")).to_contain_text("以对方为准")
    page.keyboard.press("Escape")
    page.goto(f"/mobile/cases/{quiet}/reply")
    page.get_by_label("答复").fill("灯换好了。")
    page.locator("input[type=file]").last.set_input_files(camera_photo(tmp_path / "lamp.jpg", 41))
    expect(page.locator("[data-state='kept']")).to_have_count(1)
    page.locator("button.send").click()
    expect(page.locator("[data-queue] li")).to_have_count(1)
    page.goto(f"/mobile/cases/{shared}/reply")
    page.get_by_label("答复").fill("门轴换了。")
    page.locator("button.send").click()
    expect(page.locator("[data-queue] li")).to_have_count(2)
    page.goto("/mobile")
    expect(page.locator("[data-queue] li[data-state='waiting']")).to_have_count(2)
    assert worker.axe() == []
    kept = page.evaluate(KEPT)
    assert any("楼道灯不亮" in text for text in kept.values())
    assert not any("12000005678" in text or "测试住户" in text for text in kept.values())

    take_step(colleague, shared, "handle", facts={"is_contact": True})
    worker.expected_statuses |= {409, 503}
    page.route("**/v1/cases/*/steps", lambda route: route.fulfill(status=503, json={}), times=1)
    page.context.set_offline(False)
    worker.is_offline = False
    failed = page.locator("[data-queue] li[data-state='failed']")
    expect(failed).to_have_count(1)
    failed.get_by_role("button", name="重试").click()
    conflict = page.locator(f"[data-conflict='{shared}']")
    expect(conflict).to_contain_text(colleague.get("/v1/session").json()["user"]["display_name"])
    expect(conflict).to_contain_text("门轴换了。")
    expect(page.locator("[data-queue]")).to_have_count(0)
    log = dispatcher.get(f"/v1/cases/{quiet}").json()["steps"]
    assert [step["action"] for step in log][-1] == "reply"
    assert len(log[-1]["files"]) == 1
    assert worker.axe() == []
    conflict.locator("[data-choose='ours']").click()
    expect(conflict).to_have_count(0)
    expect(page.locator("[data-queue]")).to_have_count(0)
    actions = [step["action"] for step in dispatcher.get(f"/v1/cases/{shared}").json()["steps"]]
    assert actions == ["accept", "dispatch", "sign", "note", "handle", "reply"]

    worker.go("/mobile/mine")
    page.locator("[data-sign-out]").click()
    expect(page.locator("[data-user]").first).to_be_visible()
    assert page.evaluate(KEPT) == {}


def test_what_one_left_unsent_waits_sealed_while_another_has_the_phone(
    open_page: Opener, tmp_path: Path
) -> None:
    worker = open_page("/mobile", "grid_worker", width_px=390, height_px=844)
    worker.expected_statuses |= {401, 403}
    page = worker.page
    asked = open_page("/desk", "dispatcher").page.context.request
    case_id = own_task(page, asked, "水管漏水。")
    worker.go(f"/mobile/cases/{case_id}/reply")
    lose(worker)
    page.get_by_label("答复").fill("接头换了新的。")
    page.locator("input[type=file]").last.set_input_files(camera_photo(tmp_path / "pipe.jpg", 43))
    expect(page.locator("[data-state='kept']")).to_have_count(1)
    page.locator("button.send").click()
    expect(page.locator("[data-queue] li")).to_have_count(1)

    # The session is over when the network is back, and a colleague takes the phone.
    page.context.clear_cookies()
    page.context.set_offline(False)
    worker.is_offline = False
    page.locator("[data-sign-over] [data-user='committee']").click()
    expect(page.locator("[data-sign-over]")).to_have_count(0)
    page.wait_for_function(SEALED_NAMES, arg="grid_worker")
    expect(page.locator("[data-queue]")).to_have_count(0)
    kept = page.evaluate(KEPT)
    assert not any("接头换了新的" in text for text in kept.values())
    worker.go("/mobile/mine")
    expect(page.locator("[data-sealed]")).to_contain_text("1件")
    assert worker.axe() == []
    assert [step["action"] for step in asked.get(f"/v1/cases/{case_id}").json()["steps"]][-1] == "sign"

    page.locator("[data-sign-out]").click()
    page.locator("[data-user='grid_worker']").click()
    me = page.locator("[data-user]")
    expect(me).to_have_count(0)
    worker.go(f"/mobile/cases/{case_id}")
    expect(page.locator("li[data-action='reply']")).to_contain_text("接头换了新的。")
    last = asked.get(f"/v1/cases/{case_id}").json()["steps"][-1]
    who = page.context.request.get("/v1/session").json()["user"]["display_name"]
    assert (last["actor_name"], len(last["files"])) == (who, 1)


def test_a_session_that_ends_in_a_form_is_begun_again_over_it(open_page: Opener, tmp_path: Path) -> None:
    worker = open_page("/mobile", "grid_worker", width_px=390, height_px=844)
    worker.expected_statuses.add(401)
    page = worker.page
    dispatcher = open_page("/desk", "dispatcher")
    asked = dispatcher.page.context.request
    case_id = own_task(page, asked, "井盖松动。")
    worker.go(f"/mobile/cases/{case_id}/reply")
    page.get_by_label("答复").fill("井盖固定好了。")
    photos = page.locator("input[type=file]").last
    photos.set_input_files(camera_photo(tmp_path / "cover.jpg", 47))
    expect(page.locator("[data-state='sent']")).to_have_count(1)
    # One that is chosen after the session has ended is taken as well, as from whoever writes a letter.
    page.context.clear_cookies()
    photos.set_input_files(camera_photo(tmp_path / "bolts.jpg", 53))
    expect(page.locator("[data-state='sent']")).to_have_count(2)
    with page.expect_request(f"**/v1/cases/{case_id}/steps") as first:
        page.locator("button.send").click()
    over = page.locator("[data-sign-over]")
    expect(over).to_be_visible()
    worker.rest()
    assert worker.axe() == []
    with page.expect_request(f"**/v1/cases/{case_id}/steps") as again:
        over.locator("[data-user='grid_worker']").click()
    keys = [json.loads(one.value.post_data or "{}")["idempotency_key"] for one in (first, again)]
    assert keys[0] == keys[1]
    expect(page.locator("li[data-action='reply']")).to_contain_text("井盖固定好了。")
    assert len(asked.get(f"/v1/cases/{case_id}").json()["steps"][-1]["files"]) == 2

    desk = dispatcher.page
    dispatcher.expected_statuses.add(401)
    dispatcher.go(f"/desk/cases/{case_id}")
    desk.keyboard.press("n")
    form = desk.locator("[data-form='note']")
    form.locator("textarea").fill("回访时再问一次。")
    desk.context.clear_cookies()
    form.locator("button[type=submit]").click()
    desk.locator("[data-sign-over] [data-user='dispatcher']").click()
    expect(desk.locator("[data-case-column] li[data-action='note']")).to_contain_text("回访时再问一次。")
