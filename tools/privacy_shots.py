"""``python -m tools.privacy_shots``: one home seen by four people, the purpose dialogue, and the community's view.

It serves a demo city of its own and writes ``docs/images/privacy-*.png``, small enough for the documentation.
``--base URL`` takes a demo city that is being served already.
"""

import argparse
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.paint import FLAGS
from bench.running import demo_server
from tools.groups import chromium
from tools.places import ROOT

IMAGES = ROOT / "docs" / "images"
WIDE_PX, HIGH_PX = 1440, 900
SHOWN_PX = 960
"""Width in the documentation; more would only be heavier."""
COLOURS = 96
TICKET = "回〔2026〕118号"
PAGES = {"leader": "leader", "dispatcher": "dispatcher", "committee": "household", "auditor": "auditor"}
"""Picture → demo account."""


@contextmanager
def signed_in(browser: Browser, base: str, user_name: str) -> Iterator[Page]:
    """Yield a page of a browser in which a demo account is signed in."""
    context = browser.new_context(
        viewport={"width": WIDE_PX, "height": HIGH_PX},
        base_url=base,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    password = httpx.get(f"{base}/v1/session").json()["demo_users"][0]["password"]
    answer = context.request.post("/v1/session", data={"user_name": user_name, "password": password})
    assert answer.ok, answer.text()
    yield context.new_page()
    context.close()


def a_home(base: str) -> tuple[str, str]:
    """Return a building in the community of the demo accounts, and a home of it where some people live."""
    with httpx.Client(base_url=base) as client:
        told = client.get("/v1/session").json()["demo_users"][0]
        session = client.post(
            "/v1/session", json={"user_name": "household", "password": told["password"]}
        ).json()
        csrf = {"X-CSRF-Token": session["csrf"]}
        of = {"where": "occupancy_state:eq:resident", "limit": "40", "sort": "dwelling_id"}
        found = ("", "", -1)
        for row in client.get("/v1/entities/dwelling", params=of).json()["rows"]:
            about = {"about": "household", "about_id": row["dwelling_id"], "minutes": 5}
            why = {"purpose": "home_visit", "ticket": "回〔2026〕117号"}
            taken = client.post("/v1/purposes/taken", json=about | why, headers=csrf).json()["taking_id"]
            home = client.get(f"/v1/homes/{row['dwelling_id']}").json()
            client.delete(f"/v1/purposes/taken/{taken}", headers=csrf)
            n_persons = sum(len(one["persons"]) for one in home["households"])
            if n_persons > found[2]:
                found = (row["building_id"], row["dwelling_id"], n_persons)
            if n_persons > 1:
                break
        return found[:2]


def keep(page: Page, name: str) -> None:
    """Write what a page shows, small."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    told = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = told.resize((SHOWN_PX, round(told.height * SHOWN_PX / told.width)), Image.Resampling.LANCZOS)
    file = IMAGES / f"privacy-{name}.png"
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)} {file.stat().st_size // 1024} kB")


def choose(page: Page, dwelling_id: str) -> None:
    """Choose a home of the floor plan."""
    cell = page.locator(f"[data-dwelling-id='{dwelling_id}']").first
    cell.scroll_into_view_if_needed()
    cell.click()


def take(browser: Browser, base: str) -> None:
    """Take all pictures."""
    building_id, dwelling_id = a_home(base)
    path = f"/desk/buildings/{building_id}?lang=zh-CN&theme=paper"
    for name, user_name in PAGES.items():
        with signed_in(browser, base, user_name) as page:
            page.goto(path)
            page.locator("[data-dwelling-id]").first.wait_for()
            choose(page, dwelling_id)
            if name == "committee":
                page.locator("[data-see-household]").click()
                page.locator("[data-purpose-form] input[value=verify_identity]").check()
                page.locator("[data-purpose-form] input[name=ticket]").fill(TICKET)
                page.locator("[data-purpose-form] input[name=is_confirmed]").check()
                keep(page, "purpose")
                page.locator("[data-purpose-form] button[type=submit]").click()
                page.locator("[data-home-sheet] li").first.wait_for()
            keep(page, name)
    with signed_in(browser, base, "committee") as page:
        page.goto("/desk/looks?lang=zh-CN&theme=paper")
        page.locator("[data-looks] tbody tr").first.wait_for()
        keep(page, "looks")
    with signed_in(browser, base, "auditor") as page:
        page.goto("/desk/audit?lang=zh-CN&theme=paper")
        page.locator("[data-audit] tbody tr").first.wait_for()
        keep(page, "audit")


def main() -> None:
    """Take all pictures of a demo city."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--base", default="")
    base = asked.parse_args().base
    Path(IMAGES).mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        if base:
            take(browser, base)
        else:
            with demo_server() as running:
                take(browser, running.base)
        browser.close()


if __name__ == "__main__":
    main()
