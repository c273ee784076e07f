"""One authorisation for every read: ``allow(scope, entity) -> Allowed``.

Only this module makes an ``Allowed`` (held by an AST rule), so a read that goes around it cannot be written.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from huitian.base.entities import ENTITIES
from huitian.base.masks import shown
from huitian.base.opening import (
    covers,
    look_of,
    narrowing,
    needed,
    only_asked,
    opened,
    subject_entity,
    subject_key,
    unopened,
)
from huitian.base.places import Places
from huitian.base.roles import SYSTEM, Roles, shipped_roles
from huitian.clock import SHANGHAI, Clock
from huitian.engine.ports import Records
from huitian.errors import AuditUnwritten, NotAllowed, PurposeMissing, UnknownEntity
from huitian.model.audit import Entry
from huitian.model.entity import Entity
from huitian.model.query import AnyOf, Condition, Page, Query, Row, Tally
from huitian.model.scope import Allowed, Lens, Mask, Purpose, Scope

Worth = TypeVar("Worth")
IDENTITY = ("name", "phone", "id_number")
OF_PLACES = frozenset({"household", "occupancy", "person"})
"""What a purpose about a place may open."""
WITHOUT_PURPOSE: dict[Lens, Lens] = {"V1": "V1", "V2": "V2", "V3": "V2"}
"""What a lens sees without a stated purpose."""


class Planner:
    """Answers what a reader may see; holds the places in memory, read again when they change."""

    def __init__(
        self, records: Records, clock: Clock, k_outside: int, k_inside: int, preferred_tree: str = "admin",
        roles: Roles | None = None,
    ) -> None:  # fmt: skip
        self.roles = roles or shipped_roles()
        self.record: Callable[[Entry], int] | None = None
        """What writes a look into the audit; ``app`` gives it. Without it nobody can look."""
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
        role, is_system = self.roles.of(scope.role), scope.role == SYSTEM
        released = is_counting and declared.release == "protected" and role.may_count(declared.group)
        if not role.may_read(declared.group) and not released:
            raise NotAllowed(why=f"{scope.role}: {entity}")
        as_of = self.instant_of(at)
        day = as_of.astimezone(SHANGHAI).date()
        places = self.places
        tree = tree_id or (place_id or "").partition(":")[0] or places.default_tree or ""
        edition = places.edition(tree, day)
        intervals: tuple[tuple[int, int], ...] | None = None
        if scope.place_ids is not None and not any(places.is_whole_city(p) for p in scope.place_ids):
            intervals = united(pair for p in scope.place_ids for pair in places.intervals(p, tree, day))
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
            masks=masks_of(declared, scope.lens if is_system else WITHOUT_PURPOSE[scope.lens]),
            release=declared.release,
            k=self._k[scope.lens],
            as_of=as_of,
            valid_on=day,
            instant_column=declared.instant if at is not None else "",
            asker=None if is_system else scope,
            is_wide=edition is not None and places.is_wide(edition.edition_id, intervals),
        )

    def is_inside(self, place_id: str | None, roots: Iterable[str] | None) -> bool:
        """Return whether a place and all below lie in one of some subtrees today; None stands for the whole city."""
        places, today = self.places, self.today()
        known = None if roots is None else tuple(roots)
        if known is None or any(places.is_whole_city(root) for root in known):
            return True
        if place_id is None or place_id not in places.by_id:
            return False
        tree = place_id.partition(":")[0]
        inner = places.intervals(place_id, tree, today)
        own = [pair for root in known for pair in places.intervals(root, tree, today)]
        return bool(inner) and any(a <= inner[0][0] and inner[0][1] <= b for a, b in own)

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Read and mask: what a person gets; a look at a person is in the audit before this returns.

        A protected entity gives no rows under V1, and under V2 and V3 only those that a stated purpose is about.
        What a lens V3 sees without masks, it sees only in rows and fields that a purpose opens.

        Raises:
            NotAllowed: Rows of a protected entity under lens V1.
            PurposeMissing: Rows of a protected entity, and no purpose for them.
            AuditUnwritten: The look could not be recorded.
        """
        scope = allowed.asker
        if allowed.release == "protected" and scope is not None and scope.lens == "V1":
            raise NotAllowed(why=f"{allowed.entity}: protected")
        if scope is None:
            page = self._records.read(allowed, query)
            return Page(shown(allowed.entity, allowed.masks, page.rows), page.n_total)
        purposes = self._live(scope, allowed.entity)
        if allowed.release == "protected":
            allowed, query, purposes = self._for_purpose(allowed, query, purposes)
        if not purposes:
            page = self._records.read(allowed, query)
            return Page(shown(allowed.entity, allowed.masks, page.rows), page.n_total)
        page = self._records.read(allowed, needed(declared_entity(allowed.entity), query))
        return Page(
            only_asked(self._opened(allowed, scope, purposes, page.rows, query.columns), query), page.n_total
        )

    def identities(self, scope: Scope, persons: Sequence[Row]) -> list[Row]:
        """Return who persons are that this reader was given as rows of ``person``, as far as a purpose opens it.

        Raises:
            AuditUnwritten: The look could not be recorded.
        """
        purposes = self._live(scope, "person_identity")
        of = {row["person_id"]: row for row in persons}
        if not purposes or not of:
            return []
        allowed = replace(
            self.raw("person_identity"), masks=masks_of(ENTITIES["person_identity"], "V2"), asker=scope
        )
        query = Query("person_identity", (Condition("person_id", "in", sorted(of)),), limit=len(of))
        rows = [row | {n: of[row["person_id"]].get(n) for n in ("household_id", "place_id")}
                for row in self._records.read(allowed, query).rows]  # fmt: skip
        return self._opened(
            allowed, scope, purposes, [r for r in rows if any(covers(p, r) for p in purposes)], IDENTITY
        )

    def looked(self, scope: Scope, entity: str, field: str, rows: Sequence[Row]) -> None:
        """Record a look at what is no column: the content of a photo. Rows say whose, by the key of the entity.

        Raises:
            AuditUnwritten: It could not be recorded.
        """
        if scope.role != SYSTEM and rows:
            declared = declared_entity(entity)
            purpose = next(
                (p for p in self._live(scope, entity) if any(covers(p, row) for row in rows)), None
            )
            self._record(scope, declared, purpose, {field: set(range(len(rows)))}, rows)

    def _live(self, scope: Scope, entity: str) -> tuple[Purpose, ...]:
        """Return the purposes of a reader that open something of an entity now."""
        now = self._clock.now()
        live = (p for p in scope.purposes if p.until_at > now and p.opens_entity(entity))
        # Of a place the store narrows the rows, which it does for those that stand in one themselves.
        return tuple(p for p in live if p.about != "place" or entity in OF_PLACES)

    def _for_purpose(
        self, allowed: Allowed, query: Query, purposes: tuple[Purpose, ...]
    ) -> tuple[Allowed, Query, tuple[Purpose, ...]]:
        """Narrow a read of protected rows to what its purpose is about.

        Raises:
            PurposeMissing: There is none, or none for a field that it filters or sorts by.
        """
        rests_on = narrowing(purposes, query)
        if not rests_on:
            raise PurposeMissing(entity=allowed.entity, fields="*")
        if left := unopened(declared_entity(allowed.entity), query, rests_on):
            raise PurposeMissing(entity=allowed.entity, fields=", ".join(left))
        if rests_on[0].about == "household":
            ids = sorted(one for p in rests_on for one in p.subject_ids)
            where = (*query.where, Condition("household_id", "in", ids))
            return allowed, replace(query, where=where), rests_on
        day = allowed.as_of.astimezone(SHANGHAI).date()
        ranks = united(
            pair for p in rests_on for pair in self.places.intervals(p.place_id or "", allowed.tree_id, day)
        )
        return replace(allowed, intervals=intersect(allowed.intervals, ranks)), query, rests_on

    def _opened(
        self, allowed: Allowed, scope: Scope, purposes: Sequence[Purpose], rows: Sequence[Row],
        asked: Sequence[str],
    ) -> list[Row]:  # fmt: skip
        """Return rows with what their purpose opens, the look at what was asked for recorded; empty asks for all."""
        declared = declared_entity(allowed.entity)
        shown_rows, seen = opened(
            allowed.entity, allowed.masks, purposes, rows,
            is_v3=scope.lens == "V3", belongs=self._belonging(allowed, purposes),
        )  # fmt: skip
        for purpose, all_fields in seen.items():
            fields = {name: numbers for name, numbers in all_fields.items() if not asked or name in asked}
            if not fields:
                continue
            # Under V2 the masks stay: then only rows of persons and households are a look, not a masked phone.
            if scope.lens == "V3" or declared.release == "protected":
                self._record(scope, declared, purpose, fields, rows)
        return shown_rows

    def _belonging(self, allowed: Allowed, purposes: Sequence[Purpose]) -> Callable[[Purpose, Row], bool]:
        """Return what tells whether a row belongs to what a purpose is about, places on the day of the reading."""
        day = allowed.as_of.astimezone(SHANGHAI).date()
        of_places = {
            p.taking_id: self.places.intervals(p.place_id, allowed.tree_id, day)
            for p in purposes if p.about == "place" and p.place_id is not None
        }  # fmt: skip

        def belongs(purpose: Purpose, row: Row) -> bool:
            if purpose.about != "place":
                return covers(purpose, row)
            node = self.places.node(row.get("place_id") or "", day)
            ranks = of_places.get(purpose.taking_id, ())
            return node is not None and any(first <= node.rank <= last for first, last in ranks)

        return belongs

    def _record(
        self, scope: Scope, declared: Entity, purpose: Purpose | None, fields: Mapping[str, set[int]],
        rows: Sequence[Row],
    ) -> None:  # fmt: skip
        places = self._standing(subject_entity(declared), {str(row[subject_key(declared)]) for row in rows})
        if self.record is None:
            raise AuditUnwritten(why="no audit")
        self.record(look_of(scope, declared, purpose, fields, rows, places))

    def _standing(self, entity: str, ids: set[str]) -> dict[str, str | None]:
        """Return where objects with anchors of their own stand today in the default tree."""
        if entity != "case":
            return {}
        today = self.today()
        query = Query("anchor", (
            Condition("entity", "eq", entity), Condition("object_id", "in", sorted(ids)),
            Condition("tree_id", "eq", self.places.default_tree or ""), Condition("valid_from", "le", today),
            AnyOf((Condition("valid_to", "is_null"), Condition("valid_to", "gt", today)))),
            columns=("object_id", "place_id"), limit=len(ids))  # fmt: skip
        rows = self._records.read(self.system("anchor"), query).rows
        return {row["object_id"]: row["place_id"] for row in rows}

    def judge(
        self, allowed: Allowed, query: Query, worth: Callable[[Row], Worth]
    ) -> tuple[Page, list[Worth]]:
        """Read rows, work out what each is worth from its true values, and mask them only then."""
        if allowed.release == "protected" and allowed.asker is not None:
            raise PurposeMissing(entity=allowed.entity, fields="*")
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


def united(ranks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return ranks in as few intervals as hold them, in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranks):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def intersect(
    a: tuple[tuple[int, int], ...] | None, b: tuple[tuple[int, int], ...] | None
) -> tuple[tuple[int, int], ...] | None:
    """Return the ranks in both; None stands for all ranks."""
    if a is None or b is None:
        return b if a is None else a
    both = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return tuple(sorted((first, last) for first, last in both if first <= last))
