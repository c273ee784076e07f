"""Letters on an outside host: given a number and a code at once, sealed for the city, followed by what comes back."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from huitian.cases.fold import folded
from huitian.cases.follow import code_hash, follow_code, is_code, made_secret, secret_of
from huitian.cases.following import levels_of
from huitian.cases.ladder import FIRST
from huitian.cases.letters import (
    LETTER,
    PUBLIC,
    RATING,
    check_letter,
    next_case_no,
    rated,
    words_of,
)
from huitian.cases.log import own_key, plain_text
from huitian.cases.parts import CaseParts
from huitian.cases.told import placed
from huitian.clock import day_of
from huitian.engine.ports import Writing
from huitian.errors import KeyReused, NotFound, OutsideNotReady, StepNotPossible
from huitian.ferry.items import SealedLetter, SealedRating, letter_purpose, rating_purpose
from huitian.ferry.keys import PublicKey
from huitian.ferry.outside import REFUSED, WAITING
from huitian.ferry.reference import PREFIX_FACT, fact
from huitian.model.case import Letter, Opened, Step
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope

ANSWERS = ("is_contacted", "solved", "satisfied")
NOT_TAKEN = ("未能转入，请重新来信或拨打 12345", "Could not be passed on; please write again or call 12345")


class OutsideLetters:
    """Takes letters and ratings on an outside host; the same questions as ``cases.letters.Letters``.

    Args:
        parts: What the case engine works with, on the store of the outside host.
        name: Name of this side of the ferry: ids of letters begin with it.
        city: Gives the key of the city, for which everything is sealed.
    """

    def __init__(self, parts: CaseParts, name: str, city: Callable[[], PublicKey]) -> None:
        self._parts, self._name, self._city = parts, name, city

    def open_case(self, letter: Letter, scope: Scope = PUBLIC) -> Opened:
        """Take a letter and give it its number and code. Idempotent by key.

        Raises:
            InvalidInput: A field cannot be used.
            KeyReused: The key was used for another letter.
            OutsideNotReady: The city's published data has not come yet.
        """
        parts = self._parts
        now = parts.now()
        check_letter(letter, parts.ladders.on_day(LETTER, parts.today()), parts)
        key = own_key(scope, letter.idempotency_key)
        letter_id = hashlib.sha256(f"{self._name}|{key}".encode()).hexdigest()[:32]
        words = words_of(letter)
        content = SealedLetter(
            body=words["body"], title=words["title"], lon=letter.lon, lat=letter.lat, place_id=letter.place_id,
            building_id=letter.building_id, address_note=words["address_note"], category_code=letter.category_code,
            name=plain_text(letter.name or "").strip() or None, phone=(letter.phone or "").strip() or None,
            is_anonymous=letter.is_anonymous,
        )  # fmt: skip
        told = msgspec.json.encode(content)
        with parts.records.writing() as writing:
            prefix = fact(writing, parts.planner, PREFIX_FACT)
            if prefix is None:
                raise OutsideNotReady(home=self._name)
            where = {name: getattr(letter, name) for name in ("lon", "lat", "place_id", "building_id")}
            placed(parts, writing, where)
            secret = made_secret(writing, parts.planner)
            code = follow_code(secret, letter_id)
            content_hash = hash_under(secret, told + "".join(sorted(letter.file_ids)).encode())
            known = row_of(parts, writing, "ferry_letter", "letter_id", letter_id)
            if known is not None:
                if known["content_hash"] not in {None, content_hash}:
                    raise KeyReused(idempotency_key=letter.idempotency_key)
                return Opened(letter_id, known["given_no"] or known["case_no"], code)
            case_no = next_case_no(writing, prefix, f"{day_of(now):%Y%m%d}")
            sealed = self._city().seal(told, letter_purpose(letter_id))
            writing.add("ferry_letter", [{
                "letter_id": letter_id, "peer_id": self._city().name, "case_no": case_no, "given_no": case_no,
                "state": WAITING, "key_hash": key, "code_hash": code_hash(secret, code), "content_hash": content_hash,
                "sealed": base64.b64encode(sealed).decode(), "file_ids": list(letter.file_ids), "reported_at": now,
                "chain": None, "seq": None,
            }])  # fmt: skip
        return Opened(letter_id, case_no, code)

    def rate(
        self, case_no: str, code: str, idempotency_key: str, answers: Mapping[str, Any], words: str = ""
    ) -> Row:
        """Take the writer's rating; it goes to the city with the next trip. Idempotent by key.

        Returns:
            The row of the letter here.

        Raises:
            NotFound: No such letter, or the code does not belong to it.
            StepNotPossible: It cannot be rated now, as far as is known here.
            InvalidInput: Nothing was answered.
            KeyReused: The key was used for another rating.
        """
        parts = self._parts
        letter = self.followed(case_no, code)
        given = {name: answer for name, answer in rated(answers).items() if name in ANSWERS}
        key = own_key(PUBLIC, idempotency_key)
        rating_id = hashlib.sha256(f"{self._name}|{letter['letter_id']}|{key}".encode()).hexdigest()[:32]
        told = msgspec.json.encode(SealedRating(**given, words=plain_text(words)))
        with parts.records.writing() as writing:
            content_hash = hash_under(made_secret(writing, parts.planner), told)
            known = row_of(parts, writing, "ferry_rating", "rating_id", rating_id)
            if known is not None:
                if known["content_hash"] != content_hash:
                    raise KeyReused(idempotency_key=idempotency_key)
                return letter
            fresh = row_of(parts, writing, "ferry_letter", "letter_id", letter["letter_id"]) or letter
            if not fresh["can_rate"] or waiting_rating(parts, writing, letter["letter_id"]) is not None:
                raise self._not_now(fresh)
            sealed = self._city().seal(told, rating_purpose(rating_id))
            writing.add("ferry_rating", [{
                "rating_id": rating_id, "letter_id": letter["letter_id"], "peer_id": self._city().name,
                "state": WAITING, "key_hash": key, "content_hash": content_hash,
                "sealed": base64.b64encode(sealed).decode(), "answers": given, "rated_at": parts.now(), "chain": None,
                "seq": None,
            }])  # fmt: skip
        return letter

    def _not_now(self, letter: Row) -> StepNotPossible:
        ladder = self._parts.ladders.on_day(LETTER, self._parts.today())
        rule, view = ladder.actions[RATING], letter["shown"] or {}
        state_zh, state_en = ladder.states[ladder.first_state]
        return StepNotPossible(
            state=view.get("state", ladder.first_state), state_zh=view.get("state_zh", state_zh),
            state_en=view.get("state_en", state_en), action=RATING, action_zh=rule.title_zh, action_en=rule.title_en,
            why="it cannot be rated now", why_zh="现在不能评价", why_en="it cannot be rated now",
        )  # fmt: skip

    def followed(self, case_no: str, code: str) -> Row:
        """Return the letter that a number and its code open; a number that was replaced still opens it.

        Raises:
            NotFound: No such letter, or the code does not belong to it; which of the two is not told.
        """
        parts = self._parts
        secret = secret_of(parts.records, parts.planner)
        found = None
        rows: dict[str, Row] = {}
        for column in ("case_no", "given_no"):
            query = Query("ferry_letter", (Condition(column, "eq", case_no),), limit=10)
            rows |= {
                row["letter_id"]: row
                for row in parts.records.read(parts.planner.raw("ferry_letter"), query).rows
            }
        # Where there is none, one comparison is made all the same: time does not tell it from a wrong code.
        for kept in [*rows.values(), None][: max(1, len(rows))]:
            if is_code(secret, code, kept["code_hash"] if kept else None):
                found = kept
        if found is None:
            raise NotFound(entity="letter", object_id=case_no[:40])
        return found


class OutsideFollowing:
    """Shows letters to their writers on an outside host: what the city said last, and before that that it was sent.

    Args:
        parts: What the case engine works with.
        letters: Knows number and code.
    """

    def __init__(self, parts: CaseParts, letters: OutsideLetters) -> None:
        self._parts, self._letters = parts, letters

    def letter(self, case_no: str, code: str) -> dict[str, Any]:
        """Return a letter for its writer; see ``cases.following.Following.letter``.

        The writer's own words are sealed and not shown; a rating on its way is shown as given.

        Raises:
            NotFound: No such letter, or the code does not belong to it.
        """
        parts = self._parts
        row = self._letters.followed(case_no, code)
        view: dict[str, Any] = dict(row["shown"] or sent_view(parts, row["case_no"], row["reported_at"]))
        if row["state"] == REFUSED:
            view["state_zh"], view["state_en"] = NOT_TAKEN
        rating = waiting_rating(parts, None, row["letter_id"])
        if rating is not None:
            view |= {name: answer for name, answer in (rating["answers"] or {}).items() if name in ANSWERS}
            view["can_rate"] = False
        return view


def sent_view(parts: CaseParts, case_no: str, reported_at: datetime) -> dict[str, Any]:
    """Return a letter as its writer sees it before the city has answered: it was sent, and when."""
    ladder = parts.ladders.on_day(LETTER, day_of(reported_at))
    facts = {
        "case_no": case_no, "kind": LETTER, "rule_set": ladder.rule_set, "channel": "C04",
        "ladder_level": ladder.channels["C04"][0] if "C04" in ladder.channels else next(iter(ladder.levels)),
        "category_code": None, "grade": None,
    }  # fmt: skip
    steps = [Step("", 1, FIRST, PUBLIC.user_id, None, reported_at, facts, "")]
    row, _ = folded(ladder, parts.calendar, steps)
    rule = ladder.actions[FIRST]
    state_zh, state_en = ladder.states[row["state"]]
    return {
        "case_no": case_no, "state": row["state"], "state_zh": state_zh, "state_en": state_en,
        "levels": levels_of(ladder, steps, row),
        "steps": [{"action": FIRST, "title_zh": rule.said_zh, "title_en": rule.said_en, "org_name": None,
                   "taken_at": reported_at, "words": None}],
        "promised_by": None, "can_rate": False, "is_contacted": None, "solved": None, "satisfied": None,
    }  # fmt: skip


def waiting_rating(parts: CaseParts, writing: Writing | None, letter_id: str) -> Row | None:
    """Return the rating of a letter that the city has not taken yet; None where there is none."""
    where = (Condition("letter_id", "eq", letter_id), Condition("state", "eq", WAITING))
    reads = writing or parts.records
    rows = reads.read(parts.planner.raw("ferry_rating"), Query("ferry_rating", where, limit=1)).rows
    return rows[0] if rows else None


def row_of(parts: CaseParts, writing: Writing, entity: str, key: str, equals: str) -> Row | None:
    """Return one row of a table of the ferry."""
    rows = writing.read(
        parts.planner.raw(entity), Query(entity, (Condition(key, "eq", equals),), limit=1)
    ).rows
    return rows[0] if rows else None


def hash_under(secret: bytes, content: bytes) -> str:
    """Return a hash of personal content that nobody without the secret can try guesses on."""
    return hmac.digest(secret, b"ferry:" + content, "sha256").hex()
