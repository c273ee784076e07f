"""Stories: whole cases as another system tells them, taken in bulk into the same log as every other case."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huitian.base.anchors import Standing, anchor_rows
from huitian.cases.fold import fold
from huitian.cases.history import batches, logs_of, step_row, words_rows
from huitian.cases.ladder import FIRST, UNDO
from huitian.cases.letters import next_case_no
from huitian.cases.log import plain_text, roots
from huitian.cases.parts import CaseParts
from huitian.cases.story_homes import at_home
from huitian.clock import day_of
from huitian.engine.ports import Writing
from huitian.model.case import HOME, CaseStory, Ladder, Step, StoryStep
from huitian.model.query import Condition, Event, Query, Row, Written

KEY = "story:"
"""Beginning of the idempotency keys of steps that a story told."""
SYSTEM = "system"
DEFAULT_CHANNEL = "C02"


@dataclass(frozen=True, slots=True)
class StoriesTaken:
    """What became of a batch of stories.

    Attributes:
        written: Cases that are new or have new steps, and cases that were there already.
        findings: Rows of ``finding`` that were written, one a case and rule.
        case_ids: Case by source key.
    """

    written: Written
    findings: Sequence[Row] = ()
    case_ids: Mapping[str, str] = field(default_factory=dict)


class StoryIntake:
    """Takes stories into the log.

    Args:
        parts: What the engine works with.
    """

    def __init__(self, parts: CaseParts) -> None:
        self._parts = parts

    def take_stories(
        self, writing: Writing, source_id: str, stories: Iterable[CaseStory], load_id: str | None = None
    ) -> StoriesTaken:
        """Take stories inside a transaction. Idempotent by source key; a story that grew gets its new steps.

        The order of a story's states is not checked, and its steps keep their own times, also where a reply is
        dated before the letter: the log tells what was told, a finding says what is odd about it. Organisations
        that are named but not known are made, as departments. One event is recorded for the batch.

        Args:
            writing: An open transaction.
            source_id: Who tells; the same key of another source is another case.
            stories: The stories.
            load_id: The load they come with.

        Returns:
            How many cases were written or unchanged, and what was found odd.
        """
        parts = self._parts
        by_key = {story.source_key: story for story in stories}
        ids = {key: case_id_of(source_id, key) for key in by_key}
        known = logs_of(writing, parts.planner, list(ids.values()))
        orgs = self._org_ids(writing, by_key.values(), load_id)
        fresh = [s for s in by_key.values() if ids[s.source_key] not in known]
        fresh.sort(key=lambda s: (s.reported_at, s.source_key))
        fresh, elsewhere = at_home(parts, writing, fresh)
        logs, stands = self._new_logs(writing, fresh, ids, orgs, load_id)
        findings = [
            self._finding(ids[key], "home_elsewhere", {}, stands.get(ids[key]), load_id)
            for key in sorted(elsewhere)
        ]
        for story in by_key.values():
            case_id = ids[story.source_key]
            if case_id in known:
                grown = self._grown(story, known[case_id], orgs)
                if isinstance(grown, str):
                    findings.append(self._finding(case_id, grown, {}, None, load_id))
                elif grown:
                    logs[case_id] = [*known[case_id], *grown]
            findings += self._odd(story, case_id, stands.get(case_id), load_id)
        self._keep(writing, logs, known)
        added = [row for row in findings if row]
        writing.add("finding", added)
        if logs:
            payload = {"source_id": source_id, "load_id": load_id, "n_written": len(logs)}
            writing.emit(Event("case", "stories_taken", payload, roots(parts), recorded_at=parts.now()))
        return StoriesTaken(Written(len(logs), len(by_key) - len(logs)), added, ids)

    def _new_logs(
        self, writing: Writing, fresh: Sequence[CaseStory], ids: Mapping[str, str], orgs: Mapping[str, str],
        load_id: str | None,
    ) -> tuple[dict[str, list[Step]], dict[str, str]]:  # fmt: skip
        """Write where new cases stand, number them, return their logs and where each stands in the main tree."""
        parts = self._parts
        standings = [
            Standing(ids[s.source_key], s.lon, s.lat, s.place_id, day_of(s.reported_at)) for s in fresh
        ]
        anchors = anchor_rows(parts.planner.places, "case", standings) if standings else []
        writing.add("anchor", anchors)
        located = {row["object_id"]: row["located_by"] for row in anchors}
        logs = {}
        for story in fresh:
            case_id = ids[story.source_key]
            ladder = parts.ladders.on_day(story.kind, day_of(story.reported_at))
            facts = self._facts(writing, ladder, story, load_id) | {"located_by": located.get(case_id)}
            words = {
                "title": plain_text(story.title),
                "body": plain_text(story.body),
                "address_note": plain_text(story.address_note),
                HOME: story.dwelling_id or "",
            }
            first = Step(
                case_id, 1, FIRST, SYSTEM, None, story.reported_at, facts, f"{KEY}{case_id}:1", words
            )
            told = [t for t in story.steps if t.action in ladder.actions and t.action not in (FIRST, UNDO)]
            logs[case_id] = [first, *(step_told(case_id, no, one, orgs) for no, one in enumerate(told, 2))]
        contacts = [
            {"case_id": ids[s.source_key], "name": s.name, "phone": s.phone, "is_anonymous": False}
            for s in fresh
            if s.name or s.phone
        ]
        writing.add("case_contact", contacts)
        tree_id = parts.planner.places.default_tree
        return logs, {row["object_id"]: row["place_id"] for row in anchors if row["tree_id"] == tree_id}

    def _facts(
        self, writing: Writing, ladder: Ladder, story: CaseStory, load_id: str | None
    ) -> dict[str, Any]:
        categories, text = self._parts.categories, f"{story.title} {story.body}"
        code = story.category_code or categories.guess(text).category_code
        channel = story.channel if story.channel in ladder.channels else DEFAULT_CHANNEL
        level, prefix = ladder.channels[channel]
        return {
            "case_no": next_case_no(writing, prefix, f"{day_of(story.reported_at):%Y%m%d}"),
            "kind": story.kind, "rule_set": ladder.rule_set, "channel": channel, "ladder_level": level,
            "category_code": code, "grade": story.grade or categories.grade_of(code, text),
            "lon": story.lon, "lat": story.lat, "place_id": story.place_id, "building_id": story.building_id,
            "load_id": load_id,
        }  # fmt: skip

    def _grown(self, story: CaseStory, log: Sequence[Step], orgs: Mapping[str, str]) -> list[Step] | str:
        """Return the steps that are new, or the rule of a finding where the story and the log part ways."""
        ladder = self._parts.ladders.named(log[0].facts["rule_set"])
        told = [t for t in story.steps if t.action in ladder.actions and t.action not in (FIRST, UNDO)]
        wanted = [step_told(log[0].case_id, no, one, orgs) for no, one in enumerate(told, 2)]
        before = [step for step in log[1:] if step.idempotency_key.startswith(KEY)]
        same = [(s.action, s.taken_at) for s in before] == [
            (w.action, w.taken_at) for w in wanted[: len(before)]
        ]
        if not same:
            return "story_changed"
        if len(wanted) == len(before):
            return []
        return wanted[len(before) :] if len(before) == len(log) - 1 else "story_changed"

    def _keep(
        self, writing: Writing, logs: Mapping[str, list[Step]], known: Mapping[str, list[Step]]
    ) -> None:
        parts = self._parts
        new = [step for case_id, log in logs.items() for step in log[len(known.get(case_id, ())) :]]
        writing.add("case_step", [step_row(step) for step in new])
        writing.add("case_words", [row for step in new for row in words_rows(step)])
        rows = {
            case_id: fold(parts.ladders.named(log[0].facts["rule_set"]), parts.calendar, log)
            for case_id, log in logs.items()
        }
        writing.add("case", [row for case_id, row in rows.items() if case_id not in known])
        writing.put("case", [row for case_id, row in rows.items() if case_id in known])

    def _org_ids(self, writing: Writing, stories: Iterable[CaseStory], load_id: str | None) -> dict[str, str]:
        """Return organisation by cleaned name; those that nobody knows are made."""
        names = sorted(
            {clean(t.org_name) for s in stories for t in s.steps if t.org_name and not t.org_id} - {""}
        )
        allowed = self._parts.planner.system("organisation")
        found: dict[str, str] = {}
        for part in batches(names):
            query = Query("organisation", (Condition("name", "in", part),), columns=("org_id", "name"),
                          sort=("-org_id",), limit=10 * len(part))  # fmt: skip
            found |= {row["name"]: row["org_id"] for row in writing.read(allowed, query).rows}
        made = {name: f"org:{digest('organisation', name)[:12]}" for name in names if name not in found}
        writing.add("organisation", [
            {"org_id": org_id, "name": name, "kind": "department", "load_id": load_id} for name, org_id in made.items()
        ])  # fmt: skip
        return found | made

    def _odd(self, story: CaseStory, case_id: str, place_id: str | None, load_id: str | None) -> list[Row]:
        early = [s.taken_at for s in story.steps if s.action == "reply" and s.taken_at < story.reported_at]
        if not early:
            return []
        n_days = (day_of(story.reported_at) - day_of(min(early))).days
        facts = {
            "n_days": n_days,
            "reported_at": story.reported_at.isoformat(),
            "replied_at": min(early).isoformat(),
        }
        return [self._finding(case_id, "reply_before_report", facts, place_id, load_id)]

    def _finding(
        self, case_id: str, rule_id: str, facts: Mapping[str, Any], place_id: str | None, load_id: str | None
    ) -> Row:
        zh, en = FOUND[rule_id]
        return {
            "finding_id": f"{rule_id}:{case_id}", "rule_id": rule_id, "entity": "case", "object_id": case_id,
            "place_id": place_id, "severity": "warning", "words_zh": zh.format(**facts), "words_en": en.format(**facts),
            "facts": dict(facts), "found_at": self._parts.now(), "load_id": load_id, "is_open": True,
        }  # fmt: skip


FOUND = {
    "reply_before_report": (
        "答复日期比来信早 {n_days} 天；案件已保留，请核对来源的日期。",
        "The reply is dated {n_days} day(s) before the letter; the case is kept, check the dates of its source.",
    ),
    "home_elsewhere": (
        "来源写的房屋不在城中，或不在所写的楼栋里；案件已保留，没有记来源写的这套房屋。",
        "The home that the source names is not in the city, or not in the building named; the case is kept without it.",
    ),
    "story_changed": (
        "来源改写了已导入的办理过程；保留原记录，请人工核对。",
        "The source tells steps that differ from those taken in before; ours are kept, check them by hand.",
    ),
}


def step_told(case_id: str, step_no: int, told: StoryStep, orgs: Mapping[str, str]) -> Step:
    """Return a step of the log from a step of a story.

    The organisation of a step is the one that took it; of a dispatch that does not say in its facts where it
    went, the one that it went to.
    """
    org_id = told.org_id or orgs.get(clean(told.org_name or ""))
    is_to = told.action == "dispatch" and org_id is not None and "org_id" not in told.facts
    facts = {**told.facts, "org_id": org_id} if is_to else dict(told.facts)
    words = {name: plain_text(text) for name, text in told.words.items()}
    return Step(
        case_id, step_no, told.action, SYSTEM, None if is_to else org_id, told.taken_at, facts,
        f"{KEY}{case_id}:{step_no}", words,
    )  # fmt: skip


def case_id_of(source_id: str, source_key: str) -> str:
    """Return the case of a source key: the same key of the same source is the same case."""
    return "c" + digest("story", source_id, source_key)[:20]


def clean(name: str) -> str:
    """Return a name without blanks around it; no-break spaces are blanks."""
    return name.replace("\u00a0", " ").strip()


def digest(*parts: str) -> str:
    """Return the SHA-256 hex of parts that cannot run into one another."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
