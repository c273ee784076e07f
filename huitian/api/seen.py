"""When sessions and tokens were last used: noted in memory, written by a thread, so that no read waits for a write."""

import contextlib
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from huitian.api.city import City
from huitian.errors import HuitianError

FLUSH_S = 20.0
"""Other processes of the same store, and a restart, know of a use at most so late."""


class Seen:
    """Notes uses of one server process."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._lock = threading.Lock()
        self._noted: dict[tuple[str, str], datetime] = {}
        self._known: dict[tuple[str, str], datetime] = {}
        self._is_closing = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, entity: str, key: str) -> None:
        """Note a use now."""
        now = self._city.clock.now()
        with self._lock:
            self._noted[entity, key] = self._known[entity, key] = now

    def last(self, entity: str, key: str, kept: datetime | None) -> datetime | None:
        """Return the last use, of what the store and this process know."""
        known = self._known.get((entity, key))
        return max((one for one in (known, kept) if one is not None), default=None)

    def flush(self) -> None:
        """Write what was noted; what the store cannot take now is noted again. What is long over is forgotten."""
        long_ago = self._city.clock.now() - timedelta(hours=self._city.settings.session_hours)
        with self._lock:
            noted, self._noted = self._noted, {}
            self._known = {key: at for key, at in self._known.items() if at >= long_ago}
        if not noted:
            return
        try:
            with self._city.engine.records.writing() as writing:
                for (entity, key), at in noted.items():
                    writing.change(entity, {COLUMNS[entity][0]: key}, {COLUMNS[entity][1]: at})
        except HuitianError:
            with self._lock:
                self._noted = noted | self._noted

    def open(self) -> None:
        """Begin to write now and then."""
        self._is_closing.clear()
        self._thread = threading.Thread(target=self._run, name="huitian-seen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Write for the last time and stop."""
        self._is_closing.set()
        if self._thread is not None:
            self._thread.join(timeout=FLUSH_S)

    def _run(self) -> None:
        while not self._is_closing.wait(FLUSH_S):
            with contextlib.suppress(OSError):
                self.flush()
        with contextlib.suppress(OSError):
            self.flush()


COLUMNS: Mapping[str, tuple[str, str]] = {
    "session": ("session_hash", "seen_at"),
    "api_token": ("token_id", "used_at"),
}
"""Entity → its key and the column that says when it was last used."""
