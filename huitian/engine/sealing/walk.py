"""Sealing what a store holds from before, and making anew by what sealed values are found. Goes on where it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select, tuple_, update

from huitian.engine.sealing.erasing import erase_values
from huitian.engine.sealing.fields import SEALED, SealedTable, index_rows, is_sealed, opened_rows, sealed_rows
from huitian.engine.sealing.guarding import Sealable
from huitian.engine.sealing.vault import Vault
from huitian.engine.tables import case_file, sealed_index
from huitian.engine.writing import SqlWriting
from huitian.model.query import Row

AT_ONCE = 400
Watch = Callable[[str, int], None]
"""Told the table and how many of its rows were looked at."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found.

    Attributes:
        n_sealed: Rows that lay open and are sealed now.
        n_files: Photos of which the same is true.
    """

    n_sealed: int
    n_files: int


def seal_all(engine: Sealable, vault: Vault, watch: Watch) -> Walked:
    """Seal every personal value that lies open, and write anew by what they are found. Idempotent.

    Short transactions, so the city may be served meanwhile; the same call again goes on after a kill. What belongs
    to an erased subject is removed instead.
    """
    n_sealed = sum(seal_table(engine, vault, lies, watch) for lies in SEALED.values())
    note_photos(engine, vault)
    n_files = 0
    for file_id in sorted(engine.files.list_ids()):
        n_files += engine.files.seal(file_id)
    return Walked(n_sealed, n_files)


def seal_table(engine: Sealable, vault: Vault, lies: SealedTable, watch: Watch) -> int:
    """Seal the rows of one table, some at a time."""
    n_sealed = n_seen = 0
    after: tuple[object, ...] | None = None
    while True:
        with engine.records.writing() as writing:
            assert isinstance(writing, SqlWriting)  # noqa: S101
            rows = some_rows(writing, lies, after)
            if not rows:
                return n_sealed
            n_sealed += seal_rows(writing, vault, lies, rows)
        after = tuple(rows[-1][name] for name in lies.keys)
        n_seen += len(rows)
        watch(lies.table.name, n_seen)


def some_rows(writing: SqlWriting, lies: SealedTable, after: tuple[object, ...] | None) -> list[Row]:
    """Return the rows that follow a key, as they are stored, and let nobody change them meanwhile."""
    keys = [lies.table.c[name] for name in lies.keys]
    columns = {
        c.name: c for c in (*keys, lies.table.c[lies.column], *(lies.table.c[n] for n in lies.columns))
    }
    asked = select(*columns.values()).order_by(*keys).limit(AT_ONCE).with_for_update()
    if after is not None:
        asked = asked.where(tuple_(*keys) > after)
    return [dict(row) for row in writing.connection.execute(asked).mappings()]


def seal_rows(writing: SqlWriting, vault: Vault, lies: SealedTable, rows: list[Row]) -> int:
    """Seal those of some rows that lie open, and note all by their exact values; returns how many were open.

    What is of an erased subject goes: an archive from before the erasure brought it back.
    """
    has_values = [row for row in rows if any(row[name] is not None for name in lies.columns)]
    known = vault.known({lies.subject(row) for row in has_values})
    gone = sorted(subject_id for subject_id, key in known.items() if key is None)
    if gone:
        erase_values(writing.connection, gone)
        note_gone(writing, vault, gone)
    rows = [row for row in has_values if lies.subject(row) not in set(gone)]
    lying_open = [
        row for row in rows
        if any(row[name] is not None and not is_sealed(row[name]) for name in lies.columns)
    ]  # fmt: skip
    told = sealed_rows(vault, lies.table, [open_part(row, lies) for row in lying_open])
    for row in told:
        own = {name: row[name] for name in lies.columns if name in row}
        writing.connection.execute(
            update(lies.table).where(and_(*(lies.table.c[k] == row[k] for k in lies.keys))).values(**own)
        )
    found = index_rows(vault, lies.table, opened_rows(vault, lies.table, [dict(row) for row in rows]))
    if found:
        writing.insert_new(sealed_index, tuple(found[0]), found)
    return len(lying_open)


def note_photos(engine: Sealable, vault: Vault) -> None:
    """Write down of which cases the photos are gone, where only the keys tell it still."""
    after = ""
    while True:
        with engine.records.writing() as writing:
            assert isinstance(writing, SqlWriting)  # noqa: S101
            asked = select(case_file.c.case_id).distinct().where(case_file.c.case_id > after)
            some = asked.order_by(case_file.c.case_id).limit(AT_ONCE)
            case_ids = list(writing.connection.execute(some).scalars())
            if not case_ids:
                return
            note_gone(writing, vault, [f"photos:{one}" for one in case_ids])
        after = case_ids[-1]


def note_gone(writing: SqlWriting, vault: Vault, subject_ids: Sequence[str]) -> None:
    """Write down what the keys tell: of which of these subjects one was destroyed, when and why."""
    writing.add("erasure", [
        {"subject_id": one, "kind": one.partition(":")[0], "cause": cause, "erased_at": ended_at,
         "erased_by": "system", "reason": None}
        for one, (ended_at, cause) in sorted(vault.ended(subject_ids).items())
    ])  # fmt: skip


def open_part(row: Row, lies: SealedTable) -> Row:
    """Return a row with those of its values that lie open, and its keys."""
    return {
        name: value for name, value in row.items()
        if name not in lies.columns or (value is not None and not is_sealed(value))
    }  # fmt: skip
