"""The record store of the scaled engine: PostgreSQL, several writers at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine, text

from huitian.engine.condition import condition_of, is_server_read_only
from huitian.engine.records import SqlRecords
from huitian.engine.scaled.postgres import CHANNEL, overlap
from huitian.engine.troubles import store_told
from huitian.engine.writing import SqlWriting
from huitian.model.query import Event

EMIT_LOCK = 0x4854  # "HT"
"""Advisory lock that a transaction takes with its first event and keeps until it ends."""


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


class ScaledRecords(SqlRecords):
    """Rows in PostgreSQL; see ``ports.Records``."""

    def __init__(self, engine: Engine, where: str, busy_timeout_s: float) -> None:
        super().__init__(engine, where, busy_timeout_s, overlap)

    @contextmanager
    def writing(self) -> Iterator[ScaledWriting]:
        """Open a transaction; rows that another one changes are waited for until ``busy_timeout_s``."""
        with (
            store_told(self._where, self._busy_timeout_s),
            self._engine.connect() as connection,
            connection.begin(),
        ):
            connection.execute(text(f"SET LOCAL lock_timeout = '{int(self._busy_timeout_s * 1000)}ms'"))
            writing = ScaledWriting(connection, overlap)
            yield writing
            if writing.n_events:
                connection.execute(text(f"NOTIFY {CHANNEL}"))

    def check(self, *, is_thorough: bool = False) -> Mapping[str, str]:
        """Say how the store is; PostgreSQL checks its own pages."""
        del is_thorough
        return condition_of(self._engine, is_server_read_only)
