"""The home that a case is about: it gives the building, is told only for a purpose, and goes with the words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huitian.base.anchors import Standing, stand
from huitian.cases.history import steps_of
from huitian.cases.homes import cases_of_homes, home_in_note, homes_of
from huitian.cases.stories import StoryIntake
from huitian.cases.views import CaseViews
from huitian.errors import InvalidInput, KeyReused, UnknownField
from huitian.model.case import CaseStory, Letter
from huitian.model.query import Condition, Query, Tally
from huitian.model.scope import Scope
from tests.cases.conftest import DISPATCHER, GRID1, LEADER, START, STREET1, STREET2, Town, about

AUDITOR = Scope("u:audit", None, "V2", "auditor", None)


@pytest.fixture
def town(town: Town) -> Town:
    """Give the small city two buildings, the first with homes."""
    spots = {"b1": (116.05, 40.1), "b2": (116.06, 40.1)}
    homes = [("b1", unit, floor, room) for unit in ("1", "2") for floor in (3, 4) for room in ("01", "02")]
    with town.engine.records.writing() as writing:
        writing.add("building", [
            {"building_id": one, "name": one, "lon": lon, "lat": lat, "west": lon, "south": lat, "east": lon,
             "north": lat} for one, (lon, lat) in spots.items()])  # fmt: skip
        writing.add("dwelling", [
            {"dwelling_id": f"{b}-{u}-{f}{r}", "building_id": b, "unit_no": u, "floor_no": f, "room_no": f"{f}{r}"}
            for b, u, f, r in [*homes, ("b2", "1", 4, "01")]])  # fmt: skip
        stand(writing, town.parts.planner.places, "building",
              [Standing(one, lon, lat, None, date(2020, 1, 1)) for one, (lon, lat) in spots.items()])  # fmt: skip
    return town


def home(town: Town, case_id: str) -> str | None:
    """Return the home of a case as the product knows it."""
    return homes_of(town.parts, town.engine.records, [case_id]).get(case_id)


def test_a_home_gives_its_building(town: Town) -> None:
    """And the building its point; a home elsewhere, or none at all, is refused."""
    opened = town.letters.open_case(Letter("暖气不热", "key-00000001", dwelling_id="b1-1-401"), GRID1)
    row = town.engine.records.read(town.parts.planner.system("case"), Query("case")).rows[0]
    assert (row["building_id"], row["lon"], row["located_by"]) == ("b1", 116.05, "point")
    assert home(town, opened.case_id) == "b1-1-401"
    for more, why in (({"dwelling_id": "none"}, "no such home"),
                      ({"dwelling_id": "b1-1-401", "building_id": "b2"}, "does not lie")):  # fmt: skip
        with pytest.raises(InvalidInput, match=why) as refused:
            town.letters.open_case(Letter("暖气不热", "key-00000002", **more), GRID1)
        assert refused.value.facts["field"] == "dwelling_id"
        facts = {name: more[name] for name in more if name != "dwelling_id"}
        words = {"dwelling_id": more["dwelling_id"]}
        with pytest.raises(InvalidInput, match=why):
            town.take(DISPATCHER, opened.case_id, "locate", 1, facts=facts, words=words)


def test_the_same_letter_again_with_another_home_is_another(town: Town) -> None:
    """A key is for one letter; a home that was found in its note is not of the letter."""
    first = Letter("暖气不热", "key-00000001", building_id="b1", address_note="2单元401")
    opened = town.letters.open_case(first)
    assert home(town, opened.case_id) == "b1-2-401"
    assert town.letters.open_case(first) == opened
    with pytest.raises(KeyReused):
        town.letters.open_case(Letter("暖气不热", "key-00000001", building_id="b1", address_note="2单元401",
                                      dwelling_id="b1-1-401"))  # fmt: skip


def test_a_report_that_comes_again_is_the_same_with_its_home_only(town: Town) -> None:
    """The phone sends what it is not sure of once more: as it was, that is the old case, with or without a note."""
    for n, note in enumerate(("", "2单元401")):
        report = Letter("暖气不热", f"key-0000000{n}", address_note=note, dwelling_id="b1-1-401")
        opened = town.letters.open_case(report, GRID1)
        assert town.letters.open_case(report, GRID1) == opened
        for other in ("", "b1-1-402", "b2-1-401"):
            with pytest.raises(KeyReused):
                town.letters.open_case(replace(report, dwelling_id=other), GRID1)
        assert home(town, opened.case_id) == "b1-1-401"
    assert town.engine.records.tally(town.parts.planner.system("case"), Tally("case"))[0]["n"] == 2


NOTES = {
    "2单元401": "b1-2-401", "2 单元 401室，老人独居": "b1-2-401", "1-2-302": "b1-2-302", "2-302": "b1-2-302",
    "302室": "", "302": "", "2单元999": "", "3单元401": "", "2单元401和402": "", "电话 12050003850": "",
    "402号车位": "", "北清路101号院2单元401室": "b1-2-401", "1001号楼2单元401": "b1-2-401", "2026-11-302": "", "": "",
}  # fmt: skip


def test_a_note_that_names_one_home_is_that_home(town: Town) -> None:
    """Two rooms of one number, no such room, or a number that is none: nothing is guessed."""
    reads = town.engine.records
    assert {note: home_in_note(town.parts, reads, "b1", note) for note in NOTES} == NOTES
    assert home_in_note(town.parts, reads, None, "2单元401") == ""


def test_a_story_tells_its_home_by_code_or_by_note(town: Town) -> None:
    """The building gives the point of what has none; a home that does not fit is left out, and a finding says so."""
    told: dict[str, dict[str, str]] = {
        "code": {"dwelling_id": "b1-1-401"},
        "note": {"building_id": "b1", "address_note": "2单元401室"},
        "both": {"building_id": "b1", "dwelling_id": "b1-1-401", "address_note": "2单元401"},
        "vague": {"building_id": "b1", "address_note": "401室"},
        "other": {"building_id": "b1", "dwelling_id": "b2-1-401", "address_note": ""},
        "wrong": {"building_id": "b1", "dwelling_id": "b2-1-401", "address_note": "2单元302"},
        "none": {"dwelling_id": "b9-1-401", "address_note": "2单元401"},
    }
    stories = [
        CaseStory(key, "letter", "C02", START, "暖气不热", "暖气不热", **more) for key, more in told.items()
    ]
    for _ in range(2):
        with town.engine.records.writing() as writing:
            done = StoryIntake(town.parts).take_stories(writing, "mailbox", stories)
    ids = done.case_ids
    assert {key: home(town, ids[key]) for key in told} == {
        "code": "b1-1-401", "note": "b1-2-401", "both": "b1-1-401", "vague": None, "other": None, "wrong": "b1-2-302",
        "none": None,
    }  # fmt: skip
    rows = town.engine.records.read(town.parts.planner.system("case"), Query("case", limit=10)).rows
    where = {row["case_id"]: (row["building_id"], row["lon"], row["located_by"]) for row in rows}
    assert len(where) == len(told)
    assert {where[ids[key]] for key in told if key != "none"} == {("b1", 116.05, "point")}
    assert where[ids["none"]] == (None, None, None)
    findings = town.engine.records.read(town.parts.planner.system("finding"), Query("finding", limit=10)).rows
    assert {one["object_id"] for one in findings if one["rule_id"] == "home_elsewhere"} == {
        ids["other"],
        ids["wrong"],
        ids["none"],
    }


def test_the_newest_step_that_tells_holds(town: Town) -> None:
    """Another building forgets the home, the same keeps it, taking back brings it again."""
    case_id = town.letters.open_case(
        Letter("暖气不热", "key-00000001", dwelling_id="b1-1-401"), GRID1
    ).case_id
    town.take(DISPATCHER, case_id, "locate", 1, facts={"building_id": "b1"})
    assert home(town, case_id) == "b1-1-401"
    town.take(DISPATCHER, case_id, "locate", 2, words={"dwelling_id": "b1-2-302"})
    assert home(town, case_id) == "b1-2-302"
    town.take(DISPATCHER, case_id, "locate", 3, facts={"building_id": "b2"})
    assert home(town, case_id) is None
    town.take(DISPATCHER, case_id, "undo", 4)
    assert home(town, case_id) == "b1-2-302"


def test_no_fact_event_or_column_has_it(town: Town) -> None:
    """It is personal: what is not sealed does not hold it, and nobody filters or sorts by it."""
    case_id = town.letters.open_case(
        Letter("暖气不热", "key-00000001", dwelling_id="b1-1-401"), GRID1
    ).case_id
    town.take(DISPATCHER, case_id, "locate", 1, words={"dwelling_id": "b1-1-402"})
    planner, records = town.parts.planner, town.engine.records
    for entity in ("case", "case_step", "outbox", "audit_row", "case_contact"):
        told = str(records.read(planner.system(entity), Query(entity)).rows)
        assert "b1-1-40" not in told, entity
    assert all("b1-1-40" not in str(step.facts) for step in steps_of(records, planner, case_id))
    for sort, where in ((("words",), ()), ((), (Condition("words", "eq", "b1-1-402"),))):
        with pytest.raises(UnknownField):
            planner.read(planner.allow(STREET1, "case_words"), Query("case_words", where, sort=sort))


def test_which_home_is_told_for_a_purpose_only(town: Town) -> None:
    """Working staff see that it is known, the wall nothing; no search finds it."""
    case_id = town.letters.open_case(
        Letter("暖气不热", "key-00000001", dwelling_id="b1-1-401"), GRID1
    ).case_id
    views, handler = CaseViews(town.parts), about(DISPATCHER, case_id)
    for reader, has_home in (
        (DISPATCHER, True),
        (STREET1, True),
        (GRID1, True),
        (AUDITOR, True),
        (LEADER, False),
    ):
        page = views.page(reader, case_id)
        assert (page["has_home"], page["home"]) == (has_home, None), reader.role
        assert "b1-1-401" not in str(page), reader.role
        allowed = town.parts.planner.allow(reader, "case_words")
        for columns in ((), ("words",), ("case_id", "words")):
            rows = town.parts.planner.read(allowed, Query("case_words", columns=columns)).rows
            assert "b1-1-401" not in str(rows), (reader.role, columns)
    page = views.page(handler, case_id)
    assert page["home"] == {"dwelling_id": "b1-1-401", "unit_no": "1", "floor_no": 4, "room_no": "401"}
    assert "dwelling_id" not in page["words"]
    looks = town.engine.records.read(town.parts.planner.system("audit_row"), Query("audit_row")).rows
    assert {(row["act"], row["entity"]) for row in looks} == {("look", "case_words")}


def test_cases_are_counted_by_home_for_who_works_there(town: Town) -> None:
    """The wall gets none, another street none of these; what is old and closed is not counted."""
    for n, where in enumerate(("b1-1-401", "b1-1-401", "b1-2-302")):
        town.letters.open_case(
            Letter("暖气不热", f"key-{n:08d}", dwelling_id=where, category_code="A12"), GRID1
        )
    town.clock.advance(timedelta(hours=49))
    late = town.letters.open_case(
        Letter("停水", "key-00000009", dwelling_id="b1-2-302", category_code="A09"), GRID1
    )
    assert cases_of_homes(town.parts, LEADER, "b1") is None
    seen = cases_of_homes(town.parts, STREET1, "b1")
    assert seen is not None
    assert (seen.n_open, seen.recent) == ({"b1-1-401": 2, "b1-2-302": 2}, {"b1-2-302": {"A09": 1}})
    assert seen.recent_ids == {"b1-2-302": {"A09": [late.case_id]}}
    elsewhere = cases_of_homes(town.parts, STREET2, "b1")
    assert elsewhere is not None
    assert not elsewhere.n_open
