"""The city behind the nginx of Debian, set up by the file that is shipped."""

import contextlib
import os
import re
import signal
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journey.photos import noisy_photo
from tests.served.city import Several, several
from tests.served.conftest import PASSWORD
from tests.servers.nginx import nginx_before
from tests.waiting import WAIT_S, until

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Several]:
    """Serve the city by two processes that believe the proxy of this machine."""
    own = {
        "HUITIAN_STORE_PASSWORD": PASSWORD,
        "HUITIAN_TRUSTED_PROXIES": "127.0.0.1",
        "HUITIAN_MAX_LETTERS_PER_H": "7",
    }
    with several(home, **own) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: Several) -> Iterator[str]:
    """Put nginx before it."""
    with nginx_before(int(server.base.rpartition(":")[2])) as base:
        yield base


@pytest.fixture
def client(proxy: str) -> Iterator[httpx.Client]:
    """Return a client that goes through nginx, signed in as the dispatcher."""
    with httpx.Client(base_url=proxy, timeout=WAIT_S) as one:
        password = one.get("/v1/session").json()["demo_users"][0]["password"]
        answer = one.post("/v1/session", json={"user_name": "dispatcher", "password": password})
        one.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield one


def test_pages_and_answers_come_through_as_they_are(client: httpx.Client, server: Several) -> None:
    for path in ("/", "/v1/categories", "/openapi.json"):
        through, direct = client.get(path), httpx.get(server.base + path, timeout=WAIT_S)
        assert through.content == direct.content
        for name in ("content-security-policy", "content-encoding", "cache-control", "content-type", "vary"):
            assert through.headers.get(name) == direct.headers.get(name), (path, name)
        assert "strict-transport-security" not in through.headers
    assert client.get("/openapi.json").headers["content-encoding"] == "gzip"
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_an_event_comes_through_at_once(client: httpx.Client) -> None:
    with client.stream("GET", "/v1/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines).startswith("retry")
        body = {"body": "井盖破损", "idempotency_key": str(uuid.uuid4())}
        assert client.post("/v1/cases", json=body).status_code == 201
        assert any("case_stepped" in line for line in lines)


def test_a_large_photo_comes_through_and_one_too_large_is_refused_in_words(
    client: httpx.Client, tmp_path: Path
) -> None:
    large = noisy_photo(tmp_path / "large.jpg", 8 << 20)
    assert large.stat().st_size < 12 << 20
    answer = client.post("/v1/files", files={"file": large.read_bytes()})
    assert answer.status_code == 201, answer.text
    answer = client.post("/v1/files", files={"file": b"\xff\xd8" + bytes(13 << 20)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_limits_are_kept_by_the_address_of_the_visitor(proxy: str) -> None:
    def letters_from(address: str, told: str = "") -> list[int]:
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(base_url=proxy, transport=transport, timeout=WAIT_S) as one:
            headers = {"X-Forwarded-For": told} if told else {}
            return [
                one.post(
                    "/v1/letters", headers=headers,
                    json={"body": "路灯不亮", "is_anonymous": True, "idempotency_key": str(uuid.uuid4())},
                ).status_code
                for _ in range(8)
            ]  # fmt: skip

    assert letters_from("127.0.0.2") == [201] * 7 + [429]
    assert letters_from("127.0.0.3")[:1] == [201]
    assert letters_from("127.0.0.2", told="203.0.113.9")[:1] == [429], (
        "what a visitor says of himself is not believed"
    )


def test_a_process_that_is_killed_loses_nothing_that_was_told(client: httpx.Client, server: Several) -> None:
    cookies, token = dict(client.cookies), client.headers["X-CSRF-Token"]
    told: dict[str, str] = {}
    statuses: set[int] = set()
    failures: list[Exception] = []
    is_over = threading.Event()
    base = str(client.base_url)

    def write() -> None:
        try:
            with httpx.Client(
                base_url=base, cookies=cookies, timeout=WAIT_S, headers={"X-CSRF-Token": token}
            ) as one:
                while not is_over.is_set():
                    key = str(uuid.uuid4())
                    for _ in range(20):
                        try:
                            answer = one.post("/v1/cases", json={"body": "路灯不亮", "idempotency_key": key})
                        except httpx.RemoteProtocolError:
                            # Killed between the head of its answer and the body: nothing was told, so ask again.
                            continue
                        statuses.add(answer.status_code)
                        if answer.status_code == 201:
                            break
                        assert answer.status_code == 502
                        assert "try again" in answer.text
                        assert answer.headers["retry-after"] == "5"
                    else:
                        raise AssertionError("never answered")
                    told[key] = answer.json()["case_id"]
        except (AssertionError, httpx.HTTPError, KeyError) as error:
            failures.append(error)

    def read() -> None:
        try:
            with httpx.Client(base_url=base, timeout=WAIT_S) as one:
                while not is_over.is_set():
                    with contextlib.suppress(httpx.RemoteProtocolError):
                        assert one.get("/v1/city").status_code == 200, (
                            "a question is asked again behind the scenes"
                        )
        except (AssertionError, httpx.HTTPError, KeyError) as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)] + [
        threading.Thread(target=read) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for _ in range(3):
        n_before, victim = len(told), min(server.workers())
        until(lambda n=n_before: len(told) > n + 10 or failures, "nothing is written")  # type: ignore[misc]
        os.kill(victim, signal.SIGKILL)
        until(lambda v=victim: len(server.workers() - {v}) == 2, "nobody follows")  # type: ignore[misc]
    is_over.set()
    for thread in threads:
        thread.join(WAIT_S)
    assert failures == []
    assert len(set(told.values())) == len(told)
    for case_id in told.values():
        assert client.get(f"/v1/cases/{case_id}").status_code == 200
    assert statuses <= {201, 502}


def test_when_nobody_answers_it_is_said(home: Path) -> None:
    with several(home, HUITIAN_STORE_PASSWORD=PASSWORD) as running:
        port = int(running.base.rpartition(":")[2])
        with nginx_before(port) as base:
            running.process.terminate()
            running.process.wait(WAIT_S)
            answer = httpx.get(base, timeout=WAIT_S)
            assert answer.status_code == 502
            assert re.search("请稍后再试", answer.text)
