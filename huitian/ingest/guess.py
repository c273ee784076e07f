"""Guesses a mapping from the names of columns, where none is given; the guess is shown, to be kept or mended."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from huitian.errors import MappingInvalid
from huitian.ingest.mapping import RowMap
from huitian.ingest.mapping_file import mapping_of
from huitian.ingest.targets import key_of, targets_of
from huitian.sources.kinds import SourceKind
from huitian.sources.rows import OpenedFile

GUESSED = "(guessed)"
_TRIED = ("dwelling", "building", "organisation", "component", "place")
"""Entities that are recognised by their key column, in the order in which they are tried."""
_LEVEL_BY_LENGTH = {2: "city", 4: "city", 6: "district", 9: "street", 12: "community"}
"""Level of a division code by its length (domain 03 §1)."""
_LOOKED_AT = 20
_CODED = {"channel", "kind", "grade", "category_code", "class_code", "parent_code", "use", "occupancy_state"}


def guess_mapping(kind: SourceKind, path: Path, opened: OpenedFile) -> tuple[RowMap, str]:
    """Return a mapping of a file, and the same as TOML.

    A file is taken for what its key column says: buildings, dwellings, organisations, components, places (their
    level from the length of their codes); a map that is none of these becomes a layer called like the file.

    Raises:
        MappingInvalid: The names of the columns do not tell enough.
    """
    names = {plain_name(name): name for name in reversed(opened.columns)}
    source_id = re.sub(r"[^\w.-]+", "-", path.stem).strip("-")[:60] or "source"
    told: dict[str, Any] = {"source_id": source_id}
    found = _recognised(kind, names)
    if found is None and ("geometry" in names or {"lon", "lat"} <= _columns("feature", names).keys()):
        found = ("feature", _columns("feature", names))
        told["layer"] = source_id
        if "feature_id" not in found[1]:
            told["key"] = "content"
    if found is None:
        said = ", ".join(opened.columns[:20])
        raise MappingInvalid(
            file_name=GUESSED, field="columns",
            why_zh=f"从列名（{said}）认不出这是什么；请写一份映射并用 --map 指明。",
            why_en=f"the columns ({said}) do not tell what this is; write a mapping and name it by --map.",
        )  # fmt: skip
    entity, columns = found
    told["entity"] = entity
    if entity == "place":
        told |= {"tree": "admin", "level": _level(opened, columns["code"])}
    told["columns"] = columns
    return mapping_of(told, kind, GUESSED), toml_of(told)


def _recognised(kind: SourceKind, names: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    for entity in (kind.entity,) if kind.entity else _TRIED:
        columns = _columns(entity, names)
        musts = {target.name for target in targets_of(entity).values() if target.is_must}
        if {*key_of(entity), *musts} <= columns.keys():
            return entity, columns
    if kind.entity:
        columns = _columns(kind.entity, names)
        missing = [target for target in targets_of(kind.entity).values()
                   if target.is_must and target.name not in columns]  # fmt: skip
        raise MappingInvalid(
            file_name=GUESSED, field="columns",
            why_zh="认不出哪一列是：" + "、".join(t.title_zh for t in missing) + "；请写一份映射并用 --map 指明。",
            why_en="no column looks like " + ", ".join(t.title_en for t in missing) + "; write a mapping and name it "
            "by --map.",
        )  # fmt: skip
    return None


def _columns(entity: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return column of the city → column of the file; each column of the file is used once."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for target in targets_of(entity).values():
        if target.name == "point" and {"lon", "lat"} <= found.keys():
            continue
        for word in _words_for(entity, target.name, (target.title_zh, target.title_en)):
            column = names.get(word)
            if column is not None and column not in used:
                found[target.name] = column
                used.add(column)
                break
    if "lon" in found and "lat" not in found:
        del found["lon"]
    return found


def _words_for(entity: str, name: str, titles: Iterable[str]) -> Sequence[str]:
    known = _known_words()
    said = [name, *known.get(entity, {}).get(name, ()), *known["any"].get(name, ())]
    # A column called 类别 or 渠道 holds words, not our codes: which is which only a mapping can say.
    said += [] if name in _CODED else titles
    return [plain_name(word) for word in said]


@cache
def _known_words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def plain_name(name: str) -> str:
    """Return the name of a column without what does not count: spaces, case, full-width letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).lower()


def _level(opened: OpenedFile, column: str) -> str:
    codes = [str(row.values.get(column) or "").strip() for row in islice(opened.rows(), _LOOKED_AT)]
    lengths = {len(code) for code in codes if code}
    if len(lengths) != 1 or (level := _LEVEL_BY_LENGTH.get(lengths.pop())) is None:
        raise MappingInvalid(
            file_name=GUESSED, field="level",
            why_zh=f"从“{column}”的长度看不出是哪一级；请写一份映射并用 --map 指明。",
            why_en=f"the length of {column} does not tell the level; write a mapping and name it by --map.",
        )  # fmt: skip
    return level


def toml_of(told: Mapping[str, Any]) -> str:
    """Return a mapping as TOML, tables last."""
    flat = [f"{_key(name)} = {json.dumps(value, ensure_ascii=False)}"
            for name, value in told.items() if not isinstance(value, dict)]  # fmt: skip
    tables = [
        "\n".join(
            [
                "",
                f"[{name}]",
                *(f"{_key(k)} = {json.dumps(v, ensure_ascii=False)}" for k, v in rows.items()),
            ]
        )
        for name, rows in told.items()
        if isinstance(rows, dict)
    ]
    return "\n".join([*flat, *tables, ""])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
