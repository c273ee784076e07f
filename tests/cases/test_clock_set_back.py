"""A machine's clock is set back: steps stay in their order, limits stay, no number is given twice."""

from datetime import timedelta

import pytest

from huitian.cases.history import steps_of
from huitian.cases.limits import main_run, runs_of
from huitian.errors import StepNotPossible
from tests.cases.conftest import DISPATCHER, GRID1, Town

TO_COM1 = {"org_id": "org:com1"}
BACK = (timedelta(seconds=1), timedelta(minutes=20), timedelta(hours=3))
"""Within the day: what is asked of a day before a case came in does not show it, by design."""


def times(town: Town, case_id: str) -> list[float]:
    return [step.taken_at.timestamp() for step in steps_of(town.parts.records, town.parts.planner, case_id)]


@pytest.mark.parametrize("back", BACK)
def test_a_step_is_never_before_the_step_before_it(town: Town, back: timedelta) -> None:
    opened = town.write()
    town.clock.advance(timedelta(minutes=10))
    before = town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    town.clock.set_back(back)
    row = town.take(GRID1, opened.case_id, "sign", 2)
    assert row["signed_at"] == before["dispatched_at"]
    town.clock.advance(timedelta(minutes=1))
    row = town.take(GRID1, opened.case_id, "handle", 3, facts={"is_contact": True}, words={"note": "已上门"})
    row = town.take(GRID1, opened.case_id, "reply", 4, words={"reply": "已修好。"})
    assert row["reported_at"] <= row["dispatched_at"] <= row["signed_at"] <= row["replied_at"]
    taken = times(town, opened.case_id)
    assert taken == sorted(taken)


@pytest.mark.parametrize("back", BACK)
def test_limits_and_undo_stay_as_they_are(town: Town, back: timedelta) -> None:
    opened = town.write()
    row = town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts=TO_COM1)
    town.clock.advance(timedelta(seconds=30))
    town.take(GRID1, opened.case_id, "sign", 2)
    due_at = town.take(GRID1, opened.case_id, "note", 3, words={"note": "一"})["due_at"]
    town.clock.set_back(back)
    after = town.take(GRID1, opened.case_id, "note", 4, words={"note": "二"})
    assert after["due_at"] == due_at >= row["reported_at"]
    steps = steps_of(town.parts.records, town.parts.planner, opened.case_id)
    run = main_run(runs_of(town.parts.ladders.named(after["rule_set"]), steps, [after["grade"]] * len(steps),
                           [after["ladder_level"]] * len(steps)))  # fmt: skip
    assert run is not None
    assert run.at_ratio(town.parts.calendar) == due_at
    # The window of an undo is counted from the step: when the clock is past it again, it is over.
    town.clock.advance(back + timedelta(minutes=5))
    with pytest.raises(StepNotPossible):
        town.take(GRID1, opened.case_id, "undo", 5)


def test_no_number_of_a_day_is_given_twice(town: Town) -> None:
    numbers = [town.write(key=f"key-{n:08d}").case_no for n in range(2)]
    town.clock.advance(timedelta(days=1))
    numbers.append(town.write(key="key-00000002").case_no)
    town.clock.set_back(timedelta(days=1))
    numbers += [town.write(key=f"key-{n:08d}").case_no for n in range(3, 5)]
    assert len(set(numbers)) == len(numbers)
    assert numbers[3][-6:] == "000003", "the series of that day goes on where it was"
