"""Days off and days moved, by year: the data of the statutory calendar and its reader.

The data file ``statutory_days.toml`` says in its head how it is written and where each year comes from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from huitian.errors import CalendarInvalid

_STATUTORY = Path(__file__).with_name("statutory_days.toml")
_YEAR_KEYS = frozenset({"status", "source_zh", "source_en", "source_url", "holidays", "working"})
_HOLIDAY_KEYS = frozenset({"name_zh", "name_en", "days"})
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """A festival of one year; both days are off, as is every day between them.

    Attributes:
        name_zh: 春节.
        name_en: Spring Festival.
        first_on: First day off.
        last_on: Last day off.
    """

    name_zh: str
    name_en: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What one year has beyond the week.

    Attributes:
        year: The year.
        is_provisional: True before the yearly notice: moved days are not known.
        holidays: Holiday by day off.
        working: Saturdays and Sundays that are worked.
        source_zh: Notice or regulation, in Chinese.
        source_en: The same in English.
        source_url: Where it was published; empty where not known.
    """

    year: int
    is_provisional: bool
    holidays: Mapping[date, Holiday]
    working: frozenset[date]
    source_zh: str
    source_en: str
    source_url: str = ""


def read_years(folder: Path | None = None) -> dict[int, CalendarYear]:
    """Returns the years of the statutory calendar, those of a city's own files in place of ours.

    Args:
        folder: Folder with ``*.toml`` of a city; ``None`` or a folder that does not exist gives ours alone.

    Raises:
        CalendarInvalid: A file is not TOML, a key is unknown or missing, a day is outside its year, in two
            holidays, both off and worked, or a worked day is no weekend; or two files of the city name one
            year.
    """
    years = _read_file(_STATUTORY)
    own: dict[int, CalendarYear] = {}
    for path in sorted(folder.glob("*.toml")) if folder is not None else ():
        for number, year in _read_file(path).items():
            if number in own:
                raise CalendarInvalid(
                    file_name=path.name, why=f"the year {number} is in another file already"
                )
            own[number] = year
    return {**years, **own}


def _read_file(path: Path) -> dict[int, CalendarYear]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        _expect(tables, frozenset({"year"}), "the file")
        return {int(name): _read_year(int(name), rows) for name, rows in tables["year"].items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CalendarInvalid(file_name=path.name, why=str(error)) from error


def _read_year(number: int, rows: dict[str, Any]) -> CalendarYear:
    _expect(rows, _YEAR_KEYS, f"the year {number}", may_miss=frozenset({"source_url"}))
    if rows["status"] not in ("official", "provisional"):
        msg = f"the status of {number} is official or provisional, not {rows['status']!r}"
        raise ValueError(msg)
    holidays: dict[date, Holiday] = {}
    for row in rows["holidays"]:
        _expect(row, _HOLIDAY_KEYS, f"a holiday of {number}")
        days = _span(row["days"], number)
        holiday = Holiday(row["name_zh"], row["name_en"], days[0], days[-1])
        for day in days:
            if day in holidays:
                msg = f"{day} is in two holidays"
                raise ValueError(msg)
            holidays[day] = holiday
    working = frozenset(day for text in rows["working"] for day in _span(text, number))
    for day in sorted(working):
        if day in holidays or day.weekday() < _SATURDAY:
            msg = f"{day} cannot be a moved working day: it is " + (
                "off" if day in holidays else "no weekend"
            )
            raise ValueError(msg)
    return CalendarYear(
        number,
        rows["status"] == "provisional",
        holidays,
        working,
        rows["source_zh"],
        rows["source_en"],
        rows.get("source_url", ""),
    )


def _expect(
    rows: Mapping[str, Any], keys: frozenset[str], where: str, may_miss: Iterable[str] = frozenset()
) -> None:
    unknown, missing = sorted(rows.keys() - keys), sorted(keys - rows.keys() - set(may_miss))
    if unknown or missing:
        said = [f"{name} is unknown" for name in unknown] + [f"{name} is missing" for name in missing]
        msg = f"{where}: {', '.join(said)}"
        raise ValueError(msg)


def _span(text: str, year: int) -> list[date]:
    first, _, last = text.partition("..")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if not (begin <= end and begin.year == end.year == year):
        msg = f"{text} is not a span of days within {year}"
        raise ValueError(msg)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
