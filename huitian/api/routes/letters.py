"""Letters of residents: writing, following, rating. Nobody is signed in; the follow code opens a letter."""

from typing import Annotated, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Path, Request

from huitian.api.kept import check_kept
from huitian.api.limits import limits_of
from huitian.api.problems import problems
from huitian.api.reader import Address, TheCity, same_site
from huitian.api.routes.cases import letter_of
from huitian.api.wire.letters import (
    Category,
    CategoryList,
    LetterFollowed,
    LetterForm,
    LetterReceipt,
    RatingForm,
)
from huitian.base.entities import ENTITIES
from huitian.cases.letters import PUBLIC
from huitian.errors import KeyReused, NotFound, StepNotPossible, TooLarge, TooManyRequests
from huitian.model.query import Query as Asked

router = APIRouter(tags=["letters"], dependencies=[Depends(same_site)])
MAILBOX: Final = "C04"
CaseNo = Annotated[
    str, Path(max_length=40, description="Number of the letter.", examples=["XX20260214000017"])
]
Code = Annotated[
    str,
    Header(
        alias="X-Follow-Code", max_length=400, examples=["7K3M-9QXA"],
        description="Follow code, percent-encoded where it is not plain; never part of an address, which logs keep.",
    ),
]  # fmt: skip


@router.post(
    "/v1/letters",
    status_code=201,
    responses=problems(TooManyRequests, KeyReused, TooLarge, is_open=True),
)
def open_letter(city: TheCity, form: LetterForm, request: Request, address: Address) -> LetterReceipt:
    """Sends a letter.

    Gives its number and a follow code, which is shown only here. The same idempotency key gives the same letter
    again. From one address only so many letters an hour are taken.
    """
    check_kept(city, form.file_ids)
    limits_of(request).letters.count(address)
    opened = city.letters.open_case(letter_of(form, MAILBOX))
    return LetterReceipt(opened.case_no, opened.follow_code)


@router.get(
    "/v1/letters/{case_no}",
    response_model=LetterFollowed,
    responses=problems(NotFound, TooManyRequests, is_open=True),
)
def follow_letter(
    city: TheCity, case_no: CaseNo, code: Code, request: Request, address: Address
) -> dict[str, Any]:
    """Shows a letter to whoever has its number and follow code.

    A wrong code and a number that does not exist give the same answer; after many of them the address must wait.
    """
    follows = limits_of(request).follows
    follows.check(address)
    try:
        return city.following.letter(case_no, unquote(code))
    except NotFound:
        follows.count(address)
        raise


@router.post(
    "/v1/letters/{case_no}/rating",
    response_model=LetterFollowed,
    responses=problems(NotFound, StepNotPossible, KeyReused, TooManyRequests, is_open=True),
)
def rate_letter(
    city: TheCity, case_no: CaseNo, rating: RatingForm, request: Request, address: Address
) -> dict[str, Any]:
    """Rates how a letter was dealt with: were you contacted, is it solved, are you satisfied.

    Possible once it was answered; gives the letter as it is then.
    """
    follows = limits_of(request).follows
    follows.check(address)
    answers = {"is_contacted": rating.is_contacted, "solved": rating.solved, "satisfied": rating.satisfied}
    try:
        city.letters.rate(case_no, rating.code, rating.idempotency_key, answers, rating.words or "")
        return city.following.letter(case_no, rating.code)
    except NotFound:
        follows.count(address)
        raise


@router.get("/v1/categories", responses=problems(is_open=True))
def list_categories(city: TheCity) -> CategoryList:
    """Lists the categories of letters, in order of code."""
    planner = city.planner
    names = [c.name for c in ENTITIES["category"].columns if c.name != "keywords"]
    rows = planner.read(
        planner.allow(PUBLIC, "category"), Asked("category", columns=tuple(names), limit=2000)
    ).rows
    items = [Category(**{name: row[name] for name in names}) for row in rows]
    return CategoryList(items, len(items))
