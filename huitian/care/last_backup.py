"""When the last backup of a city was made and verified: one small file in its folder."""

import json
from datetime import UTC, datetime
from pathlib import Path

from huitian.engine.files import write_durably
from huitian.engine.troubles import disk_told

RECORD = "last_backup.json"


def note_backup(folder: Path, made_at: datetime, archive: str) -> None:
    """Write down that a backup was made and verified.

    Args:
        folder: The city folder.
        made_at: Aware UTC instant that the backup shows.
        archive: Name of the archive, for people.

    Raises:
        StoreFull: There is no room.
        StoreReadOnly: The folder cannot be written.
    """
    told = {"made_at": made_at.astimezone(UTC).isoformat(), "archive": archive}
    with disk_told(folder):
        write_durably(folder / RECORD, json.dumps(told, ensure_ascii=False).encode())


def last_backup_at(folder: Path) -> datetime | None:
    """Return when the last verified backup was made; None where there is none, or its record cannot be read."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(told["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made_at.astimezone(UTC) if made_at.tzinfo is not None else None
