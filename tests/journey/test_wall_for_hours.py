"""The wall for hours: while letters come in and the tour goes round, nothing of the page grows.

Some seconds in CI; ``HUITIAN_PROVE=1`` runs it for ``HUITIAN_PROVE_HOURS`` (4 where it is not set).
"""

import os
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, CDPSession

from bench.running import Running, ask, demo_server
from tests.journey.figures import wait_for_figures

pytestmark = pytest.mark.journey

IS_PROVING = bool(os.environ.get("HUITIAN_PROVE"))
LASTS_S = float(os.environ.get("HUITIAN_PROVE_HOURS", "4")) * 3600 if IS_PROVING else 20.0
WARM_UP_S = 240.0 if IS_PROVING else 24.0
"""One round of the tour, in which every picture is drawn for the first time."""
SPEED = "240"
LETTER_EVERY_S = 1.0
KINDS = ("路灯不亮", "垃圾没有清运", "暖气不热", "井盖坏了", "噪声扰民")
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page holds, after its garbage was collected.

    Attributes:
        n_nodes: Nodes of the document.
        n_listeners: Listeners of events.
        heap_mb: Used heap of scripts.
    """

    n_nodes: int
    n_listeners: int
    heap_mb: float


def weighed(session: CDPSession) -> Weight:
    """Weigh the page."""
    session.send("HeapProfiler.collectGarbage")
    counts = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")
    return Weight(counts["nodes"], counts["jsEventListeners"], heap["usedSize"] / MB)


@contextmanager
def letters_coming_in(server: Running) -> Iterator[list[int]]:
    """Write a letter each second until the block is left; the list holds how many were taken."""
    n_taken = [0]
    is_over = threading.Event()

    def write() -> None:
        while not is_over.wait(LETTER_EVERY_S):
            words = KINDS[n_taken[0] % len(KINDS)]
            try:
                ask(
                    f"{server.base}/v1/letters",
                    {"body": words, "is_anonymous": True, "idempotency_key": str(uuid.uuid4())},
                )
            except urllib.request.HTTPError:
                continue  # An hour's limit of letters from one address may be reached: the rest of the wall goes on.
            n_taken[0] += 1

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield n_taken
    finally:
        is_over.set()
        thread.join(60)


def test_nothing_of_the_wall_grows(browser: Browser) -> None:
    with demo_server(HUITIAN_DEMO_SPEED=SPEED, HUITIAN_MAX_LETTERS_PER_H="10000000") as server:
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=server.base,
                                      timezone_id="Asia/Shanghai")  # fmt: skip
        for pair in server.sign_in("leader").cookie.split("; "):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": server.base}])
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto("/cockpit?lang=zh&tour=1&every=2")
        wait_for_figures(page)
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.enable")
        with letters_coming_in(server) as n_letters:
            time.sleep(0.1)
            page.wait_for_timeout(WARM_UP_S * 1000)
            first, n_before = weighed(session), n_letters[0]
            until, seen = time.monotonic() + LASTS_S, [first]
            while time.monotonic() < until:
                page.wait_for_timeout(min(60.0, LASTS_S / 4) * 1000)
                seen.append(weighed(session))
            assert n_letters[0] > n_before
        assert page.locator("[data-touring]").count() == 1
        context.close()
    for one in seen:
        print(f"nodes {one.n_nodes}, listeners {one.n_listeners}, heap {one.heap_mb:.1f} MB")
    # The tour shows streets of different size, so the least of the last samples is held against the most of the first.
    half = max(1, len(seen) // 2)
    early, late = seen[:half], seen[half:]
    assert min(w.n_nodes for w in late) <= 1.1 * max(w.n_nodes for w in early) + 100
    assert min(w.n_listeners for w in late) <= 1.1 * max(w.n_listeners for w in early) + 50
    assert min(w.heap_mb for w in late) <= 1.2 * max(w.heap_mb for w in early) + 4
