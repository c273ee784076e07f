"""What of a case is gone: its words, its contact and its photos go each for itself, on request or at their term."""

from dataclasses import dataclass
from datetime import datetime

from huitian.base.planner import Planner
from huitian.cases.parts import Reads
from huitian.model.case import Cause
from huitian.model.query import Condition, Query

KIND_OF = {"words": "case", "contact": "contact", "photos": "photos"}
"""Part of a case → kind of the subject that is erased."""


@dataclass(frozen=True, slots=True)
class Gone:
    """That something was erased.

    Attributes:
        gone_at: When, aware UTC.
        cause: Somebody asked for it, or its time was over.
    """

    gone_at: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class CaseGone:
    """What is gone of a case; None is there still, or never was.

    Attributes:
        words: What its writer and those who worked on it wrote.
        contact: Name and phone of its writer.
        photos: Every photo.
    """

    words: Gone | None = None
    contact: Gone | None = None
    photos: Gone | None = None


def gone_of(reads: Reads, planner: Planner, case_id: str) -> CaseGone:
    """Return what was erased of a case."""
    parts = {f"{kind}:{case_id}": part for part, kind in KIND_OF.items()}
    found = erased(reads, planner, list(parts))
    return CaseGone(**{parts[subject_id]: gone for subject_id, gone in found.items()})


def erased(reads: Reads, planner: Planner, subject_ids: list[str]) -> dict[str, Gone]:
    """Return those subjects that were erased, such as ``case:<id>``; no more than a store takes at once."""
    query = Query("erasure", (Condition("subject_id", "in", subject_ids),), limit=len(subject_ids) or 1,
                  columns=("subject_id", "erased_at", "cause"))  # fmt: skip
    rows = reads.read(planner.system("erasure"), query).rows
    return {row["subject_id"]: Gone(row["erased_at"], row["cause"]) for row in rows}
