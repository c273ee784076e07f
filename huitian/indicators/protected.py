"""Figures of persons and households: answered from what was released, never counted for whoever asks (domain 06 §3).

Under V1 there is only the release for outside. Under V2 a figure or a declared cut is that of the release for staff;
any other filter is counted exactly inside the reader's own subtree, as everything is under V3, for roles that may
read the rows themselves. An exact count is a look at persons and goes into the audit before it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huitian.base.planner import Planner
from huitian.errors import AuditUnwritten, CutNotDeclared, NotAllowed
from huitian.indicators.cubes.declared import Audience, Cube
from huitian.indicators.cubes.kept import Releases
from huitian.model.audit import Entry, Subject
from huitian.model.number import NumberDefinition, NumberState
from huitian.model.place import PlaceNode
from huitian.model.scope import Allowed, Scope

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Protected:
    """A protected count as it leaves.

    Attributes:
        n: The count; None where it is not shown.
        state: Normal, or why there is none.
        k: Smallest count shown.
        released_at: When what was released was counted; None of an exact count.
    """

    n: int | None
    state: NumberState
    k: int
    released_at: datetime | None


NOTHING = Protected(None, "no_data", 1, None)


class ProtectedFigures:
    """Reads releases for figures.

    Args:
        planner: Permission for every read.
        releases: What was released; None in a city without a release.
    """

    def __init__(self, planner: Planner, releases: Releases | None) -> None:
        self._planner = planner
        self._releases = releases

    @property
    def cubes(self) -> tuple[Cube, ...]:
        """The declared cubes."""
        return self._releases.cubes if self._releases else ()

    def is_exact(self, scope: Scope, definition: NumberDefinition, place_id: str | None) -> bool:
        """Return whether this reader gets this figure counted exactly.

        Raises:
            CutNotDeclared: It is no cut of a declared cube, and the reader may not count freely.
            AuditUnwritten: It is a look, and could not be recorded.
        """
        is_cut = definition.cut is not None
        if scope.lens == "V1" or (scope.lens == "V2" and is_cut):
            may_count = False
        else:
            try:
                self._planner.allow(scope, definition.entity, place_id)
            except NotAllowed:
                may_count = False
            else:
                may_count = True
        if not may_count and not is_cut:
            known = sorted(
                {d.name for c in self.cubes if c.entity == definition.entity for d in c.dimensions}
            )
            raise CutNotDeclared(number_id=definition.number_id, known=", ".join(known))
        if may_count and scope.role != SYSTEM:
            if self._planner.record is None:
                raise AuditUnwritten(why="no audit")
            self._planner.record(look_of(scope, definition, place_id))
        return may_count

    def at_place(self, scope: Scope, definition: NumberDefinition, allowed: Allowed) -> Protected:
        """Return what was released of the place that a permission covers; of no whole place there is nothing."""
        node = self.place_of(allowed)
        if node is None:
            return NOTHING
        return self.at_places(scope, definition, allowed, [node.place_id]).get(node.place_id, NOTHING)

    def at_places(
        self, scope: Scope, definition: NumberDefinition, allowed: Allowed, place_ids: Sequence[str]
    ) -> dict[str, Protected]:
        """Return what was released of places; those of which nothing was are left out."""
        if self._releases is None:
            return {}
        audience: Audience = "outside" if scope.lens == "V1" else "inside"
        release = self._releases.in_force(definition.entity, audience, allowed.as_of)
        if release is None:
            return {}
        found = self._releases.counts(release, place_ids, definition.cut or "")
        return {
            place_id: Protected(one.n, one.state, release.k, release.counted_at)
            for place_id, one in found.items()
        }

    def place_of(self, allowed: Allowed) -> PlaceNode | None:
        """Return the place whose ranks a permission is for; None where it is for several, a part, or none."""
        nodes = self._planner.places.nodes_of(allowed.edition_id or "")
        if allowed.intervals is None:
            tops = [node for node in nodes if node.parent_id is None]
            return tops[0] if len(tops) == 1 else None
        if len(allowed.intervals) != 1:
            return None
        first, last = allowed.intervals[0]
        return next((n for n in nodes if n.rank == first and n.rank_last == last), None)


def look_of(scope: Scope, definition: NumberDefinition, place_id: str | None) -> Entry:
    """Return the entry of an exact count: one look at the persons of a place, or of all places of a reader."""
    places = (place_id,) if place_id else scope.place_ids or ("",)
    place = places[0] or None
    return Entry(
        "look", scope.user_id, scope.role, scope.lens, tuple(scope.grant_ids), definition.entity,
        subjects=tuple(Subject("place", one, one or None) for one in places), place_id=place,
        address_hash=scope.origin.address_hash, route=scope.origin.route,
        request_id=scope.origin.request_id, details={"number_id": definition.number_id},
    )  # fmt: skip
