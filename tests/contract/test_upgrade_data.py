"""Stores of every released version come up with all their rows, down again, and survive being killed on the way."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from huitian.app import make_city
from huitian.engine.store import bring_up
from huitian.engine.upgrade import VERSION_TABLE, downgrade, head_revision, revision_of, upgrade
from huitian.model.place import LEVELS, Tree
from tests.contract.old_stores import (
    RELEASED,
    connect,
    fill,
    make_old,
    moved_of,
    rows_of,
    schema_of,
    still,
    tables_of,
)
from tests.ingest.towns import DISTRICT
from tests.servers.postgres import Server

pytestmark = pytest.mark.contract

SEED = 20260301
SCHEMAS = {("0001", "sqlite"): "cb583c297ac0b687", ("0001", "postgresql"): "46e5cf506337b7ef"}
"""Digest of the tables of every released version: a released revision never changes."""
WAIT_S = 60.0


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    server: Server = request.getfixturevalue("postgres_server")
    return server.database()


def opened(address: str, request: pytest.FixtureRequest) -> Engine:
    sql = connect(address)
    request.addfinalizer(sql.dispose)
    return sql


@pytest.mark.parametrize("revision", RELEASED)
def test_every_row_is_there_after_up_down_and_up(
    address: str, revision: str, request: pytest.FixtureRequest
) -> None:
    sql = opened(address, request)
    old = make_old(sql, revision, SEED)
    assert all(len(rows) > 1 for rows in old.values()), "a table without rows proves nothing"
    bring_up(sql)
    assert revision_of(sql) == head_revision()
    assert rows_of(sql, still(old)) == still(old)
    before, now = moved_of(sql, old)
    assert before == now
    # What only newer tables hold is lost on the way down, and nothing else.
    with sql.begin() as connection:
        fill(connection, tables_of(sql), random.Random(SEED + 1))
    assert set(rows_of(sql)) > set(old) or revision == head_revision()
    downgrade(sql, revision)
    assert revision_of(sql) == revision
    assert rows_of(sql) == old
    bring_up(sql)
    assert rows_of(sql, still(old)) == still(old)


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_revision_is_as_it_was(
    address: str, revision: str, request: pytest.FixtureRequest
) -> None:
    sql = opened(address, request)
    upgrade(sql, revision)
    assert schema_of(sql) == SCHEMAS[revision, sql.dialect.name], "write a new revision instead"


def upgrading(address: str, point: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.contract.upgrading", address, point]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.fuzz
@pytest.mark.parametrize("revision", RELEASED)
def test_killed_at_any_statement_the_old_store_is_whole(
    address: str, revision: str, request: pytest.FixtureRequest
) -> None:
    sql = opened(address, request)
    old = make_old(sql, revision, SEED)
    for number in count(1):
        killed = upgrading(address, f"kill:{number}")
        told, trouble = killed.communicate(timeout=WAIT_S)
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, trouble
        assert revision_of(sql) == revision, told
        assert rows_of(sql) == old, told
    assert told.endswith("done\n")
    assert number > 5, "there were no statements to be killed at"
    assert revision_of(sql) == head_revision()
    assert rows_of(sql, still(old)) == still(old)


@pytest.mark.parametrize(("point", "is_up"), [("commit", False), ("committed", True)])
def test_killed_about_the_commit_it_is_old_or_new(
    address: str, point: str, is_up: bool, request: pytest.FixtureRequest
) -> None:
    sql = opened(address, request)
    old = make_old(sql, RELEASED[-1], SEED)
    killed = upgrading(address, f"kill:{point}")
    _, trouble = killed.communicate(timeout=WAIT_S)
    assert killed.returncode == -signal.SIGKILL, trouble
    assert revision_of(sql) == (head_revision() if is_up else RELEASED[-1])
    bring_up(sql)
    assert rows_of(sql, still(old)) == still(old)


@pytest.mark.parametrize("start", [None, *RELEASED])
def test_of_two_that_start_at_once_one_migrates_and_the_other_goes_on(
    address: str, start: str | None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sql = opened(address, request)
    old = make_old(sql, start, SEED) if start else {}
    go = tmp_path / "go"
    first = upgrading(address, f"wait:{go}")
    assert first.stdout is not None
    assert any("CREATE TABLE" in line for line in first.stdout), "the first is in the middle"
    second = upgrading(address, "run")
    assert second.stdout is not None
    second.stdout.readline()
    time.sleep(1)
    assert second.poll() is None, second.communicate()
    go.touch()
    for process in (first, second):
        told, trouble = process.communicate(timeout=WAIT_S)
        assert process.returncode == 0, trouble
        assert told.endswith("done\n")
    assert revision_of(sql) == head_revision()
    assert rows_of(sql, still(old)) == still(old)


COMMANDS = {"serve {home}": "zh", "load {home} geojson {file}": "en", "check {home}": "zh"}
REFUSED = {"zh": "结构版本 9999", "en": "has the schema 9999"}


def test_a_newer_store_is_refused_in_words_and_left_alone(
    address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    home, tree = tmp_path / "city", Tree("admin", "行政区划", "Administrative division", LEVELS[1:])
    is_scaled = address.startswith("postgresql")
    make_city(home, {"store_address": address} if is_scaled else {}, DISTRICT, tree).close()
    file = tmp_path / "empty.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    store = address if is_scaled else str(home / "store" / "huitian.sqlite")
    sql = opened(store, request)
    with sql.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = rows_of(sql)
    sql.dispose()
    digest = None if is_scaled else hashlib.sha256(Path(store).read_bytes()).hexdigest()
    for words, language in COMMANDS.items():
        done = subprocess.run(
            [sys.executable, "-m", "huitian.cli", *words.format(home=home, file=file).split()],
            env=os.environ | {"HUITIAN_LANGUAGE": language, "HUITIAN_PORT": "0"},
            capture_output=True, text=True, timeout=WAIT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert REFUSED[language] in done.stderr
        assert "[store_too_new]" in done.stderr
        assert "Traceback" not in done.stderr
    if digest:
        assert hashlib.sha256(Path(store).read_bytes()).hexdigest() == digest
        assert sorted(one.name for one in Path(store).parent.iterdir()) == ["huitian.sqlite"]
    assert rows_of(sql) == before
    assert revision_of(sql) == "9999"
