"""Every GET of the OpenAPI document, asked by every kind of reader: what was planted stays where it may be."""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter

from huitian.api import server
from huitian.api.reader import TheCity
from huitian.base.entities import ENTITIES
from huitian.model.query import Query
from tests.api.serving import Served, serving
from tests.leak.canaries import MAY_SEE, PASSWORD, READERS, Planted, planted

pytestmark = pytest.mark.fuzz
STREAM = "text/event-stream"
OWN_POINT = {"/v1/locate"}
"""Answers that may repeat the point that was asked with."""
REGISTER = ("/v1/buildings/", "/v1/entities/dwelling", "/v1/numbers/dwellings.")
"""Answers that tell which homes there are; together with a case they would tell which one it is about."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """Plant the city once."""
    made = planted(tmp_path_factory.mktemp("leak"))
    yield made
    made.city.close()


@pytest.fixture(scope="module")
def served(city: Planted) -> Iterator[Served]:
    """Serve it."""
    with serving(city.city) as running:
        yield running


def asked_of(
    document: dict[str, Any], filling: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, httpx.Request]]:
    """Yield every GET of a document and how to ask it; a parameter without a value to ask with fails the test."""
    for path, methods in sorted(document["paths"].items()):
        told = methods.get("get")
        if told is None or STREAM in told["responses"].get("200", {}).get("content", {}):
            continue
        asked = [p for p in told.get("parameters", []) if p["in"] == "path" or p.get("required")]
        for p in asked:
            assert p["name"] in filling, f"{path}: tell tests/leak/canaries.py what to ask {p['name']} with"
        for values in product(*(filling[p["name"]] for p in asked)):
            put: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
            for p, value in zip(asked, values, strict=True):
                put[p["in"]][p["name"]] = value
            full = path.format_map({name: quote(value) for name, value in put["path"].items()})
            yield path, httpx.Request("GET", f"http://city{full}", params=put["query"], headers=put["header"])


def seen_by(client: httpx.Client, city: Planted, code: str = "WRONGCODE") -> dict[str, set[str]]:
    """Return the canaries that a reader got to see, each with the addresses that told it."""
    numbers = client.get("/v1/numbers").json()
    filling = dict(city.filling) | {
        "entity": tuple(ENTITIES), "code": (code,), "X-Follow-Code": (code,),
        "layer_id": tuple(layer["layer_id"] for layer in client.get("/v1/layers").json()),
        "number_id": tuple(n["number_id"] for n in (numbers if isinstance(numbers, list) else []))
        or ("none",),
    }  # fmt: skip
    seen: dict[str, set[str]] = {}
    n_answered = 0
    for path, question in asked_of(client.get("/openapi.json").json(), filling):
        full = question.url.raw_path.decode()
        answer = client.get(full, headers={name: v for name, v in question.headers.items() if name != "host"})
        assert answer.status_code < 500, (full, answer.text)
        n_answered += answer.status_code == 200
        for name, strings in city.canaries.items():
            if name == "point" and path in OWN_POINT:
                continue
            if name == "home" and full.startswith(REGISTER) and not names_case(city, answer.text):
                continue
            if any(s in answer.text for s in strings):
                seen.setdefault(name, set()).add(full)
    assert n_answered > 5
    return seen


def names_case(city: Planted, told: str) -> bool:
    """Return whether an answer names the case that is about the home."""
    return any(one in told for one in city.case_of_home)


@pytest.mark.parametrize("reader", ["public", *READERS])
def test_canaries_reach_only_who_may_see_them(
    reader: str, city: Planted, served: Served
) -> None:  # fmt: skip
    with served.client() as client:
        if reader != "public":
            answer = client.post("/v1/session", json={"user_name": reader, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        seen = seen_by(client, city)
    assert {name: at for name, at in seen.items() if name not in MAY_SEE[reader]} == {}
    assert MAY_SEE[reader] - set(seen) == set(), "the walk no longer reaches what it is meant to guard"


def test_the_writer_of_a_letter_sees_no_more_than_the_own_words(city: Planted, served: Served) -> None:
    with served.client() as client:
        seen = seen_by(client, city, city.follow_code)
    assert set(seen) == {"words", "phone", "id_number"}
    assert {at.partition("?")[0].rpartition("/")[0] for places in seen.values() for at in places} == {
        "/v1/letters"
    }


def test_a_route_that_leaks_is_caught(city: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()

    @router.get("/v1/leak/{case_id}")
    def leak(held: TheCity, case_id: str) -> list[dict[str, Any]]:
        """Tell too much."""
        return [
            dict(r)
            for r in held.engine.records.read(held.planner.system("case_contact"), Query("case_contact")).rows
        ]

    monkeypatch.setattr(server, "SUBJECTS", (*server.SUBJECTS, SimpleNamespace(router=router)))
    with serving(city.city) as served, served.client() as client:
        seen = seen_by(client, city)
    assert set(seen) == {"name", "phone", "anonymous_name", "anonymous_phone", "follow_code_hash"}


def test_the_stream_is_given_nothing_personal(city: Planted) -> None:
    rows = city.city.engine.records.read(city.city.planner.system("outbox"), Query("outbox", limit=500)).rows
    assert rows
    told = str([row["payload"] for row in rows])
    assert [name for name, strings in city.canaries.items() if any(s in told for s in strings)] == []
