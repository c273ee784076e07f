"""Opening and making the embedded store of a city folder."""

from pathlib import Path

from huitian.engine.embedded.lock import ServerLock
from huitian.engine.embedded.records import EmbeddedRecords
from huitian.engine.embedded.sqlite import connect, empty_log, rebuild_boxes
from huitian.engine.files import FolderFiles, own_folder
from huitian.engine.outbox import SqlEvents
from huitian.engine.store import SqlEngine, bring_up, check_marks
from huitian.engine.troubles import disk_told, store_told
from huitian.errors import CityMissing

STORE = Path("store") / "huitian.sqlite"
POLL_S = 0.5
"""How often a waiting reader looks for events of another process (a ``load`` beside a ``serve``)."""


class EmbeddedEngine(SqlEngine[EmbeddedRecords, SqlEvents]):
    """Records, events and files of one city folder; one process serves it.

    SQLite has one writer, so no number of the outbox commits late.
    """

    def __init__(self, folder: Path, busy_timeout_s: float) -> None:
        where = str(folder / STORE)
        sql = connect(folder / STORE, busy_timeout_s)
        events = SqlEvents(sql, POLL_S)
        records = EmbeddedRecords(sql, where, busy_timeout_s, events.wake)
        super().__init__("embedded", where, sql, records, events, FolderFiles(folder / "files"))
        self.folder = folder
        self._server_lock = ServerLock(folder / "store")

    def hold(self) -> None:
        """Take the store for this process alone, until it is closed.

        Raises:
            StoreLocked: Another process has it.
        """
        self._server_lock.hold()

    def hold_alone(self) -> None:
        """Take the store for this process alone; see ``hold``, which never shares it either."""
        self._server_lock.hold()

    def empty_log(self) -> None:
        """Let nothing that was removed stay in the log of the store."""
        empty_log(self.folder / STORE)

    def rebuild_boxes(self) -> None:
        """Fill the index of boxes anew from the rows, in one transaction; what was asked meanwhile sees the old one.

        Raises:
            StoreBusy: Another process writes.
        """
        with self._records.filling() as writing:
            rebuild_boxes(writing.connection)

    def close(self) -> None:
        """Close all stores."""
        self._server_lock.release()
        super().close()


def create_store(folder: Path, busy_timeout_s: float = 30.0) -> EmbeddedEngine:
    """Make the store of a new city folder, or bring an older one up to date; then open it."""
    with disk_told(folder):
        own_folder(folder / "store")
        own_folder(folder / "files")
    sql = connect(folder / STORE, busy_timeout_s)
    try:
        with store_told(str(folder / STORE), busy_timeout_s):
            bring_up(sql)
            check_marks(sql, str(folder / STORE))
    finally:
        sql.dispose()
    return EmbeddedEngine(folder, busy_timeout_s)


def open_engine(folder: Path, busy_timeout_s: float = 30.0) -> EmbeddedEngine:
    """Open the store of a city folder; an older one is brought up to date.

    Raises:
        CityMissing: There is none.
        StoreTooNew: It was written by a newer Huitian.
        StoreHalfMade: A move or a restore into it did not end.
        StoreMoved: Its city was moved elsewhere.
    """
    if not (folder / STORE).is_file():
        raise CityMissing(home=str(folder))
    return create_store(folder, busy_timeout_s)
