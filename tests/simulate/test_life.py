"""A demo city whose clock runs: letters come in at its pace, and every one of them comes to its end."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from huitian.api.building_pages import building_page
from huitian.app.city import OpenCity
from huitian.app.demo import open_demo
from huitian.app.life import MOST_STEPS, Life
from huitian.clock import ManualClock
from huitian.model.case import Letter
from huitian.model.query import Condition, Query
from huitian.model.scope import Scope
from huitian.settings import read_settings
from huitian.simulate.coming import Coming
from huitian.simulate.homes import Home, Spot
from huitian.simulate.scale import DemoScale
from huitian.simulate.troubles import NEIGHBOURS_N, Told, Troubles
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


def test_a_key_never_stands_for_two_letters() -> None:
    spots = [Spot("b1", "甲苑1号楼", 116.1, 40.1, 3), Spot("b2", "甲苑商场", 116.1, 40.1, 0)]
    known: dict[str, Letter] = {}
    for per_day_n in (48.0, 50.0):
        coming = Coming(7, spots, per_day_n)
        for n in range(10 * 48):
            for letter in coming.letters(NOON + n * STEP, NOON + (n + 1) * STEP):
                assert known.setdefault(letter.idempotency_key, letter) == letter


def test_no_letters_without_anything_they_could_be_about() -> None:
    assert Coming(7, [], 48.0).letters(NOON, NOON + timedelta(days=9)) == []


def homes_of(building_id: str) -> list[Home]:
    return [
        Home(f"{building_id}-{unit}-{floor}0{room}", str(unit), f"{floor}0{room}")
        for unit in (1, 2, 3) for floor in range(1, 7) for room in (1, 2)
    ]  # fmt: skip


def test_a_trouble_is_the_same_however_often_it_is_looked_for() -> None:
    """And nobody hears of one before the first day on which one may come."""
    spots = [Spot(f"b{n}", f"甲苑{n}号楼", 116.1 + n / 1000, 40.1, 3) for n in range(1, 7)]
    far = Spot("far", "乙苑1号楼", 116.2, 40.2, 1)
    first = (NOON + timedelta(days=3)).date()
    until = NOON + timedelta(days=23)
    whole = Troubles(7, [*spots, far], homes_of, first).between(NOON, until)
    again, by_step, at = Troubles(7, [*spots, far], homes_of, first), list[Told](), NOON
    while at < until:
        by_step += again.between(at, at + STEP)
        at += STEP
    assert by_step == whole
    assert len({told.key for told in whole}) == len(whole)
    days = {told.key.removeprefix("trouble-")[:10] for told in whole}
    assert 4 <= len(days) <= 16
    assert min(days) >= f"{first}"
    for day in days:
        of_day = [told for told in whole if day in told.key]
        assert {(told.at + timedelta(hours=8)).date().isoformat() for told in of_day} == {day}
        assert {told.category_code for told in of_day} == {"A12"}
        in_house = [told for told in of_day if told.home]
        assert len({told.spot for told in in_house}) == 1
        assert {told.home.unit_no + told.home.room_no[1:] for told in in_house if told.home} < {
            f"{unit}0{room}" for unit in (1, 2, 3) for room in (1, 2)
        }
        assert len({told.home for told in in_house}) == 5  # of six floors; one says nothing
        assert NEIGHBOURS_N[0] <= len(of_day) - len(in_house) <= NEIGHBOURS_N[1]
        assert far not in {told.spot for told in of_day}


def test_a_letter_about_a_trouble_is_told_twice_with_the_same_words() -> None:
    spots = [Spot(f"b{n}", f"甲苑{n}号楼", 116.1, 40.1 + n / 1000, 3) for n in range(1, 7)]
    first, until = NOON.date(), NOON + timedelta(days=9)
    told, again = (Coming(7, spots, 1e-9, homes_of, first).letters(NOON, until) for _ in range(2))
    assert told == again
    about_homes = [letter for letter in told if letter.dwelling_id]
    assert about_homes
    for letter in about_homes:
        building, unit_no, _ = letter.dwelling_id.split("-")
        assert letter.building_id == building
        assert f"{unit_no}单元" in letter.body


def test_a_house_in_trouble_proposes_its_riser_while_the_city_lives(lived: OpenCity) -> None:
    clock = lived.clock
    assert isinstance(clock, ManualClock)
    life = Life(lived)
    desk = Scope("u-dispatch", None, "V2", "dispatcher")
    for _ in range(20):
        before = Condition("reported_at", "gt", clock.now())
        clock.advance(timedelta(days=1))
        life.pass_time()
        of_day = Query("case", (before,), ("building_id", "category_code"), limit=100)
        cases = lived.engine.records.read(lived.planner.system("case"), of_day).rows
        most = Counter((row["building_id"], row["category_code"]) for row in cases).most_common(1)
        if most and most[0][1] >= 4:
            break
    house, code = most[0][0]
    found = building_page(lived, desk, house).riser
    assert found is not None
    assert found.category_code == code
    assert 3 <= len(found.with_ids) <= len(found.case_ids)


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
    query = Query("case", (Condition("reported_at", "gt", began),), limit=10_000)
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
