"""How a store that is open is: whether it answers, is of this program's schema, complete, and can be written."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from huitian.engine.marks import HALF_MADE, MOVED_TO
from huitian.engine.tables import store_mark
from huitian.engine.upgrade import VERSION_TABLE, head_revision

Told = Mapping[str, str]
OK: Told = {"state": "ok"}


def condition_of(sql: Engine, is_read_only: Callable[[Connection], bool], own: str = "") -> Told:
    """Say how a store is.

    Args:
        sql: The store.
        is_read_only: Whether it cannot be written.
        own: A question of the engine's own that is answered ``ok``; empty asks none.

    Returns:
        ``{"state": "ok"}``, or ``failed`` (it does not answer, or is damaged), ``other_schema`` (another version
        of Huitian changed it), ``half_made`` (a move or a restore is not done), ``read_only``; with ``why``.
    """
    try:
        with sql.connect() as connection:
            found = str(connection.exec_driver_sql(own).scalar()) if own else "ok"
            if found != "ok":
                return {"state": "failed", "why": found}
            revision = str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar())
            if revision != head_revision():
                return {"state": "other_schema", "why": revision}
            mark = connection.execute(
                select(store_mark.c.mark).where(store_mark.c.mark.in_([HALF_MADE, MOVED_TO]))
            ).scalar()
            if mark is not None:
                return {"state": "half_made", "why": str(mark)}
            return {"state": "read_only", "why": "read-only"} if is_read_only(connection) else OK
    except DBAPIError as error:
        return {"state": "failed", "why": str(error.orig)[:200]}
    except (PoolTimeout, OSError) as error:
        return {"state": "failed", "why": type(error).__name__}


def is_folder_read_only(folder: Path) -> bool:
    """Return whether a folder cannot be written: its disk is mounted so, or this user may not."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY) or not os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return True


def is_server_read_only(connection: Connection) -> bool:
    """Return whether a PostgreSQL server takes no writes: a standby, or told so."""
    asked = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
    return bool(connection.execute(text(asked)).scalar_one())
