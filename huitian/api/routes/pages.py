"""Pages: the built screens, their assets, the documentation, and a page for every error."""

import hashlib
from html import escape
from importlib.resources import files
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from huitian.api.handbook import HandbookPage, article, page_of, whole
from huitian.api.language import language_of
from huitian.api.reader import TheCity
from huitian.api.screens import AGAIN, ENDS, TYPES, UNBUILT, Kept, Screens
from huitian.errors import HuitianError, NotFound, all_errors

router = APIRouter(include_in_schema=False)


def screens_of(request: Request) -> Screens:
    """Return the screens of this server."""
    return cast("Screens", request.app.state.screens)


def sent(request: Request, kept: Kept) -> Response:
    """Return a file as an answer: packed where the browser takes it, empty where it has it."""
    headers = {"ETag": kept.etag, "Cache-Control": kept.caching, "Vary": "Accept-Encoding"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if kept.etag in known:
        return Response(status_code=304, headers=headers)
    content = kept.content
    if kept.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = kept.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=kept.media_type, headers=headers)


def page(request: Request, name: str) -> Response:
    """Return the page of an end; where the screens are not built, how to build them."""
    kept = screens_of(request).find(f"{name}.html")
    if kept is None:
        return HTMLResponse(UNBUILT, status_code=503, headers={"Cache-Control": "no-store"})
    return sent(request, kept)


@router.api_route("/", methods=["GET", "HEAD"])
def read_front_door(request: Request) -> Response:
    """Gives the front door."""
    return page(request, "index")


def add_end(end: str) -> None:
    """Add the page of one end, which answers to every address below it."""

    def read_end(request: Request) -> Response:
        return page(request, end)

    for path in (f"/{end}", f"/{end}/{{rest:path}}"):
        router.add_api_route(path, read_end, methods=["GET", "HEAD"], name=f"read_{end}")


for each in ENDS:
    add_end(each)


@router.api_route("/assets/{name:path}", methods=["GET", "HEAD"])
def read_asset(request: Request, name: str) -> Response:
    """Gives a script, a style, a font or a picture of the screens."""
    kept = screens_of(request).find(f"assets/{name}")
    if kept is None:
        raise NotFound(entity="asset", object_id=name[:200])
    return sent(request, kept)


@router.api_route("/mobile-worker.js", methods=["GET", "HEAD"])
def read_worker(request: Request) -> Response:
    """Gives the worker of the phone: asked again each time, and held to its own end."""
    kept = screens_of(request).find("mobile-worker.js")
    if kept is None:
        return Response(status_code=404)
    answer = sent(request, kept)
    answer.headers["Service-Worker-Allowed"] = "/mobile"
    return answer


@router.api_route("/packs/{pack_id}/{name}", methods=["GET", "HEAD"])
def read_component(request: Request, city: TheCity, pack_id: str, name: str) -> Response:
    """Gives a script that a pack brings, as it lies on disk: the browser holds it to its declared hash."""
    pack = next((one for one in city.packs.packs if one.pack_id == pack_id), None)
    if pack is None or name not in pack.components:
        raise NotFound(entity="component", object_id=f"{pack_id}/{name}"[:200])
    file = files(pack.module) / "components" / name
    if not file.is_file():
        raise NotFound(entity="component", object_id=f"{pack_id}/{name}"[:200])
    content = file.read_bytes()
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    return sent(request, Kept(content, None, TYPES[".js"], etag, AGAIN))


Language = Literal["zh-CN", "en"]


def language_named(name: object) -> object:
    """Return a language by its short or its long name: ``zh``, ``zh-Hans``, ``en-GB``; others stay as they are."""
    short = str(name).lower().replace("_", "-").partition("-")[0]
    return {"zh": "zh-CN", "en": "en"}.get(short, name)


Asked = Annotated[
    Language | None,
    BeforeValidator(language_named),
    Query(description="Language; otherwise that of Accept-Language."),
]


@router.api_route("/docs/errors/{code}", methods=["GET", "HEAD"])
def read_error_page(request: Request, code: str, lang: Asked = None) -> Response:
    """Gives the page of an error: what it means and what to do."""
    error = next((one for one in all_errors() if one.code == code), None)
    if error is None:  # the index of errors is a page like others
        return read_handbook(request, f"errors/{code}", lang)
    asked = lang or language_asked(request)
    page = HandbookPage(f"errors/{code}", code, asked, ("zh-CN", "en"), "", {}, {})
    return handbook_answer(request, page, error_page(error, asked), asked)


@router.api_route("/docs", methods=["GET", "HEAD"])
@router.api_route("/docs/{path:path}", methods=["GET", "HEAD"])
def read_handbook(
    request: Request, path: str = "README", lang: Asked = None,
    part: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:  # fmt: skip
    """Gives a page of the documentation, or one part of it by its anchor, in the dress of the screens."""
    asked = lang or language_asked(request)
    page = page_of(path.removesuffix("/").removesuffix(".md") or "README", asked)
    if page is None or (part is not None and part not in page.parts):
        raise NotFound(entity="documentation", object_id=f"{path}{'#' + part if part else ''}"[:200])
    return handbook_answer(request, page, article(page, part), asked)


def language_asked(request: Request) -> Language:
    """Return the language of a browser."""
    return "zh-CN" if language_of(request.headers.get("accept-language", "")) == "zh" else "en"


def handbook_answer(request: Request, page: HandbookPage, content: str, lang: Language) -> Response:
    """Return a page of the handbook as an answer."""
    shell = screens_of(request).find("docs.html")
    text = whole(shell.content.decode() if shell else "", page, lang, content).encode()
    etag = f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'
    answer = sent(request, Kept(text, None, TYPES[".html"], etag, AGAIN))
    answer.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return answer


def error_page(error: type[HuitianError], lang: Language) -> str:
    """Return the article of one error in a language."""
    short: Literal["zh", "en"] = "zh" if lang == "zh-CN" else "en"
    what_to_do, back = ("怎么办", "所有错误") if short == "zh" else ("What to do", "All errors")
    told = error()
    return (
        f'<article class="doc" lang="{lang}"><h1><code>{error.code}</code> · HTTP {error.status}</h1>'
        f"<p>{escape(told.words(short))}</p><h2>{what_to_do}</h2><p>{escape(told.what_to_do(short))}</p>"
        f'<p><a href="/docs/errors/README?lang={lang}">{back}</a></p></article>'
    )


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
@router.api_route("/{name}.svg", methods=["GET", "HEAD"])
@router.api_route("/{name}.png", methods=["GET", "HEAD"])
@router.api_route("/{name}.webmanifest", methods=["GET", "HEAD"])
@router.api_route("/{name}.txt", methods=["GET", "HEAD"])
def read_icon(request: Request, name: str = "mark") -> Response:
    """Gives the icon and other plain files beside the pages."""
    suffix = request.url.path.rpartition(".")[2]
    kept = screens_of(request).find("mark.svg" if suffix == "ico" else f"{name}.{suffix}")
    if kept is None:
        return Response(status_code=204 if suffix == "ico" else 404)
    return sent(request, kept)
