"""What may be given, changed and taken back, and by whom: the rules of grants, which write nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from huitian.base.grants import MOST_GRANTS, Read, earliest, grant_of, posts_of
from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records, Writing
from huitian.errors import GrantNotPossible, NotAllowed
from huitian.model.grant import Grant
from huitian.model.query import Condition, Query
from huitian.model.scope import LENSES, Lens, Scope


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


class Givable:
    """The rules of the grants of one city.

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
        return grant.user_id != actor.user_id and not self.fills(read, actor.user_id, grant.post_id)

    def fills(self, read: Read, user_id: str, post_id: str | None) -> bool:
        """Return whether an account holds a post or is on duty for it: what the post is given, it has."""
        return post_id is not None and post_id in self._posts(read, user_id)

    def _posts(self, read: Read, user_id: str) -> dict[str, datetime | None]:
        query = Query("user_account", (Condition("user_id", "eq", user_id),), ("user_name",), limit=2)
        rows = read(self._planner.system("user_account"), query).rows
        return posts_of(read, self._planner, rows[0]["user_name"], self._clock.now()) if rows else {}

    def check(self, wanted: Wanted) -> None:
        """Refuse what no grant can be, whoever gives it.

        Raises:
            GrantNotPossible: Role, lens, place, account or dates do not fit.
        """
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

    def check_lens(self, actor: Scope, lens: Lens) -> None:
        """Refuse that somebody lets another see more than he sees himself: through an ally he would see it too.

        Raises:
            GrantNotPossible: It is more.
        """
        if LENSES.index(lens) > LENSES.index(actor.lens):
            raise refused(
                "lens",
                f"您自己是 {actor.lens}，不能给别人 {lens}；请由 {lens} 的持有人转授，或在主机上用 huitian grant add",
                f"you see {actor.lens} yourself and give nobody {lens}: let a holder of {lens} pass it on, or use "
                "huitian grant add on the machine",
            )  # fmt: skip

    def check_there(self, writing: Writing, wanted: Wanted) -> None:
        """Refuse an account, post or organisation that there is not.

        Raises:
            GrantNotPossible: There is none of that id.
        """
        for entity, column, told in (("user_account", "user_id", wanted.user_id), ("post", "post_id", wanted.post_id),
                                     ("organisation", "org_id", wanted.org_id)):  # fmt: skip
            query = Query(entity, (Condition(column, "eq", told),), (column,), limit=2)
            if told is not None and not writing.read(self._planner.system(entity), query).rows:
                raise refused(
                    "user" if entity == "user_account" else column, "没有找到", "there is none of this id"
                )

    def check_part(self, parent: Grant, wanted: Wanted) -> None:
        """Refuse what is no part of a grant: more in role, lens, place or time.

        Raises:
            GrantNotPossible: It is more.
        """
        role = self._planner.roles.of(parent.role)
        if wanted.role != parent.role and wanted.role not in role.gives:
            may = ", ".join((parent.role, *sorted(role.gives)))
            raise refused("role", f"只能转授：{may}", f"only these can be passed on: {may}")
        if beyond := self._planner.roles.of(wanted.role).beyond(role):
            more = ", ".join(beyond)
            raise refused("role", f"{wanted.role} 能做您不能做的：{more}，不能转授",
                          f"{wanted.role} may what you may not, and is not passed on: {more}")  # fmt: skip
        most = role.least_of(parent.lens)
        if LENSES.index(wanted.lens) > LENSES.index(most):
            raise refused("lens", f"不能高于 {most}", f"at most {most}")
        roots = None if parent.place_id is None else (parent.place_id,)
        if not self._planner.is_inside(wanted.place_id, roots):
            raise refused("place_id", "不在原授权的地方之内", "it is not inside the place of the grant")
        self.check_end(parent, wanted.expires_at)

    def ground(self, writing: Writing, actor: Scope, place_id: str | None) -> Grant | None:
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
            self.while_filled(writing, actor, one, now) for one in grants
            if one.holds_at(now)
            and self._planner.is_inside(place_id, None if one.place_id is None else (one.place_id,))
        ]  # fmt: skip
        if not grounds:
            raise NotAllowed(why=f"{actor.role}: {place_id}")
        if any(one.delegated_from is None and one.expires_at is None for one in grounds):
            return None
        return max(grounds, key=lambda one: (one.expires_at is None, one.expires_at or now, one.grant_id))

    def check_lengthened(
        self, writing: Writing, actor: Scope, old: Grant, expires_at: datetime | None
    ) -> None:
        """Refuse that who administers lets last longer what he could not give.

        Raises:
            GrantNotPossible: It is more than he sees himself, or he administers for a time and it is no part of what
                he administers by.
        """
        is_longer = old.expires_at is not None and (expires_at is None or expires_at > old.expires_at)
        if not is_longer or (old.delegated_from is not None and old.granted_by == actor.user_id):
            return
        self.check_lens(actor, old.lens)
        ground = self.ground(writing, actor, old.place_id)
        if ground is not None and old.delegated_from != ground.grant_id:
            raise refused("expires_at", "您的管理权限有期限，不能延长别人给的授权",
                          "you administer for a time only, and let nothing last longer that others gave")  # fmt: skip

    def while_filled(
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

    def check_end(self, parent: Grant, expires_at: datetime | None) -> None:
        """Refuse what would outlive the grant that it is a part of.

        Raises:
            GrantNotPossible: It has no end, or a later one.
        """
        if expires_at is None or (parent.expires_at is not None and expires_at > parent.expires_at):
            last = "" if parent.expires_at is None else f"（{parent.expires_at:%Y-%m-%d %H:%M}Z）"
            raise refused("expires_at", f"转授须有期限，且不晚于原授权{last}",
                          f"what is passed on ends, and not after the grant does {last}".strip())  # fmt: skip


def refused(field: str, zh: str, en: str) -> GrantNotPossible:
    """Return the error that a grant does not fit, with the reason in both languages."""
    return GrantNotPossible(field=field, why_zh=zh, why_en=en)
