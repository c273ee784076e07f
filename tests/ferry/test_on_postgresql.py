"""The same ferry where the city's store is PostgreSQL: it was moved there while a letter was on its way."""

import subprocess
from pathlib import Path

import pytest

from tests.ferry.crossing import Crossing, photo
from tests.ferry.processes import COMMAND, ENVIRONMENT, WAIT_S
from tests.servers.postgres import postgres
from tools.groups import postgres_programs

pytestmark = pytest.mark.contract


def test_a_letter_all_the_way(tmp_path: Path) -> None:
    if postgres_programs() is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    crossing = Crossing.begun(tmp_path, "wx1")
    first = crossing.write("wx1", "楼道灯坏了", files=(photo(),))
    crossing.pack("wx1")
    crossing.opened.pop("city").close()
    with postgres() as server:
        moved = subprocess.run(
            [*COMMAND, "move", str(tmp_path / "city"), "--to", server.database()],
            capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=WAIT_S,
        )  # fmt: skip
        assert moved.returncode == 0, moved.stderr
        crossing.open("city")
        assert crossing.city.engine.kind == "scaled"
        crossing.settle()
        second = crossing.write("wx1", "电梯停了")
        crossing.settle()
        crossing.answer(first.case_no)
        crossing.settle()
        assert crossing.view("wx1", first)["state"] == "replied"
        assert crossing.view("wx1", second)["state"] == "pending_dispatch"
        given = {"is_contacted": True, "solved": "solved", "satisfied": "yes"}
        crossing.opened["wx1"].letters.rate(first.case_no, first.follow_code, "rating-00000001", given)
        crossing.settle()
        row = crossing.case(first.case_no)
        assert row is not None
        assert (row["satisfied"], row["n_files"]) == ("yes", 1)
        crossing.close()
