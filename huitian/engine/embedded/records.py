"""The record store of the embedded engine: SQLite, one writer, many readers."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from huitian.engine.condition import condition_of, is_folder_read_only
from huitian.engine.embedded.sqlite import overlap
from huitian.engine.marks import MOVED_TO
from huitian.engine.records import SqlRecords
from huitian.engine.troubles import store_told
from huitian.engine.writing import WRITING, SqlWriting
from huitian.errors import StoreBusy, StoreMoved


def check_not_moved(connection: Connection, where: str) -> None:
    """Refuse to write into a store that was left while this process waited for its lock, or stayed open.

    Raises:
        StoreMoved: Its city was moved elsewhere.
    """
    to = connection.exec_driver_sql("SELECT told FROM store_mark WHERE mark = ?", (MOVED_TO,)).scalar()
    if to is not None:
        raise StoreMoved(where=where, to=to)


class EmbeddedRecords(SqlRecords):
    """Rows in SQLite; see ``ports.Records``."""

    def __init__(self, engine: Engine, where: str, busy_timeout_s: float, wake: Callable[[], None]) -> None:
        super().__init__(engine, where, busy_timeout_s, overlap)
        self._writer = engine.execution_options(**{WRITING: True})
        self._lock = threading.Lock()
        self._wake = wake

    @contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        """Open a transaction: threads of this process queue here, other processes at the file's lock."""
        with self.filling() as writing:
            check_not_moved(writing.connection, self._where)
            yield writing

    @contextmanager
    def filling(self) -> Iterator[SqlWriting]:
        """Open a transaction on a store whatever its marks are; for the engine itself."""
        if not self._lock.acquire(timeout=self._busy_timeout_s):
            raise StoreBusy(waited_s=self._busy_timeout_s)
        try:
            with store_told(self._where, self._busy_timeout_s):
                with self._writer.connect() as connection, connection.begin():
                    writing = SqlWriting(connection, overlap, self.vault)
                    yield writing
                if writing.n_events:
                    self._wake()
        finally:
            self._lock.release()

    def check(self, *, is_thorough: bool = False) -> Mapping[str, str]:
        """Say how the store is."""
        folder = Path(self._where).parent
        own = "PRAGMA quick_check(1)" if is_thorough else ""
        return condition_of(self._engine, lambda _: is_folder_read_only(folder), own)

    def close(self) -> None:
        """Give back connections; what SQLite learnt about the tables is kept for the next opening."""
        with contextlib.suppress(OperationalError), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
        super().close()
