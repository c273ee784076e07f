"""Notes: what was seen in rows that were loaded all the same, counted as one finding a load and column."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from huitian.base.planner import Planner
from huitian.engine.ports import Writing
from huitian.errors import REASONS
from huitian.ingest.batch import Draft
from huitian.ingest.mapping import RowMap
from huitian.model.query import Condition, Query, Row

MOST_ROWS = 20
"""Row numbers that a note remembers."""


def noted(drafts: Sequence[Draft]) -> dict[tuple[str, str], list[int]]:
    """Return the rows of a batch by what was seen in them and in which column."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for draft in drafts:
        for note in draft.notes:
            found[(note.reason_code, note.field)].append(draft.row_no)
    return found


def keep_notes(
    writing: Writing,
    planner: Planner,
    drafts: Sequence[Draft],
    mapping: RowMap,
    load_id: str,
    found_at: datetime,
) -> None:
    """Add the notes of a chunk to the findings of its load, inside the transaction of the chunk."""
    for (code, column), row_nos in sorted(noted(drafts).items()):
        finding_id = f"{code}:{load_id}:{column}"
        query = Query("finding", (Condition("finding_id", "eq", finding_id),), limit=1)
        there = writing.read(planner.system("finding"), query).rows
        before: Row = there[0]["facts"] if there else {"n": 0, "row_nos": []}
        n = before["n"] + len(row_nos)
        facts = {
            "field": column, "entity": mapping.entity, "n": n,
            "row_nos": [*before["row_nos"], *row_nos][:MOST_ROWS],
        }  # fmt: skip
        reason = REASONS[code]
        writing.put("finding", [{
            "finding_id": finding_id, "rule_id": code, "entity": "load", "object_id": load_id, "place_id": None,
            "severity": "notice", "words_zh": f"{n} 行：{reason.words('zh', field=column)}",
            "words_en": f"{n} rows: {reason.words('en', field=column)}", "facts": facts,
            "found_at": there[0]["found_at"] if there else found_at, "load_id": load_id, "is_open": True,
        }])  # fmt: skip
