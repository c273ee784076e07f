"""Files by content hash in a folder; the same for every engine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from huitian.engine.troubles import disk_told
from huitian.errors import NotFound
from huitian.model.scope import Allowed

if TYPE_CHECKING:
    from huitian.engine.sealing.vault import Vault

SEALED = b"huitian-sealed-1\n"
"""Beginning of a file that is sealed; no picture begins like it."""
NEW = ".new-"
"""How a file is called while it is being written."""


class FolderFiles:
    """Blobs in ``files/ab/<sha256>``; a file is complete when it has its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.vault: Vault | None = None

    def keep(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256.

        Raises:
            StoreFull: There is no room.
            StoreReadOnly: The folder cannot be written.
        """
        file_id = hashlib.sha256(content).hexdigest()
        path = self._path(file_id)
        if path.exists() and self._content(file_id) is not None:
            return file_id
        if self.vault is not None and self.vault.is_on:
            subject = f"file:{file_id}"
            # Whoever sends a photo that was erased once means it to be kept again.
            key = self.vault.keys([subject], is_reviving=True)[subject]
            content = SEALED + self.vault.seal(key or b"", content, subject)
        with disk_told(self._folder):
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                # Else a power cut could take the folder, and with it a photo that was acknowledged.
                sync_folder(self._folder)
            write_durably(path, content)
        return file_id

    def open_file(self, allowed: Allowed, file_id: str) -> BinaryIO:
        """Open a stored file for reading."""
        del allowed  # The case that holds the file was read under it; the port keeps it for the audit.
        content = self._content(file_id)
        if content is None:
            raise NotFound(entity="file", object_id=file_id)
        return BytesIO(content)

    def _content(self, file_id: str) -> bytes | None:
        """Return a file as it was kept; None where there is none, or its key was destroyed."""
        try:
            told = self._path(file_id).read_bytes()
        except FileNotFoundError:
            return None
        if not told.startswith(SEALED):
            return told
        if self.vault is None or not self.vault.is_on:
            return None
        subject = f"file:{file_id}"
        return self.vault.open(self.vault.known([subject]).get(subject), told[len(SEALED) :], subject)

    def seal(self, file_id: str) -> bool:
        """Seal a file that lies open; False where it is sealed, or its subject was erased and it is removed."""
        if self.vault is None or not self.vault.is_on:
            return False
        path, subject = self._path(file_id), f"file:{file_id}"
        content = path.read_bytes()
        if content.startswith(SEALED):
            if self.vault.is_destroyed(subject):
                self.remove(file_id)
            return False
        key = self.vault.keys([subject])[subject]
        if key is None:
            self.remove(file_id)
            return False
        with disk_told(self._folder):
            write_durably(path, SEALED + self.vault.seal(key, content, subject))
        return True

    def remove(self, file_id: str) -> bool:
        """Remove a file; False where there is none."""
        with disk_told(self._folder):
            try:
                self._path(file_id).unlink()
            except FileNotFoundError:
                return False
        return True

    def list_ids(self) -> Iterator[str]:
        """Yield every stored id."""
        for path in self._folder.glob("??/*"):
            if not path.name.startswith("."):
                yield path.name

    def sweep(self, older_than_s: float, now_s: float) -> int:
        """Remove what killed writers left half-written; returns how many.

        Args:
            older_than_s: Younger ones may still be written.
            now_s: Seconds since 1970 by the clock of the file system.
        """
        n_swept = 0
        for path in self._folder.glob(f"??/{NEW}*"):
            try:
                if now_s - path.stat().st_mtime > older_than_s:
                    path.unlink()
                    n_swept += 1
            except FileNotFoundError:
                continue
        return n_swept

    def _path(self, file_id: str) -> Path:
        if len(file_id) != 64 or not all(c in "0123456789abcdef" for c in file_id):
            raise NotFound(entity="file", object_id=file_id[:64])
        return self._folder / file_id[:2] / file_id


def own_folder(path: Path) -> None:
    """Make a folder that only its owner may look into, where it is not there; what lies in it is personal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def write_durably(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file so that it is there whole, or not at all, also after a power cut.

    Args:
        path: Where; a file that is there is replaced.
        content: What.
        mode: Who may read and write it; None is the owner alone.
    """
    new = tempfile.NamedTemporaryFile(dir=path.parent, prefix=NEW, delete=False)  # noqa: SIM115 (renamed, not removed)
    try:
        with new:
            new.write(content)
            new.flush()
            if mode is not None:
                os.fchmod(new.fileno(), mode)
            os.fsync(new.fileno())
        Path(new.name).replace(path)
    except BaseException:
        Path(new.name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
