"""Backing up a city while it is served: one set, as it stood at one instant.

The rows are read in one snapshot, then the files. A photo is kept before the row that names it, and never changed or
removed, so every photo of the snapshot is in the folder by then. The archive has its name only when all of it was
written, read again and found whole.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from huitian.care.archive import CITY_FILE, FOLDERS, ArchiveWriter, Manifest, TableEntry
from huitian.care.archive_reading import Archive, peek_manifest, read_archive
from huitian.care.filling import Watch
from huitian.care.identity import city_id_of
from huitian.care.last_backup import note_backup
from huitian.engine.copying import AnyEngine, Snapshot, reading, shapes
from huitian.engine.files import NEW, sync_folder
from huitian.engine.sealing.key_store import FILE as KEY_STORE
from huitian.engine.shapes import Shape, Values
from huitian.engine.troubles import disk_told
from huitian.engine.upgrade import head_revision

ENDING = ".tar"
WRITTEN = ".new-"
"""In the name of an archive that is being written; it begins with a dot, too."""
LEFT_S = 24 * 3600
"""After this an unfinished archive is that of a killed backup."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an archive tells of its city that the store does not hold.

    Attributes:
        huitian: Version of this program.
        name_zh: Of the city.
        name_en: Of the city.
    """

    huitian: str
    name_zh: str
    name_en: str


def archive_name(city_id: str, made_at: datetime) -> str:
    """Return the name of an archive: the city, and when."""
    return f"huitian-{city_id[:8]}-{made_at:%Y%m%dT%H%M%SZ}{ENDING}"


def back_up(
    source: AnyEngine,
    folder: Path,
    target: Path,
    named: Named,
    watch: Watch,
    *,
    with_keys: bool = True,
    beside: Callable[[Path, Manifest], None] = lambda *_: None,
) -> Archive:
    """Back up a city, read the archive again, and only then give it its name.

    Args:
        source: Its store; others may write to it meanwhile.
        folder: The city folder.
        target: The archive, or a folder that it is put into under a name of its own.
        named: What the store does not tell.
        watch: Told how far it is.
        with_keys: Whether ``keys/`` goes with it.
        beside: Writes what lies beside the archive, told its name to be; without that there is no backup.

    Raises:
        StoreFull: There is no room for it; older archives stay as they are.
        StoreReadOnly: The target cannot be written.
        ArchiveDamaged: What was written could not be read again: the disk is faulty.
    """
    city_id = city_id_of(source)
    made_at = datetime.now(UTC).replace(microsecond=0)
    path = target if target.suffix == ENDING else target / archive_name(city_id, made_at)
    new = path.with_name(f".{path.name}{WRITTEN}{os.getpid()}")
    with disk_told(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                writer = ArchiveWriter(file, int(made_at.timestamp()))
                with reading(source) as rows:
                    kept = Kept()
                    tables = tuple(write_table(writer, rows, shape, kept, watch) for shape in shapes())
                write_files(writer, folder, watch, with_keys=with_keys)
                packed = {member.name.rpartition("/")[2] for member in writer.members}
                writer.end(
                    Manifest(
                        named.huitian, head_revision(), city_id, named.name_zh, named.name_en, made_at, source.kind,
                        kept.newest_seq, with_keys and (folder / "keys").is_dir(), tables, tuple(writer.members),
                        tuple(sorted(kept.file_ids - packed)),
                    )
                )  # fmt: skip
                file.flush()
                os.fsync(file.fileno())
            archive = read_archive(new, watch)
            beside(path, archive.manifest)
            new.rename(path)
            sync_folder(path.parent)
        finally:
            new.unlink(missing_ok=True)
    archive.path = path
    note_backup(folder, made_at, path.name)
    return archive


@dataclass(slots=True)
class Kept:
    """What is noticed in the rows while they pass.

    Attributes:
        newest_seq: Number of the newest event.
        file_ids: Photos that rows name.
    """

    newest_seq: int
    file_ids: set[str]

    def __init__(self) -> None:
        self.newest_seq, self.file_ids = 0, set()

    def notice(self, shape: Shape, chunk: list[Values]) -> None:
        """Look at rows."""
        if shape.name == "outbox":
            self.newest_seq = chunk[-1][0]
        elif shape.name == "case_file":
            at = [name for name, _ in shape.columns].index("file_id")
            self.file_ids.update(row[at] for row in chunk)


def write_table(writer: ArchiveWriter, rows: Snapshot, shape: Shape, kept: Kept, watch: Watch) -> TableEntry:
    """Write the rows of a table."""
    n_rows = rows.count(shape)

    def chunks() -> Iterator[list[Values]]:
        n_done = 0
        for chunk in rows.chunks(shape):
            kept.notice(shape, chunk)
            n_done += len(chunk)
            watch(shape.name, n_done, n_rows)
            yield chunk

    return writer.add_table(shape, chunks())


def write_files(writer: ArchiveWriter, folder: Path, watch: Watch, *, with_keys: bool) -> None:
    """Write the files of the folder: settings, photos, rules, keys, lake."""
    paths = [folder / CITY_FILE] if (folder / CITY_FILE).is_file() else []
    for name in FOLDERS:
        if name != "keys" or with_keys:
            paths += sorted(path for path in (folder / name).rglob("*") if is_of_city(path))
    for n_done, path in enumerate(paths):
        watch("files", n_done, len(paths))
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            writer.add_file(path.relative_to(folder).as_posix(), file, os.fstat(file.fileno()).st_size)


def is_of_city(path: Path) -> bool:
    """Return whether a path is a file of the city: plain, and not one that is being written."""
    is_plain = path.is_file() and not path.is_symlink() and NEW not in path.name
    # The keys of subjects never lie in an archive: it may be older than an erasure.
    return is_plain and not (path.parent.name == "keys" and path.name.startswith(KEY_STORE))


def sweep(folder: Path) -> None:
    """Remove what killed backups left."""
    for path in folder.glob(f".*{ENDING}{WRITTEN}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFT_S:
                path.unlink()


def prune(folder: Path, manifest: Manifest, n_kept: int) -> list[Path]:
    """Remove the oldest archives of a city; those of others, and what is no archive, stay.

    Args:
        folder: Where they are.
        manifest: Of the newest, which was found whole.
        n_kept: How many stay, at least that one.

    Returns:
        What was removed.
    """
    found = []
    for path in folder.glob(f"huitian-{manifest.city_id[:8]}-*{ENDING}"):
        other = peek_manifest(path)
        if other is not None and other.city_id == manifest.city_id:
            found.append((other.made_at, path))
    old = [path for _, path in sorted(found, reverse=True)[max(n_kept, 1) :]]
    for path in old:
        path.unlink(missing_ok=True)
    return old
