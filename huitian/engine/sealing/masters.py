"""Master keys: the few keys that the keys of subjects are wrapped under, by number; where they come from.

From files ``keys/master-<number>.key`` of the city folder, from the setting ``master_keys``, or from what
``keys_command`` prints; the latter two as ``number:base64``, one a line or separated by commas.
"""

import base64
import binascii
import os
import re
import shlex
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from huitian.engine.files import own_folder, write_durably
from huitian.engine.sealing.ciphers import KEY_BYTES
from huitian.engine.troubles import disk_told
from huitian.errors import KeysMissing, KeysOpen, KeysUnusable

FILE = re.compile(r"master-(\d{1,6})\.key")
PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class MasterSource:
    """Where master keys come from.

    Attributes:
        folder: ``keys/`` of the city.
        told: ``number:base64`` as the environment has it; empty reads files.
        command: What prints the same; empty runs nothing.
    """

    folder: Path
    told: str = ""
    command: str = ""

    @property
    def is_files(self) -> bool:
        """Whether they are files of the folder, which this program can make itself."""
        return not self.told and not self.command

    def read(self) -> dict[int, bytes]:
        """Return every master key by number; none where no file is there.

        Raises:
            KeysOpen: Others can read a key file.
            KeysUnusable: What was found is no key; the command failed.
        """
        if self.told:
            return parsed(self.told, "HUITIAN_MASTER_KEYS")
        if self.command:
            return parsed(self._asked(), self.command)
        found = {}
        for path in sorted(self.folder.glob("master-*.key")) if self.folder.is_dir() else ():
            number = FILE.fullmatch(path.name)
            if number is not None:
                if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise KeysOpen(where=str(path))
                found[int(number[1])] = key_of(path.read_text(encoding="ascii", errors="replace"), str(path))
        return found

    def make(self, number: int) -> None:
        """Make the file of a new master key, readable by its owner alone; one that is there stays.

        Raises:
            KeysMissing: They come from elsewhere, and that has no such number.
        """
        if not self.is_files:
            raise KeysMissing(where=self.command or "HUITIAN_MASTER_KEYS", what=f"master {number}")
        path = self.folder / f"master-{number}.key"
        if not path.exists():
            with disk_told(self.folder.parent):
                own_folder(self.folder)
                write_durably(path, base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")

    def forget(self, number: int) -> None:
        """Remove the file of a master key that nothing is wrapped under any more."""
        path = self.folder / f"master-{number}.key"
        if self.is_files and path.exists():
            with disk_told(self.folder.parent):
                path.write_bytes(os.urandom(path.stat().st_size))
                path.unlink()

    def _asked(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 (the command is a setting of whoever runs the server)
                shlex.split(self.command), capture_output=True, text=True, timeout=PATIENCE_S, check=True
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise KeysUnusable(where=self.command, why=type(error).__name__) from error
        return done.stdout


def parsed(told: str, where: str) -> dict[int, bytes]:
    """Return keys by number from ``number:base64`` words."""
    found = {}
    for word in re.split(r"[\s,]+", told.strip()):
        number, colon, key = word.partition(":")
        if not colon or not number.isdecimal():
            raise KeysUnusable(where=where, why="number:base64")
        found[int(number)] = key_of(key, where)
    return found


def key_of(told: str, where: str) -> bytes:
    """Return the key that base64 means.

    Raises:
        KeysUnusable: It is none of 32 bytes.
    """
    try:
        key = base64.b64decode(told.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeysUnusable(where=where, why="base64") from error
    if len(key) != KEY_BYTES:
        raise KeysUnusable(where=where, why=f"{len(key)} bytes, {KEY_BYTES} needed")
    return key
