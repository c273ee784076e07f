"""The log of cases: a step is checked, appended, folded and announced in one transaction."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huitian.base.anchors import Standing, stand
from huitian.cases.fold import fold
from huitian.cases.forms import check_form
from huitian.cases.gone import gone_of
from huitian.cases.history import case_row, keep_step, step_by_key, steps_of, with_side_rows
from huitian.cases.ladder import UNDO
from huitian.cases.moves import Standpoint, raise_refusal, refusal, undoable
from huitian.cases.parts import CaseParts, Reads
from huitian.cases.told import refused, spot_of, whole_facts
from huitian.clock import day_of
from huitian.engine.ports import Writing
from huitian.errors import InvalidInput, KeyReused, NotFound, StaleVersion
from huitian.model.case import ActionRule, Cause, Ladder, Step
from huitian.model.query import Condition, Event, Query, Row
from huitian.model.scope import Allowed, Scope

KEY = re.compile(r"[!-~]{8,128}")
WHY_GONE: Mapping[Cause, tuple[str, str]] = {
    "request": ("已按申请删除", "on request"),
    "retention": ("已到保存期限，已删除", "when their time to be kept was over"),
}
"""Why something was erased, in words."""


class CaseLog:
    """Takes steps on cases.

    Args:
        parts: What the engine works with.
    """

    def __init__(self, parts: CaseParts) -> None:
        self._parts = parts

    def take(
        self,
        scope: Scope,
        case_id: str,
        action: str,
        expected_version: int,
        idempotency_key: str,
        facts: Mapping[str, Any] | None = None,
        words: Mapping[str, str] | None = None,
        file_ids: Sequence[str] = (),
    ) -> Row:
        """Take one step as a signed-in reader. Idempotent by key.

        Args:
            scope: Who does it.
            case_id: The case.
            action: An action of its ladder.
            expected_version: The version that the reader saw.
            idempotency_key: 8–128 visible ASCII characters, new for every intended step; a person's keys are
                their own.
            facts: Plain facts of the form.
            words: Personal words of the form.
            file_ids: Kept files.

        Returns:
            The row of ``case`` after this step; of a repeated key, the row as it was after that step.

        Raises:
            NotFound: There is no such case that this reader may see.
            StaleVersion: Somebody took a step meanwhile; ``steps`` has what is new.
            StepNotPossible: The case cannot take it now.
            NotAllowed: Another person could.
            InvalidInput: No such action, or the form is not filled in rightly.
            KeyReused: The key was used for something else.
        """
        visible = self._parts.planner.allow(scope, "case")
        return self.append(scope, visible, case_id, action, expected_version, idempotency_key, facts or {},
                           words or {}, file_ids)  # fmt: skip

    def append(
        self,
        scope: Scope,
        visible: Allowed,
        case_id: str,
        action: str,
        expected_version: int | None,
        idempotency_key: str,
        facts: Mapping[str, Any],
        words: Mapping[str, str],
        file_ids: Sequence[str],
    ) -> Row:
        """Take one step under a permission that was found otherwise (the follow code); see ``take``.

        ``expected_version`` None takes it whatever happened meanwhile.
        """
        with self._parts.records.writing() as writing:
            return self.append_within(writing, scope, visible, case_id, action, expected_version, idempotency_key,
                                      facts, words, file_ids)  # fmt: skip

    def append_within(
        self,
        writing: Writing,
        scope: Scope,
        visible: Allowed,
        case_id: str,
        action: str,
        expected_version: int | None,
        idempotency_key: str,
        facts: Mapping[str, Any],
        words: Mapping[str, str],
        file_ids: Sequence[str],
        taken_at: datetime | None = None,
    ) -> Row:
        """Take one step inside a transaction that is open; see ``append``.

        ``taken_at`` is when it was taken, where it comes in later (the ferry); None is now.
        """
        parts = self._parts
        key = own_key(scope, idempotency_key)
        query = Query("case", (Condition("case_id", "eq", case_id),), columns=("case_id",), limit=1)
        # First, so that who moved a case out of their own sight gets the same answer again.
        again = step_by_key(writing, parts.planner, key)
        if again is not None:
            again = with_side_rows(writing, parts.planner, again)
            if not is_same(again, case_id, action, facts, words, file_ids):
                raise KeyReused(idempotency_key=idempotency_key)
            return self._as_after(writing, again)
        if not writing.read(visible, query).rows:
            raise NotFound(entity="case", object_id=case_id)
        row = case_row(writing, parts.planner, "case_id", case_id)
        assert row is not None  # noqa: S101
        ladder = parts.ladders.named(row["rule_set"])
        steps = steps_of(writing, parts.planner, case_id)
        if expected_version is not None and expected_version != row["version"]:
            raise stale(ladder, steps, expected_version)
        rule = known_action(ladder, action)
        # A machine's clock can be set back; what happened later is never written as earlier.
        as_of = max(taken_at or parts.now(), steps[-1].taken_at)
        at = Standpoint(ladder, row, steps, scope, as_of, parts.settings.undo_window_s)
        why = refusal(at, action, facts)
        if why is not None:
            raise_refusal(at, action, why)
        check_form(rule.schema, facts, words, file_ids)
        if any(words.values()) or file_ids:
            check_can_be_kept(parts, writing, case_id, has_photos=bool(file_ids))
        if len(file_ids) > parts.settings.max_photos:
            n, most = len(file_ids), parts.settings.max_photos
            raise refused("file_ids", f"最多 {most} 张照片，现有 {n} 张", f"{n} photos, the limit is {most}")
        told = whole_facts(parts, writing, rule, facts, words, row)
        if action == UNDO:
            told["undoes"] = self._undone(at, facts)
        if file_ids:
            told["n_files"] = len(file_ids)
        step = Step(
            case_id, len(steps) + 1, action, scope.user_id, scope.org_id, at.as_of, told, key,
            {name: plain_text(text) for name, text in words.items()}, tuple(file_ids),
        )  # fmt: skip
        keep_step(writing, step)
        after = self._project(writing, ladder, [*steps, step], row["version"])
        if spot_of(steps) != spot_of([*steps, step]):
            anchor_case(parts, writing, after, [*steps, step])
        announce(parts, writing, after, step)
        return after

    def _as_after(self, writing: Writing, step: Step) -> Row:
        steps = steps_of(writing, self._parts.planner, step.case_id)
        ladder = self._parts.ladders.named(steps[0].facts["rule_set"])
        return fold(ladder, self._parts.calendar, steps[: step.step_no])

    def _undone(self, at: Standpoint, facts: Mapping[str, Any]) -> int:
        last = undoable(at.steps, at.ladder)
        assert last is not None  # noqa: S101
        if facts.get("undoes") not in (None, last.step_no):
            raise refused(
                "undoes",
                f"只能撤回最近一步（第 {last.step_no} 步）",
                f"only the newest step, {last.step_no}, can be taken back",
            )
        return last.step_no

    def _project(self, writing: Writing, ladder: Ladder, steps: Sequence[Step], version: int) -> Row:
        after = fold(ladder, self._parts.calendar, steps)
        if not writing.change("case", {"case_id": after["case_id"]}, after, expected_version=version):
            raise stale(ladder, steps[:-1], version)
        return after


def own_key(scope: Scope, idempotency_key: str) -> str:
    """Return the key as the log keeps it: everybody has their own, so nobody meets another's step by it.

    Only a hash is kept: who reads it in the log cannot send the letter again and be told its follow code.

    Raises:
        InvalidInput: It is not 8–128 visible ASCII characters.
    """
    if not KEY.fullmatch(idempotency_key):
        raise refused(
            "idempotency_key", "应为 8–128 个可见 ASCII 字符", "it must be 8 to 128 visible ASCII characters"
        )
    return hashlib.sha256(f"{scope.user_id}:{idempotency_key}".encode()).hexdigest()


def is_same(
    step: Step,
    case_id: str,
    action: str,
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    file_ids: Sequence[str],
) -> bool:
    """Return whether a key comes again for the step that was taken under it; its facts were completed since."""
    told = {name: plain_text(text) for name, text in words.items() if plain_text(text)}
    return (
        (step.case_id, step.action) == (case_id, action)
        and all(step.facts.get(name) == fact for name, fact in facts.items())
        and step.words == told
        and set(step.file_ids) == set(file_ids)
    )


def known_action(ladder: Ladder, action: str) -> ActionRule:
    """Return the rule of an action.

    Raises:
        InvalidInput: The ladder has none of that name.
    """
    rule = ladder.actions.get(action)
    if rule is None:
        known = ", ".join(ladder.actions)
        raise refused("action", f"没有“{action[:40]}”这个动作；可用：{known}", f"there is no action {action[:40]!r}; "
                      f"known: {known}")  # fmt: skip
    return rule


def stale(ladder: Ladder, steps: Sequence[Step], expected_version: int) -> StaleVersion | InvalidInput:
    """Return the error that tells the second writer what changed; of a version that never was, that it was not."""
    if not 0 < expected_version <= len(steps):
        return refused(
            "expected_version", f"现在是第 {len(steps)} 版", f"the case is at version {len(steps)}"
        )
    return StaleVersion(
        expected_version=expected_version,
        actual_version=len(steps),
        steps=[
            {
                "step_no": step.step_no,
                "action": step.action,
                "said_zh": ladder.actions[step.action].said_zh
                if step.action in ladder.actions
                else step.action,
                "said_en": ladder.actions[step.action].said_en
                if step.action in ladder.actions
                else step.action,
                "actor_org_id": step.actor_org_id,
                "taken_at": step.taken_at,
            }
            for step in steps[expected_version:]
        ],
    )


def anchor_case(parts: CaseParts, writing: Writing, row: Row, steps: Sequence[Step]) -> None:
    """Write where a case stands in every tree: from the day it was reported, whenever the place was corrected."""
    spot = spot_of(steps)
    since = day_of(row["reported_at"])
    standing = Standing(row["case_id"], spot.lon, spot.lat, spot.place_id, since)
    stand(writing, parts.planner.places, "case", [standing])


def announce(parts: CaseParts, writing: Writing, row: Row, step: Step) -> None:
    """Record the event of a step in the outbox, without personal words."""
    query = Query(
        "anchor",
        (Condition("entity", "eq", "case"), Condition("object_id", "eq", row["case_id"]),
         Condition("valid_to", "is_null")),
        columns=("place_id",),
    )  # fmt: skip
    where = writing.read(parts.planner.system("anchor"), query).rows
    payload = {
        "case_id": row["case_id"],
        "case_no": row["case_no"],
        "action": step.action,
        "state": row["state"],
        "version": row["version"],
        "owner_org_id": row["owner_org_id"],
        "category_code": row["category_code"],
        "at": step.taken_at.isoformat(),
    }
    # Unlocated is not everywhere: only readers of the whole city may hear of it.
    place_ids = tuple(sorted({one["place_id"] for one in where})) or roots(parts)
    writing.emit(Event("case", "case_stepped", payload, place_ids, recorded_at=step.taken_at))


def check_can_be_kept(parts: CaseParts, reads: Reads, case_id: str, *, has_photos: bool) -> None:
    """Refuse words or photos for a case of which they were erased: they could not be kept.

    Raises:
        InvalidInput: They were.
    """
    gone = gone_of(reads, parts.planner, case_id)
    if gone.words is not None:
        zh, en = WHY_GONE[gone.words.cause]
        raise refused(
            "words", f"此件的内容{zh}，不能再写入文字或照片",
            f"the words of this case were erased {en}; no words or photos can be added",
        )  # fmt: skip
    if has_photos and gone.photos is not None:
        zh, en = WHY_GONE[gone.photos.cause]
        raise refused(
            "file_ids", f"此件的照片{zh}，不能再添加照片",
            f"the photos of this case were erased {en}; no photos can be added",
        )  # fmt: skip


def roots(parts: CaseParts) -> tuple[str, ...]:
    """Return the topmost place of every tree."""
    places = parts.planner.places
    return tuple(p.place_id for tree in places.trees for p in places.children(None, tree, parts.today()))


def plain_text(text: str) -> str:
    """Return words as they are kept: every character as typed, without NUL, which no store takes."""
    return text.replace("\x00", "")
