"""The log of a case as rows: reading steps, writing a step with its side rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from huitian.base.planner import Planner
from huitian.cases.fold import COLUMNS
from huitian.cases.parts import Reads
from huitian.engine.ports import Writing
from huitian.model.case import Step
from huitian.model.query import Condition, Query, Row

EVERY_ROW = 10_000_000
BATCH = 400
"""Ids looked up at once; stays below the bound-variable limit of every store."""


def step_row(step: Step) -> Row:
    """Return the row of ``case_step`` of a step."""
    return {
        "case_id": step.case_id,
        "step_no": step.step_no,
        "action": step.action,
        "actor_id": step.actor_id,
        "actor_org_id": step.actor_org_id,
        "taken_at": step.taken_at,
        "facts": dict(step.facts),
        "idempotency_key": step.idempotency_key,
    }


def step_of(row: Row) -> Step:
    """Return the step of a row of ``case_step``, without its side rows."""
    return Step(
        row["case_id"], row["step_no"], row["action"], row["actor_id"], row["actor_org_id"], row["taken_at"],
        row["facts"] or {}, row["idempotency_key"],
    )  # fmt: skip


def words_rows(step: Step) -> list[Row]:
    """Return the rows of ``case_words`` of a step; empty words are not kept."""
    return [
        {"case_id": step.case_id, "step_no": step.step_no, "field": name, "words": words}
        for name, words in step.words.items()
        if words
    ]


def keep_step(writing: Writing, step: Step) -> None:
    """Append one step with its words and files to the log."""
    writing.add("case_step", [step_row(step)])
    writing.add("case_words", words_rows(step))
    writing.add(
        "case_file",
        [
            {"case_id": step.case_id, "step_no": step.step_no, "file_id": file_id, "role": role_of(step, n)}
            for n, file_id in enumerate(step.file_ids)
        ],
    )


def role_of(step: Step, n: int) -> str:
    """Return what the n-th photo of a step shows: ``before`` or ``after`` where the step says, else ``photo``."""
    n_before = step.facts.get("n_before")
    if not isinstance(n_before, int):
        return "photo"
    return "before" if n < n_before else "after"


def steps_of(reads: Reads, planner: Planner, case_id: str) -> list[Step]:
    """Return the whole log of a case in order, without words."""
    query = Query("case_step", (Condition("case_id", "eq", case_id),), sort=("step_no",), limit=EVERY_ROW)
    return [step_of(row) for row in reads.read(planner.system("case_step"), query).rows]


def step_by_key(reads: Reads, planner: Planner, idempotency_key: str) -> Step | None:
    """Return the step that was taken under a key; None where there is none."""
    query = Query("case_step", (Condition("idempotency_key", "eq", idempotency_key),), limit=1)
    rows = reads.read(planner.system("case_step"), query).rows
    return step_of(rows[0]) if rows else None


def with_side_rows(reads: Reads, planner: Planner, step: Step) -> Step:
    """Return a step with its words and files; both are personal."""
    where = (Condition("case_id", "eq", step.case_id), Condition("step_no", "eq", step.step_no))
    words, files = (
        reads.read(planner.system(entity), Query(entity, where, limit=EVERY_ROW)).rows
        for entity in ("case_words", "case_file")
    )
    return replace(
        step,
        words={row["field"]: row["words"] for row in words},
        file_ids=tuple(row["file_id"] for row in files),
    )


def logs_of(reads: Reads, planner: Planner, case_ids: Sequence[str]) -> dict[str, list[Step]]:
    """Return the logs of many cases by id; a case without steps is not in it."""
    found: dict[str, list[Step]] = {}
    for part in batches(case_ids):
        query = Query("case_step", (Condition("case_id", "in", part),), sort=("case_id",), limit=EVERY_ROW)
        for row in reads.read(planner.system("case_step"), query).rows:
            found.setdefault(row["case_id"], []).append(step_of(row))
    for steps in found.values():
        steps.sort(key=lambda step: step.step_no)
    return found


def case_row(reads: Reads, planner: Planner, column: str, equals: str) -> Row | None:
    """Return the projection of the case whose column has this value, for the product's own work."""
    query = Query("case", (Condition(column, "eq", equals),), columns=COLUMNS, limit=1)
    rows = reads.read(planner.system("case"), query).rows
    return dict(rows[0]) if rows else None


def batches(ids: Iterable[str]) -> Iterable[list[str]]:
    """Yield lists of ids of a size that every store takes."""
    every = list(ids)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]
