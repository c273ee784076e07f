"""Reads one value: text, number, date, instant, yes or no, as Chinese offices write them.

Every reader returns the value, or a ``Fault`` that says what is wrong with it.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from huitian.clock import SHANGHAI
from huitian.sources.rows import Fault

_YES = {"true", "yes", "y", "t", "1", "是", "有", "对", "√"}
_NO = {"false", "no", "n", "f", "0", "否", "无", "不", "没有", "×"}
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]? ?(\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?")
"""A comma or a space parts thousands and nothing else: ``116,35`` is no number, for it may be 116.35."""
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(
    r"[T\s]*(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*(?:[:分]\s*(\d{1,2}(?:\.\d+)?)?\s*秒?)?\s*"
    r"(Z|[+-]\d{2}:?\d{2})?"
)
_LONGEST_SHOWN = 80


def text(raw: Any) -> str:
    """Return a value as text: edges trimmed, line ends as LF, invisible control characters taken out.

    A whole number is written without a decimal point, since codes come as numbers in JSON.
    """
    if isinstance(raw, str) and raw.isprintable():
        return raw.strip()
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    words = str(raw).replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _UNSEEN.sub("", words)).strip()


def shown(raw: Any) -> str:
    """Return a value as it is quoted in a reason: short, on one line."""
    words = " ".join(text(raw).split())
    return words if len(words) <= _LONGEST_SHOWN else words[: _LONGEST_SHOWN - 1] + "…"


def half_width(words: str) -> str:
    """Return text with full-width letters, digits and signs as half-width ones."""
    return words if words.isascii() else unicodedata.normalize("NFKC", words)


def real(field: str, raw: Any) -> float | Fault:
    """Return a finite number; thousands may be parted by commas or spaces, digits may be full-width."""
    if isinstance(raw, bool | dict | list):
        return Fault("not_a_number", {"field": field, "value": shown(raw)})
    if not isinstance(raw, int | float):
        words = half_width(text(raw)).strip()
        if words.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            return Fault("not_finite", {"field": field})
        if not _NUMBER.fullmatch(words) or not any(sign.isdigit() for sign in words):
            return Fault("not_a_number", {"field": field, "value": shown(raw)})
        raw = float(words.replace(",", "").replace(" ", ""))
    try:
        value = float(raw)
    except OverflowError:
        value = math.inf
    return value if math.isfinite(value) else Fault("not_finite", {"field": field})


def integer(field: str, raw: Any) -> int | Fault:
    """Return a whole number that the store can hold."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        value: float | Fault | int = raw
    else:
        value = real(field, raw)
    if isinstance(value, Fault):
        return value
    if value != int(value) or abs(value) >= 2**63:
        return Fault("not_a_number", {"field": field, "value": shown(raw)})
    return int(value)


def boolean(field: str, raw: Any) -> bool | Fault:
    """Return yes or no."""
    words = half_width(text(raw)).lower()
    if words in _YES:
        return True
    return False if words in _NO else Fault("unknown_code", {"field": field, "value": shown(raw)})


def day(field: str, raw: Any, formats: Sequence[str] = ()) -> date | Fault:
    """Return a date; of an instant the day in Asia/Shanghai."""
    found = instant(field, raw, formats)
    return found if isinstance(found, Fault) else found.astimezone(SHANGHAI).date()


def instant(field: str, raw: Any, formats: Sequence[str] = ()) -> datetime | Fault:
    """Return an aware UTC instant; a time without a zone is one of Asia/Shanghai, a date its midnight.

    Args:
        field: Column, for the reason.
        raw: Text, or a number that reads as ``YYYYMMDD``.
        formats: ``strptime`` formats; empty tries ISO 8601, ``2024/1/5``, ``2024年1月5日``, ``20240105``, each
            with or without a time.
    """
    words = half_width(text(raw))
    try:
        if formats:
            return _by_formats(words, formats)
        return _usual(words)
    except (ValueError, OverflowError):
        return Fault("bad_date", {"field": field, "value": shown(raw)})


def _by_formats(words: str, formats: Sequence[str]) -> datetime:
    for form in formats:
        try:
            found = datetime.strptime(words, half_width(form))  # noqa: DTZ007  (a zone is added below)
        except ValueError:
            continue
        return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    raise ValueError(words)


def _usual(words: str) -> datetime:
    found = _DATE.match(words) or _COMPACT_DATE.match(words)
    if found is None:
        raise ValueError(words)
    on = date(*map(int, found.groups()))
    rest = words[found.end() :].strip()
    if not rest:
        return datetime.combine(on, time(), SHANGHAI).astimezone(UTC)
    clock = _TIME.fullmatch(rest)
    if clock is None:
        raise ValueError(words)
    hour, minute, second, zone = clock.groups()
    whole, _, part = (second or "0").partition(".")
    at = time(int(hour), int(minute), int(whole), int((part or "0")[:6].ljust(6, "0")))
    naive = datetime.combine(on, at)
    if zone:
        return datetime.fromisoformat(naive.isoformat() + zone).astimezone(UTC)
    return naive.replace(tzinfo=SHANGHAI).astimezone(UTC)
