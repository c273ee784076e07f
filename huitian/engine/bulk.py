"""Reading and writing tables in bulk, by the fastest way each engine has: see ``copying`` for what a row is."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from huitian.engine.shapes import Key, Shape, Values

Decode = Callable[[Any], Any]


class Bulk(Protocol):
    """How one engine reads and writes whole tables."""

    def snapshot(self, sql: Engine) -> AbstractContextManager[Connection]:
        """Yield a connection that sees the store as it stands now, whatever others write."""
        ...

    def writing(self, sql: Engine) -> AbstractContextManager[Connection]:
        """Yield a connection in a transaction that may write."""
        ...

    def shut(self, connection: Connection, names: Sequence[str], waited_s: float) -> None:
        """Keep all others from writing to these tables until the transaction ends."""
        ...

    def read(
        self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None, limit: int
    ) -> list[Values]:
        """Return rows in the order of the key."""
        ...

    def write(self, connection: Connection, shape: Shape, rows: list[Values]) -> None:
        """Insert rows."""
        ...

    def remove(self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None) -> int:
        """Delete rows by key; returns how many."""
        ...

    def number_on(self, connection: Connection) -> None:
        """Let numbers that the store gives out go on after the greatest there is."""
        ...


def bulk_of(dialect: str) -> Bulk:
    """Return the way of an engine, by the name of its SQL dialect."""
    if dialect == "postgresql":
        from huitian.engine.scaled.bulk import PostgresBulk

        return PostgresBulk()
    from huitian.engine.embedded.bulk import SqliteBulk

    return SqliteBulk()


def columns_changed(rows: Sequence[Sequence[Any]], by: Sequence[Decode | None]) -> list[Values]:
    """Return rows with the values of some columns changed; None stays None. By columns, which is faster."""
    if not rows:
        return []
    columns = [
        column if change is None else [None if value is None else change(value) for value in column]
        for column, change in zip(zip(*rows, strict=True), by, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def without_minus_zero(value: Any) -> float:
    """Return a float; minus zero as zero, which is what SQLite makes of it."""
    return float(value) + 0.0


def base64_of(value: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(value).decode("ascii")


def json_of(value: Any) -> str:
    """Return JSON text as the stores hold it."""
    return json.dumps(value)


@contextmanager
def connected(sql: Engine, **options: Any) -> Iterator[Connection]:
    """Yield a connection in a transaction of its own."""
    with sql.connect() as connection, connection.execution_options(**options).begin():
        yield connection
