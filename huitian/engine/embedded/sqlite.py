"""SQLite as Huitian uses it: WAL, foreign keys, a busy timeout, R*Tree over boxes, writers that queue."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, literal_column, text

from huitian.engine.tables import ENTITY_TABLES, EntityTable
from huitian.engine.writing import WRITING


def connect(path: Path, busy_timeout_s: float) -> Engine:
    """Return an engine on a SQLite file; the file is made when missing.

    ``synchronous=FULL``: what was acknowledged survives a power cut, not only a killed process.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": busy_timeout_s, "isolation_level": None, "check_same_thread": False},
        pool_size=16,
        max_overflow=32,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is removed is overwritten; some builds of SQLite do so unasked, and others do not.
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_s * 1000)}")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(
            "PRAGMA analysis_limit=1000"
        )  # of the rows of an index: a count takes ms, not minutes
        connection.execute("PRAGMA cache_size=-16384")  # 16 MB a connection

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get(WRITING) else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def spatial_tables() -> list[EntityTable]:
    """Return the tables whose boxes are indexed."""
    return [lies for lies in ENTITY_TABLES.values() if lies.is_spatial]


def rebuild_boxes(connection: Connection) -> None:
    """Fill every R*Tree anew from its table."""
    for lies in spatial_tables():
        name = lies.table.name
        key = next(iter(lies.table.primary_key)).name
        connection.execute(text(f"DELETE FROM box_{name}"))
        connection.execute(
            text(
                f"INSERT INTO box_{name} SELECT rowid, west, east, south, north, {key} FROM {name} "
                "WHERE west IS NOT NULL"
            )
        )


def overlap(lies: EntityTable, box: tuple[float, float, float, float]) -> ColumnElement[bool]:
    """Return the box filter: candidates from the R*Tree (32-bit, rounded outward), then the exact columns."""
    west, south, east, north = box
    table = lies.table
    key = next(iter(table.primary_key))
    candidates = text(
        f"SELECT object_id FROM box_{table.name} WHERE east >= :box_west AND west <= :box_east "
        "AND north >= :box_south AND south <= :box_north"
    ).bindparams(box_west=west, box_south=south, box_east=east, box_north=north)
    return (
        key.in_(candidates.columns(literal_column("object_id")))
        & (table.c.east >= west)
        & (table.c.west <= east)
        & (table.c.north >= south)
        & (table.c.south <= north)
    )


def empty_log(path: Path) -> None:
    """Bring the write-ahead log into the store and empty it, so that what was removed is not in it any more.

    Others may be reading: then it stays, and the next time does it.
    """
    told = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    with closing(told) as connection, suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
