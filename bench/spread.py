"""Percentiles of measured times."""

import math
from collections.abc import Sequence


def percentile(times_s: Sequence[float], share: float) -> float:
    """Return the time that ``share`` of the measurements do not exceed (nearest rank)."""
    ordered = sorted(times_s)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def ms(time_s: float) -> str:
    """Return seconds as milliseconds with one decimal."""
    return f"{time_s * 1000:,.1f} ms"
