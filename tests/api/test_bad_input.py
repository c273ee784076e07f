"""Bad input of every kind at every door: the answer is never a 5xx, and always a problem."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from huitian.api.documents import examples
from huitian.api.server import openapi_document
from tests.api.serving import Served

pytestmark = pytest.mark.fuzz

WORDS = (
    "", " ", "0", "-1", "1", "NaN", "inf", "-0", "1e400", "9" * 40, "true", "null", "[]", "{}", "%", "_", "'", '"',
    "\\", "' OR 1=1 --", "; DROP TABLE place", "../../etc/passwd", "..\\", "a:b:c", "a,b", ",,,,", ":eq:",
    "building_id:eq:",
    "reported_at:gt:@", "box:overlaps:", "grade:in:", "@as_of", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00", "\x00", "\u202e", "\ufeff", "é", "中文", "🏚️", "<script>", "=1+1", "x" * 5000, "\n",
    "\r\nX: y", "admin:", ":", "admin:%", "place.", "place.galaxy", "case", "building", "V1",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 2**70, 1e308, 1.5, "", " ", "x" * 5000, "\x00", "\ud800", "中文", "'", [], [None], [[]],
    ["x"] * 500, {}, {"a": {"b": [1]}}, {"\ud800": 1}, {"x" * 300: "y"},
)  # fmt: skip
DOCUMENT = openapi_document()
SKIPPED = {"stream_events", "read_metrics", "start_session"}
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] not in SKIPPED
]


def asked(path: str, parameters: dict[str, str], words: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the address and the query of a request with these words in these parameters."""
    query = {}
    for name, where in parameters.items():
        if where == "path":
            # An empty part of an address is another address.
            path = path.replace(f"{{{name}}}", quote(words.get(name) or "x", safe=""))
        elif where == "query" and name in words:
            query[name] = words[name]
    return path, query


def check(answer: httpx.Response, said: object) -> None:
    assert answer.status_code < 500, (said, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json"), said
        assert answer.json()["code"], said


@pytest.mark.parametrize(("path", "method", "operation"), [o for o in OPERATIONS if o.values[1] == "get"])
def test_words_in_every_parameter(
    dispatcher: httpx.Client, leader: httpx.Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    parameters = {p["name"]: p["in"] for p in operation.get("parameters", [])}
    names = [name for name, where in parameters.items() if where != "header"]
    few = {"limit": "2", "n": "2"}
    few = {name: words for name, words in few.items() if name in parameters}
    for words in WORDS if names else ():
        for name in names:
            address, query = asked(path, parameters, {**few, name: words})
            check(dispatcher.get(address, params=query), (name, words))
        address, query = asked(path, parameters, dict.fromkeys(names, words) | few)
        check(leader.get(address, params=query), words)
    for name in (name for name, where in parameters.items() if where == "header"):
        for words in ("", "x", '"', "W/", ",,,", "9" * 300):
            address, query = asked(path, parameters, few)
            check(dispatcher.get(address, params=query, headers={name: words}), (name, words))


@pytest.mark.parametrize(("path", "method", "operation"), [o for o in OPERATIONS if o.values[1] == "post"])
def test_values_in_every_field(
    served: Served, dispatcher: httpx.Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    told = examples().get(operation["operationId"], {}).get("request")
    if told is None:
        return
    parameters = {p["name"]: p["in"] for p in operation.get("parameters", [])}
    case = dispatcher.get("/v1/cases", params={"is_open": True, "limit": 1}).json()["items"][0]
    address, _ = asked(path, parameters, {"case_id": case["case_id"], "case_no": case["case_no"]})
    headers = {"Content-Type": "application/json"}
    for name in (*told, "unknown_field"):
        for value in VALUES:
            body = {**told, "idempotency_key": f"fuzz-{name}-{VALUES.index(value)}", name: value}
            answer = dispatcher.post(address, content=json.dumps(body).encode(), headers=headers)
            check(answer, (name, value))
    for content in (b"", b"{", b"[]", b"0", b"nul", b"\xff", b'{"a":' * 2000, b'{"body": NaN}'):
        check(dispatcher.post(address, content=content, headers=headers), content[:20])


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
)
def test_any_method_at_any_address(dispatcher: httpx.Client, method: str) -> None:
    for path in (
        *DOCUMENT["paths"],
        "/",
        "/desk/x",
        "/assets/x",
        "/%00",
        "/v1",
        "/v1/",
        "//",
        "/v1/cases/",
        "/" + "x" * 9000,
    ):
        if path in {"/v1/stream", "/v1/session"}:
            continue
        answer = dispatcher.request(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code < 500 or "not built" in answer.text or "make up" in answer.text, (
            method,
            path,
        )


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "%00", "a.b.c", "' OR 1=1", '"quoted"'])
def test_a_cookie_that_is_none(nobody: httpx.Client, cookie: str) -> None:
    answer = nobody.get("/v1/session", headers={"Cookie": f"huitian_session={cookie}"})
    assert answer.status_code == 200
    assert answer.json()["user"] is None
