"""What is to be expected in the coming hours: the mean of the same hours of the last weeks, and an 80 % band.

A seasonal mean, no more: each coming hour takes the same hour of the same weekday of the last ``WEEKS_N`` weeks,
with its two neighbours half as heavy, because few cases come in one hour. A day off counts as a Sunday and a worked
weekend day as a Friday (statutory calendar). The band is the span from the 10th to the 90th empirical percentile of
these hours. It knows nothing of weather or news, and says so by being called what it is. Source of the method as a
baseline: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.2 (seasonal naive and
mean methods) and 5.5 (intervals from past values).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huitian.clock import StatutoryCalendar, day_of, start_of_day
from huitian.clock.clocks import SHANGHAI

WEEKS_N = 8
MOST_HOURS = 96
NEIGHBOUR_WEIGHT = 0.5
BAND = (0.1, 0.9)
HOUR = timedelta(hours=1)
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6


@dataclass(frozen=True, slots=True)
class Expected:
    """One coming hour.

    Attributes:
        from_at: Aware UTC start.
        to_at: Aware UTC end, not included.
        mean_value: What is to be expected.
        low_value: 10th percentile of the hours it follows from.
        high_value: 90th percentile.
        n_hours: How many hours that are; 0 gives no expectation.
    """

    from_at: datetime
    to_at: datetime
    mean_value: float | None
    low_value: float | None
    high_value: float | None
    n_hours: int


def kind_of(day: date, calendar: StatutoryCalendar) -> int:
    """Return the weekday that a day is like, Monday 0."""
    if not calendar.is_working_day(day):
        return SATURDAY if day.weekday() == SATURDAY and calendar.holiday(day) is None else SUNDAY
    return min(day.weekday(), FRIDAY)


def expected(
    past: Mapping[datetime, float], first_at: datetime, last_at: datetime, hours: Sequence[datetime],
    calendar: StatutoryCalendar,
) -> list[Expected]:  # fmt: skip
    """Return what is to be expected of each hour.

    Args:
        past: Value by the start of its hour; an hour that is not there is 0.
        first_at: First hour of the past that is known.
        last_at: Start of the first hour that is not known any more.
        hours: Starts of the hours to come.
        calendar: Days off and days worked.
    """
    by_hour: dict[tuple[int, int], list[float]] = defaultdict(list)
    at = first_at
    while at < last_at:
        by_hour[(kind_of(day_of(at), calendar), at.astimezone(SHANGHAI).hour)].append(past.get(at, 0.0))
        at += HOUR
    found = []
    for hour_at in hours:
        kind, hour = kind_of(day_of(hour_at), calendar), hour_at.astimezone(SHANGHAI).hour
        weighted = [(value, 1.0) for value in by_hour.get((kind, hour), ())]
        n_hours = len(weighted)
        for beside in (hour - 1, hour + 1):
            weighted += [(value, NEIGHBOUR_WEIGHT) for value in by_hour.get((kind, beside), ())]
        if not n_hours:
            found.append(Expected(hour_at, hour_at + HOUR, None, None, None, 0))
            continue
        mean = sum(v * w for v, w in weighted) / sum(w for _, w in weighted)
        low, high = (percentile(weighted, share) for share in BAND)
        found.append(Expected(hour_at, hour_at + HOUR, round(mean, 2), low, high, n_hours))
    return found


def percentile(weighted: Sequence[tuple[float, float]], share_ratio: float) -> float:
    """Return the smallest value up to which at least this part of the weight lies."""
    ordered = sorted(weighted)
    whole, so_far = sum(w for _, w in ordered), 0.0
    for value, weight in ordered:
        so_far += weight
        if so_far >= share_ratio * whole - 1e-9:
            return value
    return ordered[-1][0]


def begin_of_past(as_of: datetime) -> datetime:
    """Return the midnight from which the past is read."""
    return start_of_day(day_of(as_of) - timedelta(weeks=WEEKS_N))
