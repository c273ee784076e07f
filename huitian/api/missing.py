"""What a browser is shown at an address that is not there: a page in the dress of the screens, with ways back.

Programs get the problem as they always do: only who asks for HTML, outside of ``/v1``, is a person at a browser.
"""

from html import escape
from typing import cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from huitian.api.handbook import HandbookPage, whole
from huitian.api.language import language_of
from huitian.api.screens import Screens

WORDS = {
    "zh-CN": ("没有这一页", "这个地址下没有内容：可能写错了，也可能那一页改了名。", "文档目录", "首页"),
    "en": ("There is no such page",
           "Nothing is kept at this address: it may be mistyped, or the page has another name now.",
           "All documentation", "Front door"),
}  # fmt: skip
"""By language: heading, what it means, and the two ways back."""


def is_for_person(request: Request) -> bool:
    """Return whether a browser asks for a page, not a program for an answer."""
    accepts = request.headers.get("accept", "")
    return (
        request.method in {"GET", "HEAD"}
        and "text/html" in accepts
        and not request.url.path.startswith("/v1/")
    )


def missing_page(request: Request) -> Response:
    """Return the page that says that there is none, first in the language of the reader."""
    asked = request.query_params.get("lang") or language_of(request.headers.get("accept-language", ""))
    own, other = ("zh-CN", "en") if asked.startswith("zh") else ("en", "zh-CN")
    address = request.url.path[:200]
    page = HandbookPage("", WORDS[own][0], own, ("zh-CN", "en"), "", {}, {})
    screens = cast("Screens | None", getattr(request.app.state, "screens", None))
    shell = screens.find("docs.html") if screens is not None else None
    text = whole(shell.content.decode() if shell else "", page, own, content(address, own, other), address)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    return HTMLResponse(text, status_code=404, headers=headers)


def content(address: str, own: str, other: str) -> str:
    """Return what stands in ``<main>``: everything in the reader's language, the sense of it in the other."""
    title, meaning, index, door = WORDS[own]
    title_there, meaning_there, *_ = WORDS[other]
    return (
        f'<article class="doc missing" lang="{own}"><p class="figure">404</p><h1>{title}</h1>'
        f"<p><code>{escape(address)}</code></p><p>{meaning}</p>"
        f'<p class="ways"><a href="/docs?lang={own}">{index}</a> <a href="/">{door}</a></p>'
        f'<p class="summary" lang="{other}"><b>{title_there}</b><br>{meaning_there}</p></article>'
    )
