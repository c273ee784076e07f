"""A city comes out of an archive as it went in, on either engine, and never onto another one."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from huitian.app import open_city
from huitian.app.keeping import back_up_city, restore_city
from huitian.app.moving import move_city
from huitian.app.stores import vault_of
from huitian.care.last_backup import last_backup_at
from huitian.cases.rebuild import check
from huitian.engine.copying import TableSum
from huitian.engine.scaled import create_scaled
from huitian.engine.scaled.postgres import connect
from huitian.engine.sealing.guarding import begin
from huitian.engine.sealing.key_store import KeyStore
from huitian.engine.tables import METADATA
from huitian.engine.upgrade import head_revision
from huitian.errors import (
    CityExists,
    FolderStays,
    FolderTaken,
    StoreFull,
    StoreLocked,
    StoreTaken,
    StoreTooNew,
)
from huitian.settings import CITY_FILE, read_settings
from tests.care.archives import changed
from tests.care.conftest import PHOTO
from tests.care.looking import contents, opened, quiet
from tests.servers.postgres import Server


def back_up(folder: Path, path: Path) -> dict[str, TableSum]:
    """Back up a city and return what the manifest tells of its tables."""
    archive, _ = back_up_city(folder, read_settings(folder), path, quiet)
    return {table.name: table.sum() for table in archive.manifest.tables if table.n_rows}


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a city but for its store and what only tells of backups."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and path.relative_to(folder).parts[0] not in {"store", "last_backup.json", CITY_FILE}
    }


def test_what_comes_out_is_what_went_in(city: Path, tmp_path: Path) -> None:
    told = back_up(city, tmp_path / "a.tar")
    assert last_backup_at(city) is not None
    report = restore_city(tmp_path / "a.tar", tmp_path / "new", "", quiet)
    assert report.before is None
    assert contents(tmp_path / "new") == ("embedded", told) == contents(city)
    files = files_of(tmp_path / "new")
    assert files == files_of(city)
    assert PHOTO in files.values()
    assert {"keys/ferry.key", "calendar/说明.txt"} < set(files)
    assert stat.S_IMODE((tmp_path / "new" / "keys" / "ferry.key").stat().st_mode) == 0o600
    whole = open_city(tmp_path / "new")
    try:
        assert whole.settings.name_en == "Hai'an"
        assert check(whole.parts) == []
        assert whole.engine.records.check(is_thorough=True) == {"state": "ok"}
    finally:
        whole.close()


def test_a_city_or_anything_else_in_the_folder_is_not_overwritten(city: Path, tmp_path: Path) -> None:
    back_up(city, tmp_path / "a.tar")
    before = contents(city)
    with pytest.raises(CityExists):
        restore_city(tmp_path / "a.tar", city, "", quiet)
    assert contents(city) == before
    other = tmp_path / "other"
    (other / "thesis").mkdir(parents=True)
    with pytest.raises(FolderTaken) as told:
        restore_city(tmp_path / "a.tar", other, "", quiet)
    assert told.value.facts["found"] == "thesis"
    (other / "thesis").rmdir()
    (other / "store").mkdir()
    with pytest.raises(FolderTaken):
        restore_city(tmp_path / "a.tar", other, "", quiet)
    assert [path.name for path in other.iterdir()] == ["store"]


def test_a_city_that_is_replaced_stays_beside(city: Path, tmp_path: Path) -> None:
    told = back_up(city, tmp_path / "a.tar")
    engine = opened(city)
    with engine.records.writing() as writing:
        writing.add("city_fact", [{"fact": "later", "told": "x"}])
    engine.hold()
    with pytest.raises(StoreLocked):
        restore_city(tmp_path / "a.tar", city, "", quiet, is_replacing=True)
    engine.close()
    later = contents(city)
    report = restore_city(tmp_path / "a.tar", city, "", quiet, is_replacing=True)
    assert report.before is not None
    assert report.before.name.startswith("city.before-")
    assert contents(city) == ("embedded", told)
    assert contents(report.before) == later


def test_a_city_that_cannot_be_put_beside_is_told_and_stays(city: Path, tmp_path: Path) -> None:
    """As one on a disk of its own; here the name beside is longer than a file system takes."""
    back_up(city, tmp_path / "a.tar")
    home = city.rename(tmp_path / ("c" * 240))
    before = contents(home)
    with pytest.raises(FolderStays):
        restore_city(tmp_path / "a.tar", home, "", quiet, is_replacing=True)
    assert contents(home) == before


def test_a_city_too_broken_to_open_can_be_replaced(city: Path, tmp_path: Path) -> None:
    told = back_up(city, tmp_path / "a.tar")
    (city / CITY_FILE).write_text("[server\n", encoding="utf-8")
    (city / "store" / "huitian.sqlite").write_bytes(b"not a database at all" * 100)
    restore_city(tmp_path / "a.tar", city, "", quiet, is_replacing=True)
    assert contents(city) == ("embedded", told)


def test_what_a_killed_restore_left_is_begun_anew(city: Path, tmp_path: Path) -> None:
    told = back_up(city, tmp_path / "a.tar")
    new = tmp_path / "new"

    def watch(what: str, _done: int, _all: int) -> None:
        if what == "files" and (new / "store").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_city(tmp_path / "a.tar", new, "", watch)
    assert not (new / CITY_FILE).exists()
    assert (new / "restore.unfinished").exists()
    restore_city(tmp_path / "a.tar", new, "", quiet)
    assert contents(new) == ("embedded", told)
    assert not (new / "restore.unfinished").exists()


def test_a_failed_replacement_puts_the_old_city_back(city: Path, tmp_path: Path) -> None:
    back_up(city, tmp_path / "a.tar")
    before = contents(city)

    def watch(what: str, _done: int, _all: int) -> None:
        if what == "files" and not (city / CITY_FILE).exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_city(tmp_path / "a.tar", city, "", watch, is_replacing=True)
    assert contents(city) == before
    assert not list(tmp_path.glob("city.before-*"))


def test_an_archive_of_an_older_revision_is_brought_up(city: Path, tmp_path: Path) -> None:
    back_up(city, tmp_path / "a.tar")
    first = {"tree", "edition", "place", "edition_place", "city_fact", "case_step", "case_state", "case_words",
             "case_contact", "case_file", "organisation", "anchor", "category", "outbox", "number_series"}  # fmt: skip

    def older(manifest: dict) -> None:  # type: ignore[type-arg]
        manifest["schema"] = "0001"
        manifest["tables"] = [one for one in manifest["tables"] if one["name"] in first]

    kept = json.loads(json.dumps(sorted(first)))
    old = changed(tmp_path / "a.tar", tmp_path / "old.tar", older)
    restore_city(old, tmp_path / "new", "", quiet)
    _, found = contents(tmp_path / "new")
    _, before = contents(city)
    assert {name: found[name] for name in kept if name in found} == {
        n: before[n] for n in kept if n in before
    }
    engine = opened(tmp_path / "new")
    with engine.sql.connect() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM store_revision").scalar_one()
    engine.close()
    assert version == head_revision()
    assert "store_mark" in METADATA.tables


@pytest.mark.contract
def test_across_engines_the_hashes_stay(city: Path, tmp_path: Path, postgres_server: Server) -> None:
    told = back_up(city, tmp_path / "sqlite.tar")
    address = postgres_server.database()
    report = restore_city(tmp_path / "sqlite.tar", tmp_path / "scaled", address, quiet)
    assert report.where == address
    assert contents(tmp_path / "scaled") == ("scaled", told)
    assert files_of(tmp_path / "scaled") == files_of(city)
    assert back_up(tmp_path / "scaled", tmp_path / "postgres.tar") == told
    restore_city(tmp_path / "postgres.tar", tmp_path / "embedded", "", quiet)
    assert contents(tmp_path / "embedded") == ("embedded", told)
    moved = move_city(
        tmp_path / "embedded", read_settings(tmp_path / "embedded"), postgres_server.database(), quiet
    )
    assert moved.state == "moved"


@pytest.mark.contract
def test_a_database_that_is_not_empty_is_refused(city: Path, tmp_path: Path, postgres_server: Server) -> None:
    back_up(city, tmp_path / "a.tar")
    address = postgres_server.database()
    restore_city(tmp_path / "a.tar", tmp_path / "one", address, quiet)
    before = contents(tmp_path / "one")
    with pytest.raises(StoreTaken):
        restore_city(tmp_path / "a.tar", tmp_path / "two", address, quiet)
    assert not (tmp_path / "two").exists()
    with pytest.raises(StoreTaken):
        restore_city(tmp_path / "a.tar", tmp_path / "one", address, quiet, is_replacing=True)
    assert contents(tmp_path / "one") == before


@pytest.mark.contract
def test_what_a_killed_restore_left_in_postgresql_is_begun_anew(
    city: Path, tmp_path: Path, postgres_server: Server
) -> None:
    told = back_up(city, tmp_path / "a.tar")
    address, new = postgres_server.database(), tmp_path / "new"

    def watch(what: str, _done: int, _all: int) -> None:
        if what == "files" and new.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_city(tmp_path / "a.tar", new, address, watch)
    shutil.rmtree(new)
    half = connect(address, 1)
    with half.begin() as connection:
        kept = connection.execute(text("SELECT version_num FROM store_revision")).scalar_one()
        connection.execute(text("UPDATE store_revision SET version_num = '9999'"))
    with pytest.raises(StoreTooNew):
        restore_city(tmp_path / "a.tar", new, address, quiet)
    with half.begin() as connection:
        connection.execute(text("UPDATE store_revision SET version_num = :kept"), {"kept": kept})
    half.dispose()
    restore_city(tmp_path / "a.tar", new, address, quiet)
    assert contents(new) == ("scaled", told)
    create_scaled(address, new).close()


def test_a_backup_without_room_for_its_keys_is_none(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, vault = opened(city), vault_of(city, read_settings(city))
    begin(engine, vault)
    engine.close()
    vault.close()
    before = last_backup_at(city)

    def no_room(*_: object) -> None:
        raise StoreFull(where="a.keys")

    monkeypatch.setattr(KeyStore, "copy_to", no_room)
    with pytest.raises(StoreFull):
        back_up(city, tmp_path / "kept" / "a.tar")
    assert not list((tmp_path / "kept").iterdir())
    assert last_backup_at(city) == before


@pytest.mark.contract
def test_a_moved_city_is_indexed_before_it_opens(
    city: Path, tmp_path: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("huitian.app.moving.index_anew", lambda *_: seen.append("index"))
    monkeypatch.setattr("huitian.care.move.settle", lambda *_: seen.append("settle"))
    move_city(city, read_settings(city), postgres_server.database(), quiet)
    assert seen == ["index", "settle"]
