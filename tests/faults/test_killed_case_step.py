"""A server that is killed around a commit or an fsync of case steps: nothing told is lost, nothing done twice."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench.running import free_port
from huitian.app import OpenCity
from huitian.app.city import compose
from huitian.app.demo import open_demo, write_demo
from huitian.cases.rebuild import check
from huitian.clock import SystemClock
from huitian.engine.embedded import create_store
from huitian.model.query import Condition, Query
from huitian.settings import CITY_FILE, city_text, read_settings
from huitian.simulate.city import demo_city
from huitian.simulate.scale import DemoScale
from tests.faults.stories import ACTIONS, ENDS_AS, WAIT_S, Person, Story

pytestmark = pytest.mark.faults

SMALL = DemoScale(n_buildings=300, person_share=0.01, n_enterprises=20, n_components=50, n_letters=200)
N_SEEDS = 25 if os.environ.get("HUITIAN_PROVE") else 5
N_STORIES = 3
NEVER = "never:0"


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small demo city."""
    home = tmp_path_factory.mktemp("faults") / "city"
    home.mkdir()
    invented = demo_city(7, datetime.now(UTC), SMALL)
    values = {
        "name_zh": invented.name.zh, "name_en": invented.name.en, "root_place": invented.root_place_id,
        "max_letters_per_h": 1_000, "max_photos_per_h": 1_000,
    }  # fmt: skip
    (home / CITY_FILE).write_text(city_text(values), encoding="utf-8")
    city = compose(create_store(home), home, read_settings(home), SystemClock(), None)
    write_demo(city, invented, invented.as_of, lambda _words: None)
    city.close()
    return home


@dataclass
class Server:
    """A server process of one folder, started again under the same address whenever it died.

    Attributes:
        folder: The city.
        port: Its port.
        process: The process that runs now.
    """

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, plan: str) -> None:
        """Start it under a plan of ``killed_server``."""
        command = [sys.executable, "-m", "tests.faults.killed_server", str(self.folder), str(self.port), plan]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_ready(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.base}/readyz", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None, "the server ended by itself"
                time.sleep(0.05)
        raise AssertionError("the server does not answer")


@contextmanager
def served(folder: Path, plan: str) -> Iterator[Server]:
    """Serve a folder under a plan; at the end the process is stopped in good order."""
    server = Server(folder, free_port(), None)  # type: ignore[arg-type]
    server.start(plan)
    try:
        server.wait_ready()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=WAIT_S)


def plans_of(seed: int) -> list[str]:
    """Return when the first and the second process of a run die; by then there are commits left for both."""
    draw = random.Random(seed)
    first = draw.choice(
        [
            f"fsync:{draw.randint(1, 8)}",
            *(f"{m}:{draw.randint(1, 12)}" for m in ("before", "during", "after")),
        ]
    )
    second = f"{draw.choice(['before', 'during', 'after'])}:{draw.randint(1, 4)}"
    return [first, second]


def read(city: OpenCity, entity: str, where: Any = (), sort: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return all rows of an entity."""
    allowed = city.planner.system(entity)
    return [
        dict(row) for row in city.planner.read(allowed, Query(entity, where, sort=sort, limit=100_000)).rows
    ]


@pytest.mark.parametrize("seed", range(N_SEEDS))
def test_no_acknowledged_step_is_lost_and_none_is_taken_twice(
    city_folder: Path, tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / "city"
    shutil.copytree(city_folder, folder)
    plans = plans_of(seed)
    print(f"seed {seed}: killed {' and '.join(plans)}")
    with served(folder, plans.pop(0)) as server:
        resident, dispatcher, worker = (Person(server.base) for _ in range(3))
        dispatcher.sign_in("dispatcher")
        worker.sign_in("grid_worker")
        stories = [Story(resident, dispatcher, worker, 100 * seed + n) for n in range(N_STORIES)]
        (tmp_path / "armed").touch()
        for story in stories:
            story.start()
        n_killed = 0
        while any(story.is_alive() for story in stories):
            if server.process.poll() is not None:
                assert server.process.returncode == -signal.SIGKILL
                n_killed += 1
                server.start(plans.pop(0) if plans else NEVER)
            time.sleep(0.02)
        for story in stories:
            if story.failure is not None:
                raise story.failure
        assert n_killed == 2
        assert resident.n_unanswered + dispatcher.n_unanswered + worker.n_unanswered > 0
        for person in (resident, dispatcher, worker):
            person.close()
    look_at_everything(folder, stories)


def look_at_everything(folder: Path, stories: list[Story]) -> None:
    """Compare what the folder holds with what people were told."""
    city = open_demo(folder, read_settings(folder))
    try:
        assert city.engine.records.check() == {"state": "ok"}
        assert check(city.parts) == []
        for story in stories:
            steps = read(city, "case_step", (Condition("case_id", "eq", story.case_id),), ("step_no",))
            assert [step["action"] for step in steps] == ACTIONS
            assert [step["step_no"] for step in steps] == list(range(1, story.acknowledged + 1))
            assert len({step["idempotency_key"] for step in steps}) == len(steps)
            (row,) = read(city, "case", (Condition("case_no", "eq", story.case_no),))
            assert {name: row[name] for name in ENDS_AS} == ENDS_AS
            told = city.engine.events.read_since(city.planner.system("case"), 0, ["case"], 100_000)
            versions = [e.payload["version"] for e in told if e.payload.get("case_id") == story.case_id]
            assert versions == list(range(1, len(ACTIONS) + 1))
            for photo in read(city, "case_file", (Condition("case_id", "eq", story.case_id),)):
                with city.engine.files.open_file(city.planner.system("case_file"), photo["file_id"]) as kept:
                    assert hashlib.sha256(kept.read()).hexdigest() == photo["file_id"]
        assert len({story.case_no for story in stories}) == len(stories)
    finally:
        city.close()


def test_a_second_server_of_the_same_folder_is_refused_in_words(city_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(city_folder, folder)
    with served(folder, NEVER) as server:
        second = subprocess.run(
            [sys.executable, "-m", "huitian.cli", "serve", "--demo"],
            env=os.environ | {"HUITIAN_HOME": str(folder), "HUITIAN_PORT": str(free_port())},
            capture_output=True, text=True, timeout=WAIT_S, check=False,
        )  # fmt: skip
        assert second.returncode != 0
        assert str(folder) in second.stderr
        assert str(server.process.pid) in second.stderr, "whoever reads it must know which process to stop"
        assert "Stop that process" in second.stderr or "请先停止那个进程" in second.stderr
        assert "Traceback" not in second.stderr
        server.wait_ready()
