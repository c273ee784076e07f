"""Grants: what an account may see and do where, from when until when, and by whom it was given."""

from dataclasses import dataclass
from datetime import datetime

from huitian.model.scope import Lens, Scope


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant: a role and a lens for one subtree. An account may have several.

    Attributes:
        grant_id: Its id.
        user_id: Account that has it; None where it belongs to a post.
        post_id: Post whose holder, or who is on duty for it, has it; None where it belongs to an account.
        role: Role code.
        lens: How personal fields are masked.
        place_id: Root of the subtree; None for the whole city.
        org_id: Organisation it is used for; None for that of the account.
        purpose: What it was given for, in words.
        starts_at: Aware UTC; None for ever since.
        expires_at: Aware UTC, the first instant at which it no longer holds; None without an end.
        granted_by: Account that gave it; None where it came with the store.
        granted_at: Aware UTC; None where it came with the store.
        delegated_from: Grant that it is a part of; None where an administrator gave it.
        version: Counts its changes, from 1.
        revoked_at: Aware UTC; None while it was not taken back.
        revoked_by: Account that took it back.
    """

    grant_id: str
    user_id: str | None
    post_id: str | None
    role: str
    lens: Lens
    place_id: str | None
    org_id: str | None = None
    purpose: str | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    granted_by: str | None = None
    granted_at: datetime | None = None
    delegated_from: str | None = None
    version: int = 1
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def holds_at(self, instant: datetime) -> bool:
        """Return whether it is in force at an instant."""
        return (
            self.revoked_at is None
            and (self.starts_at is None or self.starts_at <= instant)
            and (self.expires_at is None or instant < self.expires_at)
        )


@dataclass(frozen=True, slots=True)
class Acting:
    """The grants of one account that it acts under together: of one role, one lens and one organisation.

    Attributes:
        key: Names the choice.
        scope: What it reads with: the subtrees of all of them together.
        ends_at: Aware UTC instant at which the first of them ends; None where none does.
    """

    key: str
    scope: Scope
    ends_at: datetime | None
