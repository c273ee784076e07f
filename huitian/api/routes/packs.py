"""Packs by place: what is on where, how much it is used, and what is said of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from huitian.api.asking import CursorParameter, PlaceParameter
from huitian.api.figures import top_of
from huitian.api.limits import limits_of
from huitian.api.pack_pages import board, panel_of, remarks
from huitian.api.problems import problems
from huitian.api.reader import Address, AnyReader, SignedIn, TheCity, same_site, signed_in
from huitian.api.wire.packs import (
    Counted,
    KeptRemark,
    PackBoard,
    PackRemark,
    PackSwitch,
    PackUses,
    RemarkList,
)
from huitian.base.stages import pack_named
from huitian.errors import CsrfMissing, KeyReused, NotFound, TooManyRequests, UnknownPlace

router = APIRouter(tags=["packs"])
PackId = Annotated[str, Path(max_length=60, description="Id of the pack.", examples=["mailbox"])]


@router.get("/v1/packs", responses=problems(UnknownPlace))
def list_packs(city: TheCity, reader: SignedIn, place: PlaceParameter = None) -> PackBoard:
    """Lists the packs in a place and in those directly below: off, in pilot or on, who decided, and how it is used.

    The nearest decision counts: that of the place itself, else of the place above; where nobody decided, what the
    pack declares.
    """
    return board(city, reader.scope, place, reader.lang)


@router.put("/v1/packs/{pack_id}/stage", responses=problems(NotFound, UnknownPlace, is_change=True))
def switch_pack(city: TheCity, reader: SignedIn, pack_id: PackId, switch: PackSwitch) -> PackBoard:
    """Decides whether a pack is off, in pilot or on in a place and all below.

    Saying the same again changes nothing. The answer shows the place with those directly below.
    """
    pack = pack_named(city.packs.packs, pack_id)
    city.stages.switch(reader.scope, pack, switch.place_id, switch.stage)
    return board(city, reader.scope, switch.place_id, reader.lang)


@router.post("/v1/pack-uses", status_code=202, responses=problems(is_change=True))
def count_uses(city: TheCity, reader: SignedIn, told: PackUses) -> Counted:
    """Counts the use of packs by place and day, without who it was.

    A screen sends it once and never again: a lost count is lost. Unknown packs are passed over.
    """
    place_id = top_of(city, reader.scope)
    ids = {pack.pack_id for pack in city.packs.packs}
    uses = {
        use.pack_id: (use.n_shown, use.n_acted)
        for use in told.uses
        if use.pack_id in ids and (use.n_shown or use.n_acted)
    }
    if place_id is None or not uses:
        return Counted(0)
    city.stages.count(place_id, uses)
    return Counted(len(uses))


@router.post(
    "/v1/packs/{pack_id}/feedback",
    status_code=201,
    responses=problems(NotFound, KeyReused, TooManyRequests, CsrfMissing, is_open=True),
    dependencies=[Depends(same_site)],
)
def remark_on_panel(
    city: TheCity, reader: AnyReader, request: Request, address: Address, pack_id: PackId, remark: PackRemark
) -> KeptRemark:
    """Says what one thinks of a panel: one word, and a sentence where one likes.

    Kept with the pack, the place and the day, never with the person. The same idempotency key keeps it once. Whoever
    is not signed in may say it of panels of the public page, from one address as often an hour as letters are taken.
    """
    pack = pack_named(city.packs.packs, pack_id)
    if reader.account is not None:
        signed_in(request, reader)
    if not panel_of(pack, remark.panel_id, None if reader.account else "public"):
        raise NotFound(entity="panel", object_id=remark.panel_id)
    if reader.account is None:
        limits_of(request).remarks.count(address)
    place_id = top_of(city, reader.scope)
    return KeptRemark(
        city.stages.remark(
            remark.idempotency_key, pack_id, remark.panel_id, place_id, remark.verdict, remark.words
        )
    )


@router.get("/v1/packs/{pack_id}/feedback", responses=problems(NotFound, UnknownPlace))
def list_remarks(
    city: TheCity, reader: SignedIn, pack_id: PackId, place: PlaceParameter = None, cursor: CursorParameter = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Remarks a page.")] = 100,
) -> RemarkList:  # fmt: skip
    """Lists what is said of a pack in a place and below, newest first, and how much it is used there by day."""
    return remarks(
        city, reader.scope, pack_named(city.packs.packs, pack_id), place, cursor, limit, reader.lang
    )
