"""Reads letters from a table of text or a table in JSON, whichever the file is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huitian.sources.csv.read import open_file as open_csv
from huitian.sources.json.read import open_file as open_json
from huitian.sources.rows import OpenedFile
from huitian.sources.text import head_of


def open_file(path: Path, options: Mapping[str, Any]) -> OpenedFile:
    """Open a table of letters; what begins with a bracket is JSON.

    Args:
        path: The file.
        options: Those of ``csv`` and ``json`` together; see ``manifest.toml``.

    Raises:
        FileUnreadable: As the two readers say.
    """
    start = head_of(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    return (open_json if start[:1] in (b"[", b"{") else open_csv)(path, options)
