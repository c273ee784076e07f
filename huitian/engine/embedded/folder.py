"""Files by content hash in a folder, and the lock that keeps a second server out of it."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from huitian.errors import NotFound, StoreLocked
from huitian.model.scope import Allowed


class FolderFiles:
    """Blobs in ``files/ab/<sha256>``; a file is complete when it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        file_id = hashlib.sha256(content).hexdigest()
        path = self._path(file_id)
        if path.exists():
            return file_id
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return file_id

    def open_file(self, allowed: Allowed, file_id: str) -> BinaryIO:
        """Open a stored file for reading."""
        del allowed  # The case that holds the file was read under it; the port keeps it for the audit.
        path = self._path(file_id)
        if not path.is_file():
            raise NotFound(entity="file", object_id=file_id)
        return path.open("rb")

    def list_ids(self) -> Iterator[str]:
        """Yield every stored id."""
        for path in self._folder.glob("??/*"):
            if not path.name.startswith("."):
                yield path.name

    def _path(self, file_id: str) -> Path:
        if len(file_id) != 64 or not all(c in "0123456789abcdef" for c in file_id):
            raise NotFound(entity="file", object_id=file_id[:64])
        return self._folder / file_id[:2] / file_id


class ServerLock:
    """Held by the one server of an embedded folder, and given back by the kernel when it dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "server.lock"
        self._file: IO[str] | None = None

    def hold(self) -> None:
        """Take the lock.

        Raises:
            StoreLocked: Another server has it.
        """
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            pid = file.read().strip()
            file.close()
            raise StoreLocked(home=str(self._path.parent.parent), holder=pid or "?") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
