"""The record store of the scaled engine: PostgreSQL, several writers at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from numbers import Integral
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Insert, Table, and_, select

from huitian.engine.columns import Plain
from huitian.engine.condition import condition_of, is_server_read_only
from huitian.engine.marks import MOVED_TO
from huitian.engine.records import SqlRecords
from huitian.engine.scaled.postgres import CHANNEL, at_once, overlap
from huitian.engine.sealing.vault import Vault
from huitian.engine.tables import outbox, store_mark
from huitian.engine.troubles import store_told
from huitian.engine.writing import SqlWriting, chunks
from huitian.errors import StoreMoved
from huitian.model.audit import Entry
from huitian.model.query import Event, Row

EMIT_LOCK = 0x4854  # "HT"
"""Advisory lock that a transaction takes with its first event or audit entry and keeps until it ends."""

MANY = 4
"""Rows from which one document is quicker than one statement a row."""
AT_ONCE = 2_000
"""Rows of one document."""
MOVED = select(store_mark.c.told).where(store_mark.c.mark == MOVED_TO).scalar_subquery()


class ScaledWriting(SqlWriting):
    """A transaction on PostgreSQL.

    From its first event on, a transaction holds the emit lock, so numbers of the outbox commit in their order
    and a reader that goes by the number never passes over one that commits late.

    Args:
        connection: The connection, in a transaction.
        where: The store, as it may be shown.
    """

    # A table that somebody else counts just now is left to him.
    COUNTING = "ANALYZE (SKIP_LOCKED)"

    def __init__(self, connection: Connection, where: str, vault: Vault | None = None) -> None:
        super().__init__(connection, overlap, vault)
        self._where = where

    def emit(self, event: Event) -> int:
        """Record an event in the outbox of this transaction; with the first goes the wake-up, sent at commit."""
        if not self.n_events:
            self.connection.exec_driver_sql(
                f"SELECT pg_advisory_xact_lock({EMIT_LOCK}), pg_notify('{CHANNEL}', '')"
            )
        return super().emit(event)

    def chain(self, entries: Sequence[Entry]) -> list[int]:
        """Append entries to the audit, under the lock of the outbox: one lock for both, so none waits crosswise."""
        self.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({EMIT_LOCK})")
        return super().chain(entries)

    def insert_event(self, statement: Insert) -> int:
        """Insert an event, unless the city left this store while the transaction waited for its lock.

        A move shuts this table until it has marked the store, so whoever gets in afterwards sees the mark.

        Raises:
            StoreMoved: It did.
        """
        seq, to = self.connection.execute(statement.returning(outbox.c.seq, MOVED)).one()
        if to is not None:
            raise StoreMoved(where=self._where, to=to)
        return int(seq)

    def among(
        self, table: Table, keys: Sequence[str], wanted: Sequence[tuple[Any, ...]]
    ) -> ColumnElement[bool]:
        """Return a condition column by column: PostgreSQL plans 400 tuples as 400 alternatives, ten times as long."""
        return and_(*(table.c[k].in_({one[at] for one in wanted}) for at, k in enumerate(keys)))

    def insert_new(self, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> int:
        """Insert rows of one shape whose key is not there yet; many go as one JSON document, in one trip."""
        if len(rows) < MANY:
            return super().insert_new(table, names, rows)
        dialect = self.connection.dialect
        quote = dialect.identifier_preparer.quote
        kinds = {name: table.c[name].type for name in names}
        columns = ", ".join(quote(name) for name in names)
        typed = ", ".join(
            f"{quote(name)} {'text' if isinstance(kind, Plain) else kind.compile(dialect)}"
            for name, kind in kinds.items()
        )
        # JSON columns travel as text: what is null in the document would be NULL, and not the null that was meant.
        taken = ", ".join(
            f"{quote(name)}::json" if isinstance(kind, Plain) else quote(name) for name, kind in kinds.items()
        )
        sql = (
            f"INSERT INTO {table.name} ({columns}) SELECT {taken} FROM json_to_recordset(%s::json) AS told({typed}) "
            "ON CONFLICT DO NOTHING"
        )
        processors = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
        n_added = 0
        for part in chunks(rows, AT_ONCE):
            told = [
                {
                    name: row[name] if process is None else process(row[name])
                    for name, process in processors.items()
                }
                for row in part
            ]
            try:
                document = json.dumps(told, default=told_as, allow_nan=False)
            except ValueError:  # a number that JSON does not have
                n_added += super().insert_new(table, names, part)
                continue
            n_added += max(self.connection.exec_driver_sql(sql, (document,)).rowcount, 0)
        return n_added


def told_as(value: object) -> str | int:
    """Return a value that JSON does not have as PostgreSQL reads it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, Integral):
        return int(value)
    raise TypeError(f"{value!r} is not a value of a row")


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
            yield ScaledWriting(connection, self._where, self.vault)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection to read, its troubles told; every statement sees what is committed when it begins."""
        with super().reading() as connection:
            driver: Any = connection.connection.driver_connection
            with at_once(driver):
                yield connection

    def check(self, *, is_thorough: bool = False) -> Mapping[str, str]:
        """Say how the store is; PostgreSQL checks its own pages."""
        del is_thorough
        return condition_of(self._engine, is_server_read_only)
