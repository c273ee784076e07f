"""What comes into the demo city while it is served: letters at the pace of its clock, and the next step of each case.

Nothing is planned ahead. A case's next step is drawn from the case and its version, so after a restart it is the same.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from huitian.model.case import Letter
from huitian.model.query import Row
from huitian.simulate.arrivals import HOURS, LOCAL, SEASONS
from huitian.simulate.draws import Draws
from huitian.simulate.homes import SHARE, Home, Spot
from huitian.simulate.identifiers import synthetic_phone
from huitian.simulate.letter_words import CLOSING_NOTES, NOTES, VISIT_NOTES, Writer, letter_tables
from huitian.simulate.letters import CHANNEL_WEIGHTS, CHANNELS, MAILBOX
from huitian.simulate.lives import (
    COMMITTEE_S,
    CONTACT_S,
    HANDLE_S,
    SATISFIED,
    SATISFIED_SHARES,
    SIGN_S,
    by_mailbox,
)
from huitian.simulate.names import PERSON_NAMES
from huitian.simulate.troubles import HomesOf, Told, Troubles

SOLVED = ("solved", "partly", "unsolved")
SOLVED_SHARES = (0.9, 0.06, 0.04)
LATE_SHARE = 0.045
ONCE_MORE_SHARE = 0.35
"""How often a body writes down a further step before it answers."""


@dataclass(frozen=True, slots=True)
class Onward:
    """The next step of a case.

    Attributes:
        action: Of the ladder of letters.
        due_at: When it is taken, aware UTC.
        by_owner: Whether the body in charge takes it; else the centre.
        facts: Of its form. The body of a dispatch is not among them.
        words: Of its form.
    """

    action: str
    due_at: datetime
    by_owner: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


class Coming:
    """Letters as they come in.

    Args:
        seed: Seed of the city.
        spots: What they can be about; none, and none come.
        per_day_n: How many come on a day, on average, besides those about troubles.
        homes_of: The homes of a building; some of the letters say which.
        begins_on: Local day of the first trouble that can come; None for none at all.
    """

    def __init__(
        self,
        seed: int,
        spots: Sequence[Spot],
        per_day_n: float,  # no unit: a mean of counts
        homes_of: HomesOf = lambda _: (),
        begins_on: date | None = None,
    ) -> None:
        self._seed, self._draws = seed, Draws(seed, "coming letters")
        self._tables = letter_tables()
        self._spots, self._per_day_n, self._homes_of = spots, per_day_n, homes_of
        self._troubles = Troubles(seed, spots, homes_of, begins_on) if begins_on else None
        self._left = self._wait()

    def letters(self, since: datetime, until: datetime) -> list[Letter]:
        """Return the letters of a span of city time; call it with spans that follow one another."""
        if not self._spots:
            return []
        local = until + LOCAL
        weights = {code: weight_at(table, local) for code, table in self._tables.items()}
        usual = sum(
            table["weight"] * SEASONS[table["season"]][local.month - 1] for table in self._tables.values()
        )
        days = (until - since) / timedelta(days=1)
        self._left -= self._per_day_n * days * sum(weights.values()) / usual
        found: list[Letter] = []
        # The words of one span differ; a letter that somebody sends again on another day may have the same.
        writer = Writer(self._draws)
        while self._left <= 0:
            self._left += self._wait()
            code = self._draws.weighted(list(weights), list(weights.values()))
            found.append(self._letter(writer, code, until, len(found)))
        about = self._troubles.between(since, until) if self._troubles else ()
        return [*found, *(self._about(told) for told in about)]

    def _wait(self) -> float:
        return -math.log(1.0 - self._draws.share())

    def _letter(self, writer: Writer, code: str, at: datetime, n: int) -> Letter:
        draws, table = self._draws, self._tables[code]
        lived_in = [spot for spot in self._spots if spot.n_units > 0] or self._spots
        is_home = table["where"] == "home"
        spot = draws.pick(lived_in if is_home else self._spots)
        homes = self._homes_of(spot.building_id) if is_home and draws.chance(SHARE) else ()
        home = draws.pick(homes) if homes else None
        letter = letter_about(draws, writer, table, code, spot, home, at, "")
        # By what it says, too: whoever drew otherwise for the same instant has another letter, so it has another key.
        said = hashlib.blake2s(repr(letter).encode(), digest_size=8).hexdigest()
        return replace(letter, idempotency_key=f"coming-{at:%Y%m%d%H%M%S%f}-{n}-{said}")

    def _about(self, told: Told) -> Letter:
        # From draws of its own: told twice, it is the same letter.
        draws, table = Draws(self._seed, told.key), self._tables[told.category_code]
        return letter_about(
            draws, Writer(draws), table, told.category_code, told.spot, told.home, told.at, told.key
        )


def letter_about(
    draws: Draws, writer: Writer, table: Mapping[str, Any], code: str, spot: Spot, home: Home | None,
    at: datetime, key: str,
) -> Letter:  # fmt: skip
    """Return a letter of a category about a building, and about a home where one is given."""
    situation = draws.pick(table["situations"])
    unit_no = home.unit_no if home else str(draws.whole(1, spot.n_units)) if spot.n_units else None
    place = f"{spot.name}{unit_no}单元" if unit_no else f"{spot.name}旁"
    channel = draws.weighted(CHANNELS, CHANNEL_WEIGHTS)
    is_anonymous = channel in MAILBOX
    return Letter(
        writer.letter(situation, place, table["where"], at + LOCAL), key, channel, situation[0], spot.lon, spot.lat,
        building_id=spot.building_id, dwelling_id=home.dwelling_id if home else "", category_code=code,
        name=None if is_anonymous else draws.pick(PERSON_NAMES),
        phone=None if is_anonymous else synthetic_phone(50_000_000 + draws.whole(1, 4_000)),
        is_anonymous=is_anonymous,
    )  # fmt: skip


def weight_at(table: Mapping[str, Any], local: datetime) -> float:
    """Return the weight of a category at a local time."""
    hours = HOURS[table["hours"]]
    at_hour = hours[local.hour] / (sum(hours) / len(hours))
    return float(table["weight"] * SEASONS[table["season"]][local.month - 1] * at_hour)


def onward(seed: int, case: Row) -> Onward | None:
    """Return the next step of a case by its state; None where none is to come.

    Args:
        seed: Seed of the city.
        case: A row of ``case`` with channel, state, version, grade, level and times.
    """
    draws = Draws(seed, f"{case['case_id']} {case['version']}")
    grade, state = case["grade"] or 3, case["state"]
    told_at: datetime = case["reported_at"]

    def after(since: datetime | None, seconds: float) -> datetime:
        return (since or told_at) + timedelta(seconds=seconds)

    if state == "pending_dispatch":
        return Onward("dispatch", after(told_at, 60 * draws.spread(9.0, 0.7)), by_owner=False)
    if state == "dispatched":
        return Onward("sign", after(case["dispatched_at"], SIGN_S[grade] * draws.spread(0.3, 0.6)))
    if state == "signed" and case["contacted_at"] is None:
        facts = {
            "is_contact": True,
            "means": draws.weighted(("phone", "visit", "message"), (0.75, 0.15, 0.1)),
        }
        at = after(case["dispatched_at"], CONTACT_S[grade] * draws.spread(0.3, 0.55))
        note = {"note": draws.pick(NOTES[:3])}
        told, words = by_mailbox(facts, note) if case["channel"] in MAILBOX else (facts, note)
        return Onward("handle", at, facts=told, words=words)
    if state in {"signed", "in_progress", "rework"}:
        limits_s = COMMITTEE_S if case["ladder_level"] in {"L0", "L1"} else HANDLE_S
        used = draws.between(1.2, 3.0) if draws.chance(LATE_SHARE) else draws.spread(0.62, 0.27)
        since = case["visited_at"] if state == "rework" else case["dispatched_at"]
        if draws.chance(ONCE_MORE_SHARE):
            at = after(since, limits_s[grade] * used / 2)
            return Onward("handle", at, facts={"is_contact": False}, words={"note": draws.pick(NOTES[3:])})
        return Onward(
            "reply", after(since, limits_s[grade] * used), words={"reply": reply_words(case, draws)}
        )
    if state == "replied":
        solved = draws.weighted(SOLVED, SOLVED_SHARES)
        facts = {
            "is_reached": True, "is_contacted": draws.chance(0.99), "solved": solved,
            "satisfied": draws.weighted(SATISFIED, SATISFIED_SHARES[solved]),
            # Once only: what was visited before and comes back answered stays.
            "needs_rework": solved == "unsolved" and case["visited_at"] is None,
        }  # fmt: skip
        at = after(case["replied_at"], 3600 * draws.spread(48.0, 0.45))
        return Onward(
            "visit", at, by_owner=False, facts=facts, words={"note": draws.pick(VISIT_NOTES[solved])}
        )
    if state == "visiting":
        at = after(case["visited_at"], 3600 * draws.spread(24.0, 0.5))
        return Onward("close", at, by_owner=False, words={"note": draws.pick(CLOSING_NOTES)})
    return None


def reply_words(case: Row, draws: Draws) -> str:
    """Return an answer to a case of some category."""
    table = letter_tables().get(case["category_code"] or "", letter_tables()["A04"])
    return Writer(draws).reply(draws.pick(table["situations"]), "", case["reported_at"] + LOCAL)
