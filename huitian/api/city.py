"""The city as the server sees it; ``app`` opens one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from huitian.audit import Audit, Purposes
from huitian.base.planner import Planner
from huitian.base.stages import Stages
from huitian.cases.letters import PUBLIC
from huitian.cases.log import CaseLog
from huitian.cases.owners import Owners
from huitian.cases.similar import SimilarCases
from huitian.cases.views import CaseViews
from huitian.clock import Clock
from huitian.engine.ports import Engine
from huitian.indicators import Indicators
from huitian.model.case import Letter, Opened
from huitian.model.query import Row
from huitian.model.scope import Scope
from huitian.plugin import Packs
from huitian.settings import Settings


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city.

    Attributes:
        user_name: Name it signs in with.
        display_name: Name that is shown, as it is written.
        name_en: The same in English; None where it has none.
        role: Role code.
    """

    user_name: str
    display_name: str
    name_en: str | None
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


class LetterBox(Protocol):
    """Where letters go in: ``cases.letters.Letters``, on an outside host ``ferry.mailbox.OutsideLetters``."""

    def open_case(self, letter: Letter, scope: Scope = PUBLIC) -> Opened:
        """Open a case from a letter. Idempotent by key."""
        ...

    def rate(
        self, case_no: str, code: str, idempotency_key: str, answers: Mapping[str, Any], words: str = ""
    ) -> Row:
        """Take the writer's rating. Idempotent by key."""
        ...


class LetterViews(Protocol):
    """How writers see their letters: ``cases.following.Following`` and its like on an outside host."""

    def letter(self, case_no: str, code: str) -> dict[str, Any]:
        """Return a letter for its writer."""
        ...


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
    def audit(self) -> Audit:
        """Who looked at what, and why."""
        ...

    @property
    def purposes(self) -> Purposes:
        """What was stated before a look."""
        ...

    @property
    def log(self) -> CaseLog:
        """Steps on cases."""
        ...

    @property
    def letters(self) -> LetterBox:
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
    def similar(self) -> SimilarCases:
        """Closed cases that are like one."""
        ...

    @property
    def following(self) -> LetterViews:
        """Letters as their writers see them."""
        ...

    @property
    def demo(self) -> Demo | None:
        """What only the demo city has; None in every other."""
        ...
