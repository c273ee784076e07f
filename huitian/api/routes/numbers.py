"""Numbers that open: definition, figure, rows, units, series."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from huitian.api.asking import (
    AtParameter,
    CursorParameter,
    PlaceParameter,
    cursor_of,
    moment_of,
    next_cursor,
    question_of,
)
from huitian.api.figures import figure_of, point_of, terms_of, top_of
from huitian.api.pack_pages import is_shown
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, TheCity
from huitian.api.rows import columns_of
from huitian.api.wire.numbers import Figure, NumberTerms, SeriesPoint, UnitFigure
from huitian.api.wire.rows import Column, Rows
from huitian.base.entities import ENTITIES
from huitian.errors import CutNotDeclared, UnknownNumber, UnknownPlace
from huitian.indicators.steps import MOST_STEPS, StepGrain

router = APIRouter(tags=["numbers"])
NumberId = Annotated[
    str, Path(max_length=100, description="Id of the definition.", examples=["overview.cases_open"])
]
POINTS = Column("points", "text", "计入", "Counts as", "")


def open_number(city: TheCity, reader: AnyReader, number_id: NumberId) -> str:
    """Return the id of a figure that may be asked for.

    Raises:
        UnknownNumber: It belongs to an installed pack that is off in the reader's place.
    """
    if not is_shown(city, reader.scope, number_id):
        raise UnknownNumber(number_id=number_id)
    return number_id


OpenNumber = Annotated[str, Depends(open_number)]


@router.get("/v1/numbers", responses=problems(is_open=True))
def list_numbers(city: TheCity, reader: AnyReader) -> list[NumberTerms]:
    """Lists the definitions of all figures, in order of id; without those of installed packs that are off here."""
    told = city.indicators.definitions()
    return [terms_of(one) for one in told if is_shown(city, reader.scope, one.number_id)]


@router.get("/v1/numbers/{number_id}", responses=problems(UnknownNumber, UnknownPlace, CutNotDeclared))
def read_number(
    city: TheCity,
    reader: AnyReader,
    number_id: OpenNumber,
    place: PlaceParameter = None,
    at: AtParameter = None,
) -> Figure:
    """Measures a figure for a place at an instant.

    The same question under the same lens gives the same figure on every end. Where there is no value, ``state``
    says why; it is never 0 for unknown.
    """
    asked = place or top_of(city, reader.scope)
    number = city.indicators.measure(reader.scope, number_id, asked, moment_of(at, city.clock))
    return figure_of(city.indicators.definition(number_id), number, city.planner.places)


@router.get("/v1/numbers/{number_id}/rows", responses=problems(UnknownNumber, UnknownPlace, CutNotDeclared))
def read_number_rows(
    city: TheCity, reader: AnyReader, number_id: OpenNumber, place: PlaceParameter = None, at: AtParameter = None,
    cursor: CursorParameter = None, limit: Annotated[int, Query(ge=1, le=1000, description="Rows a page.")] = 100,
) -> Rows:  # fmt: skip
    """Lists the rows behind a figure.

    There are as many as the figure's ``n``, and their ``points`` add up to its numerator (its value, for a count
    or sum). A protected figure opens to its units, never to rows.
    """
    definition = city.indicators.definition(number_id)
    asked = place or top_of(city, reader.scope)
    question = question_of("number", number_id, asked, at, limit, reader.scope)
    start = cursor_of(cursor, question)
    as_of = start.as_of or city.planner.instant_of(moment_of(at, city.clock))
    page = city.indicators.rows(reader.scope, number_id, asked, as_of, limit, start.offset)
    allowed = city.planner.allow(reader.scope, definition.entity, asked, at=as_of)
    columns = [*columns_of(ENTITIES[definition.entity], allowed), POINTS]
    names = [column.name for column in columns]
    rows: list[Mapping[str, Any]] = [{name: row.get(name) for name in names} for row in page.rows]
    return Rows(
        columns,
        rows,
        page.n_total,
        next_cursor(question, start.offset, len(rows), page.n_total, as_of),
        as_of,
    )


@router.get("/v1/numbers/{number_id}/units", responses=problems(UnknownNumber, UnknownPlace, CutNotDeclared))
def read_number_units(
    city: TheCity,
    reader: AnyReader,
    number_id: OpenNumber,
    place: PlaceParameter = None,
    at: AtParameter = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Pass over so many places.")] = 0,
    limit: Annotated[int | None, Query(ge=1, le=5000, description="At most so many; absent is all.")] = None,
) -> list[UnitFigure]:
    """Measures the figure for each place directly below, in order of rank, as ``GET /v1/places?parent=`` lists them."""
    definition = city.indicators.definition(number_id)
    places = city.planner.places
    units = city.indicators.units(
        reader.scope, number_id, place or top_of(city, reader.scope), moment_of(at, city.clock)
    )
    return [
        UnitFigure(below.place_id, below.name, below.name_en, figure_of(definition, number, places))
        for below, number in units[offset : None if limit is None else offset + limit]
    ]


@router.get("/v1/numbers/{number_id}/series", responses=problems(UnknownNumber, UnknownPlace, CutNotDeclared))
def read_number_series(
    city: TheCity, reader: AnyReader, number_id: OpenNumber, place: PlaceParameter = None, at: AtParameter = None,
    grain: Annotated[StepGrain, Query(description="Length of a step, whole in Asia/Shanghai.")] = "day",
    n: Annotated[int, Query(ge=1, le=MOST_STEPS, description="Steps.")] = 30,
) -> list[SeriesPoint]:  # fmt: skip
    """Measures the figure over the last steps, oldest first; the last one may still be running."""
    definition = city.indicators.definition(number_id)
    asked = place or top_of(city, reader.scope)
    points = city.indicators.series(reader.scope, number_id, asked, grain, n, moment_of(at, city.clock))
    return [point_of(definition, point, asked, city.planner.places) for point in points]
