"""Every error is a problem, in both languages, and says nothing of the inside."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from huitian.api.language import language_of
from huitian.app.demo import open_demo
from tests.api.serving import Served, problem, serving
from tests.waiting import until


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PATCH", "/v1/city", 405, "method_not_allowed"),
        ("GET", "/v1/places?limit=many", 422, "invalid_input"),
        ("GET", "/v1/places?level=galaxy", 422, "invalid_input"),
        ("GET", "/v1/places/admin:1", 404, "unknown_place"),
        ("GET", "/v1/numbers/no.such", 404, "unknown_number"),
        ("GET", "/v1/layers/no-such", 404, "not_found"),
        ("GET", "/v1/buildings/none", 404, "not_found"),
        ("GET", "/v1/cases", 401, "not_signed_in"),
        ("GET", "/v1/loads", 401, "not_signed_in"),
        ("GET", "/v1/stream", 401, "not_signed_in"),
        ("GET", "/v1/layers/case", 401, "not_signed_in"),
        ("GET", "/v1/numbers/cases.open", 401, "not_signed_in"),
        ("POST", "/v1/cases", 401, "not_signed_in"),
    ],
)
def test_of_somebody_who_is_not_signed_in(
    nobody: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    body = {"body": "x", "idempotency_key": "k" * 8} if method == "POST" else None
    problem(nobody.request(method, path, json=body), status, code)


def test_a_role_that_may_not_is_told_so(street: httpx.Client) -> None:
    problem(street.get("/v1/loads"), 403, "not_allowed")
    problem(street.get("/v1/entities/person_identity"), 403, "not_allowed")


def test_a_field_is_named_and_what_was_sent_is_not_repeated(nobody: httpx.Client) -> None:
    body = {"body": 13800138000, "idempotency_key": "k" * 8}
    told = problem(nobody.post("/v1/letters", json=body), 422, "invalid_input")
    assert told["field"] == "body"
    assert "13800138000" not in json.dumps(told)
    told = problem(nobody.post("/v1/letters", json={}), 422, "invalid_input")
    assert {one["field"] for one in told["fields"]} == {"body", "idempotency_key"}
    told = problem(nobody.post("/v1/letters", content=b"{"), 422, "invalid_input")
    assert told["field"]


@pytest.mark.parametrize("depth", [33, 500, 900, 940, 5_000, 100_000])
@pytest.mark.parametrize("first", ["", '"\\udc00",'])
def test_json_nested_too_deep(nobody: httpx.Client, depth: int, first: str) -> None:
    deep = f'{{"body":[{first}{"[" * depth}{"]" * depth}],"idempotency_key":"k-k-k-k-k"}}'
    as_json = {"Content-Type": "application/json"}
    problem(nobody.post("/v1/letters", content=deep, headers=as_json), 422, "invalid_input")
    assert nobody.post("/v1/csp-reports", content=deep, headers={"Content-Type": "x"}).status_code == 204


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr, en-GB;q=0.7, zh;q=0.3", "en"),
        ("de", "zh"), ("en;q=bad, zh;q=0.1", "zh"), ("*;q=1", "zh"), (";;;,,,", "zh"), ("en;q=2", "zh"),
    ],
)  # fmt: skip
def test_the_language_of_the_reader(accept: str, lang: str) -> None:
    assert language_of(accept) == lang


def test_the_detail_is_in_the_language_of_the_request(nobody: httpx.Client) -> None:
    for lang in ("zh", "en"):
        told = nobody.get("/v1/numbers/no.such", headers={"Accept-Language": lang}).json()
        assert told["detail"] == told[f"detail_{lang}"]
        assert told["what_to_do"] == told[f"what_to_do_{lang}"]


def test_what_nobody_foresaw_is_logged_under_a_number_and_not_told(
    folder: Path, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def definitions(self) -> list[Any]:
            raise RuntimeError("secret words of 13800138000")

    city = open_demo(folder, served.city.settings)
    broken = replace(city, indicators=Broken())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, "huitian.errors"), serving(broken) as running:
        with running.client() as client:
            answer = client.get("/v1/numbers")
            told = problem(answer, 500, "internal_fault")
        assert told["trace_id"] == answer.headers["x-request-id"]
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
    (record,) = caplog.records
    line = json.loads(record.getMessage())
    assert line["request_id"] == told["trace_id"]
    assert line["kind"] == "RuntimeError"
    assert "13800138000" not in record.getMessage()
    city.close()


def test_a_request_is_one_line_without_words(
    served: Served, nobody: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "huitian.access"):
        nobody.get("/v1/letters/XX20260101000001", headers={"X-Follow-Code": "SECR-ET42"})
        # The line is written after the answer is sent.
        until(lambda: any("/v1/letters" in r.getMessage() for r in caplog.records), "no line")
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "huitian.access"]
    (line,) = [one for one in lines if one["route"] == "/v1/letters/{case_no}"]
    assert (line["status"], line["problem"], line["method"]) == (404, "not_found", "GET")
    assert "SECR" not in json.dumps(lines)
    assert "XX2026" not in json.dumps(lines)


def test_every_problem_has_a_page(nobody: httpx.Client) -> None:
    told = nobody.get("/v1/nowhere").json()
    page = nobody.get(told["type"])
    assert page.status_code == 200
    assert "not_found" in page.text
    assert nobody.get("/docs/errors/none_such").status_code == 404
