"""The steps of a series: whole Asia/Shanghai hours, days, weeks (from Monday) or calendar months."""

from datetime import UTC, datetime, timedelta

from huitian.clock import SHANGHAI
from huitian.model.query import Grain

MOST_STEPS = 400
MOST_STOCK_STEPS = 60


def step_start(at: datetime, grain: Grain) -> datetime:
    """Return the start of the step an instant lies in, aware UTC."""
    local = at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    if grain != "hour":
        local = local.replace(hour=0)
    if grain == "week":
        local -= timedelta(days=local.weekday())
    if grain == "month":
        local = local.replace(day=1)
    return local.astimezone(UTC)


def steps(as_of: datetime, grain: Grain, n_steps: int) -> list[tuple[datetime, datetime]]:
    """Return the last ``n_steps`` half-open steps, the one that ``as_of`` lies in last."""
    found: list[tuple[datetime, datetime]] = []
    start = step_start(as_of, grain)
    end = after(start, grain)
    for _ in range(n_steps):
        found.append((start, end))
        end = start
        start = step_start(start - timedelta(seconds=1), grain)
    return found[::-1]


def after(start: datetime, grain: Grain) -> datetime:
    """Return the start of the next step."""
    reach = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
    if grain in reach:
        return start + reach[grain]
    return step_start(start + timedelta(days=32), "month")
