"""The live stream: what is heard, by whom, after a break, and by a client that does not keep up."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from huitian.api.live import MOST_REPLAYED, Live
from huitian.api.reader import COOKIE
from huitian.api.sign_in import hash_of
from huitian.app import OpenCity
from huitian.app.demo import open_demo
from huitian.model.query import Event
from huitian.model.scope import Scope
from tests.api.serving import WAIT_S, Served, problem, serving
from tests.api.test_cases import new_case, take

pytestmark = pytest.mark.served


class Heard:
    """Reads one stream on a thread of its own."""

    def __init__(self, client: httpx.Client, **headers: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.n_beats = 0
        self.is_open = threading.Event()
        self.is_over = threading.Event()
        self._client, self._headers = client, headers
        self.retry_ms = 0
        self.first_id = 0
        self.thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        topics = {"topics": "case,number,load"}
        with self._client.stream("GET", "/v1/stream", params=topics, headers=self._headers) as answer:
            assert answer.status_code == 200, answer.read()
            assert answer.headers["content-type"].startswith("text/event-stream")
            event: dict[str, Any] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if not line:
                    if event.get("event") == "heartbeat":
                        self.n_beats += 1
                    elif "data" in event:
                        self.events.append(event)
                    elif "retry" in event:
                        self.retry_ms, self.first_id = int(event["retry"]), int(event["id"])
                        self.is_open.set()
                    event = {}
                elif not line.startswith(":"):
                    event[name] = json.loads(value) if name == "data" else value
        self.is_over.set()

    def until(self, n_events: int) -> list[dict[str, Any]]:
        end_s = time.monotonic() + WAIT_S
        while len(self.events) < n_events:
            assert time.monotonic() < end_s, self.events
            time.sleep(0.01)
        return self.events


def end_streams(served: Served) -> None:
    """End the open streams, on the loop that they live on."""
    live = served.server.live
    assert live.loop is not None
    live.loop.call_soon_threadsafe(live.close)


@contextmanager
def listening(served: Served, user_name: str, **headers: str) -> Iterator[Heard]:
    with served.signed_in(user_name) as client:
        heard = Heard(client, **headers)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        yield heard
        end_streams(served)
        assert heard.is_over.wait(WAIT_S)
        heard.thread.join(WAIT_S)


def emit(city: OpenCity, *events: Event) -> int:
    seq = 0
    with city.engine.records.writing() as writing:
        for event in events:
            seq = writing.emit(replace(event, recorded_at=city.clock.now()))
    return seq


@pytest.fixture
def own(folder: Path, served: Served) -> Iterator[Served]:
    """Serve the same city once more, so that a test has its streams to itself and may stop it."""
    settings = replace(served.city.settings, sse_heartbeat_s=1, sse_queue_events=50)
    city = open_demo(folder, settings)
    with serving(city) as running:
        yield running
    city.close()


def test_a_step_is_heard_as_it_happens(own: Served) -> None:
    with listening(own, "leader") as heard, own.signed_in("dispatcher") as client:
        case = new_case(own, client)
        take(client, case, "note", words={"note": "secret words"})
        events = heard.until(2)
        assert [event["event"] for event in events] == ["case", "case"]
        assert [event["data"]["action"] for event in events] == ["accept", "note"]
        assert events[1]["data"]["case_id"] == case["case_id"]
        assert events[1]["data"]["kind"] == "case_stepped"
        assert int(events[0]["id"]) < int(events[1]["id"])
        assert "secret words" not in json.dumps(events)
        assert heard.retry_ms == 2000


def test_a_break_loses_nothing(own: Served) -> None:
    before = own.city.engine.events.last_seq()
    last = emit(own.city, *[Event("case", "case_stepped", {"n": n}) for n in range(20)])
    with listening(own, "leader", **{"Last-Event-ID": str(before + 5)}) as heard:
        events = heard.until(15)
        assert [int(event["id"]) for event in events] == list(range(before + 6, last + 1))
        emit(own.city, Event("case", "case_stepped", {"n": 20}))
        assert heard.until(16)[-1]["data"]["n"] == 20


@pytest.mark.parametrize("since", ["0", "999999999", "99999999999999999999"])
def test_too_long_a_break_is_told_so(own: Served, since: str) -> None:
    emit(own.city, *[Event("case", "case_stepped", {}) for _ in range(MOST_REPLAYED + 1)])
    with listening(own, "leader", **{"Last-Event-ID": since}) as heard:
        (event,) = heard.until(1)
        assert event["event"] == "reset"
        assert int(event["id"]) == heard.first_id == own.city.engine.events.last_seq()


def test_a_reader_hears_its_own_place_and_topics(own: Served) -> None:
    with own.signed_in("street") as client:
        place_id = client.get("/v1/session").json()["user"]["place_id"]
        below = client.get("/v1/places", params={"level": "grid"}).json()["items"][0]["place_id"]
        others = client.get("/v1/city").json()["root_place_id"]
    with listening(own, "street") as heard:
        emit(
            own.city, Event("case", "k", {"n": 1}, (below, "property:x")), Event("case", "k", {"n": 2}, (others,)),
            Event("load", "k", {"n": 3}), Event("case", "k", {"n": 4}, (place_id,)), Event("number", "k", {"n": 5}),
        )  # fmt: skip
        assert [event["data"]["n"] for event in heard.until(3)] == [1, 4, 5]


def test_a_quiet_stream_gives_signs_of_life(own: Served) -> None:
    with listening(own, "leader") as heard:
        end_s = time.monotonic() + WAIT_S
        while heard.n_beats < 2:
            assert time.monotonic() < end_s
            time.sleep(0.05)


def test_a_stop_ends_the_streams(folder: Path, served: Served) -> None:
    city = open_demo(folder, served.city.settings)
    with serving(city) as running, running.signed_in("leader") as client:
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        began_s = time.monotonic()
        running.server.should_exit = True
        assert heard.is_over.wait(WAIT_S)
        assert time.monotonic() - began_s < 15
    city.close()


def test_a_client_that_does_not_keep_up_is_dropped(own: Served) -> None:
    live: Live = own.server.live
    with own.signed_in("leader") as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        host, port = own.base.removeprefix("http://").split(":")
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((host, int(port)))
        lazy.sendall(f"GET /v1/stream HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        with listening(own, "leader") as heard:
            end_s = time.monotonic() + WAIT_S
            n_sent = 0
            while live.n_dropped == 0:
                assert time.monotonic() < end_s, "never dropped"
                emit(own.city, *[Event("case", "k", {"filler": "x" * 60_000})] * 10)
                n_sent += 10
                heard.until(n_sent)
            assert live.n_listeners == 1
            emit(own.city, Event("case", "k", {"n": "still here"}))
            assert heard.until(n_sent + 1)[-1]["data"]["n"] == "still here"
        lazy.close()


def test_many_streams_hear_the_same(own: Served) -> None:
    n_streams = 100

    async def hear_all(cookies: httpx.Cookies) -> list[list[int]]:
        limits = httpx.Limits(max_connections=n_streams + 5)
        async with httpx.AsyncClient(
            base_url=own.base, cookies=cookies, limits=limits, timeout=WAIT_S
        ) as client:
            opened: asyncio.Queue[None] = asyncio.Queue()

            async def hear() -> list[int]:
                seen: list[int] = []
                async with client.stream("GET", "/v1/stream") as answer:
                    async for line in answer.aiter_lines():
                        if line.startswith("retry"):
                            opened.put_nowait(None)
                        if line.startswith("data"):
                            seen.append(json.loads(line[6:])["n"])
                            if len(seen) == 10:
                                break
                return seen

            tasks = [asyncio.create_task(hear()) for _ in range(n_streams)]
            for _ in range(n_streams):
                await asyncio.wait_for(opened.get(), WAIT_S)
            for n in range(10):
                await asyncio.to_thread(emit, own.city, Event("case", "k", {"n": n}))
            return await asyncio.wait_for(asyncio.gather(*tasks), WAIT_S)

    with own.signed_in("leader") as client:
        heard = asyncio.run(hear_all(client.cookies))
    assert heard == [list(range(10))] * n_streams
    end_s = time.monotonic() + WAIT_S
    while own.server.live.n_listeners:
        assert time.monotonic() < end_s
        time.sleep(0.05)


def test_signing_out_ends_the_streams_of_the_session(folder: Path, served: Served) -> None:
    city = open_demo(folder, replace(served.city.settings, sse_heartbeat_s=300))
    with (
        serving(city) as running,
        listening(running, "leader") as other,
        running.signed_in("leader") as client,
    ):
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        assert client.delete("/v1/session").status_code == 204
        assert heard.is_over.wait(WAIT_S)
        assert not other.is_over.is_set()
    city.close()


def test_a_session_that_is_gone_ends_a_stream_that_is_never_idle(own: Served) -> None:
    with own.signed_in("leader") as client:
        heard = Heard(client)
        heard.thread.start()
        assert heard.is_open.wait(WAIT_S)
        with own.city.engine.records.writing() as writing:
            writing.remove("session", {"session_hash": hash_of(client.cookies[COOKIE])})
        end_s = time.monotonic() + WAIT_S
        while not heard.is_over.wait(0.2):
            emit(own.city, Event("case", "k", {"n": "still here"}))
            assert time.monotonic() < end_s, "never ended"


def test_an_unknown_topic(dispatcher: httpx.Client) -> None:
    problem(dispatcher.get("/v1/stream", params={"topics": "case,weather"}), 422, "invalid_input")


def test_a_load_makes_the_places_be_read_again(own: Served) -> None:
    planner = own.city.planner
    before = planner.places
    emit(own.city, Event("load", "load_finished", {}))
    end_s = time.monotonic() + WAIT_S
    while planner.places is before:
        assert time.monotonic() < end_s
        time.sleep(0.02)
    assert planner.allow(Scope("x", None, "V2", "dispatcher"), "building").edition_id
