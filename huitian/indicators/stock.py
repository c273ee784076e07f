"""The series of a stock from what came and what left: two tallies, however many steps there are."""

from collections.abc import Sequence
from datetime import datetime

from huitian.base.planner import Planner
from huitian.indicators.moments import resolved
from huitian.indicators.steps import Span, StepGrain, gathered, kept_grain
from huitian.model.number import NumberDefinition, SeriesPoint
from huitian.model.query import AnyOf, Condition, Tally, Where
from huitian.model.scope import Allowed

NO_HOTLINE_DAY = 1


def timeless(definition: NumberDefinition, as_of: datetime) -> Where:
    """Return the conditions of a stock but those on when rows came and left."""
    times = {definition.instant, definition.leaves}

    def columns(item: Condition | AnyOf) -> set[str]:
        return {c.column for c in item.conditions} if isinstance(item, AnyOf) else {item.column}

    kept = tuple(item for item in definition.where if not columns(item) <= times)
    return resolved(kept, as_of, NO_HOTLINE_DAY)


def net_series(
    planner: Planner, definition: NumberDefinition, allowed: Allowed, grain: StepGrain,
    spans: Sequence[Span],
) -> list[SeriesPoint]:  # fmt: skip
    """Return how many there were at the end of each step, the running one as of now.

    A row counts from ``instant`` on until ``leaves``; one that left before it came never counts.
    """
    first_at, as_of = spans[0][0], allowed.as_of
    came, left = definition.instant, definition.leaves
    where = timeless(definition, as_of)
    there = (
        Condition(came, "lt", first_at), AnyOf((Condition(left, "is_null"), Condition(left, "ge", first_at)))
    )  # fmt: skip
    rows = planner.tally(allowed, Tally(definition.entity, (*where, *there)))
    n = int(rows[0]["n"]) if rows else 0
    entered = by_bucket(
        planner, allowed, definition, (*where, Condition(came, "ge", first_at), Condition(came, "le", as_of)),
        came, grain, spans,
    )  # fmt: skip
    gone = by_bucket(
        planner, allowed, definition,
        (*where, Condition(came, "le", as_of), Condition(left, "ge", first_at), Condition(left, "le", as_of)),
        left, grain, spans,
    )  # fmt: skip
    points = []
    for from_at, to_at in spans:
        n += entered.get(from_at, 0) - gone.get(from_at, 0)
        points.append(SeriesPoint(from_at, to_at, float(n), n, to_at <= as_of))
    return points


def by_bucket(
    planner: Planner, allowed: Allowed, definition: NumberDefinition, where: Where, column: str, grain: StepGrain,
    spans: Sequence[Span],
) -> dict[datetime, int]:  # fmt: skip
    """Return how many rows fall into each step by a column."""
    rows = planner.tally(allowed, Tally(definition.entity, where, bucket=(column, kept_grain(grain))))
    return gathered({row["bucket_at"]: int(row["n"]) for row in rows}, spans)
