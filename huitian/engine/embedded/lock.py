"""The lock that keeps a second process out of an embedded folder."""

import fcntl
import os
from pathlib import Path
from typing import IO

from huitian.errors import StoreLocked


class ServerLock:
    """Held by the one server of an embedded folder, or by who replaces its store; the kernel gives it back."""

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
