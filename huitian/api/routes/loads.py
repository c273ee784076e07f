"""Loads with what they rejected, and findings."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from huitian.api.asking import CursorParameter, PlaceParameter, cursor_of, next_cursor, question_of
from huitian.api.city import City
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.loads import (
    Finding,
    FindingList,
    Load,
    LoadList,
    LoadPage,
    Reject,
    RejectList,
    RejectReason,
)
from huitian.errors import NotFound, UnknownPlace
from huitian.model import query as reads
from huitian.model.query import Condition, Row, Tally, Where
from huitian.model.scope import Allowed, Scope

router = APIRouter(tags=["loads"])
LoadId = Annotated[str, Path(max_length=80, description="Id of the load.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows a page.")]


@router.get("/v1/loads", responses=problems())
def list_loads(
    city: TheCity, reader: SignedIn, cursor: CursorParameter = None, limit: Limit = 50
) -> LoadList:
    """Lists the loads of the city, newest first."""
    page, ahead = paged(city, reader.scope, "load", (), ("-started_at",), Load, None, cursor, limit)
    return LoadList([Load(**row) for row in page.rows], page.n_total, ahead)


@router.get("/v1/loads/{load_id}", responses=problems(NotFound))
def read_load(city: TheCity, reader: SignedIn, load_id: LoadId) -> LoadPage:
    """Shows a load and why it kept rows back."""
    row = load_row(city, reader.scope, load_id)
    allowed = city.planner.allow(reader.scope, "reject")
    tally = Tally("reject", (Condition("load_id", "eq", load_id),), ("reason_code",))
    counted = sorted(city.planner.tally(allowed, tally), key=lambda r: (-r["n"], r["reason_code"]))
    return LoadPage(**row, reasons=[RejectReason(r["reason_code"], r["n"]) for r in counted])


@router.get("/v1/loads/{load_id}/rejects", responses=problems(NotFound))
def list_rejects(
    city: TheCity, reader: SignedIn, load_id: LoadId,
    reason: Annotated[str | None, Query(max_length=60, description="Only this reason.")] = None,
    cursor: CursorParameter = None, limit: Limit = 100,
) -> RejectList:  # fmt: skip
    """Lists the rows that a load rejected, each with the reason and the row as it came."""
    load_row(city, reader.scope, load_id)
    where: Where = (Condition("load_id", "eq", load_id),)
    if reason:
        where += (Condition("reason_code", "eq", reason),)
    page, ahead = paged(city, reader.scope, "reject", where, ("row_no",), Reject, None, cursor, limit)
    return RejectList([Reject(**row) for row in page.rows], page.n_total, ahead)


@router.get("/v1/findings", responses=problems(UnknownPlace))
def list_findings(
    city: TheCity, reader: SignedIn, place: PlaceParameter = None,
    is_open: Annotated[bool | None, Query(description="Only open, or only settled ones.")] = None,
    rule: Annotated[str | None, Query(max_length=80, description="Only this rule.")] = None,
    load: Annotated[str | None, Query(max_length=80, description="Only what this load found.")] = None,
    cursor: CursorParameter = None, limit: Limit = 100,
) -> FindingList:  # fmt: skip
    """Lists what a person should look at in the data, newest first."""
    equal = {"is_open": is_open, "load_id": load or None}
    where: Where = tuple(Condition(name, "eq", value) for name, value in equal.items() if value is not None)
    allowed = city.planner.allow(reader.scope, "finding", place)
    counted = city.planner.tally(allowed, Tally("finding", where, ("rule_id",)))
    if rule:
        where += (Condition("rule_id", "eq", rule),)
    page, ahead = paged(city, reader.scope, "finding", where, ("-found_at",), Finding, place, cursor, limit)
    counts = {row["rule_id"]: row["n"] for row in counted}
    return FindingList([Finding(**row) for row in page.rows], page.n_total, counts, ahead)


def load_row(city: City, scope: Scope, load_id: str) -> Row:
    """Return the row of a load.

    Raises:
        NotFound: There is none that this reader may see.
    """
    where = (Condition("load_id", "eq", load_id),)
    columns = tuple(Load.__dataclass_fields__)
    rows = city.planner.read(
        city.planner.allow(scope, "load"), reads.Query("load", where, columns, limit=2)
    ).rows
    if not rows:
        raise NotFound(entity="load", object_id=load_id)
    return dict(rows[0])


def paged(
    city: City, scope: Scope, entity: str, where: Where, sort: tuple[str, ...], shape: Any,
    place_id: str | None, cursor: str | None, limit: int,
) -> tuple[reads.Page, str | None]:  # fmt: skip
    """Return a page with the columns of its shape on the wire, and the cursor of the next one."""
    question = question_of(entity, where, place_id, limit, scope)
    start = cursor_of(cursor, question)
    allowed: Allowed = city.planner.allow(scope, entity, place_id)
    columns = tuple(shape.__dataclass_fields__)
    page = city.planner.read(allowed, reads.Query(entity, where, columns, sort, limit, start.offset))
    as_of = start.as_of or allowed.as_of
    return page, next_cursor(question, start.offset, len(page.rows), page.n_total, as_of)
