"""Whole tables in PostgreSQL, by COPY in its text form: ten times as fast as rows that the driver reads one by one."""

import base64
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from huitian.engine.bulk import Decode, base64_of, columns_changed, connected, json_of, without_minus_zero
from huitian.engine.shapes import Key, Shape, Values
from huitian.engine.troubles import code_of
from huitian.errors import RowUnfit

NULL = b"\\N"
SHORT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
TO_ESCAPE = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
UNFIT = "22"
"""Class of SQLSTATE: a value that its column cannot hold."""


def plain_text(field: bytes) -> str:
    """Return the text that a field of COPY means."""
    if b"\\" in field:
        field = ESCAPED.sub(lambda found: SHORT.get(found[1], found[1]), field)
    return field.decode("utf-8")


FROM_STORE: dict[str, Decode] = {
    "text": plain_text, "day": plain_text, "whole": int, "instant": int, "real": without_minus_zero,
    "flag": b"t".__eq__, "bytes": lambda field: base64_of(bytes.fromhex(field[3:].decode("ascii"))),
    "plain": lambda field: json.loads(plain_text(field)),
}  # fmt: skip
TO_STORE: dict[str, Decode] = {
    "text": lambda value: value.translate(TO_ESCAPE), "day": str, "whole": str, "instant": str, "real": repr,
    "flag": lambda value: "t" if value else "f",
    "bytes": lambda value: "\\\\x" + base64.b64decode(value).hex(),
    "plain": lambda value: json_of(value).translate(TO_ESCAPE),
}  # fmt: skip


class Fields(io.RawIOBase):
    """Takes what COPY sends, a row at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[bytes | None]] = []

    def write(self, row: Any) -> int:
        """Take one row."""
        self.rows.append([None if f == NULL else f for f in bytes(row)[:-1].split(b"\t")])
        return len(row)


class PostgresBulk:
    """See ``bulk.Bulk``."""

    @contextmanager
    def snapshot(self, sql: Engine) -> Iterator[Connection]:
        """Yield a connection in a transaction that sees what was committed at its first statement."""
        with connected(sql) as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            plainly(connection)
            yield connection

    @contextmanager
    def writing(self, sql: Engine) -> Iterator[Connection]:
        """Yield a connection in a transaction."""
        with connected(sql) as connection:
            plainly(connection)
            yield connection

    def shut(self, connection: Connection, names: Sequence[str], waited_s: float) -> None:
        """Take a lock that readers do not meet, and writers wait for."""
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(waited_s * 1000)}ms'"))
        connection.execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE"))

    def read(
        self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None, limit: int
    ) -> list[Values]:
        """Return rows in the order of the key."""
        names = ", ".join(f'"{name}"' for name, _ in shape.columns)
        order = ", ".join(f'"{name}"' for name in shape.key)
        where = within(shape, after, upto)
        asked = f"SELECT {names} FROM {shape.name}{where} ORDER BY {order} LIMIT {limit}"
        fields = Fields()
        copy(connection, f"COPY ({asked}) TO STDOUT", fields)
        return columns_changed(fields.rows, [FROM_STORE[kind] for _, kind in shape.columns])

    def write(self, connection: Connection, shape: Shape, rows: list[Values]) -> None:
        """Insert rows.

        Raises:
            RowUnfit: A value that SQLite holds and PostgreSQL does not.
        """
        names = ", ".join(f'"{name}"' for name, _ in shape.columns)
        fields = columns_changed(rows, [TO_STORE[kind] for _, kind in shape.columns])
        told = "".join("\t".join("\\N" if f is None else f for f in row) + "\n" for row in fields)
        try:
            copy(connection, f"COPY {shape.name} ({names}) FROM STDIN", io.BytesIO(told.encode("utf-8")))
        except DBAPIError as error:
            if not code_of(error).startswith(UNFIT):
                raise
            raise unfit(error, shape, rows) from error

    def remove(self, connection: Connection, shape: Shape, after: Key | None, upto: Key | None) -> int:
        """Delete rows by key."""
        return connection.execute(text_of(f"DELETE FROM {shape.name}{within(shape, after, upto)}")).rowcount

    def number_on(self, connection: Connection) -> None:
        """Let the number of the next event follow the greatest there is."""
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('outbox', 'seq'), coalesce(max(seq), 1), max(seq) IS NOT NULL) "
                "FROM outbox"
            )
        )


def plainly(connection: Connection) -> None:
    """Have values told in the one form that is read here, whatever the server is set to."""
    connection.execute(text("SET LOCAL standard_conforming_strings = on"))
    connection.execute(text("SET LOCAL datestyle = 'ISO'"))
    connection.execute(text("SET LOCAL bytea_output = 'hex'"))
    connection.execute(text("SET LOCAL extra_float_digits = 1"))


def copy(connection: Connection, statement: str, stream: io.IOBase) -> None:
    """Run a COPY; its errors are told like those of every other statement."""
    driver: Any = connection.connection.driver_connection
    dbapi = connection.dialect.loaded_dbapi
    try:
        driver.cursor().execute(statement, stream=stream)
    except dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, dbapi.Error, dialect=connection.dialect) from error


def text_of(statement: str) -> Any:
    """Return a statement in which a colon is a colon."""
    return text(statement.replace(":", "\\:"))


def literal(value: Any) -> str:
    """Return a key value as SQL; COPY takes no bound ones."""
    if isinstance(value, int):
        return str(value)
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def within(shape: Shape, after: Key | None, upto: Key | None) -> str:
    """Return the condition on a range of keys."""
    names = ", ".join(f'"{name}"' for name in shape.key)
    parts = [
        f"({names}) {sign} ({', '.join(map(literal, key))})"
        for sign, key in ((">", after), ("<=", upto))
        if key is not None
    ]
    return f" WHERE {' AND '.join(parts)}" if parts else ""


def unfit(error: DBAPIError, shape: Shape, rows: list[Values]) -> RowUnfit:
    """Return the error that names the row."""
    told = error.orig.args[0] if error.orig is not None and error.orig.args else {}
    found = re.search(r"line (\d+)", str(told.get("W", "")) if isinstance(told, dict) else "")
    key = shape.key_of(rows[int(found[1]) - 1]) if found and int(found[1]) <= len(rows) else ()
    return RowUnfit(table=shape.name, key="/".join(map(str, key)) or "?", why=code_of(error))
