"""The catalogue: what the data base can be asked for, and its rows."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from huitian.api.asking import (
    AtParameter,
    CursorParameter,
    PlaceParameter,
    SortParameter,
    WhereParameter,
    moment_of,
)
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.rows import catalogue_of, counts, table
from huitian.api.wire.rows import Counts, Entity, Rows
from huitian.errors import UnknownEntity, UnknownField, UnknownPlace

router = APIRouter(tags=["entities"])


@router.get("/v1/entities", responses=problems())
def list_entities(city: TheCity, reader: SignedIn) -> list[Entity]:
    """Lists the catalogue: every entity with its columns, and whether you may read its rows."""
    return catalogue_of(city.planner, reader.scope)


@router.get("/v1/entities/{entity}", responses=problems(UnknownEntity, UnknownField, UnknownPlace))
def read_entity_rows(
    city: TheCity, reader: SignedIn,
    entity: Annotated[str, Path(max_length=40, description="Name in the catalogue.", examples=["building"])],
    where: WhereParameter = [], sort: SortParameter = None,  # noqa: B006
    place: PlaceParameter = None, at: AtParameter = None, cursor: CursorParameter = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Rows a page.")] = 100,
) -> Rows:  # fmt: skip
    """Lists rows of one entity, filtered, sorted and masked by your lens.

    Columns that your lens masks cannot be filtered or sorted by: that would tell what the mask hides.
    """
    return table(
        city.planner, reader.scope, entity, place, moment_of(at, city.clock), where, sort, cursor, limit,
        city.settings.hotline_month_day,
    )  # fmt: skip


@router.get("/v1/entities/{entity}/counts", responses=problems(UnknownEntity, UnknownField, UnknownPlace))
def count_entity_rows(
    city: TheCity, reader: SignedIn,
    entity: Annotated[str, Path(max_length=40, description="Name in the catalogue.", examples=["building"])],
    by: Annotated[list[str], Query(min_length=1, max_length=2, description="One or two columns to count by.",
                                   examples=["state"])],
    where: WhereParameter = [],  # noqa: B006
    place: PlaceParameter = None, at: AtParameter = None,
) -> Counts:  # fmt: skip
    """Counts rows of one entity by one or two columns, filtered as its rows are.

    Persons and households are not counted here: their figures keep small counts back.
    """
    return counts(
        city.planner, reader.scope, entity, by, place, moment_of(at, city.clock), where,
        city.settings.hotline_month_day,
    )  # fmt: skip
