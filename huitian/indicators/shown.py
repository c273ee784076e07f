"""Figures as they are shown: rounded once, half-up, from exact fractions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from huitian.model.number import Change, Number, NumberDefinition
from huitian.units import round_half_up

BASES: Mapping[str, tuple[timedelta, ...]] = {
    "yesterday": (timedelta(days=1),),
    "last_week": (timedelta(days=7),),
    "last_month": (timedelta(days=28),),
    "four_weeks": tuple(timedelta(days=7 * n) for n in (1, 2, 3, 4)),
}
"""How long before each base of a comparison is."""


def shown(definition: NumberDefinition, value: Fraction | float) -> float:
    """Return a value in the unit of the figure, rounded half-up once."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    factor = 100 if definition.unit_id == "percent" else 1
    return float(round_half_up(exact * factor, definition.decimals))


def decimal_text(value: Fraction) -> str:
    """Return a fraction as exact decimal text where it ends, else with 12 decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{round_half_up(value, 12):f}".rstrip("0").rstrip(".")


def against(definition: NumberDefinition, now: Number, before: Sequence[Number]) -> Change:
    """Return a figure against its base, the mean of several where it has several; None where one is missing."""
    value = None
    is_worse = None
    known = [Fraction(str(number.value)) for number in before if number.value is not None]
    base = sum(known, Fraction(0)) / len(known) if len(known) == len(before) else None
    if now.value is not None and base is not None:
        value = float(round_half_up(Fraction(str(now.value)) - base, definition.decimals))
        if definition.direction != "neutral" and value != 0:
            is_worse = (value < 0) == (definition.direction == "more_is_better")
    decimals = definition.decimals if len(before) == 1 else definition.decimals + 2
    shown_base = None if base is None else float(round_half_up(base, decimals))
    return Change(value, definition.change, shown_base, before[0].as_of, is_worse)
