"""Reading of a SQL store; each engine adds how it writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select

from huitian.engine.buckets import add_up
from huitian.engine.sealing.fields import SEALED, normalised
from huitian.engine.sealing.vault import Vault
from huitian.engine.statements import Overlap, tally_of
from huitian.engine.tables import sealed_index
from huitian.engine.troubles import store_told
from huitian.engine.writing import read_page
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
            statement = tally_of(allowed, tally, self._overlap)
            rows: list[Row] = [dict(row) for row in connection.execute(statement).mappings()]
        return rows if tally.bucket is None else add_up(rows, tally.bucket[1], tally.group_by)

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
