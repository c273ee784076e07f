"""Words that mean something to SQL, a spreadsheet, a page or a header: they come back as words, or not at all."""

import csv
import io
import json
from typing import Any

import httpx
import pytest

from huitian.api.documents import examples
from huitian.api.server import openapi_document
from tests.api.serving import Served

SQL = (
    "' OR '1'='1", "'; DROP TABLE case_event; --", "%' UNION SELECT user_name, password_hash FROM user_account --",
    "\\'; SELECT pg_sleep(10) --", "1); DELETE FROM place; --", "x%", "_%",
)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://a.example","x")',
    "=cmd|' /C calc'!A1",
)
PAGES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "</title>",
)
HEADS = (
    "x\r\nX-Planted: 1",
    "x\nX-Planted: 1",
    "x\rX-Planted: 1",
    "x\u2028X-Planted: 1",
    "x\r\n\r\n<html>planted",
)
WORDS = SQL + FORMULAS + PAGES + HEADS
DOCUMENT = openapi_document()
ENDS = {"start_session", "end_session", "end_sessions", "end_one_session", "act_as", "change_own_password",
        "stream_events"}  # fmt: skip
"""Would end the session of all tests, or never ends."""
OPERATIONS = {
    told["operationId"]: (path, method, told)
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
    if told["operationId"] not in ENDS
}
MARK = "X-Planted"


def harmless(answer: httpx.Response, words: str) -> None:
    """Hold an answer to what no words of a sender change: its status, its head, and what a browser makes of it."""
    assert answer.status_code < 500, (words, answer.text)
    assert MARK not in answer.headers, words
    assert not [value for value in answer.headers.values() if "planted" in value.lower() and "\n" in value], (
        words
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    if words in answer.text and words in PAGES:
        assert not answer.headers["content-type"].startswith("text/html"), (words, answer.text)


@pytest.mark.fuzz
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_in_every_parameter_and_field(dispatcher: httpx.Client, operation_id: str) -> None:
    path, method, told = OPERATIONS[operation_id]
    parameters = {one["name"]: one["in"] for one in told.get("parameters", [])}
    body: dict[str, Any] | None = examples().get(operation_id, {}).get("request")
    fields = [name for name, value in (body or {}).items() if value is None or isinstance(value, str)]
    for n, words in enumerate(WORDS):
        address = path
        for name in parameters:
            address = address.replace(f"{{{name}}}", httpx.QueryParams({"x": words}).__str__()[2:])
        query = {name: words for name, where in parameters.items() if where == "query"}
        harmless(dispatcher.request(method, address, params=query, json=body), words)
        if fields:
            field = fields[n % len(fields)]
            planted = {**(body or {}), "idempotency_key": f"planted-{operation_id}-{n}", field: words}
            harmless(dispatcher.request(method, address, content=json.dumps(planted).encode(),
                                        headers={"Content-Type": "application/json"}), words)  # fmt: skip


def test_sql_finds_nothing_and_changes_nothing(dispatcher: httpx.Client) -> None:
    before = dispatcher.get("/v1/cases", params={"limit": 1}).json()["n_total"]
    assert before
    for words in SQL[:5]:
        # A word that nobody wrote before it: other tests write these in letters.
        found = dispatcher.get("/v1/cases", params={"q": f"zq7f3a{words}"})
        # Longer than a search may be: refused, and said so.
        assert found.status_code in {200, 422}, found.text
        assert found.json().get("n_total", 0) == 0, words
        rows = dispatcher.get("/v1/entities/building", params={"where": f"building_id:eq:{words}"})
        assert rows.json().get("n_total", 0) == 0, (words, rows.text)
        assert "password_hash" not in rows.text
    assert dispatcher.get("/v1/cases", params={"limit": 1}).json()["n_total"] == before


@pytest.mark.parametrize("words", [*FORMULAS, *PAGES, *HEADS[:3]])
def test_a_letter_keeps_its_words(nobody: httpx.Client, dispatcher: httpx.Client, words: str) -> None:
    told = {
        **examples()["open_letter"]["request"],
        "body": words,
        "idempotency_key": f"injected-{WORDS.index(words)}",
    }
    receipt = nobody.post("/v1/letters", json=told)
    assert receipt.status_code == 201, receipt.text
    harmless(receipt, words)
    row = dispatcher.get("/v1/cases", params={"q": receipt.json()["case_no"]}).json()["items"][0]
    page = dispatcher.get(f"/v1/cases/{row['case_id']}")
    harmless(page, words)
    assert page.json()["words"]["body"].replace("\r", "") == words.strip().replace("\r", "")


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_an_export_calculates(served: Served, words: str) -> None:
    with served.signed_in("auditor") as auditor:
        # What is asked for is in the entry about the asking, so that the next export has it in a cell.
        for _ in range(2):
            told = auditor.get("/v1/audit/rows.csv", params={"subject": words, "user": words})
            assert told.status_code == 200, told.text
        told = auditor.get("/v1/audit/rows.csv")
    assert told.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    cells = [cell for row in csv.reader(io.StringIO(told.text.removeprefix("\ufeff"))) for cell in row]
    assert len(cells) > 17
    assert not [cell for cell in cells if cell.lstrip()[:1] in {"=", "+", "@"} or cell.startswith("-")]


@pytest.mark.parametrize(
    "words", ["GET\r\nX-Planted: 1", "x\nX-Planted: 1", "\x7f", "中文".encode().decode("latin-1")]
)
@pytest.mark.parametrize("header", ["X-Request-Id", "Accept-Language", "Origin", "Host", "X-Forwarded-For"])
def test_no_header_of_a_sender_splits_an_answer(served: Served, header: str, words: str) -> None:
    """A client library refuses to send a line break, so the bytes go over a bare connection."""
    import socket

    host, _, port = served.base.removeprefix("http://").partition(":")
    host_line = b"" if header == "Host" else b"Host: x\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /v1/places/none HTTP/1.1\r\n" + host_line + f"{header}: {words}\r\n".encode("latin-1")
                           + b"Connection: close\r\n\r\n")  # fmt: skip
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert int(head.split()[1]) < 500, answer
    assert b"\r\nx-planted" not in head, answer


def test_no_address_splits_an_answer(nobody: httpx.Client) -> None:
    for path in ("/v1/oidc/start?to=/%0d%0aX-Planted:%201", "/%0d%0aX-Planted:%201", "/docs/%0d%0aX-Planted:1",
                 "/v1/places/%0d%0aX-Planted:%201", "//a.example/%0d%0aX-Planted:1"):  # fmt: skip
        answer = nobody.get(path, follow_redirects=False)
        assert MARK not in answer.headers, path
        assert not answer.headers.get("location", "/").startswith(("//", "http")), path
