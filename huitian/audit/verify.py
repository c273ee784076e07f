"""Walking the chain: finds a row that was changed, removed, inserted or moved, and a tail that was cut."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from huitian.engine.chain import FIRST_HASH, VERSION, head_in, row_hash_of, subject_hash_of
from huitian.engine.copying import AnyEngine, Snapshot, reading, shapes
from huitian.engine.shapes import Shape
from huitian.model.audit import Head, Subject

Fault = Literal["missing", "changed", "unlinked", "subjects", "cut", "other_head", "unknown_version"]
MOST_TOLD = 100
"""Faults that are told; one false row can make a thousand."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault of the chain.

    Attributes:
        seq: Row where it shows.
        fault: ``missing``: rows before it are gone; ``changed``: it is not what was hashed; ``unlinked``: it does not
            follow the row before it; ``subjects``: its list of subjects is another; ``cut``: the chain ends before a
            head that was kept; ``other_head``: the row that was kept as head has another hash;
            ``unknown_version``: a newer Huitian wrote it.
        upto: Last of several rows that are missing or cut.
    """

    seq: int
    fault: Fault
    upto: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk found.

    Attributes:
        n_rows: Rows that were walked.
        head: The end of the chain.
        broken: Faults in order, at most ``MOST_TOLD``.
        n_broken: All of them.
    """

    n_rows: int
    head: Head
    broken: tuple[Broken, ...]
    n_broken: int


def head_of(engine: AnyEngine) -> Head:
    """Return the end of the chain of a store."""
    with reading(engine) as snapshot:
        return head_in(snapshot.connection)


def verify(
    engine: AnyEngine, kept: Head | None = None, watch: Progress = lambda _what, _done, _all: None
) -> Verified:
    """Walk the whole chain as it stands now, some rows in memory at a time.

    Args:
        engine: The store.
        kept: A head that was written down earlier and kept outside.
        watch: Told how far it is: what, rows done, all rows.
    """
    with reading(engine) as snapshot:
        n_all = snapshot.count(shape_named("audit_row"))
        walk = Walk(kept)
        for row, subjects in with_subjects(snapshot):
            walk.take(row, subjects)
            if walk.n_rows % 2_000 == 0:
                watch("audit_row", walk.n_rows, n_all)
    return walk.done()


class Walk:
    """Takes the rows of a chain in order.

    Args:
        kept: A head that was kept outside.
    """

    def __init__(self, kept: Head | None) -> None:
        self.n_rows = 0
        self._kept = kept
        self._head = Head(0, FIRST_HASH)
        self._broken: list[Broken] = []
        self._n_broken = 0

    def take(self, row: Mapping[str, Any], subjects: tuple[Subject, ...]) -> None:
        """Take the next row, its values as ``copying`` gives them, and its subjects."""
        self.n_rows += 1
        seq, before = int(row["seq"]), self._head
        if seq != before.seq + 1:
            self._tell(Broken(before.seq + 1, "missing", seq - 1))
        elif row["prev_hash"] != before.row_hash:
            self._tell(Broken(seq, "unlinked"))
        if row["version"] != VERSION:
            self._tell(Broken(seq, "unknown_version"))
        elif row["row_hash"] != row_hash_of(row):
            self._tell(Broken(seq, "changed"))
        if len(subjects) != row["n_subjects"] or row["subject_hash"] != subject_hash_of(subjects):
            self._tell(Broken(seq, "subjects"))
        self._head = Head(seq, row["row_hash"])
        if self._kept is not None and seq == self._kept.seq and row["row_hash"] != self._kept.row_hash:
            self._tell(Broken(seq, "other_head"))

    def _tell(self, broken: Broken) -> None:
        self._n_broken += 1
        if len(self._broken) < MOST_TOLD:
            self._broken.append(broken)

    def done(self) -> Verified:
        """Return what was found."""
        if self._kept is not None and self._head.seq < self._kept.seq:
            self._tell(Broken(self._head.seq + 1, "cut", self._kept.seq))
        return Verified(self.n_rows, self._head, tuple(self._broken), self._n_broken)


def with_subjects(snapshot: Snapshot) -> Iterator[tuple[dict[str, Any], tuple[Subject, ...]]]:
    """Yield the rows of the chain with their subjects; both tables are read side by side."""
    shape = shape_named("audit_row")
    names = [name for name, _ in shape.columns]
    groups = groupby(subject_rows(snapshot), key=lambda row: row["seq"])
    ahead = next(groups, None)
    for values in (row for rows in snapshot.chunks(shape) for row in rows):
        row = dict(zip(names, values, strict=True))
        found: tuple[Subject, ...] = ()
        while ahead is not None and ahead[0] <= row["seq"]:
            told = tuple(Subject(one["entity"], one["subject_id"], one["place_id"]) for one in ahead[1])
            found = told if ahead[0] == row["seq"] else found
            ahead = next(groups, None)
        yield row, found


def subject_rows(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Yield the subjects of all rows, in order."""
    shape = shape_named("audit_subject")
    names = [name for name, _ in shape.columns]
    for rows in snapshot.chunks(shape):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def shape_named(name: str) -> Shape:
    """Return the shape of a table."""
    return next(one for one in shapes() if one.name == name)
