"""The lives of letters: dispatched, signed for, worked on, answered, visited and closed, up to the as-of instant.

Times are drawn against the limits of domain 01 §4 and §9 (2 h, 24 h, 7 d, 15 d; 3 d at the committee), so that a
few are late and most are not. What would happen after as-of has not happened yet: that is the open set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huitian.model.case import CaseStory, StoryStep
from huitian.simulate.arrivals import LOCAL
from huitian.simulate.draws import Draws
from huitian.simulate.letter_words import (
    CALL_NOTES,
    CLOSING_NOTES,
    ESCALATE_REASONS,
    MAILBOX_NOTES,
    NOTES,
    RETURN_REASONS,
    VISIT_NOTES,
    Writer,
)  # fmt: skip

HANDLE_S = {1: 7_200, 2: 86_400, 3: 604_800, 4: 1_296_000}
COMMITTEE_S = {1: 7_200, 2: 86_400, 3: 259_200, 4: 259_200}
SIGN_S = {1: 900, 2: 1_800, 3: 7_200, 4: 7_200}
CONTACT_S = {1: 1_800, 2: 7_200, 3: 86_400, 4: 86_400}
SOLVED_BY_STREET = (0.945, 0.955, 0.92, 0.925, 0.945, 0.905, 0.93)
SOLVED_BY_CATEGORY = {
    "A02": -0.05,
    "A03": -0.06,
    "A12": -0.02,
    "A14": -0.10,
    "A13": -0.03,
    "A06": -0.02,
    "A15": 0.02,
}
SATISFIED = ("very", "yes", "basically", "no", "very_no")
SATISFIED_SHARES = {"solved": (0.5, 0.39, 0.08, 0.025, 0.005), "partly": (0.06, 0.36, 0.38, 0.17, 0.03),
                    "unsolved": (0.0, 0.04, 0.16, 0.5, 0.3)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a letter before its life begins.

    Attributes:
        category_code: Category.
        situation: Its situation, as in ``letters.toml``.
        grade: 1–4.
        place: The place in words.
        reported_at: Aware UTC.
        street: Index of the street.
        is_committee: Whether it comes in at the residents' committee (L1).
        is_held: Whether it waits undispatched at as-of.
        is_hard: Whether nobody knows at once whose it is.
        committee_id: Residents' committee of the place.
        owner_id: Body that owns the category there.
        wrong_id: Body that could be taken for the owner.
        centre_id: Dispatching centre.
    """

    category_code: str
    situation: Sequence[Any]
    grade: int
    place: str
    reported_at: datetime
    street: int
    is_committee: bool
    is_held: bool
    is_hard: bool
    committee_id: str
    owner_id: str
    wrong_id: str
    centre_id: str


@dataclass(slots=True)
class _Log:
    """Steps as they come, none after as-of and never back in time."""

    as_of: datetime
    now: datetime
    steps: list[StoryStep] = field(default_factory=list)
    is_over: bool = False

    def step(
        self, action: str, at: datetime, org_id: str | None, facts: Mapping[str, Any] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Take a step, or end the log where as-of is reached."""
        at = max(at, self.now + timedelta(seconds=20)).replace(microsecond=0)
        if self.is_over or at > self.as_of:
            self.is_over = True
            return
        self.now = at
        kept = {name: text for name, text in (words or {}).items() if text}
        self.steps.append(StoryStep(action, at, org_id, None, facts or {}, kept))


class Lives:
    """Lives letters through, one after the other."""

    def __init__(self, draws: Draws, writer: Writer, as_of: datetime) -> None:
        self._draws, self._writer, self._as_of = draws, writer, as_of

    def live(self, setting: Setting) -> tuple[StoryStep, ...]:
        """Return the steps of one letter after its acceptance."""
        log = _Log(self._as_of, setting.reported_at)
        if setting.is_held:
            return ()
        if setting.is_committee:
            self._dispatch(log, setting, setting.committee_id, setting.committee_id)
            if not self._draws.chance(0.3) or setting.owner_id == setting.committee_id:
                self._work(log, setting, setting.committee_id, COMMITTEE_S)
                return tuple(log.steps)
            self._sign(log, setting, setting.committee_id)
            hours = self._draws.spread(5.0, 0.8)
            log.step("escalate", self._day(log.now + timedelta(hours=hours), setting), setting.committee_id,
                     words={"reason": self._draws.pick(ESCALATE_REASONS)})  # fmt: skip
        if self._draws.chance(0.05):
            self._dispatch(log, setting, setting.centre_id, setting.wrong_id)
            minutes = min(self._draws.spread(45.0, 0.6), 118.0)
            log.step("return", log.now + timedelta(minutes=minutes), setting.wrong_id,
                     {"suggested_org_id": setting.owner_id}, {"reason": self._draws.pick(RETURN_REASONS)})  # fmt: skip
        self._dispatch(log, setting, setting.centre_id, setting.owner_id)
        self._work(log, setting, setting.owner_id, HANDLE_S)
        return tuple(log.steps)

    def _day(self, at: datetime, setting: Setting) -> datetime:
        """Return a time in the working day; grades 1 and 2 are worked on at any hour."""
        if setting.grade <= 2:
            return at
        local = at + LOCAL
        if local.hour < 8:
            return at + timedelta(hours=8 - local.hour, minutes=self._draws.between(0, 70))
        if local.hour >= 20:
            return at + timedelta(hours=32 - local.hour, minutes=self._draws.between(0, 70))
        return at

    def _dispatch(self, log: _Log, setting: Setting, by: str, to: str) -> None:
        minutes = self._draws.spread(9.0, 0.7)
        if setting.is_hard and not log.steps:
            minutes = self._draws.spread(300.0, 0.8)
        log.step("dispatch", log.now + timedelta(minutes=minutes), by,
                 {"org_id": to, "is_suggested": self._draws.chance(0.8)})  # fmt: skip

    def _sign(self, log: _Log, setting: Setting, org_id: str) -> None:
        seconds = SIGN_S[setting.grade] * self._draws.spread(0.3, 0.6)
        if self._draws.chance(0.1):
            seconds *= self._draws.between(3.0, 12.0)
        log.step("sign", self._day(log.now + timedelta(seconds=seconds), setting), org_id)

    def _work(self, log: _Log, setting: Setting, org_id: str, limits_s: Mapping[int, int]) -> None:
        """Sign, contact, handle, reply, visit and close."""
        draws, start = self._draws, log.now
        self._sign(log, setting, org_id)
        contact_s = CONTACT_S[setting.grade] * draws.spread(0.3, 0.55)
        log.step("handle", self._day(log.now + timedelta(seconds=contact_s), setting), org_id,
                 {"is_contact": True, "means": draws.weighted(("phone", "visit", "message"), (0.75, 0.15, 0.1))},
                 {"note": draws.pick(NOTES[:3])})  # fmt: skip
        used_ratio = draws.spread(0.62, 0.27)
        if draws.chance(0.045):
            used_ratio = draws.between(1.2, 9.0)
        replied_at = start + timedelta(seconds=limits_s[setting.grade] * used_ratio)
        for _ in range(draws.weighted((0, 1, 2), (0.45, 0.4, 0.15))):
            left = max(replied_at - log.now, timedelta(minutes=4))
            log.step("handle", self._day(log.now + left * draws.between(0.2, 0.6), setting), org_id,
                     {"is_contact": False}, {"note": draws.pick(NOTES[1:])})  # fmt: skip
        self._reply(log, setting, org_id, replied_at)
        is_late = used_ratio > 1
        self._visit(log, setting, org_id, is_late)

    def _reply(self, log: _Log, setting: Setting, org_id: str, at: datetime) -> None:
        words = self._writer.reply(setting.situation, setting.place, at + LOCAL)
        log.step("reply", self._day(at, setting), org_id, words={"reply": words})

    def _visit(
        self, log: _Log, setting: Setting, org_id: str, is_late: bool, *, is_second: bool = False
    ) -> None:
        """Ask the three questions; an unsolved letter may go back once."""
        draws, by = self._draws, setting.centre_id
        if setting.is_committee and draws.chance(0.45):
            log.step("close", self._day(log.now + timedelta(hours=draws.spread(60.0, 0.6)), setting), org_id,
                     words={"note": draws.pick(CLOSING_NOTES)})  # fmt: skip
            return
        log.now = self._visit_time(log.now)
        n_failed = draws.weighted((0, 1, 2, 3), (0.82, 0.09, 0.04, 0.05))
        for _ in range(n_failed):
            log.step("visit", log.now, by, {"is_reached": False})
            log.now = self._visit_time(log.now)
        if n_failed < 3:
            solved = self._outcome(setting, is_late, is_second)
            is_rework = solved == "unsolved" and not is_second and draws.chance(0.6)
            facts = {
                "is_reached": True, "is_contacted": draws.chance(0.992 if not is_late else 0.95), "solved": solved,
                "satisfied": draws.weighted(SATISFIED, SATISFIED_SHARES[solved]), "needs_rework": is_rework,
            }  # fmt: skip
            by_whom = None if draws.chance(0.12) and not is_rework else by
            log.step("visit", log.now, by_whom, facts, {"note": draws.pick(VISIT_NOTES[solved])})
            if is_rework:
                days = draws.spread(9.0, 0.4)
                log.step("handle", self._day(log.now + timedelta(days=days / 3), setting), org_id,
                         {"is_contact": True, "means": "visit"}, {"note": draws.pick(NOTES)})  # fmt: skip
                self._reply(log, setting, org_id, log.now + timedelta(days=days * 2 / 3))
                self._visit(log, setting, org_id, is_late, is_second=True)
                return
        log.step("close", log.now + timedelta(hours=draws.spread(120.0, 0.5)), by,
                 words={"note": draws.pick(CLOSING_NOTES)})  # fmt: skip

    def _visit_time(self, at: datetime) -> datetime:
        """Return a time on the phone: nine to eight, some hours to three days later."""
        local = at + timedelta(hours=self._draws.spread(48.0, 0.45)) + LOCAL
        return local.replace(hour=self._draws.whole(9, 19), minute=self._draws.whole(0, 59)) - LOCAL

    def _outcome(self, setting: Setting, is_late: bool, is_second: bool) -> str:
        p = SOLVED_BY_STREET[setting.street] + SOLVED_BY_CATEGORY.get(setting.category_code, 0.0)
        p -= (0.12 if is_late else 0.0) + (0.3 if is_second else 0.0)
        return self._draws.weighted(("solved", "partly", "unsolved"), (p, (1 - p) * 0.4, (1 - p) * 0.6))


def by_mailbox(
    facts: Mapping[str, Any], words: Mapping[str, str]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return facts and words of a step for somebody who left no phone: who handles the letter writes to the mailbox."""
    if words.get("note") in CALL_NOTES:
        words = {**words, "note": MAILBOX_NOTES[CALL_NOTES.index(words["note"])]}
    return ({**facts, "means": "message"} if facts.get("is_contact") else facts), words


def state_of(steps: Sequence[StoryStep]) -> str:
    """Return the state that a life has reached, by the ladder of a letter."""
    state = "pending_dispatch"
    to = {"dispatch": "dispatched", "sign": "signed", "handle": "in_progress", "reply": "replied",
          "close": "closed", "return": "pending_dispatch", "escalate": "pending_dispatch"}  # fmt: skip
    for step in steps:
        if step.action == "visit":
            state = "rework" if step.facts.get("needs_rework") else "visiting"
        else:
            state = to[step.action]
    return state


def owner_now(story: CaseStory) -> str | None:
    """Return the body that has an open letter; None where it is closed or waits to be dispatched."""
    state = state_of(story.steps)
    if state in {"closed", "pending_dispatch"}:
        return None
    owner: str = next(step.facts["org_id"] for step in reversed(story.steps) if step.action == "dispatch")
    return owner
