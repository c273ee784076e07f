"""Who asks: the dependencies of every route."""

import hashlib
from dataclasses import dataclass, replace
from typing import Annotated, cast

from fastapi import Depends, Request

from huitian.api.city import City
from huitian.api.doors import Doors
from huitian.api.language import language_of
from huitian.api.logs import REQUEST_ID
from huitian.api.sign_in import Account, SignIn, check_csrf, hash_of
from huitian.cases.letters import PUBLIC
from huitian.errors import CsrfMissing, Language, NotSignedIn
from huitian.model.scope import Origin, Scope

COOKIE = "huitian_session"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of one request.

    Attributes:
        scope: What every read is asked with; that of the public where nobody is signed in.
        account: Who is signed in; None where nobody is.
        csrf: CSRF token of the session; None where there is none.
        lang: Language of the answer.
        is_program: Whether it is a program with a token: no browser sends one by itself, so it needs no CSRF token.
    """

    scope: Scope
    account: Account | None
    csrf: str | None
    lang: Language
    is_program: bool = False


async def city_of(request: Request) -> City:
    """Return the city that this server serves."""
    return cast("City", request.app.state.city)


async def sign_in_of(request: Request) -> SignIn:
    """Return the sessions of this server."""
    return cast("SignIn", request.app.state.sign_in)


def any_reader(request: Request) -> Reader:
    """Return the reader, signed in or not.

    Raises:
        TokenRefused: It is a program whose token does not hold.
        NotAllowed: Its token is not for this.
    """
    lang = language_of(request.headers.get("accept-language", ""))
    doors = cast("Doors", request.app.state.doors)
    secret = bearer_of(request)
    if secret is not None:
        request.state.is_program = True
        account = doors.tokens.reader(secret, request.method, getattr(request.scope.get("route"), "tags", ()))
        request.state.user_id = account.user_id
        return Reader(informed(request, account.scope()), account, None, lang, is_program=True)
    token = request.cookies.get(COOKIE)
    found = request.app.state.sign_in.find(token)
    if found is not None and token is not None and doors.sessions.is_idle(hash_of(token)):
        request.app.state.sign_in.end(token)
        found = None
    if found is None:
        request.state.is_nobody = True
        return Reader(PUBLIC, None, None, lang)
    account, csrf = found
    request.state.user_id = account.user_id
    return Reader(informed(request, account.scope()), account, csrf, lang)


def informed(request: Request, scope: Scope) -> Scope:
    """Return a scope with the purposes that its reader stated, and from where it asks."""
    address = request.client.host if request.client else ""
    route = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
    origin = Origin(hashlib.sha256(address.encode()).hexdigest()[:16], route, REQUEST_ID.get() or "")
    city = cast("City", request.app.state.city)
    return replace(scope, purposes=city.purposes.live(scope), origin=origin)


def signed_in(request: Request, reader: Annotated[Reader, Depends(any_reader)]) -> Reader:
    """Return the reader who is signed in; of a changing request the CSRF token must be there.

    Raises:
        NotSignedIn: Nobody is.
        CsrfMissing: The token is missing or another.
    """
    if reader.account is None:
        raise NotSignedIn
    if request.method in UNSAFE and not reader.is_program:
        check_csrf(request.headers.get("x-csrf-token"), reader.csrf or "")
    return reader


def bearer_of(request: Request) -> str | None:
    """Return the token that a program carries; None where there is none, whatever else the header says."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


async def same_site(request: Request) -> None:
    """Refuse a changing request that a browser says another site made.

    Raises:
        CsrfMissing: It does.
    """
    if request.method in UNSAFE and request.headers.get("sec-fetch-site") == "cross-site":
        raise CsrfMissing


async def address_of(request: Request) -> str:
    """Return the address that limits are kept by."""
    return request.client.host if request.client else "unknown"


TheCity = Annotated[City, Depends(city_of)]
TheSignIn = Annotated[SignIn, Depends(sign_in_of)]
AnyReader = Annotated[Reader, Depends(any_reader)]
SignedIn = Annotated[Reader, Depends(signed_in)]
Address = Annotated[str, Depends(address_of)]
