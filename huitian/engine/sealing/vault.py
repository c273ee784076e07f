"""The vault: seals what belongs to a subject under the key of that subject, and destroys the key.

A subject is ``case:<id>`` (the words of a case), ``contact:<id>`` (its writer), ``person:<id>``, ``file:<sha256>``,
``feedback:<id>`` or ``load:<id>``. A subject whose key was destroyed gets none again, so what is written of it later is
not kept; only a photo that comes in anew is. ``photos:<id>`` never has a key: destroyed, it tells that the photos of a
case are gone, each of which has its own.
"""

import hashlib
import hmac
import os
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from huitian.engine.files import NEW, sync_folder
from huitian.engine.sealing.ciphers import AES, KEY_BYTES, MARKS, check_cipher, opened, sealed
from huitian.engine.sealing.key_store import FILE, KeyStore, WrappedKey
from huitian.engine.sealing.masters import MasterSource
from huitian.engine.troubles import disk_told
from huitian.errors import HuitianError, KeysMissing, KeysWrong
from huitian.model.case import Cause

MOST_HELD = 50_000
"""Opened keys that a process holds in memory."""
SEARCH = "search:"
PROVED = b"huitian master key"
AT_ONCE = 500
"""Keys that are wrapped anew in one transaction."""


def hashed(subject_id: str) -> bytes:
    """Return how the key store names a subject."""
    return hashlib.sha256(subject_id.encode()).digest()


class Vault:
    """Keys of one city; off until its key store is there, so that a city from before works as it did.

    Args:
        folder: ``keys/`` of the city.
        source: Where master keys come from.
        cipher: ``aes-256-gcm`` or ``sm4-gcm``.
    """

    def __init__(self, folder: Path, source: MasterSource, cipher: str = "aes-256-gcm") -> None:
        self.folder, self.source, self._cipher = folder, source, cipher
        self._lock = threading.RLock()
        self._store: KeyStore | None = None
        self._masters: dict[int, bytes] = {}
        self._newest = 0
        self._held: dict[bytes, bytes | None] = {}
        self._seen = (-1, (-1, -1))
        self._search = b""
        self.left: list[Path] = []

    @property
    def path(self) -> Path:
        """The key store."""
        return self.folder / FILE

    @property
    def is_on(self) -> bool:
        """Whether what is written is sealed."""
        return self._store is not None or self.path.is_file()

    @property
    def store(self) -> KeyStore:
        """The key store, opened when it is first needed.

        Raises:
            KeysMissing: It, or a master key, is not there.
            KeysWrong: A master key is not the one that was used.
        """
        with self._lock:
            if self._store is None:
                check_cipher(self._cipher)
                store = KeyStore(self.path)
                self._check(store)
                self._store = store
            return self._store

    def make(self) -> KeyStore:
        """Make the key store and the first master key, where they are not there yet."""
        with self._lock:
            if self.is_on:
                return self.store
            check_cipher(self._cipher)
            if not self.source.read():
                self.source.make(1)
            masters = self.source.read()
            number = max(masters)
            # Whole before it has its name: a half-made one would keep the city from opening.
            new = self.path.with_name(f".{FILE}{NEW}{os.getpid()}")
            remove_store(new)
            try:
                self._store = store = KeyStore(new, is_new=True)
                store.add_master(number, sealed(masters[number], PROVED, proof_of(store, number)))
                self._check(store)
                self.keys([SEARCH])
                store.empty_log()
                self.close()
                with disk_told(self.folder):
                    name_store(new, self.path)
            finally:
                self.close()
                remove_store(new)
            return self.store

    def _check(self, store: KeyStore) -> None:
        """Have every master key that is in use, and see that each is the right one."""
        found = self.source.read()
        used = {
            number: proof for number, (proof, retired_at) in store.masters().items() if retired_at is None
        }
        if not used:
            raise KeysMissing(where=str(store.path), what="master")
        for number, proof in used.items():
            if number not in found:
                raise KeysMissing(where=str(self.folder), what=f"master-{number}.key")
            if opened(found[number], proof, proof_of(store, number)) != PROVED:
                raise KeysWrong(where=str(self.folder), what=f"master-{number}.key")
        self._masters, self._newest = {number: found[number] for number in used}, max(used)

    def keys(self, subject_ids: Collection[str], *, is_reviving: bool = False) -> dict[str, bytes | None]:
        """Return the key of every subject, made where there is none yet; None where it was destroyed.

        Args:
            subject_ids: The subjects.
            is_reviving: Whether a subject whose key was destroyed gets a new one.
        """
        found = self.known(subject_ids)
        missing = [one for one in subject_ids if one not in found or (is_reviving and found[one] is None)]
        if missing:
            with self._lock:
                self._refresh()
                made = {one: os.urandom(KEY_BYTES) for one in missing}
                names = {one: hashed(one) for one in missing}
                wrapped = [self._wrapped(names[one], key) for one, key in made.items()]
                if self.store.add(wrapped) == len(wrapped):
                    self._hold({names[one]: key for one, key in made.items()})
                    return found | made
                if is_reviving:
                    for key in wrapped:
                        self.store.revive(key)
                for name in names.values():
                    self._held.pop(name, None)
            found |= self.known(missing)
        return found

    def known(self, subject_ids: Collection[str]) -> dict[str, bytes | None]:
        """Return keys of subjects, None for those whose key was destroyed; who never had one is not in it."""
        store = self.store
        names = {hashed(one): one for one in subject_ids}
        with self._lock:
            self._refresh()
            found = {one: self._held[name] for name, one in names.items() if name in self._held}
            wanted = [name for name in names if name not in self._held]
            read = {key.subject: self._unwrapped(key) for key in store.keys(wanted)}
            self._hold(read)
        return found | {names[name]: key for name, key in read.items()}

    def _hold(self, keys: Mapping[bytes, bytes | None]) -> None:
        """Keep opened keys in memory, some of them."""
        if len(self._held) + len(keys) > MOST_HELD:
            self._held.clear()
        self._held.update(keys)

    def _refresh(self) -> None:
        """Notice what another process did: a key destroyed there is forgotten here, a new master key is read."""
        store = self.store
        version = store.version()
        if version == self._seen[0]:
            return
        ends = store.latest_end()
        if ends != self._seen[1]:
            self._held.clear()
        self._seen = (version, ends)
        if max(number for number, (_, gone) in store.masters().items() if gone is None) != self._newest:
            self._check(store)

    def _wrapped(self, subject: bytes, key: bytes) -> WrappedKey:
        mark = MARKS.get(self._cipher, AES)
        return WrappedKey(subject, sealed(self._masters[self._newest], key, subject, mark), self._newest)

    def _unwrapped(self, key: WrappedKey) -> bytes | None:
        if key.wrapped is None or key.master is None:
            return None
        if key.master not in self._masters:
            self._check(self.store)
        opens = (
            opened(self._masters[key.master], key.wrapped, key.subject)
            if key.master in self._masters
            else None
        )
        if opens is None:
            raise KeysWrong(where=str(self.path), what=f"master-{key.master}.key")
        return opens

    def seal(self, key: bytes, content: bytes, bound: str) -> bytes:
        """Return content sealed under a key, bound to where it belongs."""
        return sealed(key, content, bound.encode(), MARKS[self._cipher])

    def open(self, key: bytes | None, told: bytes, bound: str) -> bytes | None:
        """Return what was sealed; None where the key was destroyed or it does not belong there."""
        return None if key is None else opened(key, told, bound.encode())

    def search_hash(self, kind: str, plain: str) -> str:
        """Return what an exact value is looked up by; nobody without the key can make it, or go back from it."""
        with self._lock:
            # One key for all that is found exactly, never destroyed: looked up once.
            self._search = self._search or self.keys([SEARCH])[SEARCH] or b""
        return hmac.digest(self._search, f"{kind}\x1f{plain}".encode(), "sha256").hex()

    def destroy(self, subject_ids: Sequence[str], cause: Cause = "request") -> int:
        """Destroy the keys of subjects, in the copies beside archives too; returns how many there were. Idempotent."""
        with self._lock:
            n_ended = self.store.destroy([hashed(one) for one in subject_ids], cause)
            self._held.clear()
        self.renew_copies()
        return n_ended

    def is_destroyed(self, subject_id: str) -> bool:
        """Return whether a subject had a key that was destroyed, or was erased before it had one."""
        return self.known([subject_id]).get(subject_id, b"") is None

    def ended(self, subject_ids: Collection[str]) -> dict[str, tuple[datetime, str]]:
        """Return of subjects whose key was destroyed when that was, aware UTC, and why."""
        names = {hashed(one): one for one in subject_ids}
        return {
            names[bytes(one.subject)]: (datetime.fromtimestamp(one.destroyed_us / 1e6, UTC), one.cause)
            for one in self.store.destroyed(list(names))
        }

    def renew_copies(self) -> list[Path]:
        """Write every copy of the key store anew that is where it was put; returns those that could not be."""
        self.left = []
        for path in self.store.copies():
            try:
                if path.is_file():
                    self.store.copy_to(path)
                    continue
            except (HuitianError, OSError):
                # What else an erasure does goes on; whoever erases is told.
                pass
            self.left.append(path)
        return self.left

    def rotate(self) -> int:
        """Begin a new master key; returns its number. After a kill the same one is begun again."""
        with self._lock:
            store = self.store
            number = max(store.masters()) + 1
            found = self.source.read()
            if number not in found:
                self.source.make(number)
                found = self.source.read()
            store.add_master(number, sealed(found[number], PROVED, proof_of(store, number)))
            self._check(store)
            return number

    def rewrap(self) -> int:
        """Wrap some keys anew that are under an older master key; returns how many, 0 at the end."""
        with self._lock:
            self._refresh()
            store = self.store
            pairs = []
            for old in store.behind(self._newest, AT_ONCE):
                key = self._unwrapped(old)
                if key is not None:
                    pairs.append((old, self._wrapped(old.subject, key)))
            store.rewrap(pairs)
            if not pairs:
                store.empty_log()
            return len(pairs)

    def retire(self, number: int) -> bool:
        """Remove a master key; False where keys are still under it, or it is the newest."""
        with self._lock:
            if number == self._newest or not self.store.retire_master(number):
                return False
            self.source.forget(number)
            self._check(self.store)
            return True

    def states(self) -> Mapping[int, tuple[int, bool]]:
        """Return of every master key how many keys are under it, and whether it was retired."""
        counts = self.store.counts()
        return {
            number: (counts.get(number, 0), gone is not None)
            for number, (_, gone) in sorted(self.store.masters().items())
        }

    def close(self) -> None:
        """Give the key store back, and forget all keys."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = None
            self._held.clear()
            self._masters, self._search = {}, b""
            self._seen = (-1, (-1, -1))


def name_store(new: Path, path: Path) -> None:
    """Give a new key store its name; where another process was first, its one stays."""
    with suppress(FileExistsError):
        try:
            os.link(new, path)
        except OSError:
            # Some file systems have no hard links.
            if path.exists():
                raise
            new.rename(path)
    sync_folder(path.parent)


def remove_store(path: Path) -> None:
    """Remove a key store that is not used yet, and what a killed process left of it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def proof_of(store: KeyStore, number: int) -> bytes:
    """Return what the proof of a master key is bound to."""
    return f"{store.store_id}:{number}".encode()
