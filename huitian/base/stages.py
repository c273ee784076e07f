"""Which pack is off, in pilot or on in which place; how much each is used there, and what is said of it.

The nearest decision counts: that of the place itself, else of the place above, up to the root; where nobody decided,
the stage that the pack declares. Decisions are only ever added, so it stays known who switched what when. Use is
counted by pack, place and day; neither a count nor a remark carries who it was.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from huitian.base import personal_words
from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records, Writing
from huitian.errors import KeyReused, NotAllowed, NotFound
from huitian.model.query import Condition, Event, Query, Row, Tally
from huitian.model.scope import Scope
from huitian.plugin.pack import Pack, Stage

MOST_CHANGES = 100_000
USE_DAYS = 30
STAGE_TOPIC = "pack_stage"
"""Topic of the events that say that a pack was switched."""
LOCK = "pack_use"
"""Series whose next number holds back a second writer of the same counts until this one is done."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The stage of a pack in a place, and where that was decided.

    Attributes:
        stage: What is in force.
        place_id: Place whose decision it is; None where the pack's own declaration counts.
        changed_by: Account; None where the pack's own declaration counts.
        changed_at: Aware UTC; None where the pack's own declaration counts.
    """

    stage: Stage
    place_id: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Use of a pack in a place and below, over the last days.

    Attributes:
        n_shown: Times that a screen with panels of it was opened.
        n_acted: Times that somebody opened a figure of it or sent a form.
        n_feedback: Remarks, of all time.
    """

    n_shown: int = 0
    n_acted: int = 0
    n_feedback: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.n_shown + other.n_shown, self.n_acted + other.n_acted, self.n_feedback + other.n_feedback
        )


class Stages:
    """The switches of one city.

    Args:
        records: The rows.
        planner: Permission for every read.
        clock: The time.
    """

    def __init__(self, records: Records, planner: Planner, clock: Clock) -> None:
        self._records = records
        self._planner = planner
        self._clock = clock

    def decisions(self) -> dict[tuple[str, str], Row]:
        """Return the newest decision of every pack and place."""
        query = Query("pack_state", sort=("change_no",), limit=MOST_CHANGES)
        rows = self._planner.read(self._planner.system("pack_state"), query).rows
        return {(row["pack_id"], row["place_id"]): row for row in rows}

    def in_force(self, packs: Iterable[Pack], place_id: str | None) -> dict[str, Decision]:
        """Return what counts for each pack in a place; of None: what counts where no place is loaded."""
        made = self.decisions()
        return {pack.pack_id: self.decided(made, pack, place_id) for pack in packs}

    def decided(self, made: Mapping[tuple[str, str], Row], pack: Pack, place_id: str | None) -> Decision:
        """Return the decision that counts for one pack in a place."""
        for place in reversed(self._planner.places.path(place_id or "")):
            row = made.get((pack.pack_id, place.place_id))
            if row is not None and row["stage"] is not None:
                return Decision(row["stage"], place.place_id, row["changed_by"], row["changed_at"])
        return Decision(pack.stage)

    def may_switch(self, scope: Scope) -> bool:
        """Return whether a reader may switch packs, in the own place and below."""
        return "packs" in self._planner.roles.of(scope.role).administers

    def switch(self, scope: Scope, pack: Pack, place_id: str, stage: Stage | None) -> None:
        """Decide for a place and all below; None takes its decision back. Saying the same again writes nothing.

        Raises:
            NotAllowed: The role may not, or the place is not the reader's.
            UnknownPlace: There is no such place.
        """
        if not self.may_switch(scope):
            raise NotAllowed(why=f"{scope.role}: pack_state")
        self.check_place(scope, place_id)
        now = self.decisions().get((pack.pack_id, place_id))
        if (now["stage"] if now else None) == stage:
            return
        with self._records.writing() as writing:
            row = {
                "pack_id": pack.pack_id, "place_id": place_id, "change_no": writing.next_number("pack_state"),
                "stage": stage, "changed_by": scope.user_id, "changed_at": self._clock.now(),
            }  # fmt: skip
            writing.add("pack_state", [row])
            # Everywhere: a switch above a reader's place counts for that reader too.
            told = {"pack_id": pack.pack_id, "place_id": place_id, "stage": stage}
            writing.emit(Event(STAGE_TOPIC, "pack_switched", told))

    def check_place(self, scope: Scope, place_id: str) -> None:
        """Refuse a place outside the reader's own.

        Raises:
            NotAllowed: It is.
            UnknownPlace: There is no such place.
        """
        places, today = self._planner.places, self._planner.today()
        places.intervals(place_id, place_id.partition(":")[0], today)
        if not self._planner.is_inside(place_id, scope.place_ids):
            raise NotAllowed(why=f"{scope.role}: {place_id}")

    def count(self, place_id: str, uses: Mapping[str, tuple[int, int]]) -> None:
        """Add to the counts of today: by pack, how often shown and how often acted in. Not idempotent."""
        day = self._planner.today()
        with self._records.writing() as writing:
            writing.next_number(LOCK)
            writing.put("pack_use", [self._more(writing, pack_id, place_id, n) | {"used_on": day}
                                     for pack_id, n in sorted(uses.items())])  # fmt: skip

    def _more(self, writing: Writing, pack_id: str, place_id: str, more: tuple[int, int]) -> Row:
        where = (
            Condition("pack_id", "eq", pack_id), Condition("place_id", "eq", place_id),
            Condition("used_on", "eq", self._planner.today()),
        )  # fmt: skip
        rows = writing.read(self._planner.system("pack_use"), Query("pack_use", where, limit=2)).rows
        shown, acted = (rows[0]["n_shown"], rows[0]["n_acted"]) if rows else (0, 0)
        return {
            "pack_id": pack_id,
            "place_id": place_id,
            "n_shown": shown + more[0],
            "n_acted": acted + more[1],
        }

    def remark(
        self, key: str, pack_id: str, panel_id: str, place_id: str | None, verdict: str, words: str
    ) -> str:
        """Keep what is said of a panel, without who said it; the same key keeps it once.

        Args:
            key: Idempotency key; only its hash is kept.
            pack_id: The pack.
            panel_id: The panel.
            place_id: Place of the reader; None where no place is loaded.
            verdict: One word.
            words: A sentence, or nothing. What points to a person is masked before it is kept.

        Returns:
            Id of the remark.

        Raises:
            KeyReused: The key came before with other content.
        """
        remark_id = hashlib.sha256(f"{pack_id}:{panel_id}:{key}".encode()).hexdigest()[:24]
        kept = personal_words.free_text(words.replace("\x00", "").strip())
        row = {
            "feedback_id": remark_id, "pack_id": pack_id, "panel_id": panel_id, "place_id": place_id,
            "verdict": verdict, "words": kept or None, "given_on": self._planner.today(),
        }  # fmt: skip
        with self._records.writing() as writing:
            if writing.add("pack_feedback", [row]).n_written == 0:
                self._check_same(writing, row, key)
        return remark_id

    def _check_same(self, writing: Writing, row: Row, key: str) -> None:
        where = (Condition("feedback_id", "eq", row["feedback_id"]),)
        kept = writing.read(
            self._planner.system("pack_feedback"), Query("pack_feedback", where, limit=2)
        ).rows
        if any(kept[0][name] != row[name] for name in ("verdict", "words")):
            raise KeyReused(idempotency_key=key)

    def uses(self, scope: Scope, place_id: str | None) -> dict[tuple[str, str], Use]:
        """Return the use of every pack by place and pack, in a place and below, as far as the reader may look."""
        since = self._planner.today() - timedelta(days=USE_DAYS - 1)
        by = ("place_id", "pack_id")
        found: dict[tuple[str, str], Use] = defaultdict(Use)
        allowed = self._planner.allow(scope, "pack_use", place_id)
        tally = Tally("pack_use", (Condition("used_on", "ge", since),), by, sums=("n_shown", "n_acted"))
        for row in self._planner.tally(allowed, tally):
            use = Use(int(row["sum_n_shown"] or 0), int(row["sum_n_acted"] or 0))
            found[row["place_id"], row["pack_id"]] = use
        allowed = self._planner.allow(scope, "pack_feedback", place_id)
        for row in self._planner.tally(allowed, Tally("pack_feedback", group_by=by)):
            found[row["place_id"], row["pack_id"]] += Use(n_feedback=row["n"])
        return dict(found)

    def below(self, uses: Mapping[tuple[str, str], Use], place_id: str, pack_id: str) -> Use:
        """Return the use of a pack in a place and all below, of what ``uses`` gave."""
        total = Use()
        for (place, pack), use in uses.items():
            if pack == pack_id and any(p.place_id == place_id for p in self._planner.places.path(place)):
                total += use
        return total


def pack_named(packs: Iterable[Pack], pack_id: str) -> Pack:
    """Return the pack of an id.

    Raises:
        NotFound: There is none.
    """
    for pack in packs:
        if pack.pack_id == pack_id:
            return pack
    raise NotFound(entity="pack", object_id=pack_id)
