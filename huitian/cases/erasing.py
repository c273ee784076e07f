"""Erasing what is personal of a case or a person: the key is destroyed, so backups cannot be read either.

The log, its chain, every count and the projection stay as they are; words, contact and photos are gone. The steps are
in an order that a kill at any point leaves at worst unfinished, and the same call again finishes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huitian.cases.history import EVERY_ROW, batches, case_row, erased_at
from huitian.cases.log import roots
from huitian.cases.parts import CaseParts
from huitian.cases.told import refused
from huitian.engine.ports import Engine, Writing
from huitian.errors import CaseOpen, NotFound
from huitian.model.audit import Entry, Subject
from huitian.model.query import Condition, Event, Query
from huitian.model.scope import Scope

YEAR = timedelta(days=365.25)
RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        subject_id: ``case:<id>`` or ``person:<id>``.
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
        return self._erase(scope, "case", row["case_id"], reason)

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
        return self._erase(scope, "person", person_id, reason)

    def over(self) -> Iterator[tuple[str, str, datetime]]:
        """Yield id, number and end of the closed cases whose words were kept long enough and are there still."""
        parts, years = self._parts, self._parts.settings.keep_words_years
        if not years:
            return
        until = parts.now() - years * YEAR
        query = Query("case", (Condition("closed_at", "lt", until),), sort=("closed_at",), limit=EVERY_ROW,
                      columns=("case_id", "case_no", "closed_at"))  # fmt: skip
        closed = {
            f"case:{row['case_id']}": row
            for row in parts.records.read(parts.planner.system("case"), query).rows
        }
        for subjects in batches(closed):
            asked = Query(
                "erasure", (Condition("subject_id", "in", subjects),), ("subject_id",), limit=len(subjects)
            )
            rows = parts.records.read(parts.planner.system("erasure"), asked).rows
            gone = {row["subject_id"] for row in rows}
            for row in (closed[one] for one in subjects if one not in gone):
                yield row["case_id"], row["case_no"], row["closed_at"]

    def retain(self, scope: Scope) -> Iterator[tuple[str, datetime]]:
        """Erase what was kept long enough, many cases at a time; yields number and end of each that was."""
        for part in batches(over := {case_id: (case_no, ended) for case_id, case_no, ended in self.over()}):
            self._erase_all(scope, "case", part, RETENTION)
            yield from (over[one] for one in part)

    def finish(self, scope: Scope) -> int:
        """Finish erasures that were begun and cut short; returns how many keys, rows and photos were left of them."""
        parts, n_left = self._parts, 0
        asked = Query("erasure", limit=EVERY_ROW, columns=("subject_id", "kind", "reason"))
        begun = {
            row["subject_id"]: row for row in parts.records.read(parts.planner.system("erasure"), asked).rows
        }
        for subjects in batches(begun):
            states = self._engine.key_states(subjects)
            left: dict[tuple[str, str], list[str]] = defaultdict(list)
            for one in sorted(one for one, is_there in states.items() if is_there):
                kind, reason = begun[one]["kind"], begun[one]["reason"] or RETENTION
                left[(kind, reason)].append(one.removeprefix(f"{kind}:"))
            for (kind, reason), inner_ids in left.items():
                n_left += self._erase_all(scope, kind, inner_ids, reason)[0]
            with parts.records.writing() as writing:
                n_values = writing.erase(subjects)
                for one in subjects if n_values else ():
                    if begun[one]["kind"] == "case":
                        self._announce(writing, one.removeprefix("case:"))
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

    def _erase(self, scope: Scope, kind: str, inner_id: str, reason: str) -> Erased:
        done = self._erase_all(scope, kind, [inner_id], reason)
        return Erased(f"{kind}:{inner_id}", *done, self._engine.is_sealing, self._engine.lost_key_copies())

    def _erase_all(
        self, scope: Scope, kind: str, inner_ids: Sequence[str], reason: str
    ) -> tuple[int, int, int]:
        """Erase subjects of one kind; returns how many keys, rows and photos.

        Together: the copies of the keys are renewed and the log is emptied once for all of them.
        """
        if not reason.strip():
            raise refused("reason", "请写明删除的事由", "say why it is erased")
        parts, found = self._parts, set[str]()
        with parts.records.writing() as writing:
            # All are noted first: a photo that only they have goes with them.
            new = [one for one in inner_ids if writing.add("erasure", [
                {"subject_id": f"{kind}:{one}", "kind": kind, "erased_at": parts.now(), "erased_by": scope.user_id,
                 "reason": reason.strip()[:500]}]).n_written]  # fmt: skip
            for inner_id in inner_ids:
                own = self._own_files(writing, inner_id) if kind == "case" else []
                found.update(own)
                if inner_id in new:
                    writing.chain([
                        Entry("erase", scope.user_id, role=scope.role, lens=scope.lens, entity=kind,
                              subjects=(Subject(kind, inner_id),), details={"n_files": len(own)})])  # fmt: skip
        file_ids = sorted(found)
        subjects = [*(f"{kind}:{one}" for one in inner_ids), *(f"file:{one}" for one in file_ids)]
        n_keys = self._engine.destroy_keys(subjects)
        with parts.records.writing() as writing:
            n_values = writing.erase(subjects)
            for inner_id in inner_ids if kind == "case" else ():
                self._announce(writing, inner_id)
        for file_id in file_ids:
            self._engine.files.remove(file_id)
        self._engine.empty_log()
        return n_keys, n_values, len(file_ids)

    def _own_files(self, writing: Writing, case_id: str) -> list[str]:
        """Return the photos of a case that no other case has, but for those that were erased, too."""
        allowed = self._parts.planner.system("case_file")
        own = Query(
            "case_file", (Condition("case_id", "eq", case_id),), columns=("file_id",), limit=EVERY_ROW
        )
        found = []
        for file_id in sorted({row["file_id"] for row in writing.read(allowed, own).rows}):
            where = (Condition("file_id", "eq", file_id), Condition("case_id", "ne", case_id))
            asked = Query("case_file", where, columns=("case_id",), limit=EVERY_ROW)
            others = {row["case_id"] for row in writing.read(allowed, asked).rows}
            if all(erased_at(writing, self._parts.planner, f"case:{one}") is not None for one in others):
                found.append(file_id)
        return found

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
