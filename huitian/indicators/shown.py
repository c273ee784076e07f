"""Figures as they are shown: rounded once, half-up, from exact fractions."""

from fractions import Fraction

from huitian.model.number import Change, Number, NumberDefinition
from huitian.units import round_half_up


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


def change_of(definition: NumberDefinition, now: Number, before: Number) -> Change:
    """Return a figure against its base; None where one of the two is missing."""
    value = None
    is_worse = None
    if now.value is not None and before.value is not None:
        value = float(
            round_half_up(Fraction(str(now.value)) - Fraction(str(before.value)), definition.decimals)
        )
        if definition.direction != "neutral" and value != 0:
            is_worse = (value < 0) == (definition.direction == "more_is_better")
    return Change(value, definition.change, before.value, before.as_of, is_worse)
