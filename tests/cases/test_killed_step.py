"""A process that is killed around a commit of a case step: the same commands again end where nobody was killed."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huitian.cases.rebuild import check
from huitian.model.query import Query
from tests.cases.conftest import Town, make_town, open_town, run_a_case

pytestmark = pytest.mark.faults

ENTITIES = ("case", "case_step", "case_words", "case_file", "anchor", "outbox")
N_KILLS = int(os.environ.get("HUITIAN_KILLS", "6"))
CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from tests.cases.conftest import open_town, run_a_case
folder, at, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
town, seen = open_town(folder), [0]
def commit(connection):
    if not connection.get_execution_options().get("huitian_writing"):
        return
    seen[0] += 1
    if seen[0] == at:
        if when == "after":
            connection.connection.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "commit", commit)
run_a_case(town)
"""


def everything(town: Town) -> dict[str, list[dict[str, object]]]:
    """Return all rows of a case's life; times of recording are those of the still clock."""
    parts = town.parts
    return {
        name: [dict(r) for r in parts.records.read(parts.planner.system(name), Query(name, limit=9999)).rows]
        for name in ENTITIES
    }


@pytest.mark.parametrize("seed", range(N_KILLS))
def test_a_killed_step_is_taken_again(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    at, when = draw.randint(1, 6), draw.choice(["before", "after"])
    print(f"seed {seed}: killed {when} commit {at}")
    make_town(tmp_path / "quiet").engine.close()
    make_town(tmp_path / "killed").engine.close()
    quiet = open_town(tmp_path / "quiet")
    run_a_case(quiet)
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "killed"), str(at), when],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    town = open_town(tmp_path / "killed")
    n_before = town.parts.records.read(town.parts.planner.system("case_step"), Query("case_step")).n_total
    assert n_before == at - (when == "before")
    assert check(town.parts) == []
    run_a_case(town)
    assert everything(town) == everything(quiet)
    town.engine.close()
    quiet.engine.close()
