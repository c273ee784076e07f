"""Who should have a case: the four parts, the reason with its counts, ties."""

from datetime import timedelta

import pytest

from huitian.cases.owners import Owners
from huitian.cases.stories import StoryIntake
from huitian.errors import NotFound
from huitian.model.case import CaseStory, StoryStep
from tests.cases.conftest import DISPATCHER, START, STREET2, Town


def past(town: Town, n: int, org_id: str, *, category: str = "A12", solved: str = "solved", lon: float = 116.05,
         channel: str = "C04", is_closed: bool = True) -> None:  # fmt: skip
    at = START - timedelta(days=30)
    ends = [StoryStep("close", at + timedelta(hours=9))] if is_closed else []
    stories = [
        CaseStory(
            f"{org_id}/{category}/{solved}/{is_closed}/{i}", "letter", channel, at, "", "暖气不热", category, 2, lon,
            40.1, steps=(StoryStep("dispatch", at, org_id), StoryStep("reply", at + timedelta(hours=2), org_id),
                         StoryStep("visit", at + timedelta(hours=3), facts={"is_reached": True, "solved": solved}),
                         *ends),
        )
        for i in range(n)
    ]  # fmt: skip
    with town.parts.records.writing() as writing:
        StoryIntake(town.parts).take_stories(writing, "past", stories)


def best(town: Town, **letter: object) -> dict:  # type: ignore[type-arg]
    opened = town.write(**letter)  # type: ignore[arg-type]
    return Owners(town.parts).suggest_owners(DISPATCHER, opened.case_id)["items"][0]


def test_without_a_past_duties_and_place_decide_and_it_says_so(town: Town) -> None:
    one = best(town)
    assert one["org_id"] == "org:heat"
    assert one["n_past"] == 0
    assert one["reason_zh"] == "尚无同类办理记录，按职责和所在地推荐（供暖）；手头在办0件。"
    assert one["confidence"] == 0


def test_the_score_is_the_weighted_sum_of_its_parts(town: Town) -> None:
    past(town, 8, "org:heat")
    past(town, 2, "org:com1", solved="unsolved")
    past(town, 5, "org:heat", is_closed=False)
    items = Owners(town.parts).suggest_owners(DISPATCHER, town.write().case_id)["items"]
    for one in items:
        assert one["score"] == pytest.approx(
            sum(one["weights"][n] * p for n, p in one["parts"].items()), abs=2e-4
        )
    heat = items[0]
    assert (heat["org_id"], heat["n_past"]) == ("org:heat", 13)
    # category (13 + 5·prior)/(15 + 5); past (13 + 2)/(13 + 4); load 1 − 5/(5 + 20)
    assert heat["parts"] == {
        "category": 0.9,
        "area": 0.3,
        "past": pytest.approx(15 / 17, abs=1e-4),
        "load": 0.8,
    }
    assert (
        heat["reason_zh"]
        == "全市本级同类（供暖）15件中13件由其办理，占87%，回访13件解决率100%；手头在办5件。"
    )
    assert heat["reason_en"] == (
        "Of 15 cases of this kind (Heating) at this level in the city it handled 13 (87%), "
        "100% of the 13 followed up were solved; it has 5 open."
    )
    assert 0.4 < heat["confidence"] < 0.75


def test_with_enough_cases_the_street_is_looked_at_and_named(town: Town) -> None:
    past(town, 20, "org:com1")
    past(town, 200, "org:heat", lon=116.3)
    one = best(town)
    assert one["org_id"] == "org:com1"
    assert one["reason_zh"].startswith("东街道本级同类（供暖）20件中20件由其办理，占100%")


def test_a_street_without_a_past_is_known_by_the_other_streets(town: Town) -> None:
    past(town, 12, "org:street2", category="A05", lon=116.3)
    one = best(town, words="门口天天占道经营", key="vendors-1")
    assert (one["org_id"], one["n_past"]) == ("org:street1", 0)
    assert one["reason_zh"].startswith("全市本级同类（占道经营）12件都由所在地的街道办理")


def test_a_rule_in_force_decides_where_there_is_no_past(town: Town) -> None:
    day = START.date()
    rules = [
        {"rule_id": "r1", "category_code": "A12", "place_id": "admin:110199001", "org_id": "org:com1",
         "org_kind": None, "valid_from": day - timedelta(days=9), "valid_to": None},
        {"rule_id": "r2", "category_code": "A12", "place_id": None, "org_id": "org:heat", "org_kind": None,
         "valid_from": day - timedelta(days=99), "valid_to": day},
    ]  # fmt: skip
    with town.parts.records.writing() as writing:
        writing.add("dispatch_rule", rules)
    one = best(town)
    assert one["org_id"] == "org:com1"
    assert one["reason_zh"].startswith("派单目录规定供暖由其办理")


def test_ties_are_broken_alike_every_time(town: Town) -> None:
    with town.parts.records.writing() as writing:
        writing.add(
            "organisation",
            [{"org_id": f"org:z{i}", "name": f"供热站{i}", "kind": "department"} for i in (3, 1, 2)],
        )
    opened = town.write()
    first = Owners(town.parts).suggest_owners(DISPATCHER, opened.case_id, limit=9)["items"]
    again = Owners(town.parts).suggest_owners(DISPATCHER, opened.case_id, limit=9)["items"]
    assert first == again
    assert [one["org_id"] for one in first if "z" in one["org_id"]] == ["org:z1", "org:z2", "org:z3"]


def test_a_case_that_cannot_be_seen_has_no_suggestions(town: Town) -> None:
    opened = town.write()
    with pytest.raises(NotFound):
        Owners(town.parts).suggest_owners(STREET2, opened.case_id)


def test_an_unlocated_letter_of_no_category_still_gets_an_answer(town: Town) -> None:
    opened = town.write("你好", lon=None)
    items = Owners(town.parts).suggest_owners(DISPATCHER, opened.case_id)["items"]
    assert all(0 <= one["score"] <= 1 for one in items)


def test_what_was_passed_up_goes_where_such_cases_went(town: Town) -> None:
    past(town, 30, "org:com1", category="A02", channel="C04")
    past(town, 30, "org:street1", category="A02", channel="C01")
    assert best(town, words="停车难", key="parking-l1")["org_id"] == "org:com1"
    assert best(town, words="停车难", key="parking-l2", channel="C01")["org_id"] == "org:street1"
