"""Who works with a store on PostgreSQL: servers share an advisory lock, a move or a restore takes it alone."""

import contextlib
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

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
        self._function = ""
        self._driver: Any = None

    def share(self) -> None:
        """Be one of several; who is there already stays as it is.

        Raises:
            StoreLocked: A process is there alone.
        """
        if self._connection is None:
            self._take("pg_try_advisory_lock_shared")

    def own(self) -> None:
        """Be the only one.

        Raises:
            StoreLocked: Another process is there.
        """
        self.leave()
        self._take("pg_try_advisory_lock")

    def renew(self) -> None:
        """Be there again where the connection that said so broke; one that never was there stays away.

        Raises:
            StoreLocked: Another process took the store alone meanwhile.
        """
        if not self._function:
            return
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return
            except (SQLAlchemyError, OSError):
                self._let_go()
        # Tried until it succeeds: a server that just came back may have no connection left for us.
        self._take(self._function)

    def _take(self, function: str) -> None:
        connection = self._sql.connect()
        driver: Any = connection.connection.driver_connection
        # Out of the pool: what it holds must not go to another request.
        connection.detach()
        driver.autocommit = True
        try:
            if not connection.execute(text(f"SELECT {function}({PRESENCE_LOCK})")).scalar_one():
                raise StoreLocked(home=self._where, holder="PostgreSQL")
        except BaseException:
            connection.close()
            raise
        self._connection, self._driver, self._function = connection, driver, function

    def leave(self) -> None:
        """Be there no longer."""
        self._function = ""
        if self._connection is not None:
            self._let_go()

    def _let_go(self) -> None:
        self._connection = None
        # Where the server is away there is nobody to be told; what it held is gone with it.
        with contextlib.suppress(Exception):
            self._driver.close()
