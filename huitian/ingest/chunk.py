"""One chunk of a file through all steps, and its rows, rejects, lineage and progress as one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from huitian.base.planner import Planner
from huitian.base.quality import Reads
from huitian.engine.ports import Writing
from huitian.errors import LoadRunning
from huitian.ingest.batch import Batch, Draft, Tally
from huitian.ingest.check import Bounds, check
from huitian.ingest.decode import Decoding, decode
from huitian.ingest.dedupe import dedupe, without_unchanged
from huitian.ingest.letters import StoryTaker, story_of, undated_findings
from huitian.ingest.locate import Surroundings, locate
from huitian.ingest.mapping import RowMap
from huitian.ingest.notes import keep_notes
from huitian.ingest.write import Stamp, keep_source_rows, reject_rows, write_objects
from huitian.model.query import Condition, Query, Row
from huitian.sources.rows import SourceRow

CHUNK = 500
"""Rows of one transaction: so many are done again at most after a kill."""


@dataclass(slots=True)
class Course:
    """A load on its way.

    Attributes:
        mapping: The mapping.
        stamp: What marks its rows.
        decoding: How rows are decoded.
        bounds: What rows are checked against.
        around: The city around it.
        planner: Permission for the product's own work.
        taker: Whoever takes letters in; None where none are loaded.
        is_again: Whether the load was finished before and is only looked through again.
        seen: Key → row, of the good rows so far.
        tally: Counts of this run.
        n_changed: Rows written or rejected otherwise than before, in a run that looks through again.
        n_newer: Rows that were left as a newer load wrote them.
    """

    mapping: RowMap
    stamp: Stamp
    decoding: Decoding
    bounds: Bounds
    around: Surroundings
    planner: Planner
    taker: StoryTaker | None = None
    is_again: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    n_changed: int = 0
    n_newer: int = 0

    def prepared(self, rows: Sequence[SourceRow]) -> Batch:
        """Return rows decoded, checked, located, and without keys that came before in this file."""
        batch = decode(rows, self.decoding)
        batch = check(batch, self.mapping, self.bounds)
        batch = locate(batch, self.mapping, self.around)
        return dedupe(batch, self.seen)

    def changed(self, reads: Reads, batch: Batch) -> Batch:
        """Return the batch without the rows that are in the city already, equal or from a newer load.

        A newer load is one that began later: loading an old file again, or ending it late, takes nothing back.
        """
        known = self._known(reads, [draft.source_key for draft in batch.drafts])
        newer = self._newer_loads(reads, {row["load_id"] for row in known.values()})
        batch = without_unchanged(batch, {key: row["content_hash"] for key, row in known.items()})
        kept = [draft for draft in batch.drafts
                if draft.source_key in known and known[draft.source_key]["load_id"] in newer]  # fmt: skip
        self.n_newer += len(kept)
        return without_unchanged(batch, {draft.source_key: draft.content_hash for draft in kept})

    def _known(self, reads: Reads, keys: Sequence[str]) -> dict[str, Row]:
        """Return the rows of this source that are in the city by key: content hash and load."""
        query = Query("source_row", (
            Condition("source_id", "eq", self.mapping.source_id), Condition("entity", "eq", self.mapping.entity),
            Condition("source_key", "in", keys)), ("source_key", "content_hash", "load_id"), limit=len(keys) or 1,
        )  # fmt: skip
        rows = reads.read(self.planner.system("source_row"), query).rows
        return {row["source_key"]: row for row in rows}

    def _newer_loads(self, reads: Reads, load_ids: set[str | None]) -> set[str]:
        """Return which of some loads began after this one."""
        others = sorted(load_id for load_id in load_ids if load_id and load_id != self.stamp.load_id)
        query = Query("load", (
            Condition("load_id", "in", others), Condition("load_seq", "gt", self.stamp.load_seq)),
            ("load_id",), limit=len(others) or 1,
        )  # fmt: skip
        rows = reads.read(self.planner.system("load"), query).rows if others else []
        return {row["load_id"] for row in rows}


def chunks_of(rows: Iterator[SourceRow], size: int = CHUNK) -> Iterator[list[SourceRow]]:
    """Yield lists of rows."""
    piece: list[SourceRow] = []
    for row in rows:
        piece.append(row)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def keep_chunk(writing: Writing, course: Course, prepared: Batch, n_done_rows: int) -> Batch:
    """Write one chunk inside a transaction, with the progress of its load.

    Args:
        writing: An open transaction.
        course: The load.
        prepared: The chunk, prepared.
        n_done_rows: Rows of the file that were done before this chunk.

    Returns:
        The batch without the rows that were there already.

    Raises:
        LoadRunning: Another process loads the same file at the same time.
    """
    batch = course.changed(writing, prepared)
    n_written, n_same = _write(writing, course, batch)
    load_id = course.stamp.load_id
    if course.is_again:
        _again(writing, course, batch, n_written)
    else:
        writing.add("reject", reject_rows(batch.refusals, load_id))
        keep_notes(writing, course.planner, prepared.drafts, course.mapping, load_id, course.bounds.now_at)
        load = _load_row(writing, course)
        values = {
            "n_read": load["n_read"] + batch.n_read,
            "n_written": load["n_written"] + n_written,
            "n_unchanged": load["n_unchanged"] + batch.n_unchanged + n_same,
            "n_rejected": load["n_rejected"] + len(batch.refusals),
            "n_done_rows": n_done_rows + batch.n_read,
        }
        if not writing.change("load", {"load_id": load_id, "n_done_rows": n_done_rows}, values):
            raise LoadRunning(load_id=load_id, n_done_rows=n_done_rows)
    course.tally.count(batch, n_written)
    course.tally.n_unchanged += n_same
    return batch


def _write(writing: Writing, course: Course, batch: Batch) -> tuple[int, int]:
    """Write the good rows; returns how many are new or changed, and how many were there already."""
    mapping = course.mapping
    if mapping.entity != "case":
        write_objects(writing, course.planner, batch, mapping, course.stamp)
        return len(batch.drafts), 0
    if not batch.drafts:
        return 0, 0
    return _take(writing, course, batch.drafts)


def _take(writing: Writing, course: Course, drafts: Sequence[Draft]) -> tuple[int, int]:
    mapping, load_id = course.mapping, course.stamp.load_id
    if course.taker is None:
        raise RuntimeError("letters are loaded, but nobody was handed over to take them")
    stories = [story_of(draft, mapping) for draft in drafts]
    taken = course.taker.take_stories(writing, mapping.source_id, stories, load_id)
    case_ids = [taken.case_ids[draft.source_key] for draft in drafts]
    keep_source_rows(writing, drafts, mapping, course.stamp, case_ids)
    writing.add("finding", undated_findings(drafts, mapping, taken.case_ids, load_id, course.bounds.now_at))
    return taken.written.n_written, taken.written.n_unchanged


def _load_row(writing: Writing, course: Course) -> Row:
    query = Query("load", (Condition("load_id", "eq", course.stamp.load_id),), limit=1)
    row: Row = writing.read(course.planner.system("load"), query).rows[0]
    return row


def _again(writing: Writing, course: Course, batch: Batch, n_written: int) -> None:
    """Bring the rejects and counts of a finished load up to date, if this run sees a row otherwise."""
    load_id = course.stamp.load_id
    rows = reject_rows(batch.refusals, load_id)
    numbers = [*(draft.row_no for draft in batch.drafts), *(row["row_no"] for row in rows)]
    query = Query("reject", (
        Condition("load_id", "eq", load_id), Condition("row_no", "in", numbers)), limit=len(numbers) or 1,
    )  # fmt: skip
    there = {row["row_no"]: row for row in writing.read(course.planner.system("reject"), query).rows}
    now = {row["row_no"]: row for row in rows}
    moved = [no for no in {*there, *now} if _reason(there.get(no)) != _reason(now.get(no))]
    for row_no in moved:
        writing.remove("reject", {"load_id": load_id, "row_no": row_no})
    writing.add("reject", [now[no] for no in moved if no in now])
    if moved or n_written:
        load = _load_row(writing, course)
        n_rejected = load["n_rejected"] + len(now) - len(there)
        n_good = load["n_read"] - n_rejected
        total_written = min(n_good, load["n_written"] + n_written)
        values = {
            "n_rejected": n_rejected, "n_written": total_written, "n_unchanged": n_good - total_written,
        }  # fmt: skip
        writing.change("load", {"load_id": load_id}, values)
        course.n_changed += len(moved) + n_written


def _reason(row: Row | None) -> tuple[Any, ...]:
    return () if row is None else (row["reason_code"], row["reason_zh"])
