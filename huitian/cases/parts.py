"""What the case engine works with; composed once, in ``app.py``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from huitian.base.planner import Planner
from huitian.cases.categories import Categories, read_categories
from huitian.cases.ladder import LadderSet
from huitian.clock import Clock, StatutoryCalendar, day_of
from huitian.engine.ports import Records
from huitian.model.query import Page, Query
from huitian.model.scope import Allowed
from huitian.settings import Settings


class Reads(Protocol):
    """Whatever rows can be read from: the store, or a transaction of it."""

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows; see ``ports.Records``."""
        ...


@dataclass(frozen=True, slots=True)
class CaseParts:
    """What the case engine works with.

    Attributes:
        records: The store.
        planner: Permission for every read.
        ladders: The rules in force.
        calendar: Working time.
        clock: The time.
        settings: Settings of the city.
        categories: Categories of letters.
    """

    records: Records
    planner: Planner
    ladders: LadderSet
    calendar: StatutoryCalendar
    clock: Clock
    settings: Settings
    categories: Categories = field(default_factory=read_categories)

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Return the day in Asia/Shanghai."""
        return day_of(self.clock.now())
