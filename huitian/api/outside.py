"""What an outside host answers to: the public page and what it asks for. Every other address is not there."""

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from huitian.api.routes import files, health, letters, pages, panels, places, session

ANSWERED = (
    (session.router, ("read_session",)),
    (places.router, ("read_city", "list_public_places")),
    (panels.router, ("list_panels",)),
    (letters.router, ("open_letter", "follow_letter", "rate_letter", "list_categories")),
    (files.router, ("keep_file",)),
    (health.router, ("read_health", "read_readiness", "read_metrics", "take_csp_report")),
    (pages.router, ("read_public", "read_asset", "read_error_page", "read_handbook", "read_icon")),
)
"""Routes of the city's server, by the names of their functions, that stand here as they are."""


def add_outside_routes(app: FastAPI) -> None:
    """Add the routes of the public page, and no others.

    Raises:
        LookupError: A route is gone or has another name, so the page would lack it.
    """
    outside = APIRouter()
    for subject, names in ANSWERED:
        found = [route for route in subject.routes if isinstance(route, APIRoute) and route.name in names]
        missing = set(names) - {route.name for route in found}
        if missing:
            raise LookupError(*sorted(missing))
        outside.routes.extend(found)
    app.include_router(outside)
    app.add_api_route("/", to_public_page, methods=["GET", "HEAD"], include_in_schema=False)


def to_public_page() -> Response:
    """Lead from the front door to the only page that is here."""
    return RedirectResponse("/public")
