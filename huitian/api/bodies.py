"""No request body is read beyond what any form needs; photos have their own limit."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huitian.errors import TooLarge

MOST_BYTES = 2 << 20
"""100,000 Chinese characters in JSON escapes are 600 kB."""


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
