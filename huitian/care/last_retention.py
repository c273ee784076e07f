"""When what was kept long enough was last destroyed, one small file in the folder of a city; and when that is due."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from huitian.clock import SHANGHAI
from huitian.engine.files import write_durably
from huitian.engine.troubles import disk_told
from huitian.settings import CITY_FILE, SETTINGS, Settings

RECORD = "last_retention.json"


def note_retention(folder: Path, done_at: datetime) -> None:
    """Write down that a run of retention came to its end.

    Args:
        folder: The city folder.
        done_at: Aware UTC instant.

    Raises:
        StoreFull: There is no room.
        StoreReadOnly: The folder cannot be written.
    """
    with disk_told(folder):
        write_durably(folder / RECORD, json.dumps({"done_at": done_at.astimezone(UTC).isoformat()}).encode())


def has_terms(settings: Settings) -> bool:
    """Return whether anything personal has a term."""
    return any(getattr(settings, one.name) for one in SETTINGS if one.name.startswith("keep_"))


def counted_from(folder: Path) -> datetime | None:
    """Return from when the next run is counted: the end of the last one, or when the settings were written."""
    try:
        since = datetime.fromtimestamp((folder / CITY_FILE).stat().st_mtime, UTC)
    except OSError:
        since = None
    return last_retention_at(folder) or since


def is_due(folder: Path, settings: Settings, now: datetime) -> bool:
    """Return whether the hour of the day came by since the last run; a server that slept then makes up for it."""
    since = counted_from(folder)
    if since is None or not has_terms(settings):
        return False
    hour = datetime.combine(now.astimezone(SHANGHAI), time(settings.retain_hour), SHANGHAI)
    return since < (hour if hour <= now else hour - timedelta(days=1))


def last_retention_at(folder: Path) -> datetime | None:
    """Return when the last run ended; None where there was none, or its record cannot be read."""
    try:
        done_at = datetime.fromisoformat(json.loads((folder / RECORD).read_text(encoding="utf-8"))["done_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return done_at.astimezone(UTC) if done_at.tzinfo is not None else None
