"""Live changes as server-sent events."""

from typing import Annotated, cast

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from huitian.api.asking import refused
from huitian.api.live import TOPICS, Live, topics_for
from huitian.api.problems import Responses, problems
from huitian.api.reader import COOKIE, SignedIn, TheCity, TheSignIn
from huitian.api.sign_in import hash_of
from huitian.api.stream import EventStream

router = APIRouter(tags=["stream"])
NEWEST = 1 << 53
STREAM: Responses = {
    200: {
        "description": "Events: `event` is the topic, `id` the number of the event, `data` its payload as JSON. "
        "`event: reset` means that too much was missed: read everything anew; `event: heartbeat` is a sign of life.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: case\nid: 1042\ndata: {"case_id":"c0f3","kind":"case_stepped"}\n\n',
            }
        },
    }
}


@router.get("/v1/stream", response_class=Response, responses={**STREAM, **problems()})
async def stream_events(
    city: TheCity, reader: SignedIn, sign_in: TheSignIn, request: Request,
    topics: Annotated[str, Query(max_length=80, description=f"Of {', '.join(TOPICS)}, by commas.")] = "case",
    last_event_id: Annotated[
        str | None, Header(max_length=20, description="Last event you had: what came after is told first.")
    ] = None,
) -> Response:  # fmt: skip
    """Streams what happens in your place, as it happens.

    Topics that your role may not hear are passed over. A stream that lags too far behind is ended; a browser
    reconnects by itself with ``Last-Event-ID`` and is told what it missed.
    """
    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()]
    unknown = [topic for topic in wanted if topic not in TOPICS]
    if unknown:
        known = ", ".join(TOPICS)
        raise refused("topics", f"没有这个主题；可用：{known}", f"no such topic; known: {known}")
    heard = await run_in_threadpool(topics_for, city.planner, reader.scope, wanted)
    live = cast("Live", request.app.state.live)
    listener = live.join_in(reader.scope, heard, hash_of(request.cookies.get(COOKIE, "")))
    missed: list[bytes] | None = []
    try:
        if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
            missed = await run_in_threadpool(live.missed, listener, min(int(last_event_id), NEWEST))
    except BaseException:
        live.leave(listener)
        raise
    return EventStream(live, listener, missed, city.settings.sse_heartbeat_s, sign_in.lives, city.clock.now)
