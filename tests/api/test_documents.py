"""The OpenAPI document: every operation says what it does, what it gives and what can go wrong."""

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from huitian.api.documents import examples
from huitian.api.server import openapi_document

DOCUMENT = openapi_document()
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
Operation = dict[str, Any]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path: str, method: str, operation: Operation) -> None:
    assert operation["operationId"].isidentifier()
    assert operation["summary"]
    assert "``" not in operation["summary"] + operation.get("description", "")
    assert operation["tags"]
    assert operation["security"]
    for parameter in operation.get("parameters", []):
        assert parameter.get("description"), (path, parameter["name"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_answer_has_a_schema_and_every_operation_an_example(
    path: str, method: str, operation: Operation
) -> None:
    for status, answer in operation["responses"].items():
        assert answer["description"], (path, status)
        for media in answer.get("content", {}).values():
            assert media.get("schema") or media.get("example"), (path, status)
    # An answer that only leads on has a 3xx alone.
    good = next(a for s, a in sorted(operation["responses"].items()) if s[0] in "23")
    for kind, media in good.get("content", {}).items():
        if kind.endswith("json"):
            assert "example" in media, (method, path)
    for media in operation.get("requestBody", {}).get("content", {}).values():
        assert "example" in media or "multipart/form-data" in operation["requestBody"]["content"], path


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_of_the_api_documents_its_problems(
    path: str, method: str, operation: Operation
) -> None:
    if not path.startswith("/v1/") or operation["operationId"] == "take_csp_report":
        return
    answers = operation["responses"]
    assert {"422", "500"} <= set(answers)
    if operation["security"] != [{}] and {} not in operation["security"]:
        assert {"401", "403"} <= set(answers)
    for status, answer in answers.items():
        if int(status) >= 400:
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for code, example in content["examples"].items():
                assert example["value"]["code"] == code
                assert example["value"]["status"] == int(status)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_examples_fit_their_schema(path: str, method: str, operation: Operation) -> None:
    told = examples().get(operation["operationId"], {})
    root = {"components": DOCUMENT["components"]}
    if "response" in told:
        good = next(a for s, a in operation["responses"].items() if s.startswith("2"))
        schema = next(iter(good["content"].values()))["schema"]
        Draft202012Validator(schema | root).validate(told["response"])
    if "request" in told:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator(schema | root).validate(told["request"])


def test_every_field_is_described() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, inner in schema.get("properties", {}).items():
            assert inner.get("description") or "$ref" in inner, f"{name}.{field}"


def test_every_reference_is_there() -> None:
    text = json.dumps(DOCUMENT)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in DOCUMENT["components"]["schemas"]


def test_the_server_gives_the_document(nobody: httpx.Client) -> None:
    assert nobody.get("/openapi.json").json() == json.loads(json.dumps(DOCUMENT))
