"""A server that is killed around a commit or an fsync of case steps: nothing told is lost, nothing done twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.running import free_port
from huitian.app.city import compose
from huitian.app.demo import write_demo
from huitian.clock import SystemClock
from huitian.engine.embedded import create_store
from huitian.settings import CITY_FILE, city_text, read_settings
from huitian.simulate.city import demo_city
from huitian.simulate.scale import DemoScale
from tests.faults.serving import NEVER, look_at_everything, served
from tests.faults.stories import WAIT_S, Person, Story

pytestmark = pytest.mark.faults

SMALL = DemoScale(n_buildings=300, person_share=0.01, n_enterprises=20, n_components=50, n_letters=200)
N_SEEDS = 25 if os.environ.get("HUITIAN_PROVE") else 5
N_STORIES = 3


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
