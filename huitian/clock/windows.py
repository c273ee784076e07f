"""Windows: the day, week, month or hotline month around an instant, in Asia/Shanghai."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from huitian.clock.clocks import day_of, start_of_day
from huitian.errors import InvalidInput

Grain = Literal["day", "week", "month", "hotline_month"]


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time with a name.

    Attributes:
        name: ``2026-02-14`` for a day and for a week (its Monday), ``2026-02`` for a month. A hotline month
            has the name of the month in which it ends.
        start_at: First instant, aware UTC.
        end_at: First instant that no longer belongs to it, aware UTC.
    """

    name: str
    start_at: datetime
    end_at: datetime


def window_of(at: datetime, grain: Grain, hotline_month_day: int = 19) -> Window:
    """Returns the window in which an instant lies.

    Source of the hotline month, 19th to 18th: practice of the monthly ranking of Beijing's 12345.

    Args:
        at: Any aware instant.
        grain: Size of the window; weeks begin on Monday.
        hotline_month_day: Day on which a hotline month begins, 1–28; 1 gives the months of the calendar.

    Raises:
        NaiveTime: The instant has no zone.
    """
    day = day_of(at)
    if grain == "day":
        return _window(day.isoformat(), day, day + timedelta(days=1))
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return _window(monday.isoformat(), monday, monday + timedelta(days=7))
    begin_day = 1 if grain == "month" else hotline_month_day
    first = _months_on(day, 0 if day.day >= begin_day else -1).replace(day=begin_day)
    return _month_from(first)


def window_named(name: str, grain: Literal["month", "hotline_month"], hotline_month_day: int = 19) -> Window:
    """Returns the month of a name such as ``2026-02``.

    Raises:
        InvalidInput: The name is not of the form year-month.
    """
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", name):
        raise InvalidInput(field="month", why=f"{name} is not like 2026-02")
    first = date.fromisoformat(f"{name}-01")
    if grain == "hotline_month" and hotline_month_day > 1:
        first = _months_on(first, -1).replace(day=hotline_month_day)
    return _month_from(first)


def _month_from(first: date) -> Window:
    end = _months_on(first, 1).replace(day=first.day)
    return _window(f"{end - timedelta(days=1):%Y-%m}", first, end)


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _window(name: str, first: date, end: date) -> Window:
    return Window(name, start_of_day(first), start_of_day(end))
