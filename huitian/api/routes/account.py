"""One's own account: sessions, tokens, the password; of others for who looks after accounts."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool

from huitian.api.city import City
from huitian.api.doors import Doors
from huitian.api.lanes import lanes_of
from huitian.api.own_password import change_password, has_password, user_id_named
from huitian.api.problems import problems
from huitian.api.reader import COOKIE, Address, Reader, SignedIn, TheCity, same_site
from huitian.api.sign_in import Account
from huitian.api.tokens import SUBJECTS, Token, Wanted
from huitian.api.wire.account import (
    Account as AccountShown,
)
from huitian.api.wire.account import (
    PasswordChange,
    SessionsEnded,
    SessionShown,
    TokenMade,
    TokenShown,
    TokenWanted,
)
from huitian.errors import NotAllowed, NotFound, ServerBusy, TooManyRequests, WrongPassword

router = APIRouter(tags=["account"], dependencies=[Depends(same_site)])
OfUser = Annotated[
    str | None, Query(max_length=64, description="Account; only for who looks after accounts. Else your own.")
]
SessionId = Annotated[str, Path(max_length=40, description="The session.", examples=["0c5b2a9d4e7f1a6b8c3d"])]
TokenId = Annotated[str, Path(max_length=40, description="The token.", examples=["t-4f1d0c2a9b7e6f5d"])]


def doors_of(request: Request) -> Doors:
    """Return the doors of this server."""
    return cast("Doors", request.app.state.doors)


TheDoors = Annotated[Doors, Depends(doors_of)]


@router.get("/v1/account", responses=problems())
def read_account(city: TheCity, reader: SignedIn) -> AccountShown:
    """Tells what your account may have: how long sessions and tokens last, what a password needs."""
    settings = city.settings
    return AccountShown(
        settings.min_password_chars, settings.session_hours, settings.session_idle_min, settings.token_most_days,
        list(SUBJECTS), has_password(city, account_in(reader).user_id),
    )  # fmt: skip


@router.get("/v1/sessions", responses=problems(NotFound))
def list_sessions(
    city: TheCity, doors: TheDoors, reader: SignedIn, request: Request, user_name: OfUser = None
) -> list[SessionShown]:
    """Lists the open sessions of your account, the newest first: when, from where, with which browser."""
    user_id = whose(city, reader, user_name)
    return [
        SessionShown(s.session_id, s.began_at, s.seen_at, s.ends_at, s.address, s.browser, s.is_this)
        for s in doors.sessions.of(user_id, request.cookies.get(COOKIE))
    ]


@router.delete("/v1/sessions", responses=problems(NotFound, is_change=True))
def end_sessions(
    city: TheCity, doors: TheDoors, reader: SignedIn, request: Request, user_name: OfUser = None,
    keep_this: Annotated[bool, Query(description="Whether the session that asks goes on.")] = True,
) -> SessionsEnded:  # fmt: skip
    """Ends all sessions of your account; idempotent. Their streams end within seconds."""
    user_id = whose(city, reader, user_name)
    kept = request.cookies.get(COOKIE) if keep_this else None
    return SessionsEnded(doors.sessions.end(reader.scope, user_id, None, kept))


@router.delete("/v1/sessions/{session_id}", status_code=204, responses=problems(NotFound, is_change=True))
def end_one_session(
    city: TheCity, doors: TheDoors, reader: SignedIn, session_id: SessionId, user_name: OfUser = None
) -> None:
    """Ends one session of your account. A session that is over is not found."""
    doors.sessions.end(reader.scope, whose(city, reader, user_name), session_id)


@router.post(
    "/v1/password", status_code=204,
    responses=problems(WrongPassword, TooManyRequests, ServerBusy, is_change=True),
)  # fmt: skip
async def change_own_password(
    city: TheCity,
    doors: TheDoors,
    reader: SignedIn,
    request: Request,
    address: Address,
    change: PasswordChange,
) -> None:
    """Changes your password; all other sessions of your account end."""
    account = account_in(reader)
    lane = lanes_of(request).passwords
    await lane.run(change_password, city, account, change.old_password, change.new_password, address)
    kept = request.cookies.get(COOKIE)
    await run_in_threadpool(doors.sessions.end, reader.scope, account.user_id, None, kept)


@router.get("/v1/tokens", responses=problems(NotFound))
def list_tokens(
    city: TheCity, doors: TheDoors, reader: SignedIn, user_name: OfUser = None
) -> list[TokenShown]:
    """Lists the tokens of your account, the newest first, those revoked too; never what programs carry."""
    return [token_shown(city, one) for one in doors.tokens.of(whose(city, reader, user_name))]


@router.post("/v1/tokens", status_code=201, responses=problems(is_change=True))
def add_token(city: TheCity, doors: TheDoors, reader: SignedIn, wanted: TokenWanted) -> TokenMade:
    """Makes a token for a program. Not idempotent.

    It reads what you may read with the grants you act under now, narrowed to its places, lens, methods and subjects,
    and ends when these grants do: what you are given later, be it the same again, is nothing to it. The program sends
    ``Authorization: Bearer`` and needs no CSRF token.
    """
    places = [*([] if wanted.place_id is None else [wanted.place_id]), *wanted.other_place_ids]
    asked = Wanted(
        wanted.title, wanted.days, wanted.lens, tuple(dict.fromkeys(places)), tuple(wanted.methods),
        tuple(wanted.subjects), wanted.is_own_role,
    )  # fmt: skip
    secret, made = doors.tokens.add(account_in(reader), asked)
    return TokenMade(secret, token_shown(city, made))


@router.delete("/v1/tokens/{token_id}", status_code=204, responses=problems(NotFound, is_change=True))
def revoke_token(
    city: TheCity, doors: TheDoors, reader: SignedIn, token_id: TokenId, user_name: OfUser = None
) -> None:
    """Revokes a token: the next request with it is refused. Idempotent; it stays listed."""
    doors.tokens.revoke(reader.scope, token_id, whose(city, reader, user_name))


def account_in(reader: Reader) -> Account:
    """Return the account of a reader who is signed in."""
    assert reader.account is not None  # noqa: S101 (SignedIn says so)
    return reader.account


def whose(city: City, reader: Reader, user_name: str | None) -> str:
    """Return the account that is asked about: the own one, or another for who looks after accounts.

    Raises:
        NotAllowed: It is that of another, and the role does not look after accounts.
        NotFound: There is no account of that name.
    """
    own = account_in(reader)
    if user_name is None or user_name.strip().casefold() == own.user_name:
        return own.user_id
    if (
        "users" not in city.planner.roles.of(reader.scope.role).administers
        or reader.scope.place_id is not None
    ):
        raise NotAllowed(why="users", why_zh="这是别人的账号", why_en="it is the account of another")
    return user_id_named(city, user_name)


def token_shown(city: City, token: Token) -> TokenShown:
    """Return a token as it is shown."""
    by_id = city.planner.places.by_id
    places = [by_id[one].name for one in (token.place_id, *token.other_place_ids) if one in by_id]
    state = "revoked" if token.revoked_at else "expired" if token.expires_at <= city.clock.now() else "active"
    return TokenShown(
        token.token_id, token.prefix, token.title, token.role, token.lens, token.place_id,
        "、".join(places) or None, token.other_place_ids, token.methods, token.subjects,
        token.created_at, token.expires_at, token.used_at, token.revoked_at, state,  # type: ignore[arg-type]
    )  # fmt: skip
