"""Closed cases that are like one, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huitian.api.wire.cases import CaseRow

Nearness = Literal["building", "estate", "community", "street", "elsewhere"]


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A closed case, how much it is like the one asked for, and how it ended.

    Attributes:
        case: The case as in a queue: ``owner_name`` is who handled it, ``solved`` and ``satisfied`` what the
            resident said.
        score: 0–1, the weighted sum of the parts.
        parts: 0–1 each: ``category``, ``place``, ``words``, ``recency``; ``words`` is null where one of the two has
            none that you may see, and adds nothing.
        nearness: The smallest area that holds both.
        reply: The last answer to the resident, masked; null where there is none, or you may not see it.
        answered_s: Seconds from the report to the answer.
        closed_s: Seconds from the report to the closing.
    """

    case: CaseRow
    score: float
    parts: Mapping[str, float | None]
    nearness: Nearness
    reply: str | None
    answered_s: int | None
    closed_s: int | None


@dataclass(frozen=True, slots=True)
class SimilarList:
    """Closed cases most like one, best first.

    Attributes:
        items: The cases; none where no closed case is of this kind.
        weights: Weight of each part.
        n_looked_at: Closed cases that were compared.
        as_of: Aware UTC instant of the reading.
    """

    items: list[SimilarCase]
    weights: Mapping[str, float]
    n_looked_at: int
    as_of: datetime
