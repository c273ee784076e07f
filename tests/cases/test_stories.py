"""Stories: whole cases in bulk, twice, grown, odd, and fast."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from huitian.cases.rebuild import check
from huitian.cases.stories import StoriesTaken, StoryIntake
from huitian.model.case import CaseStory, StoryStep
from huitian.model.query import Query, Row
from tests.cases.conftest import DISPATCHER, START, Town


def take(
    town: Town, *stories: CaseStory, source: str = "mailbox", load_id: str | None = None
) -> StoriesTaken:
    with town.parts.records.writing() as writing:
        return StoryIntake(town.parts).take_stories(writing, source, stories, load_id)


def rows(town: Town, entity: str) -> list[Row]:
    return list(town.parts.records.read(town.parts.planner.system(entity), Query(entity, limit=100_000)).rows)


def letter(key: str = "m1", *steps: StoryStep, **more: object) -> CaseStory:
    values: dict[str, object] = {"lon": 116.05, "lat": 40.1, **more}
    return CaseStory(key, "letter", "C02", START, "标题", "暖气不热", steps=steps, **values)  # type: ignore[arg-type]


REPLY = StoryStep("reply", START + timedelta(days=2), org_name="\u00a0市供热办 ", words={"reply": "已修好"})


def test_a_letter_with_a_reply_becomes_a_replied_case_of_that_agency(town: Town) -> None:
    done = take(town, letter("m1", REPLY), load_id="load1")
    assert (done.written.n_written, done.findings) == (1, [])
    (row,) = rows(town, "case")
    assert (row["state"], row["replied_at"], row["origin_load_id"]) == ("replied", REPLY.taken_at, "load1")
    assert (row["category_code"], row["case_no"], row["due_at"]) == ("A12", "HT20260302000001", None)
    (agency,) = [o for o in rows(town, "organisation") if o["name"] == "市供热办"]
    assert (row["owner_org_id"], agency["kind"]) == (agency["org_id"], "department")
    assert {w["field"]: w["words"] for w in rows(town, "case_words")} == {
        "title": "标题",
        "body": "暖气不热",
        "reply": "已修好",
    }


def test_taking_it_again_changes_nothing(town: Town) -> None:
    stories = [letter(f"m{i}", REPLY) for i in range(3)]
    take(town, *stories)
    before = {
        name: rows(town, name)
        for name in ("case", "case_step", "case_words", "anchor", "organisation", "outbox")
    }
    again = take(town, *stories, load_id="another")
    assert (again.written.n_written, again.written.n_unchanged) == (0, 3)
    assert before == {name: rows(town, name) for name in before}


def test_the_same_key_of_another_source_is_another_case(town: Town) -> None:
    take(town, letter("m1"))
    assert take(town, letter("m1"), source="hotline").written.n_written == 1


def test_a_story_that_grew_gets_its_new_steps(town: Town) -> None:
    take(town, letter("m1"))
    assert take(town, letter("m1", REPLY)).written.n_written == 1
    (row,) = rows(town, "case")
    assert (row["state"], row["version"]) == ("replied", 2)
    assert check(town.parts) == []


def test_a_story_that_was_told_otherwise_is_kept_as_it_was_and_found(town: Town) -> None:
    take(town, letter("m1", REPLY))
    other = StoryStep("reply", START + timedelta(days=9), words={"reply": "别的"})
    done = take(town, letter("m1", other))
    assert done.written.n_written == 0
    assert [f["rule_id"] for f in done.findings] == ["story_changed"]
    assert rows(town, "case")[0]["replied_at"] == REPLY.taken_at


def test_a_reply_before_the_letter_is_kept_and_found_with_its_days(town: Town) -> None:
    early = StoryStep("reply", START - timedelta(days=364), org_name="市信息办", words={"reply": "早答"})
    done = take(town, letter("m1", early), letter("m2", REPLY), load_id="load1")
    (finding,) = done.findings
    assert (finding["rule_id"], finding["facts"]["n_days"]) == ("reply_before_report", 364)
    assert "早 364 天" in finding["words_zh"]
    assert (finding["object_id"], finding["place_id"]) == (done.case_ids["m1"], "admin:110199001001")
    assert rows(town, "finding") == [finding]
    assert {r["case_id"]: r["replied_at"] for r in rows(town, "case")}[done.case_ids["m1"]] == early.taken_at
    take(town, letter("m1", early))
    assert len(rows(town, "finding")) == 1


def test_a_reply_on_the_day_of_the_letter_is_not_odd(town: Town) -> None:
    same_day = StoryStep("reply", START, words={"reply": "当日"})
    assert take(town, letter("m1", same_day)).findings == []


def test_dispatch_says_who_did_it_and_where_it_went(town: Town) -> None:
    by_centre = StoryStep("dispatch", START, "org:street1", facts={"org_id": "org:heat"})
    to_only = StoryStep("dispatch", START, "org:com1")
    take(town, letter("m1", by_centre), letter("m2", to_only))
    steps = [
        (s["actor_org_id"], s["facts"]["org_id"])
        for s in rows(town, "case_step")
        if s["action"] == "dispatch"
    ]
    assert sorted(steps, key=str) == [("org:street1", "org:heat"), (None, "org:com1")]
    assert {r["owner_org_id"] for r in rows(town, "case")} == {"org:heat", "org:com1"}


def test_a_batch_is_one_event(town: Town) -> None:
    take(town, *(letter(f"m{i}", REPLY) for i in range(20)), load_id="load1")
    (event,) = town.engine.events.read_since(town.parts.planner.system("outbox"), 0, ["case"])
    assert (event.kind, event.payload["n_written"], event.payload["load_id"]) == (
        "stories_taken",
        20,
        "load1",
    )


def test_unlocated_stories_stand_nowhere_and_unknown_actions_are_passed_over(town: Town) -> None:
    take(town, letter("m1", StoryStep("whistle", START), REPLY, lon=None, lat=None))
    (row,) = rows(town, "case")
    assert (row["place_id"], row["located_by"], row["version"]) == (None, None, 2)


def test_stories_go_on_as_cases(town: Town) -> None:
    done = take(town, letter("m1"))
    row = town.take(DISPATCHER, done.case_ids["m1"], "dispatch", 1, facts={"org_id": "org:com1"})
    assert row["state"] == "dispatched"
    found = take(town, letter("m1", REPLY)).findings
    assert [f["rule_id"] for f in found] == ["story_changed"]


@pytest.mark.skipif(os.environ.get("PYTEST_XDIST_WORKER") is not None, reason="times alone")
def test_five_thousand_stories_of_seven_steps_in_seconds(town: Town) -> None:
    hour = timedelta(hours=1)
    names = ("dispatch", "sign", "handle", "reply", "visit", "close")
    stories = [
        CaseStory(
            f"s{i}", "letter", "C04", at := datetime(2025, 1, 1, tzinfo=UTC) + i * hour, "", "小区停车难" * 30,
            "A02", 3, 116.0 + i % 400 / 1000, 40.1, name="测试某", phone="10000000000",
            steps=tuple(StoryStep(a, at + n * hour, "org:com1", facts={"is_reached": True} if a == "visit" else {})
                        for n, a in enumerate(names, 1)),
        )
        for i in range(5000)
    ]  # fmt: skip
    began_s = time.perf_counter()
    assert take(town, *stories).written.n_written == 5000
    assert time.perf_counter() - began_s < 8, "4 s on a quiet machine; twice that where others work beside"
