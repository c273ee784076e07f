"""The shape of a table: what is needed to read and write its rows without the code of its revision."""

from dataclasses import dataclass
from typing import Any

Values = list[Any]
"""One row as plain values, in the order of the columns; see ``copying``."""
Key = tuple[Any, ...]
"""The plain values of the key columns of a row."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table.

    Attributes:
        name: Its name.
        columns: Name and kind of each column: text, whole, real, flag, instant, day, plain, bytes.
        key: Columns of the primary key, in its order.
        children: Tables whose rows refer to rows of this one.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    children: tuple[str, ...] = ()

    @property
    def n_at_once(self) -> int:
        """Rows that are held in memory at a time: fewer where they have geometries."""
        return 200 if any(kind == "bytes" for _, kind in self.columns) else 2000

    def key_of(self, row: list[Any]) -> Key:
        """Return the key of a row."""
        at = {name: place for place, (name, _) in enumerate(self.columns)}
        return tuple(row[at[name]] for name in self.key)

    def kind_of(self, column: str) -> str:
        """Return the kind of a column."""
        return dict(self.columns)[column]
