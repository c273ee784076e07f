"""What was erased of a case, on the wire."""

from dataclasses import dataclass

from huitian.api.wire.instant import Instant
from huitian.model.case import Cause


@dataclass(frozen=True, slots=True)
class Gone:
    """That something personal was erased; no archive brings it back.

    Attributes:
        gone_at: When, aware UTC.
        cause: ``request``: somebody asked for it; ``retention``: its time to be kept was over.
    """

    gone_at: Instant
    cause: Cause


@dataclass(frozen=True, slots=True)
class CaseGone:
    """What of a case was erased; null is there still, or never was.

    Attributes:
        words: What its writer and those who worked on it wrote.
        contact: Name and phone of its writer.
        photos: Every photo.
    """

    words: Gone | None = None
    contact: Gone | None = None
    photos: Gone | None = None
