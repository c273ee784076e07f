"""Random lives of a case on the real store: whatever people try, the log only grows and the projection is its fold."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huitian.cases.fold import COLUMNS, effective, fold
from huitian.cases.history import case_row, steps_of
from huitian.cases.moves import Standpoint, refusal
from huitian.cases.rebuild import check, rebuild
from huitian.errors import HuitianError, NotFound, StaleVersion
from huitian.model.case import Step
from huitian.model.query import Query
from huitian.model.scope import Scope
from tests.cases.conftest import DISPATCHER, GRID1, HEAT, LEADER, STREET1, Town, make_town

ACTORS = (DISPATCHER, STREET1, GRID1, HEAT, LEADER)
FACTS = {
    "dispatch": st.fixed_dictionaries(
        {"org_id": st.sampled_from(["org:com1", "org:heat", "org:com1", "org:none"])}
    ),
    "handle": st.fixed_dictionaries({}, optional={"is_contact": st.booleans()}),
    "visit": st.fixed_dictionaries(
        {"is_reached": st.booleans()},
        optional={
            "solved": st.sampled_from(["solved", "partly", "unsolved", "?"]),
            "satisfied": st.sampled_from(["very", "no"]),
            "needs_rework": st.booleans(),
        },
    ),
    "locate": st.fixed_dictionaries({"lon": st.sampled_from([116.05, 116.3, 10.0]), "lat": st.just(40.1)}),
    "classify": st.fixed_dictionaries(
        {"category_code": st.sampled_from(["A01", "A09", "A77"])}, optional={"grade": st.integers(0, 5)}
    ),
}
WORDS = {
    "reply": {"reply": "答复"},
    "return": {"reason": "理由"},
    "escalate": {"reason": "理由"},
    "note": {"note": "注"},
}
FORWARD = (
    ("dispatch", DISPATCHER, {"org_id": "org:com1"}), ("sign", GRID1, {}), ("handle", GRID1, {"is_contact": True}),
    ("reply", GRID1, {}), ("visit", DISPATCHER, {"is_reached": True, "solved": "partly"}), ("close", GRID1, {}),
)  # fmt: skip
ACTIONS = (
    "accept", "dispatch", "sign", "handle", "reply", "visit", "close", "return", "escalate", "note", "locate",
    "classify", "undo", "whistle",
)  # fmt: skip


class CaseMachine(RuleBasedStateMachine):
    """One case, taken through whatever comes."""

    town: Town
    n_cases = 0

    def __init__(self) -> None:
        super().__init__()
        cls = type(self)
        cls.n_cases += 1
        self.opened = self.town.write(key=f"machine-{cls.n_cases:06d}")
        self.n_keys = 0
        self.log: list[Step] = self.read_log()
        self.last: tuple[tuple[object, ...], dict[str, object]] | None = None

    def read_log(self) -> list[Step]:
        return steps_of(self.town.parts.records, self.town.parts.planner, self.opened.case_id)

    @rule(data=st.data(), action=st.sampled_from(ACTIONS), actor=st.sampled_from(ACTORS))
    def take_anything(self, data: st.DataObject, action: str, actor: Scope) -> None:
        self.take(data, action, actor, data.draw(st.sampled_from([0, 0, 1])))

    @rule(data=st.data())
    def take_what_is_offered(self, data: st.DataObject) -> None:
        offered = self.offered()
        action = data.draw(st.sampled_from(sorted({action for action, _ in offered})))
        self.take(
            data, action, data.draw(st.sampled_from([who for name, who in offered if name == action])), 0
        )

    @initialize(n_steps=st.sampled_from(range(len(FORWARD) + 1)))
    def come_so_far(self, n_steps: int) -> None:
        for action, actor, facts in FORWARD[:n_steps]:
            self.n_keys += 1
            key = f"{self.opened.case_id}-{self.n_keys:04d}"
            words = WORDS.get(action, {})
            self.town.log.take(actor, self.opened.case_id, action, len(self.log), key, facts, words)
            self.log = self.read_log()

    def offered(self) -> list[tuple[str, Scope]]:
        """Return every action with everybody to whom it is open now; there always is a note to write."""
        parts = self.town.parts
        ladder = parts.ladders.named(self.log[0].facts["rule_set"])
        row = fold(ladder, parts.calendar, self.log)
        every = [(Standpoint(ladder, row, self.log, one, parts.now(), 60), one) for one in ACTORS]
        return [
            (action, one) for at, one in every for action in ladder.actions if refusal(at, action) is None
        ]

    def take(self, data: st.DataObject, action: str, actor: Scope, behind: int) -> None:
        facts = data.draw(FACTS[action]) if action in FACTS else {}
        self.n_keys += 1
        version = max(1, len(self.log) - behind)
        key = f"{self.opened.case_id}-{self.n_keys:04d}"
        order = (actor, self.opened.case_id, action, version, key, facts, WORDS.get(action, {}))
        refused: HuitianError | None = None
        row: dict[str, object] = {}
        try:
            row = self.town.log.take(*order)  # type: ignore[arg-type]
        except HuitianError as error:
            refused = error
        if refused is not None:
            assert version == len(self.log) or isinstance(refused, StaleVersion | NotFound)
            assert version < len(self.log) or not isinstance(refused, StaleVersion)
            assert self.read_log() == self.log
        else:
            after = self.read_log()
            assert after[:-1] == self.log
            assert after[-1].action == action
            assert row["version"] == len(after)
            self.log, self.last = after, (order, row)

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_again(self) -> None:
        assert self.last is not None
        order, row = self.last
        assert self.town.log.take(*order) == row  # type: ignore[arg-type]
        assert self.read_log() == self.log

    @precondition(lambda self: any(s.action == "reply" for s in self.log))
    @rule(solved=st.sampled_from(["solved", "unsolved"]))
    def rate(self, solved: str) -> None:
        self.n_keys += 1
        key = f"rate-{self.n_keys:04d}"
        try:
            self.town.letters.rate(
                self.opened.case_no,
                self.opened.follow_code,
                f"{self.opened.case_id}{key}",
                {"solved": solved},
            )
        except HuitianError:
            assert self.read_log() == self.log
        else:
            self.log = self.read_log()
            assert self.log[-1].actor_id == "public"

    @rule(seconds=st.sampled_from([1, 59, 61, 3600, 3 * 86400]))
    def wait(self, seconds: int) -> None:
        self.town.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def the_projection_is_the_fold_of_the_log(self) -> None:
        parts = self.town.parts
        assert [s.step_no for s in self.log] == list(range(1, len(self.log) + 1))
        row = case_row(parts.records, parts.planner, "case_id", self.opened.case_id)
        ladder = parts.ladders.named(self.log[0].facts["rule_set"])
        assert row == fold(ladder, parts.calendar, self.log)

    @invariant()
    def undone_steps_leave_no_trace_but_the_version(self) -> None:
        parts = self.town.parts
        ladder = parts.ladders.named(self.log[0].facts["rule_set"])
        holding = effective(self.log)
        row = fold(ladder, parts.calendar, self.log)
        assert fold(ladder, parts.calendar, holding) == row | {"version": holding[-1].step_no}


@pytest.fixture(scope="module")
def one_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """One city for all lives: a new store each would be slow, a new letter each is not."""
    folder: Path = tmp_path_factory.mktemp("machine")
    return make_town(folder)


@pytest.mark.fuzz
def test_random_lives(one_town: Town) -> None:
    CaseMachine.town = one_town
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        CaseMachine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert CaseMachine.n_cases > 10
    query = Query("case_step", columns=("action",), limit=100_000)
    taken = {
        row["action"]
        for row in one_town.parts.records.read(one_town.parts.planner.system("case_step"), query).rows
    }
    assert taken >= {"dispatch", "sign", "reply"}, "lives that end before they begin prove nothing"
    assert check(one_town.parts) == []
    assert rebuild(one_town.parts).n_written == 0


def test_a_rebuild_mends_what_differs_and_only_that(one_town: Town) -> None:
    opened = one_town.write(key="rebuild-0001")
    other = one_town.write(key="rebuild-0002")
    parts = one_town.parts
    before = case_row(parts.records, parts.planner, "case_id", opened.case_id)
    with parts.records.writing() as writing:
        writing.change("case", {"case_id": opened.case_id}, {"state": "closed", "grade": 4})
        writing.remove("case", {"case_id": other.case_id})
        ghost = dict.fromkeys(COLUMNS) | before | {"case_id": "ghost", "case_no": "XX0"}  # type: ignore[operator]
        writing.add("case", [ghost])
    found = {(d.case_id, d.column, d.stored, d.meant) for d in check(parts)}
    assert found == {
        (opened.case_id, "state", "closed", "pending_dispatch"),
        (opened.case_id, "grade", 4, 2),
        (other.case_id, "", None, 1),
        ("ghost", "", 1, None),
    }
    assert rebuild(parts).n_written == 3
    assert check(parts) == []
    assert case_row(parts.records, parts.planner, "case_id", opened.case_id) == before
