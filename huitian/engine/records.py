"""Reading of a SQL store; each engine adds how it writes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine, select

from huitian.engine.buckets import add_up
from huitian.engine.pages import read_page
from huitian.engine.sealing.fields import SEALED, normalised
from huitian.engine.sealing.vault import Vault
from huitian.engine.standing import may_stand_whole
from huitian.engine.statements import Overlap, tally_of, total_of, whole_of
from huitian.engine.survey import keep, look
from huitian.engine.tables import sealed_index
from huitian.engine.troubles import store_told
from huitian.engine.writing import SqlWriting
from huitian.model.query import Page, Query, Row, Tally
from huitian.model.scope import Allowed


class SqlRecords:
    """Rows of a SQL store; see ``ports.Records``.

    Args:
        engine: The store.
        where: The store, as it may be shown.
        busy_timeout_s: How long a caller waits.
        overlap: How the store finds boxes that overlap.
    """

    def __init__(self, engine: Engine, where: str, busy_timeout_s: float, overlap: Overlap) -> None:
        self._engine = engine
        self._where = where
        self._busy_timeout_s = busy_timeout_s
        self._overlap = overlap
        self.vault: Vault | None = None

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows."""
        with self.reading() as connection:
            return read_page(connection, allowed, query, self._overlap, self.vault)

    def tally(self, allowed: Allowed, tally: Tally) -> list[Row]:
        """Return one row per group."""
        with self.reading() as connection:
            rows = self._whole_tally(connection, allowed, tally) if may_stand_whole(allowed) else None
            if rows is None:
                statement = tally_of(allowed, tally, self._overlap)
                rows = [dict(row) for row in connection.execute(statement).mappings()]
        return rows if tally.bucket is None else add_up(rows, tally.bucket[1], tally.group_by)

    def _whole_tally(self, connection: Connection, allowed: Allowed, tally: Tally) -> list[Row] | None:
        """Return one row per group where all objects stand inside a permission, else None; see ``whole_page``."""
        # Asked before as well: SQLite counts first, and looks at the condition afterwards.
        if connection.execute(whole_of(allowed)).first() is None:
            return None
        statement = tally_of(allowed, tally, self._overlap, is_whole=True)
        rows: list[Row] = [dict(row) for row in connection.execute(statement).mappings()]
        if not any(row["n"] for row in rows):
            total = total_of(allowed, tally.entity, tally.where, self._overlap, is_whole=True)
            return rows if connection.execute(total).scalar() == 0 else None
        return rows

    def survey(self) -> int:
        """Find out of which changed entities all objects stand in the places; returns how many were looked at."""
        with store_told(self._where, self._busy_timeout_s):
            found = look(self._engine)
        if not found:
            return 0
        with self.writing() as writing:
            return sum(keep(writing.connection, one) for one in found)

    def writing(self) -> AbstractContextManager[SqlWriting]:
        """Open a transaction; each engine in its own way."""
        raise NotImplementedError

    def found_exactly(self, allowed: Allowed, kind: str, value: str, limit: int) -> list[str]:
        """Return ids of subjects whose sealed value is exactly this one."""
        normal = normalised(value)
        beginning = f"{SEALED[allowed.entity].kind}:"
        if self.vault is None or not self.vault.is_on or not normal:
            return []
        told = self.vault.search_hash(kind, normal)
        asked = (
            select(sealed_index.c.subject_id)
            .where(
                sealed_index.c.kind == kind,
                sealed_index.c.value_hash == told,
                sealed_index.c.subject_id.startswith(beginning, autoescape=True),
            )
            .order_by(sealed_index.c.subject_id)
            .limit(limit)
        )
        with self.reading() as connection:
            return [one.removeprefix(beginning) for one in connection.execute(asked).scalars()]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection to read, its troubles told."""
        with store_told(self._where, self._busy_timeout_s), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give back connections."""
        self._engine.dispose()
