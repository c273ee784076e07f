"""Single values, as Chinese offices write them."""

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.clock import SHANGHAI
from huitian.ingest import values as read
from huitian.sources.rows import Fault

NOON = datetime(2024, 1, 5, 4, 0, tzinfo=UTC)


def reason(value: object) -> str:
    assert isinstance(value, Fault)
    return value.reason_code


@pytest.mark.parametrize(
    "words",
    [
        "2024-01-05 12:00", "2024/1/5 12:00:00", "2024年1月5日 12时00分", "20240105 12:00", "2024.1.5 12:00",
        "２０２４-０１-０５　１２：００",
        "2024-01-05T12:00:00+08:00", "2024-01-05T04:00:00Z", "2024-01-05 12:00:00.000",
    ],
)  # fmt: skip
def test_an_instant_in_every_usual_form(words: str) -> None:
    assert read.instant("at", words) == NOON


@pytest.mark.parametrize(
    "words", ["", "昨天", "2024-13-01", "2024-02-30", "2024-01-05 25:00", "05/01/2024", "2024-01-05 noon"]
)
def test_what_is_no_instant(words: str) -> None:
    assert reason(read.instant("at", words)) == "bad_date"


def test_a_date_is_a_day_in_shanghai() -> None:
    assert read.day("on", "2024-01-04T20:00:00Z") == date(2024, 1, 5)
    assert read.instant("at", "2024-01-05") == datetime(2024, 1, 4, 16, tzinfo=UTC)
    assert read.day("on", 20240105) == date(2024, 1, 5)


def test_formats_of_a_mapping_come_before_the_usual_ones() -> None:
    assert read.day("on", "05/01/2024", ("%d/%m/%Y",)) == date(2024, 1, 5)
    assert reason(read.day("on", "2024-01-05", ("%d/%m/%Y",))) == "bad_date"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1,234.50", 1234.5), ("１２．５", 12.5), (" -3 ", -3.0), (7, 7.0), ("1e3", 1000.0), (".5", 0.5)],
)
def test_numbers(raw: Any, value: float) -> None:
    assert read.real("n", raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1,234,567.5", 1234567.5), ("１，２３４．５０", 1234.5), ("-12,345", -12345.0), ("1 234.5", 1234.5)],
)
def test_thousands(raw: str, value: float) -> None:
    assert read.real("n", raw) == value


@pytest.mark.parametrize("raw", [
    "116,35", "１１６，３５", "1,23,456", "1234,567", "1,234,56", ",5", "1.234,5", "116 35", "1,234 567",
])  # fmt: skip
def test_a_comma_is_never_a_decimal_sign(raw: str) -> None:
    assert reason(read.real("n", raw)) == "not_a_number"
    assert reason(read.integer("n", raw)) == "not_a_number"


@pytest.mark.parametrize(
    ("raw", "code"),
    [("六", "not_a_number"), ("", "not_a_number"), ("-", "not_a_number"), ("1.2.3", "not_a_number"),
     ("NaN", "not_finite"), (float("inf"), "not_finite"), ("1e999", "not_finite"), (10**400, "not_finite"),
     (True, "not_a_number"), ([1], "not_a_number")],
)  # fmt: skip
def test_what_is_no_number(raw: Any, code: str) -> None:
    assert reason(read.real("n", raw)) == code


def test_whole_numbers() -> None:
    assert read.integer("n", "12.0") == 12
    assert read.integer("n", 12) == 12
    assert reason(read.integer("n", "12.5")) == "not_a_number"
    assert reason(read.integer("n", 2**63)) == "not_a_number"


def test_yes_and_no() -> None:
    assert read.boolean("is", "是") is True
    assert read.boolean("is", "无") is False
    assert reason(read.boolean("is", "也许")) == "unknown_code"


def test_text_keeps_what_can_be_seen() -> None:
    assert read.text("\u3000\xa0两行\r\n文字\x00 \n") == "两行\n文字"
    assert read.text(110114011.0) == "110114011"
    assert len(read.shown("长" * 500)) == 80


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read_back(value: float) -> None:
    assert read.real("n", repr(value)) == value


@given(st.datetimes(timezones=st.just(SHANGHAI)).filter(lambda at: 1991 < at.year < 2100))
def test_every_civil_time_is_read_back(at: datetime) -> None:
    said = at.replace(tzinfo=None).isoformat(sep=" ")
    assert read.instant("at", said) == at.astimezone(UTC)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.lists(st.integers())))
def test_no_value_breaks_a_reader(raw: Any) -> None:
    for reader in (read.real, read.integer, read.boolean, read.day, read.instant):
        found = reader("field", raw)
        assert isinstance(found, Fault | float | int | bool | date | datetime)
        assert not isinstance(found, float) or math.isfinite(found)
