"""kill -9 anywhere in a load; then the same command again ends in the same state as a load that was not disturbed."""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from huitian.app import open_city
from huitian.engine.embedded.store import EmbeddedEngine
from huitian.engine.sealing.fields import SEALED, opened_rows
from tests.faults.killer import POINTS
from tests.ingest.towns import (
    BUILDING_MAP,
    LETTER_HEAD,
    LETTER_MAP,
    STREET_MAP,
    STREETS,
    Town,
    features,
    square,
)

pytestmark = pytest.mark.faults

ROUNDS = 25 if os.environ.get("HUITIAN_PROVE") else 2
"""Kills of each file: six in CI, many where somebody has the time."""
SEEDS = [*range(20260302, 20260302 + ROUNDS), None]
"""None is no seed: the last commit of all, after which only the end is left to do."""
INSTANTS = {"load": {"started_at", "finished_at"}, "finding": {"found_at"}, "outbox": {"recorded_at"}}


@dataclass(frozen=True)
class Job:
    """One load: its arguments, its undisturbed outcome, and how often each point is passed."""

    name: str
    arguments: list[str]
    outcome: dict[str, list[tuple[object, ...]]]
    counts: dict[str, int]


def places() -> tuple[str, object, str]:
    rows = [
        (
            {"编码": f"c{n:03}", "名称": f"社区{n}"},
            square(116.1 + n % 20 / 100, 40.0 + n // 20 / 100, 0.01, 0.01),
        )
        for n in range(200)
    ]
    bow = {"type": "Polygon", "coordinates": [[[116.1, 40.0], [116.2, 40.1], [116.2, 40.0], [116.1, 40.1]]]}
    rows += [({"编码": "bad", "名称": "坏"}, bow), rows[3]]
    return (
        "geojson",
        features(*rows),
        STREET_MAP.replace('"street"', '"community"').replace("streets", "communities"),
    )


def buildings() -> tuple[str, object, str]:
    lines = ["编号,名称,层数,年份,经度,纬度"]
    for n in range(1700):
        wrong = {5: "六", 900: "NaN", 1500: "=1+1"}.get(n)
        lines.append(f"b{n},{wrong if n == 1500 else '楼'},{wrong if n == 5 else 6},1998,"
                     f"{wrong if n == 900 else f'{116.1 + n % 190 / 1000:.3f}'},40.05")  # fmt: skip
    return "csv", "\n".join([*lines, lines[3], ""]), BUILDING_MAP


def letters() -> tuple[str, object, str]:
    lines = []
    for n in range(1200):
        owner, replied = "物业" if n % 3 else "", f"2026-02-0{n % 9 + 1}" if n % 2 else ""
        lines.append(
            f"L{n},2026-01-{n % 28 + 1:02},灯{n}不亮,{116.1 + n % 150 / 1000:.3f},40.05,{owner},{replied}"
        )
    return "letters", LETTER_HEAD + "\n".join([*lines, "L7,2026-01-01,又来,,,,", "L,x,y,,,,", ""]), LETTER_MAP


JOBS = {"places": places, "buildings": buildings, "letters": letters}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a city of two streets, closed."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.load("geojson", STREETS, STREET_MAP, name="streets")
    town.city.close()
    settings = town.folder / "city" / "city.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("[city]", '[city]\nbox = "116,39.9,116.8,40.4"'), "utf-8"
    )
    return town.folder / "city"


@pytest.fixture(scope="module", params=sorted(JOBS))
def job(request: pytest.FixtureRequest, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Return a load with the outcome of a run that nobody disturbs."""
    folder = tmp_path_factory.mktemp(request.param)
    kind, content, told = JOBS[request.param]()
    town = Town.__new__(Town)
    town.folder = folder
    path = town.file(content, f"file.{kind}")
    mapping = town.file(told, "map.toml")
    city = folder / "city"
    shutil.copytree(prepared, city)
    arguments = [kind, str(path), "--map", str(mapping)]
    done = run(["statement", "0", "load", str(city), *arguments])
    assert done.returncode == 0, done.stderr
    counts = {name: int(n) for name, n in re.findall(r"(\w+)=(\d+)", done.stderr.splitlines()[-1])}
    return Job(request.param, arguments, tables(city), counts)


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.faults.killer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def tables(city: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table of a city, what is sealed opened, without the instants at which things were done."""
    connection = sqlite3.connect(city / "store" / "huitian.sqlite")
    try:
        names = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'box%' AND name NOT LIKE 'sqlite%'"
        )]  # fmt: skip
        found = {}
        for name in sorted(names):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            kept = ", ".join(f'"{c}"' for c in columns if c not in INSTANTS.get(name, set()))
            found[name] = sorted(connection.execute(f"SELECT {kept} FROM {name}"), key=repr)
    finally:
        connection.close()
    return found | opened(city)


def opened(city: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the tables with sealed values as they read: each sealing is another one, what is sealed is the same."""
    found, open_one = {}, open_city(city)
    try:
        engine = cast(EmbeddedEngine, open_one.engine)
        with engine.sql.connect() as connection:
            for name, lies in SEALED.items():
                rows = [dict(row) for row in connection.execute(lies.table.select()).mappings()]
                gone = INSTANTS.get(name, set())
                found[name] = sorted(
                    (
                        tuple(value for column, value in row.items() if column not in gone)
                        for row in opened_rows(engine.records.vault, lies.table, rows)
                    ),
                    key=repr,
                )
    finally:
        open_one.close()
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_load_ends_like_an_undisturbed_one(
    job: Job, prepared: Path, tmp_path: Path, seed: int | None
) -> None:
    draw = random.Random(f"{seed} {job.name}")
    point = "commit" if seed is None else draw.choice(POINTS)
    number = job.counts[point] if seed is None else draw.randint(1, job.counts[point])
    print(f"seed {seed}: {job.name} is killed at {point} {number} of {job.counts[point]}")
    city = tmp_path / "city"
    shutil.copytree(prepared, city)
    killed = run([point, str(number), "load", str(city), *job.arguments])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = run(["statement", "0", "load", str(city), *job.arguments])
    assert again.returncode == 0, again.stderr
    outcome = tables(city)
    for name, rows in job.outcome.items():
        assert outcome[name] == rows, name


def test_the_undisturbed_outcome_is_what_it_should_be(job: Job) -> None:
    (load,) = [row for row in job.outcome["load"] if "file." in str(row)]
    n_rejects = len(job.outcome["reject"])
    assert "done" in load
    assert n_rejects == {"places": 2, "buildings": 3, "letters": 2}[job.name]
    assert job.counts["commit"] >= {"places": 3, "buildings": 6, "letters": 5}[job.name]
