"""Letters: opening a case from what a person sends in, and the resident's own rating of it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huitian.cases.fold import fold
from huitian.cases.follow import code_hash, follow_code, is_code, made_secret, secret_of
from huitian.cases.history import case_row, keep_step, step_by_key, with_side_rows
from huitian.cases.homes import building_of_home, home_in_note
from huitian.cases.ladder import FIRST
from huitian.cases.log import CaseLog, anchor_case, announce, own_key, plain_text
from huitian.cases.parts import CaseParts
from huitian.cases.told import placed, refused
from huitian.clock import day_of
from huitian.engine.ports import Writing
from huitian.errors import KeyReused, NotAllowed, NotFound, NumberTaken
from huitian.model.case import HOME, Ladder, Letter, Opened, Step
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope

PUBLIC = Scope(user_id="public", place_id=None, lens="V1", role="resident")
"""The writer of a letter: nobody is signed in, the follow code says who may look."""

LETTER = "letter"
RATING = "visit"
PHONE = re.compile(r"[0-9+][0-9() \-*]{4,19}")
LONGEST = {"title": 200, "address_note": 500, "name": 64, HOME: 64}
WORDS = ("title", "body", "address_note", HOME)
RATED = ("is_contacted", "solved", "satisfied")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a letter was given elsewhere.

    Attributes:
        case_no: Number for life, as its writer has it.
        reported_at: When it was sent, aware UTC.
    """

    case_no: str
    reported_at: datetime


class Letters:
    """Opens cases from letters, and lets their writers rate.

    Args:
        parts: What the engine works with.
        log: The log that ratings go into.
    """

    def __init__(self, parts: CaseParts, log: CaseLog) -> None:
        self._parts = parts
        self._log = log

    def open_case(self, letter: Letter, scope: Scope = PUBLIC) -> Opened:
        """Open a case from a letter. Idempotent by key.

        Args:
            letter: What was sent in.
            scope: Who sends it: the public page, or a signed-in reader who reports.

        Returns:
            Number and follow code; of a repeated key the same ones again.

        Raises:
            InvalidInput: A field cannot be used; ``field``, why, and of a long letter its length.
            NotAllowed: The role does not take letters.
            KeyReused: The key was used for a letter with other words, photos or another writer.
        """
        parts = self._parts
        ladder = parts.ladders.on_day(LETTER, parts.today())
        check_letter(letter, ladder, parts)
        accept = ladder.actions[FIRST]
        if not scope.plays(accept.roles):
            raise NotAllowed(why=f"{scope.role}: {accept.title_en}", why_zh=accept.title_zh)
        key = own_key(scope, letter.idempotency_key)
        words = words_of(letter)
        with parts.records.writing() as writing:
            secret = made_secret(writing, parts.planner)
            again = step_by_key(writing, parts.planner, key)
            if again is not None:
                self._check_same(writing, with_side_rows(writing, parts.planner, again), words, letter)
                return Opened(again.case_id, again.facts["case_no"], follow_code(secret, again.case_id))
            case_no = next_case_no(
                writing, ladder.channels[letter.channel][1], f"{day_of(parts.now()):%Y%m%d}"
            )
            step = self._first_step(writing, ladder, letter, scope, key, case_no, parts.now())
            code = follow_code(secret, step.case_id)
            self._keep(writing, ladder, letter, step, code_hash(secret, code))
            return Opened(step.case_id, case_no, code)

    def take_arrived(self, writing: Writing, letter: Letter, arrived: Arrived) -> str:
        """Open a case from a letter that was given its number elsewhere, inside a transaction that is open.

        Its writer follows it where it was sent, so it has no follow code here. Idempotent by key.

        Args:
            writing: The transaction.
            letter: What was sent in.
            arrived: Its number and when it was sent.

        Returns:
            The id of the case.

        Raises:
            InvalidInput: A field cannot be used.
            NumberTaken: Another case has its number.
        """
        parts = self._parts
        reported_at = min(arrived.reported_at, parts.now())
        ladder = parts.ladders.on_day(LETTER, day_of(reported_at))
        check_letter(letter, ladder, parts)
        key = own_key(PUBLIC, letter.idempotency_key)
        again = step_by_key(writing, parts.planner, key)
        if again is not None:
            return again.case_id
        if case_row(writing, parts.planner, "case_no", arrived.case_no) is not None:
            raise NumberTaken(case_no=arrived.case_no)
        step = self._first_step(writing, ladder, letter, PUBLIC, key, arrived.case_no, reported_at)
        self._keep(writing, ladder, letter, step, None)
        return step.case_id

    def rate_arrived(
        self,
        writing: Writing,
        case_id: str,
        idempotency_key: str,
        answers: Mapping[str, Any],
        words: str,
        rated_at: datetime,
    ) -> Row:
        """Take a rating that was given elsewhere, inside a transaction that is open; see ``rate``.

        It is judged by when it was given: the ferry may be late, the writer was not.
        """  # fmt: skip
        visible = self._parts.planner.system("case")
        return self._log.append_within(
            writing, PUBLIC, visible, case_id, RATING, None, idempotency_key, rated(answers), noted(words), (),
            min(rated_at, self._parts.now()),
        )  # fmt: skip

    def rate(
        self, case_no: str, code: str, idempotency_key: str, answers: Mapping[str, Any], words: str = ""
    ) -> Row:
        """Take the resident's own rating as a visit (domain 01 §5). Idempotent by key.

        Args:
            case_no: Number of the letter.
            code: Follow code.
            idempotency_key: New for every intended rating.
            answers: ``is_contacted`` true or false, ``solved``, ``satisfied``; what is missing was not answered.
            words: What the resident adds. Personal.

        Returns:
            The row of ``case`` afterwards.

        Raises:
            NotFound: No such letter, or the code does not belong to it; which of the two is not told.
            StepNotPossible: It is not replied to yet, or the time for rating is over.
            InvalidInput: An answer that is none.
        """
        row = self.followed(case_no, code)
        visible = self._parts.planner.system("case")
        return self._log.append(
            PUBLIC, visible, row["case_id"], RATING, None, idempotency_key, rated(answers), noted(words), ()
        )

    def followed(self, case_no: str, code: str) -> Row:
        """Return the row of the case that a number and its code open.

        Raises:
            NotFound: No such letter, or the code does not belong to it.
        """
        parts = self._parts
        row = case_row(parts.records, parts.planner, "case_no", case_no)
        kept = None
        if row is not None:
            query = Query("case_contact", (Condition("case_id", "eq", row["case_id"]),), limit=1)
            contact = parts.records.read(parts.planner.system("case_contact"), query).rows
            kept = contact[0]["follow_code_hash"] if contact else None
        # A number that is not there takes the same way, so that time does not tell it apart from a wrong code.
        if not is_code(secret_of(parts.records, parts.planner), code, kept) or row is None:
            raise NotFound(entity="letter", object_id=case_no[:40])
        return row

    def _first_step(
        self,
        writing: Writing,
        ladder: Ladder,
        letter: Letter,
        scope: Scope,
        key: str,
        case_no: str,
        at: datetime,
    ) -> Step:
        case_id = "c" + hashlib.sha256(f"letter|{key}".encode()).hexdigest()[:20]
        words = words_of(letter)
        facts = self._facts(writing, ladder, letter, words, case_no)
        if scope != PUBLIC and letter.grade is not None:
            facts["grade"] = letter.grade
        words = self._with_home(writing, words, facts["building_id"])
        return Step(case_id, 1, FIRST, scope.user_id, scope.org_id, at, facts, key, words, letter.file_ids)

    def _with_home(
        self, writing: Writing, words: Mapping[str, str], building_id: str | None
    ) -> dict[str, str]:
        home = words[HOME] or home_in_note(self._parts, writing, building_id, words["address_note"])
        return {**words, HOME: home}

    def _keep(
        self, writing: Writing, ladder: Ladder, letter: Letter, step: Step, follow_code_hash: str | None
    ) -> None:
        parts = self._parts
        row = fold(ladder, parts.calendar, [step])
        keep_step(writing, step)
        writing.add("case", [row])
        kept = {"case_id": step.case_id, "follow_code_hash": follow_code_hash}
        writing.add("case_contact", [contact_of(letter) | kept])
        anchor_case(parts, writing, row, [step])
        announce(parts, writing, row, step)

    def _facts(
        self, writing: Writing, ladder: Ladder, letter: Letter, words: Mapping[str, str], case_no: str
    ) -> dict[str, Any]:
        parts = self._parts
        level, _ = ladder.channels[letter.channel]
        text = f"{words['title']} {words['body']}"
        guess = parts.categories.guess(text) if letter.category_code is None else None
        category_code = letter.category_code or (guess.category_code if guess else None)
        facts: dict[str, Any] = {
            "case_no": case_no,
            "kind": LETTER,
            "rule_set": ladder.rule_set,
            "channel": letter.channel,
            "ladder_level": level,
            "category_code": category_code,
            "grade": parts.categories.grade_of(category_code or "", text),
            "n_files": len(letter.file_ids),
        }
        if guess is not None:
            facts |= {"category_confidence": guess.confidence, "category_words": list(guess.matched[:5])}
        where = {name: getattr(letter, name) for name in ("lon", "lat", "place_id", "building_id")}
        if words[HOME]:
            where["building_id"] = building_of_home(parts, writing, words[HOME], where["building_id"])
        return facts | placed(parts, writing, where)

    def _check_same(self, writing: Writing, step: Step, words: Mapping[str, str], letter: Letter) -> None:
        query = Query("case_contact", (Condition("case_id", "eq", step.case_id),), limit=1)
        kept = writing.read(self._parts.planner.system("case_contact"), query).rows
        contact = contact_of(letter)
        # What is kept has the home that its note names, so what comes again is compared with that, too.
        told = self._with_home(writing, words, step.facts.get("building_id"))
        is_same = (
            step.action == FIRST
            and dict(step.words) == {name: text for name, text in told.items() if text}
            and set(step.file_ids) == set(letter.file_ids)
            and all({name: row[name] for name in contact} == contact for row in kept)
        )
        if not is_same:
            raise KeyReused(idempotency_key=letter.idempotency_key)


def words_of(letter: Letter) -> dict[str, str]:
    """Return the words of a letter as they are kept."""
    return {name: plain_text(getattr(letter, name)).strip() for name in WORDS}


def rated(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a rating.

    Raises:
        InvalidInput: Nothing was answered.
    """
    given = {name: answer for name, answer in answers.items() if answer is not None}
    if not any(name in given for name in RATED):
        raise refused("solved", "请至少回答一问", "answer at least one question")
    return {"is_reached": True, **given}


def noted(words: str) -> dict[str, str]:
    """Return what the writer adds to a rating, as words of its step."""
    return {"note": words} if words.strip() else {}


def contact_of(letter: Letter) -> Row:
    """Return who wrote a letter as the store keeps it, but for the code."""
    return {
        "name": (letter.name or "").strip() or None,
        "phone": (letter.phone or "").strip() or None,
        "is_anonymous": letter.is_anonymous,
    }


def check_letter(letter: Letter, ladder: Ladder, parts: CaseParts) -> None:
    """Refuse a letter that cannot be taken.

    Raises:
        InvalidInput: Names the field and says why; a letter that is too long, how long it is.
    """
    n, most = len(letter.body.strip()), parts.settings.max_letter_chars
    if n == 0:
        raise refused("body", "来信内容不能为空", "the letter has no words")
    if n > most:
        raise refused(
            "body", f"来信 {n} 字，上限 {most} 字", f"the letter has {n} characters, the limit is {most}"
        )
    for name, limit in LONGEST.items():
        size = len(getattr(letter, name) or "")
        if size > limit:
            raise refused(
                name, f"有 {size} 字，上限 {limit} 字", f"it has {size} characters, the limit is {limit}"
            )
    if letter.phone and not PHONE.fullmatch(letter.phone.strip()):
        raise refused("phone", "不是电话号码", "it is not a phone number")
    if letter.channel not in ladder.channels:
        known = ", ".join(ladder.channels)
        raise refused("channel", f"没有这个渠道；可用：{known}", f"there is no such channel; known: {known}")
    if letter.category_code is not None and letter.category_code not in parts.categories.by_code:
        raise refused("category_code", "没有这个类别", "there is no such category")
    if letter.grade not in (None, 1, 2, 3, 4):
        raise refused("grade", "等级应为 1–4", "a grade is 1 to 4")
    n_files, most = len(letter.file_ids), parts.settings.max_photos
    if n_files > most:
        raise refused(
            "file_ids", f"最多 {most} 张照片，现有 {n_files} 张", f"{n_files} photos, the limit is {most}"
        )
    if any(not re.fullmatch("[0-9a-f]{64}", one) for one in letter.file_ids):
        raise refused("file_ids", "请先上传照片", "upload the photo first")


def next_case_no(writing: Writing, prefix: str, day: str) -> str:
    """Return the next number of a day: two letters, yyyyMMdd, six digits (domain 01 §9). Not idempotent."""
    return f"{prefix}{day}{writing.next_number(f'{prefix}{day}'):06d}"
