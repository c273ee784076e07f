"""Clients of a served demo city."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.waiting import WAIT_S


class Address:
    """A server that tests talk to; ``base`` is its address."""

    base: str

    def client(self, **headers: str) -> httpx.Client:
        """Return a client that keeps its cookies."""
        return httpx.Client(base_url=self.base, timeout=WAIT_S, headers=headers)

    @contextmanager
    def signed_in(self, user_name: str) -> Iterator[httpx.Client]:
        """Yield a client that is signed in as a demo account and sends its CSRF token."""
        with self.client() as client:
            password = client.get("/v1/session").json()["demo_users"][0]["password"]
            answer = client.post("/v1/session", json={"user_name": user_name, "password": password})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield client
