"""``make shots``: every screen × dark and light × its widths × both languages, into shots/, with a sheet to look at.

It serves a demo city of its own. ``ARGS="--only wall --width 390"`` takes some of them, ``--resume`` only those that
are not there yet, ``--at-once 2`` so many pages at a time. ``shots/index.html`` shows all that are there, without any
network, and ``shots/<theme>-<language>.html`` those of one dress, large enough to read.
"""

import argparse
import asyncio
import html
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import Error as BrowserError

from bench.paint import FLAGS
from bench.running import Running, demo_server
from tools.groups import chromium
from tools.places import ROOT
from tools.screens import LANGUAGES, PATIENCE_MS, PHONE, SIZES, THEMES, Screen, kept_facts, screens_of

SHOTS = ROOT / "shots"
QUIET_MS, RESTLESS_MS = 600, 15_000
"""A page is quiet when so long nothing was awaited and nothing was added; one that never is, is pictured then."""
BEGIN = """
window.__awaited = 0;
const ask = window.fetch;
window.fetch = (...told) => { window.__awaited++; return ask(...told).finally(() => window.__awaited--); };
"""
IS_QUIET = """(quietMs) => {
  const all = (what) => [...document.querySelectorAll(what)];
  const isBusy = window.__awaited > 0 || document.fonts.status !== 'loaded'
    || all('[data-number-id]:not([data-as-of]), .line[role=status]').some((one) => one.checkVisibility())
    || all('.maplibregl-map').some((one) => !one.huitianMap?.loaded() || !one.huitianMap.getStyle()?.layers?.length);
  const now = all('*').length;
  const seen = (window.__seen ??= { now: -1, at: 0, n: 0 });
  if (isBusy || seen.now !== now) Object.assign(seen, { now, at: performance.now(), n: 0 });
  seen.n += 1;  // a page that draws for a second answers late: it has to be seen at rest more than once
  return seen.n > 4 && performance.now() - seen.at > quietMs;
}"""
Variant = tuple[str, str]
Piece = tuple[Screen, int, list[Variant]]


class Told:
    """Says what was taken as it is, and counts what failed."""

    def __init__(self, n_all: int) -> None:
        self.n_all, self.n_done, self.n_failed, self.began_s = n_all, 0, 0, time.monotonic()

    def done(self, name: str) -> None:
        """Say that a picture is there."""
        self.n_done += 1
        print(f"{self.n_done:>3}/{self.n_all} {time.monotonic() - self.began_s:5.0f} s  {name}", flush=True)

    def failed(self, why: str) -> None:
        """Say that one is not."""
        self.n_failed += 1
        print(f"  failed: {why}", flush=True)


async def settle(page: Page) -> None:
    """Wait until a page is quiet, or until patience ends: a picture of an unrest is a picture as well."""
    try:
        await page.wait_for_function(IS_QUIET, arg=QUIET_MS, polling=100, timeout=RESTLESS_MS)
    except BrowserError as error:
        if "Timeout" not in str(error):
            raise


def file_of(screen: Screen, width_px: int, theme: str, language: str) -> Path:
    """Return where a picture goes."""
    return SHOTS / f"{screen.name}-{width_px}-{theme}-{language}.png"


async def context_for(browser: Browser, running: Running, screen: Screen, width_px: int) -> BrowserContext:
    """Return a browser of a width in which somebody is signed in."""
    wide_px, high_px, scale = SIZES[width_px]
    context = await browser.new_context(
        viewport={"width": wide_px, "height": high_px}, device_scale_factor=scale, base_url=running.base,
        locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=width_px == PHONE,
        service_workers="allow" if screen.has_worker else "block",
    )  # fmt: skip
    if screen.role:
        for pair in running.sign_in(screen.role).cookie.split("; "):
            name, _, value = pair.partition("=")
            await context.add_cookies([{"name": name, "value": value, "url": running.base}])
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script(BEGIN + kept_facts(screen.facts))
    return context


async def take(browser: Browser, running: Running, piece: Piece, told: Told) -> None:
    """Take the pictures of one screen at one width."""
    screen, width_px, wanted = piece
    context = await context_for(browser, running, screen, width_px)
    page = await context.new_page()
    joiner = "&" if "?" in screen.path else "?"
    for theme, language in wanted:
        try:
            await page.goto(f"{screen.path}{joiner}theme={theme}&lang={language}", wait_until="load")
            await settle(page)
            if screen.first:
                await screen.first(page)
                await settle(page)
            file = file_of(screen, width_px, theme, language)
            await page.screenshot(path=file)
            told.done(file.name)
        except (BrowserError, AssertionError) as error:  # The other pictures are still taken.
            told.failed(f"{screen.name} at {width_px}, {theme} {language}: {str(error).splitlines()[0]}")
        await context.set_offline(False)
    await context.close()


def chosen(screens: list[Screen], asked: argparse.Namespace) -> Iterator[Piece]:
    """Yield what is to be pictured."""
    for screen in screens:
        for width_px in screen.widths:
            variants = [
                (theme, language)
                for theme, language in product(THEMES, LANGUAGES)
                if theme in (asked.theme or THEMES) and language in (asked.lang or LANGUAGES)
                if not (asked.resume and file_of(screen, width_px, theme, language).exists())
            ]
            is_wanted = not asked.only or any(part in screen.name for part in asked.only)
            if variants and is_wanted and width_px in (asked.width or SIZES):
                yield screen, width_px, variants


async def take_all(running: Running, screens: list[Screen], asked: argparse.Namespace) -> int:
    """Take all that is asked for, with one browser and several pages; returns how many failed."""
    work = list(chosen(screens, asked))
    told = Told(sum(len(variants) for *_, variants in work))
    room = asyncio.Semaphore(asked.at_once)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

        async def one(piece: Piece) -> None:
            async with room:
                if asked.for_s is None or time.monotonic() - told.began_s < asked.for_s:
                    await take(browser, running, piece, told)

        await asyncio.gather(*(one(piece) for piece in work))
        await browser.close()
    return told.n_failed


STYLE = (
    "<style>body{font:14px sans-serif;background:#777;margin:16px}img{width:100%;display:block}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}th{background:#fff;text-align:left}"
    "th,td{border:1px solid #555;padding:4px;vertical-align:top}tr>:first-child{width:110px}</style>"
)


def cell(file: Path) -> str:
    """Return the cell of a picture that may be missing."""
    if not file.exists():
        return "<td>—</td>"
    return f'<td><a href="{file.name}"><img src="{file.name}" loading="lazy" alt="{file.stem}"></a></td>'


def write_sheet(screens: list[Screen]) -> None:
    """Write the page of all pictures, a row a screen and width, and one a dress, a row a screen."""
    dresses = list(product(THEMES, LANGUAGES))
    links = "".join(f'<th><a href="{"-".join(dress)}.html">{" ".join(dress)}</a></th>' for dress in dresses)
    rows = [
        f"<tr><th>{html.escape(screen.name)}<br>{width_px}</th>"
        + "".join(cell(file_of(screen, width_px, *dress)) for dress in dresses)
        + "</tr>"
        for screen in screens
        for width_px in screen.widths
    ]
    write_page("index", f"<table><tr><th></th>{links}</tr>{''.join(rows)}</table>")
    heads = "".join(f"<th>{width_px}</th>" for width_px in SIZES)
    for dress in dresses:
        rows = [
            f"<tr><th>{html.escape(screen.name)}</th>"
            + "".join(cell(file_of(screen, width_px, *dress)) for width_px in SIZES)
            + "</tr>"
            for screen in screens
        ]
        write_page("-".join(dress), f"<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>")
    print((SHOTS / "index.html").relative_to(ROOT))


def write_page(name: str, table: str) -> None:
    """Write one sheet."""
    head = f'<!doctype html><meta charset="utf-8"><title>Huitian, every screen: {name}</title>'
    (SHOTS / f"{name}.html").write_text(head + STYLE + table, encoding="utf-8")


def picture(running: Running, asked: argparse.Namespace) -> int:
    """Take what is asked for of a running city and write the sheets; returns the exit status."""
    SHOTS.mkdir(exist_ok=True)
    screens = list(screens_of(running))
    n_failed = asyncio.run(take_all(running, screens, asked))
    write_sheet(screens)
    return min(1, n_failed)


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="tools.shots", description=__doc__)
    parser.add_argument(
        "--only", action="append", help="only screens whose name contains this; may be repeated"
    )
    parser.add_argument("--width", action="append", type=int, choices=tuple(SIZES), help="only this width")
    parser.add_argument("--theme", action="append", choices=THEMES, help="only this theme")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, help="only this language")
    parser.add_argument("--resume", action="store_true", help="only pictures that are not there yet")
    parser.add_argument("--at-once", type=int, default=3, help="how many pages at a time")
    parser.add_argument("--for-s", type=float, help="begin no screen after so many seconds; --resume goes on")
    parser.add_argument("--address", help="of a server that runs already, http://127.0.0.1:8010")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    if asked.address:
        return picture(Running(asked.address, 0, 0.0, ROOT), asked)
    with demo_server() as running:
        return picture(running, asked)


if __name__ == "__main__":
    sys.exit(main())
