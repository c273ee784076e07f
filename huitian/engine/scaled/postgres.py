"""PostgreSQL as Huitian uses it: no extension is needed; boxes are indexed by GiST over the built-in type."""

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, func, text
from sqlalchemy.pool import QueuePool

from huitian.engine.tables import EntityTable

CHANNEL = "huitian_outbox"
"""Channel of the wake-up; what happened is read from the outbox, never from the message."""


def connect(address: str, pool_size: int = 16) -> Engine:
    """Return an engine on a PostgreSQL database.

    Args:
        address: ``postgresql://user:password@host:port/database``.
        pool_size: Connections kept open by this process.
    """
    engine = create_engine(
        address.replace("postgresql://", "postgresql+pg8000://", 1),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
    )

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
