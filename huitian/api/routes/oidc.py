"""Signing in elsewhere, by OpenID Connect."""

from html import escape
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from huitian.api.lanes import lanes_of
from huitian.api.oidc import Oidc
from huitian.api.problems import problems
from huitian.api.reader import COOKIE, Address, TheCity, TheSignIn
from huitian.api.routes.session import end_here
from huitian.errors import NoGrant, OidcMissing, OidcRefused, OidcUnknownAccount, ServerBusy, TooManyRequests

router = APIRouter(tags=["oidc"])
KEPT = "huitian_oidc"
PATH = "/v1/oidc"
SEEN_BY_BROWSERS = {"content": {"text/html": {"schema": {"type": "string"}}}}


@router.get(
    f"{PATH}/start",
    status_code=303,
    response_class=Response,
    responses={
        303: {"description": "To the issuer."},
        **problems(OidcMissing, OidcRefused, TooManyRequests, ServerBusy, is_open=True),
    },
)
async def start_oidc(
    request: Request, city: TheCity, address: Address,
    to: Annotated[str, Query(max_length=400, description="Page to go to afterwards.")] = "/desk",
) -> Response:  # fmt: skip
    """Sends a browser to the issuer of this city, to sign in there."""
    lane = lanes_of(request).issuer
    question = await lane.run(oidc_of(request).ask, back_of(request), to, address)
    answer = RedirectResponse(question.address, status_code=303)
    # Lax: the issuer sends the browser back from another site.
    answer.set_cookie(KEPT, question.kept, max_age=600, path=PATH, httponly=True, samesite="lax",
                      secure=city.settings.is_https)  # fmt: skip
    return answer


@router.get(
    f"{PATH}/back",
    response_class=HTMLResponse,
    responses={
        200: {"description": "Signed in; leads to the page that was asked for.", **SEEN_BY_BROWSERS},
        **problems(
            OidcMissing, OidcRefused, OidcUnknownAccount, NoGrant, TooManyRequests, ServerBusy, is_open=True
        ),
    },
)
async def finish_oidc(
    request: Request, city: TheCity, sign_in: TheSignIn, address: Address,
    state: Annotated[str, Query(max_length=200, description="As it was asked with.")] = "",
    code: Annotated[str, Query(max_length=4000, description="Code of the issuer.")] = "",
) -> Response:  # fmt: skip
    """Takes a browser back from the issuer and begins its session. Each answer of the issuer is good for once."""
    lane, kept = lanes_of(request).issuer, request.cookies.get(KEPT)
    user_id, to = await lane.run(oidc_of(request).answer, kept, state, code, address)
    agent = request.headers.get("user-agent", "")
    started = await run_in_threadpool(sign_in.begin, user_id, address, agent)
    await run_in_threadpool(end_here, sign_in, request)
    # A page of ours that leads on: a redirect would still count as coming from the issuer's site, without our cookie.
    there = escape(to)
    head = f'<meta charset="utf-8"><meta http-equiv="refresh" content="0;url={there}"><title>回天</title>'
    answer = HTMLResponse(f'<!doctype html>{head}<a href="{there}">继续 · Continue</a>')
    answer.headers["Cache-Control"] = "no-store"
    answer.set_cookie(
        COOKIE, started.token, max_age=city.settings.session_hours * 3600, path="/", httponly=True,
        samesite="strict", secure=city.settings.is_https,
    )  # fmt: skip
    answer.delete_cookie(KEPT, path=PATH, httponly=True, samesite="lax")
    return answer


def oidc_of(request: Request) -> Oidc:
    """Return what signs in elsewhere on this server."""
    return cast("Oidc", request.app.state.doors.oidc)


def back_of(request: Request) -> str:
    """Return the address that the issuer sends browsers back to."""
    named = cast("str", request.app.state.city.settings.oidc_back)
    return named or f"{str(request.base_url).rstrip('/')}{PATH}/back"
