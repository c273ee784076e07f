"""Records of a table of text: quoted line breaks are kept, a quote that nobody closes costs one row only."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_LINES = 5000
MOST_CHARS = 4_000_000
"""A cell longer than this is taken for one whose quote was forgotten."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        cells: Its cells; only the raw line where ``is_open``.
        is_open: Whether it begins with a quote that is never closed.
    """

    cells: list[str]
    is_open: bool = False


class _QuoteOpen(Exception):
    """So many lines belong to one record that its quote cannot have been meant."""


class _Lines:
    """Lines that can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []
        self._n_chars = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES or self._n_chars > MOST_CHARS:
            raise _QuoteOpen
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self.taken.append(line)
        self._n_chars += len(line)
        return line

    def begin(self) -> None:
        self.taken.clear()
        self._n_chars = 0

    def give_back(self) -> None:
        """Give back all lines of the record but the first."""
        self._given_back.extendleft(reversed(self.taken[1:]))


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of a table; an empty line is a record without cells.

    A record over several lines with an odd number of quotes was never closed: its first line is yielded alone,
    marked, and the lines that it would have swallowed are read anew.
    """
    csv.field_size_limit(2 * MOST_CHARS)
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        source.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_QuoteOpen, csv.Error):
            cells = []
            is_open = True
        else:
            is_open = len(source.taken) > 1 and sum(line.count('"') for line in source.taken) % 2 == 1
        if is_open:
            source.give_back()
            yield Record([source.taken[0].rstrip("\r\n")], is_open=True)
        else:
            yield Record(cells)


def delimiter_of(head: Iterable[str]) -> str:
    """Return the delimiter with which the first records have most columns, and equally many each."""
    lines = list(head)
    best, best_score = ",", (0.0, 0)
    for delimiter in (",", "\t", ";", "|"):
        widths = [len(record.cells) for record in records(lines, delimiter) if record.cells]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best
