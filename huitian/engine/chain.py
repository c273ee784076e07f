"""The hash chain of the audit: each row's hash covers the row and the hash of the one before.

Encoding, version 1: the bytes that are hashed are ``huitian-audit-1``, a newline, and the row as one JSON object in
ASCII with sorted keys and no blanks, holding every column but ``row_hash``; ``done_at`` is microseconds since 1970.
``row_hash`` is the SHA-256 of them in hexadecimal; the first row's ``prev_hash`` is 64 zeros. ``subject_hash`` is the
SHA-256 of the row's subjects in order, one line each: ``["<entity>","<id>","<place>"|null]`` and a newline.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from huitian.engine.columns import EPOCH, MICROSECOND
from huitian.engine.tables import audit_row, audit_subject
from huitian.model.audit import Entry, Head, Subject

VERSION = 1
FIRST_HASH = "0" * 64


def row_hash_of(row: Mapping[str, Any]) -> str:
    """Return the hash of a row; ``done_at`` in microseconds, ``row_hash`` itself is left out."""
    told = {name: value for name, value in row.items() if name != "row_hash"}
    body = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(f"huitian-audit-{VERSION}\n{body}".encode("ascii")).hexdigest()


def subject_hash_of(subjects: Sequence[Subject]) -> str:
    """Return the hash of a list of subjects."""
    told = hashlib.sha256()
    for one in subjects:
        line = json.dumps([one.entity, one.subject_id, one.place_id], separators=(",", ":"))
        told.update(f"{line}\n".encode("ascii"))
    return told.hexdigest()


def head_in(connection: Connection) -> Head:
    """Return the end of the chain as a transaction sees it."""
    newest = select(audit_row.c.seq, audit_row.c.row_hash).order_by(audit_row.c.seq.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    return Head(0, FIRST_HASH) if found is None else Head(int(found[0]), str(found[1]))


def append(connection: Connection, entries: Sequence[Entry]) -> list[int]:
    """Append entries in the transaction of the connection, which alone may do so; returns their numbers."""
    head, rows, subjects = head_in(connection), [], []
    for entry in entries:
        row = row_of(entry, head)
        head = Head(row["seq"], row["row_hash"])
        rows.append(row | {"done_at": EPOCH + row["done_at"] * MICROSECOND})
        subjects += [
            {"seq": row["seq"], "subject_no": number, **asdict(one)}
            for number, one in enumerate(entry.subjects)
        ]
    if rows:
        connection.execute(insert(audit_row), rows)
    if subjects:
        connection.execute(insert(audit_subject), subjects)
    return [row["seq"] for row in rows]


def row_of(entry: Entry, head: Head) -> dict[str, Any]:
    """Return the row that follows ``head``, ``done_at`` in microseconds.

    Raises:
        TypeError: The details hold what has no one form as bytes: a float, a date.
    """
    row: dict[str, Any] = {
        "seq": head.seq + 1,
        "version": VERSION,
        "done_at": ((entry.at or datetime.now(UTC)) - EPOCH) // MICROSECOND,
        "act": entry.act,
        "user_id": entry.user_id,
        "role": entry.role,
        "lens": entry.lens,
        "grant_ids": list(entry.grant_ids),
        "entity": entry.entity,
        "fields": list(entry.fields),
        "n_subjects": len(entry.subjects),
        "subject_hash": subject_hash_of(entry.subjects),
        "place_id": entry.place_id,
        "purpose_id": entry.purpose_id,
        "ticket": entry.ticket,
        "address_hash": entry.address_hash,
        "route": entry.route,
        "request_id": entry.request_id,
        "details": plain(entry.details),
        "prev_hash": head.row_hash,
    }
    return row | {"row_hash": row_hash_of(row)}


def plain(value: Any) -> Any:
    """Return details as plain JSON that has one form as bytes.

    Raises:
        TypeError: It has none.
    """
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{value!r}: details of the audit are text, whole numbers and booleans")
