"""Backups of a city while a real server takes letters, and cities out of them."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.running import free_port
from huitian.app.demo import open_demo
from huitian.care.archive_reading import read_archive
from huitian.cases.rebuild import check
from huitian.model.query import Condition, Query
from huitian.settings import read_settings
from tests.care.looking import contents, quiet
from tests.faults.stories import WAIT_S, Person, Story
from tests.servers.small_city import make_small_city

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small demo city."""
    home = tmp_path_factory.mktemp("served") / "city"
    make_small_city(home)
    return home


@contextmanager
def served(folder: Path, address: str) -> Iterator[str]:
    """Serve a demo city in a process of its own; yields the address of the server."""
    port = free_port()
    own = {"HUITIAN_HOME": str(folder), "HUITIAN_PORT": str(port)} | (
        {"HUITIAN_STORE_ADDRESS": address} if address else {}
    )
    with (folder.parent / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "huitian.cli", "serve", "--demo", "--quiet"],
                                   env=os.environ | own, stdout=log, stderr=log)  # fmt: skip
    base, until = f"http://127.0.0.1:{port}", time.monotonic() + WAIT_S
    try:
        while True:
            try:
                urllib.request.urlopen(f"{base}/healthz", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, (folder.parent / "log").read_text()
                assert time.monotonic() < until, (folder.parent / "log").read_text()
                time.sleep(0.05)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=WAIT_S)


def huitian(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    command = [sys.executable, "-m", "huitian.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S)


@pytest.mark.parametrize("engine", ["embedded", "scaled"])
def test_a_backup_under_load_is_one_set_and_comes_back_equal(
    demo_folder: Path, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    folder = shutil.copytree(demo_folder, tmp_path / "city")
    address = request.getfixturevalue("postgres_server").database() if engine == "scaled" else ""
    with served(folder, address) as base:
        refused = huitian(
            "move", folder, "--to", "sqlite" if address else "postgresql://huitian@127.0.0.1:1/x"
        )
        assert refused.returncode == 1
        assert "store_locked" in refused.stderr
        resident, dispatcher, worker = (Person(base) for _ in range(3))
        dispatcher.sign_in("dispatcher")
        worker.sign_in("grid_worker")
        known: list[tuple[Path, list[tuple[str, int]]]] = []
        stories: list[Story] = []
        for n in range(3):
            stories += [Story(resident, dispatcher, worker, 10 * n + k) for k in range(3)]
            for story in stories[-3:]:
                story.start()
            path = tmp_path / f"{n}.tar"
            before = [(story.case_no, story.acknowledged) for story in stories]
            done = huitian("backup", folder, path)
            assert done.returncode == 0, done.stderr
            known.append((path, before))
        for story in stories:
            story.join(WAIT_S)
            if story.failure is not None:
                raise story.failure
        for person in (resident, dispatcher, worker):
            person.close()
    for path, before in known:
        new = tmp_path / f"{path.stem}-restored"
        done = huitian("restore", path, new)
        assert done.returncode == 0, done.stderr
        archive = read_archive(path, quiet)
        assert archive.manifest.engine == engine
        assert archive.manifest.missing_files == ()
        assert contents(new) == ("embedded", {t.name: t.sum() for t in archive.manifest.tables if t.n_rows})
        look_at(new, before)


def look_at(folder: Path, before: list[tuple[str, int]]) -> None:
    """See that a restored city is whole, and has all that was acknowledged when its backup began."""
    city = open_demo(folder, read_settings(folder))
    try:
        assert check(city.parts) == []
        planner, records = city.planner, city.engine.records
        photos = records.read(planner.system("case_file"), Query("case_file", limit=10_000)).rows
        for row in photos:
            with city.engine.files.open_file(planner.system("case_file"), row["file_id"]) as kept:
                assert hashlib.sha256(kept.read()).hexdigest() == row["file_id"]
        for case_no, version in before:
            if case_no and version:
                query = Query("case", (Condition("case_no", "eq", case_no),))
                (row,) = records.read(planner.system("case"), query).rows
                assert row["version"] >= version
    finally:
        city.close()
