"""The closed cases most like one: the parts of the score, the order, the reader's lens, and nothing to compare with."""

from datetime import timedelta

import pytest

from huitian.cases.similar import SimilarCases, overlap, pairs_of
from huitian.cases.stories import StoryIntake
from huitian.errors import NotFound
from huitian.model.case import CaseStory, StoryStep
from huitian.model.query import Condition, Query
from tests.cases.conftest import DISPATCHER, GRID1, LEADER, START, STREET1, STREET2, Town, about

COLD = "暖气不热，家里只有十五度，请来看看"


def ended(town: Town, key: str, body: str = COLD, *, days: int = 30, lon: float = 116.05, category: str = "A12",
          is_closed: bool = True) -> str:  # fmt: skip
    """Take a case that the heating company answered two hours after the report; return its id."""
    at = START - timedelta(days=days)
    steps = (
        StoryStep("dispatch", at, "org:heat"),
        StoryStep("reply", at + timedelta(hours=2), "org:heat", words={"reply": "立管排气，已恢复。电话 13812345678"}),
        StoryStep("visit", at + timedelta(hours=3), facts={"is_reached": True, "solved": "solved", "satisfied": "yes"}),
        *((StoryStep("close", at + timedelta(hours=9)),) if is_closed else ()),
    )  # fmt: skip
    story = CaseStory(f"old/{key}", "letter", "C04", at, "", body, category, 2, lon, 40.1, steps=steps)
    with town.parts.records.writing() as writing:
        StoryIntake(town.parts).take_stories(writing, "past", [story])
    query = Query("case", (Condition("reported_at", "eq", at), Condition("category_code", "eq", category)),
                  columns=("case_id", "lon", "building_id"), limit=9)  # fmt: skip
    rows = town.parts.records.read(town.parts.planner.system("case"), query).rows
    (case_id,) = [row["case_id"] for row in rows if row["lon"] == lon]
    return str(case_id)


def similar(town: Town, case_id: str, scope: object = DISPATCHER) -> dict:  # type: ignore[type-arg]
    return SimilarCases(town.parts).most_similar(scope, case_id)  # type: ignore[arg-type]


def test_without_closed_cases_there_is_none_and_nothing_is_made_up(town: Town) -> None:
    ended(town, "open", is_closed=False)
    ended(town, "other", category="A02", days=31)
    answer = similar(town, town.write().case_id)
    assert (answer["items"], answer["n_looked_at"]) == ([], 0)


def test_the_score_is_the_weighted_sum_and_the_outcome_is_told(town: Town) -> None:
    old = ended(town, "a")
    (one,) = similar(town, town.write(COLD).case_id)["items"]
    assert one["case"]["case_id"] == old
    closed_days = 30 - 9 / 24
    assert one["parts"] == {
        "category": 1.0, "place": 0.6, "words": 1.0, "recency": pytest.approx(0.5 ** (closed_days / 180), abs=1e-3),
    }  # fmt: skip
    assert one["score"] == pytest.approx(0.3 + 0.18 + 0.3 + 0.1 * one["parts"]["recency"], abs=1e-3)
    assert (one["nearness"], one["answered_s"], one["closed_s"]) == ("community", 7200, 32400)
    assert (one["case"]["owner_name"], one["case"]["solved"]) == ("海安供热公司", "solved")


def test_nearer_then_alike_in_words_then_newer_comes_first(town: Town) -> None:
    far, near = ended(town, "far", lon=116.3, days=40), ended(town, "near", days=41)
    other_words = ended(town, "words", "供热费怎么退", days=42)
    answer = similar(town, town.write(COLD).case_id)
    assert [one["case"]["case_id"] for one in answer["items"]] == [near, far, other_words]
    assert [one["nearness"] for one in answer["items"]] == ["community", "elsewhere", "community"]
    newest = ended(town, "newest", days=3)
    assert similar(town, town.write(COLD).case_id)["items"][0]["case"]["case_id"] == newest
    assert similar(town, town.write(COLD).case_id) == similar(town, town.write(COLD).case_id)


def test_a_reader_gets_none_of_elsewhere_and_no_words_on_the_wall(town: Town) -> None:
    ended(town, "far", lon=116.3, days=40)
    mine = town.write(COLD)
    assert similar(town, mine.case_id, STREET1)["items"] == []
    with pytest.raises(NotFound):
        similar(town, mine.case_id, STREET2)
    (wall,) = similar(town, mine.case_id, LEADER)["items"]
    assert (wall["parts"]["words"], wall["reply"]) == (None, None)
    assert COLD[:4] not in str(wall)


def test_words_are_masked_even_for_who_stated_a_purpose_and_no_look_is_recorded(town: Town) -> None:
    old = ended(town, "a", COLD + "，联系 13812345678")
    mine = town.write(COLD)
    before = town.parts.records.read(
        town.parts.planner.system("audit_row"), Query("audit_row", limit=99)
    ).n_total
    for scope in (GRID1, about(DISPATCHER, old), about(DISPATCHER, mine.case_id)):
        (one,) = similar(town, mine.case_id, scope)["items"]
        assert "13812345678" not in str(one)
        assert one["reply"].startswith("立管排气")
    after = town.parts.records.read(
        town.parts.planner.system("audit_row"), Query("audit_row", limit=99)
    ).n_total
    assert after == before


def test_an_unclassified_case_is_compared_with_nothing(town: Town) -> None:
    ended(town, "a")
    opened = town.write("……", category_code=None)
    assert similar(town, opened.case_id)["items"] == []


def test_overlap_is_of_pairs_of_characters_without_digits_and_masks() -> None:
    assert pairs_of("7号楼1502，暖气") == {"号楼", "暖气"}
    assert overlap(pairs_of("暖气不热"), pairs_of("暖气 138****5678")) == pytest.approx(0.5)
    assert overlap(pairs_of("12"), pairs_of("暖气")) is None
