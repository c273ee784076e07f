"""``make shots``: a picture of every screen, in both languages, into shots/. It serves a demo city of its own."""

import argparse
import os
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import children
from tools.groups import chromium
from tools.places import ROOT, VENV

SHOTS = ROOT / "shots"
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--enable-unsafe-swiftshader"]
SETTLE_MS = 2500
START_S = 120


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


@contextmanager
def demo_server() -> Iterator[str]:
    """Serve a fresh demo city on a free port; yields its address and ends it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HUITIAN_PORT": str(port), "HUITIAN_HOME": home}
        server = children.start([VENV / "bin" / "huitian", "serve", "--demo"], environment=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, server)
            yield address
        finally:
            children.end(server)


def _wait_until_ready(address: str, server: children.Child) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    sys.exit("the demo city did not come up")


def take(address: str, wanted: str) -> list[Path]:
    """Take the pictures whose name contains ``wanted``; returns the files."""
    from playwright.sync_api import sync_playwright

    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for screen in (one for one in SCREENS if wanted in one.name):
            context = browser.new_context(viewport={"width": screen.width_px, "height": screen.height_px})
            if screen.role:
                _sign_in(context.request, address, screen.role)
            for language in LANGUAGES:
                page = context.new_page()
                page.goto(f"{address}{screen.path}?lang={language}", wait_until="load")
                page.wait_for_timeout(SETTLE_MS)
                file = SHOTS / f"{screen.name}-{language}.png"
                page.screenshot(path=file)
                page.close()
                taken.append(file)
                print(file.relative_to(ROOT), flush=True)
            context.close()
        browser.close()
    return taken


def _sign_in(request, address: str, role: str) -> None:  # type: ignore[no-untyped-def]
    """Sign a browser in as the demo user of a role."""
    session = request.get(f"{address}/v1/session").json()
    user = next((one for one in session["demo_users"] if one["role"] == role), session["demo_users"][0])
    answer = request.post(
        f"{address}/v1/session", data={"user_name": user["user_name"], "password": user["password"]}
    )
    if not answer.ok:
        sys.exit(f"cannot sign in as {user['user_name']}: HTTP {answer.status}")


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="tools.shots", description=__doc__)
    parser.add_argument("wanted", nargs="?", default="", help="only screens whose name contains this")
    parser.add_argument("--address", help="take them from a server that runs already")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    SHOTS.mkdir(exist_ok=True)
    if asked.address:
        return 0 if take(asked.address, asked.wanted) else 1
    with demo_server() as address:
        return 0 if take(address, asked.wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
