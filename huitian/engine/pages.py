"""Reads pages of rows from a SQL store."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from huitian.engine.sealing.fields import SEALED, opened_rows
from huitian.engine.sealing.vault import Vault
from huitian.engine.standing import may_stand_whole
from huitian.engine.statements import Overlap, entity_table, rows_of, total_of
from huitian.errors import UnknownField
from huitian.model.query import AnyOf, Page, Query
from huitian.model.scope import Allowed


def read_page(
    connection: Connection, allowed: Allowed, query: Query, overlap: Overlap, vault: Vault | None = None
) -> Page:
    """Run a query, first as if there were no scope where that may be the same.

    Raises:
        UnknownField: A condition or an order by a sealed column.
    """
    table = entity_table(query.entity).table
    lies = SEALED.get(table.name)
    # Where something lies sealed, what is below opens it and refuses to look for it.
    if lies is None and may_stand_whole(allowed):
        page = whole_page(connection, allowed, query, overlap)
        if page is not None:
            return page
    asked = query.columns
    if lies is not None:
        check_unsealed(lies.columns, query)
        if any(name in lies.columns for name in asked):
            # What a value is bound to is needed to open it.
            query = replace(query, columns=tuple(dict.fromkeys((*asked, *lies.keys, lies.column))))
    statement = rows_of(allowed, query, overlap)
    # One row more than the page tells whether there are more; only then they are counted.
    rows = [dict(row) for row in connection.execute(statement.limit(query.limit + 1)).mappings()]
    rows = opened_rows(vault, table, rows)
    if asked != query.columns:
        rows = [{name: row[name] for name in asked} for row in rows]
    if len(rows) <= query.limit and (rows or not query.offset):
        return Page(rows, query.offset + len(rows))
    total = total_of(allowed, query.entity, query.where, overlap)
    return Page(rows[: query.limit], int(connection.execute(total).scalar_one()))


def whole_page(connection: Connection, allowed: Allowed, query: Query, overlap: Overlap) -> Page | None:
    """Return rows of an entity of which all objects stand inside a permission; None where they may not.

    Each statement finds nothing in the instant in which they do not, so whatever is found is right, and only what is
    missing has to be looked into.
    """
    statement = rows_of(allowed, query, overlap, is_whole=True)
    rows = [dict(row) for row in connection.execute(statement.limit(query.limit + 1)).mappings()]
    if rows and len(rows) <= query.limit:
        return Page(rows, query.offset + len(rows))
    n_total = connection.execute(
        total_of(allowed, query.entity, query.where, overlap, is_whole=True)
    ).scalar()
    if n_total is None or (not rows and n_total > query.offset):
        return None
    return Page(rows[: query.limit], int(n_total))


def check_unsealed(columns: Sequence[str], query: Query) -> None:
    """Refuse to look for, or sort by, what lies sealed; whether it is there may be asked."""
    flat = [one for item in query.where for one in (item.conditions if isinstance(item, AnyOf) else (item,))]
    asked = [one.column for one in flat if one.operator not in {"is_null", "not_null"}]
    for name in (*asked, *(one.removeprefix("-") for one in query.sort)):
        if name in columns:
            raise UnknownField(entity=query.entity, field=name)
