"""The city's side: letters and ratings become cases and steps; receipts, answers and published data go out."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from huitian.base.planner import Planner
from huitian.cases.following import Following
from huitian.cases.history import batches, case_row
from huitian.cases.letters import LETTER, Arrived, Letters
from huitian.cases.log import plain_text
from huitian.cases.parts import CaseParts
from huitian.clock import day_of
from huitian.engine.ports import Events, Files, Writing
from huitian.errors import HuitianError, InvalidInput, NotAllowed, NotFound, NumberTaken, StepNotPossible
from huitian.ferry.items import (
    FROM_OUTSIDE,
    AnswerItem,
    Item,
    LetterItem,
    RatingItem,
    ReceiptItem,
    SealedLetter,
    SealedRating,
    letter_purpose,
    photo_purpose,
    rating_purpose,
)
from huitian.ferry.keys import FerryKeys
from huitian.ferry.parts import AT_ONCE, EVERY_ROW, Cargo
from huitian.ferry.reference import hash_of, published
from huitian.ferry.trip import Trip
from huitian.model.case import Letter
from huitian.model.query import Condition, Query, Row
from huitian.settings import Settings

OUTSIDE, MAILBOX = "C10", "C04"
"""Channel of a letter from an outside page, and the one for ladders that do not know it."""
CASE_NO = re.compile(r"([A-Z]{2})[0-9]{8}[0-9]{6}")
MOST_ITEMS = 1000
"""Of one trip; an outside host packs 200 letters and 200 ratings at most."""
MOST_EVENTS = 5000
Content = TypeVar("Content", SealedLetter, SealedRating)
CHECKED_BY_CITY = ("place_id", "building_id", "category_code", "lon")
"""Fields that a letter can do without, where the city meanwhile knows them otherwise."""


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A letter that was opened, with its photos kept; ``content`` is None where it cannot be opened."""

    item: LetterItem
    content: SealedLetter | None
    file_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedRating:
    """A rating that was opened; ``content`` is None where it cannot be."""

    item: RatingItem
    content: SealedRating | None


class Inside:
    """What the city packs for its outside hosts, and takes from them.

    Args:
        parts: What the case engine works with.
        letters: Opens cases.
        following: Shows letters as their writers see them.
        files: Photos.
        events: The outbox: what happened to cases since the last trip.
        keys: Keys of this side.
        cleaned: Decodes a photo and encodes it anew; None where it is none. A host may be anybody's by now.
    """

    sends = "out"
    takes: tuple[type[Item], ...] = FROM_OUTSIDE
    most_items = MOST_ITEMS

    def __init__(
        self, parts: CaseParts, letters: Letters, following: Following, files: Files, events: Events, keys: FerryKeys,
        cleaned: Callable[[bytes], bytes | None],
    ) -> None:  # fmt: skip
        self._parts, self._letters, self._following = parts, letters, following
        self._files, self._events, self._keys, self._cleaned = files, events, keys, cleaned

    @property
    def _planner(self) -> Planner:
        return self._parts.planner

    @property
    def _settings(self) -> Settings:
        return self._parts.settings

    def made_ready(self, name: str, trip: Trip) -> list[OpenedLetter | OpenedRating]:
        """Return the letters and ratings of a trip, opened; their photos are kept.

        One that cannot be opened does not cost the others: its writer hears that it was not passed on.
        """
        del name
        ready: list[OpenedLetter | OpenedRating] = []
        kept: dict[str, str | None] = {}
        for item in trip.items:
            if isinstance(item, RatingItem):
                purpose = rating_purpose(item.rating_id)
                ready.append(OpenedRating(item, self._told(item.sealed, purpose, SealedRating)))
            elif isinstance(item, LetterItem):
                content = self._told(item.sealed, letter_purpose(item.letter_id), SealedLetter)
                for file_id in item.file_ids[: self._settings.max_photos] if content is not None else ():
                    if file_id not in kept:
                        kept[file_id] = self._keep(file_id, trip.files)
                photos = dict.fromkeys(found for one in item.file_ids if (found := kept.get(one)) is not None)
                ready.append(OpenedLetter(item, content, tuple(photos)))
        return ready

    def _told(self, sealed: bytes, purpose: bytes, kind: type[Content]) -> Content | None:
        """Return what was sealed; None where it cannot be opened or read."""
        try:
            return msgspec.json.decode(self._keys.open(sealed, purpose), type=kind)
        except (ValueError, msgspec.MsgspecError, RecursionError):
            return None

    def _keep(self, file_id: str, files: Mapping[str, bytes]) -> str | None:
        """Keep a photo; returns its id here, None where it is no photo that can be opened."""
        try:
            sent = self._keys.open(files[file_id], photo_purpose(file_id))
        except (ValueError, KeyError):
            return None
        content = self._cleaned(sent) if hashlib.sha256(sent).hexdigest() == file_id else None
        return None if content is None else self._files.keep(content)

    def take(self, writing: Writing, peer: Row, ready: Sequence[OpenedLetter | OpenedRating]) -> None:
        """Open a case from each letter that is new, and take each rating that is new."""
        for one in ready:
            if isinstance(one, OpenedLetter):
                self._take_letter(writing, peer, one)
            else:
                self._take_rating(writing, peer, one)

    def _take_letter(self, writing: Writing, peer: Row, one: OpenedLetter) -> None:
        item, content = one.item, one.content
        known = self._row(writing, "ferry_letter", "letter_id", item.letter_id)
        if known is not None and known["peer_id"] != peer["peer_id"]:
            return
        # Told again what became of it; of one that was refused, tried again.
        if known is not None and known["state"] == "taken":
            writing.change("ferry_letter", {"letter_id": item.letter_id}, {"chain": None, "seq": None})
            return
        row: Row = {
            "letter_id": item.letter_id, "peer_id": peer["peer_id"], "case_no": item.case_no, "case_id": None,
            "state": "taken", "reported_at": item.reported_at, "why": None, "why_zh": None, "why_en": None,
            "chain": None, "seq": None, "can_rate": False, "told_version": None, "shown_hash": None,
        }  # fmt: skip
        try:
            if content is None:
                raise not_opened()
            row["case_id"] = self._opened(writing, peer, one, content)
        except (InvalidInput, NotAllowed, NumberTaken) as error:
            row |= {"state": "refused"} | why_of(error)
        writing.put("ferry_letter", [row])

    def _opened(self, writing: Writing, peer: Row, one: OpenedLetter, content: SealedLetter) -> str:
        item = one.item
        number = CASE_NO.fullmatch(item.case_no)
        if number is None or number.group(1) != peer["prefix"]:
            raise InvalidInput(field="case_no", why="not of this host", why_zh="不是这台主机的单号",
                               why_en="it is no number of this host")  # fmt: skip
        reported_at = self._reported_at(item.reported_at)
        ladder = self._parts.ladders.on_day(LETTER, day_of(reported_at))
        channel = OUTSIDE if OUTSIDE in ladder.channels else MAILBOX
        told = msgspec.structs.asdict(content) | {"name": plain_text(content.name or "") or None}
        letter = Letter(
            idempotency_key=f"ferry:{peer['peer_id']}:{item.letter_id}", channel=channel, file_ids=one.file_ids,
            **told,
        )  # fmt: skip
        arrived = Arrived(item.case_no, reported_at)
        for _ in range(len(CHECKED_BY_CITY)):
            try:
                return self._letters.take_arrived(writing, letter, arrived)
            except InvalidInput as error:
                # What the city knows otherwise by now must not cost the letter: its words say where, too.
                letter = without(letter, str(error.facts.get("field")))
        return self._letters.take_arrived(writing, letter, arrived)

    def _reported_at(self, sent_at: datetime) -> datetime:
        """Return when a letter counts as reported; what its host says of the time is believed within limits."""
        now = self._parts.now()
        is_late = now - sent_at > timedelta(days=self._settings.ferry_late_days)
        return now if is_late or self._settings.ferry_reported_at == "taken" else min(sent_at, now)

    def _take_rating(self, writing: Writing, peer: Row, one: OpenedRating) -> None:
        item, content = one.item, one.content
        known = self._row(writing, "ferry_rating", "rating_id", item.rating_id)
        if known is not None:
            writing.change("ferry_rating", {"rating_id": item.rating_id}, {"chain": None, "seq": None})
            return
        letter = self._row(writing, "ferry_letter", "letter_id", item.letter_id)
        row: Row = {
            "rating_id": item.rating_id, "letter_id": item.letter_id, "peer_id": peer["peer_id"], "state": "taken",
            "rated_at": item.rated_at, "chain": None, "seq": None,
        }  # fmt: skip
        key = f"ferry:{peer['peer_id']}:{item.rating_id}"
        try:
            if letter is None or letter["peer_id"] != peer["peer_id"] or letter["case_id"] is None:
                raise NotFound(entity="letter", object_id=item.letter_id[:40])
            if content is None:
                raise not_opened()
            answers = {name: getattr(content, name) for name in ("is_contacted", "solved", "satisfied")}
            self._letters.rate_arrived(writing, letter["case_id"], key, answers, content.words, item.rated_at)
        except (InvalidInput, StepNotPossible, NotAllowed, NotFound) as error:
            row |= {"state": "refused"} | why_of(error)
        writing.put("ferry_rating", [row])

    def gather(self, writing: Writing, peer: Row, chain: int, seq: int, most_bytes: int) -> Cargo:
        """Return published data where it changed, then receipts, then the letters whose view changed."""
        trip = {"chain": chain, "seq": seq}
        items: list[Item] = []
        changes: dict[str, Any] = {}
        if peer["prefix"]:
            reference = published(self._planner, self._parts.categories, self._settings, peer["prefix"])
            if hash_of(reference) != peer["reference_hash"]:
                items.append(reference)
                changes["reference_hash"] = hash_of(reference)
        unsaid = (Condition("peer_id", "eq", peer["peer_id"]), Condition("seq", "is_null"))
        n_found = 0
        for entity, key in (("ferry_letter", "letter_id"), ("ferry_rating", "rating_id")):
            for row in self._rows(writing, entity, *unsaid, limit=AT_ONCE):
                n_found += 1
                items.append(
                    ReceiptItem(row[key], row["state"] == "taken", row["why"] or "", row["why_zh"] or "", row["why_en"]
                                or "")
                )  # fmt: skip
                writing.change(entity, {key: row[key]}, trip)
        answers, event_seq, is_more = self._answers(writing, peer)
        items += answers
        if event_seq != peer["event_seq"]:
            changes["event_seq"] = event_seq
        del most_bytes  # What goes out has no photos: a few hundred views are always small enough.
        return Cargo(tuple(items), {}, is_more or n_found >= AT_ONCE, changes)

    def _answers(self, writing: Writing, peer: Row) -> tuple[list[Item], int, bool]:
        """Return the views that changed: of letters whose case took a step, that are new, or whose rating may end."""
        since: int = peer["event_seq"] or 0
        events = self._events.read_since(self._planner.system("outbox"), since, ("case",), MOST_EVENTS)
        own = Condition("peer_id", "eq", peer["peer_id"])
        is_taken = Condition("state", "eq", "taken")
        found: dict[str, Row] = {}
        stepped = sorted({str(event.payload["case_id"]) for event in events if "case_id" in event.payload})
        for part in batches(stepped):
            for row in self._rows(writing, "ferry_letter", own, is_taken, Condition("case_id", "in", part)):
                found[row["letter_id"]] = row
        new = self._rows(
            writing, "ferry_letter", own, is_taken, Condition("told_version", "is_null"), limit=AT_ONCE
        )
        rateable = self._rows(writing, "ferry_letter", own, is_taken, Condition("can_rate", "eq", True))
        found |= {row["letter_id"]: row for row in (*new, *rateable)}
        items: list[Item] = []
        for letter_id in sorted(found):
            row = found[letter_id]
            case = case_row(writing, self._planner, "case_id", row["case_id"])
            if case is None:
                continue
            view = self._following.shown(case, is_own_told=False)
            told = msgspec.json.encode(view, order="deterministic")
            shown_hash = hashlib.sha256(told).hexdigest()
            values: Row = {
                "told_version": case["version"],
                "shown_hash": shown_hash,
                "can_rate": view["can_rate"],
            }
            if shown_hash != row["shown_hash"]:
                items.append(AnswerItem(letter_id, case["version"], msgspec.json.decode(told)))
            if any(row[name] != value for name, value in values.items()):
                writing.change("ferry_letter", {"letter_id": letter_id}, values)
        last = events[-1].seq if events else since
        return items, last, len(events) >= MOST_EVENTS or len(new) >= AT_ONCE

    def after(self, peer: Row) -> None:
        """Nothing follows."""

    def send_again(self, writing: Writing, peer: Row) -> None:
        """Let every receipt and every view of the host wait again."""
        own = Condition("peer_id", "eq", peer["peer_id"])
        for row in self._rows(writing, "ferry_letter", own):
            values: Row = {"chain": None, "seq": None, "told_version": None, "shown_hash": None}
            writing.change("ferry_letter", {"letter_id": row["letter_id"]}, values)
        for row in self._rows(writing, "ferry_rating", own):
            writing.change("ferry_rating", {"rating_id": row["rating_id"]}, {"chain": None, "seq": None})

    def _rows(
        self, writing: Writing, entity: str, *where: Condition, limit: int = EVERY_ROW
    ) -> Sequence[Row]:
        return writing.read(self._planner.raw(entity), Query(entity, where, limit=limit)).rows

    def _row(self, writing: Writing, entity: str, key: str, equals: str) -> Row | None:
        rows = self._rows(writing, entity, Condition(key, "eq", equals), limit=1)
        return rows[0] if rows else None


def not_opened() -> InvalidInput:
    """Return the error about a letter or rating that was sealed for another key, or is none."""
    return InvalidInput(field="sealed", why="it cannot be opened", why_zh="不是封给现有密钥的，打不开",
                        why_en="it was not sealed for the present key and cannot be opened")  # fmt: skip


def why_of(error: HuitianError) -> Row:
    """Return why something was refused, as it is kept and told."""
    return {"why": error.code, "why_zh": error.words("zh"), "why_en": error.words("en")}


def without(letter: Letter, field: str) -> Letter:
    """Return a letter without a field that the city refuses; any other it keeps, and is refused again."""
    match field:
        case "place_id":
            return replace(letter, place_id=None)
        case "building_id":
            return replace(letter, building_id=None)
        case "category_code":
            return replace(letter, category_code=None)
        case "lon":
            return replace(letter, lon=None, lat=None)
        case _:
            return letter
