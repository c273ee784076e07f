"""Is it alive, is it ready, what does it measure; and reports of the content security policy."""

import json
import logging
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from huitian.api.live import Live
from huitian.api.measures import Measures
from huitian.api.place_pages import open_at
from huitian.api.reader import TheCity
from huitian.api.screens import Screens
from huitian.api.wire.health import Health, Readiness
from huitian.model.query import Tally

router = APIRouter(tags=["health"])
LOG = logging.getLogger("huitian.csp")
DIRECTIVES = frozenset({
    "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem",
    "style-src-attr", "img-src", "font-src", "connect-src", "worker-src", "frame-src", "frame-ancestors",
    "object-src", "base-uri", "form-action", "media-src", "manifest-src", "child-src",
})  # fmt: skip


@router.get("/healthz")
async def read_health() -> Health:
    """Tells that the process answers."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready, and why."}})
def read_readiness(city: TheCity, request: Request, response: Response) -> Readiness:
    """Tells whether the city can be worked with, and if not, why."""
    state = request.app.state
    store = city.engine.records.check()
    checks = {
        "store": store.get("state", "failed"),
        "stream": "ok" if cast("Live", state.live).is_reading else "failed",
        "screens": "ok" if cast("Screens", state.screens).are_built else "not built",
    }
    reasons = []
    if checks["store"] != "ok":
        reasons.append(f"store: {store.get('why', checks['store'])}")
    if checks["stream"] != "ok":
        reasons.append("stream: the outbox is not being read")
    if reasons:
        response.status_code = 503
    return Readiness("not_ready" if reasons else "ready", reasons, checks)


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics(city: TheCity, request: Request) -> Response:
    """Gives the measures of the server in the text format of Prometheus."""
    measures, live = cast("Measures", request.app.state.measures), cast("Live", request.app.state.live)
    measures.streams.set(live.n_listeners)
    measures.dropped.set(live.n_dropped)
    measures.newest_event.set(live.seq)
    rows = city.planner.tally(city.planner.system("case"), Tally("case", open_at(city.clock.now())))
    measures.cases_open.set(rows[0]["n"] if rows else 0)
    return Response(generate_latest(measures.registry), media_type=CONTENT_TYPE_LATEST)


@router.post("/v1/csp-reports", status_code=204)
async def take_csp_report(request: Request) -> Response:
    """Takes a browser's report that a page broke the content security policy; counted and logged."""
    told = await request.body()
    measures = cast("Measures", request.app.state.measures)
    for directive, blocked in await run_in_threadpool(reports_in, told[:65_536]):
        measures.csp_reports.labels(directive).inc()
        LOG.warning(json.dumps({"event": "csp_report", "directive": directive, "blocked": blocked}))
    return Response(status_code=204)


def reports_in(told: bytes) -> list[tuple[str, str]]:
    """Return directive and kind of source of each report; what cannot be read counts as ``unreadable``."""
    try:
        content = json.loads(told)
    except (ValueError, RecursionError):
        return [("unreadable", "")]
    bodies = content if isinstance(content, list) else [content]
    found = []
    for one in bodies[:20]:
        body = one.get("body", one.get("csp-report", one)) if isinstance(one, dict) else {}
        if not isinstance(body, dict):
            body = {}
        words = str(body.get("effectiveDirective") or body.get("effective-directive")
                    or body.get("violated-directive") or "")  # fmt: skip
        directive = words.split(" ", maxsplit=1)[0]
        blocked = str(body.get("blockedURL") or body.get("blocked-uri") or "")
        # Of an address only where it is, never what it asks for.
        kind = (
            blocked
            if blocked in {"inline", "eval", "data", "blob", "self"}
            else blocked.split("?", maxsplit=1)[0][:120]
        )
        found.append((directive if directive in DIRECTIVES else "unknown", kind))
    return found or [("unreadable", "")]
