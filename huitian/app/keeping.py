"""Backups of a city folder, and cities out of backups; see ``care.backup`` and ``care.restore``."""

import glob
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from huitian.app.moving import SQLITE, naming
from huitian.app.stores import AnyEngine, address_of, bare_store, open_store, vault_of
from huitian.care.archive import Manifest
from huitian.care.archive_reading import Archive, read_archive
from huitian.care.backup import Named, back_up, prune
from huitian.care.filling import TableCopy, Watch, take_alone
from huitian.care.restore import (
    before_of,
    begin_folder,
    check_folder,
    city_text_of,
    end_folder,
    prepare_store,
    restore_files,
    restore_rows,
)
from huitian.engine.sealing.restoring import restore_keys_into
from huitian.errors import CityExists, CityMissing, FolderStays, HuitianError, StoreLocked
from huitian.settings import CITY_FILE, Settings, city_text, read_settings


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a restore did.

    Attributes:
        manifest: Of the archive.
        where: The store it is in now.
        tables: Every table as the archive tells it and as it is.
        before: Where the city is that was in the folder, also when a killed restore put it there; None where there
            was none.
    """

    manifest: Manifest
    where: str
    tables: tuple[TableCopy, ...]
    before: Path | None


def back_up_city(
    folder: Path, settings: Settings, target: Path, watch: Watch, *, with_keys: bool = True, n_kept: int = 0
) -> tuple[Archive, list[Path]]:
    """Back up a city, also while it is served.

    Args:
        folder: The city folder.
        settings: Its settings.
        target: ``….tar``, or a folder.
        watch: Told how far it is.
        with_keys: Whether ``keys/`` goes with it.
        n_kept: How many archives of this city stay in the folder of the target; 0 removes none.

    Returns:
        The archive, and the older ones that were removed.

    Raises:
        CityMissing: There is no city in the folder. Of other troubles see ``care.backup.back_up`` and ``open_store``.
    """
    if not (folder / CITY_FILE).is_file():
        raise CityMissing(home=str(folder))
    source, vault = open_store(folder, settings), vault_of(folder, settings)

    def keep_keys(path: Path, manifest: Manifest) -> None:
        if with_keys and vault.is_on:
            vault.store.copy_to(keys_beside(path, manifest))

    try:
        named = Named(version("huitian"), settings.name_zh, settings.name_en)
        archive = back_up(source, folder, target, named, watch, with_keys=with_keys, beside=keep_keys)
    finally:
        vault.close()
        source.close()
    return archive, prune(archive.path.parent, archive.manifest, n_kept) if n_kept else []


def keys_beside(path: Path, manifest: Manifest) -> Path:
    """Return where the keys of subjects lie beside an archive: one file a city, always as they are now."""
    return path.with_name(f"huitian-{manifest.city_id[:8]}.keys")


def restore_city(
    path: Path,
    folder: Path,
    store: str,
    watch: Watch,
    *,
    is_replacing: bool = False,
    keys: Path | None = None,
) -> RestoreReport:
    """Make a city folder out of an archive, after reading the whole of it.

    Args:
        path: The archive.
        folder: An empty folder, or one that is not there yet.
        store: Address of an empty PostgreSQL database, or ``sqlite``; empty takes that of the environment, else SQLite.
        watch: Told how far it is.
        is_replacing: Whether a city in the folder is put beside it.
        keys: The keys of subjects, where they do not lie beside the archive: the file, or a folder ``keys/``.

    Raises:
        ArchiveDamaged: The archive is not what was backed up; nothing was written.
        ArchiveTooNew: A newer Huitian made it; nothing was written.
        CityExists: There is a city in the folder.
        FolderTaken: There is something else in the folder.
        StoreTaken: The database is not empty.
        StoreLocked: The city in the folder is being served.
        FolderStays: The city in the folder cannot be put beside.
        KeysMissing: What the archive holds is sealed, and a key is not there.
        KeysWrong: A key is that of another city.
    """
    archive = read_archive(path, watch)
    folder = folder.resolve()
    settings = read_settings()
    named = "" if store == SQLITE else store or settings.store_address
    address = address_of(settings, named) if named else ""
    is_there = (folder / CITY_FILE).exists()
    if is_there and not is_replacing:
        raise CityExists(home=str(folder))
    if not is_there:
        check_folder(folder)
    target = bare_store(folder, settings, address) if address else None
    try:
        if target is not None:
            take_alone(target)
            prepare_store(archive, target)
        before = set_aside(folder) if is_there else before_of(folder)
        # A kill just after it was put aside left nothing but its name.
        keys_of = before or (last_aside(folder) if is_replacing else None)
        try:
            begin_folder(folder, archive.manifest.city_id, before)
            if target is None:
                target = bare_store(folder, settings, "")
                take_alone(target)
                prepare_store(archive, target)
            copies = restore_rows(archive, target, watch)
            restore_files(archive, folder, watch)
            beside = keys or keys_beside(path, archive.manifest)
            restore_keys(target, folder, settings, beside, keys_of, watch)
            told = city_text_of(archive) or city_text(names_of(archive.manifest))
            end_folder(folder, naming(told, address), target)
        except BaseException:
            if before is not None:
                put_back(folder, before)
            raise
        return RestoreReport(archive.manifest, target.where, tuple(copies), before)
    finally:
        if target is not None:
            target.close()


def restore_keys(
    target: AnyEngine, folder: Path, settings: Settings, beside: Path, before: Path | None, watch: Watch
) -> None:
    """Give a restored store its keys, and take from it what was erased since; raises as ``restore_city``."""
    vault = vault_of(folder, settings)
    try:
        restore_keys_into(target, vault, beside, None if before is None else before / "keys", watch)
    finally:
        vault.close()


def names_of(manifest: Manifest) -> dict[str, str]:
    """Return the settings that an archive without a ``city.toml`` tells."""
    return {"name_zh": manifest.name_zh, "name_en": manifest.name_en}


def set_aside(folder: Path) -> Path:
    """Put a city that nobody serves beside its folder; returns where it is now.

    Raises:
        StoreLocked: It is being served.
        FolderStays: It is a mounted disk, or the folder above cannot be written.
    """
    before = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    old = held(folder)
    try:
        folder.rename(before)
    except OSError as error:
        raise FolderStays(home=str(folder), why=error.strerror or type(error).__name__) from error
    finally:
        if old is not None:
            old.close()
    return before


def last_aside(folder: Path) -> Path | None:
    """Return the city that was last put beside a folder; None where there is none."""
    found = sorted(one for one in folder.parent.glob(f"{glob.escape(folder.name)}.before-*") if one.is_dir())
    return found[-1] if found else None


def held(folder: Path) -> AnyEngine | None:
    """Return the store of a city, held alone; None where it is too broken for that."""
    try:
        settings = read_settings(folder)
        old = bare_store(folder, settings, address_of(settings) if settings.store_address else "")
    except HuitianError:
        return None
    try:
        take_alone(old)
    except StoreLocked:
        old.close()
        raise
    except HuitianError:
        # A store that does not answer is no reason to keep a broken city.
        old.close()
        return None
    return old


def put_back(folder: Path, before: Path) -> None:
    """Undo ``set_aside`` after a failure."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        before.rename(folder)
