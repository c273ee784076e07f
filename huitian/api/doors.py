"""The ways into a city beside a password: its sessions, its tokens, and when they were last used."""

from dataclasses import dataclass

from huitian.api.city import City
from huitian.api.oidc import Oidc
from huitian.api.seen import Seen
from huitian.api.sessions import Sessions
from huitian.api.sign_in import SignIn
from huitian.api.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Doors:
    """What stands beside ``SignIn``.

    Attributes:
        seen: When sessions and tokens were last used.
        sessions: Sessions as they are listed and ended.
        tokens: Tokens of programs.
        oidc: Signing in elsewhere.
    """

    seen: Seen
    sessions: Sessions
    tokens: Tokens
    oidc: Oidc


def made_doors(city: City, sign_in: SignIn) -> Doors:
    """Return the doors of a city."""
    seen = Seen(city)
    return Doors(seen, Sessions(city, seen), Tokens(city, sign_in, seen), Oidc(city))
