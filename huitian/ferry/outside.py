"""The outside host's side: letters and ratings go in; receipts, answers and published data come out."""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from huitian.base.planner import Planner
from huitian.cases.follow import code_hash, follow_code, made_secret
from huitian.cases.letters import next_case_no
from huitian.clock import Clock, day_of
from huitian.engine.ports import Records, Writing
from huitian.ferry.items import (
    FROM_INSIDE,
    AnswerItem,
    Item,
    LetterItem,
    RatingItem,
    ReceiptItem,
    ReferenceItem,
)
from huitian.ferry.parts import AT_ONCE, EVERY_ROW, Cargo
from huitian.ferry.reference import PREFIX_FACT, fact, put_reference
from huitian.ferry.sealed_files import SealedFiles
from huitian.ferry.trip import Trip
from huitian.model.query import Condition, Query, Row

WAITING, ERASING, TAKEN, REFUSED = "waiting", "erasing", "taken", "refused"
"""Of a letter: on its way; the city has it, its photos are being removed; the city has it; the city will not."""
NUMBER_TAKEN = "number_taken"
UNUSED = timedelta(days=1)
"""A photo that no letter named after this long is removed."""


class Outside:
    """What an outside host packs for the city, and takes from it.

    Args:
        records: Its store.
        planner: Permission for every read.
        clock: The time.
        files: Photos, sealed.
        emptied: Lets the store forget what was removed from it, its log too.
    """

    sends = "in"
    takes: tuple[type[Item], ...] = FROM_INSIDE
    most_items = EVERY_ROW

    def __init__(self, records: Records, planner: Planner, clock: Clock, files: SealedFiles, emptied: Callable[[], None]
    ) -> None:  # fmt: skip
        self._records, self._planner, self._clock, self._files = records, planner, clock, files
        self._emptied = emptied

    def gather(self, writing: Writing, peer: Row, chain: int, seq: int, most_bytes: int) -> Cargo:
        """Return letters and ratings that wait, oldest first, as many as one trip may carry."""
        trip = {"chain": chain, "seq": seq}
        is_open = (Condition("state", "eq", WAITING), Condition("seq", "is_null"))
        items: list[Item] = []
        files: dict[str, bytes] = {}
        n_bytes = 0
        letters = self._rows(writing, "ferry_letter", *is_open, sort=("reported_at",), limit=AT_ONCE)
        ratings = self._rows(writing, "ferry_rating", *is_open, sort=("rated_at",), limit=AT_ONCE)
        n_letters = 0
        for row in letters:
            photos = {one: self._files.sealed(one) for one in row["file_ids"] or ()}
            more = {
                one: content for one, content in photos.items() if content is not None and one not in files
            }
            size = len(row["sealed"]) + sum(map(len, more.values()))
            if items and n_bytes + size > most_bytes:
                break
            n_letters += 1
            n_bytes += size
            files |= more
            items.append(LetterItem(
                row["letter_id"], row["case_no"], row["reported_at"], base64.b64decode(row["sealed"]),
                tuple(one for one, content in photos.items() if content is not None),
            ))  # fmt: skip
            writing.change("ferry_letter", {"letter_id": row["letter_id"]}, trip)
        for row in ratings:
            items.append(
                RatingItem(
                    row["rating_id"], row["letter_id"], row["rated_at"], base64.b64decode(row["sealed"])
                )
            )
            writing.change("ferry_rating", {"rating_id": row["rating_id"]}, trip)
        is_more = n_letters < len(letters) or AT_ONCE in {len(letters), len(ratings)}
        return Cargo(tuple(items), files, is_more)

    def made_ready(self, name: str, trip: Trip) -> Sequence[Item]:
        """Return what a trip carries."""
        del name
        return trip.items

    def take(self, writing: Writing, peer: Row, ready: Sequence[Item]) -> None:
        """Take published data, receipts and answers."""
        for item in ready:
            match item:
                case ReferenceItem():
                    put_reference(writing, self._planner, item, day_of(self._clock.now()))
                case ReceiptItem():
                    self._take_receipt(writing, item)
                case AnswerItem():
                    self._take_answer(writing, peer, item)
                case _:
                    pass

    def _take_receipt(self, writing: Writing, item: ReceiptItem) -> None:
        """Forget the content of what the city has; what it refused for its number gets another one."""
        why = {"why": item.why or None, "why_zh": item.why_zh or None, "why_en": item.why_en or None}
        rating = self._row(writing, "ferry_rating", "rating_id", item.object_id)
        if rating is not None:
            done: Row = {"state": TAKEN if item.is_taken else REFUSED, "sealed": None, "answers": None}
            writing.change("ferry_rating", {"rating_id": item.object_id}, done | why)
            return
        letter = self._row(writing, "ferry_letter", "letter_id", item.object_id)
        if letter is None or letter["state"] in {ERASING, TAKEN}:
            return
        values: Row = why | {"state": ERASING, "sealed": None}
        if not item.is_taken and item.why == NUMBER_TAKEN:
            # This store went back in time and gave a number twice: the old one still opens the letter here.
            day = f"{day_of(letter['reported_at']):%Y%m%d}"
            number = next_case_no(writing, fact(writing, self._planner, PREFIX_FACT) or "", day)
            values = {
                "case_no": number,
                "given_no": letter["given_no"] or letter["case_no"],
                "chain": None,
                "seq": None,
            }
        elif not item.is_taken:
            values = why | {"state": REFUSED}
        writing.change("ferry_letter", {"letter_id": item.object_id}, values)

    def _take_answer(self, writing: Writing, peer: Row, item: AnswerItem) -> None:
        told: Row = {
            "shown": item.view,
            "told_version": item.version,
            "can_rate": bool(item.view.get("can_rate")),
        }
        if writing.change("ferry_letter", {"letter_id": item.letter_id}, told):
            return
        # Sent before this store was restored: its writer's code follows from the secret, so it opens again.
        secret = made_secret(writing, self._planner)
        steps = item.view.get("steps") or ()
        reported_at = instant_of(steps[0]["taken_at"]) if steps else self._clock.now()
        writing.add("ferry_letter", [told | {
            "letter_id": item.letter_id, "peer_id": peer["peer_id"], "case_no": item.view["case_no"],
            "given_no": item.view["case_no"], "state": TAKEN, "key_hash": None,
            "code_hash": code_hash(secret, follow_code(secret, item.letter_id)), "content_hash": None, "sealed": None,
            "file_ids": [], "reported_at": reported_at, "chain": 0, "seq": 0,
        }])  # fmt: skip

    def after(self, peer: Row) -> None:
        """Remove the photos of letters that the city has, and those that no letter named for a day."""
        del peer
        with self._records.writing() as writing:
            open_rows = self._rows(writing, "ferry_letter", Condition("state", "ne", TAKEN))
            needed = {one for row in open_rows if row["state"] != ERASING for one in row["file_ids"] or ()}
            for row in open_rows:
                if row["state"] == ERASING:
                    for file_id in set(row["file_ids"] or ()) - needed:
                        # One that was sent in once more since then belongs to a letter that is being written.
                        self._files.forget(file_id, row["reported_at"])
                    done: Row = {"state": TAKEN, "file_ids": []}
                    writing.change("ferry_letter", {"letter_id": row["letter_id"]}, done)
        if any(row["state"] == ERASING for row in open_rows):
            self._emptied()
        unused_since = self._clock.now() - UNUSED
        for file_id in list(self._files.list_ids()):
            if file_id not in needed:
                self._files.forget(file_id, unused_since)

    def send_again(self, writing: Writing, peer: Row) -> None:
        """Let every letter and rating wait again whose receipt did not come, also those that were refused."""
        del peer
        for entity, key in (("ferry_letter", "letter_id"), ("ferry_rating", "rating_id")):
            for row in self._rows(
                writing, entity, Condition("state", "ne", TAKEN), Condition("sealed", "not_null")
            ):
                writing.change(entity, {key: row[key]}, {"state": WAITING, "chain": None, "seq": None})

    def _rows(
        self,
        writing: Writing,
        entity: str,
        *where: Condition,
        sort: tuple[str, ...] = (),
        limit: int = EVERY_ROW,
    ) -> Sequence[Row]:
        return writing.read(self._planner.raw(entity), Query(entity, where, sort=sort, limit=limit)).rows

    def _row(self, writing: Writing, entity: str, key: str, equals: str) -> Row | None:
        rows = self._rows(writing, entity, Condition(key, "eq", equals), limit=1)
        return rows[0] if rows else None


def instant_of(told: str) -> datetime:
    """Return an instant as JSON has it, aware UTC."""
    return datetime.fromisoformat(told).astimezone(UTC)
