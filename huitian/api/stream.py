"""One open stream of server-sent events."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from huitian.api.live import Listener, Live
from huitian.model.scope import Scope as AuthScope

RETRY_MS = 2000
SLOWEST_S = 20.0
"""A client that takes longer to accept one write is gone or as good as gone."""
RESET = b'event: reset\nid: %d\ndata: {"why":"missed"}\n\n'
"""Too much was missed to tell: read everything anew."""


class EventStream(Response):
    """Writes the events of one listener until it leaves, lags behind, is signed out, or the server stops.

    Args:
        live: The fan-out.
        listener: The stream's place in it.
        missed: What is told first; None when it was too much.
        heartbeat_s: Seconds between signs of life.
        lives: Tells until when a session may go on under its grants, None when it may not; asked once a heartbeat,
            when that time has come, and when something about it changed, on a thread.
        now: Tells the time.
    """

    media_type = "text/event-stream"

    def __init__(
        self, live: Live, listener: Listener, missed: Sequence[bytes] | None, heartbeat_s: int,
        lives: Callable[[str, AuthScope], datetime | None], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__(headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live, self._listener, self._missed, self._heartbeat_s = live, listener, missed, heartbeat_s
        self._lives, self._now = lives, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write until it ends."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        ends = [
            asyncio.create_task(self._write(send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(self._listener.is_dropped.wait()),
            asyncio.create_task(self._live.closed.wait()),
            asyncio.create_task(self._listener.is_signed_out.wait()),
            asyncio.create_task(self._over()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._live.leave(self._listener)
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        words = b": dropped, too slow\n\n" if self._listener.is_dropped.is_set() else b": closed\n\n"
        with contextlib.suppress(TimeoutError, OSError, ClientDisconnect):
            async with asyncio.timeout(1.0):
                await send({"type": "http.response.body", "body": words, "more_body": False})

    async def _write(self, send: Send) -> None:
        # The number of the newest event goes first: a stream that breaks before any event resumes from there.
        await self._put(send, b"retry: %d\nid: %d\n\n" % (RETRY_MS, self._listener.since))
        if self._missed is None:
            await self._put(send, RESET % self._listener.since)
        elif self._missed:
            await self._put(send, b"".join(self._missed))
        queue = self._listener.queue
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_s):
                    body = await queue.get()
            except TimeoutError:
                body = b"event: heartbeat\ndata: {}\n\n"
            while not queue.empty():
                body += queue.get_nowait()
            await self._put(send, body)

    async def _over(self) -> None:
        # Whoever ends a session or a grant may be another process; and one that is busy hears no heartbeat.
        listener = self._listener
        while until := await run_in_threadpool(self._lives, listener.session_hash, listener.scope):
            left_s = min(max((until - self._now()).total_seconds(), 0.0), self._heartbeat_s)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await listener.is_doubted.wait()
            listener.is_doubted.clear()

    async def _put(self, send: Send, body: bytes) -> None:
        try:
            async with asyncio.timeout(SLOWEST_S):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError:
            self._live.drop(self._listener)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
