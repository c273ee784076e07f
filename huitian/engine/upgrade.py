"""Brings a store to the newest revision by Alembic; revisions are numbered ``0001``, ``0002``, … and sort."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from huitian.engine.writing import WRITING
from huitian.errors import StoreTooNew

VERSION_TABLE = "store_revision"
UPGRADE_LOCK = 0x4856
"""Advisory lock of PostgreSQL that whoever changes the schema holds until the transaction ends."""


def alembic_config() -> Config:
    """Return Alembic's settings for the scripts of this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def head_revision() -> str:
    """Return the newest revision this program knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def revision_of(engine: Engine) -> str | None:
    """Return the revision of a store, None for an empty one."""
    with engine.connect() as connection:
        return revision_in(connection)


def revision_in(connection: Connection) -> str | None:
    """Return the revision of a store as a transaction sees it, None for an empty one."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction; of two processes that do, one waits for the other.

    Args:
        engine: The store.
        to: Revision to stop at.

    Raises:
        StoreTooNew: It was written by a newer Huitian.
    """
    config = alembic_config()
    with changing(engine) as connection:
        found = revision_in(connection)
        if found is not None and found > head_revision():
            raise StoreTooNew(found=found, known=head_revision())
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def downgrade(engine: Engine, revision: str) -> None:
    """Take a store back to an older revision, in one transaction; what only newer ones hold is lost."""
    config = alembic_config()
    with changing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that changes the schema: alone, so that what it then reads stays true until it ends."""
    with engine.execution_options(**{WRITING: True}).begin() as connection:
        if connection.dialect.name != "postgresql":
            yield connection
            return
        from huitian.engine.scaled.postgis import views_aside

        # However long the other one takes: what it does is what this one came for.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        with views_aside(connection):
            yield connection
