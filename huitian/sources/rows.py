"""Rows as a source yields them, before anything is known about what they mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Fault:
    """What the reader itself found wrong with a row.

    Attributes:
        reason_code: A code of ``errors.REASONS``.
        facts: Values for its words.
    """

    reason_code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file.

    Attributes:
        row_no: Where a person finds it: the row as a spreadsheet counts it (the heading is row 1), or the
            number of the feature or record from 1.
        values: Column of the file → value: text, number, boolean, None, or the plain JSON of a geometry.
        fault: Why the row cannot be used, None where the reader has nothing against it.
    """

    row_no: int
    values: Mapping[str, Any]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was opened and looked at, and can be read through, as often as needed.

    Attributes:
        columns: Its columns, in order.
        n_rows_guess: About how many rows it has, for a progress bar; exact where that costs nothing.
        facts: What was found out while opening: ``encoding``, ``delimiter``, ….
        rows: Begins a new pass over the rows; memory stays bounded by the longest row, unless the README of
            the kind says otherwise.
    """

    columns: tuple[str, ...]
    n_rows_guess: int
    facts: Mapping[str, str]
    rows: Callable[[], Iterator[SourceRow]]


class OpenFile(Protocol):
    """What ``read.py`` of a kind offers."""

    def __call__(self, path: Path, options: Mapping[str, Any]) -> OpenedFile:
        """Open a file.

        Args:
            path: The file.
            options: Every option of the manifest, with its default where the mapping says nothing.

        Raises:
            FileUnreadable: The file as a whole cannot be read.
        """
        ...
