"""Giving, passing on, changing and taking back grants. Nobody gives what he has not, nor to himself.

An administrator of grants gives any role in his own place and below, at most with his own lens. Whoever holds a grant
passes on a part of it until a day: the same or a smaller subtree, the same or a lower lens, his own role or one that
``gives`` of his role names and that may nothing that his own may not. What was passed on never outlives what it is a
part of; what somebody gives who administers only until a day, or by what was passed on to him, is a part of that. Each
change and its entry in the audit are one transaction, and an event tells every server whose streams to look at again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from huitian.base.givable import Givable, Wanted, refused
from huitian.base.grants import MOST_GRANTS, TOPIC, earliest, grant_of, grant_row, new_grant_id
from huitian.engine.ports import Writing
from huitian.errors import KeyReused, NotAllowed, NotFound, StaleVersion
from huitian.model.audit import Entry, Subject
from huitian.model.grant import Grant
from huitian.model.query import Condition, Event, Query
from huitian.model.scope import Scope

__all__ = ["ADMINISTRATION", "Granting", "Wanted"]
ADMINISTRATION = Scope("system", None, "V3", "system")
"""Whoever has the machine: the commands."""
SAME = ("user_id", "post_id", "role", "lens", "place_id", "delegated_from")
"""Of a key that comes again: what must be as it was. The rest may have been changed meanwhile."""


class Granting(Givable):
    """The grants of one city, written."""

    def add(self, actor: Scope, wanted: Wanted) -> Grant:
        """Give a grant. Idempotent by key; without one, twice gives two.

        Raises:
            NotAllowed: The actor does not administer grants, the place is not his, or it is for himself.
            GrantNotPossible: Role, lens, place, account or dates do not fit, it is more than the actor sees himself,
                or would outlive what he administers by.
            KeyReused: The key gave another grant.
        """
        if not self.may_administer(actor):
            raise NotAllowed(why=f"{actor.role}: grants")
        self.check(wanted)
        self.check_lens(actor, wanted.lens)
        if not self._planner.is_inside(wanted.place_id, actor.place_ids):
            raise NotAllowed(why=f"{actor.role}: {wanted.place_id}")
        with self._records.writing() as writing:
            if wanted.user_id == actor.user_id or self.fills(writing.read, actor.user_id, wanted.post_id):
                raise NotAllowed(why="your own grants", why_zh="不能给自己授权")
            self.check_there(writing, wanted)
            ground, made = self.ground(writing, actor, wanted.place_id), self._made(actor, wanted)
            if ground is not None:
                self._held(writing, ground.grant_id)
                self.check_end(ground, wanted.expires_at)
                made = replace(made, delegated_from=ground.grant_id)
            return self._put(writing, actor, made, "granted")

    def delegate(self, actor: Scope, grant_id: str, wanted: Wanted) -> Grant:
        """Pass on a part of a grant until a day. Idempotent by key.

        Raises:
            NotFound: There is no such grant, or it does not hold now.
            NotAllowed: It is not the actor's.
            KeyReused: The key gave another grant.
            GrantNotPossible: More than the grant is, or the account holds it or passed it on already.
        """
        self.check(wanted)
        with self._records.writing() as writing:
            parent = self._held(writing, grant_id)
            if actor.role != ADMINISTRATION.role and grant_id not in actor.grant_ids:
                raise NotAllowed(why=f"grant {grant_id}")
            self.check_part(self.while_filled(writing, actor, parent, None), wanted)
            self.check_there(writing, wanted)
            chain = self._chain(writing, parent)
            givers = {one for grant in chain for one in (grant.user_id, grant.granted_by)} | {actor.user_id}
            posts = {grant.post_id for grant in chain}
            if (wanted.user_id if wanted.user_id is not None else wanted.post_id) in givers | posts or any(
                self.fills(writing.read, one, wanted.post_id) for one in givers if one is not None
            ):
                raise refused("user", "不能转授给自己或上一级授权人", "not to yourself, nor to who gave it")
            made = replace(self._made(actor, wanted), delegated_from=grant_id)
            return self._put(writing, actor, made, "delegated")

    def change(
        self,
        actor: Scope,
        grant_id: str,
        expected_version: int,
        expires_at: datetime | None,
        purpose: str | None,
    ) -> Grant:
        """Change how long a grant holds and what it is for; what was passed on of it ends with it at the latest.

        Raises:
            NotFound: There is no such grant that the actor may change, or it was taken back.
            StaleVersion: Somebody changed it first; tells who, and how it is now.
            GrantNotPossible: It would outlive the grant that it is a part of, or what the actor administers by; or
                what lasts longer is more than he sees himself.
        """
        with self._records.writing() as writing:
            old = self._changeable(writing, actor, grant_id, expected_version)
            self.check_lengthened(writing, actor, old, expires_at)
            if old.delegated_from is not None:
                parent = self._locked(writing, old.delegated_from)
                most = None if self.may_administer(actor) else old.expires_at
                self.check_end(self.while_filled(writing, actor, parent, most), expires_at)
            new = replace(old, expires_at=expires_at, purpose=purpose, version=old.version + 1)
            self._store(writing, old, new)
            shorter: list[Grant] = []
            for one in self._below(writing, grant_id):
                end = earliest(one.expires_at, expires_at)
                if end != one.expires_at:
                    shorter.append(replace(one, expires_at=end, version=one.version + 1))
                    self._store(writing, one, shorter[-1])
            # Told at the end: who holds the lock of the events waits for no row.
            for one in (new, *shorter):
                self._tell(writing, actor, one, "changed")
            return new

    def revoke(self, actor: Scope, grant_id: str, expected_version: int | None = None) -> Grant:
        """Take a grant back, with all that was passed on of it; streams that rest on it end. Idempotent.

        Raises:
            NotFound: There is no such grant that the actor may take back.
            StaleVersion: Somebody changed it first; tells who, and how it is now.
        """
        with self._records.writing() as writing:
            old = self._grant(writing, grant_id)
            if old.revoked_at is not None and expected_version in {None, old.version, old.version - 1}:
                self._check_mine(writing, actor, old)
                return old
            old = self._changeable(writing, actor, grant_id, expected_version)
            return self._take_back(writing, actor, old)

    def take_back_all(self, writing: Writing, actor: Scope, user_id: str) -> None:
        """Take back all grants of an account inside a transaction, with what was passed on of them."""
        query = Query("grant", (Condition("user_id", "eq", user_id), Condition("revoked_at", "is_null")),
                      limit=MOST_GRANTS)  # fmt: skip
        for row in writing.read(self._planner.system("grant"), query).rows:
            # One may be a part of another, through somebody who administered by what this account passed on to him.
            grant = self._grant(writing, row["grant_id"])
            if grant.revoked_at is None:
                self._take_back(writing, actor, grant)

    def _take_back(self, writing: Writing, actor: Scope, old: Grant) -> Grant:
        now = self._clock.now()

        def ended(one: Grant) -> Grant:
            new = replace(one, revoked_at=now, revoked_by=actor.user_id, version=one.version + 1)
            self._store(writing, one, new)
            return new

        taken = [ended(old)]
        taken += [ended(one) for one in self._below(writing, old.grant_id)]
        for one in taken:
            self._tell(writing, actor, one, "revoked")
        return taken[0]

    def _made(self, actor: Scope, wanted: Wanted) -> Grant:
        now = self._clock.now()
        told = f"{actor.user_id} {wanted.key}".encode()
        grant_id = f"g-{hashlib.sha256(told).hexdigest()[:24]}" if wanted.key else new_grant_id()
        return Grant(
            grant_id, wanted.user_id, wanted.post_id, wanted.role, wanted.lens, wanted.place_id, wanted.org_id,
            wanted.purpose, wanted.starts_at or now, wanted.expires_at, actor.user_id, now,
        )  # fmt: skip

    def _put(self, writing: Writing, actor: Scope, grant: Grant, kind: str) -> Grant:
        if writing.add("grant", [grant_row(grant)]).n_written == 0:
            there = self._grant(writing, grant.grant_id)
            if any(getattr(there, name) != getattr(grant, name) for name in SAME):
                raise KeyReused(idempotency_key=grant.grant_id)
            return there
        self._tell(writing, actor, grant, kind)
        return grant

    def _grant(self, writing: Writing, grant_id: str) -> Grant:
        query = Query("grant", (Condition("grant_id", "eq", grant_id),), limit=2)
        rows = writing.read(self._planner.system("grant"), query).rows
        if not rows:
            raise NotFound(entity="grant", object_id=grant_id)
        return grant_of(rows[0])

    def _held(self, writing: Writing, grant_id: str) -> Grant:
        """Return a grant that holds now, kept from being taken back until this transaction ends."""
        grant = self._grant(writing, grant_id)
        same = writing.change("grant", {"grant_id": grant_id}, {"version": grant.version}, grant.version)
        if not same or not grant.holds_at(self._clock.now()):
            raise NotFound(entity="grant", object_id=grant_id)
        return grant

    def _locked(self, writing: Writing, grant_id: str) -> Grant:
        """Return a grant as it stays until this transaction ends."""
        grant = self._grant(writing, grant_id)
        while not writing.change("grant", {"grant_id": grant_id}, {"version": grant.version}, grant.version):
            grant = self._grant(writing, grant_id)
        return grant

    def _chain(self, writing: Writing, grant: Grant) -> list[Grant]:
        """Return a grant and those that it is a part of, up to the one that an administrator gave."""
        found = [grant]
        while found[-1].delegated_from is not None and len(found) < MOST_GRANTS:
            found.append(self._grant(writing, found[-1].delegated_from))
        return found

    def _below(self, writing: Writing, grant_id: str) -> Iterator[Grant]:
        """Yield what was passed on of a grant, and of that, and was not taken back.

        Read as it goes, each after what it is a part of was written: whoever passes that on at the same time waits for
        it, or is seen.
        """
        asked = [grant_id]
        while asked:
            where = (Condition("delegated_from", "in", asked[:400]), Condition("revoked_at", "is_null"))
            query = Query("grant", where, limit=MOST_GRANTS)
            more = [grant_of(row) for row in writing.read(self._planner.system("grant"), query).rows]
            asked = asked[400:] + [one.grant_id for one in more]
            yield from more

    def _check_mine(self, writing: Writing, actor: Scope, grant: Grant) -> None:
        if not self.may_change(actor, grant, writing.read):
            raise NotFound(entity="grant", object_id=grant.grant_id)

    def _changeable(
        self, writing: Writing, actor: Scope, grant_id: str, expected_version: int | None
    ) -> Grant:
        grant = self._grant(writing, grant_id)
        self._check_mine(writing, actor, grant)
        if expected_version is not None and grant.version != expected_version:
            raise stale(grant, expected_version)
        if grant.revoked_at is not None:
            raise NotFound(entity="grant", object_id=grant_id)
        return grant

    def _store(self, writing: Writing, old: Grant, new: Grant) -> None:
        values = {
            "expires_at": new.expires_at, "purpose": new.purpose, "version": new.version,
            "revoked_at": new.revoked_at, "revoked_by": new.revoked_by,
        }  # fmt: skip
        if not writing.change("grant", {"grant_id": old.grant_id}, values, old.version):
            raise stale(self._grant(writing, old.grant_id), old.version)

    def _tell(self, writing: Writing, actor: Scope, grant: Grant, kind: str) -> None:
        subject = Subject("grant", grant.grant_id, grant.place_id)
        details = {"kind": kind, "role": grant.role, "lens": grant.lens, "version": grant.version,
                   "to": grant.user_id or grant.post_id or ""}  # fmt: skip
        writing.chain([
            Entry("grant", actor.user_id, actor.role, actor.lens, actor.grant_ids, "grant", subjects=(subject,),
                  place_id=grant.place_id, details=details, at=self._clock.now())])  # fmt: skip
        told = [grant.user_id] if grant.user_id is not None else []
        writing.emit(Event(TOPIC, f"grant_{kind}", {"user_ids": told}))


def stale(now: Grant, expected_version: int) -> StaleVersion:
    """Return the error that tells the second administrator what the first one did."""
    return StaleVersion(
        expected_version=expected_version, actual_version=now.version, expires_at=now.expires_at, purpose=now.purpose,
        revoked_at=now.revoked_at, revoked_by=now.revoked_by,
    )  # fmt: skip
