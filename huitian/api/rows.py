"""Rows of a catalogue entity as tables show them."""

from collections.abc import Sequence
from datetime import date, datetime

from huitian.api.asking import (
    BOX,
    POINT,
    cursor_of,
    next_cursor,
    open_column,
    question_of,
    refused,
    sort_of,
    where_of,
)
from huitian.api.wire.rows import Column, CountCell, Counts, Entity, Rows
from huitian.base.entities import ENTITIES
from huitian.base.planner import Planner, declared_entity
from huitian.errors import NotAllowed
from huitian.indicators.moments import resolved
from huitian.model import entity as catalogue
from huitian.model.query import Query, Tally
from huitian.model.scope import Allowed, Scope

NOT_IN_TABLES = frozenset({"geometry"})
GROUPED = frozenset({"text", "integer", "boolean"})
"""Kinds of columns that rows are counted by."""
MOST_CELLS = 2000


def columns_of(declared: catalogue.Entity, allowed: Allowed) -> list[Column]:
    """Return the columns of a table: all that this reader may see, without outlines.

    The box of an entity whose point is masked would undo the mask, so it is left out.
    """
    hidden = BOX if POINT & set(allowed.masks) else frozenset()
    return [
        Column(c.name, c.kind, c.title_zh, c.title_en, c.unit, c.name in allowed.masks)
        for c in declared.columns
        if c.kind not in NOT_IN_TABLES and c.name in allowed.columns and c.name not in hidden
        and allowed.masks.get(c.name) != "hidden"
    ]  # fmt: skip


def entity_shown(planner: Planner, scope: Scope, declared: catalogue.Entity) -> Entity:
    """Return an entity of the catalogue and whether the reader may read it."""
    try:
        planner.allow(scope, declared.name)
        can_read = True
    except NotAllowed:
        can_read = False
    columns = [Column(c.name, c.kind, c.title_zh, c.title_en, c.unit) for c in declared.columns]
    return Entity(
        declared.name, declared.title_zh, declared.title_en, declared.key, columns, declared.standing,
        declared.release, declared.label, can_read,
    )  # fmt: skip


def catalogue_of(planner: Planner, scope: Scope) -> list[Entity]:
    """Return the whole catalogue."""
    return [entity_shown(planner, scope, declared) for declared in ENTITIES.values()]


def table(
    planner: Planner, scope: Scope, entity: str, place_id: str | None, at: date | datetime | None,
    conditions: Sequence[str], sort: str | None, cursor: str | None, limit: int, month_day: int,
) -> Rows:  # fmt: skip
    """Return a page of rows.

    Raises:
        UnknownEntity: The catalogue has none of that name.
        UnknownField: A column is not there, or masked for this reader and asked to be compared.
        NotAllowed: The role may not read it.
    """
    declared = declared_entity(entity)
    question = question_of("rows", entity, place_id, at, conditions, sort, limit, scope)
    start = cursor_of(cursor, question)
    allowed = planner.allow(scope, entity, place_id, at=start.as_of or at)
    where = resolved(where_of(declared, allowed, conditions), allowed.as_of, month_day)
    columns = columns_of(declared, allowed)
    query = Query(
        entity, where, tuple(c.name for c in columns), sort_of(declared, allowed, sort), limit, start.offset
    )
    page = planner.read(allowed, query)
    return Rows(
        columns, list(page.rows), page.n_total,
        next_cursor(question, start.offset, len(page.rows), page.n_total, allowed.as_of), allowed.as_of,
    )  # fmt: skip


def counts(
    planner: Planner, scope: Scope, entity: str, by: Sequence[str], place_id: str | None, at: date | datetime | None,
    conditions: Sequence[str], month_day: int,
) -> Counts:  # fmt: skip
    """Return rows counted by one or two columns.

    Raises:
        NotAllowed: The role may not read it, or it is counted only by figures, which keep small counts back.
        UnknownField: A column is not there, or masked for this reader.
    """
    declared = declared_entity(entity)
    allowed = planner.allow(scope, entity, place_id, at=at)
    if declared.release == "protected":
        raise NotAllowed(why=f"{entity}: protected")
    columns = {c.name: c for c in columns_of(declared, allowed)}
    for name in by:
        kind, column = open_column(declared, allowed, name), declared.column(name)
        # What points to a person is masked row by row (an anonymous writer's name under every lens): no list of it.
        if kind not in GROUPED or column is None or column.v2 != "full":
            raise refused("by", f"不能按“{name}”分组", f"rows cannot be counted by {name}")
    where = resolved(where_of(declared, allowed, conditions), allowed.as_of, month_day)
    rows = planner.tally(allowed, Tally(entity, where, tuple(by)))
    ordered = sorted(rows, key=lambda row: (-row["n"], [str(row[name]) for name in by]))
    return Counts(
        [columns[name] for name in by],
        [CountCell([row[name] for name in by], row["n"]) for row in ordered[:MOST_CELLS]],
        sum(row["n"] for row in rows), len(rows) > MOST_CELLS, allowed.as_of,
    )  # fmt: skip
