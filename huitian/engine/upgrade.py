"""Brings a store to the newest revision by Alembic; revisions are numbered ``0001``, ``0002``, … and sort."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

VERSION_TABLE = "store_revision"


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
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction."""
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take a store back to an older revision, in one transaction; what only newer ones hold is lost."""
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
