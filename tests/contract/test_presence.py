"""Who is at a store on PostgreSQL, when connections break and none is left."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from huitian.engine.copying import alone
from huitian.engine.marks import MOVED_TO, change_marks
from huitian.engine.scaled import ScaledEngine, create_scaled
from huitian.engine.scaled.postgres import at_once, connect
from huitian.engine.scaled.presence import Presence
from huitian.errors import StoreLocked, StoreMoved
from huitian.model.query import Event
from tests.servers.postgres import Server

pytestmark = pytest.mark.contract

QUICK_S = 0.2
WAIT_S = 20.0


def test_who_found_no_connection_left_is_there_at_the_next_attempt(
    postgres_server: Server, tmp_path: Path
) -> None:
    address = postgres_server.database()
    other = create_scaled(address, tmp_path)
    sql = connect(address, 1, QUICK_S)
    presence = Presence(sql, "here")
    presence.share()
    with other.sql.connect() as connection:
        ended = "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() " \
                "AND datname = current_database()"  # fmt: skip
        connection.execute(text(ended))
    all_there_are = [sql.connect() for _ in range(2)]
    for _ in range(2):
        with pytest.raises(PoolTimeout):
            presence.renew()
    for one in all_there_are:
        one.close()
    presence.renew()
    with pytest.raises(StoreLocked):
        other.hold_alone()
    presence.leave()
    other.hold_alone()
    other.close()
    sql.dispose()


def test_what_presence_set_is_not_taken_back_on_the_connection_that_has_its_place_in_the_pool(
    postgres_server: Server, tmp_path: Path
) -> None:
    """That would be a statement at every return; on a connection that broke meanwhile, a fault nobody foresees."""
    address = postgres_server.database()
    other = create_scaled(address, tmp_path)
    sql = connect(address, 1, WAIT_S)
    presence = Presence(sql, "here")
    presence.share()
    with sql.connect() as connection, at_once(driver_of(connection)):
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.sql.connect() as ending:
            ended = text("SELECT pg_terminate_backend(:number, 20000)")
            assert ending.execute(ended, {"number": number}).scalar_one()
    with sql.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != number
    presence.leave()
    other.close()
    sql.dispose()


def driver_of(connection: Connection) -> Any:
    """Return the driver's own connection."""
    return connection.connection.driver_connection


def test_a_refused_process_keeps_no_connection(postgres_server: Server, tmp_path: Path) -> None:
    address = postgres_server.database()
    other = create_scaled(address, tmp_path)
    other.hold_alone()
    sql = connect(address, 1, QUICK_S)
    for _ in range(3):
        with pytest.raises(StoreLocked):
            Presence(sql, "here").share()
    assert sql.pool.checkedout() == 0  # type: ignore[attr-defined]
    other.close()
    sql.dispose()


@pytest.mark.parametrize("is_row_first", [True, False], ids=["waits with a row", "waits with its event"])
def test_who_waited_for_a_move_writes_into_no_store_that_was_left(
    postgres_server: Server, tmp_path: Path, *, is_row_first: bool
) -> None:
    """As a server whose presence broke with its connection, just before somebody moved the city away."""
    address = postgres_server.database()
    mover, server = create_scaled(address, tmp_path), create_scaled(address, tmp_path)
    told: list[StoreMoved] = []

    def write() -> None:
        try:
            with server.records.writing() as writing:
                if is_row_first:
                    writing.add("city_fact", [{"fact": "late", "told": "lost"}])
                writing.emit(Event("case", "case_stepped", {}))
        except StoreMoved as error:
            told.append(error)

    with alone(mover) as held:
        writer = threading.Thread(target=write)
        writer.start()
        until_one_waits(mover)
        change_marks(held.connection, told={MOVED_TO: "elsewhere"})
    writer.join(WAIT_S)
    assert [error.facts["to"] for error in told] == ["elsewhere"]
    with mover.sql.connect() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM city_fact WHERE fact = 'late'")).scalar_one() == 0
        )
    mover.close()
    server.close()


def until_one_waits(engine: ScaledEngine) -> None:
    """Wait until a transaction waits for a table."""
    until_s = time.monotonic() + WAIT_S
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
    with engine.sql.connect() as connection:
        while not connection.execute(waiting).scalar_one():
            assert time.monotonic() < until_s, "nobody waits"
            time.sleep(0.02)


def test_a_connection_that_was_asked_for_a_sign_of_life_is_in_no_transaction(
    postgres_server: Server, tmp_path: Path
) -> None:
    """Else every read would begin and end one, which is twice the trips."""
    engine = create_scaled(postgres_server.database(), tmp_path)
    own = text("SELECT pg_backend_pid()")
    with engine.sql.connect() as connection:
        number = connection.execute(own).scalar_one()
    with engine.sql.connect(), engine.sql.connect() as watching:
        state = text("SELECT state FROM pg_stat_activity WHERE pid = :number")
        assert watching.execute(state, {"number": number}).scalar_one() == "idle"
    engine.close()
