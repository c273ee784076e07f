"""When what was kept long enough was last destroyed: one small file in the folder of a city."""

import json
from datetime import UTC, datetime
from pathlib import Path

from huitian.engine.files import write_durably
from huitian.engine.troubles import disk_told

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


def last_retention_at(folder: Path) -> datetime | None:
    """Return when the last run ended; None where there was none, or its record cannot be read."""
    try:
        done_at = datetime.fromisoformat(json.loads((folder / RECORD).read_text(encoding="utf-8"))["done_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return done_at.astimezone(UTC) if done_at.tzinfo is not None else None
