"""Opening and making the embedded store of a city folder."""

from datetime import UTC, datetime
from pathlib import Path

from huitian.engine.embedded.folder import FolderFiles, ServerLock
from huitian.engine.embedded.outbox import EmbeddedEvents
from huitian.engine.embedded.records import EmbeddedRecords
from huitian.engine.embedded.sqlite import connect, rebuild_boxes
from huitian.engine.upgrade import head_revision, revision_of, upgrade
from huitian.errors import CityMissing, StoreTooNew

STORE = Path("store") / "huitian.sqlite"


class EmbeddedEngine:
    """Records, events and files of one city folder."""

    def __init__(self, folder: Path, busy_timeout_s: float) -> None:
        self.folder = folder
        self._sql = connect(folder / STORE, busy_timeout_s)
        self._events = EmbeddedEvents(self._sql)
        self._records = EmbeddedRecords(self._sql, busy_timeout_s, self._events.wake)
        self._files = FolderFiles(folder / "files")
        self._opened_at = datetime.now(UTC)
        self.server_lock = ServerLock(folder / "store")

    @property
    def records(self) -> EmbeddedRecords:
        """Rows."""
        return self._records

    @property
    def events(self) -> EmbeddedEvents:
        """Outbox."""
        return self._events

    @property
    def files(self) -> FolderFiles:
        """Blobs."""
        return self._files

    def opened_at(self) -> datetime:
        """Aware UTC instant of opening."""
        return self._opened_at

    def rebuild_boxes(self) -> None:
        """Fill the index of boxes anew from the rows, in one transaction; what was asked meanwhile sees the old one.

        Raises:
            StoreBusy: Another process writes.
        """
        with self._records.writing() as writing:
            rebuild_boxes(writing.connection)

    def close(self) -> None:
        """Close all stores."""
        self.server_lock.release()
        self._records.close()


def create_store(folder: Path, busy_timeout_s: float = 30.0) -> EmbeddedEngine:
    """Make the store of a new city folder, or bring an older one up to date; then open it."""
    (folder / "store").mkdir(parents=True, exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    engine = connect(folder / STORE, busy_timeout_s)
    upgrade(engine)
    engine.dispose()
    return EmbeddedEngine(folder, busy_timeout_s)


def open_engine(folder: Path, busy_timeout_s: float = 30.0) -> EmbeddedEngine:
    """Open the store of a city folder.

    Raises:
        CityMissing: There is none.
        StoreTooNew: It was written by a newer Huitian.
    """
    if not (folder / STORE).is_file():
        raise CityMissing(home=str(folder))
    engine = connect(folder / STORE, busy_timeout_s)
    revision = revision_of(engine)
    engine.dispose()
    if revision != head_revision():
        if revision is not None and revision > head_revision():
            raise StoreTooNew(found=revision, known=head_revision())
        return create_store(folder, busy_timeout_s)
    return EmbeddedEngine(folder, busy_timeout_s)
