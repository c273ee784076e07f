"""The wall for hours: while the city lives many times as fast and the tour goes round, nothing grows.

Some seconds in CI, in the time of served tests. ``HUITIAN_PROVE=1`` runs it for ``HUITIAN_PROVE_HOURS`` (4 where it
is not set) and holds the slope of every curve to a bound. The samples, one a minute, are in ``build/wall_hours.csv``
or in the file that ``HUITIAN_PROVE_CSV`` names: one row each, written as it is taken. ``HUITIAN_PROVE_PACE`` is for
who has less time: at 2 the city lives and the tour goes twice as fast, and two hours hold as many letters and as many
stops as four.
"""

import csv
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, CDPSession, Page

from bench.running import Running, ask, demo_server
from tests.journey.figures import wait_for_figures
from tools.places import ROOT

IS_PROVING = bool(os.environ.get("HUITIAN_PROVE"))
pytestmark = pytest.mark.served
LASTS_S = float(os.environ.get("HUITIAN_PROVE_HOURS", "4")) * 3600 if IS_PROVING else 20.0
CSV = Path(os.environ.get("HUITIAN_PROVE_CSV", ROOT / "build" / "wall_hours.csv"))
WARM_UP_S = 900.0 if IS_PROVING else 24.0
"""In which every picture is drawn for the first time, and the server has read all that it keeps."""
PACE = float(os.environ.get("HUITIAN_PROVE_PACE", "1"))
SPEED = f"{240 * PACE:g}" if IS_PROVING else "2400"
"""Faster where it is short, so that letters come in within seconds at any hour."""
STOP_S = 10 / PACE if IS_PROVING else 2
"""How long the tour stays at a stop."""
SAMPLE_S = min(60.0, LASTS_S / 4)
MB = 1_000_000
STEEPEST_AN_HOUR = {"n_nodes": 0.05, "n_listeners": 0.10, "heap_mb": 0.10, "server_mb": 0.15}
"""How much of its mean a curve may rise in an hour, by a straight line through all samples."""
PLACE = ".top .scope button"
"""The way back to the whole city, there while the wall shows a place below."""
LEAST_FOR_A_LINE_S = 1800.0
"""Under half an hour a line through the samples says more of the tour's streets than of growth."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the page and the server hold, after the page's garbage was collected.

    Attributes:
        after_s: Seconds after the warm-up.
        city_time: What the clock of the wall says.
        n_letters: Letters that the city has.
        n_nodes: Nodes of the document.
        n_listeners: Listeners of events.
        heap_mb: Used heap of scripts.
        server_mb: Resident memory of the server.
    """

    after_s: float
    city_time: str
    n_letters: int
    n_nodes: int
    n_listeners: int
    heap_mb: float
    server_mb: float


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process; 0 where the system has no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / MB


def sampled(session: CDPSession, page: Page, server: Running, cookie: str, began_s: float) -> Sample:
    """Take one sample, at the same stop of every round of the tour: streets differ in what they hold."""
    if IS_PROVING:
        page.locator(PLACE).wait_for(state="attached")
        page.locator(PLACE).wait_for(state="detached")
        page.wait_for_timeout(STOP_S * 700)
    session.send("HeapProfiler.collectGarbage")
    counts = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")
    told = ask(f"{server.base}/v1/cases?limit=1", headers={"Cookie": cookie})[0]
    return Sample(
        round(time.monotonic() - began_s, 1), page.locator("[data-clock]").inner_text().replace("\n", " "),
        told["n_total"], counts["nodes"], counts["jsEventListeners"], round(heap["usedSize"] / MB, 2),
        round(resident_mb(server.pid), 1),
    )  # fmt: skip


def rise_an_hour(samples: Sequence[Sample], name: str) -> float:
    """Return how much of its mean a curve rises in an hour."""
    hours = np.array([one.after_s for one in samples]) / 3600
    curve = np.array([float(getattr(one, name)) for one in samples])
    return float(np.polyfit(hours, curve, 1)[0] / curve.mean()) if curve.mean() else 0.0


def test_nothing_of_the_wall_grows(browser: Browser) -> None:
    with demo_server(HUITIAN_DEMO_SPEED=SPEED) as server:
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=server.base,
                                      timezone_id="Asia/Shanghai")  # fmt: skip
        for pair in server.sign_in("leader").cookie.split("; "):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": server.base}])
        cookie = server.sign_in("dispatcher").cookie
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"/cockpit?lang=zh&tour=1&every={STOP_S:g}")
        wait_for_figures(page)
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.enable")
        samples = samples_of(session, page, server, cookie)
        assert page.locator("[data-touring]").count() == 1
        context.close()
    first, last = samples[0], samples[-1]
    assert last.n_letters > first.n_letters, "no letter came in: the city stood still"
    assert last.city_time != first.city_time, "the wall stood still"
    if LASTS_S >= LEAST_FOR_A_LINE_S:
        rises = {name: rise_an_hour(samples, name) for name in STEEPEST_AN_HOUR}
        print({name: f"{rise:+.2%} an hour" for name, rise in rises.items()})
        assert all(rise <= STEEPEST_AN_HOUR[name] for name, rise in rises.items()), rises
    # The tour shows streets of different size, so the least of the last samples is held against the most of the first.
    half = max(1, len(samples) // 2)
    early, late = samples[:half], samples[half:]
    assert min(w.n_nodes for w in late) <= 1.1 * max(w.n_nodes for w in early) + 100
    assert min(w.n_listeners for w in late) <= 1.1 * max(w.n_listeners for w in early) + 50
    assert min(w.heap_mb for w in late) <= 1.2 * max(w.heap_mb for w in early) + 4


def samples_of(session: CDPSession, page: Page, server: Running, cookie: str) -> list[Sample]:
    """Return the samples of the whole time; each is in the file and on the screen as soon as it is taken."""
    CSV.parent.mkdir(parents=True, exist_ok=True)
    with CSV.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Sample)])
        table.writeheader()
        page.wait_for_timeout(WARM_UP_S * 1000)
        began_s, samples = time.monotonic(), list[Sample]()
        while not samples or samples[-1].after_s < LASTS_S:
            if samples:
                page.wait_for_timeout(SAMPLE_S * 1000)
            samples.append(sampled(session, page, server, cookie, began_s))
            table.writerow(asdict(samples[-1]))
            file.flush()
            print(samples[-1], flush=True)
    return samples
