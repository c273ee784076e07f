"""A served demo city and a real browser that reports every error, refused load and policy violation."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bench.addresses import ids_of
from bench.paint import FLAGS
from bench.running import Running, ask, demo_server
from tests.journey.watching import Watched
from tools.groups import chromium

WAIT_MS = 60_000
"""Generous: a busy machine is not a failure; what is asserted is the event, never the time."""

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def city() -> Iterator[Running]:
    """Serve a demo city, made for these tests."""
    with demo_server() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def ids(city: Running) -> dict[str, str]:
    """Return ids of things that the demo city has."""
    return ids_of(city)


Opener = Callable[..., Watched]


@pytest.fixture(scope="session")
def signed_in() -> Callable[[Running, str], str]:
    """Return a function that gives the cookies of a role: of a session from before while it lasts, as browsers have."""
    kept: dict[tuple[str, str], str] = {}

    def cookies_of(city: Running, role: str) -> str:
        at, cookie = f"{city.base}/v1/session", kept.get((city.base, role))
        if cookie is None or ask(at, headers={"Cookie": cookie})[0]["user"] is None:
            cookie = kept[city.base, role] = city.sign_in(role).cookie
        return cookie

    return cookies_of


@pytest.fixture
def open_page(browser: Browser, city: Running, signed_in: Callable[[Running, str], str]) -> Iterator[Opener]:
    """Return a function that opens a page as somebody; at the end no page may have complained."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_as(
        path: str,
        role: str = "",
        width_px: int = 1440,
        height_px: int = 900,
        lang: str = "zh",
        with_worker: bool = False,
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width_px, "height": height_px}, base_url=city.base, locale="zh-CN",
            timezone_id="Asia/Shanghai", has_touch=width_px < 700,
            # The phone's worker only where it is what is looked at: a test that holds requests back sees them all.
            service_workers="allow" if with_worker else "block",
        )  # fmt: skip
        context.set_default_timeout(WAIT_MS)
        if role:
            for pair in signed_in(city, role).split("; "):
                name, _, value = pair.partition("=")
                context.add_cookies([{"name": name, "value": value, "url": city.base}])
        page: Page = context.new_page()
        watched = Watched(page)
        opened.append((context, watched))
        joiner = "&" if "?" in path else "?"
        page.goto(f"{path}{joiner}lang={lang}", wait_until="load")
        return watched

    yield open_as
    complaints = [c for _, watched in opened for c in watched.complaints()]
    shots = os.environ.get("HUITIAN_SHOTS")
    for context, watched in opened:
        if shots and complaints:
            watched.page.screenshot(path=Path(shots) / f"{id(watched)}.png")
        context.close()
    assert complaints == []
