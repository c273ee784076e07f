"""What is out of the ordinary, what is expected, and the days that bear on both."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from huitian.api.asking import AtParameter, PlaceParameter, moment_of, refused
from huitian.api.figures import BASES, figure_of, top_of
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, SignedIn, TheCity
from huitian.api.routes.numbers import OpenNumber
from huitian.api.wire.headlines import (
    CalendarDay,
    ForecastHour,
    HeadlineList,
    HeadlineShown,
    SourceShown,
    ToldFigure,
)
from huitian.errors import UnknownNumber, UnknownPlace
from huitian.indicators.forecast import MOST_HOURS
from huitian.indicators.headlines import Headline, Headlines
from huitian.model.query import Query as Rows

router = APIRouter(tags=["numbers"])
MOST_DAYS = 100


@router.get("/v1/headlines", responses=problems(UnknownPlace))
def list_headlines(
    city: TheCity, reader: SignedIn, place: PlaceParameter = None, at: AtParameter = None
) -> HeadlineList:
    """Lists what is out of the ordinary in a place, as sentences whose figures open.

    The counts of each watched figure since midnight, by value and by place below, are held against the same hours of
    like days of four weeks; what a usual day gives with less than the setting ``headline_chance`` is told.
    """
    least = float(city.settings.headline_chance)
    as_of = city.planner.instant_of(moment_of(at, city.clock))
    asked = place or top_of(city, reader.scope)
    spot = city.settings.hot_spot_least
    found = Headlines(city.indicators, least, spot).of(reader.scope, asked, as_of)
    return HeadlineList([shown(city, one) for one in found], as_of, least, spot)


def shown(city: TheCity, headline: Headline) -> HeadlineShown:
    """Return a headline with its figures as every end shows them."""
    base_zh, base_en = BASES[headline.base]
    definition, places = city.indicators.definition, city.planner.places
    figures = {
        name: ToldFigure(told.shows, figure_of(definition(told.number.number_id), told.number, places))
        for name, told in headline.figures.items()
    }
    return HeadlineShown(
        headline_id=headline.headline_id, number_id=headline.number_id, column=headline.column, value=headline.value,
        words_zh=headline.words_zh.replace("{base}", base_zh), words_en=headline.words_en.replace("{base}", base_en),
        figures=figures, base=headline.base, base_zh=base_zh, base_en=base_en, chance_ratio=headline.chance_ratio,
        n_usual=headline.n_usual, n_days=headline.n_days,
    )  # fmt: skip


@router.get("/v1/numbers/{number_id}/forecast", responses=problems(UnknownNumber, UnknownPlace))
def read_number_forecast(
    city: TheCity, reader: AnyReader, number_id: OpenNumber, place: PlaceParameter = None, at: AtParameter = None,
    hours: Annotated[int, Query(ge=1, le=MOST_HOURS, description="Hours after the running one.")] = 48,
) -> list[ForecastHour]:  # fmt: skip
    """Says what is to be expected in the coming hours: the mean of the same hours of eight weeks, with an 80 % band.

    Only counts of what happens, and no protected ones. It knows the calendar, not the weather and not the news.
    """
    asked = place or top_of(city, reader.scope)
    coming = city.indicators.forecast(reader.scope, number_id, asked, hours, moment_of(at, city.clock))
    return [
        ForecastHour(e.from_at, e.to_at, e.mean_value, e.low_value, e.high_value, e.n_hours) for e in coming
    ]


@router.get("/v1/calendar", responses=problems(is_open=True))
def list_calendar_days(
    city: TheCity,
    first: Annotated[date, Query(alias="from", description="First day.", examples=["2026-10-01"])],
    last: Annotated[date, Query(alias="to", description="Last day.", examples=["2026-10-07"])],
) -> list[CalendarDay]:
    """Lists days with what the statutory calendar says of them."""
    n_days = (last - first).days + 1
    if not 1 <= n_days <= MOST_DAYS:
        raise refused("to", f"应为起始日起 {MOST_DAYS} 天以内", f"at most {MOST_DAYS} days from the first on")
    calendar, found = city.indicators.calendar, []
    for n in range(n_days):
        day = first + timedelta(days=n)
        holiday = calendar.holiday(day)
        found.append(
            CalendarDay(
                day,
                not calendar.is_working_day(day),
                holiday.name_zh if holiday else None,
                holiday.name_en if holiday else None,
                holiday is not None and holiday.first_on == day,
                calendar.is_provisional(day),
            )
        )
    return found


@router.get("/v1/sources", responses=problems())
def list_sources(city: TheCity, reader: SignedIn) -> list[SourceShown]:
    """Lists the kinds of sources with what each last brought: no names of files, no rows.

    Every signed-in reader may know how old what they see is; the loads themselves are for those who look after them.
    """
    columns = ("kind", "state", "finished_at", "n_written", "n_rejected")
    query = Rows("load", columns=columns, sort=("-load_seq",), limit=10_000)
    by_kind: dict[str, SourceShown] = {}
    for row in city.planner.read(city.planner.system("load"), query).rows:
        before = by_kind.get(row["kind"])
        done_at = row["finished_at"] if row["state"] == "done" else None
        if before is None:
            by_kind[row["kind"]] = SourceShown(
                row["kind"], 1, row["state"], done_at, row["n_written"], row["n_rejected"]
            )
        else:
            by_kind[row["kind"]] = SourceShown(
                before.kind, before.n_loads + 1, before.state, before.loaded_at or done_at, before.n_written,
                before.n_rejected,
            )  # fmt: skip
    return sorted(by_kind.values(), key=lambda source: source.kind)
