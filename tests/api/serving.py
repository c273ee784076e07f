"""Serving a city for a test, and reading its answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from huitian.api.running import CityServer, listen, made_runner
from huitian.app import OpenCity
from tests.servers.clients import Address
from tests.waiting import WAIT_S


@dataclass(frozen=True)
class Served(Address):
    """A city that is being served.

    Attributes:
        base: Address of the server.
        city: The city behind it.
        server: The server.
    """

    base: str
    city: OpenCity
    server: CityServer


@contextmanager
def serving(city: OpenCity) -> Iterator[Served]:
    """Serve a city on a free port."""
    bound = listen("127.0.0.1", 0)
    is_up = threading.Event()
    server = made_runner(city, is_up.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    assert is_up.wait(WAIT_S)
    try:
        yield Served(f"http://127.0.0.1:{bound.getsockname()[1]}", city, server)
    finally:
        server.should_exit = True
        thread.join(WAIT_S)
        bound.close()
        assert not thread.is_alive()


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem of an answer, checked to be a whole one."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = answer.json()
    for member in ("type", "title", "status", "detail", "detail_zh", "detail_en", "what_to_do"):
        assert body[member], member
    assert body["status"] == status
    assert any("\u4e00" <= c <= "\u9fff" for c in body["detail_zh"]), body["detail_zh"]
    assert body["type"] == f"/docs/errors/{code}"
    return body
