"""JSON files as a whole, in whatever encoding, with NaN as programs write it."""

import json
from pathlib import Path
from typing import Any

from huitian.errors import FileUnreadable
from huitian.sources.text import encoding_of, open_text

MOST_MB = 500
"""Larger files are refused: one is held in memory as a whole, at about eight times its size."""


def read_json(path: Path, wanted: str) -> tuple[Any, str]:
    """Return what a JSON file says, and its encoding.

    ``NaN`` and ``Infinity`` are read though JSON does not know them: programs write them, and the row that has
    them is to be rejected by name, not the file.

    Args:
        path: The file.
        wanted: One of ``text.ENCODINGS``.

    Raises:
        FileUnreadable: Empty, too large, in no known encoding, or not JSON.
    """
    encoding = encoding_of(path, wanted)
    n_mb = path.stat().st_size / 1_000_000
    if n_mb > MOST_MB:
        raise FileUnreadable(
            file_name=path.name,
            why_zh=f"有 {n_mb:.0f} MB，上限 {MOST_MB} MB。请分成几个文件。",
            why_en=f"it has {n_mb:.0f} MB, the limit is {MOST_MB} MB. Split it.",
        )
    try:
        with open_text(path, encoding) as file:
            return json.load(file), encoding
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            file_name=path.name,
            why_zh=f"第 {error.lineno} 行第 {error.colno} 列起不是 JSON。",
            why_en=f"it is not JSON from line {error.lineno}, column {error.colno} on.",
        ) from error
    except RecursionError as error:
        raise FileUnreadable(
            file_name=path.name, why_zh="JSON 嵌套过深。", why_en="its JSON is nested too deeply."
        ) from error
