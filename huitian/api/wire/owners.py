"""Suggested owners of a case, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OwnerSuggestion:
    """An organisation that could be in charge, and why.

    Attributes:
        org_id: The organisation.
        name: Its name.
        score: 0–1, the weighted sum of the parts.
        parts: 0–1 each: ``category``, ``area``, ``past``, ``load``.
        weights: Weight of each part.
        confidence: 0–1; below 0.5 a person should decide.
        reason_zh: One sentence.
        reason_en: One sentence.
        n_past: Cases of this category that it closed before.
    """

    org_id: str
    name: str
    score: float
    parts: Mapping[str, float]
    weights: Mapping[str, float]
    confidence: float
    reason_zh: str
    reason_en: str
    n_past: int | None


@dataclass(frozen=True, slots=True)
class OwnerList:
    """Suggested owners, best first.

    Attributes:
        items: The suggestions.
        as_of: Aware UTC instant of the reading.
    """

    items: list[OwnerSuggestion]
    as_of: datetime
