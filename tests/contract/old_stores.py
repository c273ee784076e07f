"""Stores as released versions left them: a row of every kind in every table, made from the schema itself."""

import hashlib
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Engine, MetaData, Table

from huitian.engine.embedded.sqlite import connect as connect_sqlite
from huitian.engine.scaled.postgres import connect as connect_postgres
from huitian.engine.upgrade import VERSION_TABLE, upgrade

RELEASED = ("0001",)
"""Revision of every released version, oldest first: 0.1.0 is 0001."""
N_ROWS = 12
WORDS = (
    "楼道灯不亮",
    "",
    "O'Brien; DROP TABLE place",
    "𠮷野家🏮",
    " blanks ",
    "换\n行\t符",
    "%_\\",
    "a" * 3000,
)
BOX = ("west", "south", "east", "north")

MOVED = {"user_account": ("role", "lens", "place_id")}
"""Columns that a later revision took into another table: of accounts into their first grant."""

Rows = dict[str, list[tuple[Any, ...]]]


def connect(address: str) -> Engine:
    """Return an engine on a store: the address of a PostgreSQL database, or the path of a SQLite file."""
    if address.startswith("postgresql"):
        return connect_postgres(address, 2, 20)
    return connect_sqlite(Path(address), 20)


def tables_of(sql: Engine) -> MetaData:
    """Return the tables that a store has, without the version table and what SQLite keeps of its R*Trees."""
    found = MetaData()

    def is_ours(name: str, _meta: MetaData) -> bool:
        return name != VERSION_TABLE and not name.startswith("box_")

    found.reflect(sql, only=is_ours)
    return found


def make_old(sql: Engine, revision: str, seed: int) -> Rows:
    """Make a store of a released version with rows in every table; returns them."""
    upgrade(sql, revision)
    draw = random.Random(seed)
    with sql.begin() as connection:
        fill(connection, tables_of(sql), draw)
    return rows_of(sql)


def fill(connection: Connection, tables: MetaData, draw: random.Random) -> None:
    """Write rows into every table that has none, those first that others point at."""
    keys: dict[Column[Any], list[Any]] = {}
    for table in tables.sorted_tables:
        if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        else:
            rows = [made(table, n, keys, draw) for n in range(N_ROWS)]
            connection.execute(sa.insert(table), rows)
        for column in table.columns:
            keys[column] = [row[column.name] for row in rows]
    move_numbers_on(connection)


def move_numbers_on(connection: Connection) -> None:
    """Let PostgreSQL count on from the numbers that were written, as a store in use does."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT setval('outbox_seq_seq', (SELECT max(seq) FROM outbox))")


def made(table: Table, n: int, keys: dict[Column[Any], list[Any]], draw: random.Random) -> dict[str, Any]:
    """Return one row; every third has nothing in the columns that may be empty."""
    row: dict[str, Any] = {}
    for column in table.columns:
        is_key = column.primary_key or any(
            column.name in constraint.columns
            for constraint in table.constraints
            if isinstance(constraint, sa.UniqueConstraint)
        )
        for reference in column.foreign_keys:
            row[column.name] = keys[reference.column][n % N_ROWS]
        if column.name in row:
            continue
        is_empty = not is_key and column.nullable and n % 3 == 2
        row[column.name] = None if is_empty else value(column, n if is_key else None, draw)
    if "west" in row and row["west"] is not None:
        row |= {"west": 116.0 + n / 100, "south": 40.0, "east": 116.005 + n / 100, "north": 40.1}
    return row


def value(column: Column[Any], key_no: int | None, draw: random.Random) -> Any:
    """Return a value of the type of a column; ``key_no`` asks for one that no other number gives."""
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {"词": draw.choice(WORDS), "n": [draw.randint(-9, 9), None, True, 0.1], "in": {"": []}}
    if isinstance(kind, sa.Boolean):
        return draw.random() < 0.5
    if isinstance(kind, sa.BigInteger):
        return key_no if key_no is not None else draw.randint(-(2**53), 2**53)
    if isinstance(kind, sa.Integer):
        return key_no + 1 if key_no is not None else draw.randint(-(2**31), 2**31 - 1)
    if isinstance(kind, sa.Date):
        return date(1949, 10, 1) + timedelta(days=key_no if key_no is not None else draw.randint(0, 40_000))
    if isinstance(kind, sa.Float):
        return draw.choice([0.1, -1e300, 116.391_234_567_890_1, draw.random()])
    if isinstance(kind, sa.LargeBinary):
        return draw.randbytes(draw.randint(0, 200))
    assert isinstance(kind, sa.String), f"{column}: no values of {kind!r} are known here"
    return f"{column.name}-{key_no}-{draw.choice(WORDS)[:6]}" if key_no is not None else draw.choice(WORDS)


def rows_of(sql: Engine, like: Rows | None = None) -> Rows:
    """Return all rows of all tables in one order; ``like`` narrows them to what another store has.

    The first row of every table is the names of its columns.
    """
    tables = tables_of(sql)
    found: Rows = {}
    with sql.connect() as connection:
        for name, table in tables.tables.items():
            if like is not None and name not in like:
                continue
            names = [c.name for c in table.columns] if like is None else list(like[name][0])
            rows = connection.execute(sa.select(*(table.c[c] for c in names)))
            found[name] = [tuple(names), *sorted((tuple(row) for row in rows), key=repr)]
        if sql.dialect.name == "sqlite" and like != {}:
            for (name,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
            ).all():
                boxes = connection.exec_driver_sql(f"SELECT * FROM {name}").all()
                found[name] = [(), *sorted((tuple(row) for row in boxes), key=repr)]
    return found


def still(rows: Rows) -> Rows:
    """Return old rows without the columns that are in another table by now."""
    found: Rows = {}
    for name, (names, *values) in rows.items():
        kept = [n for n, column in enumerate(names) if column not in MOVED.get(name, ())]
        cut = [tuple(row[n] for n in kept) for row in values] if names else values
        found[name] = [tuple(names[n] for n in kept), *(sorted(cut, key=repr) if names else cut)]
    return found


def moved_of(sql: Engine, old: Rows) -> tuple[set[Any], set[Any]]:
    """Return what old accounts might see, and what their first grants say, as (account, role, lens, place)."""
    names = old["user_account"][0]
    at = [names.index(name) for name in ("user_id", *MOVED["user_account"])]
    grant = tables_of(sql).tables["access_grant"]
    first = grant.c.grant_id == "first-" + grant.c.user_id
    asked = sa.select(grant.c.user_id, grant.c.role, grant.c.lens, grant.c.place_id).where(
        first, grant.c.version == 1, grant.c.revoked_at.is_(None), grant.c.expires_at.is_(None)
    )
    with sql.connect() as connection:
        found = {tuple(row) for row in connection.execute(asked)}
    return {tuple(row[n] for n in at) for row in old["user_account"][1:]}, found


def schema_of(sql: Engine) -> str:
    """Return a digest of the tables of a store: columns, types, keys and indexes."""
    tables = tables_of(sql)
    told = []
    for table in sorted(tables.tables.values(), key=lambda t: t.name):
        told += [f"{table.name}.{c.name} {c.type} {c.nullable} {c.primary_key}" for c in table.columns]
        told += sorted(f"{index.name} {[c.name for c in index.columns]}" for index in table.indexes)
        told += sorted(f"{one.name} {type(one).__name__}" for one in table.constraints if one.name)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
