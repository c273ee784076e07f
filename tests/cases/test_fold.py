"""The fold and its clocks, without a store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.cases.fold import COLUMNS, fold, folded
from huitian.cases.ladder import read_ladders
from huitian.cases.ladder_file import ladder_of
from huitian.cases.limits import Run, sooner_run, status_of
from huitian.clock import read_calendar
from huitian.engine.tables import case_state
from huitian.model.case import Step
from tests.cases.test_ladder import LETTER

CALENDAR = read_calendar()
LADDER = read_ladders().named("letter/2026.1")
FRIDAY_17H = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
"""17:00 in Beijing; the next working day is Monday."""
FIRST: dict[str, Any] = {
    "case_no": "HT20260306000001", "kind": "letter", "channel": "C01", "category_code": "A02", "grade": 3,
    "ladder_level": "L2", "rule_set": "letter/2026.1", "n_files": 2, "lon": 116.1, "lat": 40.1, "located_by": "point",
}  # fmt: skip


def log(*steps: tuple[str, float, dict[str, Any]], first: dict[str, Any] | None = None) -> list[Step]:
    """Return a log: action, hours after the first step, facts."""
    every = [("accept", 0.0, FIRST | (first or {})), *steps]
    return [
        Step("c1", no, action, "u1", "org:a", FRIDAY_17H + timedelta(hours=hours), facts, f"key-{no:06d}")
        for no, (action, hours, facts) in enumerate(every, 1)
    ]


def clock_of(runs: list[Run], clock_id: str) -> Run:
    return [run for run in runs if run.rule.clock_id == clock_id][-1]


def row_of(*steps: tuple[str, float, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return fold(LADDER, CALENDAR, log(*steps, **more))


def test_it_fills_every_column_of_the_table() -> None:
    assert set(COLUMNS) == {column.name for column in case_state.columns}
    assert set(row_of()) == set(COLUMNS)


def test_a_new_letter_is_judged_by_its_dispatch() -> None:
    row = row_of()
    assert (row["state"], row["version"], row["n_files"], row["west"]) == ("pending_dispatch", 1, 2, 116.1)
    assert row["due_at"] == FRIDAY_17H + timedelta(minutes=30)
    assert row["watch_at"] == FRIDAY_17H + timedelta(minutes=21)
    assert row["urgent_at"] == FRIDAY_17H + timedelta(minutes=27)


def test_calendar_time_runs_through_the_weekend_from_the_dispatch() -> None:
    row = row_of(("dispatch", 0.2, {"org_id": "org:b"}))
    assert row["due_at"] == FRIDAY_17H + timedelta(days=7, minutes=12)


@pytest.mark.parametrize(("grade", "hours"), [(1, 2), (2, 24), (3, 7 * 24), (4, 15 * 24)])
def test_the_limit_is_that_of_the_grade(grade: int, hours: int) -> None:
    row = row_of(("dispatch", 0, {"org_id": "org:b"}), first={"grade": grade})
    assert row["due_at"] == FRIDAY_17H + timedelta(hours=hours)


def test_working_time_waits_for_monday() -> None:
    table = {**LETTER, "clocks": [dict(one) for one in LETTER["clocks"]]}
    for clock in table["clocks"]:
        if clock["clock_id"] == "sign":
            clock["calendar"] = "working"
    ladder = ladder_of(table, "letter.toml")
    _, runs = folded(ladder, CALENDAR, log(("dispatch", 0, {"org_id": "org:b"})))
    sign = clock_of(runs, "sign")
    # 17:00–18:00 on Friday, then 08:00–09:00 on Monday
    assert sign.at_ratio(CALENDAR) == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    assert sign.used_ratio(CALENDAR, datetime(2026, 3, 8, 4, 0, tzinfo=UTC)) == 0.5


def test_a_new_grade_moves_the_limit_of_what_still_runs() -> None:
    row = row_of(("dispatch", 0, {"org_id": "org:b"}), ("classify", 1, {"category_code": "A12", "grade": 2}))
    assert row["due_at"] == FRIDAY_17H + timedelta(hours=24)
    _, runs = folded(
        LADDER,
        CALENDAR,
        log(("dispatch", 0, {"org_id": "o"}), ("sign", 1, {}), ("classify", 2, {"grade": 1})),
    )
    assert clock_of(runs, "sign").limit_s == 7200


def test_a_return_does_not_stop_the_main_clock() -> None:
    once = row_of(("dispatch", 0, {"org_id": "org:b"}))
    twice = row_of(
        ("dispatch", 0, {"org_id": "org:b"}), ("return", 1, {}), ("dispatch", 9, {"org_id": "org:c"})
    )
    assert (twice["due_at"], twice["owner_org_id"]) == (once["due_at"], "org:c")


def test_a_reply_without_a_clock_is_not_late() -> None:
    row = row_of(("reply", 240, {}))
    assert (row["due_at"], row["owner_org_id"], row["state"]) == (None, "org:a", "replied")


def test_the_first_contact_counts_and_the_latest_reply() -> None:
    row = row_of(
        ("dispatch", 0, {"org_id": "o"}), ("handle", 1, {"is_contact": True}), ("handle", 2, {"is_contact": True}),
        ("reply", 3, {}), ("reply", 4, {}),
    )  # fmt: skip
    assert row["contacted_at"] == FRIDAY_17H + timedelta(hours=1)
    assert row["replied_at"] == FRIDAY_17H + timedelta(hours=4)


def test_an_undo_of_an_undone_step_and_what_it_took_back_both_vanish() -> None:
    steps = [("dispatch", 0.1, {"org_id": "o"}), ("undo", 0.2, {"undoes": 2}), ("note", 0.3, {"n_files": 1})]
    assert row_of(*steps) == row_of() | {"version": 4, "n_files": 3}  # type: ignore[arg-type]


def test_a_log_begins_with_its_acceptance() -> None:
    with pytest.raises(ValueError, match="begins with 'dispatch'"):
        fold(LADDER, CALENDAR, [Step("c1", 1, "dispatch", "u", None, FRIDAY_17H, {}, "key-000001")])


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(20, "ok"), (21, "watch"), (26, "watch"), (27, "urgent"), (29, "urgent"), (30, "late")],
)
def test_the_status_follows_the_used_part(minutes: int, status: str) -> None:
    assert status_of(row_of(), FRIDAY_17H + timedelta(minutes=minutes)) == status


def test_what_is_answered_has_no_clock() -> None:
    row = row_of(("dispatch", 0, {"org_id": "o"}), ("reply", 1, {}))
    assert status_of(row, FRIDAY_17H + timedelta(days=99)) == "none"


STEPS = st.lists(
    st.tuples(
        st.sampled_from([a for a in LADDER.actions if a not in ("accept", "undo")]), st.floats(0, 500),
        st.fixed_dictionaries({}, optional={
            "org_id": st.sampled_from(["a", "b"]), "grade": st.integers(1, 4), "is_contact": st.booleans(),
            "is_reached": st.booleans(), "needs_rework": st.booleans(), "n_files": st.integers(0, 3),
        }),
    ),
    max_size=12,
)  # fmt: skip


@given(STEPS)
def test_any_log_folds_to_a_row_that_hangs_together(steps: list[tuple[str, float, dict[str, Any]]]) -> None:
    row, runs = folded(LADDER, CALENDAR, log(*steps))
    assert row["version"] == len(steps) + 1
    assert row["state"] in LADDER.states
    assert (row["due_at"] is None) == (row["watch_at"] is None) == (row["urgent_at"] is None)
    if row["due_at"] is not None:
        assert row["watch_at"] <= row["urgent_at"] <= row["due_at"]
    running = [run.rule.clock_id for run in runs if run.stopped_at is None]
    assert len(running) == len(set(running))


@given(STEPS, st.integers(0, 11))
def test_a_step_and_its_undo_at_any_point_leave_the_row_as_it_was(
    steps: list[tuple[str, float, dict[str, Any]]], at: int
) -> None:
    at = min(at, len(steps))
    detour = [("dispatch", 1.0, {"org_id": "elsewhere"}), ("undo", 1.0, {"undoes": at + 2})]
    straight = row_of(*steps)
    assert row_of(*steps[:at], *detour, *steps[at:]) == straight | {"version": straight["version"] + 2}  # type: ignore[arg-type]


@given(STEPS)
def test_the_same_log_gives_the_same_row_however_it_is_held(
    steps: list[tuple[str, float, dict[str, Any]]],
) -> None:
    whole = log(*steps)
    rows = [fold(LADDER, CALENDAR, whole[: n + 1]) for n in range(len(whole))]
    assert rows[-1] == fold(LADDER, CALENDAR, tuple(whole))
    assert [row["version"] for row in rows] == list(range(1, len(whole) + 1))


def sooner_of(*steps: tuple[str, float, dict[str, Any]]) -> tuple[str, timedelta] | None:
    """Return which limit ends before the main one, and when, from the first step on."""
    run = sooner_run(folded(LADDER, CALENDAR, log(*steps))[1], CALENDAR)
    return run and (run.rule.clock_id, run.at_ratio(CALENDAR) - FRIDAY_17H)


DISPATCHED = ("dispatch", 0.0, {"org_id": "org:b"})
CONTACTED = ("handle", 1.0, {"is_contact": True})
REPLIED = ("reply", 2.0, {"result": "solved"})


@pytest.mark.parametrize(
    ("steps", "sooner"),
    [
        ((), None),
        ((DISPATCHED,), ("sign", timedelta(hours=2))),
        ((DISPATCHED, ("sign", 0.5, {})), ("contact", timedelta(hours=24))),
        ((DISPATCHED, CONTACTED), ("sign", timedelta(hours=2))),
        ((DISPATCHED, ("sign", 0.5, {}), CONTACTED), None),
        ((DISPATCHED, ("return", 1.0, {})), ("dispatch", timedelta(hours=1.5))),
        ((DISPATCHED, ("return", 1.0, {}), ("dispatch", 2.0, {"org_id": "org:c"})), ("sign", timedelta(hours=4))),
        ((DISPATCHED, REPLIED), None),
        ((DISPATCHED, REPLIED, ("visit", 3.0, {"is_reached": False, "needs_rework": True})), None),
    ],
)  # fmt: skip
def test_a_limit_beside_the_main_one_may_end_sooner(
    steps: tuple[tuple[str, float, dict[str, Any]], ...], sooner: tuple[str, timedelta] | None
) -> None:
    assert sooner_of(*steps) == sooner
