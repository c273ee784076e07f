"""Health, on the wire."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the process answers.

    Attributes:
        status: Always ``ok``.
    """

    status: str = "ok"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the city can be worked with.

    Attributes:
        status: ``ready`` or ``not_ready``.
        reasons: What is not as it should be; empty when ready.
        checks: State by part: ``store``, ``stream``, ``screens`` (a server without screens is ready too).
    """

    status: Annotated[str, Field(examples=["ready"])]
    reasons: list[str] = field(default_factory=list)
    checks: dict[str, str] = field(default_factory=dict)
