"""Looking a city over: every check in an order that a person reads from the ground up. Changes nothing of it."""

from datetime import datetime
from pathlib import Path

from huitian.care import clockwork, disk, folder_checks, sealing_checks, store_checks
from huitian.care.checks import Check
from huitian.care.last_backup import last_backup_at
from huitian.engine.looking import look_at
from huitian.engine.sealing import MasterSource, Vault
from huitian.errors import CityMissing
from huitian.settings import CITY_FILE, Settings

PATIENCE_S = 10.0


def examine(folder: Path, settings: Settings, address: str, now: datetime) -> list[Check]:
    """Return every check of a city folder, this machine and the store.

    Args:
        folder: The city folder.
        settings: Its settings.
        address: Address of PostgreSQL with its password; empty for SQLite in the folder.
        now: The time of the machine.
    """
    if not (folder / CITY_FILE).is_file():
        return [store_checks.of_error("city_there", CityMissing(home=str(folder)), "folder"),
                *folder_checks.versions()]  # fmt: skip
    look = look_at(folder, address, min(PATIENCE_S, settings.busy_timeout_s))
    latest_at = look.latest_at
    return [
        *folder_checks.versions(),
        *folder_checks.contradictions(settings),
        disk.room(folder, settings.least_free_mb),
        disk.inodes(folder),
        disk.writing(folder),
        folder_checks.owner(folder),
        folder_checks.personal(folder),
        *folder_checks.secrets(folder, settings),
        folder_checks.keys(folder),
        sealing_checks.sealing(
            Vault(
                folder / "keys",
                MasterSource(folder / "keys", settings.master_keys, settings.keys_command),
                settings.seal_cipher,
            ),
            look.key_store,
        ),
        clockwork.against_events(now, latest_at, settings.most_clock_back_s),
        clockwork.against_disk(folder, now),
        clockwork.zones(),
        clockwork.calendar(folder / "calendar", now),
        *store_checks.of_store(look, settings),
        folder_checks.backup(now, last_backup_at(folder), settings.most_backup_age_h),
        folder_checks.retention(folder, settings, now),
    ]
