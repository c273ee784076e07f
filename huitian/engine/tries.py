"""How often something was tried, kept in the store: every server process counts the same, also after a restart."""

import math
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from huitian.engine.columns import Instant
from huitian.engine.tables import try_count, try_made
from huitian.engine.writing import SqlWriting
from huitian.model.window import Window

SWEEP_EVERY = timedelta(minutes=1)
SWEPT_AT_ONCE = 400
NEXT = text(
    "INSERT INTO try_count (key_hash, n_made, over_at) VALUES (:key_hash, 1, :over_at) ON CONFLICT (key_hash) "
    "DO UPDATE SET n_made = try_count.n_made + 1, over_at = excluded.over_at RETURNING n_made"
).bindparams(bindparam("over_at", type_=Instant))
"""One statement, so that whoever tries at the same moment waits for its row, on every store."""


class Opened(Protocol):
    """Rows of a SQL store."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a connection to read."""
        ...

    def writing(self) -> AbstractContextManager[SqlWriting]:
        """Open a transaction."""
        ...


class Refused(Exception):
    """Ends a transaction so that nothing of it is counted."""

    def __init__(self, left_s: int) -> None:
        super().__init__()
        self.left_s = left_s


class SqlTries:
    """Tries, numbered for each key; one is let through when the ``most``-th before it has left the window.

    Args:
        records: The store.
    """

    def __init__(self, records: Opened) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._swept_at: datetime | None = None

    def left_s(self, window: Window, now: datetime) -> int:
        """Return seconds until a key may try again, 0 when it may now; counts nothing."""
        with self._records.reading() as connection:
            made_at = connection.execute(
                select(try_made.c.made_at)
                .join(try_count, try_count.c.key_hash == try_made.c.key_hash)
                .where(
                    try_made.c.key_hash == window.key_hash,
                    try_made.c.try_no == try_count.c.n_made + 1 - window.most,
                )
            ).scalar()
        return left_of(made_at, window, now)

    def count(self, windows: Sequence[Window], now: datetime) -> int:
        """Count one try of every key, or of none where one of them may not; returns as ``left_s``."""
        # Read first: who hammers at a closed door writes nothing.
        left_s = max((self.left_s(window, now) for window in windows), default=0)
        if left_s:
            return left_s
        try:
            with self._records.writing() as writing:
                # In one order, so that two who try the same keys do not wait for each other.
                for window in sorted(windows, key=lambda w: w.key_hash):
                    count_one(writing.connection, window, now)
        except Refused as refused:
            return refused.left_s
        if self._is_time_to_sweep(now):
            self.sweep(now)
        return 0

    def give_back(self, all_of: Sequence[str], last_of: Sequence[str]) -> None:
        """Give tries back.

        Args:
            all_of: Keys that get all their tries back.
            last_of: Keys that get the last one back.
        """
        with self._records.writing() as writing:
            run = writing.connection.execute
            for key_hash in sorted({*all_of, *last_of}):
                own = try_made.c.key_hash == key_hash
                if key_hash in all_of:
                    run(delete(try_count).where(try_count.c.key_hash == key_hash))
                    run(delete(try_made).where(own))
                    continue
                fewer = update(try_count).where(try_count.c.key_hash == key_hash, try_count.c.n_made > 0)
                n_made = run(
                    fewer.values(n_made=try_count.c.n_made - 1).returning(try_count.c.n_made)
                ).scalar()
                if n_made is not None:
                    run(delete(try_made).where(own, try_made.c.try_no > n_made))

    def sweep(self, now: datetime) -> None:
        """Remove keys whose last try has left its window; those in use at this moment are left for later."""
        with self._records.writing() as writing:
            over = select(try_count.c.key_hash).where(try_count.c.over_at <= now).limit(SWEPT_AT_ONCE)
            keys = list(writing.connection.execute(over.with_for_update(skip_locked=True)).scalars())
            writing.connection.execute(delete(try_made).where(try_made.c.key_hash.in_(keys)))
            writing.connection.execute(delete(try_count).where(try_count.c.key_hash.in_(keys)))

    def _is_time_to_sweep(self, now: datetime) -> bool:
        with self._lock:
            last = self._swept_at
            if last is not None and last <= now < last + SWEEP_EVERY:
                return False
            self._swept_at = now
            return True


def count_one(connection: Connection, window: Window, now: datetime) -> None:
    """Count one try of one key.

    Raises:
        Refused: It has none left.
    """
    key = {"key_hash": window.key_hash}
    try_no = connection.execute(NEXT, key | {"over_at": now + window.length}).scalar_one()
    own = try_made.c.key_hash == window.key_hash
    connection.execute(delete(try_made).where(own, try_made.c.made_at <= now - window.length))
    # Where the clock was set back, a try is never further ahead than now: no lock outlasts its window.
    connection.execute(update(try_made).where(own, try_made.c.made_at > now).values(made_at=now))
    earlier = select(try_made.c.made_at).where(own, try_made.c.try_no == try_no - window.most)
    left_s = left_of(connection.execute(earlier).scalar(), window, now)
    if left_s:
        raise Refused(left_s)
    connection.execute(insert(try_made).values(try_no=try_no, made_at=now, **key))


def left_of(made_at: datetime | None, window: Window, now: datetime) -> int:
    """Return seconds until a try leaves its window, at least 1; 0 where it has, or there is none."""
    if made_at is None or made_at + window.length <= now:
        return 0
    left = min(made_at, now) + window.length - now
    return max(1, math.ceil(left.total_seconds()))
