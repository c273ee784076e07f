"""Keys of the ferry: who packed a trip (Ed25519), and who alone can read what is in it (HPKE with X25519).

A folder has one key file, ``keys/ferry.key``, readable by its owner only. What the other side must know of it is one
line, ``name.base64``: the name of the side, its two public keys, and a checksum over all of it.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from huitian.engine.files import sync_folder
from huitian.errors import FerryKeyMissing, FerryKeyUnusable

KEY_FILE = Path("keys") / "ferry.key"
NAME = re.compile(r"[a-z][a-z0-9]{0,23}")
HALF = 32
CHECK = 4
"""Bytes of the checksum: a slip of a hand goes unseen once in four thousand million."""
MARK = "huitian-ferry-key-1"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Sealer(Protocol):
    """Whoever can close something so that one side alone can open it."""

    def seal(self, content: bytes, purpose: bytes) -> bytes:
        """Return the content closed; ``purpose`` must be said again to open it."""
        ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a side knows of another.

    Attributes:
        name: Name of the side: a small letter, then small letters and digits.
        verifying: Public key of Ed25519, 32 bytes.
        sealing: Public key of X25519, 32 bytes.
    """

    name: str
    verifying: bytes
    sealing: bytes

    def __str__(self) -> str:
        both = self.verifying + self.sealing
        told = base64.urlsafe_b64encode(both + checksum(self.name, both)).rstrip(b"=").decode()
        return f"{self.name}.{told}"

    def is_signed(self, content: bytes, signature: bytes) -> bool:
        """Return whether this side signed the content."""
        try:
            Ed25519PublicKey.from_public_bytes(self.verifying).verify(signature, content)
        except InvalidSignature:
            return False
        return True

    def seal(self, content: bytes, purpose: bytes) -> bytes:
        """Return the content closed for this side; 48 bytes longer."""
        return SUITE.encrypt(content, X25519PublicKey.from_public_bytes(self.sealing), info=purpose)


@dataclass(frozen=True, slots=True)
class FerryKeys:
    """The keys of a folder.

    Attributes:
        name: Name of this side.
        signing: Private key of Ed25519.
        opening: Private key of X25519.
    """

    name: str
    signing: Ed25519PrivateKey
    opening: X25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """What the other side must know."""
        return PublicKey(
            self.name, self.signing.public_key().public_bytes_raw(), self.opening.public_key().public_bytes_raw()
        )  # fmt: skip

    def sign(self, content: bytes) -> bytes:
        """Return the signature of a content, 64 bytes."""
        return self.signing.sign(content)

    def open(self, sealed: bytes, purpose: bytes) -> bytes:
        """Return what was sealed for this side.

        Raises:
            ValueError: It was sealed for another, for another purpose, or altered.
        """
        try:
            return SUITE.decrypt(sealed, self.opening, info=purpose)
        except Exception as error:
            msg = "it was not sealed for this side"
            raise ValueError(msg) from error


def checksum(name: str, both: bytes) -> bytes:
    """Return what tells a line that was copied wrongly from a key."""
    return hashlib.sha256(name.encode() + b"." + both).digest()[:CHECK]


def public_key_of(line: str) -> PublicKey:
    """Return the public key of a line.

    Raises:
        FerryKeyUnusable: It is none.
    """
    name, _, told = line.strip().partition(".")
    try:
        halves = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
    except (ValueError, binascii.Error):
        halves = b""
    if not NAME.fullmatch(name) or len(halves) != 2 * HALF + CHECK:
        raise FerryKeyUnusable(where=line.strip()[:40], why_zh="应为“名称.公钥”一行",
                               why_en="it must be one line, name.key")  # fmt: skip
    if halves[2 * HALF :] != checksum(name, halves[: 2 * HALF]):
        raise FerryKeyUnusable(where=line.strip()[:40], why_zh="校验不符，抄写或粘贴时有误",
                               why_en="its checksum does not fit: it was copied wrongly")  # fmt: skip
    return PublicKey(name, halves[:HALF], halves[HALF : 2 * HALF])


def make_keys(folder: Path, name: str) -> FerryKeys:
    """Make the keys of a folder, or return those that it has.

    Raises:
        FerryKeyUnusable: The name cannot be used, or the folder has keys under another one.
    """
    if not NAME.fullmatch(name):
        raise FerryKeyUnusable(where=name[:40], why_zh="名称应为小写字母开头的小写字母和数字，至多 24 个",
                               why_en="a name is a small letter, then small letters or digits, 24 at most")  # fmt: skip
    path = folder / KEY_FILE
    if not path.exists():
        write_keys(path, name)
    kept = read_keys(folder)
    if kept.name != name:
        raise FerryKeyUnusable(where=str(path), why_zh=f"这里已有名为 {kept.name} 的密钥",
                               why_en=f"there are keys of {kept.name} already")  # fmt: skip
    return kept


def write_keys(path: Path, name: str) -> None:
    """Make new keys: whole or not there, at no moment readable by others; of two that do, the first's stay."""
    halves = (
        Ed25519PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-") as file:
        file.write(f"{MARK} {name} {base64.b64encode(halves).decode()}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(file.name)
    sync_folder(path.parent)


def read_keys(folder: Path) -> FerryKeys:
    """Return the keys of a folder.

    Raises:
        FerryKeyMissing: There are none.
        FerryKeyUnusable: They cannot be read.
    """
    path = folder / KEY_FILE
    try:
        mark, name, both = path.read_text(encoding="ascii").split()
        halves = base64.b64decode(both, validate=True)
    except FileNotFoundError as error:
        raise FerryKeyMissing(home=str(folder)) from error
    except (OSError, ValueError) as error:
        raise FerryKeyUnusable(where=str(path), why=type(error).__name__) from error
    if mark != MARK or len(halves) != 2 * HALF or not NAME.fullmatch(name):
        raise FerryKeyUnusable(where=str(path), why_zh="不是摆渡密钥", why_en="it is no key of a ferry")
    return FerryKeys(
        name, Ed25519PrivateKey.from_private_bytes(halves[:HALF]), X25519PrivateKey.from_private_bytes(halves[HALF:])
    )  # fmt: skip
