"""Signing in and out."""

from typing import cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from huitian.api.city import DemoAccount
from huitian.api.lanes import lanes_of
from huitian.api.language import language_of
from huitian.api.live import Live
from huitian.api.oidc import Oidc
from huitian.api.problems import problems
from huitian.api.reader import COOKIE, Address, AnyReader, Reader, SignedIn, TheCity, TheSignIn, same_site
from huitian.api.sign_in import SignIn, check_csrf, hash_of
from huitian.api.wire.session import ActingChoice, ActingSet, Credentials, DemoUser, Session, User
from huitian.base.account_names import called
from huitian.base.planner import Planner
from huitian.errors import (
    CsrfMissing,
    GrantNotPossible,
    InvalidInput,
    Language,
    NoGrant,
    ServerBusy,
    TooManyRequests,
    WrongPassword,
)
from huitian.model.grant import Acting
from huitian.model.query import Condition, Query

router = APIRouter(tags=["session"], dependencies=[Depends(same_site)])
LONGEST_PASSWORD = 1024


@router.get("/v1/session", responses=problems(is_open=True))
def read_session(city: TheCity, reader: AnyReader, request: Request) -> Session:
    """Tells who is signed in.

    Screens ask this first: it gives the CSRF token of the session and, in the demo city only, the accounts to
    try with their passwords. Without a session ``user`` and ``csrf`` are null.
    """
    demo = city.demo
    shown = [] if demo is None else [demo_user(u, demo.password, reader.lang) for u in demo.users]
    is_oidc = cast("Oidc", request.app.state.doors.oidc).is_on
    return Session(user_of(city.planner, reader), reader.csrf, demo is not None, shown, is_oidc)


@router.post(
    "/v1/session",
    responses=problems(WrongPassword, NoGrant, TooManyRequests, ServerBusy, CsrfMissing, is_open=True),
)
async def start_session(
    city: TheCity,
    sign_in: TheSignIn,
    who: Credentials,
    response: Response,
    request: Request,
    address: Address,
) -> Session:
    """Signs in.

    Sets the cookie ``huitian_session`` (HttpOnly, SameSite=Strict) and tells the CSRF token. After some wrong
    passwords in a row the account is locked for this address for a while.
    """
    if len(who.password) > LONGEST_PASSWORD or len(who.user_name) > LONGEST_PASSWORD:
        raise InvalidInput(field="password", why="it is too long", why_zh="太长", why_en="it is too long")
    agent = request.headers.get("user-agent", "")
    started = await lanes_of(request).passwords.run(
        sign_in.start, who.user_name, who.password, address, agent
    )
    await run_in_threadpool(end_here, sign_in, request)
    settings = city.settings
    response.set_cookie(
        COOKIE, started.token, max_age=settings.session_hours * 3600, path="/", httponly=True, samesite="strict",
        secure=settings.is_https,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    lang = language_of(request.headers.get("accept-language", ""))
    reader = Reader(started.account.scope(), started.account, started.csrf, lang)
    user = await run_in_threadpool(user_of, city.planner, reader)
    return Session(user, started.csrf, city.demo is not None, [])


@router.put("/v1/session/acting", responses=problems(GrantNotPossible))
def act_as(
    city: TheCity, sign_in: TheSignIn, reader: SignedIn, request: Request, wanted: ActingChoice
) -> Session:
    """Picks the grants that this session acts under, of those that the account has.

    They are of one role, one lens and one organisation; streams that are open end and begin again. Idempotent.
    """
    token = request.cookies.get(COOKIE, "")
    account = sign_in.act_as(token, wanted.acting)
    cast("Live", request.app.state.live).look_again(frozenset({account.user_id}))
    found = Reader(account.scope(), account, reader.csrf, reader.lang)
    return Session(user_of(city.planner, found), reader.csrf, city.demo is not None, [])


@router.delete("/v1/session", status_code=204, responses=problems(CsrfMissing, is_open=True))
def end_session(sign_in: TheSignIn, reader: AnyReader, request: Request, response: Response) -> None:
    """Signs out.

    Idempotent: without a session there is nothing to end.
    """
    if reader.csrf is not None:
        check_csrf(request.headers.get("x-csrf-token"), reader.csrf)
        end_here(sign_in, request)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def end_here(sign_in: SignIn, request: Request) -> None:
    """End the session of a request, with the streams that it opened."""
    token = request.cookies.get(COOKIE)
    if token:
        sign_in.end(token)
        cast("Live", request.app.state.live).sign_out(hash_of(token))


def demo_user(user: DemoAccount, password: str, lang: Language) -> DemoUser:
    """Return an account to try, as screens show it."""
    who = called(user.display_name, user.name_en, lang)
    return DemoUser(user.user_name, who.name or "", user.role, password, who.name_zh)


def user_of(planner: Planner, reader: Reader) -> User | None:
    """Return the signed-in account with the names of its organisation and place."""
    account = reader.account
    if account is None:
        return None
    scope = account.scope()
    org_name = None
    if scope.org_id is not None:
        query = Query(
            "organisation", (Condition("org_id", "eq", scope.org_id),), columns=("name", "name_en"), limit=2
        )
        rows = planner.read(planner.system("organisation"), query).rows
        org_name = (
            ((rows[0]["name_en"] if reader.lang == "en" else None) or rows[0]["name"]) if rows else None
        )
    place = planner.places.by_id.get(scope.place_id or "")
    role = planner.roles.of(scope.role)
    who = called(account.display_name, account.name_en, reader.lang)
    return User(
        account.user_id, account.user_name, who.name or "", scope.role, scope.lens, scope.org_id, org_name,
        scope.place_id, place.called(reader.lang) if place else None, account.acting.key,
        [acting_set(planner, one, reader.lang) for one in account.sets], sorted(role.administers), sorted(role.reads),
        list(role.acts_as), who.name_zh,
    )  # fmt: skip


def acting_set(planner: Planner, acting: Acting, lang: Language) -> ActingSet:
    """Return grants that an account may act under, as screens show them."""
    scope, role = acting.scope, planner.roles.of(acting.scope.role)
    places = [
        planner.places.by_id[one].called(lang) for one in scope.place_ids or () if one in planner.places.by_id
    ]
    return ActingSet(
        acting.key, scope.role, role.title_zh or scope.role, role.title_en or scope.role, scope.lens, scope.org_id,
        list(scope.place_ids or ()), places, acting.ends_at,
    )  # fmt: skip
