"""Buildings."""

from typing import Annotated

from fastapi import APIRouter, Path

from huitian.api.building_pages import building_page
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, TheCity
from huitian.api.wire.objects import BuildingPage
from huitian.errors import NotFound

router = APIRouter(tags=["buildings"])
BuildingId = Annotated[str, Path(max_length=100, description="Its code.", examples=["9901140010010001"])]


@router.get("/v1/buildings/{building_id}", responses=problems(NotFound))
def read_building(
    city: TheCity,
    reader: AnyReader,
    building_id: BuildingId,
) -> BuildingPage:
    """Shows a building: facts, units, floors and homes with their cases, as far as your role lets you look inside.

    Where homes above one another share a trouble that hardly anybody else has, ``riser`` proposes them.
    """
    return building_page(city, reader.scope, building_id, reader.lang)
