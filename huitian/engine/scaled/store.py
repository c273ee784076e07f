"""Opening and making the scaled store of a city."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from huitian.engine.files import FolderFiles, own_folder
from huitian.engine.scaled.outbox import ScaledEvents
from huitian.engine.scaled.postgres import connect, shown, standing_alone
from huitian.engine.scaled.presence import Presence
from huitian.engine.scaled.records import ScaledRecords
from huitian.engine.sealing.fields import SEALED
from huitian.engine.store import SqlEngine, bring_up, check_marks
from huitian.engine.tables import sealed_index
from huitian.engine.troubles import disk_told, store_told
from huitian.engine.upgrade import revision_of
from huitian.errors import CityMissing, StoreLocked


class ScaledEngine(SqlEngine[ScaledRecords, ScaledEvents]):
    """Records and events in PostgreSQL, files in the city folder; several processes serve it at once."""

    def __init__(self, address: str, folder: Path, busy_timeout_s: float, pool_size: int) -> None:
        where = shown(address)
        self._busy_timeout_s = busy_timeout_s
        sql = connect(address, pool_size, busy_timeout_s)
        records = ScaledRecords(sql, where, busy_timeout_s)
        files = FolderFiles(folder / "files")
        self._presence = Presence(sql, where)
        self.locked_out: Callable[[], None] = stop_this_process
        super().__init__("scaled", where, sql, records, ScaledEvents(sql, self._be_there), files)

    def _be_there(self) -> None:
        """Say again that this process is there, after the server was away; where another came in alone, make way."""
        try:
            self._presence.renew()
        except StoreLocked:
            self.locked_out()
            raise

    def hold(self) -> None:
        """Say that this process serves the store, until it is closed; others may, too.

        Raises:
            StoreLocked: A process works on the store alone (a move or a restore).
        """
        self._presence.share()

    def hold_alone(self) -> None:
        """Take the store for this process alone, until it is closed.

        Raises:
            StoreLocked: Another process serves it, or works on it alone.
        """
        self._presence.own()

    def empty_log(self) -> None:
        """Let PostgreSQL reuse and overwrite what was removed; what lies there meanwhile is sealed by a dead key."""
        with store_told(self.where, self._busy_timeout_s), standing_alone(self.sql) as connection:
            for name in (*SEALED, sealed_index.name):
                connection.execute(text(f"VACUUM {name}"))

    def rebuild_boxes(self) -> None:
        """Nothing to do: PostgreSQL keeps its GiST index of boxes itself."""

    def close(self) -> None:
        """Close all stores."""
        self._presence.leave()
        super().close()


def create_scaled(
    address: str, folder: Path, busy_timeout_s: float = 30.0, pool_size: int = 16
) -> ScaledEngine:
    """Make the store of a new city in an empty database, or bring an older one up to date; then open it.

    Args:
        address: ``postgresql://user:password@host:port/database``.
        folder: The city folder, for files.
        busy_timeout_s: How long a caller waits.
        pool_size: Connections that this process keeps.

    Raises:
        StoreAway: The server does not answer.
        StoreRefused: It does not let us in.
        StoreTooNew: The store was written by a newer Huitian.
        StoreHalfMade: A move or a restore into it did not end.
        StoreMoved: Its city was moved elsewhere.
    """
    with disk_told(folder):
        own_folder(folder / "files")
    sql = connect(address, 1, busy_timeout_s)
    try:
        with store_told(shown(address), busy_timeout_s):
            bring_up(sql)
            check_marks(sql, shown(address))
    finally:
        sql.dispose()
    return ScaledEngine(address, folder, busy_timeout_s, pool_size)


def open_scaled(
    address: str, folder: Path, busy_timeout_s: float = 30.0, pool_size: int = 16
) -> ScaledEngine:
    """Open the store of a city on PostgreSQL; an older one is brought up to date. Raises as ``create_scaled``.

    Raises:
        CityMissing: The database is empty.
    """
    sql = connect(address, 1, busy_timeout_s)
    try:
        with store_told(shown(address), busy_timeout_s):
            if revision_of(sql) is None:
                raise CityMissing(home=shown(address))
    finally:
        sql.dispose()
    return create_scaled(address, folder, busy_timeout_s, pool_size)


def stop_this_process() -> None:
    """End this process in good order: what it serves was taken by a move or a restore while the server was away."""
    os.kill(os.getpid(), signal.SIGTERM)
