"""Accounts and sessions: argon2 for passwords; of a session only the SHA-256 of its token is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from huitian.api.browsers import browser_of
from huitian.api.city import City
from huitian.api.password_policy import check_password
from huitian.api.tries import Tries, count_together
from huitian.base.account_names import checked_name
from huitian.base.grants import Holdings, chosen, earliest, grant_row, new_grant_id
from huitian.errors import (
    CsrfMissing,
    GrantNotPossible,
    InvalidInput,
    NoGrant,
    NotSignedIn,
    UserExists,
    WrongPassword,
)
from huitian.model.audit import Entry, Subject
from huitian.model.grant import Acting, Grant
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Lens, Scope

HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""RFC 9106, second recommended set (64 MiB, three passes) with one lane: the server's threads are the lanes."""
NOBODY = HASHER.hash(secrets.token_hex(16))
"""Checked where there is no such user, so that the answer takes as long."""
TRIES_OF_ADDRESS = 10
"""How many times the tries of one account an address has for all accounts together."""
MOST_ADDRESS_CHARS = 60
ONE = 2
"""Limit of a look-up by key: one more than can be there, so that the store need not count."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may sign in.

    Attributes:
        user_id: Its id.
        user_name: Name it signs in with.
        display_name: Name that is shown, as it is written.
        name_en: The same in English; None where it has none.
        is_demo: Whether it belongs to the demo city.
        acting: The grants that it acts under.
        sets: All that it could act under now, the default first.
    """

    user_id: str
    user_name: str
    display_name: str
    name_en: str | None
    is_demo: bool
    acting: Acting
    sets: tuple[Acting, ...]

    def scope(self) -> Scope:
        """Return the scope that it reads with."""
        return self.acting.scope


@dataclass(frozen=True, slots=True)
class Started:
    """A session that was just started.

    Attributes:
        token: What the cookie carries; kept nowhere.
        csrf: Token of its changing requests.
        account: Who signed in.
    """

    token: str
    csrf: str
    account: Account


class SignIn:
    """Starts, finds and ends sessions of one city."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._holdings = Holdings(city.engine.records, city.planner, city.clock)
        settings = city.settings
        window_s = settings.lockout_min * 60
        self._of_account = Tries(city, "account", settings.lockout_tries, window_s)
        self._of_address = Tries(city, "address", settings.lockout_tries * TRIES_OF_ADDRESS, window_s)

    def start(self, user_name: str, password: str, address: str, agent: str = "") -> Started:
        """Start a session.

        Args:
            user_name: Name of the account.
            password: Its password.
            address: Where the request came from.
            agent: What its browser calls itself.

        Raises:
            WrongPassword: They do not belong together, or there is no such user.
            NoGrant: The account has no grant in force.
            TooManyRequests: Too many wrong tries for this account from this address, or from this address.
        """
        name = user_name.strip().casefold()
        key = f"{address} {name}"
        # Counted before the password is looked at: guesses sent at once would else all be let through.
        count_together((self._of_account, key), (self._of_address, address))
        row = self._row("user_account", "user_name", name)
        kept = row["password_hash"] if row is not None and row["password_hash"] else NOBODY
        is_right = is_password(kept, password) and row is not None and kept is not NOBODY
        if row is None or not is_right:
            raise WrongPassword
        windows = self._of_account.window(key), self._of_address.window(address)
        self._city.engine.tries.give_back([windows[0].key_hash], [windows[1].key_hash])
        return self._begin(row, address, agent)

    def begin(self, user_id: str, address: str, agent: str) -> Started:
        """Start a session for an account that was proven elsewhere.

        Raises:
            NoGrant: The account has no grant in force, or is gone.
        """
        row = self._row("user_account", "user_id", user_id)
        if row is None:
            raise NoGrant(user_name=user_id)
        return self._begin(row, address, agent)

    def _begin(self, row: Row, address: str, agent: str) -> Started:
        account = self._account(row, None)
        if account is None:
            raise NoGrant(user_name=row["user_name"])
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._city.clock.now()
        expires_at = now + timedelta(hours=self._city.settings.session_hours)
        planner = self._city.planner
        with self._city.engine.records.writing() as writing:
            over = writing.read(
                planner.system("session"),
                Query(
                    "session", (Condition("expires_at", "le", now),), columns=("session_hash",), limit=1000
                ),
            )
            if over.rows:
                writing.remove("session", {"session_hash": [old["session_hash"] for old in over.rows]})
            writing.add("session", [{
                "session_hash": hash_of(token), "user_id": row["user_id"], "csrf": csrf, "created_at": now,
                "expires_at": expires_at, "seen_at": now, "address": address[:MOST_ADDRESS_CHARS],
                "browser": browser_of(agent),
            }])  # fmt: skip
        return Started(token, csrf, account)

    def find(self, token: str | None) -> tuple[Account, str] | None:
        """Return the account and CSRF token of a session; None where there is none, or it is over."""
        if not token or len(token) > 200:
            return None
        session = self._row("session", "session_hash", hash_of(token))
        if session is None or session["expires_at"] <= self._city.clock.now():
            return None
        row = self._row("user_account", "user_id", session["user_id"])
        account = None if row is None else self._account(row, session["acting"])
        return None if account is None else (account, session["csrf"])

    def account(
        self, user_id: str, acting: str | None = None, only: Container[str] | None = None
    ) -> Account | None:
        """Return an account as it may act now, under the grants named where it has them; None where it may not.

        Args:
            user_id: The account.
            acting: Which set of its grants.
            only: Grants that count; None for all that it has.
        """
        row = self._row("user_account", "user_id", user_id)
        return None if row is None else self._account(row, acting, only)

    def act_as(self, token: str, key: str) -> Account:
        """Let a session act under other grants of its account, until it ends. Idempotent.

        Raises:
            NotSignedIn: There is no such session.
            GrantNotPossible: The account has no such grants in force.
        """
        found = self.find(token)
        if found is None:
            raise NotSignedIn
        known = [one.key for one in found[0].sets]
        if key not in known:
            raise GrantNotPossible(
                field="acting", why_zh=f"可选：{'、'.join(known)}", why_en=f"known: {', '.join(known)}"
            )
        with self._city.engine.records.writing() as writing:
            writing.change("session", {"session_hash": hash_of(token)}, {"acting": key})
        again = self.find(token)
        if again is None:
            raise NotSignedIn
        return again[0]

    def _account(self, row: Row, acting: str | None, only: Container[str] | None = None) -> Account | None:
        """Return the account of a stored row with what it may do now; None where that is nothing."""
        sets = tuple(self._holdings.sets_of(row, only))
        found = chosen(sets, acting)
        name = row["display_name"] or row["user_name"]
        return (
            None
            if found is None
            else Account(
                row["user_id"], row["user_name"], name, row["name_en"], bool(row["is_demo"]), found, sets
            )
        )

    def lives(self, session_hash: str, scope: Scope) -> datetime | None:
        """Return until when a session may go on as it began, as far as is known now; None where it may not.

        It may not when it is over, when its account is gone, or when its grants are no longer those it began with.
        """
        session = self._row("session", "session_hash", session_hash)
        if session is None or session["expires_at"] <= self._city.clock.now():
            return None
        row = self._row("user_account", "user_id", session["user_id"])
        account = None if row is None else self._account(row, session["acting"])
        if account is None or account.scope().grant_ids != scope.grant_ids:
            return None
        return earliest(session["expires_at"], account.acting.ends_at)

    def end(self, token: str | None) -> None:
        """End a session; idempotent."""
        if token:
            with self._city.engine.records.writing() as writing:
                writing.remove("session", {"session_hash": hash_of(token[:200])})

    def _row(self, entity: str, column: str, equals: str) -> Row | None:
        planner = self._city.planner
        query = Query(entity, (Condition(column, "eq", equals),), limit=ONE)
        rows = planner.read(planner.system(entity), query).rows
        return rows[0] if rows else None


def hash_of(token: str) -> str:
    """Return what the store keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_password(kept: str, password: str) -> bool:
    """Return whether a password belongs to a kept hash."""
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def check_csrf(told: str | None, kept: str) -> None:
    """Refuse a changing request without the token of its session.

    Raises:
        CsrfMissing: It is missing or another.
    """
    if told is None or not hmac.compare_digest(told.encode(), kept.encode()):
        raise CsrfMissing


@dataclass(frozen=True, slots=True)
class NewUser:
    """A new account.

    Attributes:
        account: Row of the account, its password hashed.
        grant: Its first grant.
    """

    account: Row
    grant: Grant


def new_user(
    user_name: str, password: str, display_name: str, role: str, lens: Lens, place_id: str | None = None,
    org_id: str | None = None, *, name_en: str = "", is_demo: bool = False, least_chars: int = 10,
) -> NewUser:  # fmt: skip
    """Return a new account with its first grant; the password is hashed.

    Raises:
        InvalidInput: The name is empty or has blanks, a name that is shown is too long, or the password is too short.
    """
    name = user_name.strip().casefold()
    if not name or any(c.isspace() for c in name) or len(name) > 64:
        raise InvalidInput(
            field="user_name",
            why="1 to 64 characters without blanks",
            why_zh="应为 1–64 个字符，不含空格",
            why_en="1 to 64 characters without blanks",
        )
    check_password(password, least_chars, name)
    user_id = f"u-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    account = {
        "user_id": user_id, "user_name": name, "org_id": org_id,
        "display_name": checked_name("display_name", display_name) or user_name,
        "name_en": checked_name("name_en", name_en) or None,
        "password_hash": HASHER.hash(password), "is_demo": is_demo,
    }  # fmt: skip
    return NewUser(account, Grant(new_grant_id(), user_id, None, role, lens, place_id))


def add_user(city: City, user: NewUser) -> None:
    """Add an account with its first grant.

    Raises:
        UserExists: There is one of that name.
    """
    with city.engine.records.writing() as writing:
        if writing.add("user_account", [user.account]).n_written == 0:
            raise UserExists(user_name=user.account["user_name"])
        grant = user.grant
        writing.add("grant", [grant_row(replace(grant, granted_at=city.clock.now()))])
        details = {"kind": "granted", "role": grant.role, "lens": grant.lens, "version": grant.version,
                   "to": grant.user_id or ""}  # fmt: skip
        subjects = (Subject("grant", grant.grant_id, grant.place_id),)
        writing.chain([Entry("grant", "system", "system", "V3", (), "grant", subjects=subjects,
                             place_id=grant.place_id, details=details)])  # fmt: skip
