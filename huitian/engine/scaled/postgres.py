"""PostgreSQL as Huitian uses it: no extension is needed; boxes are indexed by GiST over the built-in type."""

from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, Engine, create_engine, event, func, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from huitian.engine.tables import EntityTable
from huitian.errors import BadSetting

CHANNEL = "huitian_outbox"
"""Channel of the wake-up; what happened is read from the outbox, never from the message."""


def url_of(address: str) -> URL:
    """Return the parts of an address.

    Raises:
        BadSetting: It is not one of a PostgreSQL database.
    """
    why = "postgresql://user@host:port/database"
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise BadSetting(where="", name="store_address", value="—", why=why) from error
    if url.drivername != "postgresql" or not url.database:
        raise BadSetting(where="", name="store_address", value=shown_url(url), why=why)
    return url


def shown(address: str) -> str:
    """Return an address as it may be shown: without its password."""
    return shown_url(url_of(address))


def shown_url(url: URL) -> str:
    """Return the parts of an address as they may be shown."""
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()


def with_password(address: str, password: str) -> str:
    """Return an address with a password; one that has its own keeps it."""
    url = url_of(address)
    if password and url.password is None:
        url = url.set(password=password)
    return url.render_as_string(hide_password=False)


def connect(address: str, pool_size: int = 16, busy_timeout_s: float = 30.0) -> Engine:
    """Return an engine on a PostgreSQL database.

    Args:
        address: ``postgresql://user:password@host:port/database``.
        pool_size: Connections kept open by this process; twice as many where many ask at once.
        busy_timeout_s: How long to wait for the server, and for a connection that is free.
    """
    url = url_of(address).set(drivername="postgresql+pg8000")
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=busy_timeout_s,
        pool_pre_ping=True,
        connect_args={"timeout": busy_timeout_s, "application_name": "huitian"},
    )

    @event.listens_for(engine, "connect")
    def patient(connection: Any, _record: Any) -> None:
        # The time-out is for reaching the server; how long a statement may take is the server's to say.
        connection._usock.settimeout(None)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")

    return engine


def overlap(lies: EntityTable, box: tuple[float, float, float, float]) -> ColumnElement[bool]:
    """Return the box filter: candidates from the GiST index (fuzzy by 1e-6), then the exact columns."""
    west, south, east, north = box
    table = lies.table
    own = func.box(func.point(table.c.west, table.c.south), func.point(table.c.east, table.c.north))
    asked = text("box(point(:box_west, :box_south), point(:box_east, :box_north))").bindparams(
        box_west=west, box_south=south, box_east=east, box_north=north
    )
    return (
        own.op("&&", is_comparison=True)(asked)
        & (table.c.east >= west)
        & (table.c.west <= east)
        & (table.c.north >= south)
        & (table.c.south <= north)
    )
