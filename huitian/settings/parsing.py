"""Parsing: one function a kind of setting, from what a file, a variable or an option says to its value.

Each takes text (environment, command line) or a TOML value and raises ``ValueError`` with what it takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from huitian.settings.table import Box, Kind, Spans


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = "it takes a text"
        raise ValueError(msg)
    return value.strip()


def _whole(value: object) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[+-]?\d{1,18}", str(value).strip()):
        msg = "it takes a whole number"
        raise ValueError(msg)
    return int(str(value))


def _share(value: object) -> Decimal:
    number = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal("NaN")
    if not number.is_finite():
        msg = "it takes a number from 0 to 1"
        raise ValueError(msg)
    return number


def _yes_no(value: object) -> bool:
    said = str(value).strip().lower()
    if said not in _YES | _NO:
        msg = f"it takes {' | '.join(sorted(_YES))} or {' | '.join(sorted(_NO))}"
        raise ValueError(msg)
    return said in _YES


def _folder(value: object) -> Path | None:
    said = _text(str(value)) if isinstance(value, Path) else _text(value)
    return Path(said).expanduser() if said else None


def parse_spans(value: object) -> Spans:
    """Returns the spans of "08:00-12:00,14:00-18:00".

    Raises:
        ValueError: It is written otherwise, a span is empty, or the spans are out of order or overlap.
    """
    spans = []
    for part in _text(value).split(","):
        match = re.fullmatch(r"\s*(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*", part)
        if match is None:
            msg = f"it takes spans like 08:00-12:00,14:00-18:00, not {part.strip()!r}"
            raise ValueError(msg)
        spans.append((time.fromisoformat(match[1]), time.fromisoformat(match[2])))
    ends = [moment for span in spans for moment in span]
    if any(later <= earlier for earlier, later in zip(ends[::2], ends[1::2], strict=True)) or ends != sorted(
        ends
    ):
        msg = "the spans must be in order and not overlap"
        raise ValueError(msg)
    return tuple(spans)


def _box(value: object) -> Box | None:
    parts = (
        value
        if isinstance(value, list | tuple)
        else [part for part in _text(value).split(",") if part.strip()]
    )
    if not parts:
        return None
    numbers = [float(Decimal(str(part).strip())) for part in parts]
    if len(numbers) != 4:
        msg = "it takes four numbers: west,south,east,north"
        raise ValueError(msg)
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        msg = "west must be below east and south below north, in degrees"
        raise ValueError(msg)
    return west, south, east, north


_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})
PARSERS: Mapping[Kind, Any] = {
    "text": _text, "choice": _text, "whole": _whole, "share": _share, "yes_no": _yes_no, "folder": _folder,
    "spans": parse_spans, "box": _box,
}  # fmt: skip
