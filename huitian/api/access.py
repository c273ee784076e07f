"""Every request: one line in the log, one count, and the answer to what nobody foresaw."""

import json
import logging
import secrets
import time
import traceback
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huitian.api.logs import REQUEST_ID
from huitian.api.measures import Measures
from huitian.api.problems import problem_response
from huitian.errors import InternalFault

LOG = logging.getLogger("huitian.access")
ERRORS = logging.getLogger("huitian.errors")


class Access:
    """Measures and logs requests. No path, no query, no words: they may hold codes and names."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        state = scope.setdefault("state", {})
        # Not taken back: the server makes a context for each request, and streams go on in theirs.
        REQUEST_ID.set(request_id)
        began_s = time.perf_counter()
        status, n_bytes, is_begun = 0, 0, False

        async def watched(message: Message) -> None:
            nonlocal status, n_bytes, is_begun
            if message["type"] == "http.response.start":
                status, is_begun = message["status"], True
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            elif message["type"] == "http.response.body":
                n_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 (the last net: whatever it is, the client hears no insides)
            log_fault(request_id, scope, error)
            state["problem_code"] = InternalFault.code
            if not is_begun:
                answer = problem_response(Request(scope), InternalFault(trace_id=request_id))
                await answer(scope, receive, watched)
        finally:
            self._told(scope, state, request_id, status, n_bytes, time.perf_counter() - began_s)

    def _told(
        self, scope: Scope, state: dict[str, Any], request_id: str, status: int, n_bytes: int, took_s: float
    ) -> None:
        route = getattr(scope.get("route"), "path", None) or "(none)"
        method = scope["method"] if scope["method"] in METHODS else "(other)"
        self._measures.requests.labels(method, route, str(status)).inc()
        self._measures.answered.inc()
        self._measures.store.problem(state.get("problem_code"))
        if route != "/v1/stream":
            self._measures.duration_s.labels(method, route).observe(took_s)
        if LOG.isEnabledFor(logging.INFO):
            line = {
                "event": "request", "request_id": request_id, "method": method, "route": route, "status": status,
                "ms": round(took_s * 1000, 1), "n_bytes": n_bytes, "user_id": state.get("user_id"),
                "problem": state.get("problem_code"),
            }  # fmt: skip
            LOG.info(json.dumps({k: v for k, v in line.items() if v is not None}))


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def log_fault(request_id: str, scope: Scope, error: Exception) -> None:
    """Log what nobody foresaw: where it was raised and of which kind, without the words of the error.

    The words may repeat what was sent.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        f"{frame.filename.rpartition('huitian/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-12:]
    ]
    route = getattr(scope.get("route"), "path", None)
    ERRORS.error(
        json.dumps(
            {
                "event": "fault",
                "request_id": request_id,
                "route": route,
                "kind": type(error).__name__,
                "where": where,
            }
        )
    )
