"""What is to be expected: a mean and a band that holds what it says."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from huitian.clock import StatutoryCalendar, day_of, read_years
from huitian.clock.clocks import SHANGHAI
from huitian.indicators.forecast import HOUR, WEEKS_N, expected, kind_of, percentile

CALENDAR = StatutoryCalendar(read_years())
BEGIN = datetime(2026, 2, 28, 16, tzinfo=UTC)
"""A Sunday, 00:00 in Beijing."""


def rate(at: datetime) -> float:
    """Return an hourly rate with a day and a week in it."""
    local = at.astimezone(SHANGHAI)
    day = 3 + 2.5 * np.sin((local.hour - 8) / 24 * 2 * np.pi)
    return float(day * (0.6 if local.weekday() >= 5 else 1.0))


@pytest.mark.parametrize("seed", range(5))
def test_the_band_covers_four_of_five_hours(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_hours = (WEEKS_N + 6) * 168
    values = {BEGIN + HOUR * n: float(rng.poisson(rate(BEGIN + HOUR * n))) for n in range(n_hours)}
    inside, n_all, errors = 0, 0, []
    for day in range(WEEKS_N * 7, (WEEKS_N + 6) * 7 - 2):
        now = BEGIN + timedelta(days=day)
        coming = [now + HOUR * n for n in range(48)]
        past = {at: v for at, v in values.items() if at < now}
        for one in expected(past, now - timedelta(weeks=WEEKS_N), now, coming, CALENDAR):
            assert one.mean_value is not None
            assert one.low_value is not None
            assert one.high_value is not None
            inside += one.low_value <= values[one.from_at] <= one.high_value
            n_all += 1
            errors.append(one.mean_value - rate(one.from_at))
    # Counts are whole, so a band of theirs covers a little more than it says, never much less.
    assert 0.78 <= inside / n_all <= 0.93
    assert abs(float(np.mean(errors))) < 0.15


def test_days_off_are_sundays_and_worked_weekends_are_fridays() -> None:
    assert kind_of(date(2026, 10, 1), CALENDAR) == 6
    assert kind_of(date(2026, 10, 10), CALENDAR) == 4
    assert kind_of(date(2026, 11, 21), CALENDAR) == 5
    assert kind_of(date(2026, 11, 23), CALENDAR) == 0


def test_without_a_past_nothing_is_expected() -> None:
    now = BEGIN + timedelta(days=1)
    (one,) = expected({}, now, now, [now], CALENDAR)
    assert (one.mean_value, one.low_value, one.high_value, one.n_hours) == (None, None, None, 0)


def test_an_hour_without_cases_counts_as_none() -> None:
    now = BEGIN + timedelta(weeks=WEEKS_N)
    (one,) = expected({}, BEGIN, now, [now], CALENDAR)
    assert (one.mean_value, one.low_value, one.high_value) == (0.0, 0.0, 0.0)
    assert one.n_hours >= WEEKS_N
    assert day_of(one.from_at) == date(2026, 4, 26)


def test_percentiles_are_by_weight() -> None:
    assert percentile([(1, 1), (2, 1), (3, 1), (4, 1)], 0.5) == 2
    assert percentile([(1, 1), (9, 9)], 0.1) == 1
    assert percentile([(1, 1), (9, 9)], 0.11) == 9
