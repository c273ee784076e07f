"""Writing the audit: before an answer leaves, several at a time."""

import hashlib
import logging
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from huitian.base.planner import Planner
from huitian.clock import SHANGHAI, Clock
from huitian.engine.ports import Records
from huitian.errors import AuditUnwritten, HuitianError
from huitian.model.audit import Entry
from huitian.model.query import Condition, Event, Query, Tally

AT_ONCE = 200
"""Entries of one transaction."""
RULE = "looks_a_day"
LOG = logging.getLogger("huitian.audit")
MOST_WAITING = 5_000
"""Entries that may wait; more than a server answers in the time a store may be busy."""


@dataclass(slots=True)
class Waiting:
    """An entry on its way into the chain."""

    entry: Entry
    seq: int = 0
    trouble: HuitianError | None = None
    is_done: threading.Event = field(default_factory=threading.Event)


class Audit:
    """Appends entries to the chain of one city.

    ``write`` returns only when the entry is durable. Whoever comes while a transaction runs waits for the next one,
    which takes all that came meanwhile: a look costs a share of a transaction, and reads are not held up one by one.
    Inside a transaction of your own use ``Writing.chain`` instead, so that the change and its entry are one.

    Args:
        records: The store.
        clock: The time.
        planner: Permission to count looks; None raises no alarm.
        looks_a_day: Looks of one user on one day that raise an alarm: a finding and an event. Nothing is blocked.
    """

    def __init__(
        self, records: Records, clock: Clock, planner: Planner | None = None, looks_a_day: int = 300
    ) -> None:
        self._records = records
        self._clock = clock
        self._planner = planner
        self._looks_a_day = looks_a_day
        self._waiting: deque[Waiting] = deque()
        self._turn = threading.Lock()

    def write(self, entry: Entry) -> int:
        """Append one entry; returns its number when it is durable. Not idempotent.

        Raises:
            AuditUnwritten: It could not be written, so what it stands for must not be done.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise AuditUnwritten(why=f"{MOST_WAITING} waiting")
        mine = Waiting(replace(entry, at=entry.at or self._clock.now()))
        self._waiting.append(mine)
        while not mine.is_done.is_set():
            with self._turn:
                if not mine.is_done.is_set():
                    self._write_waiting()
        if mine.trouble is not None:
            raise AuditUnwritten(why=mine.trouble.code) from mine.trouble
        return mine.seq

    def _write_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), AT_ONCE))]
        trouble: HuitianError | None = None
        try:
            with self._records.writing() as writing:
                seqs = writing.chain([one.entry for one in batch])
            for one, seq in zip(batch, seqs, strict=True):
                one.seq = seq
        except HuitianError as error:
            trouble = error
        finally:
            for one in batch:
                one.trouble = trouble
                if one.seq == 0 and trouble is None:
                    one.trouble = AuditUnwritten(why="?")
                one.is_done.set()
        if trouble is None:
            self._alarms({one.entry.user_id for one in batch if one.entry.act == "look"})

    def _alarms(self, user_ids: set[str]) -> None:
        """Raise what alarms there are; the looks are written already, so a failure here refuses none of them."""
        try:
            for user_id in sorted(user_ids):
                self._alarm(user_id)
        except HuitianError as error:
            # The next look of the same user asks again.
            LOG.warning("alarm of looks not raised: %s", error.code)

    def _alarm(self, user_id: str) -> None:
        """Leave a finding and an event where a user looked at more than the alarm of a day allows, once a day."""
        if self._planner is None:
            return
        day = self._planner.today()
        told = hashlib.sha256(f"{user_id} {day}".encode()).hexdigest()[:20]
        finding = {
            "finding_id": f"looks-{told}", "rule_id": RULE, "entity": "user_account", "object_id": user_id,
            "place_id": None, "severity": "warning", "is_open": True, "found_at": self._clock.now(), "load_id": None,
            "words_zh": f"{day} 查看个人信息超过 {self._looks_a_day} 次，请审计员核实用途",
            "words_en": f"More than {self._looks_a_day} looks at persons on {day}; the auditor should ask why",
            "facts": {"day": day.isoformat(), "alarm": self._looks_a_day},
        }  # fmt: skip
        there = Query(
            "finding", (Condition("finding_id", "eq", finding["finding_id"]),), ("finding_id",), limit=1
        )
        if self._records.read(self._planner.raw("finding"), there).rows:
            return
        if self._n_looks(self._planner, user_id, day) <= self._looks_a_day:
            return
        with self._records.writing() as writing:
            if writing.add("finding", [finding]).n_written:
                writing.emit(Event("audit", "looks_over_alarm", {"user_id": user_id, "day": day.isoformat()}))

    def _n_looks(self, planner: Planner, user_id: str, day: date) -> int:
        """Return the subjects that a user looked at on a day; one request that reads a home in parts is one look."""
        where = (
            Condition("user_id", "eq", user_id), Condition("act", "eq", "look"),
            Condition("done_at", "ge", datetime.combine(day, time(), SHANGHAI)),
        )  # fmt: skip
        allowed = planner.raw("audit_row")
        (most,) = self._records.tally(allowed, Tally("audit_row", where, sums=("n_subjects",)))
        if (most["sum_n_subjects"] or 0) <= self._looks_a_day:
            return 0
        parts = self._records.tally(
            allowed, Tally("audit_row", where, ("request_id", "subject_hash", "n_subjects"))
        )
        return sum(one["n_subjects"] * (1 if one["request_id"] else one["n"]) for one in parts)
