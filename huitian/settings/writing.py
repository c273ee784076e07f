"""Writing: the table as a ``city.toml`` to begin with, and as rows for the documentation."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from huitian.errors import FileUnreadable, UnknownSetting
from huitian.settings.table import BY_NAME, SETTINGS


def written(value: Any) -> str:
    """Returns a value as it is written in ``city.toml``; "" stands for "not set"."""
    match value:
        case None:
            return '""'
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case tuple() if value and isinstance(value[0], tuple):
            spans = ",".join(f"{_clock_time(begin)}-{_clock_time(end)}" for begin, end in value)
            return f'"{spans}"'
        case tuple():
            return f'"{",".join(map(str, value))}"'
        case Path() | str():
            # A JSON string is a TOML basic string but for DEL, which TOML wants escaped.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            msg = f"no setting has a value like {value!r}"
            raise TypeError(msg)


def _clock_time(moment: time) -> str:
    return moment.isoformat("minutes")


def city_text(values: Mapping[str, Any]) -> str:
    """Returns the text of a new ``city.toml``: the given values, and every other setting as a comment.

    Args:
        values: Value by setting name, as in :class:`Settings`.

    Raises:
        UnknownSetting: A name is not in the table, or is a setting of the machine.
    """
    for name in values:
        if name not in BY_NAME or BY_NAME[name].section == "machine":
            raise UnknownSetting(where="city.toml", name=name, nearest=None)
    lines = []
    rows = (row for row in SETTINGS if row.section != "machine")
    for section, group in groupby(rows, key=lambda row: row.section):
        lines += [f"[{section}]"]
        for row in group:
            sign = "" if row.name in values else "# "
            value = written(values.get(row.name, row.default))
            lines.append(f"{sign}{row.name} = {value}  # {row.words_zh} · {row.words_en}")
        lines.append("")
    return "\n".join(lines)


def with_setting(told: str, name: str, value: Any) -> str:
    """Returns the text of a ``city.toml`` in which one setting is another; every other line stays as it is.

    Args:
        told: The text.
        name: The setting.
        value: As in :class:`Settings`.

    Raises:
        FileUnreadable: The text is not TOML, or sets the setting in a way that is not known here.
    """
    section, row = BY_NAME[name].section, f"{name} = {written(value)}"
    lines, at, commented, header = told.split("\n"), None, None, None
    here = ""
    for number, line in enumerate(lines):
        if found := re.match(r"\s*\[([^\[\]]+)\]", line):
            here = found[1].strip()
            header = number if here == section else header
        elif here == section and re.match(rf"\s*{name}\s*=", line):
            at = number
        elif here == section and re.match(rf"\s*#\s*{name}\s*=", line):
            commented = number
    place = at if at is not None else commented
    if place is not None:
        behind = re.match(
            rf"""\s*#?\s*{name}\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^#"']*?)(\s*(?:#.*)?)$""", lines[place]
        )
        lines[place] = row + (behind[1] if behind else "")
    elif header is not None:
        lines.insert(header + 1, row)
    else:
        lines += [f"[{section}]", row, ""]
    text = "\n".join(lines)
    before, after = _tables(told), _tables(text)
    wanted = _tables(f"[{section}]\n{row}")[section][name]
    if after != before | {section: before.get(section, {}) | {name: wanted}}:
        raise FileUnreadable(file_name="city.toml", why=f"[{section}] {name}")
    return text


_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^#"']*?)"""


def _tables(told: str) -> dict[str, Any]:
    try:
        return tomllib.loads(told.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise FileUnreadable(file_name="city.toml", why=str(error)) from error


def describe() -> tuple[dict[str, Any], ...]:
    """Returns one row a setting, in the order of the documentation.

    Keys: name, section, kind, default (as written in ``city.toml``), env, option, words_zh, words_en, least,
    most, choices.
    """
    return tuple(
        {
            "name": row.name,
            "section": row.section,
            "kind": row.kind,
            "default": written(row.default),
            "env": row.env,
            "option": row.option,
            "words_zh": row.words_zh,
            "words_en": row.words_en,
            "least": row.least if row.kind in ("whole", "share") else None,
            "most": row.most,
            "choices": row.choices,
        }
        for row in SETTINGS
    )
