"""Purposes: what is stated before a person's data is seen, and the homes that a purpose opens."""

from typing import Annotated

from fastapi import APIRouter, Path

from huitian.api.homes import home_page
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.audit import DeclaredPurpose, Home, Purposes, PurposeTaken, PurposeToTake
from huitian.errors import AuditUnwritten, NotFound, PurposeMissing, PurposeUnfit
from huitian.model.query import Row

router = APIRouter(tags=["purposes"])


@router.get("/v1/purposes", responses=problems())
def list_purposes(city: TheCity, reader: SignedIn) -> Purposes:
    """Lists the purposes that you may state, and those that you stated and that are not over."""
    declared = [
        DeclaredPurpose(
            one.purpose_id, one.title_zh, one.title_en, list(one.about), sorted(one.opens), one.most_min,
            one.needs_ticket, one.is_sensitive,
        )
        for one in city.purposes.of(reader.scope)
    ]  # fmt: skip
    return Purposes(declared, [taken_of(row) for row in city.purposes.rows(reader.scope)])


@router.post(
    "/v1/purposes/taken",
    status_code=201,
    responses=problems(NotFound, PurposeUnfit, AuditUnwritten, is_change=True),
)
def take_purpose(city: TheCity, reader: SignedIn, told: PurposeToTake) -> PurposeTaken:
    """States a purpose: for a case, a home or a place, for some minutes.

    Until then you see what it opens, and every look is in the audit. Stating the same again prolongs it.
    """
    row = city.purposes.take(
        reader.scope, told.purpose, told.about, told.about_id, told.minutes, told.ticket.strip(),
        is_confirmed=told.is_confirmed,
    )  # fmt: skip
    return taken_of(row)


@router.delete(
    "/v1/purposes/taken/{taking_id}",
    status_code=204,
    responses=problems(NotFound, AuditUnwritten, is_change=True),
)
def end_purpose(
    city: TheCity, reader: SignedIn, taking_id: Annotated[str, Path(max_length=40, description="Its number.")]
) -> None:
    """Ends a purpose before its time; the masks are back at once. Ending it again changes nothing."""
    city.purposes.end(reader.scope, taking_id)


@router.get("/v1/homes/{dwelling_id}", responses=problems(NotFound, PurposeMissing, AuditUnwritten))
def read_home(
    city: TheCity,
    reader: SignedIn,
    dwelling_id: Annotated[
        str, Path(max_length=120, description="Inner id of the home.", examples=["9901140010010001-1-0101"])
    ],
) -> Home:
    """Shows who lives in a home. It needs a purpose that is stated about it or its place, and each look is recorded."""
    return home_page(city, reader.scope, dwelling_id)


def taken_of(row: Row) -> PurposeTaken:
    """Return a stated purpose as screens show it."""
    return PurposeTaken(
        row["taking_id"], row["purpose_id"], row["ticket"] or "", row["about_entity"], row["about_id"],
        row["taken_at"], row["until_at"],
    )  # fmt: skip
