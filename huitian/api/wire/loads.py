"""Loads, what they rejected, and findings, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Load:
    """One load of a file.

    Attributes:
        load_id: Its id.
        kind: Kind of the source.
        file_name: The file; null where there was none.
        state: ``running``, ``done`` or ``failed``.
        n_read: Rows read.
        n_written: Rows new or changed.
        n_unchanged: Rows that were there already, equal.
        n_rejected: Rows rejected, each with a reason.
        n_done_rows: Rows done so far.
        started_at: Aware UTC.
        finished_at: Aware UTC; null while it runs.
    """

    load_id: str
    kind: str | None
    file_name: str | None
    state: str | None
    n_read: int | None
    n_written: int | None
    n_unchanged: int | None
    n_rejected: int | None
    n_done_rows: int | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoadList:
    """Loads, newest first.

    Attributes:
        items: The loads.
        n_total: How many there are.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
    """

    items: list[Load]
    n_total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class RejectReason:
    """Why rows of one load were rejected.

    Attributes:
        reason_code: Stable code.
        n: Rows with it.
    """

    reason_code: str
    n: int


@dataclass(frozen=True, slots=True)
class LoadPage(Load):
    """A load with the reasons of its rejects.

    Attributes:
        reasons: Reasons with their counts, most first.
    """

    reasons: list[RejectReason]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was rejected, or mended and noted.

    Attributes:
        row_no: Row of the file, from 1.
        source_key: Its key in the source; null where it has none.
        reason_code: Stable code.
        reason_zh: What is wrong and what to do.
        reason_en: The same in English.
        raw: The row as it came.
    """

    row_no: int
    source_key: str | None
    reason_code: str
    reason_zh: str | None
    reason_en: str | None
    raw: Any


@dataclass(frozen=True, slots=True)
class RejectList:
    """Rejected rows in order of the file.

    Attributes:
        items: The rows.
        n_total: How many there are.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
    """

    items: list[Reject]
    n_total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the data that a person should look at.

    Attributes:
        finding_id: Its id.
        rule_id: Rule that found it.
        entity: Entity of the object; null where it is about no object.
        object_id: The object.
        place_id: Where; null where it has no place.
        severity: ``note``, ``warning`` or ``error``.
        words_zh: What is wrong.
        words_en: The same in English.
        facts: The values behind it.
        found_at: Aware UTC instant it was found.
        load_id: Load that found it; null where none did.
        is_open: Whether it is not settled yet.
    """

    finding_id: str
    rule_id: str
    entity: str | None
    object_id: str | None
    place_id: str | None
    severity: str | None
    words_zh: str | None
    words_en: str | None
    facts: Any
    found_at: datetime | None
    load_id: str | None
    is_open: bool | None


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings, newest first.

    Attributes:
        items: The findings.
        n_total: How many there are.
        counts: Findings by rule, under the same filters.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
    """

    items: list[Finding]
    n_total: int
    counts: Mapping[str, int]
    next_cursor: str | None
