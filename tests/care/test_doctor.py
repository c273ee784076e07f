"""``huitian doctor``: what it finds in a city that is well, and in those that are not."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huitian.app.city import open_city
from huitian.care.checks import Check
from huitian.care.disk import size_words
from huitian.care.doctor import examine
from huitian.care.folder_checks import contradictions
from huitian.care.last_backup import RECORD, note_backup
from huitian.engine.embedded.store import STORE
from huitian.model.query import Event
from huitian.settings import Settings, read_settings

SETTINGS = Settings()


@pytest.fixture(scope="module")
def new_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a new city by the command."""
    folder = tmp_path_factory.mktemp("new") / "city"
    made = command("init", str(folder))
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def city(new_city: Path, tmp_path: Path) -> Path:
    """Return a new city of one's own, file for file."""
    return Path(shutil.copytree(new_city, tmp_path / "city"))


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huitian.cli", *words], capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip


def found(folder: Path, settings: Settings = SETTINGS, now: datetime | None = None) -> dict[str, Check]:
    checks = examine(folder, settings, "", now or datetime.now(UTC))
    for check in checks:
        assert check.words_zh, check
        assert check.words_en, check
        if check.state != "ok":
            assert check.what_to_do_zh, check
            assert check.what_to_do_en, check
    return {check.code: check for check in checks}


def states(folder: Path, **more: Settings) -> dict[str, str]:
    return {code: check.state for code, check in found(folder, **more).items()}


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_new_city_is_well_but_for_its_backup_and_stays_as_it_is(city: Path) -> None:
    before = content(city)
    told = states(city)
    assert {code for code, state in told.items() if state == "fail"} == set()
    assert told["backup_age"] == "warn"
    after = content(city)
    # SQLite may leave the empty files of a log behind.
    assert {name: after[name] for name in before} == before
    note_backup(city, datetime.now(UTC), "city.tar")
    assert found(city)["backup_age"].state == "ok"
    note_backup(city, datetime.now(UTC) - timedelta(days=9), "city.tar")
    assert found(city)["backup_age"].value == 9 * 24
    (city / RECORD).write_text("[]", "utf-8")
    assert found(city)["backup_age"].state == "warn"


def test_it_says_a_line_a_check_in_the_language_of_the_city(city: Path) -> None:
    told = command("doctor", str(city), HUITIAN_LANGUAGE="en")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✓ ok" in told.stdout
    assert "▲ warn backup_age: no backup has been made yet" in told.stdout
    assert "→ Make one" in told.stdout
    as_json = command("doctor", str(city), "--json")
    body = json.loads(as_json.stdout)
    assert body["state"] == "warn"
    assert all(
        {"part", "code", "state", "words_zh", "what_to_do_en", "value", "unit"} <= set(c)
        for c in body["checks"]
    )
    assert command("doctor", str(city / "none")).returncode == 1


def test_a_setting_that_is_wrong_is_a_check_that_failed(city: Path) -> None:
    (city / "city.toml").write_text("[server]\nprot = 1\n", "utf-8")
    told = command("doctor", str(city), "--json")
    assert told.returncode == 1
    assert [(c["code"], c["state"]) for c in json.loads(told.stdout)["checks"]] == [("settings_read", "fail")]


@pytest.fixture
def store(city: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(city / STORE, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(("revision", "state"), [("0001", "warn"), ("9999", "fail")])
def test_another_schema_is_told_and_not_migrated(
    city: Path, store: sqlite3.Connection, revision: str, state: str
) -> None:
    store.execute("UPDATE store_revision SET version_num = ?", (revision,))
    assert found(city)["store_schema"].state == state
    assert store.execute("SELECT version_num FROM store_revision").fetchone() == (revision,)


def test_a_mark_of_a_move_is_told(city: Path, store: sqlite3.Connection) -> None:
    store.execute("INSERT INTO store_mark VALUES ('half_made', 'huitian restore')")
    assert "huitian restore" in found(city)["store_marks"].words_en


def test_a_move_that_was_killed_at_its_end_is_told(city: Path, store: sqlite3.Connection) -> None:
    store.execute("INSERT INTO store_mark VALUES ('arrived', 'postgresql://u@h/d')")
    told = found(city)["store_marks"]
    assert (told.state, "postgresql://u@h/d" in told.words_en) == ("warn", True)
    assert "huitian move" in told.what_to_do_en


def test_a_damaged_store_is_told(city: Path) -> None:
    with (city / STORE).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 200_000)
    told = found(city)
    assert told["store_whole" if "store_whole" in told else "store_opens"].state == "fail"


def test_no_store_at_all_is_told(city: Path) -> None:
    (city / STORE).unlink()
    assert states(city)["store_opens"] == "fail"


def test_who_serves_a_city_is_told(city: Path) -> None:
    assert "nobody" in found(city)["store_held"].words_en
    opened = open_city(city)
    opened.engine.hold()
    try:
        assert "process" in found(city)["store_held"].words_en
    finally:
        opened.close()


def test_a_clock_that_went_back_is_told(city: Path) -> None:
    opened = open_city(city)
    with opened.engine.records.writing() as writing:
        writing.emit(Event("case", "case_stepped", {}, (), recorded_at=datetime.now(UTC)))
    opened.close()
    assert found(city)["clock_back"].state == "ok"
    back = found(city, now=datetime.now(UTC) - timedelta(days=2))["clock_back"]
    assert back.state == "fail"
    assert back.value is not None
    assert back.value >= 2 * 86_400 - 1


def test_a_year_that_the_calendar_does_not_know_is_told(city: Path) -> None:
    assert found(city, now=datetime(2026, 3, 1, tzinfo=UTC))["clock_calendar"].state == "ok"
    assert found(city, now=datetime(2040, 3, 1, tzinfo=UTC))["clock_calendar"].state == "warn"


@pytest.mark.parametrize(("mb", "said"), [(0, "0 MB"), (512, "512 MB"), (1024, "1.0 GB"), (61_321, "59.9 GB"),
                                          (102_399, "100 GB"), (2_000_000, "1,953 GB")])  # fmt: skip
def test_room_is_said_in_a_unit_that_people_read(mb: int, said: str) -> None:
    assert size_words(mb) == said


def test_little_room_is_told(city: Path) -> None:
    free_mb = found(city)["disk_room"].value
    assert free_mb is not None
    assert found(city, replace(SETTINGS, least_free_mb=2 * free_mb))["disk_room"].state == "warn"
    assert found(city, replace(SETTINGS, least_free_mb=20 * free_mb))["disk_room"].state == "fail"


def test_secrets_that_others_can_read_are_told(city: Path) -> None:
    keys = city / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    (keys / "outside.key").write_text("x", "utf-8")
    (keys / "outside.key").chmod(0o600)
    assert found(city)["keys_private"].state == "ok"
    (keys / "outside.key").chmod(0o644)
    assert "outside.key" in found(city)["keys_private"].words_en
    password = city / "password"
    password.write_text("secret", "utf-8")
    password.chmod(0o640)
    settings = replace(SETTINGS, store_password_file=password)
    assert found(city, settings)["secret_open"].state == "fail"
    password.chmod(0o600)
    assert found(city, settings)["secret_open"].state == "ok"
    city.chmod(0o777)
    assert found(city)["folder_owner"].state == "fail"


def test_personal_data_that_others_can_read_is_told() -> None:
    with tempfile.TemporaryDirectory() as above:
        city = Path(above) / "city"
        assert command("init", str(city)).returncode == 0
        Path(above).chmod(0o755)
        city.chmod(0o755)
        assert {(city / name).stat().st_mode & 0o777 for name in ("store", "files")} == {0o700}
        assert found(city)["personal_open"].state == "ok"
        (city / "store").chmod(0o755)
        told = found(city)["personal_open"]
        assert (told.state, f"{city}/store" in told.words_en) == ("warn", True)
        Path(above).chmod(0o700)
        assert found(city)["personal_open"].state == "ok", "nobody comes through the folder above"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"workers": 4}, "workers_sqlite"),
        ({"host": "0.0.0.0"}, "open_without_https"),
        ({"is_https": True}, "https_without_proxy"),
        ({"log_file": "/no/such/folder/huitian.log"}, "log_nowhere"),
        ({}, "settings_agree"),
    ],
)
def test_settings_that_contradict_are_told(given: dict[str, object], code: str) -> None:
    assert [check.code for check in contradictions(read_settings(None, {}, given))] == [code]
