"""What a load tells when it is over: how many rows were read, written, unchanged, rejected, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["done", "stopped", "dry_run"]


@dataclass(frozen=True, slots=True)
class Example:
    """One rejected row, as it is shown.

    Attributes:
        row_no: Row of the file.
        reason_code: Why.
        reason_zh: Why, in Chinese.
        reason_en: Why, in English.
    """

    row_no: int
    reason_code: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one run of a load did. ``n_read = n_written + n_unchanged + n_rejected``.

    Attributes:
        load_id: The load; the same file under the same mapping is the same load.
        file_name: The file.
        kind: Kind of source.
        entity: What its rows became.
        source_id: Name of the source.
        outcome: Whether it came to the end, was stopped, or only tried.
        n_read: Rows read in this run.
        n_written: Rows that are new or changed.
        n_unchanged: Rows that were in the city already, equal.
        n_rejected: Rows that cannot be loaded; they are kept in ``reject``.
        reasons: Reason code → rejected rows.
        examples: The first rejected rows of each reason.
        notes: ``reason_code:column`` → rows that were loaded all the same.
        absent: Columns that the mapping reads and the file does not have; their values are missing.
        unread: Columns of the file that nothing reads.
        facts: What was found out about the file: encoding, delimiter, ….
        n_open_findings: Findings of the quality rules that are open now; None in a dry run.
        n_done_before: Rows that an earlier, undone run of this load had finished.
    """

    load_id: str
    file_name: str
    kind: str
    entity: str
    source_id: str
    outcome: Outcome
    n_read: int
    n_written: int
    n_unchanged: int
    n_rejected: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    n_open_findings: int | None = None
    n_done_before: int = 0

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        from dataclasses import asdict

        return asdict(self)
