"""PostgreSQL as Huitian uses it: no extension is needed; boxes are indexed by GiST over the built-in type."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    func,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from huitian.engine.scaled.secure import context_of, is_sound
from huitian.engine.tables import EntityTable
from huitian.engine.troubles import is_read_only
from huitian.errors import BadSetting, FileUnreadable, StoreServerOld

if TYPE_CHECKING:
    # The driver is of the extra "scale": a city on SQLite runs without it.
    from huitian.engine.scaled.driver import OneTripConnection

CHANNEL = "huitian_outbox"
"""Channel of the wake-up; what happened is read from the outbox, never from the message."""

LEAST_VERSION = 15
"""The oldest PostgreSQL that is tested and taken."""
PARALLEL_SETUP_COST = 10_000
"""In units of the planner, ten times the default: the rows of a tile are guessed at half a percent of the table, and
starting helpers for them takes longer than finding them."""
SILENCE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
"""Seconds without a word before asking, between questions, how many; milliseconds that sent bytes may be unanswered."""


def url_of(address: str) -> URL:
    """Return the parts of an address.

    Raises:
        BadSetting: It is not one of a PostgreSQL database.
    """
    try:
        url = make_url(address)
        is_one = (
            url.drivername == "postgresql"
            and url.database
            and is_sound(url.query)
            and 0 <= (url.port or 0) < 65_536
        )
    except (ArgumentError, ValueError) as error:
        raise no_address("—") from error
    if not is_one:
        raise no_address(shown_url(url))
    return url


def no_address(told: str) -> BadSetting:
    """Return the error that says what an address looks like.

    Args:
        told: What was given, without its password.
    """
    return BadSetting(
        where="", where_zh="城市设置或命令", where_en="The city or the command", name="store_address", value=told,
        why="postgresql://user@host:port/database",
        why_zh="postgresql://用户@主机:端口/库，"
        "可加 ?sslmode=disable|prefer|require|verify-ca|verify-full&sslrootcert=文件",
        why_en="postgresql://user@host:port/database, "
        "with ?sslmode=disable|prefer|require|verify-ca|verify-full&sslrootcert=FILE where TLS is wanted",
    )  # fmt: skip


def shown(address: str) -> str:
    """Return an address as it may be shown: without its password."""
    return shown_url(url_of(address))


def shown_url(url: URL) -> str:
    """Return the parts of an address as they may be shown."""
    known = url.query if is_sound(url.query) else {}
    return URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database, known
    ).render_as_string()


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

    Raises:
        FileUnreadable: The file of certificates that the address names holds none.
    """
    where, told = shown(address), url_of(address)
    url = told.set(drivername="postgresql+pg8000", query={})
    try:
        secure = context_of(told.query)
    except OSError as error:
        raise FileUnreadable(file_name=str(told.query.get("sslrootcert")), why=str(error)) from error
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=busy_timeout_s,
        pool_pre_ping=True,
        connect_args={"timeout": busy_timeout_s, "application_name": "huitian", "ssl_context": secure}
        # The driver fails over a password that it is asked for and has not; an empty one is refused in words.
        | ({"password": ""} if url.password is None else {}),
    )

    @event.listens_for(engine, "do_connect")
    def make(_dialect: Any, _record: Any, words: Any, options: Any) -> "OneTripConnection":
        from huitian.engine.scaled.driver import OneTripConnection

        return OneTripConnection(*words, **options)

    @event.listens_for(engine, "connect")
    def patient(connection: "OneTripConnection", _record: Any) -> None:
        # The time-out is for reaching the server; how long a statement may take is the server's to say.
        connection._usock.settimeout(None)
        check_version(connection.parameter_statuses.get("server_version", ""), where)
        notice_silence(connection._usock)
        # Once a connection rather than once a transaction: each would be a trip.
        with at_once(connection):
            connection.run(
                f"SET TIME ZONE 'UTC'; SET lock_timeout = '{int(busy_timeout_s * 1000)}ms'; "
                f"SET parallel_setup_cost = {PARALLEL_SETUP_COST}"
            )

    @event.listens_for(engine, "handle_error")
    def leave_standby(context: ExceptionContext) -> None:
        # After a failover the address leads to the server that writes; a connection made before it does not.
        if isinstance(context.sqlalchemy_exception, DBAPIError) and is_read_only(
            context.sqlalchemy_exception
        ):
            context.is_disconnect = True

    engine.dialect.do_ping = lives  # type: ignore[assignment,method-assign]
    return engine


def lives(connection: Any) -> bool:
    """Ask a connection of the pool for a sign of life, in one trip: no transaction is begun that must be ended."""
    with at_once(connection):
        connection.cursor().execute(";")
    return True


@contextmanager
def at_once(connection: "OneTripConnection") -> Iterator[None]:
    """Let statements of a driver's connection stand alone: no transaction is begun, which would be two trips more."""
    connection.autocommit = True
    try:
        yield
    finally:
        connection.autocommit = False


@contextmanager
def standing_alone(sql: Engine) -> Iterator[Connection]:
    """Yield a connection whose statements stand alone, as VACUUM must.

    Not by the option ``isolation_level``: SQLAlchemy takes that back with a statement of its own when the connection
    is returned, and an error of that, on a connection that broke, comes as the driver raised it.
    """
    with sql.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with at_once(driver):
            yield connection


def check_version(told: str, where: str) -> None:
    """Refuse a server that is too old.

    Args:
        told: What it says of its version, ``15.18 (Debian …)``.
        where: The store, as it may be shown.

    Raises:
        StoreServerOld: It is.
    """
    first = told.partition(".")[0].partition(" ")[0]
    if first.isdigit() and int(first) < LEAST_VERSION:
        raise StoreServerOld(where=where, found=told.partition(" ")[0], least=LEAST_VERSION)


def notice_silence(own: socket.socket) -> None:
    """Give a connection up within a minute where the other end has vanished without a word (cable, power, firewall)."""
    for name, value in SILENCE.items():
        # Not every system has them all, and a connection by a Unix socket none.
        if hasattr(socket, name) and own.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):
                own.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


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
