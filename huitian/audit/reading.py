"""Reading the audit: for the auditor all of it, for a community the looks at its own households."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huitian.base.planner import Planner
from huitian.clock import SHANGHAI, Clock
from huitian.engine.chain import FIRST_HASH, row_hash_of
from huitian.engine.columns import EPOCH, MICROSECOND
from huitian.model.audit import Act, Head
from huitian.model.query import Condition, Page, Query, Row, Tally, Where
from huitian.model.scope import Allowed, Scope

CHECKED = 1_000
PIECE = 1_000
"""Numbers of entries about one subject that are asked for at once."""
MOST_OF_WEEK = 50_000
NIGHT_FROM, NIGHT_TO = 22, 6
HOUSEHOLDS = ("household", "person", "dwelling")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What an auditor looks for.

    Attributes:
        user_id: Who; empty for all.
        act: What.
        entity: What of.
        subject_id: Whose.
        from_at: Not before this instant.
        until_at: Before this instant.
        before: Only numbers below this one.
        limit: At most so many.
    """

    user_id: str = ""
    act: Act | None = None
    entity: str = ""
    subject_id: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None
    before: int | None = None
    limit: int = 50


class AuditViews:
    """The audit as people read it; all through the planner.

    Args:
        planner: Permissions.
        clock: The time.
    """

    def __init__(self, planner: Planner, clock: Clock) -> None:
        self._planner, self._clock = planner, clock

    def rows(self, scope: Scope, wanted: AuditFilter) -> Page:
        """Return entries, the newest first, each with the first of its ``subject_ids``.

        Raises:
            NotAllowed: The role reads no audit.
        """
        planner = self._planner
        allowed = planner.allow(scope, "audit_row")
        where: list[Condition] = []
        for column, operator, value in (
            ("user_id", "eq", wanted.user_id or None), ("act", "eq", wanted.act),
            ("entity", "eq", wanted.entity or None), ("done_at", "ge", wanted.from_at),
            ("done_at", "lt", wanted.until_at),
        ):  # fmt: skip
            if value is not None:
                where.append(Condition(column, operator, value))  # type: ignore[arg-type]
        if wanted.subject_id:
            return self._of_subject(scope, allowed, tuple(where), wanted)
        below = [Condition("seq", "lt", wanted.before)] if wanted.before is not None else []
        page = planner.read(allowed, Query("audit_row", (*where, *below), (), ("-seq",), wanted.limit))
        n_total = sum(int(r["n"]) for r in planner.tally(allowed, Tally("audit_row", tuple(where))))
        return Page(self._with_subjects(scope, page.rows), n_total)

    def _of_subject(self, scope: Scope, allowed: Allowed, where: Where, wanted: AuditFilter) -> Page:
        """Return entries about one subject, the newest first; their numbers are read a piece at a time, by index."""
        planner, subjects = self._planner, self._subjects(scope)
        rows: list[Row] = []
        n_total, below = 0, None
        while True:
            of: Where = (Condition("subject_id", "eq", wanted.subject_id),)
            if below is not None:
                of = (*of, Condition("seq", "lt", below))
            found = planner.read(subjects, Query("audit_subject", of, ("seq",), ("-seq",), PIECE)).rows
            # An entry may name a subject twice.
            seqs = sorted({row["seq"] for row in found}, reverse=True)
            if not seqs:
                return Page(self._with_subjects(scope, rows), n_total)
            among = (*where, Condition("seq", "in", seqs))
            n_total += sum(int(r["n"]) for r in planner.tally(allowed, Tally("audit_row", among)))
            if (left := wanted.limit - len(rows)) > 0 and (wanted.before is None or seqs[-1] < wanted.before):
                page = among if wanted.before is None else (*among, Condition("seq", "lt", wanted.before))
                rows += planner.read(allowed, Query("audit_row", page, (), ("-seq",), left)).rows
            below = seqs[-1]

    def _subjects(self, scope: Scope) -> Any:
        return self._planner.allow(scope, "audit_subject")

    def _with_subjects(self, scope: Scope, rows: Sequence[Row]) -> list[Row]:
        seqs = [row["seq"] for row in rows]
        where = (Condition("seq", "in", seqs), Condition("subject_no", "lt", 3))
        query = Query("audit_subject", where, (), ("seq", "subject_no"), limit=3 * len(seqs) or 1)
        found: dict[int, list[str]] = defaultdict(list)
        for one in self._planner.read(self._subjects(scope), query).rows:
            found[one["seq"]].append(one["subject_id"])
        return [row | {"subject_ids": found[row["seq"]]} for row in rows]

    def tail(self, scope: Scope) -> tuple[int, Head, int, int | None]:
        """Return how many rows there are, the end, how many at the end were recomputed, and the first that is wrong."""
        planner = self._planner
        allowed = planner.allow(scope, "audit_row")
        n_rows = sum(int(r["n"]) for r in planner.tally(allowed, Tally("audit_row")))
        rows = list(reversed(planner.read(allowed, Query("audit_row", (), (), ("-seq",), CHECKED)).rows))
        broken, before = None, FIRST_HASH if rows and rows[0]["seq"] == 1 else None
        for number, row in enumerate(rows):
            told = row | {"done_at": (row["done_at"] - EPOCH) // MICROSECOND}
            is_next = number == 0 or row["seq"] == rows[number - 1]["seq"] + 1
            if not is_next or before not in {None, row["prev_hash"]} or row_hash_of(told) != row["row_hash"]:
                broken = broken or row["seq"]
            before = row["row_hash"]
        last = Head(rows[-1]["seq"], rows[-1]["row_hash"]) if rows else Head(0, FIRST_HASH)
        return n_rows, last, len(rows), broken

    def of_week(self, scope: Scope) -> list[Row]:
        """Return looks of the last seven days by account, the most first."""
        since = self._clock.now() - timedelta(days=7)
        where: Where = (Condition("act", "eq", "look"), Condition("done_at", "ge", since))
        columns = ("seq", "user_id", "done_at", "n_subjects", "request_id", "subject_hash")
        rows = self._planner.read(
            self._planner.allow(scope, "audit_row"),
            Query("audit_row", where, columns, ("-seq",), MOST_OF_WEEK),
        ).rows
        by_user: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_user[row["user_id"]].append(row)
        return sorted((of_user(user_id, own) for user_id, own in by_user.items()),
                      key=lambda one: (-one["n_looks"], one["user_id"]))  # fmt: skip

    def of_households(self, scope: Scope, place_id: str | None, before: int | None, limit: int) -> list[Row]:
        """Return looks at households of a reader's own place, the newest first: one row a look and household.

        Raises:
            NotAllowed: The role does not see who looked.
        """
        planner = self._planner
        where: list[Condition] = [Condition("entity", "in", list(HOUSEHOLDS))]
        if before is not None:
            where.append(Condition("seq", "lt", before))
        query = Query("audit_subject", tuple(where), (), ("-seq", "subject_no"), limit)
        subjects = planner.read(planner.allow(scope, "audit_subject", place_id), query).rows
        if not subjects:
            return []
        of = Query("audit_row", (Condition("seq", "in", sorted({s["seq"] for s in subjects})),), limit=limit)
        rows = {r["seq"]: r for r in planner.read(planner.system("audit_row"), of).rows}
        return [dict(rows[s["seq"]]) | {"subject": s} for s in subjects if rows[s["seq"]]["act"] == "look"]


def of_user(user_id: str, rows: Sequence[Row]) -> Row:
    """Return what an account looked at: a request that reads several entities of one home is one look."""
    requests: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["request_id"] or str(row["seq"]), row["subject_hash"])
        requests.setdefault(key, row)
    by_day: dict[Any, int] = defaultdict(int)
    n_at_night = 0
    for row in requests.values():
        local = row["done_at"].astimezone(SHANGHAI)
        by_day[local.date()] += row["n_subjects"]
        if local.hour >= NIGHT_FROM or local.hour < NIGHT_TO:
            n_at_night += row["n_subjects"]
    return {
        "user_id": user_id, "n_looks": sum(by_day.values()), "n_at_night": n_at_night,
        "n_subjects": len({row["subject_hash"] for row in requests.values()}), "n_most_a_day": max(by_day.values()),
    }  # fmt: skip


def guarded(cell: Any) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula."""
    words = (
        json.dumps(cell, ensure_ascii=False)
        if isinstance(cell, Mapping | list)
        else str("" if cell is None else cell)
    )
    return (
        f"'{words}"
        if words.lstrip().startswith(("=", "+", "-", "@")) or (words[:1] in "\t\r" and words)
        else words
    )
