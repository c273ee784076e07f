"""What a purpose opens is a look, whatever the entity: the walk is over the whole catalogue, so a new one joins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huitian.base.entities import ENTITIES
from huitian.base.opening import closed_fields, covers, look_of, narrowing, opened
from huitian.base.planner import Planner, masks_of
from huitian.clock import FixedClock
from huitian.engine.embedded import create_store
from huitian.errors import AuditUnwritten, NotAllowed, PurposeMissing
from huitian.model.audit import Entry
from huitian.model.query import AnyOf, Condition, Query, Row
from huitian.model.scope import Lens, Purpose, Scope
from tests.base import towns

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
RESTRICTED = [
    (entity.name, column.name)
    for entity in ENTITIES.values()
    for column in entity.columns
    if column.v2 not in {"full", "secret"}
]
SECRET = [
    (entity.name, c.name) for entity in ENTITIES.values() for c in entity.columns if "secret" in {c.v1, c.v2}
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
    (kept, _), seen = opened(entity, masks, (about,), [row, other], is_v3=False)
    assert seen == ({} if column in masks else {about: {column: {0}}}), "what stays masked is no look"
    if ENTITIES[entity].release == "protected":
        assert foreign[column] is None
    else:
        assert kept == foreign | {"case_id": "c1"}


@pytest.mark.parametrize(("entity", "column"), SECRET)
def test_no_purpose_opens_a_secret(entity: str, column: str) -> None:
    every = purpose(f"{entity}.*", "case", "c1")
    row = {column: "s3cret", "case_id": "c1"}
    (told,), seen = opened(entity, masks_of(ENTITIES[entity], "V3"), (every,), [row], is_v3=True)
    assert told[column] != "s3cret"
    assert column not in seen.get(every, {})


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


@pytest.mark.parametrize("k", [1, 5, 10])
def test_whether_rows_come_out_goes_by_the_lens_whatever_the_floors_are(tmp_path: Path, k: int) -> None:
    planner = towns.settle(create_store(tmp_path))
    planner = Planner(planner._records, FixedClock(towns.NOW), k, k)
    planner.record = lambda _entry: 1
    live = replace(
        purpose("person.*", "place"), place_id="admin:9901", until_at=towns.NOW + timedelta(minutes=5)
    )
    for lens in ("V2", "V3"):
        staff = Scope("u", None, lens, "committee", purposes=(live,))  # type: ignore[arg-type]
        assert planner.read(planner.allow(staff, "person"), Query("person")).rows == []
    wall = Scope("u", None, "V1", "committee", purposes=(live,))
    with pytest.raises(NotAllowed):
        planner.read(planner.allow(wall, "person"), Query("person"))


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


@pytest.fixture
def neighbours(tmp_path: Path) -> Planner:
    """Return the planner of the town, with a person in its west and one in its east."""
    engine = create_store(tmp_path)
    planner = towns.settle(engine)
    with engine.records.writing() as writing:
        for name, building_id in (("west", "b0"), ("east", "b9")):
            of = {"household_id": name, "building_id": building_id, "cell_key": 1}
            writing.add("household", [of | {"kind": "family", "n_persons": 1}])
            writing.add(
                "person", [of | {"person_id": name, "birth_year": 1950, "sex": "f", "is_registered": True}]
            )
    return planner


def seen_by(
    planner: Planner, lens: Lens, query: Query, *purposes: Purpose
) -> tuple[dict[str, Row], list[Entry]]:
    told: list[Entry] = []
    planner.record = lambda entry: told.append(entry) or 1  # type: ignore[func-returns-value]
    live = tuple(replace(one, until_at=towns.NOW + timedelta(minutes=5)) for one in purposes)
    allowed = planner.allow(Scope("u", None, lens, "committee", purposes=live), query.entity)
    return {row["household_id"]: row for row in planner.read(allowed, query).rows}, told


@pytest.mark.parametrize("lens", ["V2", "V3"])
@pytest.mark.parametrize("about", ["place", "household"])
def test_each_row_is_opened_by_the_purpose_that_covers_it(
    neighbours: Planner, lens: Lens, about: str
) -> None:
    narrow, wide = purpose("person.sex", about, "west"), purpose("person.*", about, "east")
    narrow = replace(narrow, taking_id="narrow", place_id="admin:9901" if about == "place" else None)
    wide = replace(wide, taking_id="wide", place_id="admin:9904" if about == "place" else None)
    rows, told = seen_by(neighbours, lens, Query("person"), narrow, wide)
    assert {name: (row["sex"], row["birth_year"], row["is_registered"]) for name, row in rows.items()} == {
        "west": ("f", None, None),
        "east": ("f", 1950, True),
    }
    looks = {one.details["taking_id"]: (one.fields, [s.subject_id for s in one.subjects]) for one in told}
    assert looks["narrow"] == (("sex",), ["west"])
    assert looks["wide"][1] == ["east"]
    assert "birth_year" in looks["wide"][0]


def test_rows_rest_on_the_home_that_is_asked_for_else_on_a_place() -> None:
    home, place = purpose("person.*", "household", "h1"), purpose("person.*", "place")
    for_case = purpose("person.*", "case", "c1")
    both = (for_case, home, place)
    of_homes = Condition("household_id", "in", ["h1", "h2"])
    assert narrowing(both, Query("person", (Condition("household_id", "eq", "h1"),))) == (home,)
    assert narrowing(both, Query("person", (of_homes,))) == (place,), "of the second home nothing was stated"
    assert narrowing(both, Query("person")) == (place,)
    assert narrowing((for_case, home), Query("person", (of_homes,))) == (home,)
    assert narrowing((for_case,), Query("person")) == ()
    assert not covers(place, {"place_id": "admin:9901"}), "which places hold a row only places know"


def test_keys_and_ids_of_protected_rows_are_not_shut() -> None:
    assert closed_fields(ENTITIES["occupancy"]).isdisjoint({"household_id", "dwelling_id", "valid_from"})
    assert {"birth_year", "sex", "is_registered"} <= closed_fields(ENTITIES["person"])
    assert closed_fields(ENTITIES["case_contact"]) == frozenset()


def test_a_look_says_where_it_was_also_of_what_lies_in_no_place_itself() -> None:
    row = {"case_id": "c1", "phone": "1", "is_anonymous": False}
    entry = look_of(Scope("u", None, "V3", "committee"), ENTITIES["case_contact"], None, {"phone": {0}}, [row],
                    {"c1": "admin:9901"})  # fmt: skip
    assert [(s.entity, s.subject_id, s.place_id) for s in entry.subjects] == [("case", "c1", "admin:9901")]


def test_a_field_that_a_purpose_leaves_shut_is_not_asked_by(neighbours: Planner) -> None:
    narrow = replace(purpose("person.sex", "place"), taking_id="narrow", place_id="admin:9901")
    wide = replace(purpose("person.*", "place"), taking_id="wide", place_id="admin:9904")
    by_year = Condition("birth_year", "lt", 1960)
    for query in (Query("person", (by_year,)), Query("person", (AnyOf((by_year,)),)),
                  Query("person", sort=("-birth_year",))):  # fmt: skip
        with pytest.raises(PurposeMissing, match="birth_year"):
            seen_by(neighbours, "V3", query, narrow, wide)
        assert set(seen_by(neighbours, "V3", query, wide)[0]) == {"east"}
