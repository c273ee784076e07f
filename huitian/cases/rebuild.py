"""Rebuild: the projection made anew from the logs, and the comparison of the two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huitian.cases.fold import COLUMNS, fold
from huitian.cases.history import BATCH, EVERY_ROW, logs_of
from huitian.cases.parts import CaseParts, Reads
from huitian.model.query import Query, Row, Written


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the projection is not what its log means.

    Attributes:
        case_id: The case.
        column: Column of ``case``; empty where the whole row is missing, or has no log.
        stored: Value in the projection.
        meant: Value by the log.
    """

    case_id: str
    column: str
    stored: Any
    meant: Any


def rebuild(parts: CaseParts) -> Written:
    """Write every row of ``case`` anew from its log, in one transaction. Idempotent.

    Rows without a log are removed. Where a case stands is not touched: anchors follow the places.
    """
    done = Written()
    with parts.records.writing() as writing:
        meant = {row["case_id"] for row in meant_rows(parts, writing)}
        for row in stored_rows(parts, writing):
            if row["case_id"] not in meant:
                writing.remove("case", {"case_id": row["case_id"]})
                done += Written(n_written=1)
        batch: list[Row] = []
        for row in meant_rows(parts, writing):
            batch.append(row)
            if len(batch) == BATCH:
                done += writing.put("case", batch)
                batch = []
        return done + writing.put("case", batch)


def check(parts: CaseParts) -> list[Difference]:
    """Return where the projection differs from the logs; empty when it is what they mean."""
    stored = {row["case_id"]: row for row in stored_rows(parts, parts.records)}
    found: list[Difference] = []
    for meant in meant_rows(parts, parts.records):
        row = stored.pop(meant["case_id"], None)
        if row is None:
            found.append(Difference(meant["case_id"], "", None, meant["version"]))
        else:
            found += [
                Difference(meant["case_id"], name, row[name], meant[name])
                for name in COLUMNS
                if row[name] != meant[name]
            ]
    return found + [Difference(case_id, "", row["version"], None) for case_id, row in stored.items()]


def meant_rows(parts: CaseParts, reads: Reads) -> Iterator[Row]:
    """Yield the row of every case by its log, in order of case id."""
    query = Query("case_step", columns=("case_id",), sort=("case_id",), limit=EVERY_ROW)
    ids = dict.fromkeys(row["case_id"] for row in reads.read(parts.planner.system("case_step"), query).rows)
    every = list(ids)
    for start in range(0, len(every), BATCH):
        logs = logs_of(reads, parts.planner, every[start : start + BATCH])
        for steps in logs.values():
            ladder = parts.ladders.named(steps[0].facts["rule_set"])
            yield fold(ladder, parts.calendar, steps)


def stored_rows(parts: CaseParts, reads: Reads) -> list[Row]:
    """Return the projection as it is stored."""
    query = Query("case", columns=COLUMNS, limit=EVERY_ROW)
    return [dict(row) for row in reads.read(parts.planner.system("case"), query).rows]
