"""Suggested owners of a case, on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty.

    Attributes:
        person_name: Who, in the reader's language; on the wall only the surname.
        phone: Duty phone; null on the wall, or where it is not known.
        can_do: What this person can do; null where it is not said.
        instead_of: Whom this person stands in for; null for nobody.
        ends_at: When the shift ends.
        person_name_zh: The same as it is written, where it is told in English; else null.
    """

    person_name: str | None
    phone: str | None
    can_do: str | None
    instead_of: str | None
    ends_at: datetime
    person_name_zh: str | None = None


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
        on_duty: Who of it is on duty now.
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
    on_duty: list[OnDuty]


@dataclass(frozen=True, slots=True)
class OwnerList:
    """Suggested owners, best first.

    Attributes:
        items: The suggestions.
        as_of: Aware UTC instant of the reading.
    """

    items: list[OwnerSuggestion]
    as_of: datetime
