"""What both engines share: the stores of one city, opened together, and bringing an older one up to date."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Engine

from huitian.engine.files import FolderFiles
from huitian.engine.marks import HALF_MADE, MOVED_TO, marks_of
from huitian.engine.outbox import SqlEvents
from huitian.engine.ports import Records
from huitian.engine.sealing.vault import Vault
from huitian.engine.slow import StatementWatch
from huitian.engine.tries import Opened, SqlTries
from huitian.engine.upgrade import head_revision, revision_of, upgrade
from huitian.errors import StoreHalfMade, StoreMoved
from huitian.model.case import Cause

OwnRecords = TypeVar("OwnRecords", bound="SqlStore")
OwnEvents = TypeVar("OwnEvents", bound=SqlEvents)


class SqlStore(Opened, Records, Protocol):
    """Records that an engine opened.

    Attributes:
        vault: Keys of personal values; None seals nothing.
    """

    vault: Vault | None


class SqlEngine(Generic[OwnRecords, OwnEvents]):
    """Records and events in one SQL store, files in a folder; see ``ports.Engine``.

    Args:
        kind: ``embedded`` or ``scaled``.
        where: The store, as it may be shown: a path, or an address without its password.
        sql: The store.
        records: Its rows.
        events: Its outbox.
        files: Blobs.
    """

    def __init__(
        self, kind: str, where: str, sql: Engine, records: OwnRecords, events: OwnEvents, files: FolderFiles
    ) -> None:
        self.kind, self.where, self.sql = kind, where, sql
        self._records, self._events, self._files = records, events, files
        self._tries = SqlTries(records)
        self.watch = StatementWatch(sql)
        self._opened_at = datetime.now(UTC)

    @property
    def records(self) -> OwnRecords:
        """Rows."""
        return self._records

    @property
    def events(self) -> OwnEvents:
        """Outbox."""
        return self._events

    @property
    def files(self) -> FolderFiles:
        """Blobs."""
        return self._files

    @property
    def tries(self) -> SqlTries:
        """How often something was tried."""
        return self._tries

    def attach(self, vault: Vault) -> None:
        """Seal from now on what is personal."""
        self._records.vault = vault
        self._files.vault = vault

    @property
    def is_sealing(self) -> bool:
        """Whether personal values are sealed."""
        return self._records.vault is not None and self._records.vault.is_on

    def destroy_keys(self, subject_ids: Sequence[str], cause: Cause = "request") -> int:
        """Destroy the keys of subjects; returns how many there were."""
        vault = self._records.vault
        return vault.destroy(subject_ids, cause) if vault is not None and vault.is_on else 0

    def key_states(self, subject_ids: Sequence[str]) -> Mapping[str, bool]:
        """Return of subjects whether their key is there; who never had one is not in it."""
        vault = self._records.vault
        if vault is None or not vault.is_on:
            return {}
        return {one: key is not None for one, key in vault.known(subject_ids).items()}

    def lost_key_copies(self) -> Sequence[str]:
        """Return where copies of the keys were written that were not renewed by the last erasure."""
        vault = self._records.vault
        if vault is None or not vault.is_on:
            return ()
        return [str(path) for path in vault.left]

    def opened_at(self) -> datetime:
        """Aware UTC instant of opening."""
        return self._opened_at

    def close(self) -> None:
        """Close all stores."""
        self._events.close()
        self._records.close()
        if self._records.vault is not None:
            self._records.vault.close()


def bring_up(sql: Engine) -> None:
    """Bring the schema of a store up to date; an empty one is filled. In one transaction, all or nothing.

    Raises:
        StoreTooNew: It was written by a newer Huitian.
    """
    # Looked at first without the lock of a writer: most openings find nothing to do.
    if revision_of(sql) != head_revision():
        upgrade(sql)


def check_marks(sql: Engine, where: str) -> None:
    """Refuse a store that is not to be worked with.

    Raises:
        StoreHalfMade: A move or a restore into it did not end.
        StoreMoved: Its city was moved elsewhere.
    """
    with sql.connect() as connection:
        marks = marks_of(connection)
    if HALF_MADE in marks:
        raise StoreHalfMade(where=where, by=marks[HALF_MADE])
    if MOVED_TO in marks:
        raise StoreMoved(where=where, to=marks[MOVED_TO])
