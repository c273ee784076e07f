"""The kinds of sources that there are: every folder beside this file with a ``manifest.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from huitian.errors import UnknownSource
from huitian.sources.rows import OpenFile

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a kind, as a mapping sets it under ``[options]``.

    Attributes:
        name: Its name.
        default: Value where the mapping says nothing; its Python type is the type of the option.
        choices: The values it takes; empty means any of the type.
        words_zh: What it does, in Chinese.
        words_en: What it does, in English.
    """

    name: str
    default: Any
    choices: tuple[str, ...]
    words_zh: str
    words_en: str


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source, from its manifest.

    Attributes:
        kind: Name of its folder; what ``huitian load DIR KIND`` takes.
        title_zh: Chinese name.
        title_en: English name.
        reads_zh: What it reads, in Chinese.
        reads_en: What it reads, in English.
        suffixes: Usual endings of its files.
        entity: Entity that its rows become where the mapping names none; empty where that is to be said.
        options: Options by name.
    """

    kind: str
    title_zh: str
    title_en: str
    reads_zh: str
    reads_en: str
    suffixes: tuple[str, ...]
    entity: str
    options: Mapping[str, Option]

    def opener(self) -> OpenFile:
        """Return the reader; its module loads here and not before."""
        opener: OpenFile = import_module(f"huitian.sources.{self.kind}.read").open_file
        return opener


@cache
def source_kinds() -> Mapping[str, SourceKind]:
    """Return every kind by name, in alphabetical order."""
    return {path.parent.name: _read(path) for path in sorted(FOLDER.glob("*/manifest.toml"))}


def source_kind(name: str) -> SourceKind:
    """Return one kind.

    Raises:
        UnknownSource: There is none of that name.
    """
    kinds = source_kinds()
    if name not in kinds:
        raise UnknownSource(kind=name, known=", ".join(kinds))
    return kinds[name]


def _read(path: Path) -> SourceKind:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    options = {
        name: Option(
            name, row["default"], tuple(row.get("choices", ())), row["words"]["zh"], row["words"]["en"]
        )
        for name, row in told.get("options", {}).items()
    }
    return SourceKind(
        kind=path.parent.name,
        title_zh=told["title"]["zh"],
        title_en=told["title"]["en"],
        reads_zh=told["reads"]["zh"],
        reads_en=told["reads"]["en"],
        suffixes=tuple(told["suffixes"]),
        entity=told.get("entity", ""),
        options=options,
    )
