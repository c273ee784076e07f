"""Views for PostGIS readers such as QGIS, beside our tables and never in them.

Schema ``huitian_gis`` holds one view a layer: a whole-number key, one type of geometry, one SRID, and of the columns
only those that lens V1 sees in full. Nothing of persons, households, cases or accounts. The geometry is made from the
WKB of the row, and an index over the same expression is what finds it; so the tables stay as the migrations made them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from huitian.engine.scaled.postgres import standing_alone
from huitian.engine.troubles import code_of
from huitian.engine.upgrade import UPGRADE_LOCK
from huitian.errors import GisNotPossible
from huitian.model.place import LEVELS

SCHEMA = ROLE = "huitian_gis"
MARK = "huitian gis, SRID "
"""Comment of the schema: that it is ours, and in which reference system it was made."""
FALLBACK_SRID = 4326
NO_RIGHT = "42501"

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
NOW_VALID = f"(valid_from IS NULL OR valid_from <= {TODAY}) AND (valid_to IS NULL OR valid_to > {TODAY})"
WKB = "ST_GeomFromWKB(geometry, {srid})"
DIMENSIONS = {"MultiPoint": 0, "MultiLineString": 1, "MultiPolygon": 2}

PLACE = (
    "place_id",
    "tree_id",
    "code",
    "level",
    "name",
    "name_en",
    "parent_id",
    "area_m2",
    "valid_from",
    "valid_to",
)
BUILDING = (
    "building_id", "name", "use", "structure", "n_floors_above", "n_floors_below", "n_units", "n_dwellings",
    "height_m", "built_year", "valid_from", "valid_to",
)  # fmt: skip
COMPONENT = ("component_id", "class_code", "name", "status", "valid_from", "valid_to")
ORGANISATION = ("org_id", "name", "name_en", "kind", "uscc", "parent_org_id", "place_id", "capacity_n")
FEATURE = ("feature_id", "layer_id", "kind", "name")


@dataclass(frozen=True, slots=True)
class View:
    """One layer.

    Attributes:
        name: Name of the view.
        table: Where its rows are; the first of ``columns`` is the key of the table.
        columns: What is shown.
        geometry: PostGIS type: ``Point`` is made of ``lon`` and ``lat``, the others of the WKB.
        rows: Which rows are shown, besides those that have such a geometry.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    geometry: str
    rows: str = "true"

    def shape(self, srid: int) -> str:
        """Return the geometry of a row; the same words in view and index, so that the index is found."""
        if self.geometry == "Point":
            return f"ST_SetSRID(ST_MakePoint(lon, lat), {srid})::geometry(Point, {srid})"
        part = DIMENSIONS[self.geometry] + 1
        made = f"ST_Multi(ST_CollectionExtract({WKB.format(srid=srid)}, {part}))"
        return f"{made}::geometry({self.geometry}, {srid})"

    def has_shape(self, srid: int) -> str:
        """Return the condition that a row has such a geometry."""
        if self.geometry == "Point":
            return "lon IS NOT NULL AND lat IS NOT NULL"
        return f"ST_Dimension({WKB.format(srid=srid)}) = {DIMENSIONS[self.geometry]}"

    def key(self) -> str:
        """Return the whole-number key: PostgreSQL's own 63-bit hash of the text key."""
        return f"(hashtextextended({self.columns[0]}, 0) & 9223372036854775807)"

    def statements(self, srid: int) -> list[str]:
        """Return what makes the view."""
        shown = ", ".join(f'"{column}"' for column in self.columns)
        return [
            f"CREATE VIEW {SCHEMA}.{self.name} AS SELECT {self.key()} AS key_no, {shown}, "
            f"{self.shape(srid)} AS geom FROM {self.table} WHERE {self.has_shape(srid)} AND ({self.rows})"
        ]

    def index_statements(self, srid: int) -> dict[str, str]:
        """Return what makes the indexes, by name; views of the same rows share them."""
        kind = self.geometry.lower()
        return {
            f"gis_{self.table}_{kind}": f"CREATE INDEX gis_{self.table}_{kind} ON {self.table} "
            f"USING gist (({self.shape(srid)})) WHERE {self.has_shape(srid)}",
            f"gis_{self.table}_key": f"CREATE INDEX gis_{self.table}_key ON {self.table} ({self.key()})",
        }


VIEWS = (
    *(View(f"place_{level}", "place", PLACE, "MultiPolygon", f"level = '{level}' AND {NOW_VALID}")
      for level in LEVELS),
    View("building", "building", BUILDING, "MultiPolygon", NOW_VALID),
    View("building_point", "building", BUILDING, "Point", NOW_VALID),
    View("component", "component", COMPONENT, "Point", NOW_VALID),
    View("organisation", "organisation", ORGANISATION, "Point"),
    View("feature_point", "feature", FEATURE, "MultiPoint"),
    View("feature_line", "feature", FEATURE, "MultiLineString"),
    View("feature_area", "feature", FEATURE, "MultiPolygon"),
)  # fmt: skip


def make_views(sql: Engine, srid: int) -> tuple[int, dict[str, int]]:
    """Make the views, or make them anew; in one transaction, all or nothing. Writers wait while indexes are made.

    Args:
        sql: The store.
        srid: Reference system that lon-lat degrees are told as; where PostGIS does not know it, 4326.

    Returns:
        The SRID that was taken, and how many rows each view shows.

    Raises:
        GisNotPossible: PostGIS is not there, or a right is missing.
    """
    with sql.begin() as connection:
        alone(connection)
        check_ours(connection)
        ask(connection, "CREATE EXTENSION IF NOT EXISTS postgis")
        drop_views(connection)
        find_postgis(connection)
        known = "SELECT count(*) FROM spatial_ref_sys WHERE srid = :srid"
        if not connection.execute(text(known), {"srid": srid}).scalar_one():
            srid = FALLBACK_SRID
        if not connection.execute(text(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")).first():
            ask(connection, f"CREATE ROLE {ROLE} NOLOGIN")
        add_views(connection, srid)
        counts = {
            view.name: int(
                connection.execute(text(f"SELECT count(*) FROM {SCHEMA}.{view.name}")).scalar_one()
            )
            for view in VIEWS
        }
    with standing_alone(sql) as connection:
        # What the planner knows of an expression, it learns from ANALYZE.
        for table in dict.fromkeys(view.table for view in VIEWS):
            connection.execute(text(f"ANALYZE {table}"))
    return srid, counts


def remove_views(sql: Engine) -> bool:
    """Remove the views and their indexes; returns whether there were any. The extension and the role stay."""
    with sql.begin() as connection:
        alone(connection)
        check_ours(connection)
        was_there = srid_of(connection) is not None
        drop_views(connection)
    return was_there


@contextmanager
def views_aside(connection: Connection) -> Iterator[None]:
    """Take the views away while the schema of our tables changes, and make them anew afterwards.

    Where they cannot be made anew the change goes on without them, and the log says so: a city is not kept from
    its own store by a map.
    """
    srid = srid_of(connection)
    if srid is None:
        yield
        return
    drop_views(connection)
    yield
    try:
        with connection.begin_nested():
            find_postgis(connection)
            add_views(connection, srid)
    except DBAPIError as error:
        logging.getLogger("huitian.engine").warning("the views of %s are gone: %s", SCHEMA, error.orig)


def alone(connection: Connection) -> None:
    """Wait for others that change the schema."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))


def srid_of(connection: Connection) -> int | None:
    """Return the SRID that the views were made in, None where there are none."""
    told = comment_of(connection)
    return int(told.removeprefix(MARK)) if told and told.startswith(MARK) else None


def comment_of(connection: Connection) -> str | None:
    """Return the comment of the schema: empty where it has none, None where there is no schema."""
    asked = (
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = :name"
    )
    found: str | None = connection.execute(text(asked), {"name": SCHEMA}).scalar()
    return found


def check_ours(connection: Connection) -> None:
    """Leave alone a schema of that name that is somebody else's.

    Raises:
        GisNotPossible: It is.
    """
    if comment_of(connection) is not None and srid_of(connection) is None:
        raise GisNotPossible(why_zh=f"已有不是回天所建的 schema {SCHEMA}",
                             why_en=f"there is a schema {SCHEMA} that Huitian did not make")  # fmt: skip


def find_postgis(connection: Connection) -> None:
    """Let this transaction find PostGIS in whatever schema it is."""
    connection.execute(
        text(
            "SELECT set_config('search_path', current_setting('search_path') || ', ' || quote_ident(n.nspname), "
            "true) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
        )
    )


def add_views(connection: Connection, srid: int) -> None:
    """Make schema, indexes and views, and let the role read them."""
    ask(connection, f"CREATE SCHEMA {SCHEMA}")
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{MARK}{srid}'"))
    indexes = {name: made for view in VIEWS for name, made in view.index_statements(srid).items()}
    for statement in (*indexes.values(), *(one for view in VIEWS for one in view.statements(srid))):
        connection.execute(text(statement))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE}"))


def drop_views(connection: Connection) -> None:
    """Remove schema, views and indexes, where they are."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    for name in dict.fromkeys(name for view in VIEWS for name in view.index_statements(FALLBACK_SRID)):
        connection.execute(text(f"DROP INDEX IF EXISTS {name}"))


def ask(connection: Connection, statement: str) -> None:
    """Run a statement that needs a right which our user may not have.

    Raises:
        GisNotPossible: It has not, or PostGIS is not installed on the database server.
    """
    try:
        connection.execute(text(statement))
    except DBAPIError as error:
        if code_of(error) == NO_RIGHT:
            raise GisNotPossible(
                why_zh=f"本用户无权执行 {statement}；请数据库管理员在此库中执行一次",
                why_en=f"our user may not run {statement}; ask an administrator to run it once in this database",
            ) from error
        if code_of(error) in {"0A000", "58P01"}:
            raise GisNotPossible(
                why_zh="数据库服务器上没有装 PostGIS（Debian：apt-get install postgresql-15-postgis-3）",
                why_en="PostGIS is not installed on the database server (Debian: apt-get install "
                "postgresql-15-postgis-3)",
            ) from error
        raise
