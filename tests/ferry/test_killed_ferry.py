"""``huitian ferry`` killed at any moment: what was sent is there once in the end, and no trip comes twice."""

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from huitian.settings import read_settings
from tests.ferry.crossing import Crossing, photo
from tests.ferry.processes import COMMAND, ENVIRONMENT, WAIT_S

pytestmark = pytest.mark.faults
ROUNDS = 60 if read_settings().prove else 6


def run(*words: str) -> float:
    """Run a command to its end; returns how long it took."""
    began_s = time.monotonic()
    done = subprocess.run(
        [*COMMAND, *words], env=ENVIRONMENT, capture_output=True, check=False, timeout=WAIT_S
    )
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began_s


def killed(after_s: float, *words: str) -> None:
    """Run a command and kill it after a while, if it still runs."""
    process = subprocess.Popen([*COMMAND, *words], env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(WAIT_S)


def test_killed_at_any_moment(tmp_path: Path) -> None:
    crossing = Crossing.begun(tmp_path, "wx1")
    lot = random.Random(20260302)
    out, boat = crossing.home / "from-wx1", crossing.boat("city")
    usual_s = run("ferry", "pack", str(crossing.home / "wx1"), str(out))
    letters = []
    for n in range(ROUNDS):
        letters += [crossing.write("wx1", f"第 {n} 件", files=(photo(n),)) for _ in range(3)]
        killed(usual_s * lot.uniform(0.5, 1.1), "ferry", "pack", str(crossing.home / "wx1"), str(out))
        boat.mkdir(exist_ok=True)
        for path in sorted(out.glob("*.ferry")):
            shutil.move(path, boat / path.name)
        killed(usual_s * lot.uniform(0.5, 1.1), "ferry", "take", str(crossing.home / "city"), str(boat))
    for name in ("wx1", "city"):
        crossing.open(name)
    crossing.settle()
    assert sorted(row["case_no"] for row in crossing.rows("city", "case")) == sorted(
        one.case_no for one in letters
    )
    assert all(row["n_files"] == 1 for row in crossing.rows("city", "case"))
    assert not (boat / "refused").exists(), "a killed side never looks like a forged one"
    assert {row["state"] for row in crossing.rows("wx1", "ferry_letter")} == {"taken"}
    crossing.close()
