"""Is it alive, is it ready, what does it measure; and reports of the content security policy."""

import contextlib
import json
import logging
from dataclasses import asdict
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool

from huitian.api.health_parts import health_parts
from huitian.api.live import Live
from huitian.api.measures import Measures
from huitian.api.place_pages import open_at
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.readiness import status_of, troubles
from huitian.api.screens import Screens
from huitian.api.standing_measures import fill
from huitian.api.version import VERSION
from huitian.api.wire.health import Health, HealthPage, HealthPart, Readiness, ReadinessReason
from huitian.care.checks import worst
from huitian.errors import HuitianError
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
    """Tells whether the city can be worked with, and if not, why.

    ``degraded`` is answered with 200: what can be read is read, and no other server of the same store would do
    better. Only ``not_ready`` is a 503.
    """
    state = request.app.state
    found = troubles(city, cast("Live", state.live))
    status = status_of(found)
    if status == "not_ready":
        response.status_code = 503
    response.headers["Cache-Control"] = "no-store"
    checks = dict.fromkeys(("store", "stream", "disk", "clock"), "ok")
    checks |= {one.part: one.code for one in reversed(found)}
    checks["screens"] = "ok" if cast("Screens", state.screens).are_built else "not built"
    return Readiness(status, [ReadinessReason(**asdict(one)) for one in found], checks)


@router.get("/v1/health", responses=problems())
def read_health_parts(city: TheCity, reader: SignedIn, request: Request, response: Response) -> HealthPage:
    """Shows how the store, the disk, the clock, the loads and the rest are, and what to do."""
    state = request.app.state
    measures = cast("Measures", state.measures)
    as_of = city.clock.now()
    parts = health_parts(city, reader.scope, cast("Live", state.live), measures)
    response.headers["Cache-Control"] = "no-store"
    return HealthPage(
        state=worst(parts), parts=[HealthPart(**asdict(part), as_of=as_of) for part in parts], version=VERSION,
        store=city.engine.kind, started_at=city.engine.opened_at(), as_of=as_of,
    )  # fmt: skip


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics(city: TheCity, request: Request) -> Response:
    """Gives the measures of the server in the text format of Prometheus."""
    measures, live = cast("Measures", request.app.state.measures), cast("Live", request.app.state.live)
    measures.streams.set(live.n_listeners)
    measures.dropped.set(live.n_dropped)
    measures.newest_event.set(live.seq)
    fill(measures.store, city, live)
    with contextlib.suppress(HuitianError):
        rows = city.planner.tally(city.planner.system("case"), Tally("case", open_at(city.clock.now())))
        measures.cases_open.set(rows[0]["n"] if rows else 0)
    return Response(measures.told(), media_type=CONTENT_TYPE_LATEST)


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
