"""The real Huitian area: streets, communities, buildings and populations, by the commands that a user types."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from huitian.app import OpenCity, open_city
from huitian.cli.app import app
from huitian.model.query import Condition, Query, Row, Tally
from tests.real.sets import real_set

pytestmark = pytest.mark.real_data

CITY = Path(__file__).parents[2] / "cities" / "huitian"
LOADS = (
    ("geojson", "ht_jd.geojson", "streets", 7),
    ("geojson", "ht_sq.geojson", "communities", 124),
    ("geojson", "ht_build.geojson", "buildings", 544),
    ("json", "ht_jd_pop.json", "street_population", 7),
    ("json", "ht_sq_pop.json", "community_population", 124),
    ("json", "ht_build_pop.json", "building_population", 544),
)


def huitian(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Return the city with everything loaded, and what each load said."""
    source, folder = real_set("huitian_geo"), tmp_path_factory.mktemp("city") / "huitian"
    made = huitian("init", folder, "--like", CITY, "--code", "110114", "--place", "昌平区")
    assert made.exit_code == 0, made.output
    told = []
    for kind, name, mapping, _ in LOADS:
        done = huitian(
            "load", folder, kind, source / name, "--map", CITY / "maps" / f"{mapping}.toml", "--json"
        )
        assert done.exit_code == 0, done.output
        (load,) = json.loads(done.stdout)["loads"]
        told.append(load)
    return folder, told


@pytest.fixture
def city(loads: tuple[Path, list[dict[str, Any]]]) -> Iterator[OpenCity]:
    opened = open_city(loads[0])
    yield opened
    opened.close()


def rows(city: OpenCity, entity: str, *where: Condition) -> list[Row]:
    return list(
        city.engine.records.read(city.planner.system(entity), Query(entity, where, limit=10_000)).rows
    )


def open_findings(city: OpenCity) -> list[Row]:
    return rows(city, "finding", Condition("is_open", "eq", True))


def test_every_row_is_taken(loads: tuple[Path, list[dict[str, Any]]]) -> None:
    for (_, name, _, n_rows), load in zip(LOADS, loads[1], strict=True):
        assert (load["n_read"], load["n_written"], load["n_rejected"]) == (n_rows, n_rows, 0), name
        assert load["unread"] == [], name


def test_seven_streets_and_their_communities(city: OpenCity) -> None:
    levels = Counter(row["level"] for row in rows(city, "place"))
    assert levels == {"district": 1, "street": 7, "community": 124}
    streets = city.planner.places.children("admin:110114", "admin", city.planner.today())
    assert sum(p.area_m2 or 0 for p in streets) == pytest.approx(62.0e6, rel=0.01)
    north = next(p for p in streets if p.name == "天通苑北街道")
    assert len(city.planner.places.children(north.place_id, "admin", city.planner.today())) == 12


def test_every_building_stands_in_its_community(city: OpenCity) -> None:
    groups = city.engine.records.tally(
        city.planner.system("building"), Tally("building", group_by=("place_id",))
    )
    assert sum(row["n"] for row in groups) == 544
    assert len(groups) == 12
    assert {row["place_id"][:8] for row in groups} == {"admin:sq"}
    heights = [row["height_m"] for row in rows(city, "building")]
    assert sum(height is None for height in heights) == 5, "nobody measured them"
    assert max(height for height in heights if height is not None) == pytest.approx(94.3, abs=0.05)


def test_sixteen_buildings_outside_every_street_are_findings(city: OpenCity) -> None:
    found = [row for row in open_findings(city) if row["rule_id"] == "object_outside_level"]
    assert len(found) == 16
    assert {row["facts"]["level"] for row in found} == {"street"}
    assert all(row["place_id"].startswith("admin:sq") for row in found)


def test_populations_that_do_not_add_up_are_findings(city: OpenCity) -> None:
    found = [row for row in open_findings(city) if row["rule_id"] == "children_do_not_add_up"]
    of = Counter((row["facts"]["parts"], row["facts"]["attribute"]) for row in found)
    # Every street against its communities; one street and its twelve communities against their buildings.
    assert of == {("place", "n_residents"): 7, ("place", "n_workers"): 7,
                  ("building", "n_residents"): 13, ("building", "n_workers"): 13}  # fmt: skip
    (north,) = [row for row in found if row["object_id"] == "admin:110114008"
                and row["facts"]["parts"] == "building" and row["facts"]["attribute"] == "n_residents"]  # fmt: skip
    assert (north["facts"]["said"], north["facts"]["sum"]) == (180184, 153745)


def test_communities_that_stick_out_of_their_street_are_findings(city: OpenCity) -> None:
    assert sum(row["rule_id"] == "place_sticks_out" for row in open_findings(city)) == 54


def test_the_same_commands_again_change_nothing(loads: tuple[Path, list[dict[str, Any]]]) -> None:
    source = real_set("huitian_geo")
    kind, name, mapping, n_rows = LOADS[2]
    done = huitian(
        "load", loads[0], kind, source / name, "--map", CITY / "maps" / f"{mapping}.toml", "--json"
    )
    (load,) = json.loads(done.stdout)["loads"]
    assert (load["n_written"], load["n_unchanged"]) == (0, n_rows)


def test_the_city_is_in_order(loads: tuple[Path, list[dict[str, Any]]]) -> None:
    done = huitian("check", loads[0])
    assert done.exit_code == 0, done.output
    assert "object_outside_level: 16" in done.output
