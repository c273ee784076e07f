"""Accounts, grants and who is on duty, on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from huitian.model.scope import Lens

GrantState = Literal["in_force", "coming", "ended", "revoked"]
Id = Annotated[str, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class GrantCard:
    """One grant.

    Attributes:
        grant_id: Its id.
        user_id: Account that has it; null where a post has it.
        post_id: Post that has it; null where an account has it.
        role: Role code.
        role_zh: Name of the role.
        role_en: Name of the role.
        lens: How personal fields are masked.
        place_id: Root of the subtree; null for the whole city.
        place_name: Name of that place.
        place_name_en: Name of that place.
        purpose: What it was given for; null where nobody said.
        state: Whether it holds now.
        starts_at: When it begins; null for ever since.
        expires_at: When it ends; null without an end.
        granted_by: Name of who gave it, in the reader's language; null where it came with the store or by a command.
        granted_at: When; null where it came with the store.
        delegated_from: Grant that it is a part of; null where it is none.
        version: To send back with a change.
        can_change: Whether the reader may change it or take it back.
        can_delegate: Whether the reader may pass on a part of it.
        granted_by_zh: That name as it is written, where it is told in English; else null.
    """

    grant_id: str
    user_id: str | None
    post_id: str | None
    role: str
    role_zh: str
    role_en: str
    lens: Lens
    place_id: str | None
    place_name: str | None
    place_name_en: str | None
    purpose: str | None
    state: GrantState
    starts_at: datetime | None
    expires_at: datetime | None
    granted_by: str | None
    granted_at: datetime | None
    delegated_from: str | None
    version: int
    can_change: bool
    can_delegate: bool
    granted_by_zh: str | None = None


@dataclass(frozen=True, slots=True)
class UserCard:
    """An account with the grants that the reader may see.

    Attributes:
        user_id: Its id.
        user_name: Name it signs in with.
        display_name: Name that is shown, in the reader's language.
        org_name: Name of its organisation; null where it has none.
        grants: Grants that were not taken back, the newest first.
        display_name_zh: Its name as it is written, where it is told in English; else null.
    """

    user_id: str
    user_name: str
    display_name: str
    org_name: str | None
    grants: list[GrantCard]
    display_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role that can be granted.

    Attributes:
        role: Its code.
        title_zh: Its name.
        title_en: Its name.
        lens_most: The most that it may see.
        is_whole_city: Whether it may be granted without a place.
        gives: Roles that its holder may pass on, besides his own.
    """

    role: str
    title_zh: str
    title_en: str
    lens_most: Lens
    is_whole_city: bool
    gives: list[str]


@dataclass(frozen=True, slots=True)
class UserList:
    """Accounts with their grants.

    Attributes:
        items: In order of name.
        n_total: How many fit.
        roles: All roles.
        can_grant: Whether the reader may give grants.
        as_of: When this was so.
    """

    items: list[UserCard]
    n_total: int
    roles: list[RoleCard]
    can_grant: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class OwnGrants:
    """The reader's own grants, and what the reader passed on.

    Attributes:
        items: Own grants in force, the newest first.
        passed_on: What the reader gave to others and was not taken back.
        roles: All roles.
    """

    items: list[GrantCard]
    passed_on: list[UserCard]
    roles: list[RoleCard]


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant that is to be given or passed on.

    Attributes:
        idempotency_key: The same key gives one grant.
        role: Role code.
        lens: How personal fields are masked.
        place_id: Root of the subtree; null for the whole city.
        user_name: Name that the account signs in with; null where a post is to have it.
        post_id: Post that is to have it; null where an account is.
        purpose: What it is for, in words.
        starts_at: When it begins; null for now.
        expires_at: When it ends; null without an end, which only an administrator may give.
    """

    idempotency_key: Annotated[str, Field(min_length=8, max_length=100)]
    role: Annotated[str, Field(max_length=40)]
    lens: Lens
    place_id: Id | None = None
    user_name: Annotated[str, Field(max_length=64)] | None = None
    post_id: Id | None = None
    purpose: Annotated[str, Field(max_length=200)] | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GrantChange:
    """How a grant is to go on.

    Attributes:
        expected_version: Version that the reader saw.
        expires_at: When it ends; null without an end.
        purpose: What it is for.
    """

    expected_version: Annotated[int, Field(ge=1)]
    expires_at: datetime | None = None
    purpose: Annotated[str, Field(max_length=200)] | None = None


@dataclass(frozen=True, slots=True)
class DutyCard:
    """One shift.

    Attributes:
        duty_id: Its id.
        org_id: Organisation.
        org_name: Its name; null where it is not known.
        post_id: Post that is filled; null where it is none.
        place_id: Place that it is for, with all below; null for the whole city.
        place_name: Name of that place.
        person_name: Who, in the reader's language; on the wall only the surname.
        phone: Duty phone; null on the wall, or where it is not known.
        can_do: What this person can do; null where it is not said.
        instead_of: Whom this person stands in for; null for nobody.
        starts_at: Beginning of the shift.
        ends_at: End of the shift.
        person_name_zh: The same as it is written, where it is told in English; else null.
    """

    duty_id: str
    org_id: str
    org_name: str | None
    post_id: str | None
    place_id: str | None
    place_name: str | None
    person_name: str | None
    phone: str | None
    can_do: str | None
    instead_of: str | None
    starts_at: datetime
    ends_at: datetime
    person_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class DutyList:
    """Who is on duty.

    Attributes:
        items: The shifts, by organisation.
        as_of: Instant that was asked for.
    """

    items: list[DutyCard]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class GrantRevocation:
    """A grant that is to be taken back.

    Attributes:
        expected_version: Version that the reader saw.
    """

    expected_version: Annotated[int, Field(ge=1)]
