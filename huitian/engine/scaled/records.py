"""The record store of the scaled engine: PostgreSQL, several writers at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from huitian.engine.buckets import add_up
from huitian.engine.scaled.postgres import CHANNEL, overlap
from huitian.engine.statements import tally_of
from huitian.engine.writing import SqlWriting, read_page
from huitian.errors import StoreBusy
from huitian.model.query import Event, Page, Query, Row, Tally
from huitian.model.scope import Allowed

EMIT_LOCK = 0x4854  # "HT"
"""Advisory lock that a transaction takes with its first event and keeps until it ends."""
LOST = ("57P01", "57P02", "57P03", "08000", "08003", "08006")
TRY_AGAIN = ("40001", "40P01", "55P03")


class ScaledWriting(SqlWriting):
    """A transaction on PostgreSQL.

    From its first event on, a transaction holds the emit lock, so numbers of the outbox commit in their order
    and a reader that goes by the number never passes over one that commits late.
    """

    def emit(self, event: Event) -> int:
        """Record an event in the outbox of this transaction."""
        if not self.n_events:
            self.connection.execute(text(f"SELECT pg_advisory_xact_lock({EMIT_LOCK})"))
        return super().emit(event)


class ScaledRecords:
    """Rows in PostgreSQL; see ``ports.Records``."""

    def __init__(self, engine: Engine, busy_timeout_s: float) -> None:
        self._engine = engine
        self._busy_timeout_s = busy_timeout_s

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows."""
        with self._told(), self._engine.connect() as connection:
            return read_page(connection, allowed, query, overlap)

    def tally(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Return one row per group."""
        with self._told(), self._engine.connect() as connection:
            statement = tally_of(allowed, tally, overlap)
            rows: list[Row] = [dict(row) for row in connection.execute(statement).mappings()]
        return rows if tally.bucket is None else add_up(rows, tally.bucket[1], tally.group_by)

    @contextmanager
    def writing(self) -> Iterator[ScaledWriting]:
        """Open a transaction; rows that another one changes are waited for until ``busy_timeout_s``."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{int(self._busy_timeout_s * 1000)}ms'"))
            writing = ScaledWriting(connection, overlap)
            yield writing
            if writing.n_events:
                connection.execute(text(f"NOTIFY {CHANNEL}"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what a caller can do about an error of the server; others go up as they are."""
        try:
            yield
        except PoolTimeout as error:
            raise StoreBusy(waited_s=self._busy_timeout_s) from error
        except DBAPIError as error:
            if error.connection_invalidated or code_of(error) in LOST + TRY_AGAIN:
                raise StoreBusy(waited_s=self._busy_timeout_s) from error
            raise

    def check(self, *, is_thorough: bool = False) -> Mapping[str, str]:
        """Say how the store is; PostgreSQL checks its own pages."""
        del is_thorough
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (OperationalError, DBAPIError, OSError) as error:
            return {"state": "failed", "why": type(error).__name__}
        return {"state": "ok"}

    def close(self) -> None:
        """Give back connections."""
        self._engine.dispose()


def code_of(error: DBAPIError) -> str:
    """Return the SQLSTATE of an error of the driver; empty where it has none."""
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(told.get("C", "")) if isinstance(told, dict) else ""
