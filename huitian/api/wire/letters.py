"""Letters of residents, on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from huitian.api.wire.gone import CaseGone
from huitian.api.wire.instant import Instant
from huitian.model.case import Satisfied, Solved


@dataclass(frozen=True, slots=True)
class LetterForm:
    """A letter, or the report of a grid worker.

    Attributes:
        body: The words, plain text; HTML and formulas stay the characters that they are.
        idempotency_key: Made once per letter and sent again unchanged on a retry.
        lon: Degrees; null where no point was given.
        lat: Degrees; null where no point was given.
        place_id: Place, where there is no point.
        building_id: Building, where known.
        address_note: The place in the writer's own words.
        category_code: Category; null lets it be guessed from the words.
        name: Contact name.
        phone: Contact phone.
        is_anonymous: Whether the writer asks not to be named to the body that handles it.
        file_ids: Photos that were uploaded before.
    """

    body: str
    idempotency_key: str
    lon: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    place_id: str | None = None
    building_id: str | None = None
    address_note: str | None = None
    category_code: str | None = None
    name: str | None = None
    phone: str | None = None
    is_anonymous: bool = False
    file_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReportForm(LetterForm):
    """The report of somebody on the staff, who may name the home.

    Attributes:
        dwelling_id: Home it is about, where known; gives its building.
    """

    dwelling_id: str | None = None


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """What the writer keeps.

    Attributes:
        case_no: Number for life.
        follow_code: Secret for following and rating; it is not shown again.
    """

    case_no: str
    follow_code: str


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One level of the ladder, as the resident sees it.

    Attributes:
        level: L0 … L4.
        title_zh: Who acts there.
        title_en: Who acts there.
        state: Where the letter is.
        at: When it came there, aware UTC; null where it has not.
    """

    level: str
    title_zh: str
    title_en: str
    state: Literal["done", "now", "ahead", "skipped"]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step, as the resident sees it.

    Attributes:
        action: What was done.
        title_zh: Past tense.
        title_en: Past tense.
        org_name: Who did it; null for the resident.
        taken_at: Aware UTC.
        words: What was said to the resident; null where nothing was.
        org_name_en: Its English name, or the other where it has none; null for the resident.
    """

    action: str
    title_zh: str
    title_en: str
    org_name: str | None
    taken_at: datetime
    words: str | None
    org_name_en: str | None = None


@dataclass(frozen=True, slots=True)
class LetterFollowed:
    """A letter as its writer sees it.

    Attributes:
        case_no: Number for life.
        state: State code.
        state_zh: State in words.
        state_en: State in words.
        levels: The ladder.
        steps: What was done, oldest first.
        promised_by: When it is to be answered, aware UTC; null where nothing is promised.
        can_rate: Whether the writer can rate now.
        is_contacted: What the writer said; null before.
        solved: What the writer said; null before.
        satisfied: What the writer said; null before.
        gone: What of it was erased.
    """

    case_no: str
    state: str
    state_zh: str
    state_en: str
    levels: list[LadderStep]
    steps: list[PublicStep]
    promised_by: Instant | None
    can_rate: bool
    is_contacted: bool | None
    solved: Solved | None
    satisfied: Satisfied | None
    gone: CaseGone = field(default_factory=CaseGone)


@dataclass(frozen=True, slots=True)
class RatingForm:
    """What the writer says in the end.

    Attributes:
        code: The follow code.
        idempotency_key: Made once per rating and sent again unchanged on a retry.
        is_contacted: Was the writer contacted? At least one of the three is answered.
        solved: Is the matter solved?
        satisfied: How satisfied?
        words: In the writer's own words.
    """

    code: str
    idempotency_key: str
    is_contacted: bool | None = None
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of letters.

    Attributes:
        category_code: Its code.
        parent_code: Category above; null at the top.
        title_zh: Chinese name.
        title_en: English name.
        grade: Usual grade, 1–4; null where none.
    """

    category_code: str
    parent_code: str | None
    title_zh: str
    title_en: str | None
    grade: int | None


@dataclass(frozen=True, slots=True)
class CategoryList:
    """All categories, in order of code.

    Attributes:
        items: The categories.
        n_total: How many there are.
    """

    items: list[Category]
    n_total: int
