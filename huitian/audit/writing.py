"""Writing the audit: before an answer leaves, several at a time."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from huitian.clock import Clock
from huitian.engine.ports import Records
from huitian.errors import AuditUnwritten, HuitianError
from huitian.model.audit import Entry

AT_ONCE = 200
"""Entries of one transaction."""
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
    """

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
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


Write = Callable[[Entry], int]
