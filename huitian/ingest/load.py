"""Loads one file: begins or resumes, goes through its chunks, and finishes what depends on all of them."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records
from huitian.errors import FileUnreadable, MappingInvalid
from huitian.ingest.batch import Batch
from huitian.ingest.check import MOST_WORDS_CHARS, Bounds, box_around
from huitian.ingest.chunk import Course, chunks_of, keep_chunk
from huitian.ingest.decode import decoding_of
from huitian.ingest.finish import finish
from huitian.ingest.letters import StoryTaker
from huitian.ingest.locate import Surroundings
from huitian.ingest.mapping import RowMap
from huitian.ingest.notes import noted
from huitian.ingest.outlines import Box
from huitian.ingest.report import Example, LoadReport, Outcome
from huitian.ingest.write import Stamp
from huitian.model.query import Condition, Query, Row
from huitian.sources.kinds import SourceKind
from huitian.sources.rows import OpenedFile

NEXT = 2**63 - 1
"""Number of a load that is only tried: it would be the newest of all."""
EXAMPLES = 3
"""Rejected rows that a report shows for each reason."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a city sets for its loads.

    Attributes:
        box: Box of sane coordinates; None takes the box of the outlines.
        most_letter_chars: Longest letter.
    """

    box: Box | None = None
    most_letter_chars: int = 5000


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on while a load runs.

    Attributes:
        advanced: Called after every chunk with the rows done and about how many there are.
        should_stop: Asked after every chunk; True ends the run, and the same command resumes it.
    """

    advanced: Callable[[int, int], None] = lambda _done, _all: None
    should_stop: Callable[[], bool] = lambda: False


class Loader:
    """Loads files into one city.

    Args:
        records: The store.
        planner: Permission for the product's own work; refreshed when places change.
        clock: The time.
        limits: What the city sets.
        taker: Whoever takes letters in; None where none are loaded.
    """

    def __init__(
        self,
        records: Records,
        planner: Planner,
        clock: Clock,
        limits: Limits,
        taker: StoryTaker | None = None,
    ) -> None:
        self._records = records
        self._planner = planner
        self._clock = clock
        self._limits = limits
        self._taker = taker

    def load(
        self,
        path: Path,
        kind: SourceKind,
        mapping: RowMap,
        *,
        is_dry: bool = False,
        watch: Watch | None = None,
    ) -> LoadReport:
        """Load a file. The same file under the same mapping again changes nothing, or ends what was begun.

        Args:
            path: The file.
            kind: Its kind.
            mapping: What its columns mean.
            is_dry: Only try: say what would be written and rejected, and write nothing.
            watch: Who looks on.

        Returns:
            What was done.

        Raises:
            FileUnreadable: The file as a whole cannot be read, or lacks a column that no row can do without.
            LoadRunning: Another process loads the same file.
            StoreBusy: Somebody else writes for too long.
        """
        opened = kind.opener()(path, mapping.options)
        absent = absent_columns(mapping, opened, path.name)
        file_hash = hash_of(path)
        load_id = hashlib.sha256(f"{kind.kind}\n{file_hash}\n{mapping.map_hash}".encode()).hexdigest()[:16]
        there = self._load_row(load_id)
        if not is_dry:
            there = there or self._begin(load_id, path.name, kind.kind, file_hash, mapping.map_hash)
        row: Row = there or {"load_seq": NEXT, "state": "running", "n_done_rows": 0}
        course = self._course(mapping, opened, load_id, row)
        run = _Run(self._records, course, opened, watch or Watch(), row, is_dry)
        outcome = run.through()
        n_open = None
        if outcome == "done":
            n_open = finish(self._records, self._planner, course, self._clock.now)
        return run.report(path.name, kind.kind, outcome, absent, n_open)

    def _course(self, mapping: RowMap, opened: OpenedFile, load_id: str, row: Row) -> Course:
        self._planner.refresh()
        places = self._planner.places
        decoding = decoding_of(mapping, opened.columns)
        words = {name for step in mapping.steps for name in step.words.values()}
        most_chars = dict.fromkeys(words, MOST_WORDS_CHARS) | {"body": self._limits.most_letter_chars}
        columns = {**mapping.columns, **mapping.attributes}
        most_chars |= {name: column.most_chars for name, column in columns.items() if column.most_chars}
        bounds = Bounds(
            self._clock.now(), box_around(list(places.by_id.values()), self._limits.box), most_chars
        )
        around = Surroundings(places, self._planner.today(), self._present)
        stamp = Stamp(load_id, row["load_seq"], decoding.rest)
        return Course(
            mapping, stamp, decoding, bounds, around, self._planner, self._taker, row["state"] == "done"
        )

    def _present(self, entity: str, ids: set[str]) -> set[str]:
        from huitian.ingest.targets import object_id_column

        key = object_id_column(entity)
        query = Query(entity, (Condition(key, "in", sorted(ids)),), columns=(key,), limit=len(ids) or 1)
        return {row[key] for row in self._records.read(self._planner.system(entity), query).rows}

    def _load_row(self, load_id: str) -> Row | None:
        query = Query("load", (Condition("load_id", "eq", load_id),), limit=1)
        rows = self._records.read(self._planner.system("load"), query).rows
        return dict(rows[0]) if rows else None

    def _begin(self, load_id: str, file_name: str, kind: str, file_hash: str, map_hash: str) -> Row:
        with self._records.writing() as writing:
            row: Row = {
                "load_id": load_id, "kind": kind, "file_name": file_name, "file_hash": file_hash,
                "map_hash": map_hash, "state": "running", "n_read": 0, "n_written": 0, "n_unchanged": 0,
                "n_rejected": 0, "n_done_rows": 0, "started_at": self._clock.now(), "finished_at": None,
                "load_seq": writing.next_number("load"),
            }  # fmt: skip
            writing.add("load", [row])
        return row


class _Run:
    """One pass through a file."""

    def __init__(
        self, records: Records, course: Course, opened: OpenedFile, watch: Watch, load: Row, is_dry: bool
    ) -> None:
        self.records = records
        self.course = course
        self.opened = opened
        self.watch = watch
        self.is_dry = is_dry
        self.n_done_before = 0 if course.is_again or is_dry else int(load["n_done_rows"])
        self.examples: dict[str, list[Example]] = {}
        self.notes: dict[str, int] = {}

    def through(self) -> Outcome:
        n_done = 0
        for rows in chunks_of(self.opened.rows()):
            prepared = self.course.prepared(rows)
            if n_done >= self.n_done_before:
                self._keep(prepared, n_done)
            n_done += len(rows)
            self.watch.advanced(n_done, max(n_done, self.opened.n_rows_guess))
            if self.watch.should_stop():
                return "stopped"
        return "dry_run" if self.is_dry else "done"

    def _keep(self, prepared: Batch, n_done: int) -> None:
        if self.is_dry:
            batch = self.course.changed(self.records, prepared)
            self.course.tally.count(batch, len(batch.drafts))
        else:
            with self.records.writing() as writing:
                batch = keep_chunk(writing, self.course, prepared, n_done)
        for refusal in batch.refusals:
            code = refusal.fault.reason_code
            if len(shown := self.examples.setdefault(code, [])) < EXAMPLES:
                shown.append(Example(refusal.row_no, code, refusal.words("zh"), refusal.words("en")))
        for (code, column), row_nos in noted(prepared.drafts).items():
            name = f"{code}:{column}"
            self.notes[name] = self.notes.get(name, 0) + len(row_nos)

    def report(
        self, file_name: str, kind: str, outcome: Outcome, absent: tuple[str, ...], n_open: int | None
    ) -> LoadReport:
        course, tally, mapping = self.course, self.course.tally, self.course.mapping
        if course.n_newer:
            self.notes[f"newer_load:{', '.join(map(mapping.said, mapping.key))}"] = course.n_newer
        used = {*mapping.file_columns(), *mapping.ignores, *course.decoding.rest}
        return LoadReport(
            load_id=course.stamp.load_id, file_name=file_name, kind=kind, entity=mapping.entity,
            source_id=mapping.source_id, outcome=outcome, n_read=tally.n_read, n_written=tally.n_written,
            n_unchanged=tally.n_unchanged, n_rejected=tally.n_rejected, reasons=tally.reasons,
            examples=tuple(one for shown in self.examples.values() for one in shown), notes=self.notes,
            absent=absent, unread=tuple(name for name in self.opened.columns if name not in used),
            facts=self.opened.facts, n_open_findings=n_open, n_done_before=self.n_done_before,
        )  # fmt: skip


def absent_columns(mapping: RowMap, opened: OpenedFile, file_name: str) -> tuple[str, ...]:
    """Return the columns that the mapping reads and the file does not have.

    Raises:
        FileUnreadable: No row can do without one of them.
        MappingInvalid: The file has none of the columns that the mapping reads.
    """
    wanted = mapping.file_columns()
    absent = [name for name in wanted if name not in opened.columns]
    has = listed(opened.columns)
    if wanted and len(absent) == len(wanted):
        raise MappingInvalid(
            file_name=mapping.file_name, field="columns",
            why_zh=f"{file_name} 里一列都没有：{listed(absent)}；文件的列是：{has}",
            why_en=f"{file_name} has none of its columns ({listed(absent)}); it has: {has}",
        )  # fmt: skip
    for name in absent:
        if wanted[name]:
            raise FileUnreadable(
                file_name=file_name, reason_code="missing_column",
                why_zh=f"缺少列“{name}”；文件的列是：{has}。请改映射，或补上这一列。",
                why_en=f"the column {name} is missing; it has: {has}. Correct the mapping, or add the column.",
            )  # fmt: skip
    return tuple(absent)


def listed(names: Iterable[str], most: int = 30) -> str:
    """Return names for a message, the first of them."""
    every = [name if len(name) <= 40 else name[:39] + "…" for name in names]
    return ", ".join(every[:most]) + (" …" if len(every) > most else "")


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
