"""Packs by place, on the wire: what is on where, how much it is used, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from huitian.api.wire.instant import Instant
from huitian.plugin.pack import Stage

Verdict = Literal["useful", "unclear", "wrong", "missing"]
Count = Annotated[int, Field(ge=0, le=1000)]


@dataclass(frozen=True, slots=True)
class PackCard:
    """A pack that is installed.

    Attributes:
        pack_id: Its id.
        title_zh: Chinese name.
        title_en: English name.
        summary_zh: What it solves, in Chinese.
        summary_en: What it solves, in English.
        field: Field it belongs to.
        declared: Stage that it declares; what counts where nobody decided.
        is_built_in: Whether it ships with Huitian.
        n_panels: Panels by end.
        owner_name: Who answers for it, in the reader's language; null where it does not say.
        owner_contact: How to reach them, in the reader's language; null where it does not say.
    """

    pack_id: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    field: str
    declared: Stage
    is_built_in: bool
    n_panels: Mapping[str, int]
    owner_name: str | None
    owner_contact: str | None


@dataclass(frozen=True, slots=True)
class PackCell:
    """A pack in a place.

    Attributes:
        pack_id: The pack.
        stage: What counts there.
        is_own: Whether the place decided it itself.
        decided_in: Place whose decision counts; null where the pack's own declaration does.
        decided_in_name: Name of that place.
        changed_by: Who decided, in the reader's language; null under lens V1 and where nobody did.
        changed_at: When, aware UTC; null where nobody decided.
        n_shown: Times that a screen with panels of it was opened there and below, in 30 days.
        n_acted: Times that a figure of it was opened or a form of it sent, in 30 days.
        n_feedback: Remarks, of all time.
        changed_by_zh: Who decided as it is written, where it is told in English; else null.
    """

    pack_id: str
    stage: Stage
    is_own: bool
    decided_in: str | None
    decided_in_name: str | None
    changed_by: str | None
    changed_at: Instant | None
    n_shown: int
    n_acted: int
    n_feedback: int
    changed_by_zh: str | None = None


@dataclass(frozen=True, slots=True)
class PackPlace:
    """A place with all packs.

    Attributes:
        place_id: The place.
        name: Chinese name.
        name_en: English name; null where not given.
        level: Its level.
        n_children: Places directly below.
        cells: One a pack, in the order of the packs.
    """

    place_id: str
    name: str
    name_en: str | None
    level: str
    n_children: int
    cells: list[PackCell]


@dataclass(frozen=True, slots=True)
class PackBoard:
    """All packs in a place and in the places directly below.

    Attributes:
        packs: The packs.
        places: The place itself, then those directly below; empty while no place is loaded.
        can_switch: Whether you may decide there.
        as_of: Aware UTC instant of the reading.
    """

    packs: list[PackCard]
    places: list[PackPlace]
    can_switch: bool
    as_of: Instant


@dataclass(frozen=True, slots=True)
class PackSwitch:
    """A decision.

    Attributes:
        place_id: The place that it is for, with all below.
        stage: ``off``, ``pilot`` or ``on``; null takes the place's own decision back.
    """

    place_id: Annotated[str, Field(max_length=100)]
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class PackUse:
    """How often one pack was used since the last count.

    Attributes:
        pack_id: The pack.
        n_shown: Times that a screen with panels of it was opened.
        n_acted: Times that a figure of it was opened or a form of it sent.
    """

    pack_id: Annotated[str, Field(max_length=60)]
    n_shown: Count = 0
    n_acted: Count = 0


@dataclass(frozen=True, slots=True)
class PackUses:
    """Counts of one screen; who it was is not part of it.

    Attributes:
        uses: One a pack.
    """

    uses: Annotated[list[PackUse], Field(max_length=50)]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted.

    Attributes:
        n_counted: Packs whose counts rose.
    """

    n_counted: int


@dataclass(frozen=True, slots=True)
class PackRemark:
    """What is said of a panel.

    Attributes:
        panel_id: The panel.
        verdict: One word.
        idempotency_key: Made once and sent again unchanged on a retry.
        words: A sentence, or nothing; what points to a person is masked before it is kept.
    """

    panel_id: Annotated[str, Field(max_length=100)]
    verdict: Verdict
    idempotency_key: Annotated[str, Field(min_length=8, max_length=128)]
    words: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class KeptRemark:
    """The receipt of a remark.

    Attributes:
        feedback_id: Its id.
    """

    feedback_id: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as it is read; nobody can tell whose it is.

    Attributes:
        feedback_id: Its id.
        panel_id: The panel.
        panel_zh: Its title in Chinese; null where the pack has it no more.
        panel_en: Its title in English; null where the pack has it no more.
        place_id: Place of the reader who said it; null while no place is loaded.
        place_name: Its name.
        verdict: One word.
        words: A sentence; null where none was said, or your lens hides it.
        given_on: Day.
    """

    feedback_id: str
    panel_id: str
    panel_zh: str | None
    panel_en: str | None
    place_id: str | None
    place_name: str | None
    verdict: str
    words: str | None
    given_on: date


@dataclass(frozen=True, slots=True)
class UseDay:
    """Use of a pack on one day.

    Attributes:
        used_on: The day.
        n_shown: Times that a screen with panels of it was opened.
        n_acted: Times that a figure of it was opened or a form of it sent.
    """

    used_on: date
    n_shown: int
    n_acted: int


@dataclass(frozen=True, slots=True)
class RemarkList:
    """What is said of a pack, newest first, and how much it is used.

    Attributes:
        pack: The pack.
        items: The remarks.
        n_total: Remarks that match, whatever the limit.
        counts: Remarks by verdict.
        days: The last 30 days on which it was used, oldest first.
        next_cursor: Pass it as ``cursor`` for the next page; null on the last.
    """

    pack: PackCard
    items: list[Remark]
    n_total: int
    counts: Mapping[str, int]
    days: list[UseDay]
    next_cursor: str | None
