"""Reads one line of ``[columns]`` or ``[attributes]`` of a mapping."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NoReturn

from huitian.errors import UnknownUnit
from huitian.ingest.mapping import MISSING, ColumnMap
from huitian.ingest.targets import VALUE_KINDS, Target, ValueKind
from huitian.units import convert

KEYS = ("from", "template", "value", "kind", "formats", "missing", "must", "map", "unknown", "pattern", "unit",
         "most_chars")  # fmt: skip
_TEXTS: dict[str, type | tuple[type, ...]] = {
    "template": str, "kind": str, "missing": list, "must": bool, "map": dict, "unknown": str, "pattern": str,
    "unit": str, "most_chars": int, "from": (str, list), "formats": (str, list),
}  # fmt: skip

Fail = Callable[[str, str, str], NoReturn]
"""Takes the key inside the row, and what is wrong with it in Chinese and English."""


def column_map(name: str, row: Any, target: Target | None, fail: Fail) -> ColumnMap:
    """Return what one row of a mapping says; a plain text is short for ``{ from = "…" }``.

    Args:
        name: Column of the city, or attribute.
        row: What TOML says.
        target: The column, None for an attribute or a free column of a letter.
        fail: Raises ``MappingInvalid``.
    """
    row = {"from": row} if isinstance(row, str | list) else row
    if not isinstance(row, dict):
        fail("", "应为文件的列名，或 { from = … }", "it must be a column of the file, or { from = … }")
    for key, value in row.items():
        if key not in KEYS:
            fail(
                f".{key}",
                f"没有这一项。可用：{'、'.join(KEYS)}",
                f"no such key. There are: {', '.join(KEYS)}",
            )
        wanted = _TEXTS.get(key)
        if wanted is not None and not isinstance(value, wanted):
            fail(f".{key}", "类型不对", f"it is of the wrong type, {type(value).__name__}")
    if sum(key in row for key in ("from", "template", "value")) != 1:
        fail("", "from、template、value 三者恰写其一", "say exactly one of from, template and value")
    kind: ValueKind = row.get("kind") or (target.kind if target else "text")
    if kind not in VALUE_KINDS:
        fail(".kind", f"只能是：{'、'.join(VALUE_KINDS)}", f"it must be one of {', '.join(VALUE_KINDS)}")
    if target is not None and kind != target.kind:
        fail(".kind", f"本列只能是 {target.kind}", f"this column is of kind {target.kind}")
    unknown = row.get("unknown", "reject")
    if unknown not in {"reject", "keep", "missing"}:
        fail(".unknown", "只能是 reject、keep、missing", "it must be reject, keep or missing")
    _check_unit(row.get("unit", ""), target, fail)
    return ColumnMap(
        name=name, kind=kind, sources=_texts(row.get("from", [])), template=row.get("template", ""),
        value=_constant(row.get("value")), formats=_texts(row.get("formats", [])),
        missing=tuple(str(one) for one in row["missing"]) if "missing" in row else MISSING,
        is_must=row.get("must", target is not None and target.is_must), codes=row.get("map", {}), unknown=unknown,
        pattern=_pattern(row.get("pattern", ""), fail), unit=row.get("unit", ""),
        unit_into=target.unit if target else "", most_chars=row.get("most_chars", 0),
    )  # fmt: skip


def _texts(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(str(one) for one in said)


def _constant(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _pattern(said: str, fail: Fail) -> str:
    try:
        re.compile(said)
    except re.error as error:
        fail(".pattern", f"不是正则表达式：{error}", f"it is not a regular expression: {error}")
    return said


def _check_unit(unit_id: str, target: Target | None, fail: Fail) -> None:
    if not unit_id:
        return
    if target is None or not target.unit:
        fail(".unit", "本列没有单位，不能换算", "this column has no unit to convert into")
    try:
        convert(1, unit_id, target.unit)
    except UnknownUnit:
        fail(".unit", f"不能换算为 {target.unit}", f"it does not convert into {target.unit}")
