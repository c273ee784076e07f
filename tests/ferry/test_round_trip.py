"""Letters, photos and ratings in; numbers, answers and published data out."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from huitian.errors import InvalidInput, NotFound, StepNotPossible
from huitian.ferry.peers import trust
from huitian.model.query import Condition
from tests.ferry.crossing import Crossing, photo


def test_a_letter_goes_in_and_its_answer_comes_out(crossing: Crossing) -> None:
    content = photo()
    sent = crossing.write("wx1", "暖气不热，请来看看", files=(content,), name="赵一一", phone="13911112222")
    assert sent.case_no == "WX20260302000001"
    before = crossing.view("wx1", sent)
    assert (before["state"], before["can_rate"]) == ("pending_dispatch", False)
    crossing.clock.advance(timedelta(hours=3))
    crossing.settle()

    row = crossing.case(sent.case_no)
    assert row is not None
    assert (row["channel"], row["n_files"], row["ladder_level"]) == ("C10", 1, "L1")
    assert row["reported_at"] == crossing.clock.now() - timedelta(hours=3)
    where = Condition("case_id", "eq", row["case_id"])
    assert [r["phone"] for r in crossing.rows("city", "case_contact", where)] == ["13911112222"]
    (file_id,) = (r["file_id"] for r in crossing.rows("city", "case_file", where))
    with crossing.city.engine.files.open_file(crossing.city.planner.system("case_file"), file_id) as kept:
        told = kept.read()
    assert hashlib.sha256(told).hexdigest() == file_id
    with Image.open(BytesIO(told)) as picture, Image.open(BytesIO(content)) as sent_picture:
        assert picture.size == sent_picture.size, "encoded anew, the same picture"

    crossing.answer(sent.case_no)
    crossing.settle()
    view = crossing.view("wx1", sent)
    assert (view["state"], view["can_rate"]) == ("replied", True)
    said = {step["action"]: step["words"] for step in view["steps"]}
    assert said["reply"] == "已修好，室温 20 度。"
    assert said["accept"] is None, "the writer's own words stay in the city"
    assert view["case_no"] == sent.case_no


def test_a_rating_goes_in_once_and_counts_from_when_it_was_given(crossing: Crossing) -> None:
    sent = crossing.write("wx1")
    crossing.settle()
    crossing.answer(sent.case_no)
    crossing.settle()
    box = crossing.opened["wx1"].letters
    given = {"is_contacted": True, "solved": "solved", "satisfied": "yes"}
    for _ in range(2):
        box.rate(sent.case_no, sent.follow_code, "rating-00000001", given, "谢谢")
    shown = crossing.view("wx1", sent)
    assert (shown["solved"], shown["can_rate"]) == ("solved", False)
    with pytest.raises(StepNotPossible):
        box.rate(sent.case_no, sent.follow_code, "rating-00000002", given)
    # The ferry is late: by now the window would be over, but the writer was in time.
    crossing.clock.advance(timedelta(days=9))
    crossing.settle()
    row = crossing.case(sent.case_no)
    assert row is not None
    assert (row["solved"], row["satisfied"]) == ("solved", "yes")
    visits = [r for r in crossing.rows("city", "case_step", Condition("case_id", "eq", row["case_id"]))
              if r["action"] == "visit"]  # fmt: skip
    assert len(visits) == 1
    assert crossing.view("wx1", sent)["satisfied"] == "yes"


def test_each_host_has_its_own_letters_and_numbers(crossing: Crossing) -> None:
    one, other = crossing.write("wx1"), crossing.write("wx2", "电梯停了")
    assert (one.case_no[:2], other.case_no[:2]) == ("WX", "WY")
    crossing.settle()
    crossing.answer(one.case_no)
    crossing.settle()
    assert crossing.view("wx1", one)["state"] == "replied"
    assert crossing.view("wx2", other)["state"] == "pending_dispatch"
    assert len(crossing.rows("wx2", "ferry_letter")) == 1, "a host hears of its own letters only"
    with pytest.raises(NotFound):
        crossing.opened["wx2"].following.letter(one.case_no, one.follow_code)


def test_nothing_new_packs_nothing(crossing: Crossing) -> None:
    crossing.write("wx1")
    crossing.settle()
    assert [crossing.pack(name) for name in crossing.sides] == [[], [], []]


def test_the_same_letter_again_is_the_same_number(crossing: Crossing) -> None:
    first = crossing.write("wx1", idempotency_key="same-key-1")
    crossing.settle()
    assert crossing.write("wx1", idempotency_key="same-key-1") == first
    crossing.settle()
    assert len(crossing.rows("city", "ferry_letter")) == 1


def test_a_wrong_code_opens_nothing(crossing: Crossing) -> None:
    sent = crossing.write("wx1")
    for number, code in ((sent.case_no, "2222-2222"), ("WX20260302999999", sent.follow_code)):
        with pytest.raises(NotFound):
            crossing.opened["wx1"].following.letter(number, code)


def test_a_place_that_the_city_no_longer_knows_does_not_cost_the_letter(crossing: Crossing) -> None:
    sent = crossing.write("wx1", address_note="一社区 7 号楼")
    with crossing.city.engine.records.writing() as writing:
        for table in ("edition_place", "anchor"):
            writing.remove(table, {"place_id": "admin:110199001001"})
        writing.remove("place", {"place_id": "admin:110199001001"})
    crossing.settle()
    row = crossing.case(sent.case_no)
    assert row is not None
    assert row["located_by"] is None


def test_published_data_follows_the_city(crossing: Crossing) -> None:
    names = {row["name"] for row in crossing.rows("wx1", "place")}
    assert names == {"海安区", "东街道", "西街道", "一社区", "二社区", "三社区"}
    assert all(row["geometry"] is None for row in crossing.rows("wx1", "place"))
    with crossing.city.engine.records.writing() as writing:
        writing.change("place", {"place_id": "admin:110199001001"}, {"name": "新一社区"})
    crossing.city.planner.refresh()
    crossing.settle()
    crossing.open("wx1")
    places = crossing.opened["wx1"].planner.places
    assert places.by_id["admin:110199001001"].name == "新一社区"
    assert crossing.opened["wx1"].settings.name_zh == "海安区"


def test_an_outside_store_holds_nothing_of_the_city_but_what_is_published(crossing: Crossing) -> None:
    crossing.write("wx1")
    crossing.settle()
    for entity in ("person", "person_identity", "household", "case", "case_step", "case_words", "case_contact",
                   "case_file", "user_account", "session", "organisation", "building", "dwelling"):  # fmt: skip
        assert crossing.rows("wx1", entity) == [], entity
    assert crossing.rows("city", "organisation") != [], "the city has what must not go out"


def test_two_hosts_cannot_have_the_same_letters(crossing: Crossing) -> None:
    for prefix in ("WX", "XX", "wx", "W"):
        with pytest.raises(InvalidInput):
            trust(crossing.sides["city"], str(crossing.sides["wx2"].keys.public), prefix)


def test_a_city_may_count_from_when_it_took_a_letter(tmp_path: Path) -> None:
    crossing = Crossing.begun(tmp_path, "wx1", ferry_reported_at="taken")
    sent = crossing.write("wx1")
    crossing.clock.advance(timedelta(hours=3))
    crossing.settle()
    row = crossing.case(sent.case_no)
    assert row is not None
    assert row["reported_at"] == crossing.clock.now()
    crossing.close()


def test_a_host_whose_clock_is_ahead_reports_nothing_in_the_future(crossing: Crossing) -> None:
    crossing.clock.advance(timedelta(hours=5))
    sent = crossing.write("wx1")
    crossing.clock.set_back(timedelta(hours=5))
    crossing.settle()
    row = crossing.case(sent.case_no)
    assert row is not None
    assert row["reported_at"] == crossing.clock.now()
