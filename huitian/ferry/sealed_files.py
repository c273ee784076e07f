"""Photos on an outside host: sealed for the city as they come in, so that nobody there can look at them again."""

import contextlib
import hashlib
import os
from datetime import datetime
from pathlib import Path

from huitian.clock import Clock
from huitian.engine.files import FolderFiles, write_durably
from huitian.engine.troubles import disk_told
from huitian.ferry.items import photo_purpose
from huitian.ferry.keys import Sealer


class SealedFiles(FolderFiles):
    """Blobs in ``files/ab/<sha256 of what was sealed>``, each sealed; opening one gives the sealed bytes."""

    def __init__(self, folder: Path, sealer: Sealer, clock: Clock) -> None:
        super().__init__(folder)
        self._home, self._sealer, self._clock = folder, sealer, clock

    def keep(self, content: bytes) -> str:
        """Seal bytes, store them durably, and return the SHA-256 of the bytes."""
        file_id = hashlib.sha256(content).hexdigest()
        path = self._path(file_id)
        with disk_told(self._home):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_durably(path, self._sealer.seal(content, photo_purpose(file_id)))
            # When it came in last, by the clock that letters are dated by.
            kept_at_s = self._clock.now().timestamp()
            os.utime(path, (kept_at_s, kept_at_s))
        return file_id

    def sealed(self, file_id: str) -> bytes | None:
        """Return the sealed bytes; None where there are none."""
        try:
            return self._path(file_id).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, file_id: str, kept_by: datetime) -> None:
        """Remove a photo that came in last at an instant or before."""
        path = self._path(file_id)
        with contextlib.suppress(FileNotFoundError):
            # A file system may round up; what a letter names came in at least a request before it.
            if path.stat().st_mtime <= kept_by.timestamp():
                path.unlink()
