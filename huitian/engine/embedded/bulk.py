"""Whole tables in SQLite."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from huitian.engine.bulk import Decode, base64_of, columns_changed, connected, json_of, without_minus_zero
from huitian.engine.shapes import Key, Shape, Values
from huitian.engine.writing import WRITING
from huitian.errors import RowUnfit


def parsed(value: Any) -> Any:
    """Return what JSON text means; a bare number SQLite has made a number of already."""
    return json.loads(value) if isinstance(value, str) else value


FROM_STORE: dict[str, Decode] = {
    "real": without_minus_zero, "flag": bool, "bytes": base64_of, "plain": parsed,
}  # fmt: skip
TO_STORE: dict[str, Decode] = {"bytes": base64.b64decode, "plain": json_of}


class SqliteBulk:
    """See ``bulk.Bulk``."""

    @contextmanager
    def snapshot(self, sql: Engine) -> Iterator[Connection]:
        """Yield a connection in a read transaction: in WAL it sees what was committed at its first read."""
        with connected(sql) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            yield connection

    def writing(self, sql: Engine) -> AbstractContextManager[Connection]:
        """Yield a connection that has the write lock."""
        return connected(sql, **{WRITING: True})

    def shut(self, connection: Connection, names: Sequence[str], waited_s: float) -> None:
        """Nothing to do: a transaction that may write is the only one."""

    def read(
        self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None, limit: int
    ) -> list[Values]:
        """Return rows in the order of the key."""
        where, bound = within(shape, after, upto)
        names = ", ".join(f'"{name}"' for name, _ in shape.columns)
        order = ", ".join(f'"{name}"' for name in shape.key)
        sql = f"SELECT {names} FROM {shape.name}{where} ORDER BY {order} LIMIT {limit}"
        rows = connection.exec_driver_sql(sql, bound).fetchall()
        return columns_changed(rows, [FROM_STORE.get(kind) for _, kind in shape.columns])

    def write(self, connection: Connection, shape: Shape, rows: list[Values]) -> None:
        """Insert rows; the triggers keep the index of boxes.

        Raises:
            RowUnfit: A box whose sides are not in order, which PostgreSQL holds and SQLite does not.
        """
        names = ", ".join(f'"{name}"' for name, _ in shape.columns)
        marks = ", ".join("?" * len(shape.columns))
        bound = columns_changed(rows, [TO_STORE.get(kind) for _, kind in shape.columns])
        sql = f"INSERT INTO {shape.name} ({names}) VALUES ({marks})"
        try:
            connection.exec_driver_sql(sql, [tuple(row) for row in bound])
        except IntegrityError as error:
            if "rtree" not in str(error.orig):
                raise
            raise RowUnfit(table=shape.name, key="?", why=str(error.orig)) from error

    def remove(self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None) -> int:
        """Delete rows by key."""
        where, bound = within(shape, after, upto)
        return connection.exec_driver_sql(f"DELETE FROM {shape.name}{where}", bound).rowcount

    def number_on(self, connection: Connection) -> None:
        """Nothing to do: SQLite goes on after the greatest number itself."""


def within(shape: Shape, after: Key | None, upto: Key | None) -> tuple[str, Key]:
    """Return the condition on a range of keys, and what is bound in it."""
    names = ", ".join(f'"{name}"' for name in shape.key)
    marks = ", ".join("?" * len(shape.key))
    parts = [f"({names}) {sign} ({marks})" for sign, key in ((">", after), ("<=", upto)) if key is not None]
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), (*(after or ()), *(upto or ()))
