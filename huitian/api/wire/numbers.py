"""Figures, on the wire: a number with its definition, so that an end can show it without asking twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huitian.model.number import ChangeBase, Direction, NumberState, Period, SeriesKind
from huitian.model.scope import Release

FigureKind = Literal["count", "ratio", "sum", "mean", "median"]


@dataclass(frozen=True, slots=True)
class NumberTerms:
    """What a figure means.

    Attributes:
        number_id: Its id; the part before the dot is the pack or entity that owns it.
        title_zh: Label.
        title_en: Label.
        definition_zh: One sentence.
        definition_en: One sentence.
        formula: In words and signs, with ``{n}``, ``{numerator}`` and ``{denominator}`` for the real counts.
        unit_zh: Unit; empty where it has none.
        unit_en: Unit; empty where it has none.
        unit_en_one: The unit of a value of 1.
        kind: How rows become a value.
        direction: Whether more is better.
        decimals: Decimals shown.
        series: Whether it makes a series: of what happened inside a step, or of what there is at its end.
        period: Step in which its past is told; the running one is the figure where it counts in such steps.
        entity: What is counted.
        source_zh: Where the rows come from.
        source_en: Where the rows come from.
        rule_set: Version of the rule organisations are judged by; null elsewhere.
        href: Address of the figure.
    """

    number_id: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula: str
    unit_zh: str
    unit_en: str
    unit_en_one: str
    kind: FigureKind
    direction: Direction
    decimals: int
    series: SeriesKind
    period: Period
    entity: str
    source_zh: str
    source_en: str
    rule_set: str | None
    href: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure against its base.

    Attributes:
        value: Difference in the unit of the figure, percentage points for ratios; null when either is missing.
        base: Which base.
        base_zh: The base in words.
        base_en: The base in words.
        base_value: Value of the figure then.
        base_at: Aware UTC instant of the base.
        is_worse: Whether the change is for the worse; null when neither.
    """

    value: float | None
    base: ChangeBase
    base_zh: str
    base_en: str
    base_value: float | None
    base_at: datetime
    is_worse: bool | None


@dataclass(frozen=True, slots=True)
class Figure(NumberTerms):
    """A figure for one place at one instant, with its definition.

    Attributes:
        place_id: Place it is of; null for the whole city.
        place_name: Name of the place.
        as_of: Aware UTC instant it is true for.
        value: The figure in its unit (a ratio in per cent), rounded once; null where ``state`` says why.
        n: Rows that took part; null where that itself is protected.
        numerator: Of a ratio or mean; null elsewhere.
        denominator: Of a ratio or mean; null elsewhere.
        interval: 95 % interval of a ratio (Wilson) in the unit of the value; null elsewhere.
        state: Normal, or why there is no value.
        release: Protected figures open to their children, never to rows.
        k: Smallest count shown, for protected figures.
        change: Against the base of the definition; null where it has none.
        released_at: When a protected figure was counted for its release; null of an exact one.
    """

    place_id: str | None
    place_name: str
    as_of: datetime
    value: float | None
    n: int | None
    numerator: float | None
    denominator: int | None
    interval: tuple[float, float] | None
    state: NumberState
    release: Release
    k: int
    change: FigureChange | None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """The figure of one place directly below.

    Attributes:
        place_id: The place.
        name: Its Chinese name.
        name_en: Its English name; null where not given.
        number: Its figure.
    """

    place_id: str
    name: str
    name_en: str | None
    number: Figure


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One step of a series.

    Attributes:
        from_at: Aware UTC start.
        to_at: Aware UTC end, not included.
        is_complete: False for the step that is still running.
        number: The figure of the step.
    """

    from_at: datetime
    to_at: datetime
    is_complete: bool
    number: Figure
