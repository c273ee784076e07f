"""One thing that was looked at: how it is, why, and what to do; the same for the doctor, the desk and probes."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]
WORST: tuple[State, ...] = ("ok", "warn", "fail")


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing is.

    Attributes:
        part: What it belongs to: ``disk``, ``clock``, ``store``, …
        code: Stable code.
        state: ``ok``, ``warn`` or ``fail``.
        words_zh: What was found, in Chinese.
        words_en: What was found, in English.
        what_to_do_zh: What to do, in Chinese; empty where nothing is.
        what_to_do_en: What to do, in English.
        value: The figure behind it; None where there is none.
        unit: Its unit: ``MB``, ``ms``, ``s``, ``h``, ``n``; empty where there is none.
    """

    part: str
    code: str
    state: State
    words_zh: str
    words_en: str
    what_to_do_zh: str = ""
    what_to_do_en: str = ""
    value: int | None = None
    unit: str = ""


def well(part: str, code: str, zh: str, en: str, value: int | None = None, unit: str = "") -> Check:
    """Return the check of a thing that is as it should be."""
    return Check(part, code, "ok", zh, en, value=value, unit=unit)


def worst(checks: list[Check]) -> State:
    """Return the worst state; ``ok`` of nothing."""
    return max((check.state for check in checks), key=WORST.index, default="ok")
