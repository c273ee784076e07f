"""Time from navigation to text and figures painted, in Chromium with an empty cache."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.running import Running
from bench.spread import ms, percentile
from tools.groups import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]
WATCH = """
(() => {
  const told = (window.__painted = { n_figures: 0, first_ms: null, all_ms: null });
  const look = () => {
    const n = document.querySelectorAll('[data-number-id][data-as-of]').length;
    if (n <= told.n_figures) return;
    told.n_figures = n;
    requestAnimationFrame(() => setTimeout(() => {
      told.first_ms ??= performance.now();
      told.all_ms = performance.now();
    }));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ['data-as-of'] });
})();
"""
TEXT_MS = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
QUIET_MS = 1500
"""A page is taken as painted when nothing has come to it for so long."""
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Painted:
    """When a page was painted, in seconds from the start of its navigation.

    Attributes:
        text_s: First text or picture.
        first_figure_s: First figure with its value; None on a page without.
        figures_s: Last of the figures with its value; None on a page without.
        n_figures: How many figures there are.
    """

    text_s: float
    first_figure_s: float | None
    figures_s: float | None
    n_figures: int


SCREENS = (
    ("cockpit", "/cockpit", "leader", 1920, 1080),
    ("desk", "/desk", "dispatcher", 1440, 900),
    ("mobile", "/mobile", "grid_worker", 390, 844),
    ("public", "/public", "", 390, 844),
)


def signed_in(
    browser: Browser, running: Running, role: str, width_px: int, height_px: int, scale: int = 1,
    *, with_worker: bool = True,
) -> BrowserContext:  # fmt: skip
    """Return a browser with an empty cache, signed in as the demo account of a role; as nobody without one."""
    context = browser.new_context(
        viewport={"width": width_px, "height": height_px}, device_scale_factor=scale, base_url=running.base,
        locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=width_px < 700,
        service_workers="allow" if with_worker else "block",
    )  # fmt: skip
    if role:
        for pair in running.sign_in(role).cookie.split("; "):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": running.base}])
    return context


def painted(page: Page, path: str, n_least: int = 0) -> Painted:
    """Open a page that was not opened before and return when it was painted.

    Args:
        page: A new page.
        path: What it opens.
        n_least: Figures that there are to be: with fewer it is waited for them, for ``PATIENCE_S`` at most.
    """
    page.add_init_script(WATCH)
    page.goto(path, wait_until="load")
    end_s = time.monotonic() + PATIENCE_S
    while True:
        before: Any = page.evaluate("window.__painted")
        page.wait_for_timeout(QUIET_MS)
        told: Any = page.evaluate("window.__painted")
        if told == before and (told["n_figures"] >= n_least or time.monotonic() > end_s):
            break
    text_ms: float | None = page.evaluate(TEXT_MS)
    assert text_ms is not None, f"{path} painted nothing"
    first_ms, all_ms = told["first_ms"], told["all_ms"]
    return Painted(
        text_ms / 1000, first_ms and first_ms / 1000, all_ms and all_ms / 1000, int(told["n_figures"])
    )


def measure(running: Running, n_runs: int) -> list[tuple[str, str]]:
    """Return two lines a screen: its text, and all its figures."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, path, role, width_px, height_px in SCREENS:
            runs = []
            for _ in range(n_runs):
                context = signed_in(browser, running, role, width_px, height_px)
                runs.append(painted(context.new_page(), path))
                context.close()
            found.append((f"{name}: navigation → text painted", words_of([run.text_s for run in runs])))
            figures = [run.figures_s for run in runs if run.figures_s is not None]
            if figures:
                what = f"{name}: navigation → all {runs[0].n_figures} figures painted"
                found.append((what, words_of(figures)))
        browser.close()
    return found


def words_of(times_s: list[float]) -> str:
    """Return the spread of times in words."""
    return f"p50 {ms(percentile(times_s, 0.5))}, max {ms(max(times_s))}, n {len(times_s)}"
