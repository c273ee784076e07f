"""The log on the real store: who may take which step when, twice, at once, and back."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from huitian.cases.fold import COLUMNS
from huitian.errors import InvalidInput, KeyReused, NotAllowed, NotFound, StaleVersion, StepNotPossible
from huitian.model.query import Query
from huitian.model.scope import Scope
from tests.cases.conftest import (
    DISPATCHER,
    GRID1,
    HEAT,
    OTHER_DISPATCHER,
    STREET1,
    STREET2,
    Town,
)

TO_COM1 = {"org_id": "org:com1"}


def n_steps(town: Town) -> int:
    return town.parts.records.read(town.parts.planner.system("case_step"), Query("case_step")).n_total


def test_a_letter_goes_all_the_way(town: Town) -> None:
    opened = town.write()
    row = town.to_reply(opened)
    assert (row["state"], row["owner_org_id"], row["version"]) == ("replied", "org:com1", 5)
    assert row["replied_at"] == row["contacted_at"] + timedelta(minutes=10)
    row = town.letters.rate(
        opened.case_no,
        opened.follow_code,
        "rate-000001",
        {"is_contacted": True, "solved": "solved", "satisfied": "very"},
    )
    assert (row["state"], row["solved"], row["satisfied"]) == ("visiting", "solved", "very")
    row = town.take(DISPATCHER, opened.case_id, "close", 6)
    assert (row["state"], row["closed_at"]) == ("closed", town.clock.now())
    stored = town.parts.records.read(town.parts.planner.system("case"), Query("case", columns=COLUMNS)).rows[
        0
    ]
    assert stored == row


def test_the_same_key_is_the_same_step(town: Town) -> None:
    opened = town.write()
    first = town.take(DISPATCHER, opened.case_id, "dispatch", 1, key="twice-0001", facts=TO_COM1)
    town.take(GRID1, opened.case_id, "sign", 2)
    town.clock.advance(timedelta(hours=1))
    again = town.take(DISPATCHER, opened.case_id, "dispatch", 1, key="twice-0001", facts=TO_COM1)
    assert again == first
    assert n_steps(town) == 3
    with pytest.raises(KeyReused):
        town.take(DISPATCHER, opened.case_id, "note", 3, key="twice-0001", words={"note": "别的"})
    with pytest.raises(KeyReused):
        town.take(DISPATCHER, opened.case_id, "dispatch", 3, key="twice-0001", facts={"org_id": "org:heat"})


def test_the_same_key_with_other_words_or_photos_is_refused(town: Town) -> None:
    opened = town.write()
    order: tuple[Any, ...] = (DISPATCHER, opened.case_id, "note", 1, "note-00001", {})
    first = town.log.take(*order, {"note": "一"}, ("a" * 64,))
    assert town.log.take(*order, {"note": "一"}, ("a" * 64,)) == first
    for words, files in (({"note": "二"}, ("a" * 64,)), ({}, ("a" * 64,)), ({"note": "一"}, ())):
        with pytest.raises(KeyReused, match="note-00001"):
            town.log.take(*order, words, files)
    assert n_steps(town) == 2


def test_keys_are_each_persons_own(town: Town) -> None:
    opened = town.write()
    town.take(DISPATCHER, opened.case_id, "note", 1, key="note-00001", words={"note": "一"})
    row = town.take(STREET1, opened.case_id, "note", 2, key="note-00001", words={"note": "二"})
    assert row["version"] == 3


def test_of_two_dispatchers_at_once_one_is_told_what_the_other_did(town: Town) -> None:
    opened = town.write()
    barrier, said = threading.Barrier(2), []

    def dispatch(scope, org_id):  # type: ignore[no-untyped-def]
        barrier.wait()
        try:
            said.append(
                town.take(scope, opened.case_id, "dispatch", 1, facts={"org_id": org_id})["owner_org_id"]
            )
        except StaleVersion as error:
            said.append(error)

    both = [
        threading.Thread(target=dispatch, args=(DISPATCHER, "org:com1")),
        threading.Thread(target=dispatch, args=(OTHER_DISPATCHER, "org:heat")),
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    (stale,) = [one for one in said if isinstance(one, StaleVersion)]
    assert stale.facts["expected_version"] == 1
    assert stale.facts["actual_version"] == 2
    (step,) = stale.facts["steps"]  # type: ignore[misc]
    assert (step["step_no"], step["action"], step["said_zh"]) == (2, "dispatch", "已派单")
    assert n_steps(town) == 2


def test_undo_inside_the_window_restores_the_row_but_for_its_version(town: Town) -> None:
    opened = town.write()
    before = town.take(DISPATCHER, opened.case_id, "note", 1, words={"note": "先看看"})
    town.take(DISPATCHER, opened.case_id, "dispatch", 2, facts=TO_COM1)
    town.take(STREET1, opened.case_id, "note", 3, words={"note": "备注不挡撤回"})
    town.clock.advance(timedelta(seconds=59))
    after = town.take(DISPATCHER, opened.case_id, "undo", 4)
    assert after == before | {"version": 5}
    with pytest.raises(StepNotPossible, match="no step to take back"):
        town.take(DISPATCHER, opened.case_id, "undo", 5)
    assert town.take(DISPATCHER, opened.case_id, "dispatch", 5, facts=TO_COM1)["state"] == "dispatched"


def test_undo_after_the_window_or_of_anothers_step_is_refused(town: Town) -> None:
    opened = town.write()
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    with pytest.raises(NotAllowed, match="only the person who took a step"):
        town.take(STREET1, opened.case_id, "undo", 2)
    with pytest.raises(InvalidInput, match="only the newest step, 2"):
        town.take(DISPATCHER, opened.case_id, "undo", 2, facts={"undoes": 7})
    town.clock.advance(timedelta(seconds=61))
    with pytest.raises(StepNotPossible, match="60 seconds"):
        town.take(DISPATCHER, opened.case_id, "undo", 2)


def test_undo_of_a_new_place_puts_the_case_back_where_it_stood(town: Town) -> None:
    opened = town.write()
    assert town.take(STREET1, opened.case_id, "locate", 1, facts={"lon": 116.3, "lat": 40.1})["lon"] == 116.3
    with pytest.raises(NotFound):
        town.take(STREET1, opened.case_id, "undo", 2)
    row = town.take(STREET2, opened.case_id, "locate", 2, facts={"place_id": "admin:110199002"})
    assert (row["lon"], row["west"], row["located_by"]) == (None, None, "code")
    row = town.take(STREET2, opened.case_id, "undo", 3)
    assert (row["lon"], row["located_by"]) == (116.3, "point")
    anchors = town.parts.records.read(town.parts.planner.system("anchor"), Query("anchor")).rows
    assert [a["place_id"] for a in anchors if a["entity"] == "case"] == ["admin:110199002001"]


def test_return_puts_it_back_once_a_body_and_buys_no_time(town: Town) -> None:
    opened = town.write()
    due_at = town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)["due_at"]
    town.clock.advance(timedelta(minutes=5))
    row = town.take(GRID1, opened.case_id, "return", 2, words={"reason": "应由供热公司办理"})
    assert (row["state"], row["owner_org_id"], row["dispatched_at"]) == ("pending_dispatch", None, None)
    row = town.take(DISPATCHER, opened.case_id, "dispatch", 3, facts=TO_COM1)
    with pytest.raises(StepNotPossible, match="ask for a consultation"):
        town.take(GRID1, opened.case_id, "return", 4, words={"reason": "还是不归我们"})
    assert row["due_at"] == due_at


@pytest.mark.parametrize("action", ["return", "escalate"])
def test_a_department_takes_back_what_gave_the_case_away(town: Town, action: str) -> None:
    opened = town.write()
    before = town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts={"org_id": "org:heat"})
    row = town.take(HEAT, opened.case_id, action, 2, words={"reason": "不归我们"})
    assert row["owner_org_id"] is None
    other = Scope("u:other", None, "V2", "department", "org:com1")
    with pytest.raises(NotAllowed, match="your own body"):
        town.take(other, opened.case_id, "undo", 3)
    after = town.take(HEAT, opened.case_id, "undo", 3)
    assert after == before | {"version": 4}


def test_return_is_over_after_two_hours(town: Town) -> None:
    opened = town.write()
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    town.clock.advance(timedelta(hours=2, seconds=1))
    with pytest.raises(StepNotPossible, match="2 h"):
        town.take(GRID1, opened.case_id, "return", 2, words={"reason": "太晚了"})


def test_escalate_climbs_a_level_and_starts_its_clocks(town: Town) -> None:
    opened = town.write("树枝挡住窗户")
    first = town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    assert first["due_at"] - first["dispatched_at"] == timedelta(days=3)
    town.take(GRID1, opened.case_id, "sign", 2)
    row = town.take(GRID1, opened.case_id, "escalate", 3, words={"reason": "需要园林部门修剪"})
    assert (row["ladder_level"], row["state"], row["case_no"]) == ("L2", "pending_dispatch", first["case_no"])
    assert row["due_at"] == town.clock.now() + timedelta(minutes=30)
    row = town.take(DISPATCHER, opened.case_id, "dispatch", 4, facts={"org_id": "org:heat"})
    assert row["due_at"] - row["dispatched_at"] == timedelta(days=7)
    town.take(HEAT, opened.case_id, "escalate", 5, words={"reason": "部门一起办"})
    with pytest.raises(StepNotPossible, match="no level above"):
        town.take(DISPATCHER, opened.case_id, "escalate", 6, words={"reason": "再上报"})


def test_rework_once_with_its_own_clock(town: Town) -> None:
    opened = town.write()
    town.to_reply(opened)
    visit = {
        "is_reached": True,
        "is_contacted": True,
        "solved": "unsolved",
        "satisfied": "no",
        "needs_rework": True,
    }
    row = town.take(DISPATCHER, opened.case_id, "visit", 5, facts=visit)
    assert (row["state"], row["replied_at"], row["solved"]) == ("rework", None, "unsolved")
    assert row["due_at"] == town.clock.now() + timedelta(days=7)
    row = town.take(GRID1, opened.case_id, "reply", 6, words={"reply": "重新修好"})
    assert row["replied_at"] == town.clock.now()
    with pytest.raises(StepNotPossible, match="Rework was ordered 1"):
        town.take(DISPATCHER, opened.case_id, "visit", 7, facts=visit)
    row = town.take(
        DISPATCHER, opened.case_id, "visit", 7, key="visit-second", facts=visit | {"needs_rework": False}
    )
    assert row["state"] == "visiting"


def test_a_visit_that_reached_nobody_answers_nothing(town: Town) -> None:
    opened = town.write()
    town.to_reply(opened)
    row = town.take(DISPATCHER, opened.case_id, "visit", 5, facts={"is_reached": False, "solved": "solved"})
    assert (row["state"], row["visited_at"], row["solved"]) == ("visiting", None, None)


def test_the_resident_rates_seven_days_after_closing_and_no_longer(town: Town) -> None:
    opened = town.write()
    town.to_reply(opened)
    town.take(DISPATCHER, opened.case_id, "close", 5)
    town.clock.advance(timedelta(days=7))
    rated = town.letters.rate(opened.case_no, opened.follow_code, "rate-000001", {"solved": "partly"})
    assert (rated["state"], rated["solved"]) == ("closed", "partly")
    town.clock.advance(timedelta(seconds=1))
    with pytest.raises(StepNotPossible, match="7 days"):
        town.letters.rate(opened.case_no, opened.follow_code, "rate-000002", {"solved": "solved"})


def test_a_version_that_never_was_is_not_stale(town: Town) -> None:
    opened = town.write()
    with pytest.raises(InvalidInput, match="expected_version"):
        town.take(DISPATCHER, opened.case_id, "dispatch", 9, facts=TO_COM1)


def test_every_step_is_an_event_without_personal_words(town: Town) -> None:
    opened = town.write("楼上张三丰漏水，电话 13812345678", name="李四", phone="13900001111")
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1, words={"note": "请联系李四"})
    events = town.engine.events.read_since(town.parts.planner.system("outbox"), 0, ["case"])
    assert [(e.kind, e.payload["action"], e.payload["version"]) for e in events] == [
        ("case_stepped", "accept", 1),
        ("case_stepped", "dispatch", 2),
    ]
    assert set(events[1].payload) == {
        "case_id", "case_no", "action", "state", "version", "owner_org_id", "category_code", "at"
    }  # fmt: skip
    assert events[0].place_ids == ("admin:110199001001",)
    steps = town.parts.records.read(town.parts.planner.system("case_step"), Query("case_step")).rows
    everything = f"{events}{steps}"
    for personal in ("张三丰", "李四", "138", "139"):
        assert personal not in everything


def test_a_failed_step_leaves_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = town.write()
    monkeypatch.setattr("huitian.cases.log.announce", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1, words={"note": "半步"})
    assert n_steps(town) == 1
    words = town.parts.records.read(town.parts.planner.system("case_words"), Query("case_words")).rows
    assert {w["field"] for w in words} == {"body"}
