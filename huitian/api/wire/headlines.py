"""What is out of the ordinary, what is expected, and the days of the calendar, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from huitian.api.wire.numbers import Figure
from huitian.model.number import ChangeBase


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A figure of a sentence.

    Attributes:
        shows: Whether its value stands in the sentence, or its change without the sign.
        number: The figure.
    """

    shows: Literal["value", "change"]
    number: Figure


@dataclass(frozen=True, slots=True)
class HeadlineShown:
    """One sentence about a change.

    Attributes:
        headline_id: The same as long as it is the same news.
        number_id: The watched figure, not narrowed.
        column: The watched column.
        value: The value whose count changed.
        words_zh: The sentence; ``{n}`` and its like stand for the figures.
        words_en: The sentence.
        figures: Figure by the name it has in the sentence; ``spot`` is of the community with the most of it.
        base: What it is compared with.
        base_zh: The base in words.
        base_en: The base in words.
        chance_ratio: How likely so much or more would be on a usual day, for all that was looked at together.
        n_usual: Mean of the same hours on the days it was held against.
        n_days: How many days that were.
    """

    headline_id: str
    number_id: str
    column: str
    value: str
    words_zh: str
    words_en: str
    figures: Mapping[str, ToldFigure]
    base: ChangeBase
    base_zh: str
    base_en: str
    chance_ratio: float
    n_usual: float
    n_days: int


@dataclass(frozen=True, slots=True)
class HeadlineList:
    """What is out of the ordinary, the most unlikely first.

    Attributes:
        items: At most five; none on a usual day.
        as_of: Aware UTC instant it is true for.
        least_chance_ratio: A change is told below this chance.
        hot_spot_least: So many in one community are a hot spot; ``spot`` is one.
    """

    items: list[HeadlineShown]
    as_of: datetime
    least_chance_ratio: float
    hot_spot_least: int


@dataclass(frozen=True, slots=True)
class ForecastHour:
    """One coming hour.

    Attributes:
        from_at: Aware UTC start.
        to_at: Aware UTC end, not included.
        mean_value: Mean of the same hours of eight weeks; null where there are none.
        low_value: Their 10th percentile.
        high_value: Their 90th percentile.
        n_hours: How many hours it follows from.
    """

    from_at: datetime
    to_at: datetime
    mean_value: float | None
    low_value: float | None
    high_value: float | None
    n_hours: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar.

    Attributes:
        day_on: The day in Asia/Shanghai.
        is_off: Whether it is not worked, holidays and moved days taken into account.
        holiday_zh: The holiday it belongs to; null where it belongs to none.
        holiday_en: The holiday it belongs to.
        is_first: Whether it is the first day of that holiday.
        is_provisional: Whether it may still change: no notice for its year yet.
    """

    day_on: date
    is_off: bool
    holiday_zh: str | None
    holiday_en: str | None
    is_first: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class SourceShown:
    """What one kind of source last brought.

    Attributes:
        kind: ``csv``, ``geojson``, ….
        n_loads: Loads of this kind.
        state: Of the last one: ``done``, ``running`` or ``failed``.
        loaded_at: When the last one that was done ended; null where none was.
        n_written: Rows that the last one wrote.
        n_rejected: Rows that the last one rejected.
    """

    kind: str
    n_loads: int
    state: str
    loaded_at: datetime | None
    n_written: int | None
    n_rejected: int | None
