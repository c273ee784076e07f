"""What staff read: the queue, and one case with its log, clocks and what can be done. All through the planner."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from huitian.base.account_names import NOBODY, accounts_called
from huitian.cases.finding_words import cases_with_words
from huitian.cases.fold import COLUMNS, effective, folded
from huitian.cases.gone import erased, gone_of
from huitian.cases.history import EVERY_ROW, steps_of
from huitian.cases.homes import CasesOfHomes, cases_of_homes, home_of
from huitian.cases.ladder import FIRST
from huitian.cases.limits import Run
from huitian.cases.moves import Standpoint, refusal
from huitian.cases.parts import CaseParts
from huitian.cases.rows import case_rows, org_names
from huitian.cases.sooner import sooner_of, told_sooner
from huitian.cases.told import refused
from huitian.errors import NotAllowed, NotFound
from huitian.model.case import HOME, Ladder, Status, Step
from huitian.model.query import AnyOf, Condition, Query, Row, Tally
from huitian.model.scope import Scope

READ = (*COLUMNS, "place_id")
BOX = frozenset({"west", "south", "east", "north"})
"""Only for searching; on the wire a case has its masked point."""
NEAR_DEG = 0.005
"""About 500 m: what counts as near by for similar cases."""
MOST = 500


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a queue shows.

    Attributes:
        states: State codes; empty means all.
        place_id: Only this place and below.
        owner: Organisation id, or ``me``: the reader's own.
        category_code: One category.
        q: Number of a case, or words of the letter as the reader may see them.
        is_open: Only open, only closed ones; None both.
        sort: Columns of ``case``, ``-`` before for descending; missing values come last.
        cursor: ``next_cursor`` of the page before; empty for the first.
        limit: Rows a page, 1–500.
        says_sooner: Whether a row says which limit ends before the main one, for which its log is read.
    """

    states: tuple[str, ...] = ()
    place_id: str | None = None
    owner: str | None = None
    category_code: str | None = None
    q: str = ""
    is_open: bool | None = None
    sort: tuple[str, ...] = ("due_at", "reported_at")
    cursor: str = ""
    limit: int = 50
    says_sooner: bool = False


class CaseViews:
    """Reads cases for staff.

    Args:
        parts: What the engine works with.
    """

    def __init__(self, parts: CaseParts) -> None:
        self._parts = parts

    def queue(self, scope: Scope, wanted: CaseFilter, lang: str = "zh") -> dict[str, Any]:
        """Return a page of the queue: ``items, n_total, counts, next_cursor, as_of, n_searched, is_whole``.

        An item has the columns of a queue row and ``sooner``, where that was asked for: the limit that ends before the
        main one.

        ``counts`` are cases by state under the same filters but for the state. ``n_searched`` letters were opened for
        words, None where none were asked for; where that was not every one, ``is_whole`` is false.

        Raises:
            NotAllowed: The role reads no cases.
            InvalidInput: Not a cursor of ours, or words that too many letters have.
            UnknownField: Not a column to sort by.
            UnknownPlace: No such place.
        """
        parts, planner = self._parts, self._parts.planner
        allowed = planner.allow(scope, "case", place_id=wanted.place_id)
        where = self._where(scope, wanted)
        found = None
        if wanted.q.strip():
            found = cases_with_words(parts, scope, wanted.q.strip(), where, wanted.place_id)
            ids = Condition("case_id", "in", found.case_ids)
            where = (*where, AnyOf((Condition("case_no", "contains", wanted.q.strip()), ids)))
        states = (Condition("state", "in", wanted.states),) if wanted.states else ()
        if not wanted.cursor.isascii() or not (wanted.cursor or "0").isdigit():
            raise refused("cursor", "不是本接口给出的游标", "it is not a cursor of this list")
        offset, limit = int(wanted.cursor or 0), min(max(wanted.limit, 1), MOST)
        query = Query("case", (*where, *states), columns=READ, sort=wanted.sort, limit=limit, offset=offset)
        page = planner.read(allowed, query)
        counted = planner.tally(allowed, Tally("case", where, group_by=("state",)))
        sooner = sooner_of(parts, page.rows) if wanted.says_sooner else {}
        rows = case_rows(parts, scope, page.rows, allowed.as_of, lang)
        return {
            "items": [without_box(row) | {"sooner": sooner.get(row["case_id"])} for row in rows],
            "n_total": page.n_total,
            "counts": {row["state"]: row["n"] for row in counted},
            "next_cursor": str(offset + limit) if offset + limit < page.n_total else None,
            "as_of": allowed.as_of,
            "n_searched": None if found is None else found.n_searched,
            "is_whole": found is None or found.is_whole,
        }

    def _where(self, scope: Scope, wanted: CaseFilter) -> tuple[Condition | AnyOf, ...]:
        where: list[Condition | AnyOf] = []
        if wanted.owner is not None:
            owner = (scope.org_id or "") if wanted.owner == "me" else wanted.owner
            where.append(Condition("owner_org_id", "eq", owner))
        if wanted.category_code is not None:
            where.append(Condition("category_code", "eq", wanted.category_code))
        if wanted.is_open is not None:
            where.append(Condition("closed_at", "is_null" if wanted.is_open else "not_null"))
        return tuple(where)

    def page(self, scope: Scope, case_id: str, lang: str = "zh") -> dict[str, Any]:
        """Return one case: the row of a queue with all that its page shows.

        Beside the row: ``words, contact, steps, clocks, sooner, actions, similar, gone, has_home, home``.

        Raises:
            NotFound: There is no such case that this reader may see.
        """
        parts, planner = self._parts, self._parts.planner
        allowed = planner.allow(scope, "case")
        query = Query("case", (Condition("case_id", "eq", case_id),), columns=READ, limit=1)
        rows = planner.read(allowed, query).rows
        if not rows:
            raise NotFound(entity="case", object_id=case_id)
        ladder = parts.ladders.named(rows[0]["rule_set"])
        steps = steps_of(parts.records, planner, case_id)
        state, runs = folded(ladder, parts.calendar, steps)
        words = self._words(scope, case_id)
        home = home_of(parts, scope, steps, words)
        for told in words.values():
            told.pop(HOME, None)  # a code, told by its name beside the words
        gone = gone_of(parts.records, planner, case_id)
        at = Standpoint(ladder, state, steps, scope, allowed.as_of, parts.settings.undo_window_s)
        (row,) = case_rows(parts, scope, rows, allowed.as_of, lang)
        return without_box(row) | {
            "gone": asdict(gone),
            "words": words.get(1, {}),
            "contact": self._contact(scope, case_id) if gone.contact is None else None,
            "steps": self._steps(scope, ladder, steps, words, lang, has_files=gone.photos is None),
            "clocks": [self._clock(run, allowed.as_of, ladder) for run in latest(runs)],
            "sooner": told_sooner(parts, runs, ladder),
            "actions": actions_of(at, lang),
            "similar": self._similar(scope, row, lang),
            **home,
        }

    def of_homes(self, scope: Scope, building_id: str) -> CasesOfHomes | None:
        """Return the cases of a building by home, as counts; None for who may not tie a case to a building."""
        return cases_of_homes(self._parts, scope, building_id)

    def keeping_photos(self, case_ids: Collection[str]) -> set[str]:
        """Return those cases whose photos were not erased; no more than a store takes at once."""
        parts = self._parts
        gone = erased(parts.records, parts.planner, sorted(f"photos:{one}" for one in case_ids))
        return {one for one in case_ids if f"photos:{one}" not in gone}

    def _words(self, scope: Scope, case_id: str) -> dict[int, dict[str, str]]:
        planner = self._parts.planner
        query = Query("case_words", (Condition("case_id", "eq", case_id),), limit=EVERY_ROW)
        found: dict[int, dict[str, str]] = {}
        for row in planner.read(planner.allow(scope, "case_words"), query).rows:
            if row["words"] is not None:
                found.setdefault(row["step_no"], {})[row["field"]] = row["words"]
        return found

    def _contact(self, scope: Scope, case_id: str) -> Row | None:
        planner = self._parts.planner
        query = Query("case_contact", (Condition("case_id", "eq", case_id),), limit=1,
                      columns=("name", "phone", "is_anonymous"))  # fmt: skip
        try:
            rows = planner.read(planner.allow(scope, "case_contact"), query).rows
        except NotAllowed:
            return None
        if not rows:
            return None
        return dict(rows[0]) | {"is_anonymous": bool(rows[0]["is_anonymous"])}

    def _steps(
        self, scope: Scope, ladder: Ladder, steps: Sequence[Step], words: Mapping[int, Mapping[str, str]],
        lang: str, *, has_files: bool,
    ) -> list[dict[str, Any]]:  # fmt: skip
        parts = self._parts
        orgs = org_names(parts, (step.actor_org_id for step in steps), lang)
        actors = {step.actor_id for step in steps} if scope.lens != "V1" else ()
        people = accounts_called(parts.planner, actors, lang)
        files = self._files(scope, steps[0].case_id) if has_files else {}
        holding = {step.step_no for step in effective(steps)}
        are_told = "facts" not in parts.planner.allow(scope, "case_step").masks
        done = []
        for step in steps:
            rule = ladder.actions.get(step.action)
            facts = dict(step.facts) if are_told else {}
            actor = people.get(step.actor_id, NOBODY)
            if step.step_no not in holding and rule is not None and rule.can_undo:
                facts["is_undone"] = True
            done.append({
                "step_no": step.step_no, "action": step.action,
                "title_zh": rule.said_zh if rule else step.action, "title_en": rule.said_en if rule else step.action,
                "actor_name": actor.name, "actor_name_zh": actor.name_zh, "org_name": orgs.get(step.actor_org_id),
                "taken_at": step.taken_at, "words": words.get(step.step_no, {}), "facts": facts,
                "files": files.get(step.step_no, []),
            })  # fmt: skip
        return done

    def _files(self, scope: Scope, case_id: str) -> dict[int, list[Row]]:
        planner = self._parts.planner
        query = Query("case_file", (Condition("case_id", "eq", case_id),), limit=EVERY_ROW)
        found: dict[int, list[Row]] = {}
        try:
            for row in planner.read(planner.allow(scope, "case_file"), query).rows:
                found.setdefault(row["step_no"], []).append({"file_id": row["file_id"], "role": row["role"]})
        except NotAllowed:
            return {}
        return found

    def _clock(self, run: Run, now: datetime, ladder: Ladder) -> dict[str, Any]:
        used = run.used_ratio(self._parts.calendar, now)
        status: Status = "late" if used >= 1 else "ok"
        if run.stopped_at is None and used < 1:
            status = (
                "urgent" if used >= ladder.urgent_ratio else "watch" if used >= ladder.watch_ratio else "ok"
            )
        return {
            "clock_id": run.rule.clock_id, "title_zh": run.rule.title_zh, "title_en": run.rule.title_en,
            "started_at": run.started_at, "due_at": run.at_ratio(self._parts.calendar), "stopped_at": run.stopped_at,
            "limit_s": run.limit_s, "used_ratio": round(used, 4), "status": status, "calendar": run.rule.calendar,
        }  # fmt: skip

    def _similar(self, scope: Scope, row: Row, lang: str) -> list[Row]:
        if row["category_code"] is None or row["lon"] is None:
            return []
        lon, lat, planner = row["lon"], row["lat"], self._parts.planner
        box = (lon - NEAR_DEG, lat - NEAR_DEG, lon + NEAR_DEG, lat + NEAR_DEG)
        where = (
            Condition("category_code", "eq", row["category_code"]), Condition("closed_at", "is_null"),
            Condition("case_id", "ne", row["case_id"]), Condition("box", "overlaps", box),
        )  # fmt: skip
        allowed = planner.allow(scope, "case")
        found = planner.read(
            allowed, Query("case", where, columns=READ, sort=("-reported_at",), limit=5)
        ).rows
        return [without_box(r) for r in case_rows(self._parts, scope, found, allowed.as_of, lang)]


def actions_of(at: Standpoint, lang: str) -> list[dict[str, Any]]:
    """Return every action of the ladder with its form, whether this reader can take it, and why not."""
    done = []
    for rule in at.ladder.actions.values():
        if rule.action == FIRST:
            continue
        why = refusal(at, rule.action)
        zh, en = (why.why_zh, why.why_en) if why else (None, None)
        done.append({
            "action": rule.action, "title_zh": rule.title_zh, "title_en": rule.title_en, "schema": rule.schema,
            "can": why is None, "why_not": en if lang == "en" else zh, "why_not_zh": zh, "why_not_en": en,
        })  # fmt: skip
    return done


def latest(runs: Sequence[Run]) -> list[Run]:
    """Return the newest run of each clock, in order of first start."""
    return list({run.rule.clock_id: run for run in runs}.values())


def without_box(row: Row) -> Row:
    """Return a row without the columns that only serve searching: they would undo the mask of the point."""
    return {name: value for name, value in row.items() if name not in BOX}
