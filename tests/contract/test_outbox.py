"""The outbox under several writers: no number is passed over, none stalls, and PostgreSQL wakes who waits."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from huitian.base.planner import Planner
from huitian.engine import outbox as base_outbox
from huitian.engine.ports import Engine
from huitian.engine.scaled import ScaledEngine, open_scaled
from huitian.engine.scaled import outbox as scaled_outbox
from huitian.errors import StoreAway, StoreBusy, StoreLocked
from huitian.model.query import Event
from tests.base.towns import settle
from tests.servers.postgres import Server
from tests.waiting import until

pytestmark = pytest.mark.contract

WAIT_S = 20.0
N_WRITERS, N_EACH = 4, 200


class Broken(Exception):
    """Ends a transaction."""


@pytest.fixture
def planner(engine: Engine) -> Planner:
    """Return the planner of the small town."""
    return settle(engine)


@pytest.fixture
def two(postgres_server: Server, tmp_path: Path) -> Iterator[tuple[ScaledEngine, ScaledEngine]]:
    """Open one store twice, as two processes do."""
    from huitian.engine.scaled import create_scaled

    address = postgres_server.database()
    create_scaled(address, tmp_path).close()
    engines = open_scaled(address, tmp_path, 30.0), open_scaled(address, tmp_path, 30.0)
    settle(engines[0])
    yield engines
    for one in engines:
        one.close()


def event(n: int) -> Event:
    return Event("case", "case_stepped", {"n": n})


def numbers(engine: Engine, planner: Planner, since: int) -> list[int]:
    return [one.seq for one in engine.events.read_since(planner.system("outbox"), since, ())]


def planner_of(engine: Engine) -> Planner:
    from huitian.clock import SystemClock

    return Planner(engine.records, SystemClock(), 10, 5)


def waiters(engine: ScaledEngine) -> int:
    with engine.sql.connect() as connection:
        return int(
            connection.execute(
                text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            ).scalar_one()
        )


def test_a_transaction_that_emitted_second_does_not_commit_first(
    two: tuple[ScaledEngine, ScaledEngine],
) -> None:
    a, b = two
    planner = planner_of(a)
    before = a.events.last_seq()
    told: list[int] = []

    def second() -> None:
        with b.records.writing() as writing:
            told.append(writing.emit(event(2)))

    thread = threading.Thread(target=second)
    with a.records.writing() as first:
        number = first.emit(event(1))
        thread.start()
        until(lambda: waiters(a) == 1, "the second never asked")
        # A reader in between sees neither: nothing that it could go by and miss the first.
        assert numbers(a, planner, before) == []
        assert a.events.last_seq() == before
        assert not told
    thread.join(WAIT_S)
    assert told[0] > number
    assert numbers(a, planner, before) == [number, told[0]]


def test_a_rollback_leaves_a_gap_that_stalls_nobody(engine: Engine, planner: Planner) -> None:
    seen = 0
    for n in range(6):
        try:
            with engine.records.writing() as writing:
                writing.emit(event(n))
                if n % 2:
                    raise Broken
        except Broken:
            continue
        assert engine.events.wait(seen, WAIT_S)
        (seen,) = numbers(engine, planner, seen)
    assert [e.payload["n"] for e in engine.events.read_since(planner.system("outbox"), 0, ())] == [0, 2, 4]


def test_a_reader_sees_all_of_several_writers_in_order(engine: Engine, planner: Planner) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        n = 0
        while n < N_EACH:
            try:
                with engine.records.writing() as writing:
                    for k in range(n, min(n + 1 + writer, N_EACH)):
                        writing.emit(Event("case", "case_stepped", {"writer": writer, "n": k}))
                    if (n + writer) % 17 == 5 and not rolled.get((writer, n)):
                        rolled[writer, n] = True
                        raise Broken
                n = k + 1
            except (Broken, StoreBusy):
                continue
            except BaseException as error:
                failures.append(error)
                raise

    rolled: dict[tuple[int, int], bool] = {}
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(N_WRITERS)]
    for thread in threads:
        thread.start()
    seen, order = 0, []
    allowed = planner.system("outbox")
    end_s = time.monotonic() + WAIT_S
    while len(order) < N_WRITERS * N_EACH:
        assert not failures
        assert time.monotonic() < end_s, len(order)
        engine.events.wait(seen, 1.0)
        for one in engine.events.read_since(allowed, seen, (), 50):
            assert one.seq > seen
            seen = one.seq
            order.append((one.payload["writer"], one.payload["n"]))
    for thread in threads:
        thread.join(WAIT_S)
    for writer in range(N_WRITERS):
        assert [n for w, n in order if w == writer] == list(range(N_EACH))
    assert rolled


@contextmanager
def waiting(engine: ScaledEngine, seq: int) -> Iterator[list[bool]]:
    """Let a reader wait; at the end it must have been told."""
    told: list[bool] = []

    def wait() -> None:
        while True:
            try:
                told.append(engine.events.wait(seq, WAIT_S))
            except StoreAway:
                # Its connection was ended while it looked; the server's own reader goes on, too.
                continue
            return

    thread = threading.Thread(target=wait)
    thread.start()
    yield told
    thread.join(WAIT_S)
    assert told == [True]


@pytest.fixture
def unpolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let readers look only when they are woken: whoever is not woken waits for longer than the test does."""
    monkeypatch.setattr(scaled_outbox, "POLL_S", 10 * WAIT_S)


def listeners(engine: ScaledEngine) -> list[int]:
    """Return the server processes that hold a connection that listens."""
    with engine.sql.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND query IN ('LISTEN huitian_outbox', 'SELECT 1') AND state = 'idle'"
            )
        )
        return [int(pid) for (pid,) in found]


@pytest.mark.usefixtures("unpolled")
def test_what_another_process_commits_wakes_a_reader_that_does_not_look(
    two: tuple[ScaledEngine, ScaledEngine],
) -> None:
    a, b = two
    for n in range(20):
        with waiting(a, a.events.last_seq()), b.records.writing() as writing:
            writing.emit(event(n))


@pytest.mark.usefixtures("unpolled")
def test_a_notice_lost_with_its_connection_is_made_up_for(
    two: tuple[ScaledEngine, ScaledEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = two
    with waiting(a, a.events.last_seq()), b.records.writing() as writing:
        writing.emit(event(0))
    monkeypatch.setattr(scaled_outbox, "AGAIN_S", 1.0)
    with waiting(a, a.events.last_seq()):
        with b.sql.connect() as connection:
            # Every other connection goes, the one that listens among them; the event comes while nobody does.
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                     "AND pid <> pg_backend_pid()")
            )  # fmt: skip
        with b.records.writing() as writing:
            writing.emit(event(1))
    with waiting(a, a.events.last_seq()), b.records.writing() as writing:
        writing.emit(event(2))


def cut_off_others(engine: ScaledEngine) -> None:
    with engine.sql.connect() as connection:
        words = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        connection.execute(text(words))


def test_connections_that_the_server_ended_are_not_handed_out(two: tuple[ScaledEngine, ScaledEngine]) -> None:
    a, b = two
    held = [a.sql.connect() for _ in range(4)]
    for one in held:
        one.execute(text("SELECT 1"))
        one.close()
    cut_off_others(b)
    for _ in range(8):
        assert a.events.last_seq() >= 0


def test_who_serves_a_store_says_so_again_when_the_connection_broke(
    two: tuple[ScaledEngine, ScaledEngine],
) -> None:
    a, b = two
    a.hold()
    with waiting(a, a.events.last_seq()), b.records.writing() as writing:
        writing.emit(event(0))
    cut_off_others(b)

    def is_kept_out() -> bool:
        try:
            b.hold_alone()
        except StoreLocked:
            return True
        b._presence.leave()
        return False

    until(is_kept_out, "it is taken away from under a server")


def test_who_was_locked_out_meanwhile_is_told(
    two: tuple[ScaledEngine, ScaledEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = two
    is_out = threading.Event()
    a.locked_out = is_out.set
    monkeypatch.setattr(scaled_outbox, "AGAIN_S", 2.0)
    a.hold()
    with waiting(a, a.events.last_seq()), b.records.writing() as writing:
        writing.emit(event(0))
    cut_off_others(b)

    def is_taken() -> bool:
        try:
            b.hold_alone()
        except StoreLocked:
            return False
        return True

    until(is_taken, "the lock outlives its connection")
    assert is_out.wait(WAIT_S)


@pytest.mark.usefixtures("unpolled")
def test_listening_holds_one_connection_and_gives_it_back(
    postgres_server: Server, two: tuple[ScaledEngine, ScaledEngine], tmp_path: Path
) -> None:
    a, b = two

    def n_connections() -> int:
        with b.sql.connect() as connection:
            words = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            return int(connection.execute(text(words)).scalar_one())

    for _ in range(3):
        with waiting(a, a.events.last_seq()), b.records.writing() as writing:
            writing.emit(event(0))
    assert a.sql.pool.checkedout() == 0  # type: ignore[attr-defined]
    own = len(listeners(a))
    assert own == 1
    a.close()
    until(lambda: n_connections() == 1, "connections are left")
    assert threading.active_count() < 20


def test_an_interrupt_ends_a_wait(engine: Engine, planner: Planner) -> None:
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(engine.events.wait(0, 10 * WAIT_S)))
    thread.start()
    until(lambda: engine.events._condition._waiters, "nobody waits")  # type: ignore[attr-defined]
    engine.events.interrupt()
    thread.join(WAIT_S)
    assert told == [False]


def test_bytes_that_the_driver_holds_already_are_seen() -> None:
    class Driver:
        def __init__(self) -> None:
            self._usock, self.far = socket.socketpair()
            self._sock = self._usock.makefile("rwb")

    driver = Driver()
    assert not scaled_outbox.is_waiting(driver)
    driver.far.send(b"ZA")
    assert driver._sock.read(1) == b"Z"
    assert scaled_outbox.is_waiting(driver)
    assert driver._sock.read(1) == b"A"
    assert not scaled_outbox.is_waiting(driver)
    assert driver._usock.getblocking()
    for one in (driver._sock, driver._usock, driver.far):
        one.close()
    assert base_outbox.SqlEvents.wait is not scaled_outbox.ScaledEvents.wait
