"""``make shots``: a picture of every screen, in both languages, into shots/. It serves a demo city of its own."""

import argparse
import sys
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, sync_playwright

from bench.running import Running, demo_server
from tools.groups import chromium
from tools.places import ROOT

SHOTS = ROOT / "shots"
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--enable-unsafe-swiftshader"]
SETTLE_MS = 2500


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture.

    Attributes:
        name: File name without language and suffix.
        path: Address on the server.
        width_px: Of the window.
        height_px: Of the window.
        role: Who is signed in; empty for nobody.
    """

    name: str
    path: str
    width_px: int
    height_px: int
    role: str = ""


SCREENS = (
    Screen("landing-1200", "/", 1200, 800),
    Screen("cockpit-1080", "/cockpit", 1920, 1080, "leader"),
    Screen("desk-1440", "/desk", 1440, 900, "dispatcher"),
    Screen("desk-places-1440", "/desk/places", 1440, 900, "dispatcher"),
    Screen("desk-loads-1440", "/desk/loads", 1440, 900, "data_admin"),
    Screen("mobile-390", "/mobile", 390, 844, "grid_worker"),
    Screen("public-390", "/public", 390, 844),
    Screen("public-1200", "/public", 1200, 900),
)
LANGUAGES = ("zh", "en")


def take(running: Running, wanted: str) -> int:
    """Take the pictures whose name contains ``wanted``; returns how many."""
    n_taken = 0
    SHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for screen in (one for one in SCREENS if wanted in one.name):
            context = browser.new_context(viewport={"width": screen.width_px, "height": screen.height_px})
            if screen.role:
                sign_in(context, running, screen.role)
            for language in LANGUAGES:
                page = context.new_page()
                page.goto(f"{running.base}{screen.path}?lang={language}", wait_until="load")
                page.wait_for_timeout(SETTLE_MS)
                file = SHOTS / f"{screen.name}-{language}.png"
                page.screenshot(path=file)
                page.close()
                n_taken += 1
                print(file.relative_to(ROOT), flush=True)
            context.close()
        browser.close()
    return n_taken


def sign_in(context: BrowserContext, running: Running, role: str) -> None:
    """Give a browser the session of the demo user of a role."""
    for cookie in running.sign_in(role).cookie.split("; "):
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": running.base}])


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="tools.shots", description=__doc__)
    parser.add_argument("wanted", nargs="?", default="", help="only screens whose name contains this")
    parser.add_argument("--address", help="of a server that runs already, http://127.0.0.1:8010")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    if asked.address:
        return 0 if take(Running(asked.address, 0, 0.0), asked.wanted) else 1
    with demo_server() as running:
        return 0 if take(running, asked.wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
