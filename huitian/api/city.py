"""The city as the server sees it; ``app`` opens one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from huitian.base.planner import Planner
from huitian.base.stages import Stages
from huitian.cases.following import Following
from huitian.cases.letters import Letters
from huitian.cases.log import CaseLog
from huitian.cases.owners import Owners
from huitian.cases.views import CaseViews
from huitian.clock import Clock
from huitian.engine.ports import Engine
from huitian.indicators import Indicators
from huitian.plugin import Packs
from huitian.settings import Settings


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city.

    Attributes:
        user_name: Name it signs in with.
        display_name: Name that is shown.
        role: Role code.
    """

    user_name: str
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What only the demo city has: accounts that everybody may try.

    Attributes:
        users: The accounts.
        password: The password of them all.
    """

    users: tuple[DemoAccount, ...]
    password: str


class City(Protocol):
    """One open city."""

    @property
    def settings(self) -> Settings:
        """Its settings."""
        ...

    @property
    def folder(self) -> Path:
        """Its folder."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def engine(self) -> Engine:
        """The stores."""
        ...

    @property
    def planner(self) -> Planner:
        """Permission for every read."""
        ...

    @property
    def indicators(self) -> Indicators:
        """All figures."""
        ...

    @property
    def packs(self) -> Packs:
        """All scenarios."""
        ...

    @property
    def stages(self) -> Stages:
        """Which scenario is off, in pilot or on where."""
        ...

    @property
    def log(self) -> CaseLog:
        """Steps on cases."""
        ...

    @property
    def letters(self) -> Letters:
        """Letters of residents."""
        ...

    @property
    def cases(self) -> CaseViews:
        """Cases as screens show them."""
        ...

    @property
    def owners(self) -> Owners:
        """Suggested owners of a case."""
        ...

    @property
    def following(self) -> Following:
        """Letters as their writers see them."""
        ...

    @property
    def demo(self) -> Demo | None:
        """What only the demo city has; None in every other."""
        ...
