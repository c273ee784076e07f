"""Panels: what the packs put on one end, as data."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from huitian.api.problems import problems
from huitian.api.reader import TheCity
from huitian.api.wire.objects import Pack, PanelSet

router = APIRouter(tags=["panels"])
End = Literal["cockpit", "desk", "mobile", "public"]


@router.get("/v1/panels", responses=problems(is_open=True))
def list_panels(city: TheCity, end: Annotated[End, Query(description="The end that asks.")]) -> PanelSet:
    """Lists the panels of one end, in order of slot, with the packs they come from.

    A panel says what to ask; what it shows is read by the reader's own permission.
    """
    panels = city.packs.panels(end)
    own = {panel["pack_id"] for panel in panels}
    packs = [Pack(p.pack_id, p.title_zh, p.title_en, p.stage) for p in city.packs.packs if p.pack_id in own]
    return PanelSet(packs, list(panels))
