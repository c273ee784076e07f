"""Working time: the statutory calendar, and sums of working hours on it.

Rule (GB/T 30428 practice, domain 02 §5): urgent limits run continuously, the others count working time only,
08:00–12:00 and 14:00–18:00 on working days; a working day is eight working hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from huitian.clock.clocks import SHANGHAI, aware_utc, day_of
from huitian.clock.days import CalendarYear, Holiday, read_years
from huitian.errors import InvalidInput

Spans = tuple[tuple[time, time], ...]
WORKING_HOURS: Spans = ((time(8), time(12)), (time(14), time(18)))
_ONE_DAY = timedelta(days=1)
_MICROSECONDS_IN_HOUR = 3_600_000_000


class StatutoryCalendar:
    """Working days and working time of China.

    A year that is not in the data follows the week, Monday to Friday, and is provisional.

    Args:
        years: What each year has beyond the week, as :func:`huitian.clock.read_years` gives it.
        spans: Working spans of a working day in Asia/Shanghai, in order, not overlapping, at least one.
        working_day_h: Working hours in one working day, as limits count them.
    """

    def __init__(
        self, years: Mapping[int, CalendarYear], spans: Spans = WORKING_HOURS, working_day_h: int = 8
    ) -> None:
        ends = [moment for span in spans for moment in span]
        if not ends or any(later <= earlier for earlier, later in spans) or ends != sorted(ends):
            raise InvalidInput(field="working_hours", why="the spans must be in order and not overlap")
        self._years = dict(years)
        self._spans = spans
        self._working_day_h = working_day_h
        self._spans_by_day: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    @property
    def years(self) -> Mapping[int, CalendarYear]:
        """Returns the years that are known, with their sources."""
        return self._years

    def is_working_day(self, day: date) -> bool:
        """Returns whether a day is worked, holidays and moved days taken into account."""
        year = self._years.get(day.year)
        if year is not None and (day in year.holidays or day in year.working):
            return day in year.working
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        """Returns whether the days of this year may still change: no notice, or no data at all."""
        year = self._years.get(day.year)
        return year is None or year.is_provisional

    def holiday(self, day: date) -> Holiday | None:
        """Returns the holiday to which a day off belongs; ``None`` on working days and plain weekends."""
        year = self._years.get(day.year)
        return None if year is None else year.holidays.get(day)

    def is_working_at(self, at: datetime) -> bool:
        """Returns whether an instant lies in working time (spans are half-open)."""
        instant = aware_utc(at)
        return any(begin <= instant < end for begin, end in self._spans_of(day_of(instant)))

    def day_of(self, at: datetime) -> date:
        """Returns the day of an instant in Asia/Shanghai."""
        return day_of(at)

    def add_working(self, start_at: datetime, hours: Fraction | Decimal | int) -> datetime:
        """Returns the instant at which so many working hours have passed.

        Time before the next working span does not count. A sum that is used up exactly when a span ends is
        due at that end (12:00, not 14:00). Zero hours give the start itself in working time (ends of spans
        included), else the begin of the next span.

        Args:
            start_at: Any aware instant.
            hours: Working hours, zero or more; rounded to the microsecond.

        Returns:
            Aware UTC, within working time or at the end of a span.

        Raises:
            NaiveTime: The start has no zone.
            InvalidInput: The hours are negative.
        """
        microseconds = round(Fraction(hours) * _MICROSECONDS_IN_HOUR)
        return self.add_working_time(start_at, timedelta(microseconds=microseconds))

    def add_working_days(self, start_at: datetime, n_days: int) -> datetime:
        """Returns the instant at which so many working days of working hours (1 WD = 8 WH) have passed."""
        return self.add_working(start_at, n_days * self._working_day_h)

    def add_working_time(self, start_at: datetime, amount: timedelta) -> datetime:
        """Returns :meth:`add_working` for an amount of working time."""
        if amount < timedelta():
            raise InvalidInput(field="hours", why="working time is added, not taken away")
        start, left = aware_utc(start_at), amount
        for begin, end in self._spans_from(day_of(start)):
            if end < start:
                continue
            here = max(begin, start)
            if left <= end - here:
                return here + left
            left -= end - here
        raise InvalidInput(field="hours", why="the calendar ends before they have passed")

    def working_between(self, from_at: datetime, to_at: datetime) -> timedelta:
        """Returns the working time in [from, to); negative, of the same size, where ``to`` comes first.

        Raises:
            NaiveTime: One of the two has no zone.
        """
        start, stop = aware_utc(from_at), aware_utc(to_at)
        if stop < start:
            return -self.working_between(stop, start)
        total = timedelta()
        for begin, end in self._spans_from(day_of(start)):
            if begin >= stop:
                break
            total += max(timedelta(), min(end, stop) - max(begin, start))
        return total

    def _spans_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        while day < date.max:
            yield from self._spans_of(day)
            day += _ONE_DAY

    def _spans_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        known = self._spans_by_day.get(day)
        if known is None:
            known = tuple(
                (
                    datetime.combine(day, begin, SHANGHAI).astimezone(UTC),
                    datetime.combine(day, end, SHANGHAI).astimezone(UTC),
                )
                for begin, end in (self._spans if self.is_working_day(day) else ())
            )
            self._spans_by_day[day] = known
        return known


def read_calendar(
    folder: Path | None = None, spans: Spans = WORKING_HOURS, working_day_h: int = 8
) -> StatutoryCalendar:
    """Returns the statutory calendar, with the years that a city's own files replace or add.

    Args:
        folder: ``DIR/calendar`` of a city; ``None`` or a missing folder gives the statutory years alone.
        spans: Working spans of a working day (setting ``working_hours``).
        working_day_h: Working hours in one working day (setting ``working_day_h``).

    Raises:
        CalendarInvalid: A file breaks the rules of calendars.
    """
    return StatutoryCalendar(read_years(folder), spans, working_day_h)
