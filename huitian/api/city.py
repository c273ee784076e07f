"""The city as the server sees it; ``app`` opens one."""

from typing import Protocol

from huitian.base.planner import Planner
from huitian.cases.letters import Letters
from huitian.cases.log import CaseLog
from huitian.cases.views import CaseViews
from huitian.clock import Clock
from huitian.engine.ports import Engine
from huitian.indicators import Indicators
from huitian.plugin import Packs
from huitian.settings import Settings


class City(Protocol):
    """One open city."""

    @property
    def settings(self) -> Settings:
        """Its settings."""
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
