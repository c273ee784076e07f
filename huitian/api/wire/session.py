"""Who is signed in, on the wire."""

from dataclasses import dataclass

from huitian.api.wire.instant import Instant
from huitian.model.scope import Lens


@dataclass(frozen=True, slots=True)
class ActingSet:
    """Grants of an account that it acts under together: of one role, one lens and one organisation.

    Attributes:
        key: Names the choice.
        role: Role code.
        role_zh: Name of the role.
        role_en: Name of the role.
        lens: How personal fields are masked.
        org_id: Organisation; null where it has none.
        place_ids: Roots of the subtrees that may be read; empty means the whole city.
        place_names: Their names.
        ends_at: When the first of the grants ends; null where none does.
    """

    key: str
    role: str
    role_zh: str
    role_en: str
    lens: Lens
    org_id: str | None
    place_ids: list[str]
    place_names: list[str]
    ends_at: Instant | None


@dataclass(frozen=True, slots=True)
class ActingChoice:
    """Which grants a session is to act under.

    Attributes:
        acting: Key of one of the sets that ``GET /v1/session`` lists.
    """

    acting: str


@dataclass(frozen=True, slots=True)
class User:
    """The account that is signed in.

    Attributes:
        user_id: Account.
        user_name: Name it signs in with.
        display_name: Name that is shown, in the reader's language.
        role: Role code.
        lens: How personal fields are masked.
        org_id: Organisation; null where it has none.
        org_name: Name of the organisation.
        place_id: Root of the subtree it may read; null means the whole city.
        place_name: Name of that place.
        acting: Names the grants that this session acts under.
        sets: All grants that it could act under; ``PUT /v1/session/acting`` picks one.
        administers: Acts of administration that the role may do.
        reads: Groups of the catalogue whose rows the role may read.
        acts_as: Parts that the role plays in the ladders of cases.
        display_name_zh: Its name as it is written, where it is told in English; else null.
    """

    user_id: str
    user_name: str
    display_name: str
    role: str
    lens: Lens
    org_id: str | None
    org_name: str | None
    place_id: str | None
    place_name: str | None
    acting: str
    sets: list[ActingSet]
    administers: list[str]
    reads: list[str]
    acts_as: list[str]
    display_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account of the demo city, with its password; no other city shows any.

    Attributes:
        user_name: Name it signs in with.
        display_name: Name that is shown, in the reader's language.
        role: Role code.
        password: Its password.
        display_name_zh: Its name as it is written, where it is told in English; else null.
    """

    user_name: str
    display_name: str
    role: str
    password: str
    display_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in.

    Attributes:
        user: The account; null when nobody is signed in.
        csrf: Token to send as ``X-CSRF-Token`` with every request that changes something; null without a user.
        is_demo: Whether this is the demo city: everything in it is invented.
        demo_users: Accounts to try, only in the demo city.
        is_oidc: Whether one may sign in at the issuer of the city instead, by ``/v1/oidc/start``.
    """

    user: User | None
    csrf: str | None
    is_demo: bool
    demo_users: list[DemoUser]
    is_oidc: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with.

    Attributes:
        user_name: Name of the account.
        password: Its password.
    """

    user_name: str
    password: str
