"""Declarative reads: what a screen, a number or an export asks of one catalogue entity.

A query names an entity of the catalogue, never a table, and carries no SQL: the same query serves a table on
the desk, the rows behind a figure and the figure itself, which is why rows recount to their figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Operator = Literal[
    "eq", "ne", "in", "lt", "le", "gt", "ge", "is_null", "not_null", "contains", "starts", "overlaps"
]
OPERATORS: tuple[Operator, ...] = (
    "eq", "ne", "in", "lt", "le", "gt", "ge", "is_null", "not_null", "contains", "starts", "overlaps",
)  # fmt: skip
Grain = Literal["hour", "day", "week", "month"]

Row = dict[str, Any]
"""One row by column name; a missing value is None."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a column with a constant.

    Attributes:
        column: A column of the entity, or ``box`` with the operator ``overlaps``.
        operator: One of ``OPERATORS``.
        operand: The constant: a scalar; a sequence for ``in``; ``(west, south, east, north)`` in degrees for
            ``overlaps``; unused for ``is_null`` and ``not_null``. A string that starts with ``@`` is a moment
            (``@as_of``, ``@day_start``, ``@days_ago:30``) that the indicator engine resolves before the store.
    """

    column: str
    operator: Operator
    operand: Any = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one of its conditions is true."""

    conditions: tuple[Condition, ...]


Where = tuple[Condition | AnyOf, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of one entity.

    Attributes:
        entity: Name in the catalogue.
        where: All must hold.
        columns: Which columns to return; empty means every column the reader may see.
        sort: Column names, ``-`` before a name for descending; the key is always appended, so pages are stable.
        limit: At most this many rows.
        offset: Rows to pass over.
    """

    entity: str
    where: Where = ()
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums of one entity, by groups.

    Attributes:
        entity: Name in the catalogue.
        where: All must hold.
        group_by: Columns; ``place_id`` is the place where the object stands in the tree of the reader.
        bucket: ``(column, grain)``: adds a group ``bucket_at``, the aware UTC start of the Asia/Shanghai hour,
            day, week (Monday) or month.
        sums: Columns to add up, returned as ``sum_<column>``; missing values are passed over.
    """

    entity: str
    where: Where = ()
    group_by: tuple[str, ...] = ()
    bucket: tuple[str, Grain] | None = None
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with how many there are in all.

    Attributes:
        rows: One mapping a row.
        n_total: Rows that match, whatever the limit.
    """

    rows: Sequence[Row]
    n_total: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did.

    Attributes:
        n_written: Rows that are new or changed.
        n_unchanged: Rows that were there already, equal.
    """

    n_written: int = 0
    n_unchanged: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.n_written + other.n_written, self.n_unchanged + other.n_unchanged)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as a row of the outbox.

    Attributes:
        seq: Number in the outbox, rising; 0 before it is recorded.
        topic: What a subscriber chooses by: ``case``, ``load``, ``place``.
        kind: ``case_stepped``, ``load_finished``, ``place_changed``, …
        payload: Plain JSON without personal words.
        place_ids: Where it happened, one id a tree; empty means everywhere.
        recorded_at: Aware UTC; None before it is recorded.
    """

    topic: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    place_ids: tuple[str, ...] = ()
    seq: int = 0
    recorded_at: Any = None
