"""Who may see what, worked out by hand: nothing here asks the planner.

Whether a place lies below another is found by walking up the parents that were drawn; which role may see what
under which lens is a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huitian.model.scope import Lens

WHOLE_CITY = ("leader", "dispatcher", "data_admin", "auditor")
OF_PLACES = ("street_dispatcher", "department", "committee", "grid_worker")
STAFF = frozenset(WHOLE_CITY + OF_PLACES)
HANDLERS = STAFF - {"leader"}
IDENTITY = frozenset({"committee", "street_dispatcher"})
"""Roles that state a purpose for which names of residents are shown."""
LOOKS = frozenset({"committee", "street_dispatcher", "auditor"})
"""Roles that see whose data was looked at in their place: of whom by inner id, whatever their lens."""
V2_AT_MOST = frozenset({"leader", "data_admin", "auditor"})
"""Roles to which more is not shown, whatever lens they were given."""


@dataclass(frozen=True, slots=True)
class User:
    """Who reads; nobody signed in has the role ``public``.

    Attributes:
        name: Of the account.
        role: Of the account.
        lens: Of the account.
        place_id: The place it is bound to.
        is_stated: Whether every purpose that the role has was stated about everything in this place.
    """

    name: str
    role: str
    lens: Lens
    place_id: str | None
    is_stated: bool = False


@dataclass(frozen=True, slots=True)
class Canary:
    """A string that was planted.

    Attributes:
        kind: What it is: a row of ``MAY_SEE``.
        place_id: Where it stands; None where it belongs to the whole city.
        told: How it would read.
        case_id: Of a home: the case that is about it.
    """

    kind: str
    place_id: str | None
    told: bytes
    case_id: bytes = b""


def staff(role: str, lens: str) -> bool:
    """Whoever works for the city."""
    return role in STAFF


def nobody(_role: str, _lens: str) -> bool:
    """Nobody at all."""
    return False


MAY_SEE: Mapping[str, Callable[[str, str], bool]] = {
    "case_id": staff,
    "words": lambda role, lens: role in STAFF and lens != "V1",
    "address_note": lambda role, lens: role in STAFF and lens != "V1",
    "note": lambda role, lens: role in STAFF and lens != "V1",
    "point": lambda role, lens: role in STAFF and lens != "V1",
    "room_no": lambda role, lens: role in STAFF and lens != "V1",
    "dwelling_id": staff,
    "household_id": lambda role, lens: (role in HANDLERS and lens == "V3") or role in LOOKS,
    "person_id": lambda role, lens: (role in HANDLERS and lens == "V3") or role in LOOKS,
    "photo": lambda role, lens: role in HANDLERS and lens != "V1",
    "text_phone": lambda role, lens: role in STAFF and lens == "V3",
    "text_id_number": lambda role, lens: role in STAFF and lens == "V3",
    "home": lambda role, lens: role in STAFF and lens == "V3",
    "text_plate": lambda role, lens: role in STAFF and lens == "V3",
    "name": lambda role, lens: role in HANDLERS and lens == "V3",
    "phone": lambda role, lens: role in HANDLERS and lens == "V3",
    "duty_phone": lambda role, lens: lens != "V1",
    **dict.fromkeys(
        ("person_name", "person_phone", "person_id_number"),
        lambda role, lens: role in IDENTITY and lens == "V3",
    ),
    **dict.fromkeys(("anonymous_name", "exif", "secret"), nobody),
    # No purpose opens these, so lens V3 alone shows no more of them than V2.
    **dict.fromkeys(("n_residents", "finding", "source"), nobody),
}  # fmt: skip
"""Kind of canary → whether a role may see it under a lens, where it stands in the reader's place (domain 06 §2)."""


def may_see(user: User, canary: Canary, parents: Mapping[str, str | None]) -> bool:
    """Return whether a reader may see a canary of the own city."""
    # Lens V3 without a purpose has the masks of V2.
    lens = user.lens if user.is_stated and user.role not in V2_AT_MOST else min(user.lens, "V2")
    return MAY_SEE[canary.kind](user.role, lens) and lies_in(canary.place_id, user.place_id, parents)


def lies_in(place_id: str | None, root: str | None, parents: Mapping[str, str | None]) -> bool:
    """Walk up from a place: is the root among what is above it?"""
    if root is None or parents[root] is None:
        return True
    while place_id is not None and place_id != root:
        place_id = parents[place_id]
    return place_id == root
