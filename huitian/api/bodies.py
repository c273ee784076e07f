"""No request body is read beyond what any form needs, and none that no store can keep."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huitian.api.asking import refused
from huitian.errors import TooLarge

MOST_BYTES = 2 << 20
"""100,000 Chinese characters in JSON escapes are 600 kB."""


OWN_LIMIT = frozenset({"/v1/files"})
"""Addresses that read their body themselves, as far as they want."""
DEEPEST = 32
"""Lists and objects within one another; no form has ten."""


async def sound_json(request: Request) -> None:
    """Refuse a JSON body with half a character (JSON escapes can write one, UTF-8 cannot), or nested too deep.

    Raises:
        InvalidInput: It is one of these.
    """
    if "json" not in request.headers.get("content-type", "") or request.url.path in OWN_LIMIT:
        return
    body = await request.body()
    if b"\\ud" not in body.lower() and body.count(b"[") + body.count(b"{") <= DEEPEST:
        return
    try:
        told = await request.json()
    except (ValueError, RecursionError) as error:
        raise refused("body", "不是合法的 JSON，或嵌套太深", "no JSON, or nested too deep") from error
    check_sound(told)


def check_sound(told: object) -> None:
    """Refuse half a character and deep nesting, wherever they stand; walks without recursion.

    Raises:
        InvalidInput: There is one.
    """
    ahead: list[tuple[object, str, int]] = [(told, "body", 0)]
    while ahead:
        value, field, depth = ahead.pop()
        if depth > DEEPEST:
            raise refused("body", f"最多嵌套 {DEEPEST} 层", f"at most {DEEPEST} levels deep")
        if isinstance(value, str):
            check_whole(value, field)
        elif isinstance(value, dict):
            for name, inner in value.items():
                check_whole(name, field)
                ahead.append((inner, name, depth + 1))
        elif isinstance(value, list):
            ahead += [(inner, field, depth + 1) for inner in value]


def check_whole(words: str, field: str) -> None:
    """Refuse words with half a character.

    Raises:
        InvalidInput: They have one.
    """
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise refused(field, "含有残缺的字符", "half a character") from error


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
