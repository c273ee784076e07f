"""The outbox on PostgreSQL: read by number, woken by NOTIFY, looked at now and then all the same."""

import contextlib
import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from huitian.engine.outbox import SqlEvents
from huitian.engine.scaled.postgres import CHANNEL

POLL_S = 10.0
"""How often a waiting reader looks without having been woken; a notice can be lost with its connection."""
AGAIN_S = 0.5
"""How long to wait before listening again after the connection broke."""


class ScaledEvents(SqlEvents):
    """Events in order of their number; numbers commit in order (``records.ScaledWriting``).

    Args:
        engine: The store.
        is_back: Called when it listens, for the first time and after the connection broke.
    """

    def __init__(self, engine: Engine, is_back: Callable[[], None] = lambda: None) -> None:
        super().__init__(engine, POLL_S)
        self._is_back = is_back
        self._is_closed = threading.Event()
        self._starting = threading.Lock()
        self._listener: threading.Thread | None = None
        self._ear, self._bell = socket.socketpair()

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Wait until an event after ``seq`` may be there."""
        with self._starting:
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="huitian-listen", daemon=True)
                self._listener.start()
        return super().wait(seq, timeout_s)

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            try:
                self._listen_once()
            except Exception:  # noqa: BLE001 (whatever broke the connection, readers are still to be woken)
                self._is_closed.wait(AGAIN_S)

    def _listen_once(self) -> None:
        """Hold one connection and wake the readers at every notice, until it breaks or the engine closes."""
        raw = self._engine.raw_connection()
        driver: Any = raw.driver_connection
        # Out of the pool: it waits for as long as the server runs, and takes no place of a request.
        raw.detach()
        try:
            driver.autocommit = True
            cursor = driver.cursor()
            cursor.execute(f"LISTEN {CHANNEL}")
            self._is_back()
            # Whatever was committed while nobody listened.
            self.wake()
            with selectors.DefaultSelector() as selector:
                selector.register(driver._usock, selectors.EVENT_READ)
                selector.register(self._ear, selectors.EVENT_READ)
                while not self._is_closed.is_set():
                    # Waits without looking at the clock, until the server says something or the engine closes.
                    if not is_waiting(driver):
                        selector.select()
                    if not self._is_closed.is_set():
                        # The driver takes notices in only beside an answer.
                        cursor.execute("SELECT 1")
                    if driver.notifications:
                        driver.notifications.clear()
                        self.wake()
        finally:
            with contextlib.suppress(Exception):
                driver.close()

    def close(self) -> None:
        """Stop listening."""
        self._is_closed.set()
        with contextlib.suppress(OSError):
            self._bell.send(b"x")
        if self._listener is not None:
            self._listener.join(timeout=5)
        self._bell.close()
        self._ear.close()


def is_waiting(driver: Any) -> bool:
    """Return whether the driver holds bytes that it has not looked at; a selector sees only the socket."""
    driver._usock.setblocking(False)
    try:
        return bool(driver._sock.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        driver._usock.setblocking(True)
