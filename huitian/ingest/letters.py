"""Letters: rows of a mailbox or hotline as stories, for the engine of cases to take in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from huitian.engine.ports import Writing
from huitian.ingest.batch import Draft
from huitian.ingest.locate import named_place
from huitian.ingest.mapping import RowMap, StepMap
from huitian.model.case import CaseStory, StoryStep
from huitian.model.query import Row, Written

DEFAULT_CHANNEL = "C02"
DEFAULT_KIND = "letter"
ACTIONS_ZH = {
    "dispatch": "派单",
    "sign": "签收",
    "handle": "办理",
    "reply": "反馈",
    "visit": "回访",
    "close": "办结",
}
"""Chinese names of usual actions, for findings; the ladder that a story is judged by has its own."""


class StoriesTaken(Protocol):
    """What became of stories."""

    @property
    def written(self) -> Written:
        """Cases that are new or grew, and cases that were there already."""
        ...

    @property
    def case_ids(self) -> Mapping[str, str]:
        """Case by source key."""
        ...


class StoryTaker(Protocol):
    """Whoever takes stories in: the engine of cases, handed over by ``app``."""

    def take_stories(
        self, writing: Writing, source_id: str, stories: Iterable[CaseStory], load_id: str | None = None
    ) -> StoriesTaken:
        """Take stories inside a transaction; idempotent by source and key."""
        ...


def story_of(draft: Draft, mapping: RowMap) -> CaseStory:
    """Return the story that a row tells; steps that did not happen are left out."""
    values = draft.values
    told = [_step(step, values) for step in mapping.steps if _happened(step, values)]
    return CaseStory(
        source_key=draft.source_key,
        kind=values.get("kind") or DEFAULT_KIND,
        channel=values.get("channel") or DEFAULT_CHANNEL,
        reported_at=values["reported_at"],
        title=values.get("title") or "",
        body=values.get("body") or values.get("title") or "",
        category_code=values.get("category_code"),
        grade=values.get("grade"),
        lon=values.get("lon"),
        lat=values.get("lat"),
        place_id=named_place(values),
        building_id=values.get("building_id"),
        dwelling_id=values.get("dwelling_id"),
        address_note=values.get("address_note") or "",
        name=values.get("name"),
        phone=values.get("phone"),
        steps=tuple(sorted(told, key=lambda step: step.taken_at)),
    )


def _happened(step: StepMap, values: Mapping[str, Any]) -> bool:
    if all(values.get(name) is None for name in step.when):
        return False
    return values.get(step.at) is not None or step.undated == "at_report"


def _step(step: StepMap, values: Mapping[str, Any]) -> StoryStep:
    taken_at: datetime = values.get(step.at) or values["reported_at"]
    facts = {name: values[column] for name, column in step.facts.items() if values.get(column) is not None}
    return StoryStep(
        action=step.action,
        taken_at=taken_at,
        org_id=values.get(step.org_id) if step.org_id else None,
        org_name=values.get(step.org) if step.org else None,
        facts=facts,
        words={name: values[column] for name, column in step.words.items() if values.get(column)},
    )


def undated(draft: Draft, mapping: RowMap) -> list[str]:
    """Return the actions of a row that happened but have no time."""
    values = draft.values
    return [s.action for s in mapping.steps if _happened(s, values) and values.get(s.at) is None]


def undated_findings(
    drafts: Sequence[Draft], mapping: RowMap, case_ids: Mapping[str, str], load_id: str, found_at: datetime
) -> list[Row]:
    """Return a finding for every letter with a step whose time its source does not tell."""
    rows = []
    for draft in drafts:
        actions = undated(draft, mapping)
        if actions:
            case_id = case_ids[draft.source_key]
            said = ", ".join(dict.fromkeys(actions))
            said_zh = "、".join(dict.fromkeys(ACTIONS_ZH.get(action, action) for action in actions))
            rows.append({
                "finding_id": f"step_undated:{case_id}", "rule_id": "step_undated", "entity": "case",
                "object_id": case_id, "place_id": named_place(draft.values), "severity": "notice",
                "words_zh": f"来源没有写明“{said_zh}”的日期；暂记在来信当时，办理时长不可用。",
                "words_en": f"The source gives no date for {said}; it stands at the time of the letter, "
                "so how long it took is not known.",
                "facts": {"actions": actions, "row_no": draft.row_no}, "found_at": found_at, "load_id": load_id,
                "is_open": True,
            })  # fmt: skip
    return rows
