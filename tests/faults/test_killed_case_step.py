"""A server that is killed around a commit or an fsync of case steps: nothing told is lost, nothing done twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.running import free_port
from tests.faults.serving import NEVER, look_at_everything, served
from tests.faults.stories import WAIT_S, Person, Story
from tests.servers.small_city import make_small_city

pytestmark = pytest.mark.faults

N_SEEDS = 25 if os.environ.get("HUITIAN_PROVE") else 5
N_STORIES = 3


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small demo city."""
    home = tmp_path_factory.mktemp("faults") / "city"
    make_small_city(home)
    return home


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
