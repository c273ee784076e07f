"""A store that is full or read-only while it is served: refused with words, nothing lost, goes on by itself."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from huitian.app.city import compose
from huitian.app.demo import open_demo, write_demo
from huitian.clock import SystemClock
from huitian.engine.embedded import create_store
from huitian.engine.scaled import create_scaled
from huitian.settings import CITY_FILE, Settings, city_text
from huitian.simulate.city import DemoCity, demo_city
from huitian.simulate.scale import DemoScale
from tests.api.serving import WAIT_S, Served, problem, serving
from tests.faults.refused import letter, refuses_and_recovers, until_ready, until_taken
from tests.servers.postgres import Server, postgres

pytestmark = pytest.mark.faults

SMALL = DemoScale(n_buildings=300, person_share=0.01, n_enterprises=20, n_components=50, n_letters=200)
SETTINGS = Settings(max_letters_per_h=100_000, max_photos_per_h=100_000, least_free_mb=0, busy_timeout_s=10)


@pytest.fixture(scope="module")
def invented() -> DemoCity:
    return demo_city(11, datetime.now(UTC), SMALL)


@pytest.fixture(scope="module")
def made(invented: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small city in a folder; tests work on copies."""
    home = tmp_path_factory.mktemp("made") / "city"
    home.mkdir()
    settings = replace(SETTINGS, root_place=invented.root_place_id)
    city = compose(create_store(home), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    (home / CITY_FILE).write_text(city_text({"name_zh": "试验区", "name_en": "Test District"}), "utf-8")
    return home


@pytest.fixture
def served(made: Path, invented: DemoCity, tmp_path: Path) -> Iterator[Served]:
    home = tmp_path / "city"
    shutil.copytree(made, home, ignore=shutil.ignore_patterns("server.lock"))
    city = open_demo(home, replace(SETTINGS, root_place=invented.root_place_id))
    with serving(city) as running:
        yield running
    city.close()


def test_a_full_sqlite_file(served: Served) -> None:
    """As on a full disk, on any machine: the file may not have more pages than it has."""
    sql = served.city.engine.sql
    most = {"pages": 1 << 30}

    @event.listens_for(sql, "checkout")
    def bounded(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
        connection.execute(f"PRAGMA max_page_count = {most['pages']}")

    def stop() -> None:
        # SQLite takes no bound below what is there.
        most["pages"] = 1

    def go_on() -> None:
        most["pages"] = 1 << 30

    with served.signed_in("dispatcher") as worker, served.client() as resident:
        refuses_and_recovers(worker, resident, stop, go_on, 507, "store_full", photos_too=False)
    assert served.city.engine.records.check(is_thorough=True) == {"state": "ok"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


def test_postgresql_that_is_read_only(server: Server, invented: DemoCity, tmp_path: Path) -> None:
    """As a standby after a failover: every new connection may only read."""
    address = server.database()
    home = tmp_path / "city"
    home.mkdir()
    settings = replace(SETTINGS, root_place=invented.root_place_id)
    city = compose(create_scaled(address, home), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    demo = open_demo(home, replace(settings, store_address=address))
    name = address.rpartition("/")[2]
    (tmp_path / "aside").mkdir()
    aside = create_scaled(server.database(), tmp_path / "aside")

    def read_only(word: str) -> None:
        """Change the database, and end its connections: what is open keeps what it had."""
        with aside.sql.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {word}"))
        # A transaction of its own: one that connects before the first is committed keeps what was.
        with aside.sql.begin() as connection:
            # Until they are gone: one that is about to go still answers the pool, and fails the request after it.
            ended = "SELECT pg_terminate_backend(pid, :most_ms) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ended), {"name": name, "most_ms": int(WAIT_S * 1000)})

    with serving(demo) as running, running.signed_in("dispatcher") as worker, running.client() as resident:
        refuses_and_recovers(
            worker, resident, lambda: read_only("on"), lambda: read_only("off"), 503, "store_read_only",
            photos_too=False, ready_codes=frozenset({"store_read_only"}),
        )  # fmt: skip
    demo.close()
    aside.close()


def test_a_postgresql_that_is_away_is_told_and_found_again(
    server: Server, invented: DemoCity, tmp_path: Path
) -> None:
    address = server.database()
    home = tmp_path / "city"
    home.mkdir()
    settings = replace(SETTINGS, root_place=invented.root_place_id, store_address=address)
    city = compose(create_scaled(address, home), home, settings, SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    demo = open_demo(home, settings)
    with serving(demo) as running, running.signed_in("dispatcher") as worker, running.client() as resident:
        until_ready(resident)
        server.stop()
        try:
            ready = resident.get("/readyz")
            assert (ready.status_code, ready.json()["status"]) == (503, "not_ready")
            assert "store_away" in {one["code"] for one in ready.json()["reasons"]}
            measures = resident.get("/metrics")
            assert measures.status_code == 200, "measures are asked for just when it is away"
            assert "huitian_ready 0.0" in measures.text
            assert resident.get("/healthz").status_code == 200
            told = problem(worker.get("/v1/cases"), 503, "store_away")
            assert "postgresql:" not in json.dumps(told)
            problem(letter(resident, "while-it-is-away"), 503, "store_away")
        finally:
            server.start()
        assert until_taken(resident, "while-it-is-away").status_code == 201
        until_ready(resident)
        assert worker.get("/v1/cases").status_code == 200
        assert resident.get("/readyz").json()["checks"]["store"] == "ok"
    demo.close()
