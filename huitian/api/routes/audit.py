"""The audit: for the auditor all of it, for a community who looked at its households."""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from huitian.api.asking import PlaceParameter, moment_of
from huitian.api.audit_pages import MOST_EXPORTED, audit_csv, audit_rows, audit_state, household_looks
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.audit import AuditRows, AuditState, HouseholdLooks
from huitian.audit.reading import AuditFilter
from huitian.clock import SHANGHAI
from huitian.errors import AuditUnwritten, UnknownPlace
from huitian.model.audit import Act

router = APIRouter(tags=["audit"])
BeforeParameter = Annotated[
    int | None, Query(ge=1, le=2**53, description="`next_before` of the page before.")
]


def filter_of(
    city: TheCity,
    user: Annotated[str, Query(max_length=80, description="Account.")] = "",
    act: Annotated[Act | None, Query(description="What was done.")] = None,
    entity: Annotated[str, Query(max_length=40, description="Entity of the catalogue.")] = "",
    subject: Annotated[str, Query(max_length=120, description="Whose: inner id of a case, household or person.")] = "",
    since: Annotated[str | None, Query(max_length=40, description="From this day or instant on.")] = None,
    until: Annotated[str | None, Query(max_length=40, description="Before this instant, or end of this day.")] = None,
) -> AuditFilter:  # fmt: skip
    """Return what is looked for."""
    begun = moment_of(since, city.clock)
    ended = moment_of(until, city.clock)
    return AuditFilter(
        user, act, entity, subject,
        begun if isinstance(begun, datetime) or begun is None else datetime.combine(begun, time(), SHANGHAI),
        city.planner.instant_of(ended) if ended is not None else None,
    )  # fmt: skip


Wanted = Annotated[AuditFilter, Depends(filter_of)]


@router.get("/v1/audit/rows", responses=problems())
def list_audit_rows(
    city: TheCity, reader: SignedIn, wanted: Wanted, before: BeforeParameter = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Entries a page.")] = 50,
) -> AuditRows:  # fmt: skip
    """Lists the audit, the newest first: every look, change, export and grant."""
    return audit_rows(city, reader.scope, with_page(wanted, before, limit), reader.lang)


@router.get(
    "/v1/audit/rows.csv",
    response_class=Response,
    responses={
        200: {"description": "The entries.", "content": {"text/csv": {"schema": {"type": "string"}}}},
        **problems(AuditUnwritten),
    },
)
def export_audit_rows(city: TheCity, reader: SignedIn, wanted: Wanted) -> Response:
    """Gives the filtered entries as CSV, at most 10,000; taking them away is an entry of its own.

    No cell begins with a sign that a spreadsheet would calculate.
    """
    told = audit_csv(city, reader.scope, with_page(wanted, None, MOST_EXPORTED))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + told, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/v1/audit/state", responses=problems())
def read_audit_state(city: TheCity, reader: SignedIn) -> AuditState:
    """Shows the end of the chain, whether its last thousand rows hold, and who looked most in the last seven days."""
    return audit_state(city, reader.scope, reader.lang)


@router.get("/v1/looks", responses=problems(UnknownPlace))
def list_household_looks(
    city: TheCity, reader: SignedIn, place: PlaceParameter = None, before: BeforeParameter = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Entries a page.")] = 100,
) -> HouseholdLooks:  # fmt: skip
    """Lists who looked at households of your place, when, which fields and why."""
    return household_looks(city, reader.scope, place, before, limit, reader.lang)


def with_page(wanted: AuditFilter, before: int | None, limit: int) -> AuditFilter:
    """Return a filter with its page."""
    return AuditFilter(
        wanted.user_id,
        wanted.act,
        wanted.entity,
        wanted.subject_id,
        wanted.from_at,
        wanted.until_at,
        before,
        limit,
    )
