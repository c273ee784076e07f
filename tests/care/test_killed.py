"""kill -9 anywhere in a move, a restore or a backup; then the same command again ends like one left in peace."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huitian.app.keeping import back_up_city
from huitian.app.moving import move_city
from huitian.care.archive_reading import Archive
from huitian.errors import HuitianError
from huitian.settings import CITY_FILE, read_settings
from tests.care.looking import contents, opened, quiet, sums_of
from tests.faults.killer import POINTS
from tests.servers.postgres import Server

pytestmark = pytest.mark.faults

ROUNDS = 25 if os.environ.get("HUITIAN_PROVE") else 2
SEEDS = range(20260401, 20260401 + ROUNDS)


def run(point: str, number: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that dies at a point; 0 lets it live."""
    command = [sys.executable, "-m", "tests.faults.killer", point, str(number), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """Return how often each point was passed by a command that lived."""
    assert done.returncode == 0, done.stderr
    return {name: int(n) for name, n in re.findall(r"(\w+)=(\d+)", done.stderr.splitlines()[-1])}


@pytest.fixture(scope="module")
def passed(
    made_city: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: Server
) -> dict[str, int]:
    """Move the city once without killing."""
    city = shutil.copytree(made_city, tmp_path_factory.mktemp("passed") / "city")
    return counts(run("statement", 0, "move", city, "--to", postgres_server.database()))


def at(draw: random.Random, passed: dict[str, int], seed: int) -> tuple[str, int]:
    """Return where to die: the first seed at one of the last commits, where the city changes its store."""
    point = "committed" if seed == SEEDS[0] else draw.choice(POINTS)
    least = passed[point] - 4 if seed == SEEDS[0] else 1
    return point, draw.randint(max(least, 1), passed[point])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", ["there", "back"])
def test_a_killed_move_goes_on(
    city: Path, postgres_server: Server, passed: dict[str, int], way: str, seed: int
) -> None:
    draw, address = random.Random(f"{seed} {way}"), postgres_server.database()
    to = address
    if way == "back":
        move_city(city, read_settings(city), address, quiet)
        to = "sqlite"
    before = contents(city)
    point, number = at(draw, passed, seed)
    print(f"seed {seed}: {way} is killed at {point} {number} of {passed[point]}")
    killed = run(point, number, "move", city, "--to", to)
    assert killed.returncode in {-signal.SIGKILL, 0}, killed.stderr
    kind, found = contents(city)
    assert found == before[1], "one store opens, and it holds the city"
    engine = opened(city)
    with engine.records.writing() as writing:
        writing.add("city_fact", [{"fact": "between", "told": "x"}])
        writing.change("tree", {"tree_id": "admin"}, {"title_en": "Changed"})
    wanted = sums_of(engine)
    engine.close()
    again = run("statement", 0, "move", city, "--to", to)
    assert again.returncode == 0, again.stderr
    assert contents(city) == ("scaled" if way == "there" else "embedded", wanted)
    assert kind in {"scaled", "embedded"}


@pytest.fixture(scope="module", params=["embedded", "scaled"])
def restored(
    request: pytest.FixtureRequest, made_city: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Archive, dict[str, int]]:
    """Restore the city once without killing."""
    folder = tmp_path_factory.mktemp("restored")
    archive, _ = back_up_city(made_city, read_settings(made_city), folder / "a.tar", quiet)
    store = (
        ["--store", request.getfixturevalue("postgres_server").database()]
        if request.param == "scaled"
        else []
    )
    return (
        request.param,
        archive,
        counts(run("statement", 0, "restore", archive.path, folder / "lived", *store)),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_restore_is_no_city_and_can_be_run_again(
    restored: tuple[str, Archive, dict[str, int]], tmp_path: Path, request: pytest.FixtureRequest, seed: int
) -> None:
    engine, archive, lived = restored
    store = ["--store", request.getfixturevalue("postgres_server").database()] if engine == "scaled" else []
    point, number = at(random.Random(f"{seed} {engine}"), lived, seed)
    print(f"seed {seed}: {engine} is killed at {point} {number} of {lived[point]}")
    new = tmp_path / "new"
    killed = run(point, number, "restore", archive.path, new, *store)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if not (new / CITY_FILE).exists():
        again = run("statement", 0, "restore", archive.path, new, *store)
        assert again.returncode == 0, again.stderr
    told = {table.name: table.sum() for table in archive.manifest.tables if table.n_rows}
    assert contents(new) == (engine, told)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_backup_leaves_no_archive_and_the_old_ones(city: Path, tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "kept"
    lived = counts(run("statement", 0, "backup", city, folder))
    (old,) = folder.iterdir()
    whole, before = old.read_bytes(), contents(city)
    number = random.Random(seed).randint(1, lived["statement"])
    killed = run("statement", number, "backup", city, folder, "--keep", "1")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert old.read_bytes() == whole
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == [old.name]
    assert contents(city) == before
    assert run("statement", 0, "backup", "--check", old).returncode == 0


def test_a_half_made_store_says_what_to_do(
    city: Path, postgres_server: Server, passed: dict[str, int]
) -> None:
    from huitian.engine.scaled import open_scaled

    address = postgres_server.database()
    killed = run("commit", passed["commit"] // 2, "move", city, "--to", address)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(HuitianError) as told:
        open_scaled(address, city)
    assert told.value.code == "store_half_made"
    assert "huitian move" in told.value.words("en")
