"""Switches, counts and remarks of packs, on every engine: counted once each however many write at once."""

import threading

import pytest

from huitian.base.planner import Planner
from huitian.base.stages import Stages, Use
from huitian.clock import SystemClock
from huitian.engine.ports import Engine
from huitian.model.scope import Scope
from huitian.plugin.pack import Pack
from tests.base.towns import settle

pytestmark = pytest.mark.contract

ADMIN = Scope("u1", None, "V2", "data_admin")
PLACE = "admin:9903"
PACK = Pack("benches", "长椅", "Benches", "", "", "", "on", (), (), (), "benches")


@pytest.fixture
def planner(engine: Engine) -> Planner:
    """Return the planner of the small town."""
    return settle(engine)


@pytest.fixture
def stages(engine: Engine, planner: Planner) -> Stages:
    """Return the switches of the small town."""
    return Stages(engine.records, planner, SystemClock())


def test_no_count_is_lost_between_writers(stages: Stages) -> None:
    def use() -> None:
        for _ in range(5):
            stages.count(PLACE, {"benches": (1, 2)})

    writers = [threading.Thread(target=use) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert stages.uses(ADMIN, PLACE) == {(PLACE, "benches"): Use(20, 40)}


def test_the_last_decision_counts_and_the_first_stays_known(stages: Stages) -> None:
    assert stages.in_force([PACK], PLACE)["benches"].stage == "on"
    stages.switch(ADMIN, PACK, PLACE, "pilot")
    stages.switch(ADMIN, PACK, PLACE, "off")
    now = stages.in_force([PACK], PLACE)["benches"]
    assert (now.stage, now.place_id, now.changed_by) == ("off", PLACE, "u1")
    stages.switch(ADMIN, PACK, PLACE, None)
    assert stages.in_force([PACK], PLACE)["benches"].place_id is None


def test_a_remark_comes_once(stages: Stages) -> None:
    given = [
        stages.remark("key-00000001", "benches", "benches.one", PLACE, "wrong", "数不对") for _ in range(2)
    ]
    assert given[0] == given[1]
    assert stages.uses(ADMIN, PLACE) == {(PLACE, "benches"): Use(n_feedback=1)}
