"""Reading of a SQL store; each engine adds how it writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from huitian.engine.buckets import add_up
from huitian.engine.statements import Overlap, tally_of
from huitian.engine.troubles import store_told
from huitian.engine.writing import read_page
from huitian.model.query import Page, Query, Row, Tally
from huitian.model.scope import Allowed


class SqlRecords:
    """Rows of a SQL store; see ``ports.Records``.

    Args:
        engine: The store.
        where: The store, as it may be shown.
        busy_timeout_s: How long a caller waits.
        overlap: How the store finds boxes that overlap.
    """

    def __init__(self, engine: Engine, where: str, busy_timeout_s: float, overlap: Overlap) -> None:
        self._engine = engine
        self._where = where
        self._busy_timeout_s = busy_timeout_s
        self._overlap = overlap

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows."""
        with self.reading() as connection:
            return read_page(connection, allowed, query, self._overlap)

    def tally(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Return one row per group."""
        with self.reading() as connection:
            statement = tally_of(allowed, tally, self._overlap)
            rows: list[Row] = [dict(row) for row in connection.execute(statement).mappings()]
        return rows if tally.bucket is None else add_up(rows, tally.bucket[1], tally.group_by)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection to read, its troubles told."""
        with store_told(self._where, self._busy_timeout_s), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give back connections."""
        self._engine.dispose()
