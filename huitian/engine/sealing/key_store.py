"""The key store of a city: one small SQLite file beside the store, with one wrapped key a subject.

It stands apart from the records, whatever engine holds those, and no archive of the city has it: an archive that is
older than an erasure must not bring the key back. What is destroyed is overwritten in the file, its log included.
"""

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from huitian.engine.files import own_folder, sync_folder
from huitian.engine.troubles import disk_told, sqlite_trouble
from huitian.errors import HuitianError, KeysMissing, KeysUnusable

FILE = "subjects.sqlite"
PATIENCE_S = 30.0
AT_ONCE = 400
TABLES = """
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS master (number INTEGER PRIMARY KEY, proof BLOB NOT NULL, made_at INTEGER NOT NULL,
                                   retired_at INTEGER);
CREATE TABLE IF NOT EXISTS subject_key (subject BLOB PRIMARY KEY, wrapped BLOB, master INTEGER,
                                        made_at INTEGER NOT NULL, destroyed_at INTEGER, cause TEXT);
CREATE INDEX IF NOT EXISTS by_master ON subject_key (master) WHERE wrapped IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_end ON subject_key (destroyed_at) WHERE destroyed_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS copy_made (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The key of a subject as it lies in the store.

    Attributes:
        subject: SHA-256 of its id.
        wrapped: Sealed under the master key; None where it was destroyed.
        master: Number of that master key.
    """

    subject: bytes
    wrapped: bytes | None
    master: int | None


class Ended(NamedTuple):
    """What became of a key.

    Attributes:
        subject: SHA-256 of its id.
        destroyed_us: When it was destroyed, microseconds since 1970.
        cause: ``request`` or ``retention``.
    """

    subject: bytes
    destroyed_us: int
    cause: str


def now_us() -> int:
    """Return microseconds since 1970."""
    return time.time_ns() // 1000


class KeyStore:
    """One key store; any number of processes of one machine may work with it.

    Args:
        path: The file.
        is_new: Whether it may be made.

    Raises:
        KeysMissing: It is not there.
        KeysUnusable: It is no key store, or cannot be opened.
    """

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        if not is_new and not path.is_file():
            raise KeysMissing(where=str(path), what=path.name)
        self.path = path
        self._lock = threading.RLock()
        if is_new:
            with disk_told(path.parent.parent):
                own_folder(path.parent)
                # Before SQLite opens it, so that it never stands there for others to read.
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._sql = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._sql.execute(f"PRAGMA {pragma}")
            if is_new:
                self._sql.executescript(TABLES)
                self._sql.execute("INSERT OR IGNORE INTO told VALUES ('store_id', ?)", (uuid.uuid4().hex,))
                sync_folder(path.parent)
            self.store_id = self.told("store_id")
        except sqlite3.Error as error:
            self._sql.close()
            raise self._trouble(error) from error

    def told(self, name: str) -> str:
        """Return what is written down under a name; empty where nothing is."""
        with self._lock:
            row = self._sql.execute("SELECT words FROM told WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that writes; others wait.

        Raises:
            StoreBusy: Another process writes, and does not end.
            StoreFull: There is no room.
            StoreReadOnly: It cannot be written.
        """
        with self._lock, self._told():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield self._sql
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what the file or its disk cannot do."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _trouble(self, error: sqlite3.Error) -> HuitianError:
        told = sqlite_trouble(error, str(self.path), PATIENCE_S)
        return told or KeysUnusable(where=str(self.path), why=str(error))

    def version(self) -> int:
        """Return a number that changes when another connection wrote; costs no disk."""
        with self._lock:
            return int(self._sql.execute("PRAGMA data_version").fetchone()[0])

    def latest_end(self) -> tuple[int, int]:
        """Return how many keys were destroyed, and when the last one: changes with every erasure."""
        with self._lock:
            found = self._sql.execute(
                "SELECT count(*), coalesce(max(destroyed_at), 0) FROM subject_key WHERE destroyed_at IS NOT NULL"
            ).fetchone()
        return int(found[0]), int(found[1])

    def keys(self, subjects: Sequence[bytes]) -> Iterator[WrappedKey]:
        """Yield the keys of those subjects that have or had one."""
        for start in range(0, len(subjects), AT_ONCE):
            part = subjects[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            with self._lock, self._told():
                rows = self._sql.execute(
                    f"SELECT subject, wrapped, master FROM subject_key WHERE subject IN ({marks})", part
                ).fetchall()
            yield from (WrappedKey(*row) for row in rows)

    def add(self, keys: Iterable[WrappedKey]) -> int:
        """Add keys of new subjects; returns how many. One that another process added meanwhile stays."""
        at = now_us()
        with self.changing() as sql:
            return sql.executemany(
                "INSERT OR IGNORE INTO subject_key VALUES (?, ?, ?, ?, NULL, NULL)",
                [(key.subject, key.wrapped, key.master, at) for key in keys],
            ).rowcount

    def revive(self, key: WrappedKey) -> None:
        """Give a subject whose key was destroyed a new one; what the old one sealed stays closed."""
        with self.changing() as sql:
            sql.execute(
                "UPDATE subject_key SET wrapped = ?, master = ?, made_at = ?, destroyed_at = NULL, cause = NULL "
                "WHERE subject = ? AND wrapped IS NULL",
                (key.wrapped, key.master, now_us(), key.subject),
            )

    def destroy(self, subjects: Sequence[bytes], cause: str) -> int:
        """Destroy the keys of subjects, those included that never had one; returns how many had.

        The cause is kept beside: an archive from before tells neither that it was done nor why.
        """
        at, n_ended = now_us(), 0
        with self.changing() as sql:
            for subject in subjects:
                n_ended += sql.execute(
                    "UPDATE subject_key SET wrapped = NULL, master = NULL, destroyed_at = ?, cause = ? "
                    "WHERE subject = ? AND wrapped IS NOT NULL", (at, cause, subject),
                ).rowcount  # fmt: skip
                sql.execute(
                    "INSERT OR IGNORE INTO subject_key VALUES (?, NULL, NULL, ?, ?, ?)",
                    (subject, at, at, cause),
                )
        self.empty_log()
        return n_ended

    def destroyed(self, subjects: Sequence[bytes] | None = None) -> list[Ended]:
        """Return which subjects were erased, when and why; None asks for all."""
        asked = "SELECT subject, destroyed_at, cause FROM subject_key WHERE destroyed_at IS NOT NULL"
        with self._lock, self._told():
            if subjects is None:
                return [Ended(*row) for row in self._sql.execute(asked)]
            rows = []
            for start in range(0, len(subjects), AT_ONCE):
                part = subjects[start : start + AT_ONCE]
                marks = ",".join("?" * len(part))
                rows += self._sql.execute(f"{asked} AND subject IN ({marks})", part).fetchall()
        return [Ended(*row) for row in rows]

    def apply(self, destroyed: Iterable[Ended]) -> int:
        """Destroy what was erased elsewhere after the key here was made; returns how many had a key."""
        n_ended = 0
        with self.changing() as sql:
            for subject, at, cause in destroyed:
                n_ended += sql.execute(
                    "UPDATE subject_key SET wrapped = NULL, master = NULL, destroyed_at = ?, cause = ? "
                    "WHERE subject = ? AND wrapped IS NOT NULL AND made_at <= ?", (at, cause, subject, at),
                ).rowcount  # fmt: skip
                sql.execute(
                    "INSERT OR IGNORE INTO subject_key VALUES (?, NULL, NULL, ?, ?, ?)",
                    (subject, at, at, cause),
                )
        self.empty_log()
        return n_ended

    def empty_log(self) -> bool:
        """Bring the log into the file and empty it; False where a reader kept it for all of the patience."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with self._lock:
                is_busy = self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not is_busy:
                return True
            time.sleep(0.05)
        return False

    def masters(self) -> dict[int, tuple[bytes, int | None]]:
        """Return the proof of every master key by number, and when it was retired."""
        with self._lock:
            rows = self._sql.execute("SELECT number, proof, retired_at FROM master").fetchall()
        return {int(number): (bytes(proof), retired_at) for number, proof, retired_at in rows}

    def add_master(self, number: int, proof: bytes) -> None:
        """Write down that a master key is used from now on; once is enough."""
        with self.changing() as sql:
            sql.execute("INSERT OR IGNORE INTO master VALUES (?, ?, ?, NULL)", (number, proof, now_us()))

    def retire_master(self, number: int) -> bool:
        """Write down that a master key is used no more; False where a key is still wrapped under it."""
        with self.changing() as sql:
            if sql.execute("SELECT 1 FROM subject_key WHERE master = ? LIMIT 1", (number,)).fetchone():
                return False
            sql.execute("UPDATE master SET retired_at = ? WHERE number = ?", (now_us(), number))
        return True

    def counts(self) -> dict[int, int]:
        """Return how many keys are wrapped under each master key."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT master, count(*) FROM subject_key WHERE wrapped IS NOT NULL GROUP BY master"
            ).fetchall()
        return {int(number): int(n) for number, n in rows}

    def behind(self, number: int, limit: int) -> list[WrappedKey]:
        """Return some keys that are wrapped under an older master key than a number."""
        with self._lock:
            rows = self._sql.execute(
                "SELECT subject, wrapped, master FROM subject_key WHERE wrapped IS NOT NULL AND master < ? LIMIT ?",
                (number, limit),
            ).fetchall()
        return [WrappedKey(*row) for row in rows]

    def rewrap(self, pairs: Iterable[tuple[WrappedKey, WrappedKey]]) -> None:
        """Replace wrapped keys by others; one that was erased or replaced meanwhile is left."""
        with self.changing() as sql:
            sql.executemany(
                "UPDATE subject_key SET wrapped = ?, master = ? WHERE subject = ? AND wrapped = ?",
                [(new.wrapped, new.master, old.subject, old.wrapped) for old, new in pairs],
            )

    def copy_to(self, path: Path) -> None:
        """Write all that is there now, and nothing that was, to another file, in one go."""
        new = path.with_name(f".{path.name}.new-{os.getpid()}")
        new.unlink(missing_ok=True)
        with disk_told(path.parent), self._told():
            try:
                ends = (-1, 0)
                # Again where a key was destroyed meanwhile: else this could replace what that erasure wrote.
                while ends != self.latest_end():
                    with self._lock:
                        ends = self.latest_end()
                        self._sql.execute(
                            "INSERT OR IGNORE INTO copy_made VALUES (?)", (str(path.resolve()),)
                        )
                        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                        self._sql.execute("VACUUM INTO ?", (str(new),))
                    with new.open("rb+") as file:
                        os.fsync(file.fileno())
                    new.replace(path)
                    sync_folder(path.parent)
            finally:
                new.unlink(missing_ok=True)

    def copies(self) -> list[Path]:
        """Return where copies of this were written."""
        with self._lock:
            return [Path(row[0]) for row in self._sql.execute("SELECT path FROM copy_made ORDER BY path")]

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._sql.close()
