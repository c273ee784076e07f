"""Reading: file, environment and command line onto the table; whatever is not in it is an error."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from huitian.errors import BadSetting, FileUnreadable, UnknownSetting
from huitian.settings.parsing import PARSERS
from huitian.settings.table import BY_NAME, PREFIX, SETTINGS, Setting, Settings

CITY_FILE = "city.toml"

IN_CHINESE = (
    ("command line", "命令行"), ("the most is ", "最大为 "), ("the least is ", "最小为 "),
    ("it takes a whole number", "应为整数"), ("it takes a number from 0 to 1", "应为 0 到 1 的数"),
    ("it takes a text", "应为文字"), ("it takes four numbers: west,south,east,north", "应为四个数：西,南,东,北"),
    ("it takes spans like ", "时段应写作 "), ("it takes ", "可取 "),
    ("west must be below east and south below north, in degrees", "西应小于东、南应小于北，单位为度"),
    ("the spans must be in order and not overlap", "时段应按先后，不得重叠"),
)  # fmt: skip
"""What is wrong with a setting; the first that fits counts."""


def read_settings(
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
) -> Settings:
    """Returns the settings of a city folder on this machine.

    Args:
        home: Folder of the city, where the command names one; else ``HUITIAN_HOME``; else no file is read. A
            folder without ``city.toml`` gives the defaults.
        environment: Environment to read; that of the process when ``None``. An empty variable says nothing.
        given: What the command line says; ``None`` values mean "not said".

    Raises:
        UnknownSetting: The file or the environment names a setting that does not exist.
        BadSetting: A value has the wrong type or is out of bounds, or the owner weights do not add up to 1.
        FileUnreadable: ``city.toml`` is not TOML in UTF-8.
    """
    spoken = dict(_from_environment(os.environ if environment is None else environment))
    for name, value in (given or {}).items():
        if value is not None:
            spoken[name] = (_parse(_find(name, "command line"), value, "command line"), "command line")
    if home is not None:
        spoken["home"] = (home, "command line")
    folder = spoken["home"][0] if "home" in spoken else None
    found = {**(dict(_from_file(folder / CITY_FILE)) if folder is not None else {}), **spoken}
    settings = Settings(**{name: value for name, (value, _) in found.items()})
    _check_together(settings, {name: where for name, (_, where) in found.items()})
    return settings


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, tuple[Any, str]]]:
    for variable in sorted(environment):
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            setting = BY_NAME.get(name)
            if setting is None or setting.env != variable:
                near = difflib.get_close_matches(name, BY_NAME, 1)
                nearest = BY_NAME[near[0]].env if near else None
                raise UnknownSetting(where="environment", name=variable, nearest=nearest)
            if environment[variable].strip():
                yield name, (_parse(setting, environment[variable], variable), variable)


def _from_file(path: Path) -> Iterator[tuple[str, tuple[Any, str]]]:
    try:
        if not path.exists():
            return
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileUnreadable(file_name=CITY_FILE, why=str(error)) from error
    for section, rows in tables.items():
        if not isinstance(rows, dict) or section == "machine":
            raise _unknown(section, CITY_FILE)
        for name, value in rows.items():
            setting = BY_NAME.get(name)
            if setting is None or setting.section != section:
                raise _unknown(f"{section}.{name}", CITY_FILE)
            yield name, (_parse(setting, value, CITY_FILE), CITY_FILE)


def _find(name: str, where: str) -> Setting:
    if name not in BY_NAME:
        raise _unknown(name, where)
    return BY_NAME[name]


def _unknown(name: str, where: str) -> UnknownSetting:
    word = name.rpartition(".")[2]
    near = difflib.get_close_matches(word, BY_NAME, 1)
    nearest = None
    if near:
        row = BY_NAME[near[0]]
        nearest = f"[{row.section}] {row.name}" if row.section != "machine" else f"{row.env}"
    return UnknownSetting(where=where, name=name, nearest=nearest)


def _parse(setting: Setting, value: object, where: str) -> Any:
    try:
        parsed = PARSERS[setting.kind](value)
        _check_bounds(setting, parsed)
    except (ValueError, InvalidOperation, RuntimeError) as error:
        raise BadSetting(where=where, where_zh=in_chinese(where), name=setting.name, value=value, why=str(error),
                         why_zh=in_chinese(str(error))) from error  # fmt: skip
    return parsed


def in_chinese(told: str) -> str:
    """Return what is wrong with a setting, or where it stands, in Chinese; what has no words of its own as it is."""
    for en, zh in IN_CHINESE:
        if told.startswith(en):
            return zh + told.removeprefix(en)
    return told


def _check_bounds(setting: Setting, value: Any) -> None:
    if setting.choices and value not in setting.choices:
        msg = f"it takes {' | '.join(setting.choices)}"
        raise ValueError(msg)
    if setting.kind in ("whole", "share"):
        if setting.least is not None and value < setting.least:
            msg = f"the least is {setting.least}"
            raise ValueError(msg)
        if setting.most is not None and value > setting.most:
            msg = f"the most is {setting.most}"
            raise ValueError(msg)


def _check_together(settings: Settings, where: Mapping[str, str]) -> None:
    weights = [row.name for row in SETTINGS if row.name.startswith("owner_weight_")]
    total = sum(getattr(settings, name) for name in weights)
    if total != 1:
        said = ", ".join(sorted({where[name] for name in weights if name in where}))
        raise BadSetting(where=said, name="owner_weight_*", value=total, why="the weights must add up to 1")
