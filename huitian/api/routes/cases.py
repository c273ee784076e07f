"""Cases: the queue, one case, its owners, and taking a step."""

from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query

from huitian.api.asking import PlaceParameter, SortParameter, sort_of
from huitian.api.kept import check_kept
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.cases import CaseList, CaseMoved, CaseOpened, CasePage, StepToTake
from huitian.api.wire.letters import LetterForm, ReportForm
from huitian.api.wire.owners import OwnerList
from huitian.api.wire.similar import SimilarList
from huitian.base.entities import ENTITIES
from huitian.cases.views import CaseFilter
from huitian.errors import (
    KeyReused,
    NotFound,
    StaleVersion,
    StepNotPossible,
    TooLarge,
    UnknownField,
    UnknownPlace,
)
from huitian.model.case import Letter

router = APIRouter(tags=["cases"])
CaseId = Annotated[
    str, Path(max_length=80, description="Inner id of the case.", examples=["c0f3a9d2b7e14c5a8d61b"])
]
GRID_WORKER: Final = "C05"
MOST_URGENT = ("due_at", "reported_at")
NEWEST = ("-reported_at",)
MOVED = (
    "已办理；这件诉求现在不在您的辖区内，您不再看到它。",
    "Done; the case is outside your area now, so you no longer see it.",
)


@router.get("/v1/cases", response_model=CaseList, responses=problems(UnknownField, UnknownPlace))
def list_cases(
    city: TheCity, reader: SignedIn,
    state: Annotated[list[str], Query(max_length=20, description="Only these states; may be repeated.")] = [],  # noqa: B006
    place: PlaceParameter = None,
    owner: Annotated[str | None, Query(max_length=80, description="Organisation in charge; `me` is your own.")] = None,
    category: Annotated[str | None, Query(max_length=20, description="Category code.")] = None,
    q: Annotated[str, Query(max_length=60, description="Number of a case, or words of the letter.")] = "",
    is_open: Annotated[bool | None, Query(description="Only open, or only closed ones.")] = None,
    sort: SortParameter = None,
    cursor: Annotated[str, Query(max_length=9, description="`next_cursor` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="Cases a page.")] = 50,
    sooner: Annotated[bool, Query(description="Say which limit ends before the main one.")] = False,
) -> dict[str, Any]:  # fmt: skip
    """Lists cases of your place.

    Where ``sort`` says nothing: of states or of open cases the most urgent first, else the newest first.
    ``counts`` are by state under the same filters but for the state.
    """
    states = tuple(code for part in state for code in part.split(",") if code)
    order = sort_of(ENTITIES["case"], city.planner.allow(reader.scope, "case"), sort)
    wanted = CaseFilter(
        states,
        place,
        owner,
        category,
        q,
        is_open,
        order or (MOST_URGENT if states or is_open else NEWEST),
        cursor,
        limit,
        sooner,
    )
    return city.cases.queue(reader.scope, wanted, reader.lang)


@router.post(
    "/v1/cases",
    status_code=201,
    responses=problems(KeyReused, TooLarge, UnknownPlace, is_change=True),
)
def open_case(city: TheCity, reader: SignedIn, form: ReportForm) -> CaseOpened:
    """Reports a case, as a grid worker does.

    The same idempotency key gives the same case again.
    """
    check_kept(city, form.file_ids)
    letter = replace(letter_of(form, GRID_WORKER), dwelling_id=form.dwelling_id or "")
    opened = city.letters.open_case(letter, reader.scope)
    return CaseOpened(opened.case_id, opened.case_no)


@router.get("/v1/cases/{case_id}", response_model=CasePage, responses=problems(NotFound))
def read_case(city: TheCity, reader: SignedIn, case_id: CaseId) -> dict[str, Any]:
    """Shows a case: its words and writer by your lens, the log, the clocks, and what you can do now."""
    return city.cases.page(reader.scope, case_id, reader.lang)


@router.get("/v1/cases/{case_id}/owners", response_model=OwnerList, responses=problems(NotFound))
def suggest_owners(city: TheCity, reader: SignedIn, case_id: CaseId) -> dict[str, Any]:
    """Suggests who should be in charge, best first, each with its parts and a reason."""
    return city.owners.suggest_owners(reader.scope, case_id, lang=reader.lang)


@router.get("/v1/cases/{case_id}/similar", response_model=SimilarList, responses=problems(NotFound))
def find_similar_cases(city: TheCity, reader: SignedIn, case_id: CaseId) -> dict[str, Any]:
    """Finds the closed cases most like one, best first, each with its parts and how it ended.

    Words are compared as your lens masks them, never in the clear.
    """
    return city.similar.most_similar(reader.scope, case_id, reader.lang)


@router.post(
    "/v1/cases/{case_id}/steps",
    response_model=CasePage | CaseMoved,
    responses=problems(NotFound, StaleVersion, StepNotPossible, KeyReused, is_change=True),
)
def take_step(
    city: TheCity, reader: SignedIn, case_id: CaseId, step: StepToTake
) -> dict[str, Any] | CaseMoved:
    """Takes a step on a case.

    Where somebody took a step meanwhile, ``stale_version`` tells which in ``steps`` and nothing is written. The
    same idempotency key is the same step. Where the step moved the case to a place that is not yours, the answer
    has only its id, its version and ``moved_zh``, ``moved_en``.
    """
    check_kept(city, step.file_ids)
    taken = city.log.take(
        reader.scope, case_id, step.action, step.expected_version, step.idempotency_key, step.facts, step.words,
        step.file_ids,
    )  # fmt: skip
    try:
        return city.cases.page(reader.scope, case_id, reader.lang)
    except NotFound:
        # The step is written: "not found" would tell the client that it failed.
        return CaseMoved(case_id, taken["version"], *MOVED)


def letter_of(form: LetterForm, channel: Literal["C04", "C05"]) -> Letter:
    """Return the letter of a form."""
    return Letter(
        body=form.body, idempotency_key=form.idempotency_key, channel=channel, lon=form.lon, lat=form.lat,
        place_id=form.place_id or None, building_id=form.building_id or None, address_note=form.address_note or "",
        category_code=form.category_code or None, name=form.name, phone=form.phone, is_anonymous=form.is_anonymous,
        file_ids=tuple(form.file_ids),
    )  # fmt: skip
