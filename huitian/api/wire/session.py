"""Who is signed in, on the wire."""

from dataclasses import dataclass

from huitian.model.scope import Lens


@dataclass(frozen=True, slots=True)
class User:
    """The account that is signed in.

    Attributes:
        user_id: Account.
        user_name: Name it signs in with.
        display_name: Name that is shown.
        role: Role code.
        lens: How personal fields are masked.
        org_id: Organisation; null where it has none.
        org_name: Name of the organisation.
        place_id: Root of the subtree it may read; null means the whole city.
        place_name: Name of that place.
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


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account of the demo city, with its password; no other city shows any.

    Attributes:
        user_name: Name it signs in with.
        display_name: Name that is shown.
        role: Role code.
        password: Its password.
    """

    user_name: str
    display_name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in.

    Attributes:
        user: The account; null when nobody is signed in.
        csrf: Token to send as ``X-CSRF-Token`` with every request that changes something; null without a user.
        is_demo: Whether this is the demo city: everything in it is invented.
        demo_users: Accounts to try, only in the demo city.
    """

    user: User | None
    csrf: str | None
    is_demo: bool
    demo_users: list[DemoUser]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with.

    Attributes:
        user_name: Name of the account.
        password: Its password.
    """

    user_name: str
    password: str
