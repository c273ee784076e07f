"""Clocks: who asks for the time gets one, so that a test can hold it still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from huitian.errors import InvalidInput, NaiveTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The civil time of China; in the store and on the wire everything is UTC."""


def aware_utc(at: datetime) -> datetime:
    """Returns the same instant in UTC.

    Raises:
        NaiveTime: The time has no zone.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveTime(value=at.isoformat())
    return at.astimezone(UTC)


def day_of(at: datetime) -> date:
    """Returns the day of an instant in Asia/Shanghai.

    Raises:
        NaiveTime: The time has no zone.
    """
    return aware_utc(at).astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """Returns the midnight in Asia/Shanghai with which a day begins, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


@runtime_checkable
class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Returns the present instant, aware UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Returns the present instant, aware UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still.

    Attributes:
        at: The instant that it tells; kept in UTC.

    Raises:
        NaiveTime: The instant has no zone.
    """

    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", aware_utc(self.at))

    def now(self) -> datetime:
        """Returns the fixed instant, aware UTC."""
        return self.at


class ManualClock:
    """A clock that moves only when it is told to, and back only when that is what is tried.

    Args:
        at: The first instant that it tells.

    Raises:
        NaiveTime: The instant has no zone.
    """

    def __init__(self, at: datetime) -> None:
        self._at = aware_utc(at)

    def now(self) -> datetime:
        """Returns the instant to which the clock was moved, aware UTC."""
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock on and returns the new instant.

        Raises:
            InvalidInput: The amount is negative.
        """
        return self.move_to(self._at + by)

    def set_back(self, by: timedelta) -> datetime:
        """Sets the clock back, as happens to a machine's, and returns the new instant."""
        self._at -= by
        return self._at

    def move_to(self, at: datetime) -> datetime:
        """Moves the clock to an instant and returns it in UTC.

        Raises:
            InvalidInput: The instant lies before the present one.
            NaiveTime: The instant has no zone.
        """
        moved = aware_utc(at)
        if moved < self._at:
            raise InvalidInput(field="at", why="a clock does not go back")
        self._at = moved
        return moved


class PacedClock:
    """A clock that begins at some instant and runs faster than the one below it, for the demo city.

    Args:
        below: The clock that drives it.
        start_at: The instant that it tells now.
        speed: Seconds that pass here in one second there.
    """

    def __init__(self, below: Clock, start_at: datetime, speed: int) -> None:
        self._below, self._speed = below, speed
        self._began_at, self._start_at = below.now(), aware_utc(start_at)

    def now(self) -> datetime:
        """Returns the present instant of the faster time, aware UTC."""
        return self._start_at + (self._below.now() - self._began_at) * self._speed
