"""A demo city whose clock runs: letters come in at its pace, and every one of them comes to its end."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from huitian.app.city import OpenCity
from huitian.app.demo import open_demo
from huitian.app.life import MOST_STEPS, Life
from huitian.clock import ManualClock
from huitian.model.query import Condition, Query
from huitian.settings import read_settings
from huitian.simulate.coming import Coming, Spot
from huitian.simulate.scale import DemoScale
from tests.servers.small_city import make_small_city

SMALL = DemoScale(n_buildings=300, person_share=0.0, n_enterprises=20, n_components=50, n_letters=60)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STEP = timedelta(minutes=30)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCity]:
    home = tmp_path_factory.mktemp("life") / "city"
    make_small_city(home, SMALL)
    clock = ManualClock(datetime.now(UTC))
    city = open_demo(home, read_settings(home), clock)
    yield city
    city.close()


def test_letters_come_at_the_pace_of_the_city() -> None:
    spots = [Spot("b1", "甲苑1号楼", 116.1, 40.1, 3), Spot("b2", "甲苑商场", 116.1, 40.1, 0)]
    coming, at, by_hour = Coming(7, spots, 48.0), NOON, Counter[int]()
    bodies = set()
    for _ in range(30 * 48):
        for letter in coming.letters(at, at + STEP):
            by_hour[(at.hour + 8) % 24] += 1
            bodies.add(letter.idempotency_key)
        at += STEP
    n = sum(by_hour.values())
    assert 0.85 * 30 * 48 < n < 1.15 * 30 * 48
    assert len(bodies) == n
    assert sum(by_hour[h] for h in range(1, 5)) < sum(by_hour[h] for h in range(9, 13)) / 3


def test_no_letters_without_anything_they_could_be_about() -> None:
    assert Coming(7, [], 48.0).letters(NOON, NOON + timedelta(days=9)) == []


def test_letters_are_dealt_with_by_the_doors_of_people(lived: OpenCity) -> None:
    clock = lived.clock
    assert isinstance(clock, ManualClock)
    began, life = clock.now(), Life(lived)
    n_letters = 0
    for _ in range(21 * 12):
        clock.advance(timedelta(hours=2))
        came, stepped = life.pass_time()
        assert stepped <= MOST_STEPS
        n_letters += came
    assert n_letters > 0
    allowed = lived.planner.system("case")
    query = Query("case", (Condition("reported_at", "ge", began),), limit=10_000)
    came_in = lived.engine.records.read(allowed, query).rows
    assert len(came_in) == n_letters
    closed = [row for row in came_in if row["state"] == "closed"]
    assert closed
    assert all(
        row["owner_org_id"] and row["replied_at"] and row["reported_at"] < row["closed_at"] for row in closed
    )
    steps = Query("case_step", (Condition("actor_id", "eq", "demo-life"),), ("action",), limit=100_000)
    done = Counter(
        row["action"] for row in lived.engine.records.read(lived.planner.system("case_step"), steps).rows
    )
    assert {"dispatch", "sign", "handle", "reply", "visit", "close"} <= set(done)


def test_who_acts_at_a_screen_is_not_in_the_way(lived: OpenCity) -> None:
    clock = lived.clock
    assert isinstance(clock, ManualClock)
    one, other = Life(lived), Life(lived)
    for _ in range(24):
        clock.advance(timedelta(hours=2))
        one.pass_time()
        other.pass_time()
    allowed = lived.planner.system("case_step")
    rows = lived.engine.records.read(
        allowed, Query("case_step", (), ("case_id", "step_no"), limit=100_000)
    ).rows
    assert len({(row["case_id"], row["step_no"]) for row in rows}) == len(rows)
