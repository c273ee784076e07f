"""Accounts and sessions: argon2 for passwords; of a session only the SHA-256 of its token is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from huitian.api.city import City
from huitian.api.tries import Tries, count_together
from huitian.errors import CsrfMissing, InvalidInput, UserExists, WrongPassword
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Lens, Scope

HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""RFC 9106, second recommended set (64 MiB, three passes) with one lane: the server's threads are the lanes."""
NOBODY = HASHER.hash(secrets.token_hex(16))
"""Checked where there is no such user, so that the answer takes as long."""
TRIES_OF_ADDRESS = 10
"""How many times the tries of one account an address has for all accounts together."""
ONE = 2
"""Limit of a look-up by key: one more than can be there, so that the store need not count."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may sign in.

    Attributes:
        user_id: Its id.
        user_name: Name it signs in with.
        display_name: Name that is shown.
        role: Role code.
        lens: How personal fields are masked.
        org_id: Organisation; None where it has none.
        place_id: Root of its subtree; None for the whole city.
        is_demo: Whether it belongs to the demo city.
    """

    user_id: str
    user_name: str
    display_name: str
    role: str
    lens: Lens
    org_id: str | None
    place_id: str | None
    is_demo: bool

    def scope(self) -> Scope:
        """Return the scope that it reads with."""
        return Scope(self.user_id, self.place_id, self.lens, self.role, self.org_id)


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
        settings = city.settings
        window_s = settings.lockout_min * 60
        self._of_account = Tries(city, "account", settings.lockout_tries, window_s)
        self._of_address = Tries(city, "address", settings.lockout_tries * TRIES_OF_ADDRESS, window_s)

    def start(self, user_name: str, password: str, address: str) -> Started:
        """Start a session.

        Args:
            user_name: Name of the account.
            password: Its password.
            address: Where the request came from.

        Raises:
            WrongPassword: They do not belong together, or there is no such user.
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
            for old in over.rows:
                writing.remove("session", {"session_hash": old["session_hash"]})
            writing.add("session", [{"session_hash": hash_of(token), "user_id": row["user_id"], "csrf": csrf,
                                     "created_at": now, "expires_at": expires_at}])  # fmt: skip
        return Started(token, csrf, account_of(row))

    def find(self, token: str | None) -> tuple[Account, str] | None:
        """Return the account and CSRF token of a session; None where there is none, or it is over."""
        if not token or len(token) > 200:
            return None
        session = self._row("session", "session_hash", hash_of(token))
        if session is None or session["expires_at"] <= self._city.clock.now():
            return None
        row = self._row("user_account", "user_id", session["user_id"])
        return None if row is None else (account_of(row), session["csrf"])

    def lives(self, session_hash: str) -> bool:
        """Return whether a session is there and not over, and its account too."""
        session = self._row("session", "session_hash", session_hash)
        if session is None or session["expires_at"] <= self._city.clock.now():
            return False
        return self._row("user_account", "user_id", session["user_id"]) is not None

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


def account_of(row: Row) -> Account:
    """Return the account of a stored row."""
    return Account(
        row["user_id"], row["user_name"], row["display_name"] or row["user_name"], row["role"], row["lens"],
        row["org_id"], row["place_id"], bool(row["is_demo"]),
    )  # fmt: skip


def user_row(
    user_name: str, password: str, display_name: str, role: str, lens: Lens, place_id: str | None = None,
    org_id: str | None = None, *, is_demo: bool = False, least_chars: int = 10,
) -> Row:  # fmt: skip
    """Return the row of a new account, its password hashed.

    Raises:
        InvalidInput: The name is empty or has blanks, or the password is too short.
    """
    name = user_name.strip().casefold()
    if not name or any(c.isspace() for c in name) or len(name) > 64:
        raise InvalidInput(
            field="user_name",
            why="1 to 64 characters without blanks",
            why_zh="应为 1–64 个字符，不含空格",
            why_en="1 to 64 characters without blanks",
        )
    check_password(password, least_chars)
    return {
        "user_id": f"u-{hashlib.sha256(name.encode()).hexdigest()[:12]}", "user_name": name,
        "display_name": display_name or user_name, "role": role, "lens": lens, "org_id": org_id,
        "place_id": place_id, "password_hash": HASHER.hash(password), "is_demo": is_demo,
    }  # fmt: skip


def check_password(password: str, least_chars: int) -> None:
    """Refuse a password that is too short.

    Raises:
        InvalidInput: It is.
    """
    if len(password) < least_chars:
        raise InvalidInput(
            field="password",
            why=f"at least {least_chars} characters",
            why_zh=f"至少 {least_chars} 个字符",
            why_en=f"at least {least_chars} characters",
        )


def add_user(city: City, row: Row) -> None:
    """Add an account.

    Raises:
        UserExists: There is one of that name.
    """
    with city.engine.records.writing() as writing:
        if writing.add("user_account", [row]).n_written == 0:
            raise UserExists(user_name=row["user_name"])
