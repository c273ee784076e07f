"""Panels: what the packs put on one end, as data."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from huitian.api.asking import PlaceParameter
from huitian.api.pack_pages import stages_for
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, TheCity
from huitian.api.wire.objects import Pack, PanelSet
from huitian.errors import UnknownPlace

router = APIRouter(tags=["panels"])
End = Literal["cockpit", "desk", "mobile", "public"]


@router.get("/v1/panels", responses=problems(UnknownPlace, is_open=True))
def list_panels(
    city: TheCity, reader: AnyReader, end: Annotated[End, Query(description="The end that asks.")],
    place: PlaceParameter = None,
) -> PanelSet:  # fmt: skip
    """Lists the panels of one end, in order of slot, with the packs they come from.

    Of a pack that is off in your place (or in the place you ask for) there is nothing. A panel says what to ask;
    what it shows is read by the reader's own permission.
    """
    stages = stages_for(city, reader.scope, place)
    panels = city.packs.panels(end, stages)
    own = {panel["pack_id"] for panel in panels}
    packs = [
        Pack(p.pack_id, p.title_zh, p.title_en, stages[p.pack_id])
        for p in city.packs.packs
        if p.pack_id in own
    ]
    return PanelSet(packs, list(panels), not city.settings.is_outside)
