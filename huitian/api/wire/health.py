"""Health, on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field

from huitian.api.wire.instant import Instant


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the process answers.

    Attributes:
        status: Always ``ok``.
    """

    status: str = "ok"


@dataclass(frozen=True, slots=True)
class ReadinessReason:
    """One thing that is not as it should be, in words that anybody may read.

    Attributes:
        code: Stable code: ``store_away``, ``store_schema``, ``store_half_made``, ``store_read_only``,
            ``stream_dead``, ``stream_trouble``, ``stream_behind``, ``disk_short``, ``clock_back``.
        part: ``store``, ``stream``, ``disk`` or ``clock``.
        is_stopping: Whether the server cannot be worked with until it is over.
        words_zh: What it is, in Chinese.
        words_en: What it is, in English.
        what_to_do_zh: What to do, in Chinese.
        what_to_do_en: What to do, in English.
    """

    code: Annotated[str, Field(examples=["disk_short"])]
    part: Annotated[str, Field(examples=["disk"])]
    is_stopping: bool
    words_zh: str
    words_en: str
    what_to_do_zh: str
    what_to_do_en: str


@dataclass(frozen=True, slots=True)
class HealthPart:
    """How one part of the running city is.

    Attributes:
        part: ``store``, ``disk``, ``clock``, ``stream``, ``workers``, ``backup``, ``retention``, ``loads``,
            ``rejects``, ``ferry``, ``queries``, ``errors`` or ``versions``.
        code: Stable code of what was looked at.
        state: ``ok``, ``warn`` or ``fail``.
        words_zh: What was found, in Chinese.
        words_en: What was found, in English.
        what_to_do_zh: What to do, in Chinese; empty where nothing is.
        what_to_do_en: What to do, in English.
        value: The figure behind it; null where there is none.
        unit: Its unit: ``MB``, ``s``, ``h``, ``n``; empty where there is none.
        as_of: When it was looked at.
    """

    part: Annotated[str, Field(examples=["disk"])]
    code: Annotated[str, Field(examples=["disk_room"])]
    state: Annotated[str, Field(examples=["ok"])]
    words_zh: str
    words_en: str
    what_to_do_zh: str
    what_to_do_en: str
    value: int | None
    unit: str
    as_of: Instant


@dataclass(frozen=True, slots=True)
class HealthPage:
    """How the running city is, for those who look after it.

    Attributes:
        state: The worst of its parts: ``ok``, ``warn`` or ``fail``.
        parts: The parts, in the order of the page.
        version: Version of Huitian.
        store: Kind of store: ``embedded`` or ``scaled``.
        started_at: When the process that answers opened its store.
        as_of: When all this was looked at.
    """

    state: Annotated[str, Field(examples=["ok"])]
    parts: list[HealthPart]
    version: str
    store: str
    started_at: datetime
    as_of: Instant


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the city can be worked with.

    Attributes:
        status: ``ready``; ``degraded``: it does what it can, such as reading; ``not_ready``.
        reasons: What is not as it should be, the worst first; empty when ready.
        checks: ``ok`` or the code of a reason by part: ``store``, ``stream``, ``disk``, ``clock``; ``screens`` is
            ``ok`` or ``not built`` (a server without screens is ready too).
    """

    status: Annotated[str, Field(examples=["ready"])]
    reasons: list[ReadinessReason] = field(default_factory=list)
    checks: dict[str, str] = field(default_factory=dict)
