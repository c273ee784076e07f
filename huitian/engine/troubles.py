"""What a store or a disk says when it cannot, told as an error that says what to do."""

import errno
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from huitian.errors import HuitianError, StoreAway, StoreBusy, StoreFull, StoreReadOnly, StoreRefused

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

# Primary result codes of SQLite.
SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL, SQLITE_CANTOPEN = 5, 6, 8, 13, 14

# SQLSTATE of PostgreSQL (appendix A of its manual): whole codes, or classes of two characters.
REFUSED = {
    "28P01": ("密码不对", "the password is wrong"),
    "28000": ("服务器不让该用户登录", "the server does not let this user in"),
    "3D000": ("没有这个数据库", "there is no such database"),
    "42501": ("该用户没有权限", "the user lacks the right"),
    "3F000": ("没有可写的 schema", "there is no schema to write to"),
}
TRY_AGAIN = frozenset({"40001", "40P01", "55P03", "53300"})
IS_FULL = frozenset({"53100", "53200"})
IS_READ_ONLY = frozenset({"25006"})
LOST = frozenset({"57P01", "57P02", "57P03"})
LOST_CLASS = "08"


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Tell what a disk cannot do.

    Raises:
        StoreFull: There is no room.
        StoreReadOnly: It cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StoreFull(where=str(folder)) from error
        if error.errno in READ_ONLY:
            raise StoreReadOnly(where=str(folder)) from error
        raise


@contextmanager
def store_told(where: str, waited_s: float) -> Iterator[None]:
    """Tell what a caller can do about an error of the store; a fault of our own goes up as it is.

    Args:
        where: The store, as it may be shown: a path, or an address without its password.
        waited_s: How long a caller waits at most.

    Raises:
        StoreBusy: Others write, or every connection is taken.
        StoreAway: The server is not there, or went away.
        StoreRefused: It does not let us in.
        StoreFull: There is no room.
        StoreReadOnly: It cannot be written.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy(waited_s=waited_s) from error
    except DBAPIError as error:
        told = trouble_of(error, where, waited_s)
        if told is None:
            raise
        raise told from error
    except OSError as error:
        # The driver of PostgreSQL lets some errors of the network through as they are.
        if isinstance(error, ssl.SSLError):
            raise StoreRefused(
                where=where, why_zh=f"TLS 未通过（{error.reason}）", why_en=f"TLS: {error}"
            ) from error
        if isinstance(error, ConnectionError | TimeoutError):
            raise StoreAway(where=where, why=type(error).__name__) from error
        raise


def trouble_of(error: DBAPIError, where: str, waited_s: float) -> HuitianError | None:
    """Return what an error of a driver means; None where it is a fault of our own."""
    if isinstance(error.orig, sqlite3.Error):
        return sqlite_trouble(error.orig, where, waited_s)
    code = code_of(error)
    if code in REFUSED:
        zh, en = REFUSED[code]
        return StoreRefused(where=where, why_zh=zh, why_en=en, sqlstate=code)
    if code in TRY_AGAIN:
        return StoreBusy(waited_s=waited_s)
    if code in IS_FULL:
        return StoreFull(where=where)
    if is_read_only(error):
        return StoreReadOnly(where=where)
    if is_lost(code) or (not code and isinstance(error, InterfaceError)) or error.connection_invalidated:
        return StoreAway(where=where, why=code or "connection lost")
    return None


def is_read_only(error: DBAPIError) -> bool:
    """Return whether a statement was refused because its connection may only read, as one to a standby."""
    return code_of(error) in IS_READ_ONLY


def sqlite_trouble(error: sqlite3.Error, where: str, waited_s: float) -> HuitianError | None:
    """Return what an error of SQLite means; None where it is a fault of our own."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {SQLITE_BUSY, SQLITE_LOCKED}:
        return StoreBusy(waited_s=waited_s)
    if code == SQLITE_FULL:
        return StoreFull(where=where)
    if code in {SQLITE_READONLY, SQLITE_CANTOPEN}:
        return StoreReadOnly(where=where)
    return None


def code_of(error: DBAPIError) -> str:
    """Return the SQLSTATE of an error of the PostgreSQL driver; empty where it has none."""
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(told.get("C", "")) if isinstance(told, dict) else ""


def is_lost(sqlstate: str) -> bool:
    """Return whether a connection that was told this is of no use any more."""
    return sqlstate in LOST or sqlstate.startswith(LOST_CLASS)
