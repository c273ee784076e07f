"""The server destroys what was kept long enough once a day by itself, and it is told where nobody does."""

import fcntl
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from huitian.app import retaining as module
from huitian.app.city import OpenCity, make_city, open_city
from huitian.app.retaining import LOCK, retain_if_due, retaining
from huitian.care.folder_checks import retention
from huitian.care.last_retention import is_due, last_retention_at, note_retention
from huitian.clock import SHANGHAI
from huitian.errors import StoreAway
from huitian.model.case import Letter
from huitian.model.place import Place, Tree
from huitian.model.query import Query
from huitian.settings import CITY_FILE, Settings
from tests.waiting import until

NAMES = {"name_zh": "星澜", "name_en": "Xinglan", "root_place": "admin:990114", "keep_contact_days": 30}
ROOT = Place("admin:990114", "admin", "990114", "district", "星澜", None, date(2020, 1, 1))
TREE = Tree("admin", "行政", "Administrative", ("district",))
BEFORE = datetime(2026, 3, 1, 2, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the city once; one of its cases was closed long ago."""
    home = tmp_path_factory.mktemp("made") / "city"
    city = make_city(home, NAMES, ROOT, TREE)
    one = city.letters.open_case(Letter("测试", "letter-00001", phone="12011112222", place_id="admin:990114"))
    with city.engine.records.writing() as writing:
        ended_at = city.clock.now() - timedelta(days=40)
        writing.change("case", {"case_id": one.case_id}, {"closed_at": ended_at})
    city.close()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Return a copy whose settings were written two days ago, so that a run is due at any hour."""
    folder = Path(shutil.copytree(made, tmp_path / "city"))
    written_at(folder, datetime.now(UTC) - timedelta(days=2))
    return folder


def written_at(folder: Path, at: datetime) -> None:
    os.utime(folder / CITY_FILE, (at.timestamp(), at.timestamp()))


def phone_of(city: OpenCity) -> str | None:
    (row,) = city.engine.records.read(city.planner.system("case_contact"), Query("case_contact")).rows
    return row["phone"]  # type: ignore[no-any-return]


def test_it_is_due_when_the_hour_came_by_since_the_last_run(home: Path) -> None:
    settings = Settings(keep_contact_days=30, retain_hour=3)
    note_retention(home, BEFORE)
    hours = [BEFORE + timedelta(hours=n) for n in (0.5, 1, 5, 24.5)]
    assert [is_due(home, settings, at) for at in hours] == [False, True, True, True]
    note_retention(home, BEFORE + timedelta(hours=1))
    # Until three o'clock of the next day; whoever slept then makes up for it.
    hours = [BEFORE + timedelta(hours=n) for n in (1.5, 22, 24.9, 25, 24 * 9)]
    assert [is_due(home, settings, at) for at in hours] == [False, False, False, True, True]
    nothing = Settings(keep_feedback_days=0, keep_rejects_days=0)
    assert not is_due(home, nothing, BEFORE + timedelta(days=9))


def test_a_new_city_is_counted_from_its_settings(home: Path) -> None:
    written_at(home, BEFORE)
    assert not is_due(home, Settings(), BEFORE + timedelta(minutes=30))
    assert is_due(home, Settings(), BEFORE + timedelta(hours=2))
    (home / CITY_FILE).unlink()
    assert not is_due(home, Settings(), BEFORE + timedelta(days=9))


def test_it_is_done_once_a_day_and_by_one_process(home: Path) -> None:
    city = open_city(home)
    with (home / LOCK).open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not retain_if_due(city)
    assert phone_of(city) == "12011112222"
    assert not retain_if_due(city, lambda: True), "who is to stop leaves it to the next"
    assert last_retention_at(home) is None
    assert retain_if_due(city)
    assert phone_of(city) is None
    assert last_retention_at(home) is not None
    assert not retain_if_due(city)
    city.close()


def test_a_server_does_it_beside_its_work(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city, n_tried = open_city(home), list[int]()
    was = module.retain_if_due

    def away_first(*told: object) -> bool:
        n_tried.append(1)
        if len(n_tried) == 1:
            raise StoreAway(where="there")
        return was(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "EVERY_S", 0.01)
    monkeypatch.setattr(module, "AGAIN_S", 0.02)
    monkeypatch.setattr(module, "retain_if_due", away_first)
    with retaining(city):
        until(lambda: last_retention_at(home) is not None, "nothing was destroyed")
    assert phone_of(city) is None
    city.close()


def test_the_doctor_tells_when_nobody_does_it(home: Path) -> None:
    now, settings = datetime.now(UTC), Settings()
    written_at(home, now - timedelta(hours=47))
    assert retention(home, settings, now).state == "ok"
    written_at(home, now - timedelta(hours=50))
    never = retention(home, settings, now)
    assert (never.state, never.value) == ("warn", 50)
    assert "destroyed under its terms yet" in never.words_en
    assert retention(home, Settings(keep_feedback_days=0, keep_rejects_days=0), now).state == "ok"
    note_retention(home, now - timedelta(hours=1))
    assert retention(home, settings, now).value == 1
    note_retention(home, now - timedelta(hours=49))
    assert retention(home, settings, now).state == "warn"
