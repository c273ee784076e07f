"""What is watched at a store: how long its statements take, which are slow, how transactions end."""

import json
import logging
import time
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, event

LOG = logging.getLogger("huitian.store")
LONGEST_TEXT = 2_000
"""Characters of a statement that are logged."""
KINDS = frozenset({"select", "insert", "update", "delete"})


class StatementHearer(Protocol):
    """Who is told what a store does; called on the thread that does it, so it must be quick."""

    def statement(self, kind: str, took_s: float, *, is_slow: bool) -> None:
        """Hear that a statement ended.

        Args:
            kind: ``select``, ``insert``, ``update``, ``delete`` or ``other``.
            took_s: Until the store had its first row (SQLite) or all of them (PostgreSQL).
            is_slow: Whether it took longer than ``slow_query_ms``.
        """
        ...

    def transaction(self, *, is_committed: bool) -> None:
        """Hear that a transaction ended; one that only read is given back without a commit."""
        ...


class StatementWatch:
    """Times every statement of a store and logs those that are slow: their text, never what was filled in.

    Attributes:
        slow_ms: Statements that take longer are logged.
        hearers: Who is told.
    """

    def __init__(self, sql: Engine, slow_ms: int = 500) -> None:
        self.slow_ms = slow_ms
        self.hearers: list[StatementHearer] = []
        event.listen(sql, "before_cursor_execute", self._before)
        event.listen(sql, "after_cursor_execute", self._after)
        event.listen(sql, "commit", self._committed)
        event.listen(sql, "rollback", self._rolled_back)

    def _before(self, connection: Connection, *_: Any) -> None:
        connection.info["huitian_began_s"] = time.perf_counter()

    def _after(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        took_s = time.perf_counter() - connection.info["huitian_began_s"]
        kind = statement[:6].lower()
        kind = kind if kind in KINDS else "other"
        is_slow = took_s * 1000 >= self.slow_ms
        if is_slow:
            self._log(kind, statement, took_s)
        for hearer in self.hearers:
            hearer.statement(kind, took_s, is_slow=is_slow)

    def _log(self, kind: str, statement: str, took_s: float) -> None:
        text = " ".join(statement.split())[:LONGEST_TEXT]
        line = {"event": "slow_query", "ms": round(took_s * 1000, 1), "kind": kind, "statement": text}
        LOG.warning(json.dumps(line, ensure_ascii=False))

    def _committed(self, _connection: Connection) -> None:
        for hearer in self.hearers:
            hearer.transaction(is_committed=True)

    def _rolled_back(self, _connection: Connection) -> None:
        for hearer in self.hearers:
            hearer.transaction(is_committed=False)
