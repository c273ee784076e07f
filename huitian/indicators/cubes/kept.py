"""Releases as they are kept: made once for an edition and a month, read ever after."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from huitian.base.planner import Planner
from huitian.clock import SHANGHAI
from huitian.engine.ports import Records
from huitian.errors import ReleaseUnsafe
from huitian.indicators.cubes.counting import EVERY_ROW, Members, members_of
from huitian.indicators.cubes.declared import AUDIENCES, Audience, Cube, checked
from huitian.indicators.cubes.making import Known, Told, attacked, release_of
from huitian.indicators.cubes.table import OTHERS, STATES, Cells
from huitian.model.number import NumberState
from huitian.model.query import Condition, Query, Row
from huitian.settings import Settings

RULES = "small-counts/1"
AT_ONCE = 5_000
FEW = 300
"""Places that are looked up one by one; of more the whole cut is read."""
ENTITIES_RELEASED = ("person", "household")


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one register for one audience.

    Attributes:
        release_id: ``person:outside:1``.
        entity: Whose counts.
        audience: ``outside``: wall, public; ``inside``: working staff, with a smaller k.
        release_no: 1, 2, …; a later one stands beside, never in place of an earlier.
        edition_ids: Editions of the trees it follows.
        counted_at: Aware UTC instant of the counting.
        k: Smallest count shown.
        round_to: Step of the rounding.
        rule_set: By which rules it was protected.
        n_cells: Cells.
        n_below: Told as fewer than k.
        n_withheld: Withheld so that others cannot be worked out.
        least_width: Fewest values that a withheld cell can have for who joins everything; None: none is withheld.
        content_hash: SHA-256 of all cells.
    """

    release_id: str
    entity: str
    audience: Audience
    release_no: int
    edition_ids: tuple[str, ...]
    counted_at: datetime
    k: int
    round_to: int
    rule_set: str
    n_cells: int
    n_below: int
    n_withheld: int
    least_width: int | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class ReleasedCount:
    """A count as it was released.

    Attributes:
        state: Normal, below k, or withheld.
        n: The rounded count; None where it is not shown.
        release: The release.
    """

    state: NumberState
    n: int | None
    release: Release


@dataclass(frozen=True, slots=True)
class Checked:
    """What an attack on a release found.

    Attributes:
        release_id: The release.
        k: Fewest values that a withheld cell must have: its floor, or what a smaller floor before left of it.
        n_withheld: Withheld cells.
        n_recovered: Of them, known to the unit.
        least_width: Fewest values of any; None where none is withheld.
    """

    release_id: str
    k: int
    n_withheld: int
    n_recovered: int
    least_width: int | None

    @property
    def is_safe(self) -> bool:
        """Whether nothing can be narrowed to fewer than k values."""
        return self.least_width is None or self.least_width >= self.k


class Releases:
    """Makes releases and reads them."""

    def __init__(self, records: Records, planner: Planner, settings: Settings, cubes: Sequence[Cube]) -> None:
        self._records = records
        self._planner = planner
        self._settings = settings
        self.cubes = checked(cubes)

    def all(self, entity: str | None = None) -> list[Release]:
        """Return every release, oldest first."""
        where = () if entity is None else (Condition("entity", "eq", entity),)
        query = Query("count_release", where, sort=("entity", "release_no", "audience"), limit=EVERY_ROW)
        rows = self._planner.read(self._planner.system("count_release"), query).rows
        return [release_of_row(row) for row in rows]

    def in_force(self, entity: str, audience: Audience, at: datetime) -> Release | None:
        """Return the last release counted before an instant, else the first there is; None where there is none."""
        own = [r for r in self.all(entity) if r.audience == audience]
        before = [r for r in own if r.counted_at <= at]
        return before[-1] if before else (own[0] if own else None)

    def counts(self, release: Release, place_ids: Sequence[str], cut: str) -> dict[str, ReleasedCount]:
        """Return what was released of places, by one cut; places it has no cell of are left out."""
        where = [Condition("release_id", "eq", release.release_id), Condition("cut", "eq", cut)]
        if len(place_ids) <= FEW:
            where.append(Condition("place_id", "in", tuple(place_ids)))
        query = Query("released_cell", tuple(where), limit=EVERY_ROW)
        rows = self._planner.read(self._planner.system("released_cell"), query).rows
        asked = frozenset(place_ids)
        return {
            r["place_id"]: ReleasedCount(r["state"], r["shown_n"], release)
            for r in rows
            if r["place_id"] in asked
        }

    def cells(self, release: Release) -> dict[tuple[str, str], Told]:
        """Return all that a release tells, by place and cut."""
        query = Query("released_cell", (Condition("release_id", "eq", release.release_id),), limit=EVERY_ROW)
        rows = self._planner.read(self._planner.system("released_cell"), query).rows
        return {(r["place_id"], r["cut"]): (r["state"], r["shown_n"]) for r in rows}

    def make(self, *, is_again: bool = False) -> list[Release]:
        """Release every register that has members, where this month and these editions have no release yet.

        Idempotent, unless ``is_again``: then new releases stand beside those of this month.

        Raises:
            ReleaseUnsafe: Something could be worked out; nothing of that register is released.
        """
        made: list[Release] = []
        for entity in ENTITIES_RELEASED:
            made += self._make(entity, is_again=is_again)
        return made

    def _make(self, entity: str, *, is_again: bool) -> list[Release]:
        now = self._planner.instant_of(None)
        earlier = self.all(entity)
        members = members_of(
            self._planner, self.cubes, entity, self._planner.today(), day_of(earlier[-1]) if earlier else None
        )
        if not members.grounds.place_ids or not members.cubes or not members.cubes[0].n.any():
            return []
        month = now.astimezone(SHANGHAI).strftime("%Y-%m")
        if not is_again and any(
            r.counted_at.astimezone(SHANGHAI).strftime("%Y-%m") == month
            and list(r.edition_ids) == members.edition_ids
            for r in earlier
        ):
            return []
        release_no = max((r.release_no for r in earlier), default=0) + 1
        made: list[tuple[Release, dict[tuple[str, str], Told]]] = []
        withheld: frozenset[tuple[str, str]] = frozenset()
        for audience in reversed(AUDIENCES):
            known = self._before(earlier, audience, members)
            before = next((r for r in reversed(earlier) if r.audience == audience), None)
            cells, told, least = self._protected(members, audience, known, withheld, before)
            release = Release(
                f"{entity}:{audience}:{release_no}", entity, audience, release_no, tuple(members.edition_ids), now,
                cells.k, cells.round_to, RULES, len(told), n_told(told, "below_k"), n_told(told, "withheld"), least,
                content_hash(told),
            )  # fmt: skip
            made.append((release, told))
            withheld = frozenset(name for name, (state, _) in told.items() if state == STATES[OTHERS])
        with self._records.writing() as writing:
            for release, told in made:
                if writing.add("count_release", [row_of(release)]).n_written == 0:
                    # Another process was quicker: what both counted is not mixed.
                    return []
                rows: list[Row] = [
                    {
                        "release_id": release.release_id,
                        "place_id": place,
                        "cut": cut,
                        "state": state,
                        "shown_n": n,
                    }
                    for (place, cut), (state, n) in told.items()
                ]
                for start in range(0, len(rows), AT_ONCE):
                    writing.add("released_cell", rows[start : start + AT_ONCE])
        return [release for release, _ in reversed(made)]

    def _protected(
        self, members: Members, audience: Audience, known: Sequence[Known], withheld: Set[tuple[str, str]],
        before: Release | None,
    ) -> tuple[Cells, dict[tuple[str, str], Told], int | None]:  # fmt: skip
        """Return what is told to an audience, and the fewest values that a withheld cell can have.

        What was told under a smaller k cannot be taken back: where a city has raised it since, a cell that was left so
        many values then is left them again, and this release the next.
        """
        least, n_narrow = None, 0
        for width in (None, before.least_width if before else None):
            cells, found, told = release_of(members, audience, self._settings, known, withheld, width)
            widths = found.width()[found.is_open(cells)]
            least = int(widths.min()) if len(widths) else None
            n_narrow = int((widths < cells.least_width).sum())
            if not n_narrow:
                return cells, told, least
        raise ReleaseUnsafe(n=n_narrow)

    def check(self) -> list[Checked]:
        """Attack the last release of every register and audience with all that its readers know.

        The true counts only give the attacker a city to start from that agrees with everything: those of now, or,
        where the register has changed since, one that the programme itself finds.
        """
        found: list[Checked] = []
        for entity in ENTITIES_RELEASED:
            every = self.all(entity)
            for audience in AUDIENCES:
                own = [r for r in every if r.audience == audience]
                if not own:
                    continue
                members = members_of(
                    self._planner, self.cubes, entity, day_of(own[-1]), day_of(own[-2]) if own[1:] else None
                )
                known = self._before(
                    [r for r in every if r.release_no < own[-1].release_no], audience, members
                )
                if audience == "inside":
                    known += [
                        self._known(r, {})
                        for r in every
                        if r.audience == "outside" and r.release_no == own[-1].release_no
                    ]
                k, left = own[-1].k, own[-1].least_width
                widths = attacked(members, self.cells(own[-1]), k, own[-1].round_to, known, min(k, left or k))
                found.append(Checked(
                    own[-1].release_id, min(k, left or k), len(widths), int((widths <= 1).sum()),
                    int(widths.min()) if len(widths) else None,
                ))  # fmt: skip
        return found

    def _before(self, earlier: Sequence[Release], audience: Audience, members: Members) -> list[Known]:
        """Return what the readers of an audience know of the releases before: staff that for outside too."""
        last = max((r.release_no for r in earlier), default=0)
        read = AUDIENCES if audience == "inside" else (audience,)
        own = [r for r in earlier if r.release_no == last and r.audience in read]
        return [self._known(r, members.before) for r in own]

    def _known(self, release: Release, called: Mapping[str, str]) -> Known:
        return {
            (called.get(place, place), cut): (*told, release.k, release.round_to)
            for (place, cut), told in self.cells(release).items()
        }

    def loads_since(self, release: Release) -> int:
        """Return how many loads ended after a release was counted: it may be behind the register."""
        query = Query("load", (Condition("finished_at", "gt", release.counted_at),), ("load_id",), limit=1)
        return self._planner.read(self._planner.system("load"), query).n_total


def day_of(release: Release) -> date:
    """Return the day on which a release was counted."""
    return release.counted_at.astimezone(SHANGHAI).date()


def n_told(told: Mapping[tuple[str, str], Told], state: str) -> int:
    """Return how many cells are in a state."""
    return sum(one[0] == state for one in told.values())


def content_hash(told: Mapping[tuple[str, str], Told]) -> str:
    """Return the SHA-256 of what is told, whatever its order."""
    rows = sorted([*name, *one] for name, one in told.items())
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def row_of(release: Release) -> Row:
    """Return a release as it is stored."""
    return {
        "release_id": release.release_id, "entity": release.entity, "audience": release.audience,
        "release_no": release.release_no, "edition_ids": list(release.edition_ids), "counted_at": release.counted_at,
        "k": release.k, "round_to": release.round_to, "rule_set": release.rule_set, "n_cells": release.n_cells,
        "n_below": release.n_below, "n_withheld": release.n_withheld, "least_width": release.least_width,
        "content_hash": release.content_hash,
    }  # fmt: skip


def release_of_row(row: Row) -> Release:
    """Return the release of a stored row."""
    return Release(
        row["release_id"], row["entity"], row["audience"], row["release_no"], tuple(row["edition_ids"] or ()),
        row["counted_at"], row["k"], row["round_to"], row["rule_set"], row["n_cells"], row["n_below"],
        row["n_withheld"], row["least_width"], row["content_hash"],
    )  # fmt: skip
