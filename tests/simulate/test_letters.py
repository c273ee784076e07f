"""Letters: the year before as-of, told so that the ladder of letters could have made every one of them."""

import re
import tomllib
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pytest

from huitian.cases.risers import Home, RiserRule, proposed
from huitian.simulate.letter_words import CALL_NOTES, letter_tables
from huitian.simulate.lives import state_of
from tests.simulate.conftest import AS_OF

LADDER = tomllib.loads(files("huitian.cases").joinpath("ladders/letter.toml").read_text("utf-8"))
CATEGORIES = tomllib.loads(files("huitian.cases").joinpath("categories.toml").read_text("utf-8"))


def test_categories_are_those_of_the_case_engine():
    assert {code: table["zh"] for code, table in letter_tables().items()} == {
        code: table["zh"] for code, table in CATEGORIES.items()
    }


def test_they_fill_the_year_up_to_as_of(city):
    times = [story.reported_at for story in city.letters]
    assert times == sorted(times)
    assert AS_OF - timedelta(days=365, minutes=1) <= times[0]
    assert AS_OF - timedelta(minutes=10) <= times[-1] <= AS_OF
    midnight = AS_OF.replace(hour=16) - timedelta(days=1)
    assert sum(at >= midnight for at in times) >= 10
    steps = [step for story in city.letters for step in story.steps]
    assert max(step.taken_at for step in steps) <= AS_OF
    for story in city.letters:
        taken = [story.reported_at, *(step.taken_at for step in story.steps)]
        assert all(a < b for a, b in pairwise(taken))


def test_no_two_say_the_same(city):
    bodies = [story.body for story in city.letters]
    assert len(set(bodies)) == len(bodies)
    assert all(20 <= len(body) <= 160 for body in bodies)
    assert not any(re.search(r"[{}|/]|None", body) for body in bodies)
    words = [text for story in city.letters for step in story.steps for text in step.words.values()]
    assert not any(re.search(r"[{}|]|None", text) for text in words)


def test_every_step_is_one_the_ladder_allows(city):
    actions, channels = LADDER["actions"], LADDER["channels"]
    for story in city.letters:
        assert story.kind == LADDER["ladder_id"]
        state, level, dispatched = "pending_dispatch", channels[story.channel]["level"], story.reported_at
        for step in story.steps:
            rule = actions[step.action]
            assert state in rule["from"], (story.source_key, step.action, state)
            assert set(step.facts) <= set(rule.get("facts", {}))
            assert set(step.words) <= set(rule.get("words", {}))
            for part in ("facts", "words"):
                must = {name for name, one in rule.get(part, {}).items() if one.get("required")}
                assert must <= set(getattr(step, part)), (story.source_key, step)
            if step.action == "return":
                assert step.taken_at - dispatched <= timedelta(hours=2)
            if step.action == "escalate":
                assert level == "L1"
                level = "L2"
            dispatched = step.taken_at if step.action == "dispatch" else dispatched
            is_rework = step.action == "visit" and step.facts.get("needs_rework")
            state = "rework" if is_rework else rule["to"]
        assert state == state_of(story.steps)
        assert sum(bool(step.facts.get("needs_rework")) for step in story.steps) <= 1


def test_bodies_and_places_exist(city, rows):
    orgs = {row["org_id"] for row in rows["organisation"]}
    buildings = {row["building_id"] for row in rows["building"]}
    valid = {place.place_id: (place.valid_from, place.valid_to) for place in city.places}
    for story in city.letters:
        assert {step.org_id for step in story.steps} - {None} <= orgs
        assert {s.facts["org_id"] for s in story.steps if s.action == "dispatch"} <= orgs
        assert story.building_id is None or story.building_id in buildings
        if story.place_id is not None:
            since, until = valid[story.place_id]
            on = (story.reported_at + timedelta(hours=8)).date()
            assert since <= on
            assert until is None or on < until
    assert any(s.place_id and s.lon is None for s in city.letters)
    assert any(s.place_id is None and s.lon is None for s in city.letters)


def test_there_is_work_to_do(city):
    truth = city.truth
    assert 300 <= truth.n_open <= 500
    assert 14 <= truth.n_letters_by_state["pending_dispatch"] <= 30
    for state in ("in_progress", "replied", "visiting", "closed"):
        assert truth.n_letters_by_state[state] > 20
    assert {s.grade for s in city.letters} == {1, 2, 3, 4}
    assert set(truth.n_letters_by_category) == set(CATEGORIES)


def test_rates_are_about_those_of_the_city(city):
    truth = city.truth
    assert truth.n_contacted / truth.n_visited == pytest.approx(0.99, abs=0.01)
    assert truth.n_solved / truth.n_visited == pytest.approx(0.925, abs=0.02)
    assert truth.n_satisfied / truth.n_visited == pytest.approx(0.93, abs=0.02)


def test_winter_is_cold_in_one_estate(city):
    buildings = {b.building_id: b.estate for b in city.city.buildings}
    cold: dict[int, int] = {}
    for story in city.letters:
        if story.category_code == "A12" and story.building_id:
            at = buildings[story.building_id]
            cold[at] = cold.get(at, 0) + 1
    worst, second = sorted(cold.values(), reverse=True)[:2]
    assert worst > 2 * second
    months = [s.reported_at.month for s in city.letters if s.category_code == "A12"]
    assert sum(month in {11, 12, 1, 2, 3} for month in months) > 0.9 * len(months)


def test_nobody_without_a_phone_is_called(city):
    without = [story for story in city.letters if story.phone is None]
    steps = [step for story in without for step in story.steps]
    assert sum(step.facts.get("is_contact", False) for step in steps) > 20
    assert {step.facts["means"] for step in steps if step.facts.get("is_contact")} == {"message"}
    assert not {step.words.get("note") for step in steps} & set(CALL_NOTES)


def test_homes_above_one_another_share_the_trouble_of_the_last_hours(city):
    """The riser rule of the 爬楼图 proposes them; others say sometimes which home it is, in the unit that they name."""
    dwellings, where = city.dwellings, {}
    for at, dwelling_id in enumerate(city.dwellings.dwelling_id):
        building = city.city.buildings[int(dwellings.building[at])].building_id
        where[dwelling_id] = (
            building,
            dwellings.unit_no[at],
            int(dwellings.floor_no[at]),
            dwellings.room_no[at],
        )
    at_home = [story for story in city.letters if story.dwelling_id is not None]
    assert 0.05 * len(city.letters) < len(at_home) < 0.3 * len(city.letters)
    for story in at_home:
        assert where[story.dwelling_id][0] == story.building_id
        assert f"{where[story.dwelling_id][1]}单元" in story.title
    recent = [story for story in at_home if story.reported_at >= AS_OF - timedelta(hours=48)]
    house = Counter(story.building_id for story in recent).most_common(1)[0][0]
    cases = {}
    for story in recent:
        of_home = cases.setdefault(story.dwelling_id, {})
        of_home[story.category_code] = of_home.get(story.category_code, 0) + 1
    homes = [Home(one, *at[1:]) for one, at in where.items() if at[0] == house]
    found = proposed(homes, cases, RiserRule(Decimal("0.6"), Decimal("0.1"), 3))
    assert found is not None
    assert found.category_code == city.truth.surge_category
