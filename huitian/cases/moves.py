"""Moves: which actions a reader may take on a case now, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from huitian.cases.fold import effective, owner_before
from huitian.cases.ladder_file import FIRST, UNDO
from huitian.errors import HuitianError, NotAllowed, StepNotPossible
from huitian.model.case import ActionRule, Ladder, Step
from huitian.model.query import Row
from huitian.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action cannot be taken.

    Attributes:
        kind: ``who``: another person could; ``when``: this case cannot, now.
        why_zh: In Chinese.
        why_en: In English.
    """

    kind: Literal["who", "when"]
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One case as one reader meets it at one instant.

    Attributes:
        ladder: Its rules.
        row: Its projection.
        steps: Its whole log.
        scope: The reader.
        as_of: Aware UTC instant.
        undo_window_s: Seconds in which a step can be taken back.
    """

    ladder: Ladder
    row: Row
    steps: Sequence[Step]
    scope: Scope
    as_of: datetime
    undo_window_s: int


def refusal(at: Standpoint, action: str, facts: Mapping[str, Any] | None = None) -> Refusal | None:
    """Return why an action of the ladder cannot be taken now, None where it can.

    Args:
        at: The case and the reader.
        action: A known action.
        facts: What is filled in, for rules that depend on it; None where nothing is yet.
    """
    rule = at.ladder.actions[action]
    return (
        _who(at, rule)
        or _state(at, rule)
        or _window(at, rule)
        or _often(at, rule, facts or {})
        or _undo(at, rule)
    )


def raise_refusal(at: Standpoint, action: str, why: Refusal) -> None:
    """Raise the error that says why.

    Raises:
        NotAllowed: Another person could.
        StepNotPossible: This case cannot, now.
    """
    rule = at.ladder.actions[action]
    state_zh, state_en = at.ladder.states[at.row["state"]]
    error: type[HuitianError] = NotAllowed if why.kind == "who" else StepNotPossible
    raise error(
        state=at.row["state"], state_zh=state_zh, state_en=state_en, action=action, action_zh=rule.title_zh,
        action_en=rule.title_en, why=why.why_en, why_zh=why.why_zh, why_en=why.why_en,
    )  # fmt: skip


def undoable(steps: Sequence[Step], ladder: Ladder) -> Step | None:
    """Return the newest step that holds and is more than a remark; None where only the first is left."""
    holding = [s for s in effective(steps)[1:] if s.action in ladder.actions]
    return next((s for s in reversed(holding) if not ladder.actions[s.action].is_remark), None)


def _who(at: Standpoint, rule: ActionRule) -> Refusal | None:
    if not at.scope.plays(rule.roles):
        able = [at.ladder.roles[r] for r in rule.roles if r in at.ladder.roles and r != "system"]
        return Refusal(
            "who",
            f"“{rule.title_zh}”由{'、'.join(zh for zh, _ in able)}办理",
            f"{rule.title_en} is done by: {', '.join(en for _, en in able)}",
        )
    if (
        at.scope.plays(at.ladder.owner_roles)
        and not rule.is_remark
        and at.scope.org_id not in _owners(at, rule)
    ):
        return Refusal("who", "只能办理派给本单位的诉求", "only cases of your own body can be worked on")
    return None


def _owners(at: Standpoint, rule: ActionRule) -> set[str | None]:
    """Whose case it is; to an undo, also whose it was before the step: returning a case gives it away."""
    owners = {at.row["owner_org_id"]}
    last = undoable(at.steps, at.ladder) if rule.action == UNDO else None
    return owners if last is None else owners | {owner_before(at.ladder, at.steps, last.step_no)}


def _state(at: Standpoint, rule: ActionRule) -> Refusal | None:
    state = at.row["state"]
    if rule.action == FIRST:
        return Refusal("when", "已经受理", "it is accepted already")
    if state not in rule.from_states:
        names = [at.ladder.states[s] for s in rule.from_states]
        return Refusal(
            "when",
            f"要先到“{'”或“'.join(zh for zh, _ in names)}”",
            f"it must be: {', '.join(en for _, en in names)}",
        )
    if rule.climbs and at.row["ladder_level"] not in at.ladder.climbs_to:
        zh, en = at.ladder.levels[at.row["ladder_level"]]
        return Refusal("when", f"“{zh}”之上没有可上报的一级", f"there is no level above {en} to pass it to")
    return None


def _window(at: Standpoint, rule: ActionRule) -> Refusal | None:
    began = at.row[rule.since] if rule.since else None
    if began is None or at.as_of <= began + timedelta(seconds=rule.within_s):
        return None
    hours = rule.within_s // 3600
    zh, en = (f"{hours // 24} 天", f"{hours // 24} days") if hours >= 48 else (f"{hours} 小时", f"{hours} h")
    return Refusal("when", f"已超过 {zh}的时间", f"the {en} for it are over")


def _often(at: Standpoint, rule: ActionRule, facts: Mapping[str, Any]) -> Refusal | None:
    mine = [s for s in effective(at.steps) if s.action == rule.action]
    if rule.max_per_org and sum(s.actor_org_id == at.scope.org_id for s in mine) >= rule.max_per_org:
        return Refusal(
            "when",
            f"本单位已{rule.title_zh}过 {rule.max_per_org} 次，请提请会商",
            f"your body has done so {rule.max_per_org} time(s); ask for a consultation",
        )
    for branch in rule.branches:
        done = sum(s.facts.get(branch.fact) == branch.equals for s in mine)
        if facts.get(branch.fact) == branch.equals and branch.max_times and done >= branch.max_times:
            zh, en = at.ladder.states[branch.to_state]
            return Refusal("when", f"已“{zh}”过 {done} 次", f"{en} was ordered {done} time(s) already")
    return None


def _undo(at: Standpoint, rule: ActionRule) -> Refusal | None:
    if rule.action != UNDO:
        return None
    last = undoable(at.steps, at.ladder)
    if last is None:
        return Refusal("when", "没有可撤回的步骤", "there is no step to take back")
    done = at.ladder.actions[last.action]
    if not done.can_undo:
        return Refusal("when", f"“{done.title_zh}”不能撤回", f"{done.title_en} cannot be taken back")
    if last.actor_id != at.scope.user_id:
        return Refusal("who", "只能撤回自己办的步骤", "only the person who took a step takes it back")
    if at.as_of > last.taken_at + timedelta(seconds=at.undo_window_s):
        return Refusal(
            "when",
            f"已超过 {at.undo_window_s} 秒的撤回时间",
            f"the {at.undo_window_s} seconds for taking it back are over",
        )
    return None
