"""The doctor and a city on PostgreSQL: looked at without a change, and told what is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from huitian.care.checks import Check
from huitian.care.doctor import examine
from huitian.engine.scaled import ScaledEngine, create_scaled
from huitian.engine.upgrade import head_revision
from huitian.model.query import Event
from huitian.settings import CITY_FILE, Settings, city_text
from tests.servers.postgres import Server, postgres, run

pytestmark = pytest.mark.contract
SETTINGS = Settings(busy_timeout_s=2, store_address="postgresql://x@localhost/x")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / CITY_FILE).write_text(city_text({}), "utf-8")
    return tmp_path


@pytest.fixture
def address(server: Server) -> str:
    return server.database()


@pytest.fixture
def engine(address: str, folder: Path) -> Iterator[ScaledEngine]:
    opened = create_scaled(address, folder)
    yield opened
    opened.close()


def found(folder: Path, address: str, settings: Settings = SETTINGS) -> dict[str, Check]:
    return {check.code: check for check in examine(folder, settings, address, datetime.now(UTC))}


def test_a_city_that_is_well(folder: Path, address: str, engine: ScaledEngine) -> None:
    engine.hold()
    checks = found(folder, address)
    assert {code for code, check in checks.items() if check.state == "fail"} == set()
    assert "PostgreSQL" in checks["store_version"].words_en
    assert "1 process" in checks["store_held"].words_en
    assert "password" not in checks["store_opens"].words_en


def test_one_that_takes_no_writes_and_has_few_connections(
    folder: Path, address: str, engine: ScaledEngine
) -> None:
    name = address.rpartition("/")[2]
    with engine.sql.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    checks = found(folder, address, replace(SETTINGS, workers=8, store_connections=100))
    assert checks["store_rights"].state == "fail"
    assert checks["store_connections"].state == "warn"


def test_another_schema_is_not_migrated_and_marks_are_told(
    folder: Path, address: str, engine: ScaledEngine
) -> None:
    with engine.sql.begin() as connection:
        connection.execute(text("UPDATE store_revision SET version_num = '0001'"))
        connection.execute(text("INSERT INTO store_mark (mark, told) VALUES ('half_made', 'huitian move')"))
    checks = found(folder, address)
    assert checks["store_schema"].state == "warn"
    assert checks["store_marks"].state == "fail"
    with engine.sql.begin() as connection:
        left = connection.execute(text("SELECT version_num FROM store_revision")).scalar_one()
        assert left == "0001" != head_revision()


def test_a_clock_that_went_back(folder: Path, address: str, engine: ScaledEngine) -> None:
    ahead = datetime.now(UTC) + timedelta(days=2)
    with engine.records.writing() as writing:
        writing.emit(Event("case", "case_stepped", {}, (), recorded_at=ahead))
        writing.emit(Event("case", "case_stepped", {}, (), recorded_at=datetime.now(UTC)))
    assert found(folder, address)["clock_back"].state == "fail", "the newest event is not the latest"


def test_a_database_that_does_not_keep_every_character(server: Server, folder: Path) -> None:
    where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "huitian")
    run("createdb", *where, "-E", "SQL_ASCII", "-T", "template0", "ascii_city")
    checks = found(folder, f"postgresql://huitian@127.0.0.1:{server.port}/ascii_city")
    assert checks["store_encoding"].state == "fail"
    assert checks["store_schema"].state == "fail"


def test_what_cannot_be_reached_or_is_not_there(server: Server, folder: Path) -> None:
    nothing = found(folder, f"postgresql://huitian@127.0.0.1:{server.port}/no_such_city")
    assert nothing["store_opens"].state == "fail"
    assert "no such database" in nothing["store_opens"].words_en
    away = found(folder, "postgresql://huitian@127.0.0.1:1/city")
    assert away["store_opens"].state == "fail"
    assert away["store_opens"].what_to_do_zh
