"""API tokens: what a program carries instead of a session; only its SHA-256 and its first characters are kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huitian.api.city import City
from huitian.api.seen import Seen
from huitian.api.sign_in import Account, SignIn, hash_of
from huitian.base.planner import Planner
from huitian.base.roles import Role
from huitian.errors import InvalidInput, NotAllowed, NotFound, TokenRefused
from huitian.model.audit import Entry
from huitian.model.grant import Acting
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import LENSES, Lens, Scope

BEGIN = "huitian_"
PREFIX_CHARS = len(BEGIN) + 6
INTEGRATOR = "integrator"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SUBJECTS = (
    "buildings",
    "cases",
    "entities",
    "files",
    "layers",
    "loads",
    "numbers",
    "packs",
    "panels",
    "places",
)
"""What a token may be for: tags of the routes. All that is about accounts, grants and the audit is for people."""
MOST_TOKENS = 200
MOST_TITLE_CHARS = 80
MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new token is to be good for.

    Attributes:
        title: What it is for, in words.
        days: Days that it lasts.
        lens: The most that it sees; None for what its role sees, at most the lens of its owner.
        place_ids: Only these places and below; empty for all that its owner sees.
        methods: HTTP methods; nothing but reading where there is only ``GET``.
        subjects: Subjects of ``SUBJECTS``; empty for all of them.
        is_own_role: Whether it has the role of its owner instead of that of a program.
    """

    title: str
    days: int
    lens: Lens | None = None
    place_ids: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET",)
    subjects: tuple[str, ...] = ()
    is_own_role: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed.

    Attributes:
        token_id: Names it.
        prefix: Its first characters, to recognise it.
        title: What it is for.
        user_id: Account that it belongs to.
        role: Role that it reads with.
        lens: The most that it sees.
        place_id: Only this place and below, of several the first; None for all that its owner sees.
        other_place_ids: Further places, besides ``place_id``.
        methods: HTTP methods.
        subjects: Subjects; empty for all.
        created_at: Aware UTC.
        expires_at: Aware UTC, the first instant at which it no longer holds.
        used_at: Aware UTC of its last use; None while it was not used.
        revoked_at: Aware UTC; None while it was not revoked.
    """

    token_id: str
    prefix: str
    title: str
    user_id: str
    role: str
    lens: Lens
    place_id: str | None
    other_place_ids: list[str]
    methods: list[str]
    subjects: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """Makes, finds and revokes the tokens of a city."""

    def __init__(self, city: City, sign_in: SignIn, seen: Seen) -> None:
        self._city, self._sign_in, self._seen = city, sign_in, seen

    def add(self, account: Account, wanted: Wanted) -> tuple[str, Token]:
        """Make a token for an account, as it acts now. Not idempotent.

        Returns:
            What the program has to carry, which is told only here, and the token as it is listed.

        Raises:
            InvalidInput: It is wanted for more than its owner may, or for too long.
        """
        own, planner = account.scope(), self._city.planner
        check(wanted, own, planner, self._city.settings.token_most_days)
        now = self._city.clock.now()
        held = [one for one in self.of(account.user_id) if one.revoked_at is None and one.expires_at > now]
        if len(held) >= MOST_TOKENS:
            raise refused("title", f"最多 {MOST_TOKENS} 个令牌", f"at most {MOST_TOKENS} tokens")
        role = own.role if wanted.is_own_role else INTEGRATOR
        most = planner.roles.of(role).least_of(own.lens)
        secret = BEGIN + secrets.token_urlsafe(32)
        row: Row = {
            "token_id": f"t-{secrets.token_hex(8)}", "token_hash": hash_of(secret), "prefix": secret[:PREFIX_CHARS],
            "title": wanted.title.strip(), "user_id": account.user_id, "acting": account.acting.key,
            "grant_ids": list(own.grant_ids), "role": role,
            "lens": min(wanted.lens or most, most, key=LENSES.index), "place_id": next(iter(wanted.place_ids), None),
            "other_place_ids": list(dict.fromkeys(wanted.place_ids))[1:],
            "methods": sorted(set(wanted.methods)), "subjects": sorted(set(wanted.subjects)), "created_at": now,
            "expires_at": now + timedelta(days=wanted.days), "used_at": None, "revoked_at": None,
        }  # fmt: skip
        with self._city.engine.records.writing() as writing:
            writing.add("api_token", [row])
            writing.chain([entry(own, row["token_id"], "added")])
        return secret, token_of(row)

    def of(self, user_id: str | None) -> list[Token]:
        """Return the tokens of an account, or of all, the newest first; those revoked too."""
        where = () if user_id is None else (Condition("user_id", "eq", user_id),)
        query = Query("api_token", where, sort=("-created_at", "token_id"), limit=10_000)
        rows = self._city.planner.read(self._city.planner.system("api_token"), query).rows
        return [
            token_of(row | {"used_at": self._seen.last("api_token", row["token_id"], row["used_at"])})
            for row in rows
        ]

    def revoke(self, by: Scope, token_id: str, user_id: str | None) -> None:
        """Revoke a token; idempotent. It stays listed.

        Args:
            by: Who does it.
            token_id: The token.
            user_id: Account that it has to belong to; None for any.

        Raises:
            NotFound: There is no such token of this account.
        """
        row = self._row("token_id", token_id)
        if row is None or user_id not in {None, row["user_id"]}:
            raise NotFound(entity="api_token", object_id=token_id)
        if row["revoked_at"] is None:
            with self._city.engine.records.writing() as writing:
                writing.change("api_token", {"token_id": token_id}, {"revoked_at": self._city.clock.now()})
                writing.chain([entry(by, token_id, "revoked")])

    def reader(self, secret: str, method: str, subjects: Sequence[str]) -> Account:
        """Return the account that a request with a token reads as: its owner's, narrowed to what the token is for.

        Of the owner's grants only those count that the token was made under: it ends with the last of them, and what
        the owner is given later, be it the same again, is nothing to it. One that names places ends with the first that
        its owner loses: a program that is given half of what it was made for would not know.

        Raises:
            TokenRefused: It is none, is over, was revoked, or its owner no longer has the grants, the places or the
                rights it was made under.
            NotAllowed: It is not for this method or this subject.
        """
        row = self._row("token_hash", hash_of(secret)) if len(secret) <= 200 else None
        if row is None or row["revoked_at"] is not None or row["expires_at"] <= self._city.clock.now():
            raise TokenRefused
        account = self._sign_in.account(row["user_id"], row["acting"], frozenset(row["grant_ids"] or ()))
        if account is None or account.acting.key != row["acting"]:
            raise TokenRefused
        own, planner = account.scope(), self._city.planner
        if not all(lies_in(planner, one, own) for one in places_of(row)):
            raise TokenRefused
        if more_of(planner.roles.of(row["role"]), planner.roles.of(own.role)):
            raise TokenRefused
        self._seen.note("api_token", row["token_id"])
        if method not in {*row["methods"], *(("HEAD",) if "GET" in row["methods"] else ())}:
            raise NotAllowed(
                why=method, why_zh=f"这个令牌不能用 {method}", why_en=f"this token is not for {method}"
            )
        usable = set(row["subjects"] or SUBJECTS)
        if not usable.intersection(subjects):
            named = ", ".join(subjects) or "-"
            raise NotAllowed(
                why=named, why_zh=f"这个令牌不用于 {named}", why_en=f"this token is not for {named}"
            )
        return narrowed(account, row, self._city.planner)

    def _row(self, column: str, equals: str) -> Row | None:
        planner = self._city.planner
        query = Query("api_token", (Condition(column, "eq", equals),), limit=2)
        rows = planner.read(planner.system("api_token"), query).rows
        return rows[0] if rows else None


def places_of(row: Row) -> tuple[str, ...]:
    """Return the places that a token is narrowed to; empty where it is to none."""
    return () if row["place_id"] is None else (row["place_id"], *(row["other_place_ids"] or ()))


def narrowed(account: Account, row: Row, planner: Planner) -> Account:
    """Return an account as a token of it reads."""
    own, role = account.scope(), planner.roles.of(row["role"])
    scope = replace(
        own, role=row["role"], acts_as=role.acts_as,
        lens=min(row["lens"], role.least_of(own.lens), own.lens, key=LENSES.index),
    )  # fmt: skip
    if places := places_of(row):
        scope = replace(scope, place_id=places[0], other_place_ids=places[1:])
    acting = Acting(account.acting.key, scope, account.acting.ends_at)
    return replace(account, acting=acting, sets=(acting,))


def check(wanted: Wanted, own: Scope, planner: Planner, most_days: int) -> None:
    """Refuse a token that is wanted for more than its owner may.

    Raises:
        InvalidInput: It is.
    """
    title = wanted.title.strip()
    if not title or len(title) > MOST_TITLE_CHARS:
        raise refused("title", f"1–{MOST_TITLE_CHARS} 个字符", f"1 to {MOST_TITLE_CHARS} characters")
    if not 1 <= wanted.days <= most_days:
        raise refused("days", f"1–{most_days} 天", f"1 to {most_days} days")
    if unknown := set(wanted.methods) - set(METHODS):
        raise refused(
            "methods", f"没有 {', '.join(sorted(unknown))}", f"no such methods: {', '.join(sorted(unknown))}"
        )
    if not wanted.methods:
        raise refused("methods", "至少一个", "at least one")
    if set(wanted.subjects) - set(SUBJECTS):
        raise refused("subjects", f"可用：{', '.join(SUBJECTS)}", f"known: {', '.join(SUBJECTS)}")
    if wanted.lens is not None and LENSES.index(wanted.lens) > LENSES.index(own.lens):
        raise refused("lens", f"最多 {own.lens}", f"at most {own.lens}")
    program, person = planner.roles.of(INTEGRATOR), planner.roles.of(own.role)
    if not wanted.is_own_role and more_of(program, person):
        raise refused("role", "您的角色看不到接口程序所看的", "a program would read what your role may not")
    if len(wanted.place_ids) > MOST_PLACES:
        raise refused("place_id", f"最多 {MOST_PLACES} 个地方", f"at most {MOST_PLACES} places")
    if not all(lies_in(planner, one, own) for one in wanted.place_ids):
        raise refused("place_id", "不在您的范围内", "it is not in your place")


def more_of(program: Role, person: Role) -> frozenset[str]:
    """Return what a program would read, count or administer that its owner may not; the file of roles may change."""
    counted = frozenset(one for one in program.counts if not person.may_count(one))
    return (program.reads - person.reads) | counted | (program.administers - person.administers)


def lies_in(planner: Planner, place_id: str, scope: Scope) -> bool:
    """Return whether a place lies in what a reader may see."""
    return place_id in planner.places.by_id and planner.is_inside(place_id, scope.place_ids)


def token_of(row: Row) -> Token:
    """Return the token of a stored row."""
    found = {name: row[name] for name in Token.__dataclass_fields__}
    return Token(**found | {"other_place_ids": row["other_place_ids"] or []})


def entry(by: Scope, token_id: str, what: str) -> Entry:
    """Return what the audit keeps of a token that was added or revoked."""
    return Entry("token", by.user_id, by.role, by.lens, by.grant_ids, "api_token", place_id=by.place_id,
                 details={what: token_id})  # fmt: skip


def refused(field: str, why_zh: str, why_en: str) -> InvalidInput:
    """Return the error about a field, in both languages."""
    return InvalidInput(field=field, why=why_en, why_zh=why_zh, why_en=why_en)
