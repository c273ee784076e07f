"""The OpenAPI document: what FastAPI derives, with the words of the docstrings and the examples beside it."""

import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from huitian.api import wire
from huitian.api.problems import PROBLEM_SCHEMA
from huitian.api.reader import COOKIE, any_reader, signed_in
from huitian.api.version import VERSION

TITLE = "Huitian 回天"
DESCRIPTION = """An open city brain: one data base of a city, the engines that read it, and the screens on top.

Times are aware UTC, coordinates `lon, lat` in degrees (CGCS2000/WGS-84), a missing value is null, never 0.
Errors are `application/problem+json` (RFC 9457) in Chinese and English. Whoever is not signed in reads as the
public. A changing request of a signed-in user carries `X-CSRF-Token`, which `GET /v1/session` tells."""
ATTRIBUTE = re.compile(r"^ {4}(\w+): (.*)$")


def document_of(app: FastAPI, routes: list[APIRoute]) -> dict[str, Any]:
    """Return the OpenAPI document of a server."""
    document = get_openapi(
        title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = dict(PROBLEM_SCHEMA)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE,
                    "description": "Set by POST /v1/session; not readable by scripts."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                 "description": "Told by GET /v1/session."},
    }  # fmt: skip
    for name, described in described_fields().items():
        for field, words in described.items():
            if name in schemas and field in schemas[name].get("properties", {}):
                schemas[name]["properties"][field].setdefault("description", words)
    for name in schemas:
        words = str(schemas[name].get("description", ""))
        schemas[name]["description"] = words.partition("\n\nAttributes:")[0].strip() or name
    for route, method, operation in operations(document, routes):
        add_words(operation, inspect.getdoc(route.endpoint) or "")
        operation["security"] = security_of(route, method)
        add_examples(operation)
    return document


def add_words(operation: dict[str, Any], docstring: str) -> None:
    """Take summary and description of an operation from the docstring of its function."""
    first, _, rest = docstring.replace("``", "`").partition("\n")
    operation["summary"] = first.rstrip(".")
    operation.pop("description", None)
    if rest.strip():
        operation["description"] = rest.strip()


def operations(
    document: dict[str, Any], routes: list[APIRoute]
) -> Iterator[tuple[APIRoute, str, dict[str, Any]]]:
    """Yield every documented operation with its route."""
    for route in routes:
        for method in route.methods or ():
            found = document["paths"].get(route.path_format, {}).get(method.lower())
            if found is not None:
                yield route, method, found


def security_of(route: APIRoute, method: str) -> list[dict[str, list[str]]]:
    """Return who may ask: anybody, anybody or a session, only a session."""
    calls = set(called(route.dependant))
    if signed_in in calls:
        return [{"session": [], "csrf": []}] if method != "GET" else [{"session": []}]
    return [{}, {"session": []}] if any_reader in calls else [{}]


def called(dependant: Dependant) -> Iterator[Any]:
    """Yield every function that a route depends on."""
    for one in dependant.dependencies:
        yield one.call
        yield from called(one)


@cache
def described_fields() -> dict[str, dict[str, str]]:
    """Return the words of every field of the wire and the model, from the docstrings of their classes."""
    found: dict[str, dict[str, str]] = {}
    # Where both have a name, the wire's is the one that is shown.
    modules = [import_module("huitian.model.place")]
    modules += [import_module(f"{wire.__name__}.{m.name}") for m in iter_modules(wire.__path__)]
    for module in modules:
        for name, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__:
                fields: dict[str, str] = {}
                for base in reversed(member.__mro__):
                    fields |= fields_in(inspect.getdoc(base) or "")
                found[name] = fields
    return found


def fields_in(words: str) -> dict[str, str]:
    """Return the fields that a Google docstring describes."""
    fields: dict[str, str] = {}
    last = ""
    for line in words.partition("Attributes:\n")[2].splitlines():
        match = ATTRIBUTE.match(line)
        if match:
            last = match[1]
            fields[last] = match[2]
        elif last and line.startswith("        "):
            fields[last] += " " + line.strip()
    return {name: text.replace("``", "`") for name, text in fields.items()}


@cache
def examples() -> dict[str, Any]:
    """Return the examples by operation: ``{"request": …, "response": …}``, as a real server gave them."""
    found: dict[str, Any] = json.loads((files("huitian.api") / "examples.json").read_text(encoding="utf-8"))
    return found


def add_examples(operation: dict[str, Any]) -> None:
    """Put the examples of one operation into its document."""
    told = examples().get(operation["operationId"], {})
    body = operation.get("requestBody", {}).get("content", {})
    if "request" in told:
        for media in body.values():
            media["example"] = told["request"]
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "response" in told:
            for media in answer.get("content", {}).values():
                media["example"] = told["response"]
