"""One's own account on the wire: sessions, tokens, the password."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from huitian.api.wire.instant import Instant
from huitian.model.scope import Lens


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session that is open.

    Attributes:
        session_id: Names it; nothing can be done with it but end it.
        began_at: Aware UTC instant at which it was begun.
        seen_at: Aware UTC instant of its last request; null where none was written down yet.
        ends_at: Aware UTC instant at which it ends by itself.
        address: Address that it was begun from.
        browser: Browser and system that it was begun with; empty where they did not say.
        is_this: Whether it is the one that asks.
    """

    session_id: str
    began_at: Instant
    seen_at: Instant | None
    ends_at: Instant
    address: str
    browser: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """How many sessions were ended.

    Attributes:
        n_ended: Sessions.
    """

    n_ended: int


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A new password.

    Attributes:
        old_password: The one until now.
        new_password: The new one.
    """

    old_password: Annotated[str, Field(max_length=1024)]
    new_password: Annotated[str, Field(max_length=1024)]


@dataclass(frozen=True, slots=True)
class TokenWanted:
    """What a new token is to be good for.

    Attributes:
        title: What it is for, in words.
        days: Days that it lasts.
        lens: The most that it sees, at most your own; null for what its role sees.
        place_id: Only this place and below; null for all that you see.
        other_place_ids: Further places that it sees, besides ``place_id``.
        methods: HTTP methods that it may use; only GET reads and changes nothing.
        subjects: Subjects of the API that it may use; empty for all that are open to programs.
        is_own_role: Whether it has your role instead of that of a program, which reads work and no people.
    """

    title: Annotated[str, Field(max_length=80, examples=["每日统计"])]
    days: Annotated[int, Field(ge=1, le=3650, examples=[90])] = 90
    lens: Lens | None = None
    place_id: Annotated[str | None, Field(max_length=100)] = None
    other_place_ids: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=49)] = field(
        default_factory=list
    )
    methods: Annotated[
        list[Literal["GET", "POST", "PUT", "PATCH", "DELETE"]], Field(min_length=1, max_length=5)
    ] = field(default_factory=lambda: ["GET"])
    subjects: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = field(
        default_factory=list
    )
    is_own_role: bool = False


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token.

    Attributes:
        token_id: Names it.
        prefix: Its first characters, to recognise it.
        title: What it is for.
        role: Role that it reads with.
        lens: The most that it sees.
        place_id: Only this place and below, of several the first; null for all that its owner sees.
        place_name: Names of its places.
        other_place_ids: Further places, besides ``place_id``.
        methods: HTTP methods that it may use.
        subjects: Subjects that it may use; empty for all that are open to programs.
        created_at: Aware UTC instant at which it was made.
        expires_at: Aware UTC instant from which on it no longer holds.
        used_at: Aware UTC instant of its last use; null while it was not used.
        revoked_at: Aware UTC instant at which it was revoked; null while it was not.
        state: Whether it holds.
    """

    token_id: str
    prefix: str
    title: str
    role: str
    lens: Lens
    place_id: str | None
    place_name: str | None
    other_place_ids: list[str]
    methods: list[str]
    subjects: list[str]
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None
    revoked_at: Instant | None
    state: Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A token that was just made.

    Attributes:
        secret: What the program carries, as ``Authorization: Bearer …``; shown only here and kept nowhere.
        token: The token as it is listed.
    """

    secret: str
    token: TokenShown


@dataclass(frozen=True, slots=True)
class Account:
    """What one's own account may have.

    Attributes:
        min_password_chars: Characters that a password needs.
        session_hours: Hours after which a session ends.
        session_idle_min: Minutes without a request after which it ends; 0 for no such limit.
        token_most_days: The longest that a token may last, in days.
        token_subjects: Subjects of the API that are open to tokens.
        has_password: Whether it signs in with a password; else only from elsewhere.
    """

    min_password_chars: int
    session_hours: int
    session_idle_min: int
    token_most_days: int
    token_subjects: list[str]
    has_password: bool
