"""Keys, erasing and retention by command, on a city that was made and one that is from before."""

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huitian.app.city import make_city, open_city
from huitian.app.stores import vault_of
from huitian.care.last_retention import last_retention_at
from huitian.cli.app import app
from huitian.clock import day_of
from huitian.engine.sealing import Vault
from huitian.errors import KeyInUse
from huitian.model.case import Letter
from huitian.model.place import Place, Tree
from huitian.model.query import Condition, Query
from huitian.settings import read_settings

NAMES = {"name_zh": "星澜", "name_en": "Xinglan", "root_place": "admin:990114"}
ROOT = Place("admin:990114", "admin", "990114", "district", "星澜", None, date(2020, 1, 1))
TREE = Tree("admin", "行政", "Administrative", ("district",))
WORDS = "测试卯家的门坏了"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    home = tmp_path / "city"
    made = make_city(home, NAMES, ROOT, TREE)
    for n in range(3):
        made.letters.open_case(Letter(f"{WORDS}{n}", f"letter-0000{n}", place_id="admin:990114"))
    made.close()
    return home


def said(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], env={"HUITIAN_LANGUAGE": "en"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def words_of(home: Path) -> list[str | None]:
    made = open_city(home)
    query = Query("case_words", (Condition("field", "eq", "body"),), columns=("words",))
    found = [row["words"] for row in made.engine.records.read(made.planner.system("case_words"), query).rows]
    made.close()
    return sorted(found, key=str)


def number_of(home: Path, n: int) -> tuple[str, str]:
    made = open_city(home)
    rows = made.engine.records.read(made.planner.system("case"), Query("case", sort=("case_no",))).rows
    made.close()
    return rows[n]["case_no"], rows[n]["case_id"]


def test_a_master_key_is_rotated_and_the_former_retired(city: Path) -> None:
    assert "     1             4  in use" in said("keys", "list", city)
    with pytest.raises(KeyInUse):
        said("keys", "retire", city, 1)
    told = said("keys", "rotate", city)
    assert "Master key 2 is in use, 4 keys" in told
    assert "Back up now" in told
    assert "retired" in said("keys", "retire", city, 1)
    assert sorted(path.name for path in (city / "keys").iterdir()) == ["master-2.key", "subjects.sqlite"]
    assert words_of(city) == [f"{WORDS}{n}" for n in range(3)]


@pytest.mark.parametrize("point", ["rewrap", "add_master"])
def test_a_rotation_that_was_killed_goes_on(city: Path, point: str) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from huitian.cli.app import app\n"
        "from huitian.engine.sealing.key_store import KeyStore\n"
        "setattr(KeyStore, sys.argv.pop(), lambda *_: os.kill(os.getpid(), signal.SIGKILL)); app()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "keys", "rotate", str(city), point], check=False, env=os.environ
    )
    assert ended.returncode == -signal.SIGKILL
    assert words_of(city) == [f"{WORDS}{n}" for n in range(3)]
    more = ["--continue"] if point == "rewrap" else []
    assert "Master key 2 is in use, 4 keys" in said("keys", "rotate", city, *more)
    assert "retired" in said("keys", "retire", city, 1)
    assert words_of(city) == [f"{WORDS}{n}" for n in range(3)]


def test_a_city_from_before_is_sealed_by_command(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = city.with_name("before")
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "is_on", False)
        patch.setattr("huitian.app.stores.begin", lambda *_: None)
        made = make_city(before, NAMES, ROOT, TREE)
        made.letters.open_case(Letter(WORDS, "letter-00001", place_id="admin:990114", phone="12011112222"))
        made.close()
    assert not (before / "keys").exists()
    assert WORDS.encode() in (before / "store" / "huitian.sqlite").read_bytes()
    assert words_of(before) == [WORDS]
    assert not (before / "keys").exists()
    # As a server does: the last one to close the store would empty its log.
    served = sqlite3.connect(before / "store" / "huitian.sqlite")
    assert served.execute("SELECT count(*) FROM case_words").fetchone() == (1,)
    assert "Sealed 2 rows, 0 photos" in said("keys", "seal", before)
    assert (before / "store" / "huitian.sqlite-wal").stat().st_size == 0
    served.close()
    assert "Sealed 0 rows, 0 photos" in said("keys", "seal", before)
    assert words_of(before) == [WORDS]
    assert WORDS.encode() not in b"".join(p.read_bytes() for p in before.rglob("*") if p.is_file())
    vault = vault_of(before, read_settings(before))
    assert vault.states() == {1: (3, False)}
    vault.close()


def test_a_case_is_erased_by_command_and_the_rest_stays(city: Path) -> None:
    number, _ = number_of(city, 1)
    told = said("erase", city, "--case", number, "--reason", "own request", "--even-open", "--yes")
    assert "1 keys destroyed, 1 rows emptied, 0 photos removed" in told
    assert words_of(city) == [None, f"{WORDS}0", f"{WORDS}2"]


def test_what_was_kept_long_enough_goes(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Words of cases  kept for ever (keep_words_years is 0)" in said("retain", "run", city)
    assert last_retention_at(city) is not None
    monkeypatch.setenv("HUITIAN_KEEP_WORDS_YEARS", "3")
    _, case_id = number_of(city, 0)
    made = open_city(city)
    with made.engine.records.writing() as writing:
        ended_at = made.clock.now() - timedelta(days=3 * 366)
        writing.change("case", {"case_id": case_id}, {"closed_at": ended_at})
    made.close()
    listed = said("retain", "list", city)
    assert f"Words of cases  3 years (keep_words_years)  1 over, the oldest from {day_of(ended_at)}" in listed
    assert "Contacts of cases  for ever (keep_contact_days)  0 over" in listed
    assert "Words of cases  1 are over; nothing was changed" in said("retain", "run", city, "--what-if")
    assert words_of(city) == [f"{WORDS}{n}" for n in range(3)]
    assert "Words of cases  1 destroyed" in said("retain", "run", city)
    assert words_of(city) == [None, f"{WORDS}1", f"{WORDS}2"]
    assert "Words of cases  0 destroyed" in said("retain", "run", city)
