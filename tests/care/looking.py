"""What a city holds, to be compared before and after."""

from pathlib import Path
from typing import Any

from huitian.app.stores import AnyEngine, open_store
from huitian.engine.copying import TableSum, reading, shapes
from huitian.settings import read_settings


def quiet(_what: str, _done: int, _all: int) -> None:
    """Say nothing."""


def sums_of(engine: Any) -> dict[str, TableSum]:
    """Return count and hash of every table that has rows."""
    with reading(engine) as rows:
        found = {shape.name: rows.table_sum(shape) for shape in shapes()}
    return {name: one for name, one in found.items() if one.n_rows}


def opened(folder: Path) -> AnyEngine:
    """Open the store that the folder names."""
    return open_store(folder, read_settings(folder))


def contents(folder: Path) -> tuple[str, dict[str, TableSum]]:
    """Return which engine the folder names, and what it holds."""
    engine = opened(folder)
    try:
        return engine.kind, sums_of(engine)
    finally:
        engine.close()
