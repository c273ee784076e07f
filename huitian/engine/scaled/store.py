"""Opening and making the scaled store of a city."""

from datetime import UTC, datetime
from pathlib import Path

from huitian.engine.embedded.folder import FolderFiles
from huitian.engine.scaled.outbox import ScaledEvents
from huitian.engine.scaled.postgres import connect
from huitian.engine.scaled.records import ScaledRecords
from huitian.engine.upgrade import head_revision, revision_of, upgrade
from huitian.errors import StoreTooNew


class ScaledEngine:
    """Records and events in PostgreSQL, files in the city folder."""

    def __init__(self, address: str, folder: Path, busy_timeout_s: float) -> None:
        self._sql = connect(address)
        self._records = ScaledRecords(self._sql, busy_timeout_s)
        self._events = ScaledEvents(self._sql)
        self._files = FolderFiles(folder / "files")
        self._opened_at = datetime.now(UTC)

    @property
    def records(self) -> ScaledRecords:
        """Rows."""
        return self._records

    @property
    def events(self) -> ScaledEvents:
        """Outbox."""
        return self._events

    @property
    def files(self) -> FolderFiles:
        """Blobs."""
        return self._files

    def opened_at(self) -> datetime:
        """Aware UTC instant of opening."""
        return self._opened_at

    def close(self) -> None:
        """Close all stores."""
        self._events.close()
        self._records.close()


def open_scaled(address: str, folder: Path, busy_timeout_s: float = 30.0) -> ScaledEngine:
    """Open the store of a city on PostgreSQL; an empty database is filled, an older one brought up to date.

    Raises:
        StoreTooNew: It was written by a newer Huitian.
    """
    (folder / "files").mkdir(parents=True, exist_ok=True)
    engine = connect(address, pool_size=2)
    try:
        revision = revision_of(engine)
        if revision is not None and revision > head_revision():
            raise StoreTooNew(found=revision, known=head_revision())
        if revision != head_revision():
            upgrade(engine)
    finally:
        engine.dispose()
    return ScaledEngine(address, folder, busy_timeout_s)
