"""Random SIGKILLs over a city at work, on both stores: nothing acknowledged is lost, nothing is there twice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from huitian.app.stores import open_store
from huitian.settings import CITY_FILE, read_settings
from tests.faults.busy_city import N_ROWS, BusyCity
from tests.faults.serving import NEVER, look_at_everything, served
from tests.faults.stories import WAIT_S
from tests.servers.postgres import Server, postgres
from tests.servers.small_city import make_small_city

pytestmark = pytest.mark.faults

SEEDS = range(20261121, 20261121 + (10 if os.environ.get("HUITIAN_PROVE") else 1))
N_KILLS = 10 if os.environ.get("HUITIAN_PROVE") else 4
"""Kills of one city; a hundred on each store where somebody has the time."""


@dataclass(frozen=True)
class Made:
    """A demo city, closed.

    Attributes:
        home: Its folder.
        address: Its database; empty where it is in SQLite.
        server: That database's server.
    """

    home: Path
    address: str = ""
    server: Server | None = None

    def copy(self, home: Path) -> None:
        """Copy it into a folder, and its database into another."""
        shutil.copytree(self.home, home)
        if self.server is not None:
            file = home / CITY_FILE
            file.write_text(
                file.read_text("utf-8").replace(self.address, self.server.database(self.address)), "utf-8"
            )


@pytest.fixture(scope="module", params=["embedded", "scaled"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Make a small demo city on each store."""
    home = tmp_path_factory.mktemp(request.param) / "city"
    if request.param == "embedded":
        make_small_city(home)
        yield Made(home)
        return
    with postgres() as server:
        address = server.database()
        make_small_city(home, store_address=address)
        yield Made(home, address, server)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_acknowledged_is_lost_whoever_is_killed(made: Made, tmp_path: Path, seed: int) -> None:
    home = tmp_path / "city"
    made.copy(home)
    store = "scaled" if made.server else "embedded"
    print(f"{store}, seed {seed}", flush=True)
    busy = BusyCity(home, tmp_path, made.server, seed)
    with served(home, NEVER) as server:
        busy.run(server, N_KILLS)
    for story in busy.stories:
        if story.failure is not None:
            raise story.failure
    look_at_everything(home, busy.stories)
    n_letters = look_at_loads(home, busy.load.n_done)
    n_archives = busy.backup.n_good()
    assert n_archives >= busy.backup.n_done > 0
    checked = subprocess.run(
        [sys.executable, "-m", "huitian.cli", "check", str(home)],
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    print(f"{store}, seed {seed}: {sum(busy.killed.values())} kills {busy.killed}; all there: "
          f"{len(busy.stories)} letters with {sum(s.acknowledged for s in busy.stories)} steps, "
          f"{n_letters} letters of {busy.load.n_done} loads, {n_archives} archives", flush=True)  # fmt: skip


def look_at_loads(home: Path, n_files: int) -> int:
    """Compare the letters of files with what was told of them; returns how many there are."""
    engine = open_store(home, read_settings(home))
    try:
        with engine.sql.connect() as connection:
            counts = connection.execute(
                text("SELECT count(*), count(DISTINCT r.object_id), count(DISTINCT c.case_id) FROM source_row r "
                     "LEFT JOIN case_state c ON c.case_id = r.object_id WHERE r.source_key LIKE 'F%-%'")
            ).one()  # fmt: skip
            states = connection.execute(
                text("SELECT state, n_done_rows, n_rejected FROM load WHERE file_name LIKE '%letters-%'")
            ).all()
    finally:
        engine.close()
    assert tuple(counts) == (n_files * N_ROWS,) * 3
    assert sorted(tuple(row) for row in states) == [("done", N_ROWS, 0)] * n_files
    return n_files * N_ROWS
