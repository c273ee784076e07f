"""One authorisation for every read: ``allow(scope, entity) -> Allowed``.

Only this module makes an ``Allowed`` (held by an AST rule), so a read that goes around it cannot be written.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from huitian.base.entities import ENTITIES
from huitian.base.masks import shown
from huitian.base.places import Places
from huitian.base.roles import Roles, shipped_roles
from huitian.clock import SHANGHAI, Clock
from huitian.engine.ports import Records
from huitian.errors import NotAllowed, UnknownEntity
from huitian.model.entity import Entity
from huitian.model.query import Page, Query, Row, Tally
from huitian.model.scope import Allowed, Lens, Mask, Scope

Worth = TypeVar("Worth")


class Planner:
    """Answers what a reader may see; holds the places in memory, read again when they change."""

    def __init__(
        self, records: Records, clock: Clock, k_outside: int, k_inside: int, preferred_tree: str = "admin",
        roles: Roles | None = None,
    ) -> None:  # fmt: skip
        self.roles = roles or shipped_roles()
        self._records = records
        self._clock = clock
        self._k = {"V1": k_outside, "V2": k_inside, "V3": 1}
        self._preferred_tree = preferred_tree
        self._places: Places | None = None
        self._n_refreshed = 0
        self._lock = threading.Lock()

    @property
    def places(self) -> Places:
        """The place trees, loaded on first use."""
        found = self._places
        if found is None:
            with self._lock:
                # What was read while places changed is read again, never kept.
                while (found := self._places) is None:
                    n_refreshed = self._n_refreshed
                    loaded = Places.load(self._records, self.raw, self._preferred_tree)
                    if n_refreshed == self._n_refreshed:
                        self._places = loaded
        return found

    def refresh(self) -> None:
        """Forget the places; the next question reads them again."""
        self._n_refreshed += 1
        self._places = None

    def raw(self, entity: str) -> Allowed:
        """Return permission for all rows of an entity as stored, of every tree and edition; for numbering."""
        declared = declared_entity(entity)
        return Allowed(
            entity=entity,
            tree_id="",
            edition_id=None,
            intervals=None,
            columns=tuple(
                c.name for c in declared.columns if c.name != "place_id" or declared.standing != "anchor"
            ),
            masks={},
            release="exact",
            k=1,
            as_of=self._clock.now(),
        )

    def system(self, entity: str) -> Allowed:
        """Return permission for work that no person asked for: projections, checks, the demo.

        ``place_id`` of anchored entities is where the object stands in the default tree today.
        """
        tree_id, edition = self.places.default_tree, None
        if tree_id is not None:
            edition = self.places.edition(tree_id, self.today())
        return replace(
            self.raw(entity),
            tree_id=tree_id or "",
            edition_id=edition.edition_id if edition and entity not in {"place", "finding"} else None,
            columns=tuple(c.name for c in declared_entity(entity).columns),
        )

    def today(self) -> date:
        """Return the Asia/Shanghai date."""
        return self._clock.now().astimezone(SHANGHAI).date()

    def instant_of(self, at: date | datetime | None) -> datetime:
        """Return the instant a question is asked for: an instant as it is, a past day at its end, else now."""
        if isinstance(at, datetime):
            return at
        if at is None or at >= self.today():
            return self._clock.now()
        return datetime.combine(at + timedelta(days=1), time(), SHANGHAI) - timedelta(microseconds=1)

    def allow(
        self,
        scope: Scope,
        entity: str,
        place_id: str | None = None,
        tree_id: str | None = None,
        at: date | datetime | None = None,
        *,
        is_counting: bool = False,
    ) -> Allowed:
        """Return what this reader may see of an entity.

        Args:
            scope: The reader.
            entity: Name in the catalogue.
            place_id: Narrow to this place and all below.
            tree_id: Tree to count in; the tree of ``place_id``, else the default tree.
            at: Day or instant of the reading; None is now. Picks the edition.
            is_counting: Only protected counts are wanted, which ``indicators`` releases to every signed-in
                reader; rows stay closed to roles that may not read them.

        Returns:
            The permission. Out of scope is an empty interval list, not an error, so that nothing tells whether
            a hidden row exists.

        Raises:
            UnknownEntity: The catalogue has no such entity.
            UnknownPlace: ``place_id`` or the reader's own place is not in the edition.
            NotAllowed: The role may not read this entity at all.
        """
        declared = declared_entity(entity)
        role = self.roles.of(scope.role)
        released = is_counting and declared.release == "protected" and role.may_count(declared.group)
        if not role.may_read(declared.group) and not released:
            raise NotAllowed(why=f"{scope.role}: {entity}")
        as_of = self.instant_of(at)
        day = as_of.astimezone(SHANGHAI).date()
        places = self.places
        tree = tree_id or (place_id or "").partition(":")[0] or places.default_tree or ""
        edition = places.edition(tree, day)
        intervals: tuple[tuple[int, int], ...] | None = None
        if scope.place_id is not None and not places.is_whole_city(scope.place_id):
            intervals = places.intervals(scope.place_id, tree, day)
        if place_id is not None and not places.is_whole_city(place_id):
            intervals = intersect(intervals, places.intervals(place_id, tree, day))
        if declared.standing == "open":
            intervals = None
        elif declared.standing == "city" and (intervals is not None or not role.is_whole_city):
            intervals = ()
        return Allowed(
            entity=entity,
            tree_id=tree,
            edition_id=edition.edition_id if edition else None,
            intervals=intervals,
            columns=tuple(c.name for c in declared.columns),
            masks=masks_of(declared, scope.lens),
            release=declared.release,
            k=self._k[scope.lens],
            as_of=as_of,
            valid_on=day,
            instant_column=declared.instant if at is not None else "",
        )

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Read and mask: what a person gets. A protected entity gives no rows under V1.

        Raises:
            NotAllowed: Rows of a protected entity under lens V1.
        """
        if allowed.release == "protected" and allowed.k == self._k["V1"] and allowed.k > 1:
            raise NotAllowed(why=f"{allowed.entity}: protected")
        page = self._records.read(allowed, query)
        return Page(shown(allowed.entity, allowed.masks, page.rows), page.n_total)

    def judge(
        self, allowed: Allowed, query: Query, worth: Callable[[Row], Worth]
    ) -> tuple[Page, list[Worth]]:
        """Read rows, work out what each is worth from its true values, and mask them only then."""
        page = self._records.read(allowed, query)
        return Page(shown(allowed.entity, allowed.masks, page.rows), page.n_total), [
            worth(row) for row in page.rows
        ]

    def tally(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Count and add up. Protected counts are released by ``indicators``, not here."""
        return self._records.tally(allowed, tally)


def declared_entity(name: str) -> Entity:
    """Return the declaration of an entity.

    Raises:
        UnknownEntity: The catalogue has none of that name.
    """
    found = ENTITIES.get(name)
    if found is None:
        raise UnknownEntity(entity=name)
    return found


def masks_of(declared: Entity, lens: Lens) -> dict[str, Mask]:
    """Return the masks of an entity under a lens; V3 sees all but what is secret."""
    found: dict[str, Mask] = {}
    for c in declared.columns:
        mask = c.v1 if lens == "V1" else c.v2
        if "secret" in {c.v1, c.v2}:
            found[c.name] = "hidden"
        elif lens != "V3" and mask != "full":
            found[c.name] = mask
    return found


def intersect(
    a: tuple[tuple[int, int], ...] | None, b: tuple[tuple[int, int], ...] | None
) -> tuple[tuple[int, int], ...] | None:
    """Return the ranks in both; None stands for all ranks."""
    if a is None or b is None:
        return b if a is None else a
    both = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return tuple(sorted((first, last) for first, last in both if first <= last))
