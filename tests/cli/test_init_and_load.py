"""``huitian init`` and ``huitian load`` as a user types them: output, exit codes, stopping, resuming."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ingest.towns import BUILDING_MAP, BUILDINGS, STREET_MAP, STREETS

pytestmark = pytest.mark.served

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("HUITIAN_")}


def huitian(*arguments: object, lang: str = "en") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huitian.cli", *map(str, arguments)]
    environment = CLEAN | {"HUITIAN_LANGUAGE": lang, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a city and files to load."""
    made = huitian(
        "init", tmp_path / "city", "--name", "星澜区", "--code", "990101", "--box", "116,39.9,116.8,40.4"
    )
    assert made.returncode == 0, made.stderr
    (tmp_path / "streets.geojson").write_text(json.dumps(STREETS, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "streets.toml").write_text(STREET_MAP, encoding="utf-8")
    (tmp_path / "buildings.csv").write_text(BUILDINGS + "b3,坏,六,1998,116.1,40.05\n", encoding="gb18030")
    (tmp_path / "buildings.toml").write_text(BUILDING_MAP, encoding="utf-8")
    return tmp_path


def test_a_new_city_has_its_root(folder: Path) -> None:
    text = (folder / "city" / "city.toml").read_text("utf-8")
    assert 'root_place = "admin:990101"' in text
    assert 'box = "116.0,39.9,116.8,40.4"' in text
    assert "地方 places: 1" in huitian("check", folder / "city").stdout
    again = huitian("init", folder / "city")
    assert again.returncode == 1
    assert "holds a city already" in again.stderr
    assert "Traceback" not in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--level", "road"), "street"), (("--code", "99 01"), "letters and digits"), (("--box", "1,2,3"), "box"),
     (("--like", "/nowhere"), "/nowhere")],
)  # fmt: skip
def test_a_city_that_cannot_be_made(tmp_path: Path, arguments: tuple[str, str], words: str) -> None:
    done = huitian("init", tmp_path / "city", *arguments)
    assert done.returncode in {1, 2}
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "city" / "city.toml").exists()


def test_a_load_says_what_it_did(folder: Path) -> None:
    city = folder / "city"
    done = huitian("load", city, "geojson", folder / "streets.geojson", "--map", folder / "streets.toml")
    assert done.returncode == 0, done.stderr
    assert "streets.geojson → place (streets): done" in done.stdout
    done = huitian(
        "load", city, "csv", folder / "buildings.csv", "--map", folder / "buildings.toml", lang="zh"
    )
    assert done.returncode == 0, done.stderr
    assert "读入  写入  未变  拒收" in done.stdout
    assert "第 4 行  “层数”不是数字：“六”。" in done.stdout
    assert done.stderr == ""


def test_the_result_as_one_json_object(folder: Path) -> None:
    done = huitian("load", folder / "city", "csv", folder / "buildings.csv", folder / "nothing.csv", "--map",
                   folder / "buildings.toml", "--json")  # fmt: skip
    assert done.returncode == 0, "one of two files was read"
    told = json.loads(done.stdout)
    (load,), (problem,) = told["loads"], told["problems"]
    assert (load["n_read"], load["n_written"], load["n_rejected"]) == (3, 2, 1)
    assert load["examples"][0]["reason_en"].startswith("层数 is not a number")
    assert (problem["code"], problem["file_name"]) == ("file_unreadable", "nothing.csv")


def test_exit_codes(folder: Path) -> None:
    city, good = folder / "city", folder / "buildings.csv"
    (folder / "empty.csv").touch()
    (folder / "bad.toml").write_text("source_id = 'x'\nentity = 'palace'\n", encoding="utf-8")
    (folder / "all_bad.csv").write_text("编号,名称,层数,年份,经度,纬度\nb,x,六,,,\n", encoding="utf-8")
    assert (
        huitian("load", city, "csv", folder / "empty.csv", "--map", folder / "buildings.toml").returncode == 3
    )
    assert (
        huitian("load", city, "csv", folder / "all_bad.csv", "--map", folder / "buildings.toml").returncode
        == 3
    )
    bad = huitian("load", city, "csv", good, "--map", folder / "bad.toml")
    assert bad.returncode == 2
    assert "entity (line 2)" in bad.stderr
    assert '"place"' in bad.stderr
    assert huitian("load", city, "xlsx", good).returncode == 2
    assert huitian("load", city, "csv").returncode == 2
    assert huitian("load", folder / "nowhere", "csv", good).returncode == 1


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    done = huitian("load", folder / "city", "csv", folder / "buildings.csv", "--map", folder / "buildings.toml",
                   "--dry-run")  # fmt: skip
    assert done.returncode == 0
    assert "dry run, nothing written" in done.stdout
    assert count(folder / "city", "load") == count(folder / "city", "building") == 0


def test_a_guess_is_shown_on_standard_error(folder: Path) -> None:
    path = folder / "楼.csv"
    path.write_text("楼栋编码,名称\nb1,甲楼\n", encoding="utf-8")
    done = huitian("load", folder / "city", "csv", path)
    assert done.returncode == 0
    assert 'building_id = "楼栋编码"' in done.stderr
    assert count(folder / "city", "building") == 1


def test_ctrl_c_finishes_the_chunk_and_the_same_command_resumes(folder: Path) -> None:
    rows = [f"b{n},楼{n},6,1998,{116.1 + n % 190 / 1000:.3f},40.05" for n in range(30_000)]
    (folder / "many.csv").write_text("\n".join([BUILDINGS.splitlines()[0], *rows, ""]), encoding="utf-8")
    arguments = [
        "load",
        str(folder / "city"),
        "csv",
        str(folder / "many.csv"),
        "--map",
        str(folder / "buildings.toml"),
    ]
    command = [sys.executable, "-m", "huitian.cli", *arguments]
    environment = CLEAN | {"HUITIAN_LANGUAGE": "en"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        until = time.monotonic() + 30
        while count(folder / "city", "building") == 0:
            assert time.monotonic() < until
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "stopped: the same command resumes it" in out
    n_done = count(folder / "city", "building")
    assert 0 < n_done < 30_000
    assert n_done % 500 == 0
    done = huitian(*arguments, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["loads"][0]["n_done_before"] == n_done
    assert count(folder / "city", "building") == 30_000


def count(city: Path, table: str) -> int:
    connection = sqlite3.connect(city / "store" / "huitian.sqlite")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()
