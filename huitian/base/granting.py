"""Giving, passing on, changing and taking back grants. Nobody gives what he has not, nor to himself.

An administrator of grants gives any role in his own place and below. Whoever holds a grant passes on a part of it
until a day: the same or a smaller subtree, the same or a lower lens, his own role or one that ``gives`` of his role
names and that may nothing that his own may not. What was passed on never outlives what it is a part of; what somebody
gives who administers only until a day, or by what was passed on to him, is a part of that. Each change and its entry
in the audit are one transaction, and an event tells every server whose streams to look at again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from huitian.base.grants import (
    MOST_GRANTS,
    TOPIC,
    Read,
    earliest,
    grant_of,
    grant_row,
    new_grant_id,
    posts_of,
)
from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records, Writing
from huitian.errors import GrantNotPossible, KeyReused, NotAllowed, NotFound, StaleVersion
from huitian.model.audit import Entry, Subject
from huitian.model.grant import Grant
from huitian.model.query import Condition, Event, Query
from huitian.model.scope import LENSES, Lens, Scope

ADMINISTRATION = Scope("system", None, "V3", "system")
"""Whoever has the machine: the commands."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a grant is to be.

    Attributes:
        role: Role code.
        lens: How personal fields are masked.
        place_id: Root of the subtree; None for the whole city.
        user_id: Account that is to have it; None where a post is.
        post_id: Post that is to have it; None where an account is.
        org_id: Organisation it is used for; None for that of the account.
        purpose: What it is given for, in words.
        starts_at: Aware UTC; None for now.
        expires_at: Aware UTC; None without an end.
        key: Idempotency key of who gives it; empty where the same again is another grant.
    """

    role: str
    lens: Lens
    place_id: str | None
    user_id: str | None = None
    post_id: str | None = None
    org_id: str | None = None
    purpose: str | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    key: str = ""


SAME = ("user_id", "post_id", "role", "lens", "place_id", "delegated_from")
"""Of a key that comes again: what must be as it was. The rest may have been changed meanwhile."""


class Granting:
    """The grants of one city, written.

    Args:
        records: The rows.
        planner: Permission for every read, and the roles.
        clock: The time.
    """

    def __init__(self, records: Records, planner: Planner, clock: Clock) -> None:
        self._records, self._planner, self._clock = records, planner, clock

    def may_administer(self, scope: Scope) -> bool:
        """Return whether a reader administers grants, in the own place and below."""
        return "grants" in self._planner.roles.of(scope.role).administers

    def add(self, actor: Scope, wanted: Wanted) -> Grant:
        """Give a grant. Idempotent by key; without one, twice gives two.

        Raises:
            NotAllowed: The actor does not administer grants, the place is not his, or it is for himself.
            GrantNotPossible: Role, lens, place, account or dates do not fit, or it would outlive what the actor
                administers by.
            KeyReused: The key gave another grant.
        """
        if not self.may_administer(actor):
            raise NotAllowed(why=f"{actor.role}: grants")
        self._check(wanted)
        if not self._planner.is_inside(wanted.place_id, actor.place_ids):
            raise NotAllowed(why=f"{actor.role}: {wanted.place_id}")
        with self._records.writing() as writing:
            if wanted.user_id == actor.user_id or self._fills(writing.read, actor.user_id, wanted.post_id):
                raise NotAllowed(why="your own grants", why_zh="不能给自己授权")
            self._check_there(writing, wanted)
            ground, made = self._ground(writing, actor, wanted.place_id), self._made(actor, wanted)
            if ground is not None:
                self._held(writing, ground.grant_id)
                self._check_end(ground, wanted.expires_at)
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
        self._check(wanted)
        with self._records.writing() as writing:
            parent = self._held(writing, grant_id)
            if actor.role != ADMINISTRATION.role and grant_id not in actor.grant_ids:
                raise NotAllowed(why=f"grant {grant_id}")
            self._check_part(self._while_filled(writing, actor, parent, None), wanted)
            self._check_there(writing, wanted)
            chain = self._chain(writing, parent)
            givers = {one for grant in chain for one in (grant.user_id, grant.granted_by)} | {actor.user_id}
            posts = {grant.post_id for grant in chain}
            if (wanted.user_id if wanted.user_id is not None else wanted.post_id) in givers | posts or any(
                self._fills(writing.read, one, wanted.post_id) for one in givers if one is not None
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
            GrantNotPossible: It would outlive the grant that it is a part of, or what the actor administers by.
        """
        with self._records.writing() as writing:
            old = self._changeable(writing, actor, grant_id, expected_version)
            self._check_lengthened(writing, actor, old, expires_at)
            if old.delegated_from is not None:
                parent = self._locked(writing, old.delegated_from)
                most = None if self.may_administer(actor) else old.expires_at
                self._check_end(self._while_filled(writing, actor, parent, most), expires_at)
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
            self._take_back(writing, actor, grant_of(row))

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

    def _check(self, wanted: Wanted) -> None:
        role = self._planner.roles.by_code.get(wanted.role)
        if role is None:
            known = ", ".join(self._planner.roles.by_code)
            raise refused("role", f"可用：{known}", f"known: {known}")
        if wanted.lens not in LENSES or wanted.lens > role.lens_most:
            raise refused(
                "lens", f"{role.title_zh}最高 {role.lens_most}", f"{role.code} sees at most {role.lens_most}"
            )
        if wanted.place_id is None and not role.is_whole_city:
            raise refused("place_id", f"{role.title_zh}不是全市角色，请写明地方",
                          f"{role.code} is no role of the whole city: name a place")  # fmt: skip
        if wanted.place_id is not None and wanted.place_id not in self._planner.places.by_id:
            raise refused("place_id", "没有这个地方", "there is no such place")
        if (wanted.user_id is None) == (wanted.post_id is None):
            raise refused("user", "写账号或岗位，二者选一", "name an account or a post, one of them")
        starts_at = wanted.starts_at or self._clock.now()
        if wanted.expires_at is not None and wanted.expires_at <= max(starts_at, self._clock.now()):
            raise refused(
                "expires_at", "到期应晚于现在和生效时间", "it must end after now, and after it starts"
            )

    def _check_there(self, writing: Writing, wanted: Wanted) -> None:
        for entity, column, told in (("user_account", "user_id", wanted.user_id), ("post", "post_id", wanted.post_id),
                                     ("organisation", "org_id", wanted.org_id)):  # fmt: skip
            query = Query(entity, (Condition(column, "eq", told),), (column,), limit=2)
            if told is not None and not writing.read(self._planner.system(entity), query).rows:
                raise refused(
                    "user" if entity == "user_account" else column, "没有找到", "there is none of this id"
                )

    def _check_part(self, parent: Grant, wanted: Wanted) -> None:
        role = self._planner.roles.of(parent.role)
        if wanted.role != parent.role and wanted.role not in role.gives:
            may = ", ".join((parent.role, *sorted(role.gives)))
            raise refused("role", f"只能转授：{may}", f"only these can be passed on: {may}")
        if beyond := self._planner.roles.of(wanted.role).beyond(role):
            more = ", ".join(beyond)
            raise refused("role", f"{wanted.role} 能做您不能做的：{more}，不能转授",
                          f"{wanted.role} may what you may not, and is not passed on: {more}")  # fmt: skip
        if LENSES.index(wanted.lens) > LENSES.index(role.least_of(parent.lens)):
            raise refused("lens", f"不能高于 {parent.lens}", f"at most {parent.lens}")
        roots = None if parent.place_id is None else (parent.place_id,)
        if not self._planner.is_inside(wanted.place_id, roots):
            raise refused("place_id", "不在原授权的地方之内", "it is not inside the place of the grant")
        self._check_end(parent, wanted.expires_at)

    def _ground(self, writing: Writing, actor: Scope, place_id: str | None) -> Grant | None:
        """Return what an actor administers a place by, of several what lasts longest; None where it is for good.

        For good is what an administrator gave without an end. The commands administer by no grant.

        Raises:
            NotAllowed: It was taken back meanwhile.
        """
        if not actor.grant_ids:
            return None
        now = self._clock.now()
        where = (Condition("grant_id", "in", sorted(actor.grant_ids)), Condition("revoked_at", "is_null"))
        query = Query("grant", where, limit=MOST_GRANTS)
        grants = (grant_of(row) for row in writing.read(self._planner.system("grant"), query).rows)
        grounds = [
            self._while_filled(writing, actor, one, now) for one in grants
            if one.holds_at(now)
            and self._planner.is_inside(place_id, None if one.place_id is None else (one.place_id,))
        ]  # fmt: skip
        if not grounds:
            raise NotAllowed(why=f"{actor.role}: {place_id}")
        if any(one.delegated_from is None and one.expires_at is None for one in grounds):
            return None
        return max(grounds, key=lambda one: (one.expires_at is None, one.expires_at or now, one.grant_id))

    def _check_lengthened(
        self, writing: Writing, actor: Scope, old: Grant, expires_at: datetime | None
    ) -> None:
        """Refuse that who administers for a time lets last longer what is no part of what he administers by."""
        is_longer = old.expires_at is not None and (expires_at is None or expires_at > old.expires_at)
        if not is_longer or (old.delegated_from is not None and old.granted_by == actor.user_id):
            return
        ground = self._ground(writing, actor, old.place_id)
        if ground is not None and old.delegated_from != ground.grant_id:
            raise refused("expires_at", "您的管理权限有期限，不能延长别人给的授权",
                          "you administer for a time only, and let nothing last longer that others gave")  # fmt: skip

    def _while_filled(
        self, writing: Writing, actor: Scope, parent: Grant, otherwise: datetime | None
    ) -> Grant:
        """Return a grant as long as its passer-on has it: of a post that is filled for a shift, until the shift ends.

        Args:
            writing: The transaction.
            actor: Who passes it on, or changes what was passed on of it.
            parent: The grant.
            otherwise: Its end for whoever does not fill the post now.
        """
        if parent.post_id is None:
            return parent
        shift_end = self._posts(writing.read, actor.user_id).get(parent.post_id, otherwise)
        return replace(parent, expires_at=earliest(parent.expires_at, shift_end))

    def _check_end(self, parent: Grant, expires_at: datetime | None) -> None:
        if expires_at is None or (parent.expires_at is not None and expires_at > parent.expires_at):
            last = "" if parent.expires_at is None else f"（{parent.expires_at:%Y-%m-%d %H:%M}Z）"
            raise refused("expires_at", f"转授须有期限，且不晚于原授权{last}",
                          f"what is passed on ends, and not after the grant does {last}".strip())  # fmt: skip

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

    def may_change(self, actor: Scope, grant: Grant, read: Read | None = None) -> bool:
        """Return whether a reader may change a grant or take it back: who passed it on, or an administrator.

        Args:
            actor: The reader.
            grant: The grant.
            read: How to look at posts, inside a transaction; None outside of one.
        """
        if grant.delegated_from is not None and grant.granted_by == actor.user_id:
            return True
        if not self.may_administer(actor) or not self._planner.is_inside(grant.place_id, actor.place_ids):
            return False
        read = read or self._records.read
        return grant.user_id != actor.user_id and not self._fills(read, actor.user_id, grant.post_id)

    def _fills(self, read: Read, user_id: str, post_id: str | None) -> bool:
        """Return whether an account holds a post or is on duty for it: what the post is given, it has."""
        return post_id is not None and post_id in self._posts(read, user_id)

    def _posts(self, read: Read, user_id: str) -> dict[str, datetime | None]:
        query = Query("user_account", (Condition("user_id", "eq", user_id),), ("user_name",), limit=2)
        rows = read(self._planner.system("user_account"), query).rows
        return posts_of(read, self._planner, rows[0]["user_name"], self._clock.now()) if rows else {}

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


def refused(field: str, zh: str, en: str) -> GrantNotPossible:
    """Return the error that a grant does not fit, with the reason in both languages."""
    return GrantNotPossible(field=field, why_zh=zh, why_en=en)


def stale(now: Grant, expected_version: int) -> StaleVersion:
    """Return the error that tells the second administrator what the first one did."""
    return StaleVersion(
        expected_version=expected_version, actual_version=now.version, expires_at=now.expires_at, purpose=now.purpose,
        revoked_at=now.revoked_at, revoked_by=now.revoked_by,
    )  # fmt: skip
