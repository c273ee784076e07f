"""Reads a table in JSON; the whole file is held in memory, so its size is bounded."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huitian.errors import FileUnreadable
from huitian.sources.plain_json import read_json
from huitian.sources.rows import Fault, OpenedFile, SourceRow

KEY = "key"


def open_file(path: Path, options: Mapping[str, Any]) -> OpenedFile:
    """Open a list of objects, or an object of objects.

    Args:
        path: The file.
        options: ``encoding`` and ``inside``; see ``manifest.toml``.

    Returns:
        The opened file. Columns are the names of all objects; in an object of objects the name of each is in
        the column ``key``. ``row_no`` counts objects from 1.

    Raises:
        FileUnreadable: Empty, too large, not JSON, or not a table where ``inside`` says.
    """
    told, encoding = read_json(path, options["encoding"])
    inside = [part for part in str(options["inside"]).split(".") if part]
    for part in inside:
        told = told.get(part) if isinstance(told, dict) else None
    if isinstance(told, dict):
        found: list[Any] = [
            {KEY: name} | inner if isinstance(inner, dict) else inner for name, inner in told.items()
        ]
    elif isinstance(told, list):
        found = told
    else:
        where = ".".join(inside) or "—"
        raise FileUnreadable(
            file_name=path.name,
            why_zh=f"（{where}）不是对象的列表，也不是以键为名的对象。",
            why_en=f"({where}) is neither a list of objects nor objects by key.",
        )
    columns = tuple(dict.fromkeys(name for row in found if isinstance(row, dict) for name in row))

    def rows() -> Iterator[SourceRow]:
        for row_no, row in enumerate(found, 1):
            if isinstance(row, dict):
                yield SourceRow(row_no, dict.fromkeys(columns) | row)
            else:
                yield SourceRow(row_no, {"…": row}, Fault("not_an_object", {}))

    return OpenedFile(columns, len(found), {"encoding": encoding}, rows)
