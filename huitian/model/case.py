"""Cases: steps of an append-only log, the ladder they climb, and stories that arrive from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

CalendarKind = Literal["calendar", "working"]
Solved = Literal["solved", "partly", "unsolved"]
Satisfied = Literal["very", "yes", "basically", "no", "very_no"]
Status = Literal["ok", "watch", "urgent", "late", "none"]
"""By used part of the limit: < 70 %, ≥ 70 %, ≥ 90 %, past it, no clock (domain 01 §4)."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One limit of a ladder.

    Attributes:
        clock_id: ``dispatch``, ``sign``, ``contact``, ``handle``, ``visit``.
        title_zh: Chinese name.
        title_en: English name.
        starts: Actions that start it.
        stops: Actions that stop it.
        limits_s: Limit in seconds by grade; ``None`` key-less default under grade 0.
        calendar: Calendar time, or working time of the statutory calendar.
        is_main: Whether it is the limit that the case as a whole is judged by.
    """

    clock_id: str
    title_zh: str
    title_en: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    limits_s: Mapping[int, int]
    calendar: CalendarKind
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class ActionRule:
    """One action of a ladder: from which states, to which state, by whom, with which facts.

    Attributes:
        action: ``dispatch``, ``sign``, ….
        title_zh: Chinese word on the button.
        title_en: English word on the button.
        said_zh: Past tense for the timeline.
        said_en: Past tense for the timeline.
        from_states: States in which it can be taken; empty means any state of an open case.
        to_state: State afterwards; None leaves it.
        roles: Roles that may take it.
        schema: JSON Schema of ``facts`` and ``words`` for the form.
        is_public: Whether the resident sees the step.
        can_undo: Whether ``undo`` may take it back.
    """

    action: str
    title_zh: str
    title_en: str
    said_zh: str
    said_en: str
    from_states: tuple[str, ...]
    to_state: str | None
    roles: tuple[str, ...]
    schema: Mapping[str, Any] = field(default_factory=dict)
    is_public: bool = True
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """States, actions, clocks and levels of one kind of case, as data with a version.

    Attributes:
        ladder_id: ``letter``.
        rule_set: Version that every case judged by it names.
        states: State code → (Chinese, English), in order.
        open_states: States in which the case counts as open.
        levels: Ladder level code → (Chinese, English), in order: L0 resident … L4 prevention.
        actions: Actions by code.
        clocks: Limits.
    """

    ladder_id: str
    rule_set: str
    states: Mapping[str, tuple[str, str]]
    open_states: tuple[str, ...]
    levels: Mapping[str, tuple[str, str]]
    actions: Mapping[str, ActionRule]
    clocks: tuple[ClockRule, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case.

    Attributes:
        case_id: The case.
        step_no: 1, 2, …, without gaps.
        action: What was done.
        actor_id: Account, ``public`` for the resident, ``system`` for the product.
        actor_org_id: Organisation of the actor; None for the resident.
        taken_at: Aware UTC.
        facts: Plain facts without personal words.
        idempotency_key: The same key is the same step.
        words: Side rows by field (``body``, ``reply``, ``reason`` …); personal.
        file_ids: Photos.
    """

    case_id: str
    step_no: int
    action: str
    actor_id: str
    actor_org_id: str | None
    taken_at: datetime
    facts: Mapping[str, Any]
    idempotency_key: str
    words: Mapping[str, str] = field(default_factory=dict)
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of a story: as ``Step``, before it has a number.

    ``org_name`` names an organisation that is not known yet by id; it is made on the way in.
    """

    action: str
    taken_at: datetime
    org_id: str | None = None
    org_name: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseStory:
    """A whole case as another system or the synthetic city tells it.

    Attributes:
        source_key: Key of the case in its source; the same key is the same case.
        kind: ``letter``.
        channel: C01 … C09 (domain 01 §2).
        reported_at: Aware UTC.
        title: The resident's own heading; empty where there is none. Personal words.
        body: The resident's words.
        category_code: Category; None where not known.
        grade: 1–4; None takes the grade of the category.
        lon: Degrees; None where not located.
        lat: Degrees; None where not located.
        place_id: Place, where there is no point.
        building_id: Building, where known.
        name: Contact name; None where not given.
        phone: Contact phone; None where not given.
        steps: What followed, in order of time.
    """

    source_key: str
    kind: str
    channel: str
    reported_at: datetime
    title: str
    body: str
    category_code: str | None = None
    grade: int | None = None
    lon: float | None = None
    lat: float | None = None
    place_id: str | None = None
    building_id: str | None = None
    name: str | None = None
    phone: str | None = None
    steps: tuple[StoryStep, ...] = ()
