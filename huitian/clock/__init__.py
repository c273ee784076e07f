"""Time: clocks that can be injected, the statutory calendar of China, working time.

Instants are aware UTC everywhere; a naive one is refused (:class:`huitian.errors.NaiveTime`). Days, working
time and months are those of Asia/Shanghai and exist only here and on screens. Intervals are half-open.
"""

from __future__ import annotations

from huitian.clock.clocks import (
    SHANGHAI,
    Clock,
    FixedClock,
    ManualClock,
    PacedClock,
    SystemClock,
    aware_utc,
    day_of,
    start_of_day,
)
from huitian.clock.days import CalendarYear, Holiday, read_years
from huitian.clock.windows import Grain, Window, window_named, window_of
from huitian.clock.working import StatutoryCalendar, read_calendar

__all__ = [
    "SHANGHAI",
    "CalendarYear",
    "Clock",
    "FixedClock",
    "Grain",
    "Holiday",
    "ManualClock",
    "PacedClock",
    "StatutoryCalendar",
    "SystemClock",
    "Window",
    "aware_utc",
    "day_of",
    "read_calendar",
    "read_years",
    "start_of_day",
    "window_named",
    "window_of",
]
