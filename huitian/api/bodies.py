"""No request body is read beyond what any form needs, and none with characters that no store can keep."""

from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huitian.errors import InvalidInput, TooLarge

MOST_BYTES = 2 << 20
"""100,000 Chinese characters in JSON escapes are 600 kB."""


async def whole_characters(request: Request) -> None:
    """Refuse a JSON body with half a character: JSON escapes can write one, UTF-8 cannot.

    Raises:
        InvalidInput: It has one.
    """
    if "json" not in request.headers.get("content-type", "") or b"\\ud" not in (await request.body()).lower():
        return
    field = half_character_in(await request.json(), "body")
    if field is not None:
        raise InvalidInput(
            field=field, why="half a character", why_zh="含有残缺的字符", why_en="half a character"
        )


def half_character_in(value: Any, field: str) -> str | None:
    """Return the field that has half a character; None where all are whole."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return field
        return None
    if isinstance(value, dict):
        inner = [
            (name, half_character_in(name, field) or half_character_in(one, name))
            for name, one in value.items()
        ]
    elif isinstance(value, list):
        inner = [("", half_character_in(one, field)) for one in value]
    else:
        return None
    return next((found for _, found in inner if found is not None), None)


class BodyLimit:
    """Refuses larger bodies, except where ``exempt`` reads its own."""

    def __init__(self, app: ASGIApp, exempt: frozenset[str]) -> None:
        self._app, self._exempt = app, exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting what is received."""
        if scope["type"] != "http" or scope["path"] in self._exempt:
            await self._app(scope, receive, send)
            return
        n_bytes = 0

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > MOST_BYTES:
                raise TooLarge(
                    field="body", actual=f"> {MOST_BYTES >> 20} MB", limit=f"{MOST_BYTES >> 20} MB"
                )
            return message

        await self._app(scope, counted, send)
