"""Marks of a store: whether it may be worked with, and what becomes of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Connection, delete, insert, inspect, select

from huitian.engine.tables import store_mark

HALF_MADE = "half_made"
"""Mark of a store that is being filled by a move or a restore; told: by which."""
MOVED_TO = "moved_to"
"""Mark of a store whose rows were moved elsewhere; told: where to, without a password."""
ARRIVED = "arrived"
"""Mark of a store that was filled, until the folder names it and the old one is marked; told: where from."""


def marks_of(connection: Connection) -> dict[str, str]:
    """Return what each mark tells; empty for a store without marks, or of a revision before they were."""
    if not inspect(connection).has_table(store_mark.name):
        return {}
    return {mark: told or "" for mark, told in connection.execute(select(store_mark))}


def change_marks(
    connection: Connection, gone: Sequence[str] = (), told: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Take marks away and set others, in the transaction of the connection."""
    connection.execute(delete(store_mark).where(store_mark.c.mark.in_([*gone, *told])))
    for mark, words in told.items():
        connection.execute(insert(store_mark).values(mark=mark, told=words))
