"""Cases: steps of an append-only log, the ladder they climb, and stories that arrive from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

CalendarKind = Literal["calendar", "working"]
Solved = Literal["solved", "partly", "unsolved"]
Satisfied = Literal["very", "yes", "basically", "no", "very_no"]
Cause = Literal["request", "retention"]
"""Why something personal was erased: somebody asked for it, or its time to be kept was over."""
HOME = "dwelling_id"
"""Field of the words of a step that has the home which the case is about: personal, as it tells who wrote."""
Status = Literal["ok", "watch", "urgent", "late", "none"]
"""By used part of the limit: < 70 %, ≥ 70 %, ≥ 90 %, past it, no clock (domain 01 §4)."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One limit of a ladder.

    Attributes:
        clock_id: ``dispatch``, ``sign``, ``contact``, ``handle``, …; two rules of one id differ in levels.
        title_zh: Chinese name.
        title_en: English name.
        starts: Actions that start it. ``visit:needs_rework`` means: where that fact is true.
        stops: Actions that stop it, written alike.
        limits_s: Limit in seconds by grade; grade 0 is what holds for every grade that is not named.
        calendar: Calendar time, or working time of the statutory calendar.
        is_main: Whether it is the limit that the case as a whole is judged by.
        levels: Ladder levels at which it starts; empty means all.
        restarts: Whether a start begins it anew while it runs; otherwise it runs on (a return buys no time).
    """

    clock_id: str
    title_zh: str
    title_en: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    limits_s: Mapping[int, int]
    calendar: CalendarKind
    is_main: bool = False
    levels: tuple[str, ...] = ()
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an action leads when one of its facts has a certain value.

    Attributes:
        fact: Name of the fact.
        equals: The value.
        to_state: State afterwards.
        clears: Columns of the projection that become missing.
        max_times: How often a case may take it; 0 means without end.
    """

    fact: str
    equals: Any
    to_state: str
    clears: tuple[str, ...] = ()
    max_times: int = 0


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
        schema: JSON Schema of ``{facts, words, file_ids}`` for the form, with ``title_zh``, ``title_en``.
        is_public: Whether the resident sees the step.
        can_undo: Whether ``undo`` may take it back.
        stays_in: States out of ``from_states`` that it leaves as they are.
        branches: Other states that it can lead to, by a fact; the first that fits.
        stamps: Columns that take the time of the step; ``contacted_at:is_contact`` where that fact is true.
        sets: Column → fact that it takes its value from, where given; ``solved:is_reached`` where that is true.
        clears: Columns that become missing.
        claims: Whether the actor's organisation becomes the owner where there is none.
        climbs: Whether the case moves to the next ladder level.
        is_remark: Whether it changes nothing that is judged; an undo looks past it.
        within_s: Seconds after ``since`` in which it can be taken; 0 means always.
        since: Column that ``within_s`` counts from; where it is missing there is no limit.
        max_per_org: How often one organisation may take it on one case; 0 means without end.
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
    stays_in: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    stamps: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    clears: tuple[str, ...] = ()
    claims: bool = False
    climbs: bool = False
    is_remark: bool = False
    within_s: int = 0
    since: str = ""
    max_per_org: int = 0


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
        effective_from: First day on which new cases are judged by it.
        effective_to: First day on which they no longer are; None while it holds.
        first_state: State of a case that has just come in.
        climbs_to: Ladder level → the level that ``escalate`` leads to.
        channels: Channel code → (level at which it comes in, letters before the case number).
        roles: Role code → (Chinese, English).
        owner_roles: Roles that act only on cases of their own organisation.
        watch_ratio: Used part of the main limit from which the case is watched.
        urgent_ratio: Used part from which it is urgent.
    """

    ladder_id: str
    rule_set: str
    states: Mapping[str, tuple[str, str]]
    open_states: tuple[str, ...]
    levels: Mapping[str, tuple[str, str]]
    actions: Mapping[str, ActionRule]
    clocks: tuple[ClockRule, ...]
    effective_from: date = date.min
    effective_to: date | None = None
    first_state: str = "pending_dispatch"
    climbs_to: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    owner_roles: tuple[str, ...] = ()
    watch_ratio: float = 0.7
    urgent_ratio: float = 0.9


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
        channel: C01 … C09 (domain 01 §2), C10 from a host outside.
        reported_at: Aware UTC.
        title: The resident's own heading; empty where there is none. Personal words.
        body: The resident's words.
        category_code: Category; None where not known.
        grade: 1–4; None takes the grade of the category.
        lon: Degrees; None where not located.
        lat: Degrees; None where not located.
        place_id: Place, where there is no point.
        building_id: Building, where known.
        dwelling_id: Home in that building, where known. Personal.
        address_note: The place in the words of the source. Personal.
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
    dwelling_id: str | None = None
    address_note: str = ""
    name: str | None = None
    phone: str | None = None
    steps: tuple[StoryStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person sends in: the form of the public page, of the hotline and of a grid worker.

    Attributes:
        body: The words, plain text; HTML and formulas stay the characters that they are.
        idempotency_key: The same key is the same letter.
        channel: C01 … C09 (domain 01 §2), C10 from a host outside.
        title: Heading; empty where there is none.
        lon: Degrees; None where no point was given.
        lat: Degrees; None where no point was given.
        place_id: Place, where there is no point.
        building_id: Building, where known.
        dwelling_id: Home, where known; empty where not. Personal.
        address_note: The place in the writer's own words. Personal.
        category_code: Category; None lets it be guessed from the words.
        grade: 1–4, by staff only; None takes that of the words and the category.
        name: Contact name.
        phone: Contact phone.
        is_anonymous: Whether the writer asked not to be named to the body that handles it.
        file_ids: Photos.
    """

    body: str
    idempotency_key: str
    channel: str = "C04"
    title: str = ""
    lon: float | None = None
    lat: float | None = None
    place_id: str | None = None
    building_id: str | None = None
    dwelling_id: str = ""
    address_note: str = ""
    category_code: str | None = None
    grade: int | None = None
    name: str | None = None
    phone: str | None = None
    is_anonymous: bool = False
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """What the writer of a letter keeps.

    Attributes:
        case_id: Inner id.
        case_no: Number for life, shown to the resident.
        follow_code: Secret for following and rating; the store keeps only its hash.
    """

    case_id: str
    case_no: str
    follow_code: str
