"""Who works with a store on PostgreSQL: servers share an advisory lock, a move or a restore takes it alone."""

from sqlalchemy import Connection, Engine, text

from huitian.errors import StoreLocked

PRESENCE_LOCK = 0x4855
"""Advisory lock of a session of the database; it is gone when the process or its connection is."""


class Presence:
    """One process at a store; holds a connection of its own while it is there.

    Args:
        sql: The store.
        where: The store, as it may be shown.
    """

    def __init__(self, sql: Engine, where: str) -> None:
        self._sql, self._where = sql, where
        self._connection: Connection | None = None

    def share(self) -> None:
        """Be one of several.

        Raises:
            StoreLocked: A process is there alone.
        """
        self._take("pg_try_advisory_lock_shared")

    def own(self) -> None:
        """Be the only one.

        Raises:
            StoreLocked: Another process is there.
        """
        self._take("pg_try_advisory_lock")

    def _take(self, function: str) -> None:
        connection = self._sql.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not connection.execute(text(f"SELECT {function}({PRESENCE_LOCK})")).scalar_one():
            connection.close()
            raise StoreLocked(home=self._where, holder="PostgreSQL")
        # Out of the pool: what it holds must not go to another request.
        connection.detach()
        self._connection = connection

    def leave(self) -> None:
        """Be there no longer."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
