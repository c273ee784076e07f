"""Cases, on the wire: the row of a queue, the page with its log, and what a person sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from huitian.api.wire.gone import CaseGone
from huitian.model.case import CalendarKind, Satisfied, Solved, Status


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as one row of a queue.

    Attributes:
        case_id: Inner id.
        case_no: Number for life.
        kind: ``letter``.
        channel: C01 … C10.
        ladder_id: Its ladder.
        rule_set: Version of the rules it is judged by.
        category_code: Category; null where not known.
        category_title: Name of the category.
        grade: 1–4; null where not known.
        state: State code.
        ladder_level: Ladder level.
        version: Number of its newest step; sent back as ``expected_version``.
        title: Short words, masked by the lens.
        place_id: Where it stands; null where it is not located.
        place_name: Name of that place.
        place_path: Names from below the root down, ``天通苑北街道 / 三区``.
        owner_org_id: Who is in charge; null while nobody is.
        owner_name: Name of the owner.
        building_id: Building, where known and visible.
        located_by: How it was located; null where it is not.
        lon: Degrees, masked by the lens; null where not located.
        lat: Degrees, masked by the lens; null where not located.
        reported_at: Aware UTC.
        dispatched_at: Aware UTC; null where not yet.
        signed_at: Aware UTC; null where not yet.
        contacted_at: Aware UTC; null where not yet.
        replied_at: Aware UTC; null where not yet.
        visited_at: Aware UTC; null where not yet.
        closed_at: Aware UTC; null while open.
        due_at: When its main limit ends; null where no clock runs.
        watch_at: When 70 % of it is used.
        urgent_at: When 90 % of it is used.
        is_contacted: What the resident said; null before.
        solved: What the resident said; null before.
        satisfied: What the resident said; null before.
        n_files: Photos.
        status: By the used part of the main limit.
        left_s: Seconds left of it, negative when late; null where no clock runs.
        is_mine: Whether the reader's organisation is in charge.
    """

    case_id: str
    case_no: str
    kind: str
    channel: str | None
    ladder_id: str
    rule_set: str
    category_code: str | None
    category_title: str | None
    grade: int | None
    state: str
    ladder_level: str | None
    version: int
    title: str
    place_id: str | None
    place_name: str | None
    place_path: str | None
    owner_org_id: str | None
    owner_name: str | None
    building_id: str | None
    located_by: str | None
    lon: float | None
    lat: float | None
    reported_at: datetime
    dispatched_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None
    visited_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    watch_at: datetime | None
    urgent_at: datetime | None
    is_contacted: bool | None
    solved: Solved | None
    satisfied: Satisfied | None
    n_files: int | None
    status: Status
    left_s: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class SoonerLimit:
    """A limit of a case that ends before its main one, as that of the first contact may.

    Attributes:
        clock_id: ``sign``, ``contact``, ….
        title_zh: Chinese name.
        title_en: English name.
        due_at: When it ends, aware UTC.
        watch_at: When 70 % of it is used.
        urgent_at: When 90 % of it is used.
    """

    clock_id: str
    title_zh: str
    title_en: str
    due_at: datetime
    watch_at: datetime
    urgent_at: datetime


@dataclass(frozen=True, slots=True)
class CaseInQueue(CaseRow):
    """A case as one row of a queue, with what is due first.

    Attributes:
        sooner: The limit that ends before the main one; null where the main one is next, or it was not asked for.
    """

    sooner: SoonerLimit | None


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of the queue.

    Attributes:
        items: The cases.
        n_total: Cases that match, whatever the limit.
        counts: Cases by state, under the same filters but for the state.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
        as_of: Aware UTC instant of the reading.
        n_searched: Letters that were opened to look for words; null where none were looked for.
        is_whole: Whether those were all that you may see; if not, older letters may have the words, too.
    """

    items: list[CaseInQueue]
    n_total: int
    counts: Mapping[str, int]
    next_cursor: str | None
    as_of: datetime
    n_searched: int | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class CaseContact:
    """Who wrote, masked by the lens.

    Attributes:
        name: Contact name; null where not given or hidden.
        phone: Contact phone; null where not given or hidden.
        is_anonymous: Whether the writer asked not to be named to the body that handles it.
    """

    name: str | None
    phone: str | None
    is_anonymous: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A photo of a step.

    Attributes:
        file_id: The file.
        role: What it shows: ``before``, ``after``, ….
    """

    file_id: str
    role: str | None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of the log.

    Attributes:
        step_no: 1, 2, ….
        action: What was done.
        title_zh: Past tense for the timeline.
        title_en: Past tense for the timeline.
        actor_name: Who did it, in the reader's language; null where it is not told.
        org_name: Organisation of the actor; null for the resident.
        taken_at: Aware UTC.
        words: What was written, masked by the lens, by field.
        facts: Plain facts.
        files: Photos.
        actor_name_zh: Who did it as it is written, where it is told in English; else null.
    """

    step_no: int
    action: str
    title_zh: str
    title_en: str
    actor_name: str | None
    org_name: str | None
    taken_at: datetime
    words: Mapping[str, str | None]
    facts: Mapping[str, Any]
    files: list[CaseFile]
    actor_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One limit of the case.

    Attributes:
        clock_id: ``dispatch``, ``sign``, ``contact``, ``handle``, ….
        title_zh: Chinese name.
        title_en: English name.
        started_at: Aware UTC; null where it has not begun.
        due_at: Aware UTC; null where it has not begun.
        stopped_at: Aware UTC; null while it runs.
        limit_s: The limit in seconds.
        used_ratio: Used part; above 1 when late; null where it has not begun.
        status: By the used part.
        calendar: Calendar or working time.
    """

    clock_id: str
    title_zh: str
    title_en: str
    started_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    limit_s: int | None
    used_ratio: float | None
    status: Status
    calendar: CalendarKind


@dataclass(frozen=True, slots=True)
class CaseAction:
    """One action of the ladder, and whether this reader can take it now.

    Attributes:
        action: Its code.
        title_zh: Word on the button.
        title_en: Word on the button.
        schema: JSON Schema of ``{facts, words, file_ids}``.
        can: Whether it can be taken.
        why_not: Why not, in the reader's language; null where it can.
        why_not_zh: The same in Chinese.
        why_not_en: The same in English.
    """

    action: str
    title_zh: str
    title_en: str
    schema: Mapping[str, Any]
    can: bool
    why_not: str | None
    why_not_zh: str | None
    why_not_en: str | None


@dataclass(frozen=True, slots=True)
class CaseHome:
    """The home that a case is about.

    Attributes:
        dwelling_id: Its code.
        unit_no: Its unit.
        floor_no: Its floor.
        room_no: Room number.
    """

    dwelling_id: str
    unit_no: str | None
    floor_no: int | None
    room_no: str | None


@dataclass(frozen=True, slots=True)
class CasePage(CaseInQueue):
    """A case with its words, log, clocks and what can be done.

    Attributes:
        words: The writer's words by field (``title``, ``body``, ``address_note``), masked by the lens.
        contact: Who wrote; null where the reader may not know.
        steps: The log, oldest first.
        clocks: Limits.
        actions: Actions of the ladder.
        similar: Open cases of the same category near by.
        gone: What of it was erased.
        has_home: Whether it is known which home it is about.
        home: That home; null where it is not known, or the reader stated no purpose about the case.
    """

    words: Mapping[str, str | None]
    contact: CaseContact | None
    steps: list[CaseStep]
    clocks: list[CaseClock]
    actions: list[CaseAction]
    similar: list[CaseRow]
    gone: CaseGone
    has_home: bool
    home: CaseHome | None


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A step was taken, and with it the case left what the reader may see.

    Attributes:
        case_id: Inner id.
        version: Version of the case after the step.
        moved_zh: What happened, in Chinese.
        moved_en: In English.
    """

    case_id: str
    version: int
    moved_zh: str
    moved_en: str


@dataclass(frozen=True, slots=True)
class StepToTake:
    """A step that a person takes.

    Attributes:
        action: Action code of the ladder.
        expected_version: ``version`` of the case as it was seen.
        idempotency_key: Made once per intended step and sent again unchanged on a retry.
        facts: Plain facts, by the schema of the action.
        words: Texts by field, by the schema of the action.
        file_ids: Photos that were uploaded before.
    """

    action: str
    expected_version: int
    idempotency_key: str
    facts: dict[str, JsonValue] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    file_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case that was just reported.

    Attributes:
        case_id: Inner id.
        case_no: Number for life.
    """

    case_id: str
    case_no: str
