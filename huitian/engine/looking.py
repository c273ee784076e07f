"""Looking at a store without changing it: no migration, no mark, no file; for ``huitian doctor``."""

import fcntl
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from huitian.engine.embedded.store import STORE
from huitian.engine.scaled.postgres import connect, shown
from huitian.engine.scaled.presence import PRESENCE_LOCK
from huitian.engine.sealing.guarding import FACT
from huitian.engine.tables import city_fact, outbox, store_mark
from huitian.engine.troubles import store_told
from huitian.engine.upgrade import head_revision, revision_of
from huitian.errors import CityMissing, HuitianError

NEWEST = 1_000
"""Events among which the latest instant is looked for: after a clock went back the newest is not the latest."""


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What a look at a store found.

    Attributes:
        kind: ``embedded`` or ``scaled``.
        where: The store, as it may be shown.
        trouble: Why it could not be looked at; None where it could, and all below is then known.
        version: Version of SQLite or of the server, as numbers.
        revision: Schema of the store; None of an empty one.
        head: Schema that this program knows.
        marks: What is marked on it, by mark.
        key_store: Which key store it names; empty where nothing is sealed, None where that is not known.
        latest_at: Latest instant among the newest events; None where there is none.
        integrity: ``ok``, or what the store says is wrong; empty where it was not asked.
        encoding: Encoding of its text.
        is_writable: Whether this user may write to it.
        holders: Who serves it now: process numbers, or how many.
        n_connections: Connections that are taken; PostgreSQL only.
        most_connections: Connections that the server takes; 0 where there is no such bound.
        postgis: Version of PostGIS; empty where it is not there.
    """

    kind: str
    where: str
    trouble: HuitianError | None = None
    version: tuple[int, ...] = ()
    revision: str | None = None
    head: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    key_store: str | None = None
    latest_at: datetime | None = None
    integrity: str = ""
    encoding: str = ""
    is_writable: bool = True
    holders: str = ""
    n_connections: int = 0
    most_connections: int = 0
    postgis: str = ""


def look_at(folder: Path, address: str, patience_s: float) -> StoreLook:
    """Look at the store of a city.

    Args:
        folder: The city folder.
        address: Address of PostgreSQL with its password; empty for SQLite in the folder.
        patience_s: How long to wait for it.
    """
    where = shown(address) if address else str(folder / STORE)
    found = StoreLook("scaled" if address else "embedded", where, head=head_revision())
    if not address and not (folder / STORE).is_file():
        return replace(found, trouble=CityMissing(home=str(folder)))
    sql = connect(address, 1, patience_s) if address else looking_at(folder / STORE, patience_s)
    try:
        with store_told(where, patience_s):
            found = replace(found, revision=revision_of(sql))
            with sql.connect() as connection:
                if address:
                    connection.execute(text("SET TRANSACTION READ ONLY"))
                found = replace(found, **common(connection, found.revision))
                own = scaled(connection) if address else embedded(connection, folder / STORE)
                return replace(found, **own)
    except HuitianError as error:
        return replace(found, trouble=error)
    except DBAPIError as error:
        return replace(found, integrity=str(error.orig)[:200] or type(error).__name__)
    finally:
        sql.dispose()


def looking_at(path: Path, patience_s: float) -> Engine:
    """Return an engine that can only read a SQLite file, also where its folder cannot be written."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"

    def opened() -> sqlite3.Connection:
        made = sqlite3.connect(uri, uri=True, timeout=patience_s)
        try:
            made.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except sqlite3.OperationalError:
            # A folder that cannot be written has no room for the shared memory of the log.
            made.close()
            made = sqlite3.connect(f"{uri}&immutable=1", uri=True, timeout=patience_s)
        return made

    return create_engine("sqlite://", creator=opened, poolclass=NullPool)


def common(connection: Connection, revision: str | None) -> dict[str, Any]:
    """Return what both kinds of store tell the same way."""
    found: dict[str, Any] = {}
    if revision is not None:
        newest = select(outbox.c.recorded_at).order_by(outbox.c.seq.desc()).limit(NEWEST).subquery()
        named = select(city_fact.c.told).where(city_fact.c.fact == FACT)
        found["key_store"] = connection.execute(named).scalar() or ""
        found["latest_at"] = connection.execute(select(func.max(newest.c.recorded_at))).scalar()
    if revision is not None and connection.dialect.has_table(connection, store_mark.name):
        found["marks"] = dict(connection.execute(select(store_mark.c.mark, store_mark.c.told)).all())
    return found


def embedded(connection: Connection, path: Path) -> dict[str, Any]:
    """Return what SQLite tells."""
    return {
        "version": tuple(int(part) for part in sqlite3.sqlite_version.split(".")),
        "encoding": str(connection.exec_driver_sql("PRAGMA encoding").scalar_one()),
        "integrity": str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()),
        "holders": holder_of(path.parent / "server.lock"),
    }


def holder_of(lock: Path) -> str:
    """Return the process that holds the lock of a folder; empty where nobody does."""
    try:
        with lock.open(encoding="utf-8") as file:
            try:
                # Shared and given back at once: whoever starts at this instant tries again.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return file.read().strip() or "?"
    except OSError:
        return ""
    return ""


def scaled(connection: Connection) -> dict[str, Any]:
    """Return what PostgreSQL tells."""
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    locks = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    n_here = int(connection.execute(locks, {"lock": PRESENCE_LOCK}).scalar_one())
    postgis = connection.execute(
        text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    ).scalar()
    may_make = connection.execute(
        text("SELECT has_schema_privilege(current_schema(), 'CREATE')")
    ).scalar_one()
    is_standby = connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
    # The transaction of the look is read-only itself; what new ones are is the default.
    is_read_only = connection.execute(text("SHOW default_transaction_read_only")).scalar_one() == "on"
    return {
        "version": (number // 10_000, number % 10_000),
        "encoding": str(connection.execute(text("SHOW server_encoding")).scalar_one()),
        "integrity": "ok",
        "is_writable": bool(may_make) and not is_standby and not is_read_only,
        "holders": str(n_here) if n_here else "",
        "n_connections": int(connection.execute(text("SELECT count(*) FROM pg_stat_activity")).scalar_one()),
        "most_connections": int(connection.execute(text("SHOW max_connections")).scalar_one()),
        "postgis": str(postgis or ""),
    }
