"""Moments: operands such as ``@as_of`` that become an instant when a figure is asked for."""

from datetime import datetime, timedelta

from huitian.clock import day_of, start_of_day, window_of
from huitian.errors import InvalidInput
from huitian.model.query import AnyOf, Condition, Where


def moment(words: str, as_of: datetime, month_day: int) -> datetime:
    """Return the instant that a moment stands for.

    Args:
        words: ``@as_of``, ``@day_start``, ``@days_ago:<n>`` (n whole days before ``as_of``), or
            ``@hotline_month_start`` (domain 01 §6).
        as_of: Aware UTC.
        month_day: Day of the month on which a hotline month begins.

    Raises:
        InvalidInput: There is no such moment.
    """
    name, _, number = words.removeprefix("@").partition(":")
    if name == "as_of":
        return as_of
    if name == "day_start":
        return start_of_day(day_of(as_of))
    if name == "days_ago" and number.isdigit():
        return as_of - timedelta(days=int(number))
    if name == "hotline_month_start":
        return window_of(as_of, "hotline_month", month_day).start_at
    raise InvalidInput(field="where", why=f"no moment {words!r}")


def resolved(where: Where, as_of: datetime, month_day: int) -> Where:
    """Return conditions with every moment replaced by its instant."""

    def one(condition: Condition) -> Condition:
        operand = condition.operand
        if isinstance(operand, str) and operand.startswith("@"):
            return Condition(condition.column, condition.operator, moment(operand, as_of, month_day))
        return condition

    return tuple(
        AnyOf(tuple(one(c) for c in item.conditions)) if isinstance(item, AnyOf) else one(item)
        for item in where
    )
