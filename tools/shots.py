"""``make shots``: a picture of every screen, in both languages, into shots/. It serves a demo city of its own."""

import argparse
import sys
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from bench.addresses import ids_of
from bench.paint import FLAGS, signed_in
from bench.running import Running, demo_server
from tools.groups import chromium
from tools.places import ROOT

SHOTS = ROOT / "shots"
SETTLE_MS = 2500


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture.

    Attributes:
        name: File name without language and suffix.
        path: Address on the server; ``{street}`` and its like stand for ids of the city.
        width_px: Of the window.
        height_px: Of the window.
        role: Who is signed in; empty for nobody.
        opens: What is clicked before the picture is taken; empty for nothing.
        scale: Device pixels in a pixel.
    """

    name: str
    path: str
    width_px: int
    height_px: int
    role: str = ""
    opens: str = ""
    scale: int = 1


SCREENS = (
    Screen("landing-1200", "/", 1200, 800),
    Screen("cockpit-1080", "/cockpit", 1920, 1080, "leader"),
    Screen("cockpit-4k", "/cockpit", 1920, 1080, "leader", scale=2),
    Screen("cockpit-paper-1080", "/cockpit?theme=paper", 1920, 1080, "leader"),
    Screen("cockpit-number-1080", "/cockpit", 1920, 1080, "leader", "[data-number-id='mailbox.solved_rate']"),
    Screen("desk-queue-1440", "/desk/cases/{waiting}", 1440, 900, "dispatcher"),
    Screen("desk-closed-1280", "/desk/cases/{closed}?tab=closed", 1280, 800, "dispatcher"),
    Screen("desk-health-1440", "/desk/health", 1440, 900, "data_admin"),
    Screen("desk-ink-1440", "/desk/cases/{waiting}?theme=ink", 1440, 900, "dispatcher"),
    Screen("desk-places-1440", "/desk/places/{street}", 1440, 900, "dispatcher"),
    Screen("desk-building-1440", "/desk/buildings/{building}", 1440, 900, "dispatcher"),
    Screen("desk-mailbox-1440", "/desk/packs/mailbox", 1440, 900, "dispatcher"),
    Screen("desk-loads-1440", "/desk/loads", 1440, 900, "data_admin"),
    Screen("desk-load-1440", "/desk/loads/demo", 1440, 900, "data_admin"),
    Screen("desk-findings-1440", "/desk/findings", 1440, 900, "data_admin"),
    Screen("mobile-390", "/mobile", 390, 844, "grid_worker"),
    Screen("mobile-case-390", "/mobile/cases/{mine}", 390, 844, "grid_worker"),
    Screen("mobile-reply-390", "/mobile/cases/{mine}/reply", 390, 844, "grid_worker"),
    Screen("mobile-report-390", "/mobile/report", 390, 844, "grid_worker"),
    Screen("mobile-mine-390", "/mobile/mine", 390, 844, "grid_worker"),
    Screen("public-390", "/public", 390, 844),
    Screen("public-1200", "/public", 1200, 900),
    Screen("public-follow-390", "/public/follow", 390, 844),
)
LANGUAGES = ("zh", "en")


def take(running: Running, wanted: str) -> int:
    """Take the pictures whose name contains ``wanted``; returns how many."""
    n_taken = 0
    SHOTS.mkdir(exist_ok=True)
    ids = ids_of(running)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for screen in (one for one in SCREENS if wanted in one.name):
            context = signed_in(
                browser, running, screen.role, screen.width_px, screen.height_px, screen.scale
            )
            address = screen.path.format(**ids)
            joiner = "&" if "?" in address else "?"
            for language in LANGUAGES:
                page = context.new_page()
                page.goto(f"{address}{joiner}lang={language}", wait_until="load")
                page.wait_for_timeout(SETTLE_MS)
                if screen.opens:
                    page.locator(screen.opens).first.click()
                    page.wait_for_timeout(SETTLE_MS)
                file = SHOTS / f"{screen.name}-{language}.png"
                page.screenshot(path=file)
                page.close()
                n_taken += 1
                print(file.relative_to(ROOT), flush=True)
            context.close()
        browser.close()
    return n_taken


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="tools.shots", description=__doc__)
    parser.add_argument("wanted", nargs="?", default="", help="only screens whose name contains this")
    parser.add_argument("--address", help="of a server that runs already, http://127.0.0.1:8010")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    if asked.address:
        return 0 if take(Running(asked.address, 0, 0.0, ROOT), asked.wanted) else 1
    with demo_server() as running:
        return 0 if take(running, asked.wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
