"""Letters: numbers, codes, places, guesses, and everything that cannot be taken."""

import pytest

from huitian.cases.follow import LETTERS, code_hash, follow_code, is_code
from huitian.cases.letters import PUBLIC
from huitian.errors import InvalidInput, KeyReused, NotAllowed, NotFound, StepNotPossible
from huitian.model.case import Letter
from huitian.model.query import Condition, Query, Row
from tests.cases.conftest import DISPATCHER, GRID1, Town


def case_of(town: Town, case_id: str) -> Row:
    query = Query("case", (Condition("case_id", "eq", case_id),))
    return town.parts.records.read(town.parts.planner.system("case"), query).rows[0]


def words_of(town: Town, case_id: str) -> dict[str, str]:
    query = Query("case_words", (Condition("case_id", "eq", case_id),))
    rows = town.parts.records.read(town.parts.planner.system("case_words"), query).rows
    return {row["field"]: row["words"] for row in rows}


def test_numbers_run_by_day_and_channel_without_gaps(town: Town) -> None:
    numbers = [town.write(key=f"letter-{i:04d}").case_no for i in range(3)]
    assert numbers == ["XX20260302000001", "XX20260302000002", "XX20260302000003"]
    assert town.write(key="hotline-01", channel="C01").case_no == "HT20260302000001"


def test_the_same_letter_twice_is_one_case_with_one_code(town: Town) -> None:
    first = town.write()
    assert town.write() == first
    assert town.write(key="key-00000002").case_no == "XX20260302000002"
    with pytest.raises(KeyReused):
        town.write("别的话")


def test_who_reads_the_kept_key_of_a_letter_cannot_be_told_its_code(town: Town) -> None:
    opened = town.write(key="letter-secret-1")
    (step,) = town.parts.records.read(town.parts.planner.system("case_step"), Query("case_step")).rows
    kept = step["idempotency_key"]
    assert "letter-secret-1" not in kept
    assert town.write(key=kept).case_id != opened.case_id
    assert town.write(key="letter-secret-1") == opened


def test_a_repeated_key_with_other_photos_or_another_writer_is_refused(town: Town) -> None:
    first = town.write(name="张三丰", phone="13900001111", file_ids=("a" * 64,))
    for other in (
        {"name": "张三丰", "phone": "13900001111", "file_ids": ("b" * 64,)},
        {"name": "张三丰", "phone": "13900002222", "file_ids": ("a" * 64,)},
        {"file_ids": ("a" * 64,)},
    ):
        with pytest.raises(KeyReused, match="key-00000001"):
            town.write(**other)  # type: ignore[arg-type]
    assert town.write(name="张三丰 ", phone="13900001111", file_ids=("a" * 64,)) == first


def test_the_store_keeps_only_a_hash_of_the_code(town: Town) -> None:
    opened = town.write()
    rows = town.parts.records.read(town.parts.planner.system("case_contact"), Query("case_contact")).rows
    assert opened.follow_code not in str(rows)
    assert len(rows[0]["follow_code_hash"]) == 64
    assert set(opened.follow_code) <= set(LETTERS + "-")


def test_a_code_is_read_as_people_write_it() -> None:
    secret = b"s" * 32
    code = follow_code(secret, "c1")
    kept = code_hash(secret, code)
    assert is_code(secret, code.lower().replace("-", " "), kept)
    assert not is_code(secret, code[:-1], kept)
    assert not is_code(secret, "", None)
    assert not is_code(None, "", code_hash(b"none", ""))
    assert follow_code(secret, "c2") != code
    assert follow_code(b"t" * 32, "c1") != code


def test_a_wrong_code_and_a_wrong_number_sound_alike(town: Town) -> None:
    opened = town.write()
    for case_no, code in ((opened.case_no, "2222-2222"), ("XX20260302999999", opened.follow_code)):
        with pytest.raises(NotFound) as caught:
            town.letters.followed(case_no, code)
        assert caught.value.facts["entity"] == "letter"
    assert town.letters.followed(opened.case_no, opened.follow_code)["case_id"] == opened.case_id


def test_a_letter_is_located_by_point_then_place_then_not(town: Town) -> None:
    by_point = case_of(town, town.write(key="by-point-01").case_id)
    by_place = case_of(town, town.write(key="by-place-01", place_id="admin:110199002001").case_id)
    outside = case_of(town, town.write(key="outside-001", lon=100.0, lat=30.0).case_id)
    assert (by_point["located_by"], by_point["place_id"]) == ("point", "admin:110199001001")
    assert (by_place["located_by"], by_place["place_id"]) == ("code", "admin:110199002001")
    assert (outside["located_by"], outside["place_id"], outside["lon"]) == (None, None, 100.0)


def test_an_unlocated_letter_is_heard_of_only_in_the_whole_city(town: Town) -> None:
    town.write(key="outside-001", lon=100.0, lat=30.0)
    (event,) = town.engine.events.read_since(town.parts.planner.system("outbox"), 0, ["case"])
    assert event.place_ids == ("admin:110199",)


@pytest.mark.parametrize(
    ("words", "category", "grade"),
    [
        ("家里暖气不热", "A12", 2),
        ("电梯困人，快来", "A01", 1),
        ("楼道里有人半夜施工，噪音很大", "A06", 2),
        ("小区停车位不够，停车难", "A02", 3),
        ("顶层加盖违建", "A03", 4),
        ("谢谢你们", "A99", 3),
    ],
)
def test_category_and_grade_come_from_the_words(town: Town, words: str, category: str, grade: int) -> None:
    row = case_of(town, town.write(words).case_id)
    assert (row["category_code"], row["grade"]) == (category, grade)


def test_only_staff_set_the_grade(town: Town) -> None:
    assert case_of(town, town.write("停车难", grade=1).case_id)["grade"] == 3
    staff = town.letters.open_case(
        Letter("停车难", "staff-0001", "C05", grade=1, place_id="admin:110199001"), GRID1
    )
    assert case_of(town, staff.case_id)["grade"] == 1


def test_markup_and_formulas_stay_the_characters_that_they_are(town: Town) -> None:
    body = '<script>alert("1")</script>\n=HYPERLINK("http://x")\n+1+1 \x00结束'
    assert words_of(town, town.write(body).case_id)["body"] == body.replace("\x00", "")


def test_the_longest_letter_goes_in_and_one_more_character_does_not(town: Town) -> None:
    town.write("长" * 5000)
    with pytest.raises(InvalidInput) as caught:
        town.write("长" * 100_000, key="too-long-1")
    assert caught.value.facts["why_zh"] == "来信 100000 字，上限 5000 字"
    assert "100000 characters" in str(caught.value)


@pytest.mark.parametrize(
    ("letter", "field"),
    [
        ({"words": "  \n "}, "body"),
        ({"phone": "not a phone"}, "phone"),
        ({"name": "长" * 65}, "name"),
        ({"channel": "C77"}, "channel"),
        ({"category_code": "B01"}, "category_code"),
        ({"lon": 116.0}, "lon"),
        ({"lon": float("nan"), "lat": 40.0}, "lon"),
        ({"lon": 40.1, "lat": 116.05}, "lon"),
        ({"lon": None, "place_id": "admin:404"}, "place_id"),
        ({"building_id": "b404"}, "building_id"),
        ({"file_ids": ("no-hash",)}, "file_ids"),
        ({"file_ids": tuple(f"{i:064x}" for i in range(7))}, "file_ids"),
        ({"key": "short"}, "idempotency_key"),
        ({"key": "有中文的键"}, "idempotency_key"),
    ],
)
def test_what_cannot_be_taken_names_its_field(town: Town, letter: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        town.write(**letter)  # type: ignore[arg-type]
    assert caught.value.facts["field"] == field
    assert town.parts.records.read(town.parts.planner.system("case"), Query("case")).n_total == 0


def test_a_rating_needs_a_reply_and_an_answer(town: Town) -> None:
    opened = town.write()
    with pytest.raises(StepNotPossible):
        town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {"solved": "solved"})
    town.to_reply(opened)
    with pytest.raises(InvalidInput, match="at least one"):
        town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {})
    with pytest.raises(InvalidInput, match="must be one of: solved, partly, unsolved"):
        town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {"solved": "maybe"})


def test_a_rating_sent_twice_counts_once_and_the_later_one_wins(town: Town) -> None:
    opened = town.write()
    town.to_reply(opened)
    once = town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {"satisfied": "no"}, "还漏水")
    assert (
        town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {"satisfied": "no"}, "还漏水")
        == once
    )
    later = town.letters.rate(opened.case_no, opened.follow_code, "rate-000002", {"satisfied": "very"})
    assert (once["version"], later["version"], later["satisfied"]) == (6, 7, "very")


def test_the_public_page_reads_nothing_else(town: Town) -> None:
    opened = town.write()
    with pytest.raises(NotAllowed):
        town.take(PUBLIC, opened.case_id, "note", 1, words={"note": "进来看看"})
    assert town.take(DISPATCHER, opened.case_id, "note", 1, words={"note": "在"})["version"] == 2
