from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.clock import (
    SHANGHAI,
    Clock,
    FixedClock,
    ManualClock,
    PacedClock,
    StatutoryCalendar,
    SystemClock,
    aware_utc,
    day_of,
    read_calendar,
    start_of_day,
    window_named,
    window_of,
)
from huitian.errors import InvalidInput, NaiveTime

CALENDAR = read_calendar()


def at(text: str) -> datetime:
    """Returns a time of day in Shanghai as UTC: "2026-02-13 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


instants = st.integers(0, 5 * 366 * 86_400_000_000).map(
    lambda n: datetime(2023, 6, 1, tzinfo=UTC) + timedelta(microseconds=n)
) | st.integers(0, 5 * 366 * 48).map(lambda n: datetime(2023, 6, 1, tzinfo=UTC) + timedelta(minutes=30 * n))
amounts = st.one_of(
    st.timedeltas(timedelta(), timedelta(hours=400)),
    st.integers(0, 80).map(lambda n: timedelta(hours=n / 2)),
)
calendars = st.sampled_from(
    [
        CALENDAR,
        StatutoryCalendar({}),
        read_calendar(spans=((time(9), time(17, 30)),)),
        read_calendar(spans=((time(0), time(8)), (time(8), time(23, 59, 59)))),
    ]
)


class TestClocks:
    def test_the_system_clock_tells_aware_utc(self) -> None:
        now = SystemClock().now()
        assert now.tzinfo is UTC
        assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)

    def test_a_fixed_clock_stands_still_and_speaks_utc(self) -> None:
        clock = FixedClock(datetime(2026, 2, 14, 9, tzinfo=SHANGHAI))
        assert clock.now() == clock.now() == datetime(2026, 2, 14, 1, tzinfo=UTC)
        assert clock.now().tzinfo is UTC

    def test_a_manual_clock_moves_when_told_and_never_back(self) -> None:
        clock = ManualClock(at("2026-02-14 09:00"))
        assert clock.advance(timedelta(hours=3)) == clock.now() == at("2026-02-14 12:00")
        with pytest.raises(InvalidInput):
            clock.advance(timedelta(seconds=-1))
        with pytest.raises(InvalidInput):
            clock.move_to(at("2026-02-14 11:59"))
        assert clock.now() == at("2026-02-14 12:00")

    def test_a_paced_clock_runs_faster(self) -> None:
        below = ManualClock(at("2030-01-01 00:00"))
        clock = PacedClock(below, at("2026-02-14 09:00"), 60)
        assert clock.now() == at("2026-02-14 09:00")
        below.advance(timedelta(seconds=90))
        assert clock.now() == at("2026-02-14 10:30")

    @pytest.mark.parametrize("clock", [SystemClock(), FixedClock(at("2026-01-01 00:00"))])
    def test_they_are_clocks(self, clock: Clock) -> None:
        assert isinstance(clock, Clock)

    def test_naive_times_are_refused(self) -> None:
        naive = datetime(2026, 2, 14, 9)  # noqa: DTZ001
        for refused in (
            lambda: aware_utc(naive),
            lambda: FixedClock(naive),
            lambda: ManualClock(naive),
            lambda: day_of(naive),
            lambda: CALENDAR.add_working(naive, 1),
            lambda: CALENDAR.working_between(at("2026-02-14 09:00"), naive),
            lambda: CALENDAR.is_working_at(naive),
            lambda: window_of(naive, "day"),
        ):
            with pytest.raises(NaiveTime):
                refused()

    def test_a_day_is_that_of_shanghai(self) -> None:
        assert day_of(datetime(2026, 2, 13, 15, 59, tzinfo=UTC)) == date(2026, 2, 13)
        assert day_of(datetime(2026, 2, 13, 16, tzinfo=UTC)) == date(2026, 2, 14)
        assert CALENDAR.day_of(datetime(2026, 2, 13, 16, tzinfo=UTC)) == date(2026, 2, 14)
        assert start_of_day(date(2026, 2, 14)) == datetime(2026, 2, 13, 16, tzinfo=UTC)


class TestWorkingTime:
    @pytest.mark.parametrize(
        ("start", "hours", "due"),
        [
            ("2026-03-03 09:00", 2, "2026-03-03 11:00"),
            ("2026-03-03 11:00", 2, "2026-03-03 15:00"),  # over noon
            ("2026-03-03 12:30", 1, "2026-03-03 15:00"),  # asked during the noon break
            ("2026-03-03 08:00", 4, "2026-03-03 12:00"),  # due at the end of the span
            ("2026-03-03 17:00", 2, "2026-03-04 09:00"),  # over night
            ("2026-03-06 17:00", 2, "2026-03-09 09:00"),  # over a plain weekend
            ("2026-03-03 20:00", 16, "2026-03-05 18:00"),  # sixteen hours are two working days
            # Spring Festival: Friday 13th 16:00 leaves 2 h, Saturday 14th is moved and has 8, the 15th to the
            # 23rd are off, Tuesday 24th has 8.
            ("2026-02-13 16:00", 2, "2026-02-13 18:00"),
            ("2026-02-13 16:00", 10, "2026-02-14 18:00"),
            ("2026-02-13 16:00", 16, "2026-02-24 16:00"),
            ("2026-02-14 17:30", 1, "2026-02-24 08:30"),
            ("2026-02-18 10:00", 4, "2026-02-24 12:00"),  # asked in the holiday
            # From Tuesday 24th: 24, 25, 26, 27 and moved Saturday 28 are five days; the sixth is Monday 2 March.
            ("2026-02-23 12:00", 48, "2026-03-02 18:00"),
            # National Day 2025: Sunday 28 September is moved, 1 to 8 October off, Saturday 11 moved.
            ("2025-09-27 10:00", 8, "2025-09-28 18:00"),
            ("2025-09-30 17:00", 2, "2025-10-09 09:00"),
            # 30 September, 9, 10 and moved 11 October; 12 is off, so the fifth day is Monday 13.
            ("2025-09-30 08:00", 40, "2025-10-13 18:00"),
            # The turn of the year: 1 to 3 January 2026 off, Sunday 4 moved.
            ("2025-12-31 17:00", 2, "2026-01-04 09:00"),
        ],
    )
    def test_hand_computed(self, start: str, hours: int, due: str) -> None:
        assert CALENDAR.add_working(at(start), hours) == at(due)
        assert CALENDAR.working_between(at(start), at(due)) == timedelta(hours=hours)

    def test_parts_of_hours_are_exact(self) -> None:
        start = at("2026-03-03 09:00")
        assert CALENDAR.add_working(start, Fraction(1, 3)) == at("2026-03-03 09:20")
        assert CALENDAR.add_working(start, Decimal("0.5")) == at("2026-03-03 09:30")

    def test_a_working_day_is_eight_hours(self) -> None:
        start = at("2026-03-03 09:00")
        assert CALENDAR.add_working_days(start, 2) == CALENDAR.add_working(start, 16)
        assert read_calendar(working_day_h=7).add_working_days(start, 2) == CALENDAR.add_working(start, 14)

    def test_working_time_is_half_open(self) -> None:
        assert CALENDAR.is_working_at(at("2026-03-03 08:00"))
        assert not CALENDAR.is_working_at(at("2026-03-03 12:00"))
        assert not CALENDAR.is_working_at(at("2026-02-16 09:00"))

    def test_negative_hours_are_refused(self) -> None:
        with pytest.raises(InvalidInput):
            CALENDAR.add_working(at("2026-03-03 08:00"), -1)

    def test_a_sum_past_the_last_day_is_refused(self) -> None:
        with pytest.raises(InvalidInput):
            CALENDAR.add_working(datetime(9999, 12, 28, tzinfo=UTC), 100)

    @pytest.mark.parametrize(
        "spans", [(), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(18)))]
    )
    def test_wrong_spans_are_refused(self, spans: tuple[tuple[time, time], ...]) -> None:
        with pytest.raises(InvalidInput):
            StatutoryCalendar({}, spans)

    @given(calendars, instants, amounts)
    def test_what_was_added_lies_between(
        self, calendar: StatutoryCalendar, a: datetime, h: timedelta
    ) -> None:
        assert calendar.working_between(a, calendar.add_working_time(a, h)) == h

    @given(calendars, instants, amounts)
    def test_the_sum_lies_in_working_time(
        self, calendar: StatutoryCalendar, a: datetime, h: timedelta
    ) -> None:
        due = calendar.add_working_time(a, h)
        assert due >= a
        assert due.tzinfo is UTC
        assert calendar.is_working_at(due) or calendar.is_working_at(due - timedelta(microseconds=1))

    @given(calendars, instants, amounts, amounts)
    def test_adding_twice_is_adding_the_sum(
        self, calendar: StatutoryCalendar, a: datetime, h1: timedelta, h2: timedelta
    ) -> None:
        once = calendar.add_working_time(a, h1 + h2)
        assert once == calendar.add_working_time(calendar.add_working_time(a, h1), h2)

    @given(calendars, instants, instants, amounts)
    def test_who_starts_later_is_due_no_earlier(
        self, calendar: StatutoryCalendar, a: datetime, b: datetime, h: timedelta
    ) -> None:
        first, second = sorted((a, b))
        assert calendar.add_working_time(first, h) <= calendar.add_working_time(second, h)

    @given(instants, instants, instants)
    def test_between_adds_up_and_turns_its_sign(self, a: datetime, b: datetime, c: datetime) -> None:
        between = CALENDAR.working_between
        assert between(a, b) + between(b, c) == between(a, c)
        assert between(a, b) == -between(b, a)

    @given(instants, st.integers(0, 1500))
    def test_against_counting_minutes(self, a: datetime, n_minutes: int) -> None:
        # An independent, slow count: every whole minute, asked one by one.
        start = a.replace(second=0, microsecond=0)
        asked = [start + timedelta(minutes=n) for n in range(n_minutes)]
        counted = timedelta(minutes=sum(map(CALENDAR.is_working_at, asked)))
        assert CALENDAR.working_between(start, start + timedelta(minutes=n_minutes)) == counted


class TestWindows:
    def test_a_hotline_month_runs_from_the_19th_to_the_18th(self) -> None:
        window = window_of(at("2026-01-18 23:59"), "hotline_month")
        assert (window.name, window.start_at, window.end_at) == (
            "2026-01",
            at("2025-12-19 00:00"),
            at("2026-01-19 00:00"),
        )
        assert window_of(at("2026-01-19 00:00"), "hotline_month").name == "2026-02"
        assert window_of(at("2025-12-31 09:00"), "hotline_month").name == "2026-01"
        assert window_named("2026-01", "hotline_month") == window

    def test_a_day_a_week_and_a_month(self) -> None:
        asked = at("2026-02-14 09:00")  # a Saturday
        day, week, month = window_of(asked, "day"), window_of(asked, "week"), window_of(asked, "month")
        assert (day.name, day.start_at, day.end_at) == (
            "2026-02-14",
            at("2026-02-14 00:00"),
            at("2026-02-15 00:00"),
        )
        assert (week.name, week.start_at, week.end_at) == (
            "2026-02-09",
            at("2026-02-09 00:00"),
            at("2026-02-16 00:00"),
        )
        assert (month.name, month.start_at, month.end_at) == (
            "2026-02",
            at("2026-02-01 00:00"),
            at("2026-03-01 00:00"),
        )

    def test_a_month_that_begins_on_the_first_is_that_of_the_calendar(self) -> None:
        asked = at("2026-12-14 09:00")
        assert (
            window_of(asked, "hotline_month", 1)
            == window_of(asked, "month")
            == window_named("2026-12", "month")
        )

    @pytest.mark.parametrize("name", ["2026-13", "2026", "26-01", "2026-1", ""])
    def test_a_name_that_is_no_month_is_refused(self, name: str) -> None:
        with pytest.raises(InvalidInput):
            window_named(name, "month")

    @given(instants, st.sampled_from(["day", "week", "month", "hotline_month"]), st.integers(1, 28))
    def test_every_instant_is_in_its_window_and_windows_touch(
        self, a: datetime, grain: str, day: int
    ) -> None:
        window = window_of(a, grain, day)  # type: ignore[arg-type]
        assert window.start_at <= a < window.end_at
        assert window_of(window.start_at, grain, day) == window  # type: ignore[arg-type]
        assert window_of(window.end_at, grain, day).start_at == window.end_at  # type: ignore[arg-type]
        if grain in ("month", "hotline_month"):
            assert window_named(window.name, grain, day) == window  # type: ignore[arg-type]
