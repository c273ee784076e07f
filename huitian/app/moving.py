"""Moving a city folder to another engine and back; see ``care.move``."""

from dataclasses import dataclass
from pathlib import Path

from huitian.app.stores import AnyEngine, address_of, bare_store, open_store, vault_of
from huitian.care.filling import TableCopy, Watch, is_at_head, settle, take_alone
from huitian.care.move import came_from, compare, finish, move
from huitian.care.restore import COMMAND as RESTORED
from huitian.engine.embedded import STORE
from huitian.engine.files import write_durably
from huitian.engine.scaled import shown
from huitian.engine.sealing.restoring import index_anew
from huitian.engine.troubles import disk_told
from huitian.errors import CityMissing, FileUnreadable
from huitian.settings import CITY_FILE, Settings, read_settings, with_setting

SQLITE = "sqlite"


@dataclass(frozen=True, slots=True)
class MoveReport:
    """What a move did.

    Attributes:
        state: ``moved``, ``finished`` (a killed one), ``there`` (nothing to do) or ``compared`` (a dry run).
        left: The store it was in.
        where: The store it is in, or would be.
        tables: Every table on both sides; none where nothing was to be copied.
        is_overridden: Whether the environment still names another store.
    """

    state: str
    left: str
    where: str
    tables: tuple[TableCopy, ...]
    is_overridden: bool = False


def move_city(folder: Path, settings: Settings, to: str, watch: Watch, *, is_dry: bool = False) -> MoveReport:
    """Move a city to another store.

    Args:
        folder: The city folder.
        settings: Its settings, which name the store it is in.
        to: ``sqlite``, or an address of PostgreSQL; a password in it is used and kept nowhere.
        watch: Told how far it is.
        is_dry: Only compare.

    Raises:
        CityMissing: There is no city in the folder.
        StoreLocked: It is being served.
        StoreTaken: The target holds something else. Of other troubles see ``care.move.move`` and ``open_store``.
    """
    if not (folder / CITY_FILE).is_file():
        raise CityMissing(home=str(folder))
    address = "" if to == SQLITE else address_of(settings, to)
    if (shown(address) if address else "") == (
        shown(settings.store_address) if settings.store_address else ""
    ):
        return finish_city(folder, settings)
    source = open_store(folder, settings)
    try:
        if is_dry:
            return compare_stores(source, folder, settings, address, watch)
        target = bare_store(folder, settings, address)
        try:
            copies = move(
                source,
                target,
                lambda: name_store(folder, address),
                watch,
                lambda: index_anew(target, vault_of(folder, settings), watch),
            )
            file_says = read_settings(folder, environment={}).store_address
            is_overridden = settings.store_address != "" and read_settings(folder).store_address != file_says
            return MoveReport("moved", source.where, target.where, tuple(copies), is_overridden)
        finally:
            target.close()
    finally:
        source.close()


def compare_stores(
    source: AnyEngine, folder: Path, settings: Settings, address: str, watch: Watch
) -> MoveReport:
    """Compare the store of a city with another one, and change neither."""
    where = shown(address) if address else str(folder / STORE)
    if not address and not (folder / STORE).is_file():
        return MoveReport("compared", source.where, where, tuple(compare(source, None, watch)))
    target = bare_store(folder, settings, address)
    try:
        copies = compare(source, target if is_at_head(target) else None, watch)
    finally:
        target.close()
    return MoveReport("compared", source.where, where, tuple(copies))


def finish_city(folder: Path, settings: Settings) -> MoveReport:
    """End a move that was killed when the folder named the new store already; else there is nothing to do."""
    target = open_store(folder, settings)
    try:
        left = came_from(target)
        if not left:
            return MoveReport("there", target.where, target.where, ())
        take_alone(target)
        index_anew(target, vault_of(folder, settings), lambda *_: None)
        if left == RESTORED:
            settle(target)
            return MoveReport("there", target.where, target.where, ())
        address = address_of(settings, left) if left.startswith("postgresql") else ""
        source = bare_store(folder, settings, address)
        try:
            finish(source, target)
        finally:
            source.close()
        return MoveReport("finished", left, target.where, ())
    finally:
        target.close()


def name_store(folder: Path, address: str) -> None:
    """Make the ``city.toml`` of a folder name another store, without its password; every other line stays.

    Raises:
        FileUnreadable: The file cannot be read.
        StoreFull: There is no room for the new one.
        StoreReadOnly: It cannot be written.
    """
    path = folder / CITY_FILE
    try:
        told = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(file_name=str(path), why=str(error)) from error
    text = naming(told, address)
    with disk_told(folder):
        write_durably(path, text.encode("utf-8"), path.stat().st_mode & 0o777)


def naming(told: str, address: str) -> str:
    """Return the text of a ``city.toml`` that names another store, without its password; empty is SQLite."""
    return with_setting(told, "store_address", shown(address) if address else "")
