"""Views for map programs: with a real PostGIS; what they show, what they do not, and that they outlive an upgrade."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from huitian.app import make_city
from huitian.base.entities import ENTITIES
from huitian.cli.app import app
from huitian.engine.scaled import ScaledEngine, create_scaled
from huitian.engine.scaled.postgis import ROLE, SCHEMA, VIEWS, make_views, remove_views
from huitian.engine.store import bring_up
from huitian.engine.tables import METADATA
from huitian.engine.upgrade import downgrade
from huitian.errors import GisNotPossible
from huitian.model.place import LEVELS, Tree
from tests.base.towns import PLACES, settle, square
from tests.ingest.towns import DISTRICT
from tests.needs import need
from tests.servers.postgres import Server

pytestmark = pytest.mark.contract

N_BUILDINGS = 4000
SOUTH, STEP = 40.0, 0.001


@pytest.fixture(scope="module")
def postgis_server(postgres_server: Server) -> Server:
    """Return a server that has PostGIS."""
    need("postgis")
    return postgres_server


@pytest.fixture
def town(postgis_server: Server, tmp_path: Path) -> Iterator[ScaledEngine]:
    """Yield the small town on PostgreSQL with many more buildings, a component and features of every shape."""
    engine = create_scaled(postgis_server.database(), tmp_path)
    settle(engine)
    with engine.records.writing() as writing:
        writing.add("building", [footprint(n) for n in range(N_BUILDINGS)])
        writing.add(
            "building",
            [{"building_id": "gone", "lon": 116.0, "lat": 40.0, "valid_to": PLACES[2]["valid_to"]}],
        )
        writing.add("component", [{"component_id": "井-1", "class_code": "0101", "lon": 116.1, "lat": 40.1}])
        writing.add("organisation", [
            {"org_id": "o1", "name": "街道办", "kind": "street", "lon": 116.2, "lat": 40.2, "duty_phone": "010-1"},
            {"org_id": "o2", "name": "无址", "kind": "department"}])  # fmt: skip
        writing.add("feature", [{"feature_id": name, "layer_id": "l", "geometry": shapely.to_wkb(one)}
                                for name, one in SHAPES.items()])  # fmt: skip
    yield engine
    engine.close()


SHAPES: dict[str, Any] = {
    "point": shapely.Point(116.1, 40.1),
    "line": shapely.LineString([(116.1, 40.1), (116.2, 40.2)]),
    "lines": shapely.MultiLineString([[(116.1, 40.1), (116.2, 40.2)], [(116.3, 40.1), (116.3, 40.2)]]),
    "area": shapely.Polygon(square(116, 40, 0.3, 0.3).exterior.coords, [square(116.1, 40.1, 0.1, 0.1).exterior.coords]),
    "areas": shapely.MultiPolygon([square(116, 40, 0.1, 0.1), square(117, 40, 0.1, 0.1)]),
}  # fmt: skip
SHOWN = {"feature_point": ["point"], "feature_line": ["line", "lines"], "feature_area": ["area", "areas"]}


def footprint(n: int) -> dict[str, Any]:
    west, south = 116 + n % 100 * STEP, SOUTH + n // 100 * STEP
    shape = square(west, south, STEP / 2, STEP / 2)
    west, south, east, north = shape.bounds
    return {
        "building_id": f"楼{n}", "geometry": shapely.to_wkb(shape), "west": west, "south": south, "east": east,
        "north": north, "lon": west, "lat": south,
    }  # fmt: skip


def rows(connection: Connection, statement: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(statement)).all()]


def test_every_view_shows_our_geometries_in_one_type_and_srid(town: ScaledEngine) -> None:
    srid, counts = make_views(town.sql, 4490)
    assert srid == 4490
    assert set(counts) == {view.name for view in VIEWS}
    assert (counts["place_district"], counts["place_street"], counts["place_grid"]) == (1, 3, 0)
    assert counts["building"] == N_BUILDINGS
    assert counts["building_point"] == N_BUILDINGS + 10, "what is gone is not shown"
    assert counts["component"] == counts["organisation"] == 1
    with town.sql.connect() as connection:
        listed = rows(connection, "SELECT f_table_name, coord_dimension, srid, type FROM geometry_columns "
                                  f"WHERE f_table_schema = '{SCHEMA}'")  # fmt: skip
        assert sorted(listed) == sorted((view.name, 2, 4490, view.geometry.upper()) for view in VIEWS)
        for view, ids in SHOWN.items():
            found = dict(rows(connection, f"SELECT feature_id, ST_AsBinary(geom) FROM {SCHEMA}.{view}"))
            assert sorted(found) == ids
            for name, wkb in found.items():
                assert shapely.from_wkb(bytes(wkb)).equals(SHAPES[name])
        found = rows(connection, f"SELECT building_id, ST_AsBinary(geom) FROM {SCHEMA}.building")
        meant = {
            row["building_id"]: shapely.from_wkb(row["geometry"])
            for row in map(footprint, range(N_BUILDINGS))
        }
        assert all(shapely.from_wkb(bytes(wkb)).equals(meant[name]) for name, wkb in found)
        for view_ in VIEWS:
            n, n_keys, least = rows(connection, f"SELECT count(*), count(DISTINCT key_no), min(key_no) "
                                                f"FROM {SCHEMA}.{view_.name}")[0]  # fmt: skip
            assert n == n_keys
            assert least is None or least >= 0


@pytest.mark.parametrize("asked", [
    "SELECT geom FROM {schema}.building WHERE geom && ST_MakeEnvelope(116.01, 40.01, 116.012, 40.012, 4490)",
    "SELECT geom FROM {schema}.building_point WHERE geom && ST_MakeEnvelope(116.01, 40.01, 116.012, 40.012, 4490)",
    "SELECT name FROM {schema}.building WHERE key_no = 42",
])  # fmt: skip
def test_the_role_reads_by_index_and_reads_nothing_else(town: ScaledEngine, asked: str) -> None:
    make_views(town.sql, 4490)
    with town.sql.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
        plan = "\n".join(line for (line,) in rows(connection, f"EXPLAIN {asked.format(schema=SCHEMA)}"))
        assert "gis_building_" in plan, plan
        assert "Seq Scan" not in plan, plan


def test_the_role_may_read_nothing_but_the_views(town: ScaledEngine) -> None:
    make_views(town.sql, 4490)
    for table in METADATA.tables:
        with town.sql.connect() as connection:
            connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
            with pytest.raises(DBAPIError, match="42501"):
                connection.execute(text(f'SELECT 1 FROM public."{table}"'))
    with town.sql.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
        for view in VIEWS:
            rows(connection, f"SELECT * FROM {SCHEMA}.{view.name}")
    for statement in ("UPDATE {schema}.component SET name = 'x'", "DELETE FROM {schema}.component",
                      "CREATE TABLE {schema}.own (n int)", "CREATE TABLE own (n int)"):  # fmt: skip
        with town.sql.connect() as connection:
            connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
            with pytest.raises(DBAPIError, match="42501"):
                connection.execute(text(statement.format(schema=SCHEMA)))


def test_the_views_show_only_what_anybody_may_see() -> None:
    for view in VIEWS:
        entity = ENTITIES[view.table]
        assert entity.release == "exact"
        assert entity.group == "open", f"{view.table} is not for everybody"
        open_columns = {column.name for column in entity.columns if column.v1 == "full"}
        assert set(view.columns) <= open_columns, view.name


def test_they_outlive_an_upgrade_and_go_without_a_trace(town: ScaledEngine) -> None:
    _, counts = make_views(town.sql, 4326)
    downgrade(town.sql, "0001")
    bring_up(town.sql)
    with town.sql.begin() as connection:
        assert dict(rows(connection, "SELECT f_table_name, srid FROM geometry_columns")) == dict.fromkeys(
            counts, 4326
        )
        connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
        assert rows(connection, f"SELECT count(*) FROM {SCHEMA}.building") == [(N_BUILDINGS,)]
    assert make_views(town.sql, 4490) == (4490, counts)
    assert remove_views(town.sql)
    assert not remove_views(town.sql)
    with town.sql.connect() as connection:
        assert rows(connection, "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'gis%'") == []
        assert rows(connection, "SELECT f_table_name FROM geometry_columns") == []
    downgrade(town.sql, "base")


def test_a_row_that_is_written_is_shown_at_once(town: ScaledEngine) -> None:
    make_views(town.sql, 4490)
    with town.records.writing() as writing:
        writing.add("component", [{"component_id": "井-2", "lon": 116.1, "lat": 40.1}])
        writing.put("building", [footprint(7) | {"geometry": shapely.to_wkb(square(110, 30, 1, 1))}])
    with town.sql.connect() as connection:
        assert rows(connection, f"SELECT count(*) FROM {SCHEMA}.component") == [(2,)]
        near = (
            f"SELECT building_id FROM {SCHEMA}.building WHERE geom && ST_MakeEnvelope(110, 30, 111, 31, 4490)"
        )
        assert rows(connection, near) == [("楼7",)]


def test_a_user_without_rights_is_told_what_to_ask_for(postgis_server: Server, tmp_path: Path) -> None:
    address = postgis_server.database()
    admin = create_scaled(address, tmp_path)
    name = f"plain_{address.rpartition('_')[2]}"
    with admin.sql.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"GRANT ALL ON SCHEMA public TO {name}"))
        for (table,) in rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            connection.execute(text(f'ALTER TABLE "{table}" OWNER TO {name}'))
    plain = create_scaled(address.replace(f"//{admin.sql.url.username}@", f"//{name}@"), tmp_path)
    try:
        with pytest.raises(GisNotPossible) as told:
            make_views(plain.sql, 4490)
        assert "CREATE EXTENSION IF NOT EXISTS postgis" in told.value.words("en")
        assert "请数据库管理员" in told.value.words("zh")
        with admin.sql.begin() as connection:
            connection.execute(text("CREATE EXTENSION postgis"))
            connection.execute(text(f"GRANT CREATE ON DATABASE {admin.sql.url.database} TO {name}"))
            if not rows(connection, f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
                connection.execute(text(f"CREATE ROLE {ROLE} NOLOGIN"))
        make_views(plain.sql, 4490)
    finally:
        plain.close()
        admin.close()


def test_a_schema_of_somebody_else_is_left_alone(town: ScaledEngine) -> None:
    with town.sql.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        connection.execute(text(f"CREATE TABLE {SCHEMA}.own (n int)"))
    for make in (lambda: make_views(town.sql, 4490), lambda: remove_views(town.sql)):
        with pytest.raises(GisNotPossible):
            make()
    with town.sql.connect() as connection:
        assert rows(connection, f"SELECT count(*) FROM {SCHEMA}.own") == [(0,)]


def test_the_command(postgis_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUITIAN_LANGUAGE", "en")
    tree = Tree("admin", "行政区划", "Administrative division", LEVELS[1:])
    make_city(tmp_path / "small", {}, DISTRICT, tree).close()
    told = CliRunner().invoke(app, ["gis", str(tmp_path / "small")])
    assert isinstance(told.exception, GisNotPossible)
    assert "this city is in SQLite" in told.exception.words("en")
    home = tmp_path / "large"
    make_city(home, {"store_address": postgis_server.database(), "gis_srid": "4326"}, DISTRICT, tree).close()
    told = CliRunner().invoke(app, ["gis", str(home)])
    assert told.exit_code == 0, told.output
    assert "EPSG:4326" in told.output
    assert "feature_area" in told.output
    told = CliRunner().invoke(app, ["gis", str(home), "--remove"])
    assert told.output.startswith("Removed.")
