from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from huitian.clock import read_calendar, read_years
from huitian.errors import CalendarInvalid

CALENDAR = read_calendar()

# Days off with the weekdays among them, and moved weekends, counted by hand from the notices.
OFF_AND_MOVED = [
    (2024, 28, ["0204", "0218", "0407", "0428", "0511", "0914", "0929", "1012"]),
    (2025, 28, ["0126", "0208", "0427", "0928", "1011"]),
    (2026, 33, ["0104", "0214", "0228", "0509", "0920", "1010"]),
    (2027, 13, []),
]


class TestStatutoryDays:
    @pytest.mark.parametrize(("number", "n_off", "moved"), OFF_AND_MOVED)
    def test_the_years_are_those_of_the_notices(self, number: int, n_off: int, moved: list[str]) -> None:
        year = read_years()[number]
        assert len(year.holidays) == n_off
        assert sorted(f"{day:%m%d}" for day in year.working) == moved
        assert year.source_zh
        assert year.source_url.startswith("https://www.gov.cn/")

    @pytest.mark.parametrize(
        ("number", "n_days"),
        # 2024: 262 weekdays − 19 off on weekdays + 8 moved; 2025: 261 − 18 + 5; 2026: 261 − 19 + 6; 2027: 261 − 7.
        [(2024, 251), (2025, 248), (2026, 248), (2027, 254)],
    )
    def test_working_days_of_a_year(self, number: int, n_days: int) -> None:
        first = date(number, 1, 1)
        days = [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]
        assert sum(map(CALENDAR.is_working_day, days)) == n_days

    @pytest.mark.parametrize(
        ("day", "is_worked"),
        [
            ("2026-02-13", True),  # a Friday
            ("2026-02-14", True),  # a Saturday, moved for the Spring Festival
            ("2026-02-15", False),
            ("2026-02-23", False),  # a Monday, still off
            ("2026-02-24", True),
            ("2026-02-28", True),  # a Saturday, moved
            ("2026-03-01", False),  # a plain Sunday
            ("2025-10-08", False),  # a Wednesday, Mid-Autumn merged with National Day
            ("2025-10-11", True),
            ("2025-10-12", False),
        ],
    )
    def test_single_days(self, day: str, is_worked: bool) -> None:
        assert CALENDAR.is_working_day(date.fromisoformat(day)) is is_worked

    def test_a_year_without_a_notice_is_provisional(self) -> None:
        assert not CALENDAR.is_provisional(date(2026, 12, 31))
        assert CALENDAR.is_provisional(date(2027, 1, 1))
        assert CALENDAR.is_provisional(date(2040, 1, 2))
        assert CALENDAR.is_working_day(date(2040, 1, 2))  # a Monday; no data, so the week alone
        assert not CALENDAR.is_working_day(date(2040, 1, 1))

    def test_a_day_off_names_its_holiday(self) -> None:
        holiday = CALENDAR.holiday(date(2026, 2, 20))
        assert holiday is not None
        assert (holiday.name_zh, holiday.first_on, holiday.last_on) == (
            "春节",
            date(2026, 2, 15),
            date(2026, 2, 23),
        )
        assert CALENDAR.holiday(date(2026, 2, 14)) is None
        assert CALENDAR.holiday(date(2040, 1, 1)) is None


YEAR = """
[year.{year}]
status = "official"
source_zh = "甲市"
source_en = "City A"
holidays = [{{ name_zh = "市庆", name_en = "City Day", days = "{days}" }}]
working = [{working}]
"""


class TestOwnYears:
    def write(self, folder: Path, /, name: str = "own.toml", **words: Any) -> Path:
        text = YEAR.format(
            **{"year": 2027, "days": "2027-06-07..2027-06-08", "working": '"2027-06-05"', **words}
        )
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    def test_a_city_replaces_a_year_and_keeps_the_others(self, tmp_path: Path) -> None:
        calendar = read_calendar(self.write(tmp_path))
        assert not calendar.is_working_day(date(2027, 6, 7))
        assert calendar.is_working_day(date(2027, 6, 5))
        assert calendar.is_working_day(date(2027, 6, 9))  # our own 2027 is gone as a whole
        assert not calendar.is_provisional(date(2027, 6, 9))
        assert calendar.years[2027].source_en == "City A"
        assert calendar.years[2026] == CALENDAR.years[2026]

    def test_a_city_adds_a_year(self, tmp_path: Path) -> None:
        words: dict[str, Any] = {"year": 2031, "days": "2031-03-03", "working": ""}
        assert not read_calendar(self.write(tmp_path, **words)).is_working_day(date(2031, 3, 3))

    def test_no_folder_is_the_statutory_calendar(self, tmp_path: Path) -> None:
        assert read_years(tmp_path / "nothing") == read_years()

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ({"days": "2028-01-01"}, "not a span of days within 2027"),
            ({"days": "2027-06-09..2027-06-08"}, "not a span of days within 2027"),
            ({"days": "tomorrow"}, "tomorrow"),
            ({"working": '"2027-06-09"'}, "no weekend"),
            ({"days": "2027-06-05..2027-06-08"}, "off"),
            ({"working": "7"}, "partition"),
            ({"year": "next"}, "next"),
            ({"working": '], colour = ["red"'}, "own.toml"),
        ],
    )
    def test_a_wrong_file_is_refused(self, tmp_path: Path, words: dict[str, Any], why: str) -> None:
        with pytest.raises(CalendarInvalid) as refused:
            read_calendar(self.write(tmp_path, **words))
        assert why in refused.value.words("en")
        assert refused.value.facts["file_name"] == "own.toml"

    @pytest.mark.parametrize(
        "change",
        [
            ('status = "official"', 'status = "guessed"'),
            ('source_zh = "甲市"', ""),
            ("working =", "worked ="),
            ('name_en = "City Day"', 'name = "City Day"'),
            ("[year.2027]", "[years.2027]"),
            ("working", "holidays"),
            (
                'days = "2027-06-07..2027-06-08" }',
                'days = "2027-06-07" }, { name_zh = "", name_en = "", days = "2027-06-07" }',
            ),
        ],
    )
    def test_a_wrong_key_is_refused(self, tmp_path: Path, change: tuple[str, str]) -> None:
        path = self.write(tmp_path) / "own.toml"
        text = path.read_text(encoding="utf-8")
        assert change[0] in text
        path.write_text(text.replace(*change), encoding="utf-8")
        with pytest.raises(CalendarInvalid):
            read_calendar(tmp_path)

    def test_two_files_may_not_name_one_year(self, tmp_path: Path) -> None:
        self.write(tmp_path, "a.toml")
        with pytest.raises(CalendarInvalid, match="2027"):
            read_calendar(self.write(tmp_path, "b.toml"))

    def test_a_file_that_is_not_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.toml").write_bytes(b"\xd6\xd0")
        with pytest.raises(CalendarInvalid):
            read_calendar(tmp_path)

    def test_a_byte_order_mark_does_not_matter(self, tmp_path: Path) -> None:
        path = self.write(tmp_path) / "own.toml"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert 2027 in read_years(tmp_path)

    def test_the_data_file_has_every_year_promised(self) -> None:
        path = Path(read_years.__globals__["_STATUTORY"])
        assert sorted(tomllib.loads(path.read_text(encoding="utf-8"))["year"]) == [
            "2024",
            "2025",
            "2026",
            "2027",
        ]
