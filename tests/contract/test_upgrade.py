"""The migrations lead to the tables the code works with, up and down, on every store."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import inspect

from huitian.engine.embedded.sqlite import connect as connect_sqlite
from huitian.engine.scaled.postgres import connect as connect_postgres
from huitian.engine.tables import METADATA
from huitian.engine.upgrade import VERSION_TABLE, downgrade, head_revision, revision_of, upgrade

pytestmark = pytest.mark.contract


@pytest.fixture(params=["sqlite", "postgresql"])
def sql(request: pytest.FixtureRequest, tmp_path: Path) -> SqlEngine:
    """Return an empty database of each kind."""
    if request.param == "sqlite":
        return connect_sqlite(tmp_path / "store.sqlite", 5)
    return connect_postgres(request.getfixturevalue("postgres_server").database(), 2)


def test_the_migrations_make_the_tables_of_the_code(sql: SqlEngine) -> None:
    upgrade(sql)
    assert revision_of(sql) == head_revision()
    with sql.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        found = [
            one for one in compare_metadata(context, METADATA)
            if not (one[0] in {"remove_table", "remove_index"} and "box" in str(one[1].name))
        ]  # fmt: skip
    assert found == []
    upgrade(sql)
    sql.dispose()


def test_down_and_up_again(sql: SqlEngine) -> None:
    upgrade(sql)
    downgrade(sql, "base")
    left = {name for name in inspect(sql).get_table_names() if not name.startswith("sqlite_")}
    assert left <= {VERSION_TABLE}
    upgrade(sql)
    assert revision_of(sql) == head_revision()
    sql.dispose()
