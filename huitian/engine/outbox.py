"""The outbox of a SQL store, and the wake-up that says a new event may be there."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from huitian.engine.tables import edition_place, outbox
from huitian.engine.troubles import store_told
from huitian.model.query import Event
from huitian.model.scope import Allowed

POOL_WAIT_S = 30.0
"""What a reader is told to have waited for a connection."""


class SqlEvents:
    """Events in order of their number; each engine sees to it that no number commits late.

    Args:
        engine: Where the outbox is.
        poll_s: How often a waiting reader looks without being woken: for events of another process.
    """

    def __init__(self, engine: Engine, poll_s: float) -> None:
        self._engine = engine
        self._poll_s = poll_s
        self._condition = threading.Condition()
        self._n_wakes = self._n_interrupts = 0

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        where = self._engine.url.set(drivername=self._engine.url.get_backend_name()).render_as_string()
        with store_told(where, POOL_WAIT_S), self._engine.connect() as connection:
            yield connection

    def wake(self) -> None:
        """Tell waiting readers that something was committed."""
        with self._condition:
            self._n_wakes += 1
            self._condition.notify_all()

    def interrupt(self) -> None:
        """Let those who wait come back at once."""
        with self._condition:
            self._n_interrupts += 1
            self._condition.notify_all()

    def read_since(self, allowed: Allowed, seq: int, topics: Sequence[str], limit: int = 500) -> list[Event]:
        """Return events after ``seq`` that happened inside ``allowed``."""
        statement = select(outbox).where(outbox.c.seq > seq).order_by(outbox.c.seq).limit(limit)
        if topics:
            statement = statement.where(outbox.c.topic.in_(list(topics)))
        with self._reading() as connection:
            rows = connection.execute(statement).mappings().all()
            inside = None
            if allowed.intervals is not None:
                places = select(edition_place.c.place_id).where(
                    edition_place.c.edition_id == allowed.edition_id,
                    edition_place.c.place_id.in_([p for row in rows for p in row["place_ids"] or ()]),
                )
                ranked = [edition_place.c.rank.between(a, b) for a, b in allowed.intervals]
                inside = {
                    place for condition in ranked for (place,) in connection.execute(places.where(condition))
                }
        return [
            Event(row["topic"], row["kind"], row["payload"] or {}, tuple(row["place_ids"] or ()), row["seq"],
                  row["recorded_at"])
            for row in rows
            if inside is None or not row["place_ids"] or inside.intersection(row["place_ids"])
        ]  # fmt: skip

    def last_seq(self) -> int:
        """Return the number of the newest event."""
        with self._reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(outbox.c.seq), 0))).scalar_one())

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Wait until an event after ``seq`` may be there."""
        until, n_interrupts = time.monotonic() + timeout_s, self._n_interrupts
        while True:
            # Taken before the look: what is committed between the look and the wait is not slept through.
            n_wakes = self._n_wakes
            if self.last_seq() > seq:
                return True
            with self._condition:
                left = until - time.monotonic()
                if left <= 0 or n_interrupts != self._n_interrupts:
                    return False
                self._condition.wait_for(
                    lambda n=n_wakes: (n, n_interrupts) != (self._n_wakes, self._n_interrupts),  # type: ignore[misc]
                    min(left, self._poll_s),
                )

    def close(self) -> None:
        """Stop listening for other processes, where the engine does."""
