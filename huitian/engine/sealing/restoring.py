"""The keys of a restored city, taken from beside its archive; what was erased since stays erased."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete

from huitian.engine.files import own_folder, sync_folder
from huitian.engine.sealing.guarding import Sealable, guard, named_in
from huitian.engine.sealing.key_store import FILE, KeyStore
from huitian.engine.sealing.vault import Vault
from huitian.engine.sealing.walk import seal_all
from huitian.engine.tables import sealed_index
from huitian.engine.troubles import disk_told
from huitian.engine.writing import SqlWriting
from huitian.errors import KeysMissing

Watch = Callable[[str, int, int], None]


def restore_keys_into(
    engine: Sealable, vault: Vault, beside: Path, before: Path | None, watch: Watch
) -> None:
    """Give a restored store its keys; nothing happens where it is not sealed.

    Args:
        engine: The store, complete.
        vault: Of its folder, which has no keys of subjects yet.
        beside: The keys of subjects as a backup wrote them, or a folder ``keys/``.
        before: ``keys/`` of the city that was in the folder; None where there was none.
        watch: Told how far it is.

    Raises:
        KeysMissing: A key is not there.
        KeysWrong: A key is that of another city.
    """
    named = named_in(engine)
    if not named:
        return
    folders = [one for one in (beside if beside.is_dir() else None, before) if one is not None]
    store = beside / FILE if beside.is_dir() else beside
    if not store.is_file():
        store = next((one / FILE for one in folders if (one / FILE).is_file()), store)
    if not store.is_file():
        raise KeysMissing(where=str(beside), what=beside.name)
    with disk_told(vault.folder.parent):
        own_folder(vault.folder)
        for folder in folders:
            for path in folder.glob("master-*.key"):
                if not (vault.folder / path.name).exists():
                    shutil.copyfile(path, vault.folder / path.name)
                    (vault.folder / path.name).chmod(0o600)
        copy_store(store, vault.path)
        sync_folder(vault.folder)
    guard(engine, vault)
    if before is not None and (before / FILE).is_file():
        with contextlib.closing(KeyStore(before / FILE)) as old:
            if old.store_id == named:
                vault.store.apply(old.destroyed())
    seal_all(engine, vault, lambda name, n_seen: watch(name, n_seen, 0))


def copy_store(store: Path, path: Path) -> None:
    """Copy a key store that others may work with, what is only in its log included."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(store)) as told:
        told.execute("VACUUM INTO ?", (str(path),))
        return
    # SQLite cannot open one with a log in a folder that is only read; it can where both were copied.
    log, own_log = (one.with_name(f"{one.name}-wal") for one in (store, path))
    if log.is_file():
        os.close(os.open(own_log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        shutil.copyfile(log, own_log)
    shutil.copyfile(store, path)


def index_anew(engine: Sealable, vault: Vault, watch: Watch) -> None:
    """Write anew by what sealed values are found, in a store that they were copied into."""
    if named_in(engine):
        guard(engine, vault)
        with engine.records.writing() as writing:
            assert isinstance(writing, SqlWriting)  # noqa: S101
            # A store that the city was in before still has those of then.
            writing.connection.execute(delete(sealed_index))
        seal_all(engine, vault, lambda name, n_seen: watch(name, n_seen, 0))
