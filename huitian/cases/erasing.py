"""Erasing what is personal of a case, a person or a load: the key is destroyed, so backups cannot be read either.

The log, its chain, every count and the projection stay as they are. The steps are in an order that a kill at any point
leaves at worst unfinished, and the same call again finishes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from huitian.cases.gone import KIND_OF, erased
from huitian.cases.history import EVERY_ROW, batches, case_row
from huitian.cases.log import roots
from huitian.cases.parts import CaseParts, Reads
from huitian.cases.told import refused
from huitian.engine.ports import Engine, Writing
from huitian.errors import CaseOpen, NotFound
from huitian.model.audit import Entry, Subject
from huitian.model.case import Cause
from huitian.model.query import Condition, Event, Query
from huitian.model.scope import Scope

ENTITIES: Mapping[str, str] = {
    "case": "case", "contact": "case", "photos": "case", "person": "person", "feedback": "pack_feedback",
    "load": "load",
}  # fmt: skip
"""Kind of subject → entity of the object that it is about."""
OF_CASE = tuple(KIND_OF.values())
FIELDS = {kind: part for part, kind in KIND_OF.items()} | {
    "person": "identity", "feedback": "words", "load": "rejects",
}  # fmt: skip
"""Kind of subject → what goes, as the audit tells it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        subject_id: Of what it was: ``case:<id>`` or ``person:<id>``.
        n_keys: Keys that were destroyed, those of photos included; 0 where they were already.
        n_values: Rows that lost personal values.
        n_files: Photos that were removed.
        is_sealed: Whether the city seals at all; where not, older archives hold the values in the open.
        left: Copies of the key store that were made and could not be renewed: gone, or not to be written.
    """

    subject_id: str
    n_keys: int
    n_values: int
    n_files: int
    is_sealed: bool
    left: Sequence[str] = ()


class Erasing:
    """Erases subjects.

    Args:
        parts: What the case engine works with.
        engine: The stores.
    """

    def __init__(self, parts: CaseParts, engine: Engine) -> None:
        self._parts, self._engine = parts, engine

    def erase_case(self, scope: Scope, case_no: str, reason: str, *, is_even_open: bool = False) -> Erased:
        """Erase words, contact and photos of a case. Idempotent.

        Args:
            scope: Who does it.
            case_no: Number of the case.
            reason: Why; kept, and in the audit.
            is_even_open: Whether one that is still worked on is erased, too.

        Raises:
            NotFound: There is no such case that this reader may see.
            CaseOpen: It is still worked on.
            InvalidInput: There is no reason.
        """
        parts = self._parts
        visible = parts.planner.allow(scope, "case")
        query = Query("case", (Condition("case_no", "eq", case_no),), columns=("case_id",), limit=1)
        row = case_row(parts.records, parts.planner, "case_no", case_no)
        if row is None or not parts.records.read(visible, query).rows:
            raise NotFound(entity="case", object_id=case_no[:40])
        if row["closed_at"] is None and not is_even_open:
            raise CaseOpen(case_no=case_no)
        return self._erase(scope, OF_CASE, row["case_id"], reason)

    def erase_person(self, scope: Scope, person_id: str, reason: str) -> Erased:
        """Erase name, phone and identity number of a person; the row without them stays, and counts. Idempotent.

        Raises:
            NotFound: There is no such person that this reader may see.
            InvalidInput: There is no reason.
        """
        allowed = self._parts.planner.allow(scope, "person")
        query = Query("person", (Condition("person_id", "eq", person_id),), columns=("person_id",), limit=1)
        if not self._parts.records.read(allowed, query).rows:
            raise NotFound(entity="person", object_id=person_id[:80])
        return self._erase(scope, ("person",), person_id, reason)

    def finish(self, scope: Scope) -> int:
        """Finish erasures that were begun and cut short; returns how many keys, rows and photos were left of them."""
        parts, n_left = self._parts, 0
        asked = Query("erasure", limit=EVERY_ROW, columns=("subject_id", "kind", "cause", "reason"))
        begun = {
            row["subject_id"]: row for row in parts.records.read(parts.planner.system("erasure"), asked).rows
        }
        existing = frozenset(self._engine.files.list_ids())
        for subjects in batches(begun):
            states = self._engine.key_states(subjects)
            left: dict[tuple[str, Cause, str], list[str]] = defaultdict(list)
            for one in sorted(one for one in subjects if self._is_left(one, states, existing)):
                row = begun[one]
                left[(row["kind"], row["cause"], row["reason"] or row["cause"])].append(one.partition(":")[2])
            for (kind, cause, reason), inner_ids in left.items():
                n_keys, _, n_files = self.erase(scope, (kind,), inner_ids, reason, cause)
                n_left += max(n_keys, n_files)
            with parts.records.writing() as writing:
                n_values = writing.erase(subjects)
                for one in subjects if n_values else ():
                    if begun[one]["kind"] in OF_CASE:
                        self._announce(writing, one.partition(":")[2])
            n_left += n_values
        # The copies of the keys, too: a kill may have come just before.
        self._engine.destroy_keys(())
        for file_ids in batches(self._engine.files.list_ids()):
            states = self._engine.key_states([f"file:{one}" for one in file_ids])
            gone = [one for one in file_ids if states.get(f"file:{one}") is False]
            for file_id in gone:
                self._engine.files.remove(file_id)
            n_left += len(gone)
        self._engine.empty_log()
        return n_left

    def _is_left(self, subject_id: str, states: Mapping[str, bool], existing: Set[str]) -> bool:
        """Return whether something of a subject may be there still; of values in the open the store itself tells."""
        if not subject_id.startswith("photos:"):
            return states.get(subject_id, False)
        # Photos have no key in common: destroyed, it tells that each lost its own.
        if not states.get(subject_id, True):
            return False
        held = self._holding(self._parts.records, "case_id", [subject_id.partition(":")[2]])
        return any(file_id in existing for _, file_id in held)

    def _erase(self, scope: Scope, kinds: Sequence[str], inner_id: str, reason: str) -> Erased:
        done = self.erase(scope, kinds, [inner_id], reason, "request")
        subject_id = f"{kinds[0]}:{inner_id}"
        return Erased(subject_id, *done, self._engine.is_sealing, self._engine.lost_key_copies())

    def erase(
        self, scope: Scope, kinds: Sequence[str], inner_ids: Sequence[str], reason: str, cause: Cause
    ) -> tuple[int, int, int]:
        """Erase subjects of some kinds; returns how many keys, rows and photos. Idempotent.

        Together: the copies of the keys are renewed and the log is emptied once for all of them.

        Args:
            scope: Who does it.
            kinds: Of each object what goes: ``case``, ``contact`` and ``photos`` are of one.
            inner_ids: The objects, no more than a store takes at once.
            reason: Why; kept.
            cause: Whether somebody asked for it, or its time was over.

        Raises:
            InvalidInput: There is no reason.
        """
        if not reason.strip():
            raise refused("reason", "请写明删除的事由", "say why it is erased")
        parts = self._parts
        with parts.records.writing() as writing:
            # All are noted first: a photo that only they have goes with them.
            new = {
                inner_id: self._note(writing, scope, kinds, inner_id, reason, cause) for inner_id in inner_ids
            }
            own = self._own_files(writing, inner_ids) if "photos" in kinds else {}
            writing.chain([
                Entry("erase", scope.user_id, role=scope.role, lens=scope.lens, entity=ENTITIES[fresh[0]],
                      fields=tuple(FIELDS[kind] for kind in fresh), subjects=(Subject(ENTITIES[fresh[0]], inner_id),),
                      details={"cause": cause, "n_files": len(own.get(inner_id, ()))})
                for inner_id, fresh in new.items() if fresh])  # fmt: skip
        file_ids = sorted({file_id for files in own.values() for file_id in files})
        subjects = [f"{kind}:{one}" for one in inner_ids for kind in kinds]
        n_keys = self._engine.destroy_keys([*subjects, *(f"file:{one}" for one in file_ids)], cause)
        with parts.records.writing() as writing:
            n_values = sum(writing.erase(part) for part in batches(subjects))
            for inner_id in inner_ids if set(kinds) & set(OF_CASE) else ():
                self._announce(writing, inner_id)
        n_files = sum(self._engine.files.remove(file_id) for file_id in file_ids)
        self._engine.empty_log()
        return n_keys, n_values, n_files

    def _note(
        self, writing: Writing, scope: Scope, kinds: Sequence[str], inner_id: str, reason: str, cause: Cause
    ) -> list[str]:
        """Write down that subjects of an object are erased; returns the kinds of which it was not written before."""
        row = {"erased_at": self._parts.now(), "erased_by": scope.user_id, "reason": reason.strip()[:500],
               "cause": cause}  # fmt: skip
        return [
            kind for kind in kinds
            if writing.add("erasure", [row | {"subject_id": f"{kind}:{inner_id}", "kind": kind}]).n_written
        ]  # fmt: skip

    def _own_files(self, writing: Writing, case_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return of cases the photos that no other case has, but for those whose photos were erased, too."""
        of_case = self._holding(writing, "case_id", case_ids)
        holders: dict[str, set[str]] = defaultdict(set)
        for part in batches(sorted({file_id for _, file_id in of_case})):
            for case_id, file_id in self._holding(writing, "file_id", part):
                holders[file_id].add(case_id)
        gone: set[str] = set()
        for part in batches(sorted({f"photos:{one}" for cases in holders.values() for one in cases})):
            gone.update(erased(writing, self._parts.planner, part))
        own: dict[str, list[str]] = defaultdict(list)
        for case_id, file_id in sorted(of_case):
            if all(f"photos:{one}" in gone for one in holders[file_id]):
                own[case_id].append(file_id)
        return own

    def _holding(self, reads: Reads, column: str, ids: Sequence[str]) -> set[tuple[str, str]]:
        """Return which case has which photo, of some cases or of some photos."""
        query = Query(
            "case_file", (Condition(column, "in", ids),), columns=("case_id", "file_id"), limit=EVERY_ROW
        )
        rows = reads.read(self._parts.planner.system("case_file"), query).rows
        return {(row["case_id"], row["file_id"]) for row in rows}

    def _announce(self, writing: Writing, case_id: str) -> None:
        """Tell screens and the ferry that a case looks otherwise now."""
        parts = self._parts
        where = (Condition("entity", "eq", "case"), Condition("object_id", "eq", case_id),
                 Condition("valid_to", "is_null"))  # fmt: skip
        stands = writing.read(
            parts.planner.system("anchor"), Query("anchor", where, columns=("place_id",))
        ).rows
        place_ids = tuple(sorted({row["place_id"] for row in stands})) or roots(parts)
        writing.emit(Event("case", "case_erased", {"case_id": case_id}, place_ids, recorded_at=parts.now()))
