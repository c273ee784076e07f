"""The projection: a log of steps folded into one row of ``case``. Pure, so that a rebuild is the same fold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huitian.cases.ladder_file import FIRST, UNDO
from huitian.cases.limits import Run, main_run, runs_of
from huitian.clock import StatutoryCalendar
from huitian.model.case import ActionRule, Ladder, Step
from huitian.model.query import Row

PLACED = ("lon", "lat", "building_id", "located_by")
"""Facts that change together: a step that has ``located_by`` says where the case is."""

COLUMNS = (
    "case_id", "case_no", "kind", "channel", "ladder_id", "rule_set", "category_code", "grade", "state",
    "ladder_level", "version", "owner_org_id", "lon", "lat", "west", "south", "east", "north", "building_id",
    "located_by", "reported_at", "dispatched_at", "signed_at", "contacted_at", "replied_at", "visited_at",
    "closed_at", "due_at", "watch_at", "urgent_at", "is_contacted", "solved", "satisfied", "n_files",
    "origin_load_id",
)  # fmt: skip


def effective(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that hold: without undos and without what they took back."""
    undone = {step.facts["undoes"] for step in steps if step.action == UNDO}
    return [step for step in steps if step.action != UNDO and step.step_no not in undone]


def fold(ladder: Ladder, calendar: StatutoryCalendar, steps: Sequence[Step]) -> Row:
    """Return the row of ``case`` that a log means.

    Args:
        ladder: The rule set that the case came in under.
        calendar: For limits of working time.
        steps: The whole log in order of ``step_no``, from 1; the first is ``accept``.

    Returns:
        All of ``COLUMNS``; ``version`` is the number of the last step, ``n_files`` counts what holds. The order
        of states is not checked here: the log is the truth, also where another system wrote it.
    """
    return folded(ladder, calendar, steps)[0]


def folded(ladder: Ladder, calendar: StatutoryCalendar, steps: Sequence[Step]) -> tuple[Row, list[Run]]:
    """Return the row and the runs of its clocks."""
    holding = effective(steps)
    row = _opened(ladder, steps[0])
    grades, levels = [row["grade"]], [row["ladder_level"]]
    for step in holding[1:]:
        rule = ladder.actions.get(step.action)
        if rule is not None:
            _apply(ladder, rule, step, row)
        if "located_by" in step.facts:
            _place(row, step)
        row["n_files"] += step.facts.get("n_files", 0)
        grades.append(row["grade"])
        levels.append(row["ladder_level"])
    row["version"] = steps[-1].step_no
    runs = runs_of(ladder, holding, grades, levels)
    main = main_run(runs)
    if main is not None:
        row["due_at"] = main.at_ratio(calendar)
        row["watch_at"] = main.at_ratio(calendar, ladder.watch_ratio)
        row["urgent_at"] = main.at_ratio(calendar, ladder.urgent_ratio)
    return row, runs


def owner_before(ladder: Ladder, steps: Sequence[Step], step_no: int) -> str | None:
    """Return whose case it was before a step, by what holds of the log; None where it was nobody's."""
    row = _opened(ladder, steps[0])
    for step in effective(steps)[1:]:
        rule = ladder.actions.get(step.action)
        if rule is not None and step.step_no < step_no:
            _apply(ladder, rule, step, row)
    owner: str | None = row["owner_org_id"]
    return owner


def _opened(ladder: Ladder, step: Step) -> Row:
    if step.action != FIRST:
        msg = f"the log of {step.case_id} begins with {step.action!r}, not with {FIRST!r}"
        raise ValueError(msg)
    facts = step.facts
    row: Row = dict.fromkeys(COLUMNS)
    row |= {
        "case_id": step.case_id, "case_no": facts["case_no"], "kind": facts["kind"], "channel": facts["channel"],
        "ladder_id": ladder.ladder_id, "rule_set": ladder.rule_set, "category_code": facts["category_code"],
        "grade": facts["grade"], "state": ladder.first_state, "ladder_level": facts["ladder_level"],
        "version": step.step_no, "reported_at": step.taken_at, "n_files": facts.get("n_files", 0),
        "origin_load_id": facts.get("load_id"),
    }  # fmt: skip
    _place(row, step)
    return row


def _apply(ladder: Ladder, rule: ActionRule, step: Step, row: Row) -> None:
    facts: Any = step.facts
    if rule.to_state is not None and row["state"] not in rule.stays_in:
        row["state"] = rule.to_state
    for column in rule.clears:
        row[column] = None
    for column, name in rule.sets.items():
        fact, _, where_true = name.partition(":")
        if facts.get(fact) is not None and (not where_true or facts.get(where_true) is True):
            row[column] = facts[fact]
    for name in rule.stamps:
        column, _, where_true = name.partition(":")
        if not where_true or facts.get(where_true) is True:
            row[column] = _stamp(column, row[column], step.taken_at)
    if rule.claims and row["owner_org_id"] is None:
        row["owner_org_id"] = step.actor_org_id
    if rule.climbs:
        row["ladder_level"] = ladder.climbs_to.get(row["ladder_level"], row["ladder_level"])
    for branch in rule.branches:
        if facts.get(branch.fact) == branch.equals:
            row["state"] = branch.to_state
            row |= dict.fromkeys(branch.clears)
            break


def _stamp(column: str, old: datetime | None, taken_at: datetime) -> datetime:
    """The first contact counts, of everything else the latest."""
    return old if column == "contacted_at" and old is not None else taken_at


def _place(row: Row, step: Step) -> None:
    facts = step.facts
    row |= {name: facts.get(name) for name in PLACED}
    row |= {"west": row["lon"], "east": row["lon"], "south": row["lat"], "north": row["lat"]}
