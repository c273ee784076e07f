"""What a purpose opens is a look, whatever the entity: the walk is over the whole catalogue, so a new one joins."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huitian.base.entities import ENTITIES
from huitian.base.opening import opened
from huitian.base.planner import Planner, masks_of
from huitian.clock import FixedClock
from huitian.engine.embedded import create_store
from huitian.errors import AuditUnwritten, NotAllowed, PurposeMissing
from huitian.model.audit import Entry
from huitian.model.query import Query
from huitian.model.scope import Purpose, Scope

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
RESTRICTED = [
    (entity.name, column.name)
    for entity in ENTITIES.values()
    for column in entity.columns
    if column.v2 not in {"full", "secret"}
]
PROTECTED = [entity.name for entity in ENTITIES.values() if entity.release == "protected"]


def purpose(opens: str, about: str = "case", *ids: str) -> Purpose:
    return Purpose("p", "handle_case", "T", frozenset({opens}), about, frozenset(ids), None,  # type: ignore[arg-type]
                   NOW + timedelta(minutes=5))  # fmt: skip


@pytest.fixture
def planner(tmp_path: Path) -> Planner:
    return Planner(create_store(tmp_path).records, FixedClock(NOW), 10, 5)


@pytest.mark.parametrize(("entity", "column"), RESTRICTED)
def test_lens_v3_alone_opens_no_restricted_field(planner: Planner, entity: str, column: str) -> None:
    try:
        allowed = planner.allow(Scope("u", None, "V3", "dispatcher"), entity)
    except NotAllowed:
        return
    assert allowed.masks[column] == masks_of(ENTITIES[entity], "V2")[column]


@pytest.mark.parametrize(("entity", "column"), RESTRICTED)
def test_what_a_purpose_opens_is_told(entity: str, column: str) -> None:
    row = {column: "13812345678", "case_id": "c1", "is_anonymous": False}
    other = row | {"case_id": "c2"}
    masks = masks_of(ENTITIES[entity], "V2")
    about = purpose(f"{entity}.{column}", "case", "c1")
    (mine, foreign), seen = opened(entity, masks, (about,), [row, other], is_v3=True)
    assert mine[column] == "13812345678"
    assert foreign[column] != "13812345678" or masks[column] in {"source_row", "uncounted"}
    assert seen == {about: {column: {0}}}
    (kept, _), _ = opened(entity, masks, (about,), [row, other], is_v3=False)
    assert kept == foreign | {"case_id": "c1"}


@pytest.mark.parametrize("lens", ["V2", "V3"])
@pytest.mark.parametrize("entity", PROTECTED)
def test_rows_of_persons_and_households_need_a_purpose(planner: Planner, entity: str, lens: str) -> None:
    scope = Scope("u", None, lens, "committee")  # type: ignore[arg-type]
    try:
        allowed = planner.allow(scope, entity)
    except NotAllowed:
        return
    with pytest.raises(PurposeMissing, match=entity):
        planner.read(allowed, Query(entity))
    with pytest.raises(PurposeMissing, match=entity):
        planner.judge(allowed, Query(entity), lambda row: row)


def test_a_purpose_that_is_over_is_none(planner: Planner) -> None:
    over = Purpose(
        "p", "home_visit", "T", frozenset({"household.*"}), "household", frozenset({"h1"}), None, NOW
    )
    allowed = planner.allow(Scope("u", None, "V3", "committee", purposes=(over,)), "household")
    with pytest.raises(PurposeMissing):
        planner.read(allowed, Query("household"))


def test_a_look_that_nobody_records_is_not_given(planner: Planner) -> None:
    scope = Scope("u", None, "V2", "committee")
    with pytest.raises(AuditUnwritten):
        planner.looked(scope, "case_file", "content", [{"case_id": "c1"}])
    told: list[Entry] = []
    planner.record = lambda entry: told.append(entry) or 1  # type: ignore[func-returns-value]
    planner.looked(scope, "case_file", "content", [{"case_id": "c1"}])
    assert [(one.act, one.entity, one.fields, one.subjects[0].subject_id) for one in told] == [
        ("look", "case_file", ("content",), "c1")
    ]
