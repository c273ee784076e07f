"""The sessions of an account: which there are, from where, and their end."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from huitian.api.city import City
from huitian.api.seen import Seen
from huitian.api.sign_in import hash_of
from huitian.base.grants import TOPIC
from huitian.errors import NotFound
from huitian.model.audit import Entry
from huitian.model.query import Condition, Event, Query
from huitian.model.scope import Scope

MOST_SESSIONS = 500
"""How many are listed; all of them end."""
MOST_ROWS, REMOVED_AT_ONCE = 1_000_000, 400


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that was begun and is not over.

    Attributes:
        session_id: Names it; nothing can be done with it but end it.
        began_at: Aware UTC.
        seen_at: Aware UTC of its last request; None where none was written down yet.
        ends_at: Aware UTC at which it ends by itself.
        address: Where it was begun.
        browser: Browser and system it was begun with; empty where it did not say.
        is_this: Whether it is that of whoever asks.
    """

    session_id: str
    began_at: datetime
    seen_at: datetime | None
    ends_at: datetime
    address: str
    browser: str
    is_this: bool


class Sessions:
    """Lists and ends the sessions of a city."""

    def __init__(self, city: City, seen: Seen) -> None:
        self._city, self._seen = city, seen

    def is_idle(self, session_hash: str) -> bool:
        """Return whether a session was not used for longer than it may be; a use that is asked about is noted."""
        most_min = self._city.settings.session_idle_min
        if most_min:
            planner = self._city.planner
            query = Query("session", (Condition("session_hash", "eq", session_hash),), ("seen_at",), limit=2)
            rows = planner.read(planner.system("session"), query).rows
            last = self._seen.last("session", session_hash, rows[0]["seen_at"] if rows else None)
            if last is not None and self._city.clock.now() - last >= timedelta(minutes=most_min):
                return True
        self._seen.note("session", session_hash)
        return False

    def of(self, user_id: str, token: str | None) -> list[OpenSession]:
        """Return the sessions of an account, the newest first."""
        planner, now = self._city.planner, self._city.clock.now()
        where = (Condition("user_id", "eq", user_id), Condition("expires_at", "gt", now))
        query = Query("session", where, sort=("-created_at",), limit=MOST_SESSIONS)
        found, own = [], hash_of(token) if token else ""
        for row in planner.read(planner.system("session"), query).rows:
            seen_at = self._seen.last("session", row["session_hash"], row["seen_at"])
            found.append(
                OpenSession(
                    session_id_of(row["session_hash"]), row["created_at"], seen_at, row["expires_at"],
                    row["address"] or "", row["browser"] or "", row["session_hash"] == own,
                )
            )  # fmt: skip
        return found

    def end(
        self, by: Scope, user_id: str, session_id: str | None = None, kept_token: str | None = None
    ) -> int:
        """End one session of an account, or all but one; returns how many. Streams of theirs end too.

        Args:
            by: Who does it.
            user_id: Account whose sessions they are.
            session_id: The one; None for all.
            kept_token: Token of the session that stays; None for none.

        Raises:
            NotFound: The account has no such session.
        """
        planner, kept = self._city.planner, hash_of(kept_token) if kept_token else ""
        where = (Condition("user_id", "eq", user_id), Condition("session_hash", "ne", kept))
        query = Query("session", where, ("session_hash",), limit=MOST_ROWS)
        with self._city.engine.records.writing() as writing:
            hashes = [row["session_hash"] for row in writing.read(planner.system("session"), query).rows]
            ended = [h for h in hashes if session_id in {None, session_id_of(h)}]
            if session_id is not None and not ended:
                raise NotFound(entity="session", object_id=session_id)
            for begin in range(0, len(ended), REMOVED_AT_ONCE):
                writing.remove("session", {"session_hash": ended[begin : begin + REMOVED_AT_ONCE]})
            if ended:
                # Every process of the city looks at the streams of the account again.
                writing.emit(Event(TOPIC, "session_ended", {"user_ids": [user_id]}))
                writing.chain([Entry("sign_in", by.user_id, by.role, by.lens, by.grant_ids, "session",
                                     place_id=by.place_id, details={"ended": len(ended), "of": user_id})])  # fmt: skip
        return len(ended)


def session_id_of(session_hash: str) -> str:
    """Return what a session is named by where it is listed: not what the store finds it by."""
    return hashlib.sha256(f"session {session_hash}".encode()).hexdigest()[:20]
