"""Advisories about the pinned packages: found ones fail, and a machine that cannot ask says so and fails nothing."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import advisories


class Service(BaseHTTPRequestHandler):
    """Knows one thing that is wrong, in the words of the OSV interface."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wrong = asked["package"]["name"] == "pillow"
        told = {"vulns": [{
            "id": "TEST-1", "summary": "made up", "aliases": [], "affected": [{
                "package": {"name": "pillow", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.0"}]}],
            }],
        }]} if wrong else {}  # fmt: skip
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def test_a_known_hole_is_found(service: str, tmp_path: object) -> None:
    asked = advisories.ask(
        advisories.command("-s", "osv", "--osv-url", service, "--cache-dir", str(tmp_path))
    )
    assert not asked.why_not, asked
    assert asked.n_asked > 50
    assert len(asked.holes) == 1
    assert asked.holes[0].startswith("pillow ")
    assert "TEST-1, mended in 999.0" in asked.holes[0]


def test_without_a_network_nothing_fails_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A port that nobody listens at: what a machine without a network meets.
    monkeypatch.setattr(sys, "argv", ["", "-s", "osv", "--osv-url", "http://127.0.0.1:1/v1/query"])
    assert advisories.main() == 0
    assert capsys.readouterr().out.startswith("not run: no network (")


def test_a_service_that_knows_no_package_was_not_asked() -> None:
    skipped = {"name": "pillow", "skip_reason": "not found"}
    assert advisories.read({"dependencies": [skipped]}).words().startswith("not run: no network")
    found = advisories.read({"dependencies": [skipped, {"name": "rich", "version": "1", "vulns": []}]})
    assert found.words() == "1 packages asked about, 0 advisories\nnot known to the service: pillow"
