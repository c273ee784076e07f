"""Turns declarative reads into SQL, with the filter of ``Allowed`` built in; the same for every SQL store."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from huitian.engine.columns import EPOCH
from huitian.engine.standing import stands_whole
from huitian.engine.tables import ENTITY_TABLES, EntityTable, anchor, edition_place
from huitian.errors import UnknownEntity, UnknownField
from huitian.model.query import AnyOf, Condition, Query, Tally, Where
from huitian.model.scope import Allowed

SHANGHAI_OFFSET = timedelta(hours=8)
"""Asia/Shanghai has had no daylight saving since 1991, so days are a fixed shift of UTC."""
HOUR_US = 3_600_000_000

DATED = frozenset({"building", "dwelling", "component", "occupancy"})
"""Entities whose rows are true from a day to a day; of the others a reader gets every row."""

Overlap = Callable[[EntityTable, tuple[float, float, float, float]], ColumnElement[bool]]


def entity_table(name: str) -> EntityTable:
    """Return how an entity lies in the store.

    Raises:
        UnknownEntity: There is none of that name.
    """
    found = ENTITY_TABLES.get(name)
    if found is None:
        raise UnknownEntity(entity=name)
    return found


def day_of(allowed: Allowed) -> date:
    """Return the Asia/Shanghai date of the reading."""
    return (allowed.as_of + SHANGHAI_OFFSET).date()


class Reading:
    """One entity under one permission: resolves columns and holds the joins that the permission asks for.

    Args:
        allowed: The permission.
        entity: The entity.
        overlap: How the store finds boxes that overlap.
        is_whole: Read as one without a scope does, where all objects stand inside the permission; else find nothing.
    """

    def __init__(self, allowed: Allowed, entity: str, overlap: Overlap, *, is_whole: bool = False) -> None:
        if allowed.entity != entity:
            raise UnknownEntity(entity=entity)
        self.allowed = allowed
        self.lies = entity_table(entity)
        self.table = self.lies.table
        self.overlap = overlap
        self.is_whole = is_whole
        self.needs_place = False

    def column(self, name: str) -> ColumnElement[Any]:
        """Return the SQL column of an allowed name; ``place_id`` of an anchored entity is where it stands.

        Raises:
            UnknownField: The entity has no such column or the reader may not see it.
        """
        if name not in self.allowed.columns:
            raise UnknownField(entity=self.allowed.entity, field=name)
        if name == "place_id" and self.lies.anchor_entity:
            self.needs_place = True
            return anchor.c.place_id
        if name not in self.table.c:
            raise UnknownField(entity=self.allowed.entity, field=name)
        return self.table.c[name]

    def condition(self, item: Condition | AnyOf) -> ColumnElement[bool]:
        """Return one condition as SQL."""
        if isinstance(item, AnyOf):
            return or_(*(self.condition(one) for one in item.conditions))
        if item.operator == "overlaps":
            west, south, east, north = (float(v) for v in item.operand)
            return self.overlap(self.lies, (west, south, east, north))
        column = self.column(item.column)
        return OPERATIONS[item.operator](column, item.operand)

    def source(self) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Return what to select from and the filter that the permission asks for."""
        allowed, table, on_day = self.allowed, self.table, day_of(self.allowed)
        if self.is_whole and not self.needs_place:
            return table, [stands_whole(allowed, on_day)]
        if self.lies.anchor_entity and (self.needs_place or allowed.intervals is not None):
            stands = and_(
                anchor.c.entity == self.lies.anchor_entity,
                anchor.c.object_id == table.c[self.lies.anchor_column],
                anchor.c.tree_id == allowed.tree_id,
                anchor.c.valid_from <= on_day,
                or_(anchor.c.valid_to.is_(None), anchor.c.valid_to > on_day),
            )
            if allowed.intervals is None or self.is_whole:
                return table.outerjoin(anchor, stands), (
                    [stands_whole(allowed, on_day)] if self.is_whole else []
                )
            # The places first: a reader of one street should not walk the anchors of the whole city.
            ranked = select(edition_place.c.place_id).where(
                edition_place.c.edition_id == allowed.edition_id, self.in_intervals()
            )
            return table.join(anchor, stands), [anchor.c.place_id.in_(ranked)]
        # Places are always those of one edition; findings are joined only to be narrowed.
        is_joined = allowed.intervals is not None or allowed.entity == "place"
        if self.lies.place_column and allowed.edition_id is not None and is_joined:
            joined = table.join(edition_place, self.in_edition(table.c[self.lies.place_column]))
            return joined, [self.in_intervals()] if allowed.intervals is not None else []
        return table, [] if allowed.intervals is None else [false()]

    def never_missing(self) -> frozenset[str]:
        """Return the columns that every row has; where an object stands may be unknown, whatever the anchors say."""
        own = frozenset(column.name for column in self.table.c if not column.nullable)
        return own - {"place_id"} if self.lies.anchor_entity else own

    def in_edition(self, place_column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the join with the edition of the permission."""
        return and_(
            edition_place.c.edition_id == self.allowed.edition_id, edition_place.c.place_id == place_column
        )

    def in_intervals(self) -> ColumnElement[bool]:
        """Return the rank filter: "all below" is a BETWEEN."""
        assert self.allowed.intervals is not None  # noqa: S101
        return or_(false(), *(edition_place.c.rank.between(a, b) for a, b in self.allowed.intervals))

    def filters(self, where: Where) -> list[ColumnElement[bool]]:
        """Return all conditions as SQL, those on time that the permission sets included."""
        return [*self.in_time(), *(self.condition(item) for item in where)]

    def in_time(self) -> list[ColumnElement[bool]]:
        """Return the filters by validity and by instant."""
        allowed, columns = self.allowed, self.table.c
        found: list[ColumnElement[bool]] = []
        if allowed.valid_on is not None and allowed.entity in DATED:
            found.append(or_(columns.valid_from.is_(None), columns.valid_from <= allowed.valid_on))
            found.append(or_(columns.valid_to.is_(None), columns.valid_to > allowed.valid_on))
        if allowed.instant_column:
            found.append(columns[allowed.instant_column] <= allowed.as_of)
        return found


def escape_like(words: str) -> str:
    """Return words with the wildcards of LIKE taken literally."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


OPERATIONS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, operand: column == operand,
    "ne": lambda column, operand: or_(column != operand, column.is_(None)),
    "in": lambda column, operand: column.in_(list(operand)),
    "lt": lambda column, operand: column < operand,
    "le": lambda column, operand: column <= operand,
    "gt": lambda column, operand: column > operand,
    "ge": lambda column, operand: column >= operand,
    "is_null": lambda column, _operand: column.is_(None),
    "not_null": lambda column, _operand: column.is_not(None),
    "contains": lambda column, operand: column.ilike(f"%{escape_like(str(operand))}%", escape="\\"),
    "starts": lambda column, operand: column.ilike(f"{escape_like(str(operand))}%", escape="\\"),
}


def rows_of(allowed: Allowed, query: Query, overlap: Overlap, *, is_whole: bool = False) -> Select[Any]:
    """Return the statement for the rows of a query.

    With ``is_whole`` it answers where all objects stand inside the permission. Where they do not there are no rows, nor
    is there a number of ``total_of``: the answer must be asked for without it.
    """
    reading = Reading(allowed, query.entity, overlap, is_whole=is_whole)
    names: Sequence[str] = query.columns or [
        n for n in allowed.columns if n in reading.table.c or n == "place_id"
    ]
    columns = [reading.column(name).label(name) for name in names]
    filters = reading.filters(query.where)
    keys = [reading.table.c[c.name] for c in reading.table.primary_key]
    order: list[ColumnElement[Any]] = []
    for name in query.sort:
        column = reading.column(name.removeprefix("-"))
        # Missing values last in both directions, on every store; where none can be, an index gives the order.
        if name.removeprefix("-") not in reading.never_missing():
            order.append(column.is_(None))
        order.append(column.desc() if name.startswith("-") else column.asc())
    source, permitted = reading.source()
    rows = select(*columns).select_from(source).where(*permitted, *filters).order_by(*order, *keys)
    return rows.limit(query.limit).offset(query.offset)


def total_of(
    allowed: Allowed, entity: str, where: Where, overlap: Overlap, *, is_whole: bool = False
) -> Select[Any]:
    """Return the statement for the number of rows: what is only shown of a row is not joined to be counted."""
    reading = Reading(allowed, entity, overlap, is_whole=is_whole)
    filters = reading.filters(where)
    source, permitted = reading.source()
    counted = select(func.count()).select_from(source)
    if is_whole:
        # The condition stands around the count: so no number is not 0, and a count without a filter stays one.
        return select(counted.where(*filters).scalar_subquery()).where(*permitted)
    return counted.where(*permitted, *filters)


def tally_of(allowed: Allowed, tally: Tally, overlap: Overlap, *, is_whole: bool = False) -> Select[Any]:
    """Return the statement of a tally; a bucket comes back as ``bucket_no``, whole hours or days since 1970.

    Of ``is_whole`` see ``rows_of``.
    """
    reading = Reading(allowed, tally.entity, overlap, is_whole=is_whole)
    groups = [reading.column(name).label(name) for name in tally.group_by]
    if tally.bucket is not None:
        column, grain = tally.bucket
        width_us = HOUR_US if grain == "hour" else 24 * HOUR_US
        shift_us = int(SHANGHAI_OFFSET.total_seconds()) * 1_000_000
        micros = type_coerce(reading.column(column), BigInteger)
        # Written out, not bound: PostgreSQL does not see that two bound constants are one expression.
        shift: ColumnElement[int] = literal_column(str(shift_us))
        width: ColumnElement[int] = literal_column(str(width_us))
        groups.append(((micros + shift) // width).label("bucket_no"))
    measures = [func.count().label("n"), *(func.sum(reading.column(s)).label(f"sum_{s}") for s in tally.sums)]
    filters = reading.filters(tally.where)
    source, permitted = reading.source()
    counted = select(*groups, *measures).select_from(source)
    if is_whole:
        # Around the groups: inside, PostgreSQL hands every row through one step more.
        inner = counted.where(*filters).group_by(*groups).subquery()
        return select(*inner.c).where(*permitted)
    return counted.where(*permitted, *filters).group_by(*groups)


def whole_of(allowed: Allowed) -> Select[Any]:
    """Return the statement that has a row where all objects stand inside a permission."""
    return select(literal_column("1")).where(stands_whole(allowed, day_of(allowed)))


__all__ = ["EPOCH", "HOUR_US", "SHANGHAI_OFFSET", "Overlap", "Reading", "entity_table", "rows_of", "tally_of"]
