"""Accounts and grants: who may see and do what where, until when."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from huitian.api.accounts import granting_of
from huitian.api.asking import PlaceParameter, refused
from huitian.api.people_pages import duty_list, own_grants, shown, user_list, wanted_of
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.people import (
    DutyList,
    GrantCard,
    GrantChange,
    GrantRevocation,
    NewGrant,
    OwnGrants,
    UserList,
)
from huitian.errors import GrantNotPossible, KeyReused, NotFound, StaleVersion, UnknownPlace

router = APIRouter(tags=["people"])
GrantId = Annotated[str, Path(max_length=120, description="Id of the grant.")]


@router.get("/v1/users", responses=problems())
def list_users(
    city: TheCity, reader: SignedIn,
    find: Annotated[str, Query(max_length=64, description="Part of a name.")] = "",
    limit: Annotated[int, Query(ge=1, le=2000, description="Accounts at most.")] = 500,
) -> UserList:  # fmt: skip
    """Lists accounts with their grants, for administrators and auditors, as far as their place goes."""
    return user_list(city, reader.scope, find, limit, reader.lang)


@router.get("/v1/grants", responses=problems())
def list_grants(city: TheCity, reader: SignedIn) -> OwnGrants:
    """Lists your own grants that are in force, and what you passed on of them."""
    return own_grants(city, reader.scope, reader.lang)


@router.get("/v1/duty", responses=problems(UnknownPlace))
def list_duty(
    city: TheCity, reader: SignedIn, place: PlaceParameter = None,
    at: Annotated[datetime | None, Query(description="Instant with a time zone; left out: now.")] = None,
) -> DutyList:  # fmt: skip
    """Lists who is on duty in a place and below at an instant, and what each can do."""
    if at is not None and at.tzinfo is None:
        raise refused("at", "缺时区", "it has no time zone")
    return duty_list(city, reader.scope, place, at, reader.lang)


@router.post("/v1/grants", status_code=201, responses=problems(GrantNotPossible, KeyReused, is_change=True))
def add_grant(city: TheCity, reader: SignedIn, told: NewGrant) -> GrantCard:
    """Gives an account or a post a role in a place, as an administrator. The same key gives one grant.

    Nobody gives one outside his own place, nor to himself.
    """
    grant = granting_of(city).add(reader.scope, wanted_of(city, told))
    return shown(city, reader.scope, grant, reader.lang)


@router.post(
    "/v1/grants/{grant_id}/delegations", status_code=201,
    responses=problems(GrantNotPossible, KeyReused, NotFound, is_change=True),
)  # fmt: skip
def delegate_grant(city: TheCity, reader: SignedIn, grant_id: GrantId, told: NewGrant) -> GrantCard:
    """Passes on a part of a grant of yours until a day. The same key passes it on once.

    The same or a smaller place, the same or a lower lens, your role or one that it may give; it ends with yours.
    """
    grant = granting_of(city).delegate(reader.scope, grant_id, wanted_of(city, told))
    return shown(city, reader.scope, grant, reader.lang)


@router.put(
    "/v1/grants/{grant_id}", responses=problems(NotFound, StaleVersion, GrantNotPossible, is_change=True)
)
def change_grant(city: TheCity, reader: SignedIn, grant_id: GrantId, told: GrantChange) -> GrantCard:
    """Changes until when a grant holds and what it is for; what was passed on of it ends with it at the latest.

    Whoever saw an older version is told what changed.
    """
    grant = granting_of(city).change(
        reader.scope, grant_id, told.expected_version, told.expires_at, told.purpose
    )
    return shown(city, reader.scope, grant, reader.lang)


@router.post("/v1/grants/{grant_id}/revocation", responses=problems(NotFound, StaleVersion, is_change=True))
def revoke_grant(city: TheCity, reader: SignedIn, grant_id: GrantId, told: GrantRevocation) -> GrantCard:
    """Takes a grant back, with all that was passed on of it; open streams that rest on it end. Idempotent."""
    grant = granting_of(city).revoke(reader.scope, grant_id, told.expected_version)
    return shown(city, reader.scope, grant, reader.lang)
