"""Time buckets: whole hours and days come from the store, weeks and months are added up here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from huitian.engine.columns import EPOCH
from huitian.engine.statements import SHANGHAI_OFFSET
from huitian.model.query import Grain, Row


def bucket_start(bucket_no: int, grain: Grain) -> datetime:
    """Return the aware UTC start of the Asia/Shanghai hour, day, week (Monday) or month of a bucket number."""
    if grain == "hour":
        return EPOCH + timedelta(hours=bucket_no) - SHANGHAI_OFFSET
    local = EPOCH + timedelta(days=bucket_no)
    if grain == "week":
        local -= timedelta(days=local.weekday())
    elif grain == "month":
        local = local.replace(day=1)
    return local - SHANGHAI_OFFSET


def add_up(rows: Iterable[Row], grain: Grain, groups: tuple[str, ...]) -> list[Row]:
    """Merge rows with ``bucket_no`` into rows with ``bucket_at``, adding ``n`` and ``sum_…``."""
    merged: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        number = row.pop("bucket_no")
        at = None if number is None else bucket_start(int(number), grain)
        key = (at, *(row[g] for g in groups))
        into = merged.get(key)
        if into is None:
            merged[key] = {"bucket_at": at, **row}
            continue
        for name, value in row.items():
            if (name == "n" or name.startswith("sum_")) and value is not None:
                into[name] = value if into[name] is None else into[name] + value
    return sorted(merged.values(), key=lambda r: (r["bucket_at"] is None, r["bucket_at"] or EPOCH))
