"""Whole tables, read and written the same on every engine: for moves, backups and restores.

A row is a list of plain values in the order of its columns, which JSON can hold: an instant is whole microseconds
since 1970, a day ``YYYY-MM-DD``, bytes are base64, what is JSON already stays as it is. ``line`` is its one form
as bytes, and the SHA-256 over the lines of a table in the order of its key is equal where the rows are, whatever
engine holds them. Minus zero counts as zero: SQLite does not keep it.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from sqlalchemy import Boolean, Connection, Engine, Float, Integer, Table, inspect, text
from sqlalchemy.exc import IntegrityError

from huitian.engine import ports
from huitian.engine.bulk import Bulk, bulk_of
from huitian.engine.columns import Day, Geometry, Instant, Plain, Words
from huitian.engine.marks import marks_of
from huitian.engine.shapes import Key, Shape, Values
from huitian.engine.standing import SETTLED, concerned, note_changes
from huitian.engine.tables import METADATA, sealed_index, standing_change, store_mark, whole_standing
from huitian.engine.troubles import store_told

KINDS: tuple[tuple[type, str], ...] = (
    (Instant, "instant"), (Day, "day"), (Geometry, "bytes"), (Plain, "plain"), (Words, "text"), (Boolean, "flag"),
    (Float, "real"), (Integer, "whole"),
)  # fmt: skip
OWN = frozenset({store_mark.name, sealed_index.name, whole_standing.name, standing_change.name})
"""Tables of the store itself, which stay where they are."""
WAITED_S = 30.0


class AnyEngine(ports.Engine, Protocol):
    """Stores whose rows can be copied."""

    @property
    def sql(self) -> Engine:
        """The record store."""
        ...


@dataclass(frozen=True, slots=True)
class TableSum:
    """What a table holds, in short.

    Attributes:
        n_rows: How many rows.
        sha256: Over their lines in the order of the key, as hexadecimal.
    """

    n_rows: int
    sha256: str


class Summing:
    """Adds up a table chunk by chunk; the chunks come in the order of the key."""

    def __init__(self) -> None:
        self._n_rows, self._hash = 0, hashlib.sha256()

    def add(self, lines: bytes, n_rows: int) -> None:
        """Take the lines of further rows."""
        self._n_rows += n_rows
        self._hash.update(lines)

    def done(self) -> TableSum:
        """Return the sum so far."""
        return TableSum(self._n_rows, self._hash.hexdigest())


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the shape of every table that holds the city, those that others refer to first."""
    return tuple(shape_of(table) for table in METADATA.sorted_tables if table.name not in OWN)


def shape_of(table: Table) -> Shape:
    """Return the shape of a table."""
    columns = tuple((c.name, next(k for kind, k in KINDS if isinstance(c.type, kind))) for c in table.columns)
    children = tuple(
        other.name for other in METADATA.sorted_tables
        if any(key.column.table is table for key in other.foreign_keys)
    )  # fmt: skip
    return Shape(table.name, columns, tuple(c.name for c in table.primary_key), children)


def line(values: Values) -> bytes:
    """Return the one form of a row as bytes: JSON with sorted keys, nothing but ASCII, a newline."""
    return (json.dumps(values, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def lines(rows: list[Values]) -> bytes:
    """Return the lines of rows."""
    return b"".join(map(line, rows))


class Snapshot:
    """The rows of a store as they stood at one instant; made by ``reading`` and ``alone``."""

    def __init__(self, connection: Connection, bulk: Bulk) -> None:
        self.connection = connection
        self._bulk = bulk

    def marks(self) -> dict[str, str]:
        """Return the marks of the store."""
        return marks_of(self.connection)

    def count(self, shape: Shape) -> int:
        """Return the number of rows of a table."""
        return int(self.connection.execute(text(f"SELECT count(*) FROM {shape.name}")).scalar_one())

    def has(self, name: str) -> bool:
        """Return whether there is such a table: an older revision may not have it."""
        return inspect(self.connection).has_table(name)

    def holds(self, shape: Shape) -> bool:
        """Return whether a table has a row."""
        return bool(self.rows(shape, None, None, 1))

    def rows(self, shape: Shape, after: Key | None, upto: Key | None, limit: int) -> list[Values]:
        """Return rows in the order of the key.

        Args:
            shape: The table.
            after: Only rows whose key is greater; None begins with the first.
            upto: Only rows whose key is not greater; None has no end.
            limit: At most so many.
        """
        return self._bulk.read(self.connection, shape, after, upto, limit)

    def chunks(self, shape: Shape) -> Iterator[list[Values]]:
        """Yield all rows of a table in the order of the key, some at a time."""
        after: Key | None = None
        while rows := self.rows(shape, after, None, shape.n_at_once):
            yield rows
            if len(rows) < shape.n_at_once:
                return
            after = shape.key_of(rows[-1])

    def table_sum(self, shape: Shape) -> TableSum:
        """Return the count and the hash of a table."""
        summing = Summing()
        for rows in self.chunks(shape):
            summing.add(lines(rows), len(rows))
        return summing.done()


class Filling(Snapshot):
    """One transaction that writes whole tables; what it reads is what it wrote."""

    def __init__(self, connection: Connection, bulk: Bulk) -> None:
        super().__init__(connection, bulk)
        self._is_noted = False

    def write(self, shape: Shape, rows: list[Values]) -> None:
        """Insert rows.

        Raises:
            RowUnfit: This engine cannot hold one of them.
        """
        if rows:
            self._note(shape)
            self._bulk.write(self.connection, shape, rows)

    def _note(self, shape: Shape) -> None:
        """Note that objects may stand elsewhere, once; a store of an older revision has no room for it."""
        if not self._is_noted and concerned(METADATA.tables[shape.name]):
            self._is_noted = True
            if self.has(standing_change.name):
                note_changes(self.connection, SETTLED)

    def remove(self, shape: Shape, after: Key | None, upto: Key | None) -> int:
        """Delete the rows whose key is after one and not after another; returns how many.

        Tables that refer to this one are emptied first: they are filled after it.
        """
        if not self.rows(shape, after, upto, 1):
            return 0
        for child in shape.children:
            self.remove(next(one for one in shapes() if one.name == child), None, None)
        self._note(shape)
        return self._bulk.remove(self.connection, shape, after, upto)

    def replace(self, shape: Shape, after: Key | None, upto: Key, rows: list[Values]) -> int:
        """Have exactly these rows from one key to another; returns how many were written, 0 where they were there.

        Raises:
            RowUnfit: This engine cannot hold one of them.
        """
        if lines(self.rows(shape, after, upto, len(rows) + 1)) == lines(rows):
            return 0
        # Not below, where it would be undone with the rows.
        self._note(shape)
        self.remove(shape, after, upto)
        try:
            with self.connection.begin_nested():
                self.write(shape, rows)
        except IntegrityError:
            # An old row further on has what must be unique in one of these; its turn would come later.
            self.remove(shape, after, None)
            self.write(shape, rows)
        return len(rows)

    def number_on(self) -> None:
        """Let the numbers that the store gives out itself go on after the greatest there is."""
        self._bulk.number_on(self.connection)

    def learn(self) -> None:
        """Let the store count how the rows of every table are spread: what it knew was of other rows, or of none."""
        for table in METADATA.sorted_tables:
            self.connection.exec_driver_sql(f"ANALYZE {table.name}")


@contextmanager
def reading(engine: AnyEngine) -> Iterator[Snapshot]:
    """Read a store as it stands now, while others go on writing."""
    bulk = bulk_of(engine.sql.dialect.name)
    with store_told(engine.where, WAITED_S), bulk.snapshot(engine.sql) as connection:
        yield Snapshot(connection, bulk)


@contextmanager
def alone(engine: AnyEngine) -> Iterator[Filling]:
    """Read a store, and let nobody write to it until the block ends. Needs no more than its marks written.

    Raises:
        StoreBusy: Somebody writes, and does not end.
    """
    bulk = bulk_of(engine.sql.dialect.name)
    names = [shape.name for shape in shapes()]
    with store_told(engine.where, WAITED_S), bulk.writing(engine.sql) as connection:
        bulk.shut(connection, names, WAITED_S)
        yield Filling(connection, bulk)


@contextmanager
def filling(engine: AnyEngine) -> Iterator[Filling]:
    """Write whole tables in one transaction."""
    bulk = bulk_of(engine.sql.dialect.name)
    with store_told(engine.where, WAITED_S), bulk.writing(engine.sql) as connection:
        yield Filling(connection, bulk)


def foreign_table(sql: Engine) -> str:
    """Return a table of ours that stands in a database which is not ours; empty where there is none."""
    there = set(inspect(sql).get_table_names())
    return next((name for name in METADATA.tables if name in there), "")
