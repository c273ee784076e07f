"""The steps of a series: whole Asia/Shanghai hours, days, weeks (from Monday), calendar months or hotline months."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import add
from typing import Any, Literal

from huitian.clock import SHANGHAI, window_of
from huitian.model.query import Grain

StepGrain = Grain | Literal["hotline_month"]
Span = tuple[datetime, datetime]
MOST_STEPS = 400
MOST_STOCK_STEPS = 60


def step_start(at: datetime, grain: StepGrain, month_day: int = 1) -> datetime:
    """Return the start of the step an instant lies in, aware UTC; a hotline month begins on ``month_day``."""
    if grain == "hotline_month":
        return window_of(at, grain, month_day).start_at
    local = at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    if grain != "hour":
        local = local.replace(hour=0)
    if grain == "week":
        local -= timedelta(days=local.weekday())
    if grain == "month":
        local = local.replace(day=1)
    return local.astimezone(UTC)


def steps(as_of: datetime, grain: StepGrain, n_steps: int, month_day: int = 1) -> list[Span]:
    """Return the last ``n_steps`` half-open steps, the one that ``as_of`` lies in last."""
    found: list[Span] = []
    start = step_start(as_of, grain, month_day)
    end = after(start, grain, month_day)
    for _ in range(n_steps):
        found.append((start, end))
        end = start
        start = step_start(start - timedelta(seconds=1), grain, month_day)
    return found[::-1]


def after(start: datetime, grain: StepGrain, month_day: int = 1) -> datetime:
    """Return the start of the next step."""
    reach = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
    if grain in reach:
        return start + reach[grain]
    return step_start(start + timedelta(days=32), grain, month_day)


def kept_grain(grain: StepGrain) -> Grain:
    """Return the steps in which a store counts for ``grain``: it knows no hotline month, but every day of it."""
    return "day" if grain == "hotline_month" else grain


def gathered(found: Mapping[datetime, Any], spans: Sequence[Span]) -> dict[datetime, Any]:
    """Return sums by the start of the span that each key lies in; keys before the first span are left out."""
    starts = [from_at for from_at, _ in spans]
    total: dict[datetime, Any] = {}
    for at, one in found.items():
        place = bisect_right(starts, at) - 1
        if place >= 0:
            start = starts[place]
            total[start] = add(total[start], one) if start in total else one
    return total
