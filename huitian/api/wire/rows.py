"""Rows of a catalogue entity and the catalogue itself, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huitian.model.entity import Kind, Standing
from huitian.model.scope import Release


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an entity.

    Attributes:
        name: Its name on the wire, in SQL and in the screens.
        kind: Value kind.
        title_zh: Chinese heading.
        title_en: English heading.
        unit: Unit id; empty where it has none.
        is_masked: Whether this reader sees it masked; such a column cannot be filtered or sorted by.
    """

    name: str
    kind: Kind
    title_zh: str
    title_en: str
    unit: str
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the catalogue.

    Attributes:
        entity: Singular noun of the glossary.
        title_zh: Chinese name.
        title_en: English name.
        key: Key columns.
        columns: Columns that may leave the store.
        standing: How a row belongs to a place.
        release: Whether its counts are protected.
        label: Column that names a row to a person; empty where there is none.
        can_read: Whether this reader may read its rows.
    """

    entity: str
    title_zh: str
    title_en: str
    key: tuple[str, ...]
    columns: list[Column]
    standing: Standing
    release: Release
    label: str
    can_read: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows.

    Attributes:
        columns: What the rows hold, in order.
        rows: One object a row, by column name; a missing value is null.
        n_total: Rows that match, whatever the limit.
        next_cursor: Pass it as ``cursor`` for the next page, with the rest unchanged; null on the last page.
        as_of: Aware UTC instant of the reading; all pages of one reading have the same.
    """

    columns: list[Column]
    rows: list[Mapping[str, Any]]
    n_total: int
    next_cursor: str | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class CountCell:
    """How many rows have the same values.

    Attributes:
        keys: Value of each column asked for, in order; null where it is missing.
        n: Rows.
    """

    keys: list[Any]
    n: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of an entity, counted by one or two columns.

    Attributes:
        columns: The columns, in order.
        cells: What there is, most rows first; what is not there has no rows.
        n_total: Rows in all cells, those left out included.
        is_truncated: Whether there are more cells than are here.
        as_of: Aware UTC instant of the reading.
    """

    columns: list[Column]
    cells: list[CountCell]
    n_total: int
    is_truncated: bool
    as_of: datetime
