"""Who reads, and what they are allowed: scope, lens, Allowed."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader: which subtree, through which lens, for which purpose.

    Attributes:
        user_id: Account, or ``system`` for work the product does itself, or ``public`` for the public page.
        place_id: Root of the subtree that may be read, of several the first; None means the whole city.
        lens: How personal fields are masked.
        role: Role code, for actions.
        org_id: Organisation of the account; None for the public.
        purpose: Why; recorded in the audit later.
        other_place_ids: Roots of further subtrees that may be read, besides ``place_id``.
        acts_as: Parts that the role plays in ladders of cases; empty: the role itself.
        grant_ids: Grants that this scope rests on; empty for who needs none.
    """

    user_id: str
    place_id: str | None
    lens: Lens
    role: str
    org_id: str | None = None
    purpose: str = "operate"
    other_place_ids: tuple[str, ...] = ()
    acts_as: tuple[str, ...] = ()
    grant_ids: tuple[str, ...] = ()

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
