"""Pages, assets and the headers of every answer."""

import gzip
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from huitian.api.headers import POLICY
from huitian.api.running import made_runner
from huitian.api.screens import Screens
from tests.api.serving import Served

DESIGN = (
    "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self' blob:", "img-src 'self' data: blob:",
    "style-src-elem 'self'", "style-src-attr 'unsafe-inline'", "connect-src 'self'", "frame-ancestors 'none'",
)  # fmt: skip


@pytest.fixture
def built(served: Served, tmp_path: Path) -> Path:
    """Put small screens in place of the built ones."""
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("index", "cockpit", "desk", "mobile", "public"):
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><title>{name}</title>{'x' * 2000}", "utf-8")
    (assets / "desk-Ab3dE6_h.js").write_text("export const x = 1;\n" * 200, "utf-8")
    (assets / "plain.js").write_text("1", "utf-8")
    (tmp_path / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    (tmp_path.parent / "secret.txt").write_text("secret", "utf-8")
    return tmp_path


@pytest.fixture
def pages(served: Served, built: Path) -> httpx.Client:
    app = served.server.config.loaded_app
    state = app
    while not hasattr(state, "state"):
        state = state.app
    kept = state.state.screens
    state.state.screens = Screens(built)
    client = served.client()
    yield client
    client.close()
    state.state.screens = kept


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "index"), ("/cockpit", "cockpit"), ("/desk", "desk"), ("/desk/queue/c1", "desk"), ("/mobile/", "mobile"),
     ("/public/follow", "public")],
)  # fmt: skip
def test_every_end_has_its_page(pages: httpx.Client, path: str, title: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert f"<title>{title}</title>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert pages.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert pages.head(path).status_code == 200


def test_assets_are_packed_and_kept_for_good(pages: httpx.Client, built: Path) -> None:
    answer = pages.get("/assets/desk-Ab3dE6_h.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == (built / "assets" / "desk-Ab3dE6_h.js").read_text("utf-8")
    plain = pages.get("/assets/desk-Ab3dE6_h.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    assert pages.get("/assets/plain.js").headers["cache-control"] == "no-cache"
    assert pages.get("/mark.svg").headers["content-type"] == "image/svg+xml"
    assert pages.get("/favicon.ico").status_code == 200
    (built / "assets" / "plain.js").write_text("12", "utf-8")
    assert pages.get("/assets/plain.js").text == "12"


@pytest.mark.parametrize(
    "path",
    ["/assets/../../secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/",
     "/assets/none.js", "/assets/a%00b", "/assets//etc/passwd", "/assets/..%5c..%5csecret.txt", "/../secret.txt"],
)  # fmt: skip
def test_nothing_else_is_given_out(pages: httpx.Client, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code in {404, 405}
    assert "secret" not in answer.text.replace(path, "").replace("secret.txt", "")


def test_without_screens_it_says_how_to_build_them(
    served: Served, tmp_path: Path, pages: httpx.Client
) -> None:
    for path in tmp_path.glob("*.html"):
        path.unlink()
    answer = pages.get("/desk")
    assert answer.status_code == 503
    assert "make up" in answer.text
    ready = pages.get("/readyz").json()
    assert (ready["status"], ready["checks"]["screens"]) == ("ready", "not built")


@pytest.mark.parametrize(
    "path", ["/", "/v1/city", "/v1/nowhere", "/openapi.json", "/healthz", "/v1/layers/place.street"]
)
def test_every_answer_has_the_headers(nobody: httpx.Client, path: str) -> None:
    headers = nobody.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


def test_the_policy_is_that_of_the_design() -> None:
    parts = POLICY.split("; ")
    for part in (*DESIGN, "default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in parts
    assert POLICY.count("unsafe") == 2


def test_json_is_packed(nobody: httpx.Client) -> None:
    answer = nobody.get("/openapi.json")
    assert answer.headers["content-encoding"] == "gzip"
    with nobody.stream("GET", "/openapi.json") as raw:
        assert gzip.decompress(b"".join(raw.iter_raw())) == answer.content


@pytest.mark.parametrize(
    ("content", "directive"),
    [
        (b'[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","blockedURL":"inline"}}]',
         "script-src-elem"),
        (b'{"csp-report":{"violated-directive":"img-src x","blocked-uri":"https://x.example/?token=1"}}', "img-src"),
        (b'{"csp-report":{"violated-directive":"made-up"}}', "unknown"), (b"rubbish", "unreadable"),
        (b"[]", "unreadable"),
        (b'[1, "x", null]', "unknown"),
    ],
)  # fmt: skip
def test_reports_of_the_policy_are_counted(
    nobody: httpx.Client, caplog: pytest.LogCaptureFixture, content: bytes, directive: str
) -> None:
    def n_reports() -> float:
        lines = nobody.get("/metrics").text.splitlines()
        name = f'huitian_csp_reports_total{{directive="{directive}"}} '
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    before = n_reports()
    headers = {"Content-Type": "application/reports+json"}
    assert nobody.post("/v1/csp-reports", content=content, headers=headers).status_code == 204
    assert n_reports() > before
    assert "token=1" not in caplog.text


def test_health_and_measures(nobody: httpx.Client) -> None:
    assert nobody.get("/healthz").json() == {"status": "ok"}
    ready = nobody.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    text = nobody.get("/metrics").text
    assert 'huitian_requests_total{method="GET",route="/healthz",status="200"}' in text
    assert "huitian_cases_open " in text
    assert "huitian_streams_open 0.0" in text


def test_not_ready_says_why(served: Served) -> None:
    server = made_runner(replace(served.city))
    assert server.live.is_reading is False
