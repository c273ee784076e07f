"""The server of one city: routes, what stands before them, and what runs beside them."""

import json
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from huitian.api.access import Access
from huitian.api.bodies import OWN_LIMIT, BodyLimit, sound_json
from huitian.api.city import City
from huitian.api.documents import TITLE, document_of
from huitian.api.doors import made_doors
from huitian.api.headers import Headers
from huitian.api.lanes import Lanes
from huitian.api.limits import made_limits
from huitian.api.live import Live
from huitian.api.measures import Measures
from huitian.api.outside import add_outside_routes
from huitian.api.problems import add_problem_answers
from huitian.api.routes import (
    account,
    audit,
    buildings,
    cases,
    device,
    entities,
    files,
    headlines,
    health,
    layers,
    letters,
    loads,
    numbers,
    oidc,
    packs,
    pages,
    panels,
    people,
    places,
    purposes,
    session,
    stream,
)
from huitian.api.screens import Screens
from huitian.api.sign_in import SignIn
from huitian.api.version import VERSION

SUBJECTS = (session, account, oidc, device, people, places, layers, buildings, entities, numbers, headlines, panels,
            packs, cases, purposes, audit, letters, files, loads, stream, health)  # fmt: skip
LOG = logging.getLogger("huitian.server")
HALF_WRITTEN_S = 3600.0
"""A file that was begun so long ago and has no name yet is nobody's."""
AT_ONCE = 8
"""Requests worked on at once; more only take turns for one interpreter, and each waits for all."""


def make_server(city: City, screens: Screens | None = None) -> FastAPI:
    """Return the server of a city; it is open while its lifespan runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        began_s = time.monotonic()
        say(
            "server_start",
            version=VERSION,
            store=city.engine.kind,
            workers=city.settings.workers,
            pid=os.getpid(),
        )
        to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
        sweep(city)
        app.state.doors.seen.open()
        live.open()
        say("server_ready", ms=round((time.monotonic() - began_s) * 1000, 1))
        try:
            yield
        finally:
            say("server_stopping", n_streams=live.n_listeners)
            live.close()
            live.join()
            app.state.doors.seen.close()
            say("server_stop", ran_s=round(time.monotonic() - began_s, 1))

    app = FastAPI(
        title=TITLE, version=VERSION, docs_url=None, redoc_url=None,
        openapi_url=None if city.settings.is_outside else "/openapi.json",
        lifespan=lifespan, redirect_slashes=False, generate_unique_id_function=named,
        dependencies=[Depends(sound_json)],
    )  # fmt: skip
    measures = Measures()
    live = Live(city, measures)
    app.state.city, app.state.live = city, live
    app.state.sign_in, app.state.limits = SignIn(city), made_limits(city)
    app.state.doors = made_doors(city, app.state.sign_in)
    app.state.measures, app.state.lanes = measures, Lanes()
    app.state.measures.store.build.labels(VERSION, city.engine.kind).set(1)
    city.engine.watch.hearers.append(app.state.measures.store)
    app.state.screens = screens or Screens()
    (add_outside_routes if city.settings.is_outside else add_routes)(app)
    add_problem_answers(app)
    # The last one added stands first.
    app.add_middleware(BodyLimit, exempt=OWN_LIMIT)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(Access, measures=app.state.measures)
    app.add_middleware(Headers, is_https=city.settings.is_https)
    return app


def say(event: str, **facts: object) -> None:
    """Log what becomes of this server process."""
    LOG.info(json.dumps({"event": event} | facts))


def sweep(city: City) -> None:
    """Remove what uploads left half-written when they were killed; a disk that cannot be written keeps it."""
    try:
        n_swept = city.engine.files.sweep(HALF_WRITTEN_S, time.time())
    except OSError:
        return
    if n_swept:
        say("swept", n=n_swept)


def named(route: APIRoute) -> str:
    """Return the operation id of a route: the name of its function."""
    return route.name


def add_routes(app: FastAPI) -> None:
    """Add every route of the API, documented, and the pages."""
    routes: list[APIRoute] = []
    for subject in SUBJECTS:
        routes += [route for route in subject.router.routes if isinstance(route, APIRoute)]
    for subject in SUBJECTS:
        app.include_router(subject.router)
    app.include_router(pages.router)
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(document_of(app, routes))
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document, without a city."""
    app = FastAPI(openapi_url=None, generate_unique_id_function=named)
    add_routes(app)
    return app.openapi()
