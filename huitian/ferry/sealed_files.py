"""Photos on an outside host: sealed for the city as they come in, so that nobody there can look at them again."""

import contextlib
import hashlib
from pathlib import Path

from huitian.engine.files import FolderFiles, write_durably
from huitian.engine.troubles import disk_told
from huitian.ferry.items import photo_purpose
from huitian.ferry.keys import Sealer


class SealedFiles(FolderFiles):
    """Blobs in ``files/ab/<sha256 of what was sealed>``, each sealed; opening one gives the sealed bytes."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        super().__init__(folder)
        self._home, self._sealer = folder, sealer

    def keep(self, content: bytes) -> str:
        """Seal bytes, store them durably, and return the SHA-256 of the bytes."""
        file_id = hashlib.sha256(content).hexdigest()
        path = self._path(file_id)
        if path.exists():
            path.touch()
        else:
            with disk_told(self._home):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_durably(path, self._sealer.seal(content, photo_purpose(file_id)))
        return file_id

    def sealed(self, file_id: str) -> bytes | None:
        """Return the sealed bytes; None where there are none."""
        try:
            return self._path(file_id).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, file_id: str, kept_before_s: float) -> None:
        """Remove a photo that was last sent in before an instant, in seconds since 1970."""
        path = self._path(file_id)
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < kept_before_s:
                path.unlink()
