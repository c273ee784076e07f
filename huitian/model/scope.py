"""Who reads, and what they are allowed: scope, lens, Allowed."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Lens = Literal["V1", "V2", "V3"]
"""V1 public and wall, V2 working staff, V3 authorised handler (domain 06 §2)."""

LENSES: tuple[Lens, ...] = ("V1", "V2", "V3")
"""From the least to the most that is seen."""

Mask = Literal["full", "hidden", "surname", "middle", "phone", "id_number", "year", "street", "snap_500", "snap_50",
               "free_text", "source_row", "uncounted", "flag", "code", "secret"]  # fmt: skip
"""How a value is changed before it leaves; ``secret`` hides it under every lens, V3 too."""

Release = Literal["exact", "protected"]
"""Protected: counts of persons and households, released only as domain 06 §3 says."""


AboutKind = Literal["case", "household", "place"]
"""What a purpose is about: one case, the households of one home, or all homes of a place."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a reader sees more for a while; made by ``audit.purposes`` from what was stated.

    Attributes:
        taking_id: Number of the statement.
        purpose_id: Which of the declared purposes.
        ticket: Number of the piece of work.
        opens: Fields as ``entity.column``; ``entity.*`` opens all of an entity.
        about: Whether ``subject_ids`` are cases or households; a place has none.
        subject_ids: Inner ids that it is about.
        place_id: The place that it is about; None for a case or household.
        until_at: When it is over, aware UTC.
    """

    taking_id: str
    purpose_id: str
    ticket: str
    opens: frozenset[str]
    about: AboutKind
    subject_ids: frozenset[str]
    place_id: str | None
    until_at: datetime

    def opens_field(self, entity: str, column: str) -> bool:
        """Return whether it opens a field."""
        return f"{entity}.{column}" in self.opens or f"{entity}.*" in self.opens

    def opens_entity(self, entity: str) -> bool:
        """Return whether it opens any field of an entity."""
        return any(one.partition(".")[0] == entity for one in self.opens)


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a reader asks, as the audit keeps it.

    Attributes:
        address_hash: The address, hashed.
        route: The door: method and path template.
        request_id: Number of the request in the log of the server.
    """

    address_hash: str = ""
    route: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader: which subtree, through which lens, for which purpose.

    Attributes:
        user_id: Account, or ``system`` for work the product does itself, or ``public`` for the public page.
        place_id: Root of the subtree that may be read, of several the first; None means the whole city.
        lens: How personal fields are masked.
        role: Role code, for actions.
        org_id: Organisation of the account; None for the public.
        other_place_ids: Roots of further subtrees that may be read, besides ``place_id``.
        acts_as: Parts that the role plays in ladders of cases; empty: the role itself.
        grant_ids: Grants that this scope rests on; empty for who needs none.
        purposes: What its reader stated, and is not over.
        origin: From where it asks; of no matter for what it may see.
    """

    user_id: str
    place_id: str | None
    lens: Lens
    role: str
    org_id: str | None = None
    other_place_ids: tuple[str, ...] = ()
    acts_as: tuple[str, ...] = ()
    grant_ids: tuple[str, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    origin: Origin = field(default=Origin(), repr=False, compare=False)

    @property
    def place_ids(self) -> tuple[str, ...] | None:
        """Return the roots of all subtrees that may be read; None means the whole city."""
        return None if self.place_id is None else (self.place_id, *self.other_place_ids)

    def plays(self, parts: Container[str]) -> bool:
        """Return whether it plays one of some parts of a ladder."""
        return any(part in parts for part in self.acts_as or (self.role,))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Permission to read one entity, made only by ``base.planner`` (held by an AST rule).

    Every read of every port takes it first and turns it into its own filter.

    Attributes:
        entity: Name in the catalogue.
        tree_id: Tree whose edition the intervals belong to.
        edition_id: Edition in force at ``as_of``.
        intervals: Closed rank intervals ``(first, last)`` of that edition; None means everything, rows without
            a place included; empty means nothing.
        columns: Columns that may be returned and filtered on.
        masks: Column → mask to apply before a value leaves; columns not named are returned as they are.
        release: How counts may leave.
        k: Smallest protected count that may be shown.
        as_of: Aware UTC instant of the reading.
        valid_on: Day on which rows with a validity must be valid; None reads every version.
        instant_column: Column by which rows that happened after ``as_of`` are left out; empty reads all.
        asker: The person who asks; None for work that no person asked for, which is no look.
        is_wide: Whether all that stands anywhere may be inside the intervals. A hint by which a store asks itself
            first whether it is; it permits nothing.
    """

    entity: str
    tree_id: str
    edition_id: str | None
    intervals: tuple[tuple[int, int], ...] | None
    columns: tuple[str, ...]
    masks: Mapping[str, Mask]
    release: Release
    k: int
    as_of: datetime
    valid_on: date | None = None
    instant_column: str = ""
    asker: Scope | None = None
    is_wide: bool = False
