"""The database server is killed under a city that is served, and comes back."""

import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from huitian.engine.scaled import with_password
from huitian.engine.scaled.postgres import connect
from tests.needs import need
from tests.served.city import Several, several
from tests.servers.postgres import Server, postgres
from tests.servers.small_city import make_small_city
from tests.waiting import WAIT_S, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    """Start a server that a test may kill."""
    need("postgres")
    with postgres() as server:
        yield server


@pytest.fixture(scope="module")
def address(database: Server) -> str:
    """Return the address of a database for the city."""
    return database.database()


@pytest.fixture(scope="module")
def server(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    """Serve a small demo city on it by two processes."""
    home = tmp_path_factory.mktemp("away") / "city"
    make_small_city(home, store_address=address, sse_heartbeat_s=1)
    with several(home) as running:
        yield running


def status_of(server: Several) -> int:
    return httpx.get(f"{server.base}/readyz", timeout=WAIT_S).status_code


def steps_of(client: httpx.Client, case_id: str) -> list[str]:
    shown = client.get(f"/v1/cases/{case_id}").json()
    return [step["action"] for step in shown["steps"]]


def test_a_step_in_the_middle_of_which_the_database_goes_is_taken_once(
    database: Server, address: str, server: Several
) -> None:
    before = server.workers()
    with server.signed_in("dispatcher") as client, server.signed_in("leader") as listener:
        case = client.post("/v1/cases", json={"body": "路灯不亮", "idempotency_key": "away-case"}).json()
        case_id = case["case_id"]
        version = client.get(f"/v1/cases/{case_id}").json()["version"]
        step = {"action": "note", "expected_version": version, "idempotency_key": "away-step",
                "words": {"note": "看过了"}}  # fmt: skip
        heard, is_open = Heard(listener), threading.Event()
        heard.start(is_open)
        assert is_open.wait(WAIT_S)
        sql = connect(with_password(address, ""), 1)
        held = sql.connect()
        # Whoever writes an event waits here: the step is in the middle when the server goes.
        held.execute(text("LOCK TABLE outbox IN EXCLUSIVE MODE"))
        answers: list[httpx.Response] = []
        sender = threading.Thread(
            target=lambda: answers.append(client.post(f"/v1/cases/{case_id}/steps", json=step))
        )
        sender.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'outbox'::regclass AND NOT granted"
        watching = connect(with_password(address, ""), 1)
        with watching.connect() as connection:
            until(lambda: connection.execute(text(waiting)).scalar_one(), "the step never began")
        database.stop("immediate")
        sender.join(WAIT_S)
        (answer,) = answers
        assert answer.status_code == 503
        assert answer.json()["code"] in {"store_away", "store_busy"}
        assert answer.json()["what_to_do"]
        again = client.post(f"/v1/cases/{case_id}/steps", json=step)
        assert (again.status_code, again.json()["code"]) == (503, "store_away")
        assert status_of(server) == 503
        for engine in (sql, watching):
            engine.dispose()
        database.start()
        until(lambda: status_of(server) == 200, "it is never ready again")
        assert client.post(f"/v1/cases/{case_id}/steps", json=step).status_code == 200
        assert client.post(f"/v1/cases/{case_id}/steps", json=step).status_code == 200
        assert steps_of(client, case_id).count("note") == 1
        until(lambda: heard.actions.count("note") == 1, "the stream missed it")
        heard.stop()
    assert server.workers() == before, "a process died"


class Heard:
    """A reader of the stream who comes back as a browser does."""

    def __init__(self, client: httpx.Client) -> None:
        self.actions: list[str] = []
        self.numbers: list[int] = []
        self._client, self._last, self._is_over = client, "", threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self, is_open: threading.Event) -> None:
        self._is_open = is_open
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()

    def _read(self) -> None:
        while not self._is_over.is_set():
            try:
                self._listen()
            except (httpx.HTTPError, RuntimeError):
                # Cut off; or its client was closed, which ends it.
                if self._client.is_closed:
                    return
                time.sleep(0.2)

    def _listen(self) -> None:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        with self._client.stream("GET", "/v1/stream", headers=headers) as answer:
            if answer.status_code != 200:
                time.sleep(0.2)
                return
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    self._last = value
                    self._is_open.set()
                if name == "data" and "case_stepped" in value:
                    self.numbers.append(int(self._last))
                    self.actions.append(httpx.Response(200, text=value).json()["action"])
                if self._is_over.is_set():
                    return


def test_what_was_acknowledged_while_the_database_restarts_is_there(
    database: Server, server: Several
) -> None:
    told: dict[str, str] = {}
    failures: list[Exception] = []
    statuses: set[int] = set()
    is_over = threading.Event()
    before = server.workers()

    def write(cookies: dict[str, str], token: str) -> None:
        try:
            headers = {"X-CSRF-Token": token}
            with httpx.Client(
                base_url=server.base, cookies=cookies, timeout=WAIT_S, headers=headers
            ) as client:
                while not is_over.is_set():
                    key = str(uuid.uuid4())
                    until(lambda k=key: tried(client, k), "a case is never taken")  # type: ignore[misc]
        except (AssertionError, httpx.HTTPError, KeyError) as error:
            failures.append(error)

    def tried(client: httpx.Client, key: str) -> bool:
        answer = client.post("/v1/cases", json={"body": "路灯不亮", "idempotency_key": key})
        statuses.add(answer.status_code)
        if answer.status_code != 201:
            assert answer.status_code == 503, answer.text
            return False
        told[key] = answer.json()["case_id"]
        return True

    with server.signed_in("dispatcher") as client:
        own = dict(client.cookies), client.headers["X-CSRF-Token"]
        writers = [threading.Thread(target=write, args=own) for _ in range(4)]
        for writer in writers:
            writer.start()
        for mode in ("immediate", "fast"):
            n_before = len(told)
            until(lambda n=n_before: len(told) > n + 10 or failures, "nothing is written")  # type: ignore[misc]
            database.stop(mode)
            time.sleep(0.5)
            database.start()
        n_before = len(told)
        until(lambda: len(told) > n_before + 10 or failures, "nothing is written afterwards")
        is_over.set()
        for writer in writers:
            writer.join(WAIT_S)
        assert failures == []
        assert 503 in statuses
        assert len(set(told.values())) == len(told)
        for key, case_id in told.items():
            assert client.get(f"/v1/cases/{case_id}").status_code == 200, key
            again = client.post("/v1/cases", json={"body": "路灯不亮", "idempotency_key": key})
            assert again.json()["case_id"] == case_id
    assert server.workers() == before, "a process died"
