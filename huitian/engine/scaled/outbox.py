"""The outbox on PostgreSQL: read by number, woken by NOTIFY, looked at now and then all the same."""

import threading
import time

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from huitian.engine.outbox import SqlEvents
from huitian.engine.scaled.postgres import CHANNEL

POLL_S = 2.0
"""How often a waiting reader looks without having been woken, for a notice lost with its connection."""
LISTEN_S = 0.2


class ScaledEvents(SqlEvents):
    """Events in order of their number; numbers commit in order (``records.ScaledWriting``)."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, POLL_S)
        self._is_closed = threading.Event()
        self._listener: threading.Thread | None = None

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Wait until an event after ``seq`` may be there."""
        if self._listener is None:
            self._listener = threading.Thread(target=self._listen, name="huitian-listen", daemon=True)
            self._listener.start()
        return super().wait(seq, timeout_s)

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            try:
                self._listen_once()
            except (DBAPIError, OSError):
                time.sleep(LISTEN_S)

    def _listen_once(self) -> None:
        """Hold one connection and wake the readers at every notice, until it breaks or the engine closes."""
        raw = self._engine.raw_connection()
        try:
            driver = raw.driver_connection
            assert driver is not None  # noqa: S101
            driver.autocommit = True
            cursor = driver.cursor()
            cursor.execute(f"LISTEN {CHANNEL}")
            while not self._is_closed.wait(LISTEN_S):
                cursor.execute("SELECT 1")
                if driver.notifications:
                    driver.notifications.clear()
                    self.wake()
        finally:
            raw.invalidate()

    def close(self) -> None:
        """Stop listening."""
        self._is_closed.set()
        if self._listener is not None:
            self._listener.join(timeout=5)
