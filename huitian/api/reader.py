"""Who asks: the dependencies of every route."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from huitian.api.city import City
from huitian.api.language import language_of
from huitian.api.sign_in import Account, SignIn, check_csrf
from huitian.cases.letters import PUBLIC
from huitian.errors import CsrfMissing, Language, NotSignedIn
from huitian.model.scope import Scope

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
    """

    scope: Scope
    account: Account | None
    csrf: str | None
    lang: Language


async def city_of(request: Request) -> City:
    """Return the city that this server serves."""
    return cast("City", request.app.state.city)


async def sign_in_of(request: Request) -> SignIn:
    """Return the sessions of this server."""
    return cast("SignIn", request.app.state.sign_in)


def any_reader(request: Request) -> Reader:
    """Return the reader, signed in or not."""
    lang = language_of(request.headers.get("accept-language", ""))
    found = request.app.state.sign_in.find(request.cookies.get(COOKIE))
    if found is None:
        request.state.is_nobody = True
        return Reader(PUBLIC, None, None, lang)
    account, csrf = found
    request.state.user_id = account.user_id
    return Reader(account.scope(), account, csrf, lang)


def signed_in(request: Request, reader: Annotated[Reader, Depends(any_reader)]) -> Reader:
    """Return the reader who is signed in; of a changing request the CSRF token must be there.

    Raises:
        NotSignedIn: Nobody is.
        CsrfMissing: The token is missing or another.
    """
    if reader.account is None or reader.csrf is None:
        raise NotSignedIn
    if request.method in UNSAFE:
        check_csrf(request.headers.get("x-csrf-token"), reader.csrf)
    return reader


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
