"""What the writer of a letter sees with its number and code: levels, public steps, what is promised."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from huitian.cases.fold import effective, folded
from huitian.cases.gone import gone_of
from huitian.cases.history import EVERY_ROW, steps_of
from huitian.cases.ladder import FIRST
from huitian.cases.letters import PUBLIC, RATING, Letters
from huitian.cases.moves import Standpoint, refusal
from huitian.cases.parts import CaseParts
from huitian.cases.rows import LANGUAGES, org_names
from huitian.model.case import Ladder, Step
from huitian.model.query import Condition, Query, Row

OWN_WORDS = ("body", "note")


class Following:
    """Shows letters to their writers.

    Args:
        parts: What the engine works with.
        letters: Knows number and code.
    """

    def __init__(self, parts: CaseParts, letters: Letters) -> None:
        self._parts = parts
        self._letters = letters

    def letter(self, case_no: str, code: str) -> dict[str, Any]:
        """Return a letter for its writer.

        Args:
            case_no: Number of the letter.
            code: Follow code; blanks, hyphens and small letters do not matter.

        Returns:
            ``case_no, state, state_zh, state_en, levels, steps, promised_by, can_rate, is_contacted, solved,
            satisfied, gone``. Steps are those that are public and hold; their words are what was said to the
            writer and the writer's own.

        Raises:
            NotFound: No such letter, or the code does not belong to it; which of the two is not told.
        """
        found = self._letters.followed(case_no, code)
        gone = gone_of(self._parts.records, self._parts.planner, found["case_id"])
        return self.shown(found) | {"gone": asdict(gone)}

    def shown(self, found: Row, *, is_own_told: bool = True) -> dict[str, Any]:
        """Return a letter, by its row of ``case``, as its writer may see it; see ``letter``.

        ``is_own_told`` False leaves out what the writer said: it stays in the city when the rest goes elsewhere.
        """
        parts = self._parts
        ladder = parts.ladders.named(found["rule_set"])
        steps = steps_of(parts.records, parts.planner, found["case_id"])
        row, _ = folded(ladder, parts.calendar, steps)
        at = Standpoint(ladder, row, steps, PUBLIC, parts.now(), parts.settings.undo_window_s)
        state_zh, state_en = ladder.states[row["state"]]
        is_answered = row["replied_at"] is not None or row["closed_at"] is not None
        return {
            "case_no": row["case_no"],
            "state": row["state"],
            "state_zh": state_zh,
            "state_en": state_en,
            "levels": levels_of(ladder, steps, row),
            "steps": self._steps(ladder, steps, is_own_told=is_own_told),
            "promised_by": None if is_answered else row["due_at"],
            "can_rate": refusal(at, RATING) is None,
            "is_contacted": row["is_contacted"],
            "solved": row["solved"],
            "satisfied": row["satisfied"],
        }

    def _steps(self, ladder: Ladder, steps: Sequence[Step], *, is_own_told: bool) -> list[dict[str, Any]]:
        parts = self._parts
        query = Query("case_words", (Condition("case_id", "eq", steps[0].case_id),), limit=EVERY_ROW)
        words: dict[int, dict[str, str]] = {}
        for row in parts.records.read(parts.planner.system("case_words"), query).rows:
            words.setdefault(row["step_no"], {})[row["field"]] = row["words"]
        orgs, orgs_en = (org_names(parts, (step.actor_org_id for step in steps), lang) for lang in LANGUAGES)
        done = []
        for step in effective(steps):
            rule = ladder.actions.get(step.action)
            if rule is None or not rule.is_public:
                continue
            is_own = step.actor_id == PUBLIC.user_id
            told = None if is_own and not is_own_told else told_words(
                rule.schema, step, words.get(step.step_no, {})
            )  # fmt: skip
            done.append({
                "action": step.action, "title_zh": rule.said_zh, "title_en": rule.said_en,
                "org_name": orgs.get(step.actor_org_id), "taken_at": step.taken_at, "words": told,
                "org_name_en": orgs_en.get(step.actor_org_id),
            })  # fmt: skip
        return done


def told_words(schema: Mapping[str, Any], step: Step, words: Mapping[str, str]) -> str | None:
    """Return what of a step's words the writer may read: fields the ladder calls public, and the writer's own."""
    forms: Mapping[str, Any] = schema.get("properties", {}).get("words", {}).get("properties", {})
    names = [name for name, form in forms.items() if form.get("is_public")]
    if step.actor_id == PUBLIC.user_id:
        names += OWN_WORDS
    told = [words[name] for name in names if words.get(name)]
    return "\n".join(told) or None


def levels_of(ladder: Ladder, steps: Sequence[Step], row: Row) -> list[dict[str, Any]]:
    """Return the levels of the ladder as this case climbed them: done, now, ahead or skipped, and when."""
    since: dict[str, Any] = {next(iter(ladder.levels)): row["reported_at"]}
    level = steps[0].facts["ladder_level"]
    since[level] = row["reported_at"]
    for step in effective(steps):
        rule = ladder.actions.get(step.action)
        if step.action != FIRST and rule is not None and rule.climbs:
            level = ladder.climbs_to.get(level, level)
            since[level] = step.taken_at
    order = list(ladder.levels)
    now = order.index(level)
    is_over = row["state"] not in ladder.open_states
    done = []
    for index, (code, (zh, en)) in enumerate(ladder.levels.items()):
        state = "done" if index < now or is_over else "now" if index == now else "ahead"
        if code not in since and (index < now or is_over):
            state = "skipped"
        done.append({"level": code, "title_zh": zh, "title_en": en, "state": state, "at": since.get(code)})
    return done
