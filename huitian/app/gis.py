"""Views of a city for map programs: made and removed, where its store is PostgreSQL with PostGIS."""

from pathlib import Path

from huitian.app.stores import open_store
from huitian.engine.scaled import ScaledEngine
from huitian.engine.scaled.postgis import ROLE, SCHEMA, make_views, remove_views
from huitian.engine.troubles import store_told
from huitian.errors import GisNotPossible
from huitian.settings import Settings

__all__ = ["ROLE", "SCHEMA", "make_gis", "remove_gis"]


def make_gis(folder: Path, settings: Settings) -> tuple[int, dict[str, int]]:
    """Make the views of a city; returns their SRID and how many rows each shows.

    Raises:
        GisNotPossible: The store is SQLite, PostGIS is not there, or a right is missing.
    """
    engine = opened(folder, settings)
    try:
        with store_told(engine.where, settings.busy_timeout_s):
            return make_views(engine.sql, int(settings.gis_srid))
    finally:
        engine.close()


def remove_gis(folder: Path, settings: Settings) -> bool:
    """Remove the views of a city; returns whether there were any.

    Raises:
        GisNotPossible: The store is SQLite.
    """
    engine = opened(folder, settings)
    try:
        with store_told(engine.where, settings.busy_timeout_s):
            return remove_views(engine.sql)
    finally:
        engine.close()


def opened(folder: Path, settings: Settings) -> ScaledEngine:
    """Return the store of a city that can have views."""
    engine = open_store(folder, settings)
    if not isinstance(engine, ScaledEngine):
        engine.close()
        raise GisNotPossible(
            why_zh="这座城市用 SQLite；先用 huitian move 迁到 PostgreSQL",
            why_en="this city is in SQLite; huitian move takes it to PostgreSQL",
        )
    return engine
