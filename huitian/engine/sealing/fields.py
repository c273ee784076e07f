"""Which columns are sealed, and sealing and opening them on the one way that rows are written and read.

A sealed value is text: a mark that nobody types, then base64 of what ``ciphers.sealed`` gives. A value without the mark
is one from before and is read as it is. It is bound to its table, column, row and subject: elsewhere it does not open.
"""

import base64
import binascii
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from huitian.engine.columns import Plain
from huitian.engine.sealing.vault import Vault
from huitian.engine.tables import METADATA, SUBJECT
from huitian.model.query import Row

MARK = "\x02s1:"
LOG = logging.getLogger(__name__)
NOT_A_DIGIT = re.compile(r"[^0-9Xx]")
INDEXED = {("case_contact", "phone"): "phone", ("person_identity", "phone"): "phone",
           ("person_identity", "id_number"): "id_number"}  # fmt: skip
"""Columns that are looked up by an exact value, and the kind of that value."""


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with sealed columns.

    Attributes:
        table: The table.
        columns: Its sealed columns.
        kind: Kind of subject.
        column: Column that has the id of the subject.
        keys: Columns of the key.
    """

    table: Table
    columns: tuple[str, ...]
    kind: str
    column: str
    keys: tuple[str, ...]

    def subject(self, row: Row) -> str:
        """Return the subject of a row."""
        return f"{self.kind}:{row[self.column]}"

    def bound(self, row: Row, column: str) -> str:
        """Return where a value belongs."""
        return "\x1f".join((self.table.name, column, *(str(row[name]) for name in self.keys)))


def _declared() -> dict[str, SealedTable]:
    found = {}
    for table in METADATA.tables.values():
        columns = tuple(c.name for c in table.columns if SUBJECT in c.info)
        if columns:
            kind, _, column = str(table.c[columns[0]].info[SUBJECT]).partition(":")
            found[table.name] = SealedTable(
                table, columns, kind, column, tuple(c.name for c in table.primary_key)
            )
    return found


SEALED: dict[str, SealedTable] = _declared()
"""Tables with sealed columns, by name."""


def is_sealed(value: object) -> bool:
    """Return whether a stored value is sealed."""
    return isinstance(value, str) and value.startswith(MARK)


def plain_bytes(value: Any, *, is_json: bool) -> bytes:
    """Return a value as bytes."""
    return (json.dumps(value, ensure_ascii=False) if is_json else str(value)).encode("utf-8", "surrogatepass")


def sealed_rows(
    vault: Vault | None, table: Table, rows: Sequence[Row], keys: Row | None = None
) -> Sequence[Row]:
    """Return rows as they are stored: personal values sealed, those of an erased subject missing.

    Args:
        vault: The keys; None, or one that is off, seals nothing.
        table: Where the rows go.
        rows: What is written.
        keys: Key columns of the row, where the rows do not have them.
    """
    lies = SEALED.get(table.name)
    if lies is None or vault is None or not rows or not vault.is_on:
        return rows
    whole = [row if keys is None else keys | row for row in rows]
    has_words = [any(row.get(name) is not None for name in lies.columns) for row in whole]
    subjects = {lies.subject(row) for row, has in zip(whole, has_words, strict=True) if has}
    found = vault.keys(subjects)
    done = []
    for row, full, has in zip(rows, whole, has_words, strict=True):
        if not has:
            done.append(row)
            continue
        key = found[lies.subject(full)]
        changed = {}
        for name in lies.columns:
            value = row.get(name)
            if value is not None:
                content = plain_bytes(value, is_json=isinstance(table.c[name].type, Plain))
                changed[name] = None if key is None else MARK + base64.b64encode(
                    vault.seal(key, content, lies.bound(full, name))
                ).decode()  # fmt: skip
        done.append(row | changed)
    return done


def opened_rows(vault: Vault | None, table: Table, rows: list[Row]) -> list[Row]:
    """Return stored rows with their personal values as they were written; of an erased subject they are missing.

    The rows have the columns of the key and of the subject.
    """
    lies = SEALED.get(table.name)
    if lies is None or not any(is_sealed(row.get(name)) for row in rows for name in lies.columns):
        return rows
    known = vault.known({lies.subject(row) for row in rows}) if vault is not None and vault.is_on else {}
    for row in rows:
        for name in lies.columns:
            value = row.get(name)
            if is_sealed(value):
                is_json = isinstance(table.c[name].type, Plain)
                row[name] = opened_value(
                    vault, known.get(lies.subject(row)), value, lies.bound(row, name), is_json=is_json
                )
    return rows


def opened_value(vault: Vault | None, key: bytes | None, value: Any, bound: str, *, is_json: bool) -> Any:
    """Return one value as it was written; None where its key was destroyed, or it does not belong there."""
    if vault is None or key is None:
        return None
    try:
        content = vault.open(key, base64.b64decode(value[len(MARK) :], validate=True), bound)
    except (binascii.Error, ValueError):
        content = None
    if content is None:
        LOG.warning("a sealed value does not belong where it lies: %s", bound.replace("\x1f", "/"))
        return None
    plain = content.decode("utf-8", "surrogatepass")
    return json.loads(plain) if is_json else plain


def index_rows(vault: Vault | None, table: Table, rows: Sequence[Row]) -> list[Row]:
    """Return the rows by which the exact values of written rows are found."""
    lies = SEALED.get(table.name)
    if lies is None or vault is None or not vault.is_on:
        return []
    kinds = [(column, kind) for (name, column), kind in INDEXED.items() if name == table.name]
    found = []
    for row in rows if kinds else ():
        for column, kind in kinds:
            if normal := normalised(row.get(column)):
                found.append({"kind": kind, "value_hash": vault.search_hash(kind, normal),
                              "subject_id": lies.subject(row)})  # fmt: skip
    return found


def normalised(value: object) -> str:
    """Return a phone or an identity number as it is compared: its digits and a closing X, without +86."""
    plain = NOT_A_DIGIT.sub("", str(value or "")).upper()
    return plain[2:] if len(plain) == 13 and plain.startswith("86") else plain
