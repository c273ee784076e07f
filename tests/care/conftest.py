"""A small city in a folder of its own."""

import shutil
from pathlib import Path

import pytest

from huitian.care.identity import new_city_id
from huitian.model.query import Query
from huitian.settings import CITY_FILE, city_text
from tests.cases.conftest import make_town, run_a_case

PHOTO = b"\xff\xd8\xff\xe0 a photo of a lamp"


@pytest.fixture(scope="session")
def made_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a city folder with a case, a photo, a ladder of its own and a key."""
    folder = tmp_path_factory.mktemp("made") / "city"
    folder.mkdir()
    (folder / CITY_FILE).write_text(city_text({"name_zh": "海安区", "name_en": "Hai'an"}), encoding="utf-8")
    town = make_town(folder)
    run_a_case(town)
    file_id = town.engine.files.keep(PHOTO)
    with town.engine.records.writing() as writing:
        writing.add("city_fact", [new_city_id()])
        case_id = writing.read(town.parts.planner.system("case_step"), first_step()).rows[0]["case_id"]
        writing.add("case_file", [{"case_id": case_id, "step_no": 1, "file_id": file_id, "role": "photo"}])
    town.engine.close()
    (folder / "keys").mkdir()
    (folder / "keys" / "ferry.key").write_text("secret", encoding="utf-8")
    (folder / "calendar").mkdir()
    (folder / "calendar" / "说明.txt").write_text("没有", encoding="utf-8")
    return folder


def first_step() -> Query:
    """Return the question for one step."""
    return Query("case_step", limit=1)


@pytest.fixture
def city(made_city: Path, tmp_path: Path) -> Path:
    """Return a copy of the city."""
    return shutil.copytree(made_city, tmp_path / "city")
