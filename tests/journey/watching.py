"""A page under watch: what it logs, what it fails to load, what its policy forbids, and what axe finds."""

import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LISTEN = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e =>
  window.__violations.push(e.violatedDirective + ' ' + (e.blockedURI || e.sourceFile)));
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STREAM = "/v1/stream"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 40)))"
STILL = 3
"""Drawn frames without a request under way after which a page has come to rest."""
REST_S = 60.0
LOST = frozenset(f"net::ERR_{why}" for why in (
    "INTERNET_DISCONNECTED", "CONNECTION_RESET", "CONNECTION_CLOSED", "EMPTY_RESPONSE", "INCOMPLETE_CHUNKED_ENCODING",
    "SOCKET_NOT_CONNECTED", "CONNECTION_REFUSED",
))  # fmt: skip
"""Why a load fails while a test holds the connection back."""


class Watched:
    """A page whose complaints are kept.

    Attributes:
        page: The page.
        expected_statuses: Statuses that the test asks for.
        is_offline: Whether the test took the connection away: until it is back nothing can be loaded.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.expected_statuses: set[int] = set()
        self.is_offline = False
        self._found: list[str] = []
        self._under_way: set[Request] = set()
        page.add_init_script(LISTEN)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._found.append(f"page error: {error}"))
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused load is judged by its status in ``_answered``, where an expected one may be named.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._found.append(f"console: {message.text}")

    def _began(self, request: Request) -> None:
        if STREAM not in request.url:
            self._under_way.add(request)

    def _ended(self, request: Request) -> None:
        self._under_way.discard(request)

    def _failed(self, request: Request) -> None:
        self._under_way.discard(request)
        why = request.failure or ""
        if "ERR_ABORTED" not in why and not (self.is_offline and why in LOST):
            self._found.append(f"failed: {request.url} {why}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self._found.append(f"{response.status}: {response.url}")

    def go(self, path: str) -> None:
        """Open another address in this page and wait until it is at rest."""
        self.page.goto(path, wait_until="load")
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is being loaded, over several drawn frames; the live stream does not count."""
        until = time.monotonic() + REST_S
        n_still = 0
        while n_still < STILL:
            self.page.evaluate(DRAWN)
            n_still = 0 if self._under_way else n_still + 1
            if time.monotonic() > until:
                raise AssertionError(f"still loading: {[request.url for request in self._under_way]}")

    def a_minute_later(self) -> None:
        """Let the clock of the page jump: what three missed heartbeats tell need not be waited for."""
        self.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000; }")

    def complaints(self) -> list[str]:
        """Return everything that went wrong on this page so far."""
        violations: list[str] = self.page.evaluate("window.__violations || []")
        return [*self._found, *(f"policy: {v}" for v in violations)]

    def axe(self, without: str = "") -> list[str]:
        """Return the accessibility violations of the page as it stands, one line each.

        axe is evaluated by the debugger, so the page's own policy stays on.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        context: dict[str, Any] = {"exclude": [[without]]} if without else {}
        options = json.dumps({"runOnly": RULES})
        found: Any = self.page.evaluate(
            f"axe.run({json.dumps(context) if context else 'document'}, {options})"
        )
        return [
            f"{v['id']}: {node['target'][0]} {node.get('failureSummary', '')[:300]}"
            for v in found["violations"]
            for node in v["nodes"][:3]
        ]
