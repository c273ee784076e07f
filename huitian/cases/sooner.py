"""The limit that ends before the main one of a case, as a signing or a first contact may, told of rows of a queue."""

from collections.abc import Sequence
from typing import Any

from huitian.cases.fold import folded
from huitian.cases.history import logs_of
from huitian.cases.limits import Run, sooner_run
from huitian.cases.parts import CaseParts
from huitian.model.case import Ladder
from huitian.model.query import Row


def sooner_of(parts: CaseParts, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return by case the limit that ends before its main one; cases where the main one is next are not in it.

    Logs are read whatever the scope: what is drawn from them, when a case was dispatched, signed and contacted, is
    hidden from nobody who sees its row.

    Args:
        parts: What the engine works with.
        rows: Rows of ``case`` that the reader sees.
    """
    going = {
        row["case_id"]: row["rule_set"]
        for row in rows
        if row["due_at"] and not row["replied_at"] and not row["closed_at"]
    }
    found: dict[str, dict[str, Any]] = {}
    for case_id, steps in logs_of(parts.records, parts.planner, list(going)).items():
        if going[case_id] in parts.ladders:  # one that is gone is told on the page of the case
            ladder = parts.ladders.named(going[case_id])
            told = told_sooner(parts, folded(ladder, parts.calendar, steps)[1], ladder)
            found |= {case_id: told} if told else {}
    return found


def told_sooner(parts: CaseParts, runs: Sequence[Run], ladder: Ladder) -> dict[str, Any] | None:
    """Return ``clock_id, title_zh, title_en, due_at, watch_at, urgent_at`` of that limit; None where there is none."""
    run = sooner_run(runs, parts.calendar)
    if run is None:
        return None
    return {
        "clock_id": run.rule.clock_id, "title_zh": run.rule.title_zh, "title_en": run.rule.title_en,
        "due_at": run.at_ratio(parts.calendar), "watch_at": run.at_ratio(parts.calendar, ladder.watch_ratio),
        "urgent_at": run.at_ratio(parts.calendar, ladder.urgent_ratio),
    }  # fmt: skip
