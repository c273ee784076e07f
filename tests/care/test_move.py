"""A city moves to PostgreSQL and back with equal hashes, and nothing is moved onto what is not its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from huitian.app import open_city
from huitian.app.moving import move_city
from huitian.care.identity import new_city_id
from huitian.cases.rebuild import check
from huitian.engine.embedded import create_store
from huitian.engine.scaled import create_scaled
from huitian.errors import CityMissing, HuitianError, StoreLocked, StoreMoved, StoreTaken
from huitian.model.query import Event
from huitian.settings import CITY_FILE, read_settings
from tests.care.looking import contents, opened, quiet, sums_of
from tests.servers.postgres import Server

pytestmark = pytest.mark.contract


def move(folder: Path, to: str, *, is_dry: bool = False) -> str:
    return move_city(folder, read_settings(folder), to, quiet, is_dry=is_dry).state


def test_there_and_back_the_hashes_are_equal(city: Path, postgres_server: Server) -> None:
    kind, before = contents(city)
    told = (city / CITY_FILE).read_text("utf-8")
    assert kind == "embedded"
    assert {"case_step", "place", "city_fact", "outbox"} < set(before)
    address = postgres_server.database()
    assert move(city, address, is_dry=True) == "compared"
    assert contents(city) == ("embedded", before)
    report = move_city(city, read_settings(city), address, quiet)
    assert (report.state, report.where) == ("moved", address)
    assert all(one.wanted == one.found for one in report.tables)
    assert contents(city) == ("scaled", before)
    changed = [(a, b) for a, b in zip(told.split("\n"), (city / CITY_FILE).read_text("utf-8").split("\n"), strict=True)
               if a != b]  # fmt: skip
    assert len(changed) == 1, "only the line of the address is another"
    assert changed[0][1].startswith(f'store_address = "{address}"  # ')
    with pytest.raises(StoreMoved) as left:
        create_store(city)
    assert left.value.facts["to"] == address
    assert move(city, address) == "there"
    engine = opened(city)
    with engine.records.writing() as writing:
        assert writing.emit(Event("t", "k", {})) == before["outbox"].n_rows + 1
        writing.add("city_fact", [{"fact": "new", "told": "in PostgreSQL"}])
    after = sums_of(engine)
    engine.close()
    assert move(city, "sqlite") == "moved"
    assert contents(city) == ("embedded", after)
    with pytest.raises(StoreMoved):
        create_scaled(address, city)
    assert move(city, address) == "moved", "and there again, onto what was left"
    assert contents(city) == ("scaled", after)
    assert move(city, "sqlite") == "moved"


def test_boxes_and_cases_are_whole_after_a_move_back(city: Path, postgres_server: Server) -> None:
    from huitian.model.query import Condition, Query

    move(city, postgres_server.database())
    move(city, "sqlite")
    whole = open_city(city)
    try:
        assert check(whole.parts) == []
        allowed = whole.planner.system("place")
        box = Condition("box", "overlaps", (116.01, 40.01, 116.02, 40.02))
        found = whole.planner.read(allowed, Query("place", (box,))).rows
        assert {row["code"] for row in found} == {"110199", "110199001", "110199001001"}
        assert whole.engine.records.check(is_thorough=True) == {"state": "ok"}
    finally:
        whole.close()


def test_only_what_differs_is_written_again(city: Path, postgres_server: Server) -> None:
    address = postgres_server.database()
    move(city, address)
    move(city, "sqlite")
    engine = opened(city)
    with engine.records.writing() as writing:
        writing.change("tree", {"tree_id": "admin"}, {"title_en": "Another"})
        writing.remove("city_fact", {"fact": "nobody"})
        writing.add("city_fact", [{"fact": "one more", "told": "x"}])
    after = sums_of(engine)
    engine.close()
    report = move_city(city, read_settings(city), address, quiet)
    written = {one.name: one.n_written for one in report.tables if one.n_written}
    # A tree that changes empties what refers to it, which comes after it.
    assert set(written) == {"tree", "edition", "place", "edition_place", "city_fact"}
    assert contents(city) == ("scaled", after)


def test_a_served_city_is_not_moved(city: Path, postgres_server: Server) -> None:
    address = postgres_server.database()
    server = opened(city)
    server.hold()
    with pytest.raises(StoreLocked):
        move(city, address)
    server.close()
    move(city, address)
    server = opened(city)
    server.hold()
    with pytest.raises(StoreLocked):
        move(city, "sqlite")
    server.close()
    assert contents(city)[0] == "scaled"


def test_nobody_serves_or_writes_while_it_moves(city: Path, postgres_server: Server) -> None:
    address, met = postgres_server.database(), []

    def watch(what: str, n_done: int, _all: int) -> None:
        if what == "place" and not n_done and not met:
            for attempt in (lambda: opened(city).hold(), write_a_fact):
                try:
                    attempt()
                    met.append("let in")
                except HuitianError as error:
                    met.append(error.code)

    def write_a_fact() -> None:
        own = create_store(city, busy_timeout_s=0.2)
        with own.records.writing() as writing:
            writing.add("city_fact", [{"fact": "late", "told": "x"}])

    move_city(city, read_settings(city), address, watch)
    assert met == ["store_locked", "store_busy"]


def test_who_opened_the_city_before_a_move_writes_into_neither_store(
    city: Path, postgres_server: Server
) -> None:
    early = opened(city)
    move(city, postgres_server.database())
    with pytest.raises(StoreMoved), early.records.writing():
        pass
    early.close()


def test_a_city_that_is_open_for_a_load_is_not_moved_back(city: Path, postgres_server: Server) -> None:
    move(city, postgres_server.database())
    loading = open_city(city)
    with pytest.raises(StoreLocked):
        move(city, "sqlite")
    loading.close()
    move(city, "sqlite")


def test_another_city_and_the_same_in_use_are_refused(
    city: Path, tmp_path: Path, postgres_server: Server
) -> None:
    address = postgres_server.database()
    other = create_scaled(address, tmp_path)
    with other.records.writing() as writing:
        writing.add("city_fact", [new_city_id()])
    before = sums_of(other)
    with pytest.raises(StoreTaken):
        move(city, address)
    assert sums_of(other) == before
    own = opened(city)
    (row,) = [r for r in facts(own) if r[0] == "city_id"]
    own.close()
    with other.records.writing() as writing:
        writing.change("city_fact", {"fact": "city_id"}, {"told": row[1]})
    with pytest.raises(StoreTaken) as told:
        move(city, address)
    assert "in use" in told.value.words("en")
    other.close()
    assert contents(city)[0] == "embedded"


def facts(engine: object) -> list[list[str]]:
    from huitian.engine.copying import reading, shapes

    shape = next(one for one in shapes() if one.name == "city_fact")
    with reading(engine) as rows:  # type: ignore[arg-type]
        return rows.rows(shape, None, None, 99)


def test_a_database_of_another_program_is_refused(
    city: Path, tmp_path: Path, postgres_server: Server
) -> None:
    from huitian.engine.scaled.postgres import connect

    address = postgres_server.database()
    sql = connect(address, 1)
    with sql.begin() as connection:
        connection.execute(text("CREATE TABLE session (id int)"))
    sql.dispose()
    with pytest.raises(StoreTaken) as told:
        move(city, address)
    assert "session" in told.value.words("en")


@pytest.mark.parametrize(("change", "code"), [
    (lambda a: a.rsplit("/", 1)[0] + "/nowhere", "store_refused"),
    (lambda a: a.replace("huitian@", "nobody-there@"), "store_refused"),
    (lambda _: "postgresql://huitian@127.0.0.1:1/city", "store_away"),
    (lambda _: "mysql://a@b/c", "bad_setting"),
    (lambda _: "sqlite3", "bad_setting"),
])  # fmt: skip
def test_a_target_that_is_not_there_is_told(city: Path, postgres_server: Server, change, code) -> None:  # type: ignore[no-untyped-def]
    before = contents(city)
    with pytest.raises(HuitianError) as told:
        move(city, change(postgres_server.database()))
    assert told.value.code == code
    assert contents(city) == before


def test_a_password_is_neither_written_down_nor_printed(city: Path, postgres_server: Server) -> None:
    address = postgres_server.database().replace("huitian@", "huitian:s3cret-word@")
    done = subprocess.run([sys.executable, "-m", "huitian.cli", "move", str(city), "--to", address],
                          capture_output=True, text=True, check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "s3cret" not in done.stdout + done.stderr + (city / CITY_FILE).read_text("utf-8")
    assert "HUITIAN_STORE_PASSWORD" in done.stdout
    assert contents(city)[0] == "scaled"


def test_no_city_no_move(tmp_path: Path) -> None:
    with pytest.raises(CityMissing):
        move(tmp_path, "sqlite")
    assert list(tmp_path.iterdir()) == []
