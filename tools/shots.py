"""``make shots``: every screen × dark and light × its widths × both languages, into shots/, with a sheet to look at.

It serves a demo city of its own. ``ARGS="--only wall --width 390"`` takes some of them, ``--resume`` only those that
are not there yet. ``shots/index.html`` shows all that are there, without any network.
"""

import argparse
import html
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.paint import FLAGS, signed_in
from bench.running import Running, demo_server
from tools.groups import chromium
from tools.places import ROOT
from tools.screens import LANGUAGES, PATIENCE_MS, SIZES, THEMES, Screen, kept_facts, screens_of

SHOTS = ROOT / "shots"
LOOK_MS = 200
SAME_N = 4
"""A page is quiet when so many looks in a row found nothing asked for and no figure missing."""
PAINT_MS = 300
"""For the map, which paints after its last answer."""
BEGIN = "performance.setResourceTimingBufferSize(10000);"
STATE = """() => [performance.getEntriesByType('resource').length,
  document.querySelectorAll('[data-number-id]:not([data-as-of])').length, document.body.innerText.length].join()"""
Variant = tuple[str, str]


def settle(page: Page) -> None:
    """Wait until a page is quiet, or until patience ends: a picture of an unrest is a picture as well."""
    until, before, n_same = time.monotonic() + PATIENCE_MS / 1000, "", 0
    while n_same < SAME_N and time.monotonic() < until:
        page.wait_for_timeout(LOOK_MS)
        now = page.evaluate(STATE)
        n_same = n_same + 1 if now == before else 0
        before = now
    page.wait_for_timeout(PAINT_MS)


def file_of(screen: Screen, width_px: int, theme: str, language: str) -> Path:
    """Return where a picture goes."""
    return SHOTS / f"{screen.name}-{width_px}-{theme}-{language}.png"


def context_for(browser: Browser, running: Running, screen: Screen, width_px: int) -> BrowserContext:
    """Return a browser of a width in which somebody is signed in."""
    wide_px, high_px, scale = SIZES[width_px]
    context = signed_in(browser, running, screen.role, wide_px, high_px, scale, with_worker=screen.has_worker)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(BEGIN + kept_facts(screen.facts))
    return context


def take(
    browser: Browser, running: Running, screen: Screen, width_px: int, wanted: list[Variant]
) -> Iterator[Path]:
    """Take the pictures of one screen at one width; yields each file as it is written."""
    context = context_for(browser, running, screen, width_px)
    page = context.new_page()
    joiner = "&" if "?" in screen.path else "?"
    for theme, language in wanted:
        page.goto(f"{screen.path}{joiner}theme={theme}&lang={language}", wait_until="load")
        settle(page)
        screen.first(page)
        settle(page)
        file = file_of(screen, width_px, theme, language)
        page.screenshot(path=file)
        context.set_offline(False)
        yield file
    context.close()


def chosen(screens: list[Screen], asked: argparse.Namespace) -> Iterator[tuple[Screen, int, list[Variant]]]:
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


def take_all(running: Running, asked: argparse.Namespace) -> int:
    """Take all that is asked for, with one browser; returns how many failed."""
    SHOTS.mkdir(exist_ok=True)
    screens = list(screens_of(running))
    work = list(chosen(screens, asked))
    n_all, n_done, n_failed, began_s = sum(len(variants) for *_, variants in work), 0, 0, time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for screen, width_px, variants in work:
            try:
                for file in take(browser, running, screen, width_px, variants):
                    n_done += 1
                    print(f"{n_done:>3}/{n_all} {time.monotonic() - began_s:5.0f} s  {file.name}", flush=True)
            except (BrowserError, AssertionError) as error:  # The other screens are still pictured.
                n_failed += 1
                print(f"  failed: {screen.name} at {width_px}: {str(error).splitlines()[0]}", flush=True)
        browser.close()
    write_sheet(screens)
    return n_failed


def write_sheet(screens: list[Screen]) -> None:
    """Write the page that shows all pictures: a row a screen and width, a column a theme and language."""
    rows = []
    for screen in screens:
        for width_px in screen.widths:
            files = [file_of(screen, width_px, *variant) for variant in product(THEMES, LANGUAGES)]
            cells = "".join(
                f'<td><a href="{file.name}"><img src="{file.name}" loading="lazy" alt="{file.stem}"></a></td>'
                if file.exists() else "<td>—</td>"
                for file in files
            )  # fmt: skip
            rows.append(f"<tr><th>{html.escape(screen.name)}<br>{width_px}</th>{cells}</tr>")
    heads = "".join(f"<th>{theme} {language}</th>" for theme, language in product(THEMES, LANGUAGES))
    sheet = (
        '<!doctype html><meta charset="utf-8"><title>Huitian, every screen</title>'
        "<style>body{font:14px sans-serif;background:#777;margin:16px}img{width:100%;display:block}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed}th{background:#fff;text-align:left}"
        "th,td{border:1px solid #555;padding:4px;vertical-align:top}tr>:first-child{width:110px}</style>"
        f"<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>"
    )
    (SHOTS / "index.html").write_text(sheet, encoding="utf-8")
    print((SHOTS / "index.html").relative_to(ROOT))


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
    parser.add_argument("--address", help="of a server that runs already, http://127.0.0.1:8010")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM")
    if asked.address:
        return min(1, take_all(Running(asked.address, 0, 0.0, ROOT), asked))
    with demo_server() as running:
        return min(1, take_all(running, asked))


if __name__ == "__main__":
    sys.exit(main())
