"""Numbers that open: a definition, and what it came to for a place at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from huitian.model.query import Condition, Where
from huitian.model.scope import Release

NumberKind = Literal["count", "sum", "ratio", "score"]
"""``count`` of rows; ``sum`` of a column; ``ratio`` of rows in ``part`` to all; ``score``: mean of rated values."""

NumberState = Literal["normal", "estimate", "too_few", "below_k", "withheld", "no_data", "stale", "error"]
"""``below_k``: fewer than may be shown; ``withheld``: not shown, so that another count cannot be worked out."""

Direction = Literal["more_is_better", "less_is_better", "neutral"]
SeriesKind = Literal["flow", "stock", "none"]
"""``flow`` counts what happened inside a step, ``stock`` what there is at its end."""

Period = Literal["day", "week", "month", "hotline_month"]
"""``hotline_month`` begins on the day of the setting ``hotline_month_day``."""

ChangeBase = Literal["none", "yesterday", "last_week", "last_month", "four_weeks"]
"""``four_weeks``: the mean of the figure 7, 14, 21 and 28 days before."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A column by whose values the engine looks for what is out of the ordinary, and the words to say it in.

    Words are pairs, Chinese and English. ``{what}`` is the title of the value, ``{when}`` the part of the day,
    ``{base}`` the base of the comparison, ``{place}`` a place; ``{n}``, ``{change}``, ``{there}`` and ``{also}`` are
    figures, each with its own conditions, so that they open.

    Attributes:
        column: One of the columns of ``narrows``.
        usual_id: The same figure against ``four_weeks``, for what is not new since yesterday.
        also_id: A figure that is said too, narrowed in the same way, where it is not 0; empty for none.
        more: When there is more than usual.
        fewer: When there is less.
        at_place: Where most of it is.
        also: How ``also_id`` is said.
    """

    column: str
    usual_id: str
    more: tuple[str, str]
    fewer: tuple[str, str]
    at_place: tuple[str, str]
    also_id: str = ""
    also: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class NumberDefinition:
    """What a figure means, as data.

    Attributes:
        number_id: ``cases.open``; the part before the dot is the pack or entity that owns it.
        title_zh: Label.
        title_en: Label.
        definition_zh: One sentence.
        definition_en: One sentence.
        formula: In words and signs, with ``{n}``, ``{numerator}`` and ``{denominator}`` for the real counts.
        unit_id: Unit of ``units``.
        entity: What is counted.
        where: Which rows take part; operands may be moments (``@as_of``, ``@day_start``, ``@days_ago:30``).
        window: Conditions on time that make the period of the figure; a series puts its steps in their place.
        kind: How rows become a value.
        column: Column that is added up (``sum``) or rated (``score``).
        part: For ``ratio``: which of the rows are the numerator.
        scores: For ``score``: value of the column → points 0–1 as exact decimal text, or ``@name`` of a setting.
        instant: Column that says when a row happened, for ``flow`` series.
        series: How the figure makes a series.
        change: Base of the comparison.
        direction: Whether more is better.
        source_zh: Where the rows come from.
        source_en: Where the rows come from.
        rule_set: Version of the rule, where organisations are judged by it; empty elsewhere.
        decimals: Decimals shown.
        is_sample: Whether the rows stand for more than themselves, so that a ratio has an interval: visited
            residents do, a register does not.
        narrows: Columns by which whoever asks may narrow it: ``cases.open;category_code=A12``. Only of exact
            figures, and only columns that no lens masks.
        leaves: Of a stock: the column that says when a row left it. With ``instant`` its series follows from two
            tallies, so that it may have as many steps as a flow; all its conditions on time must be these two.
        per: ``km2`` divides a protected count by the area of its place.
        watch: How unusual values of it are found and said; None where nobody looks.
        cut: Of a protected figure, the cut of a declared cube that it is; None where it is none.
    """

    number_id: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula: str
    unit_id: str
    entity: str
    where: Where = ()
    window: Where = ()
    kind: NumberKind = "count"
    column: str = ""
    part: Where = ()
    scores: Mapping[str, str] = field(default_factory=dict)
    instant: str = ""
    series: SeriesKind = "none"
    change: ChangeBase = "none"
    direction: Direction = "neutral"
    source_zh: str = ""
    source_en: str = ""
    rule_set: str = ""
    decimals: int = 0
    is_sample: bool = False
    narrows: tuple[str, ...] = ()
    leaves: str = ""
    per: Literal["", "km2"] = ""
    watch: Watch | None = None
    cut: str | None = ""

    @property
    def period(self) -> Period:
        """The step in which its past is told: what ``window`` counts in, so that the running step is the figure.

        A window that slides (``@days_ago``) is no step: its past is told in weeks or months.
        """
        moments = {c.operand for c in self.window if isinstance(c, Condition) and isinstance(c.operand, str)}
        if "@hotline_month_start" in moments:
            return "hotline_month"
        if "@day_start" in moments:
            return "day"
        return "week" if "@days_ago:7" in moments else "month"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against its base.

    Attributes:
        value: Difference, in the unit of the figure (percentage points for ratios); None when either is missing.
        base: Which base.
        base_value: Value of the figure then.
        base_at: Aware UTC instant of the base.
        is_worse: Whether the change is for the worse; None when neither.
    """

    value: float | None
    base: ChangeBase
    base_value: float | None
    base_at: datetime
    is_worse: bool | None


@dataclass(frozen=True, slots=True)
class Number:
    """A figure for one place at one instant, as every end and the API show it.

    Attributes:
        number_id: Its definition.
        place_id: Place it is of; None for the whole city.
        as_of: Aware UTC instant it is true for.
        value: The figure, rounded once to ``decimals``; None where ``state`` says why there is none.
        n: Rows that took part; None where that itself is protected.
        numerator: Of a ratio or score, exact decimal text; None elsewhere.
        denominator: Of a ratio or score; None elsewhere.
        interval: 95 % interval of a ratio (Wilson), in the unit of the value; None elsewhere.
        state: Normal, or why there is no value.
        release: Protected figures were rounded and open to their children, never to rows.
        k: Smallest count shown, for protected figures.
        change: Against the base of the definition; None where it has none.
        released_at: Of a protected figure: aware UTC instant at which the release it is read from was counted.
    """

    number_id: str
    place_id: str | None
    as_of: datetime
    value: float | None
    n: int | None
    numerator: str | None = None
    denominator: int | None = None
    interval: tuple[float, float] | None = None
    state: NumberState = "normal"
    release: Release = "exact"
    k: int = 1
    change: Change | None = None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One step of a series.

    Attributes:
        from_at: Aware UTC start.
        to_at: Aware UTC end, not included.
        value: As ``Number.value``.
        n: As ``Number.n``.
        is_complete: False for the step that is still running.
    """

    from_at: datetime
    to_at: datetime
    value: float | None
    n: int | None
    is_complete: bool
