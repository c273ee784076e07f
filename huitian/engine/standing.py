"""Whether all objects of an entity stand in an edition, so that who may see all its places need not ask of each object.

``whole_standing`` says of an entity and an edition: from a day on, every row has exactly one anchor in the tree of that
edition, at one of its places, and the ranks of those places lie between two. Nobody keeps it up: whoever writes rows
leaves a note in ``standing_change`` in the same transaction, and while there is a note nothing is believed. Notes only
ever come, so writers do not wait for one another; ``survey`` finds out anew and takes the notes away that it saw.
See decision 21.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, false, insert, or_

from huitian.engine.tables import (
    ENTITY_TABLES,
    EntityTable,
    anchor,
    edition,
    edition_place,
    standing_change,
    whole_standing,
)
from huitian.model.query import Row
from huitian.model.scope import Allowed

SETTLED: dict[str, EntityTable] = {
    name: lies for name, lies in ENTITY_TABLES.items() if lies.anchor_entity and lies.anchor_entity != "case"
}
"""Entities whose rows come by loads. Cases come all day long: nothing would be believed of them for long."""
PLACES = frozenset({edition.name, edition_place.name})


def concerned(table: Table, anchored: Iterable[object] | None = None) -> tuple[str, ...]:
    """Return the entities whose standing a written table may change.

    Args:
        table: What was written.
        anchored: Of the table of anchors: whose they are; None where that is not known.
    """
    if table.name in PLACES or (table is anchor and anchored is None):
        return tuple(SETTLED)
    if table is anchor:
        whose = set(anchored or ())
        return tuple(name for name, lies in SETTLED.items() if lies.anchor_entity in whose)
    return (table.name,) if table.name in SETTLED else ()


def moves_by(table: Table, names: Iterable[str]) -> bool:
    """Return whether a row that changes in these columns may stand elsewhere afterwards."""
    lies = SETTLED.get(table.name)
    if lies is None:
        return bool(concerned(table))
    keys = {column.name for column in table.primary_key}
    return bool({lies.anchor_column, *keys}.intersection(names))


def change_rows(entities: Iterable[str]) -> list[Row]:
    """Return the notes that entities changed; each is one of its kind, so that none stands for another."""
    return [{"entity": name, "change_id": uuid.uuid4().hex} for name in entities]


def note_changes(connection: Connection, entities: Iterable[str]) -> None:
    """Write down that entities changed, in the transaction of the connection."""
    connection.execute(insert(standing_change), change_rows(entities))


def may_stand_whole(allowed: Allowed) -> bool:
    """Return whether it is worth asking if all objects are inside a permission."""
    return (
        allowed.is_wide and bool(allowed.intervals) and allowed.edition_id is not None
        and allowed.entity in SETTLED
    )  # fmt: skip


def stands_whole(allowed: Allowed, on_day: date) -> ColumnElement[bool]:
    """Return the condition that every row of an entity stands inside a permission on a day.

    It names no column of a row, so a store asks it once and not of each row.
    """
    return condition(allowed.entity, allowed.edition_id, allowed.intervals, on_day)


@lru_cache(maxsize=256)
def condition(
    entity: str, edition_id: str | None, intervals: tuple[tuple[int, int], ...] | None, on_day: date
) -> ColumnElement[bool]:
    """Return the condition; kept, because making it takes a good part of the time that a tile of the map does."""
    known = exists().where(
        whole_standing.c.entity == entity,
        whole_standing.c.edition_id == edition_id,
        whole_standing.c.since_on <= on_day,
        or_(
            false(),
            *(
                and_(whole_standing.c.rank_first >= first, whole_standing.c.rank_last <= last)
                for first, last in intervals or ()
            ),
        ),
    )
    return and_(known, ~exists().where(standing_change.c.entity == entity))
