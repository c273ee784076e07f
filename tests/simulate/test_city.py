"""The whole city: the same again, whole, in order, quickly."""

import hashlib
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from huitian.engine.tables import METADATA
from huitian.errors import NaiveTime
from huitian.simulate import DemoScale, demo_city
from tests.simulate.conftest import AS_OF, SEED

SMALL = DemoScale(n_buildings=600, person_share=0.3, n_enterprises=40, n_components=500, n_letters=400)
ORDER = ["layer", "feature", "organisation", "post", "duty", "building", "unit", "floor", "dwelling", "household",
         "occupancy", "person", "person_identity", "component"]  # fmt: skip


def digest(city):
    h = hashlib.sha256()
    for part in (city.trees, city.editions, city.places, city.lineages, city.letters, tuple(city.users())):
        h.update(repr([asdict(one) for one in part]).encode())
    for entity, batch in city.rows():
        h.update(entity.encode() + repr(batch).encode())
    h.update(repr(asdict(city.truth)).encode() + repr(city.dispatch_rules()).encode())
    return h.hexdigest()


def test_the_same_seed_and_instant_give_the_same_bytes():
    again = AS_OF + timedelta(seconds=37)
    first, second = demo_city(SEED, AS_OF, SMALL), demo_city(SEED, again, SMALL)
    assert digest(first) == digest(second)
    assert digest(demo_city(SEED + 1, AS_OF, SMALL)) != digest(first)
    assert digest(demo_city(SEED, AS_OF + timedelta(minutes=1), SMALL)) != digest(first)


def test_as_of_needs_a_zone():
    with pytest.raises(NaiveTime):
        demo_city(SEED, datetime(2026, 3, 5), SMALL)  # noqa: DTZ001


def test_rows_come_in_order_of_reference_and_in_batches(city):
    batches = [(entity, len(batch)) for entity, batch in city.rows()]
    seen = list(dict.fromkeys(entity for entity, _ in batches))
    assert seen == ORDER
    assert max(n for _, n in batches) <= 10_000


def test_rows_have_the_columns_of_their_table(rows):
    for entity, found in rows.items():
        table = METADATA.tables[entity]
        wanted = {column.name for column in table.columns} - {"load_id", "load_seq"}
        assert set(found[0]) == wanted, entity
        assert all(row.keys() == found[0].keys() for row in found)
        key = [column.name for column in table.primary_key]
        keys = {tuple(row[name] for name in key) for row in found}
        assert len(keys) == len(found), entity
        for column in table.columns:
            if not column.nullable:
                assert all(row[column.name] is not None for row in found), column


def test_rows_refer_to_rows_that_are_there(rows):
    ids = {name: {row[f"{name}_id"] for row in rows[name]} for name in ("layer", "building", "dwelling", "household",
                                                                       "person")}  # fmt: skip
    orgs = {row["org_id"] for row in rows["organisation"]}
    for entity in ("unit", "floor", "dwelling", "household", "occupancy", "person"):
        assert {row["building_id"] for row in rows[entity]} <= ids["building"]
    assert {row["layer_id"] for row in rows["feature"]} == ids["layer"]
    assert {row["household_id"] for row in rows["occupancy"]} == ids["household"]
    assert {row["dwelling_id"] for row in rows["occupancy"]} <= ids["dwelling"]
    assert {row["household_id"] for row in rows["person"]} <= ids["household"]
    assert {row["person_id"] for row in rows["person_identity"]} == ids["person"]
    assert {row["parent_org_id"] for row in rows["organisation"]} - {None} <= orgs
    assert {row["attributes"]["property_org_id"] for row in rows["building"]} - {None} <= orgs
    assert {row["attributes"]["owner_org_id"] for row in rows["component"]} <= orgs


def test_organisations_and_accounts_stand_at_places_of_today(city, rows):
    today = {place.place_id for place in city.places if place.valid_to is None}
    orgs = {row["org_id"] for row in rows["organisation"]}
    assert {row["place_id"] for row in rows["organisation"]} <= today
    users = city.users()
    assert [user.role for user in users] == [
        "leader", "dispatcher", "street_dispatcher", "committee", "grid_worker", "committee", "auditor", "data_admin"
    ]  # fmt: skip
    assert {user.lens for user in users} == {"V1", "V2", "V3"}
    assert {user.place_id for user in users} - {None} <= today
    assert {user.org_id for user in users} <= orgs
    assert all("测试" in user.display_name for user in users)
    rules = city.dispatch_rules()
    assert {row["category_code"] for row in rules} == set(city.city.tables)
    assert {row["org_id"] for row in rules} - {None} <= orgs


def test_dwellings_recount_to_their_building(rows):
    counted = {row["building_id"]: 0 for row in rows["building"]}
    for row in rows["dwelling"]:
        counted[row["building_id"]] += 1
        assert row["dwelling_id"].startswith(row["building_id"])
    assert {row["building_id"]: row["n_dwellings"] for row in rows["building"]} == counted


def test_persons_recount_to_their_household(rows):
    counted: dict[str, int] = {}
    for row in rows["person"]:
        counted[row["household_id"]] = counted.get(row["household_id"], 0) + 1
    for row in rows["household"]:
        assert row["n_persons"] == counted.get(row["household_id"])


def test_nobody_lives_in_two_dwellings_at_once(rows, city):
    now = [row for row in rows["occupancy"] if row["valid_to"] is None]
    assert len({row["household_id"] for row in now}) == len(now) == len(rows["household"])
    assert all(row["valid_from"] <= AS_OF.date() for row in rows["occupancy"])
    assert all(row["valid_from"] < row["valid_to"] for row in rows["occupancy"] if row["valid_to"])
    lived_in = {row["dwelling_id"] for row in now}
    states = {row["dwelling_id"]: row["occupancy_state"] for row in rows["dwelling"]}
    assert {states[dwelling_id] for dwelling_id in lived_in} == {"resident", "let"}


def test_footprints_are_sound_and_boxes_hold_them(rows):
    for entity in ("building", "feature"):
        shapes = shapely.from_wkb([row["geometry"] for row in rows[entity]])
        assert shapely.is_valid(shapes).all()
        boxes = [[row["west"], row["south"], row["east"], row["north"]] for row in rows[entity]]
        assert shapely.bounds(shapes).tolist() == boxes


def test_it_takes_seconds(capsys):
    start = time.perf_counter()
    made = demo_city(SEED, datetime(2026, 7, 1, tzinfo=UTC))
    middle = time.perf_counter()
    n_rows = sum(len(batch) for _, batch in made.rows())
    n_stories = sum(1 for _ in made.stories())
    end = time.perf_counter()
    with capsys.disabled():
        print(f"\n  demo city {middle - start:.2f} s, {n_rows} rows {end - middle:.2f} s")
    assert n_rows > 400_000
    assert n_stories == 5_000


def test_buildings_and_organisations_have_an_english_name_each(rows):
    for entity in ("building", "organisation"):
        names = [row["name_en"] for row in rows[entity]]
        assert all(name and name.isascii() for name in names), entity
    # Some names sound alike: 雁 and 砚 are both "yan".
    assert len({row["name_en"] for row in rows["building"]}) > 0.95 * len(rows["building"])
