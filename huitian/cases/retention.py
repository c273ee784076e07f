"""Retention: what was kept long enough is erased, kind by kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from huitian.cases.erasing import Erasing
from huitian.cases.history import batches
from huitian.cases.parts import CaseParts
from huitian.cases.terms import TERMS, Term
from huitian.engine.ports import Engine
from huitian.model.case import Cause
from huitian.model.scope import Scope

RETENTION: Cause = "retention"
SYSTEM = Scope("system", None, "V3", "system")


@dataclass(frozen=True, slots=True)
class Kept:
    """How one kind stands.

    Attributes:
        term: The kind.
        length: How many years or days it is kept; 0 for ever.
        n_over: How many objects were kept long enough: still there, or of a run those that it erased.
        oldest_at: From when the term of the oldest of them counts, aware UTC; None where there is none.
    """

    term: Term
    length: int
    n_over: int
    oldest_at: datetime | None


class Retention:
    """Erases what was kept long enough. Idempotent; what a kill cut short the next run finishes.

    Args:
        parts: What the case engine works with.
        engine: The stores.
    """

    def __init__(self, parts: CaseParts, engine: Engine) -> None:
        self._parts, self._erasing = parts, Erasing(parts, engine)

    def table(self) -> Iterator[Kept]:
        """Yield how every kind stands; nothing is changed."""
        for term in TERMS:
            over = [one.since_at for one in term.over(self._parts)]
            yield Kept(term, term.length(self._parts.settings), len(over), min(over, default=None))

    def finish(self) -> int:
        """Finish what was cut short; returns how many keys, rows and photos were left."""
        return self._erasing.finish(SYSTEM)

    def run(self, is_stopping: Callable[[], bool] = lambda: False) -> Iterator[Kept]:
        """Erase kind by kind, some hundred objects at a time; yields each kind when it is done.

        Args:
            is_stopping: Asked before each some hundred whether to leave the rest to another run.
        """
        for term in TERMS:
            since = {one.inner_id: one.since_at for one in term.over(self._parts)}
            for part in batches(since):
                if is_stopping():
                    return
                self._erasing.erase(SYSTEM, (term.kind,), part, RETENTION, RETENTION)
            oldest_at = min(since.values(), default=None)
            yield Kept(term, term.length(self._parts.settings), len(since), oldest_at)
