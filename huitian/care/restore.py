"""Restoring a city from an archive that was found whole, into a folder and a store that are empty.

The folder gets its ``city.toml`` last, so what a killed restore left is no city; ``restore.unfinished`` in it says
that it is ours to begin anew.
"""

import json
import os
import shutil
from pathlib import Path

from huitian.care.archive import CITY_FILE, FOLDERS
from huitian.care.archive_reading import Archive
from huitian.care.filling import TableCopy, Watch, check_database, check_free, end_filling, settle
from huitian.care.identity import CITY_ID, FACTS
from huitian.engine.copying import WAITED_S, AnyEngine, filling, reading, shapes
from huitian.engine.files import own_folder, sync_folder, write_durably
from huitian.engine.marks import HALF_MADE, change_marks
from huitian.engine.store import bring_up
from huitian.engine.tables import store_mark
from huitian.engine.troubles import disk_told, store_told
from huitian.engine.upgrade import downgrade, head_revision, revision_of, upgrade
from huitian.errors import CityExists, FolderTaken, StoreTooNew

COMMAND = "huitian restore"
UNFINISHED = "restore.unfinished"
OWN = frozenset({*FOLDERS, "store", CITY_FILE, UNFINISHED})
"""What a restore puts into a folder."""
ROOM = frozenset({"lost+found"})
"""What an empty disk may have."""


def check_folder(folder: Path) -> None:
    """Refuse a folder that is not empty, but for what a killed restore left.

    Raises:
        CityExists: There is a city in it.
        FolderTaken: There is something else in it.
    """
    if (folder / CITY_FILE).exists():
        raise CityExists(home=str(folder))
    if folder.exists() and not folder.is_dir():
        raise FolderTaken(home=str(folder), found=folder.name)
    names = {path.name for path in folder.iterdir()} - ROOM if folder.is_dir() else set()
    found = names - OWN if UNFINISHED in names else names
    if found:
        raise FolderTaken(home=str(folder), found=", ".join(sorted(found)[:5]))


def begin_folder(folder: Path, city_id: str, before: Path | None = None) -> None:
    """Make a folder ready to restore into: what a killed restore left is removed.

    Args:
        folder: The folder.
        city_id: City of the archive.
        before: Where the city is that was in the folder; kept in mind for whoever begins anew after a kill.
    """
    with disk_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        told = {"city_id": city_id, "before": None if before is None else before.name}
        write_durably(folder / UNFINISHED, json.dumps(told).encode())
        for name in (*FOLDERS, "store"):
            shutil.rmtree(folder / name, ignore_errors=True)
        own_folder(folder / "store")
        own_folder(folder / "files")


def before_of(folder: Path) -> Path | None:
    """Return where a killed restore put the city that was in a folder; None where it put none aside."""
    try:
        name = json.loads((folder / UNFINISHED).read_text(encoding="utf-8")).get("before")
    except (OSError, ValueError, AttributeError):
        return None
    before = folder.with_name(str(name)) if name else None
    return before if before is not None and before.is_dir() else None


def restore_files(archive: Archive, folder: Path, watch: Watch) -> None:
    """Write the files of an archive, all but ``city.toml``, and make them durable."""
    members = [m for m in archive.manifest.members if m.name.split("/")[0] in FOLDERS]
    with disk_told(folder), archive.path.open("rb") as file:
        for n_done, member in enumerate(members):
            watch("files", n_done, len(members))
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            mode = 0o644 if member.name.split("/")[0] in {"ladders", "calendar"} else 0o600
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as new:
                for content in archive.content(file, member):
                    new.write(content)
        os.sync()


def city_text_of(archive: Archive) -> str:
    """Return the ``city.toml`` of an archive; empty where it has none."""
    for member in archive.manifest.members:
        if member.name == CITY_FILE:
            with archive.path.open("rb") as file:
                return b"".join(archive.content(file, member)).decode("utf-8")
    return ""


def prepare_store(archive: Archive, target: AnyEngine) -> None:
    """Make an empty store of the revision of an archive, marked as not complete where it has marks.

    Raises:
        StoreTaken: It holds something else than what a killed restore of the same city left.
        StoreTooNew: A newer Huitian left it.
    """
    manifest = archive.manifest
    with store_told(target.where, WAITED_S):
        check_database(target)
        if (found := revision_of(target.sql)) is not None:
            if found > head_revision():
                raise StoreTooNew(found=found, known=head_revision())
            with reading(target) as rows:
                check_free(rows, target.where, manifest.city_id)
            downgrade(target.sql, "base")
        upgrade(target.sql, manifest.schema)
    with filling(target) as rows:
        if rows.has(store_mark.name):
            change_marks(rows.connection, told={HALF_MADE: COMMAND})
            facts = next(one for one in shapes() if one.name == FACTS)
            rows.write(facts, [[CITY_ID, manifest.city_id]])


def restore_rows(archive: Archive, target: AnyEngine, watch: Watch) -> list[TableCopy]:
    """Fill a prepared store with the rows of an archive, compare, then bring it up to date.

    Args:
        archive: What was read.
        target: What ``prepare_store`` made ready.
        watch: Told how far it is.

    Returns:
        Every table as the archive tells it and as it is.

    Raises:
        CopyDiffers: What was written is not what the archive tells.
        RowUnfit: This engine cannot hold a row.
    """
    with archive.path.open("rb") as file:
        for table in archive.manifest.tables:
            shape, n_done = table.shape(), 0
            with filling(target) as there:
                there.remove(shape, None, None)
            for rows in archive.rows(file, table):
                watch(shape.name, n_done, table.n_rows)
                with filling(target) as there:
                    there.write(shape, rows)
                n_done += len(rows)
    with reading(target) as found:
        copies = [
            TableCopy(one.name, one.sum(), found.table_sum(one.shape()), one.n_rows)
            for one in archive.manifest.tables
        ]
    with store_told(target.where, WAITED_S):
        bring_up(target.sql)
    end_filling(target, copies, COMMAND)
    return copies


def end_folder(folder: Path, city_text: str, target: AnyEngine) -> None:
    """Make a folder a city: it gets its settings, and the last marks go."""
    with disk_told(folder):
        write_durably(folder / CITY_FILE, city_text.encode("utf-8"), 0o644)
    settle(target)
    (folder / UNFINISHED).unlink(missing_ok=True)
    sync_folder(folder)
