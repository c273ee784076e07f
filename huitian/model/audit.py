"""What the audit keeps: one entry a look, change, export or grant; ids only, never words about a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Act = Literal["look", "change", "export", "grant", "purpose", "erase", "token", "sign_in"]
ACTS: tuple[Act, ...] = ("look", "change", "export", "grant", "purpose", "erase", "token", "sign_in")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose: one thing that was looked at or changed.

    Attributes:
        entity: Name in the catalogue.
        subject_id: Its inner id.
        place_id: Where it stood then, so that its community finds it, whatever edition of places holds later.
    """

    entity: str
    subject_id: str
    place_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit, before it has its number.

    Attributes:
        act: What was done.
        user_id: Who did it; ``system`` for the product itself.
        role: Role that was used.
        lens: Lens that was used.
        grant_ids: Grants that allowed it.
        entity: Entity of the catalogue.
        fields: Fields that were seen or changed.
        subjects: Whose.
        place_id: Where it was asked for.
        purpose_id: Why; empty where no purpose is needed.
        ticket: Number of the piece of work it was done for.
        address_hash: From which address, hashed.
        route: Which door: method and path template, or a command.
        request_id: Number of the request, as in the log of the server.
        details: Plain JSON: strings, whole numbers, booleans, lists and mappings of them. No personal words.
        at: When; None is now.
    """

    act: Act
    user_id: str
    role: str = ""
    lens: str = ""
    grant_ids: tuple[str, ...] = ()
    entity: str = ""
    fields: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    place_id: str | None = None
    purpose_id: str = ""
    ticket: str = ""
    address_hash: str = ""
    route: str = ""
    request_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: kept outside, it proves later that nothing before it was taken away.

    Attributes:
        seq: Number of the last row; 0 for an empty chain.
        row_hash: Its hash.
    """

    seq: int
    row_hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.row_hash}"
