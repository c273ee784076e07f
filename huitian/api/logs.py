"""The log: one JSON object a line, on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object; a message that is one already is merged into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
                "level": record.levelname.lower(), "logger": record.name}  # fmt: skip
        message = record.getMessage()
        try:
            told = json.loads(message) if message.startswith("{") else {"message": message}
        except ValueError:
            told = {"message": message}
        if record.exc_info and record.exc_info[0] is not None:
            told["kind"] = record.exc_info[0].__name__
        return json.dumps(line | told, ensure_ascii=False)


def log_to_stderr(*, is_quiet: bool = False) -> None:
    """Send the log to standard error; a quiet one holds warnings only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("huitian").setLevel(logging.WARNING if is_quiet else logging.INFO)
