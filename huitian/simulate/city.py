"""The demo city put together, from one seed and one instant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from huitian.errors import NaiveTime
from huitian.model.case import CaseStory
from huitian.model.place import Edition, Lineage, Place, Tree
from huitian.model.query import Row
from huitian.simulate.arrivals import LOCAL, arrive
from huitian.simulate.buildings import build, building_rows
from huitian.simulate.components import component_rows
from huitian.simulate.division import DISTRICT, DISTRICT_CODE, divide
from huitian.simulate.dwellings import Dwellings, dwell, dwelling_rows, floor_rows, unit_rows
from huitian.simulate.estates import settle
from huitian.simulate.homes import with_homes
from huitian.simulate.letter_words import letter_tables
from huitian.simulate.letters import City, write_letters
from huitian.simulate.lives import owner_now
from huitian.simulate.names import Name
from huitian.simulate.network import feature_rows, layer_rows, roads
from huitian.simulate.organisations import dispatch_rules, organise
from huitian.simulate.outline import Land, land
from huitian.simulate.residents import (
    Residents,
    household_rows,
    identity_rows,
    occupancy_rows,
    person_rows,
    populate,
)  # fmt: skip
from huitian.simulate.rosters import duty_rows, post_rows
from huitian.simulate.scale import DemoScale
from huitian.simulate.subdivision import Subdivision, subdivide
from huitian.simulate.tasks import with_tasks
from huitian.simulate.truth import Truth, count
from huitian.simulate.users import DemoUser, demo_users

BATCH_N = 10_000


@dataclass(frozen=True, slots=True)
class DemoCity:
    """An invented city; the same seed, as-of and scale make the same rows again.

    Attributes:
        seed: Seed.
        as_of: Aware UTC instant at which the city stands still, to the minute.
        scale: How much of it.
        name: Name of the district.
        root_place_id: Root of the tree ``admin``.
        trees: ``admin`` and ``property``.
        editions: Three of ``admin``, one of ``property``.
        places: Every place of every edition, parents first.
        lineages: What became of what.
        truth: What the city is known to hold.
        city: The parts, for the generators of this package.
        land: Outline and lines, in metres.
        ground: The subdivision.
        dwellings: Dwellings as columns.
        residents: Households and persons as columns.
        letters: All stories, in order of time.
    """

    seed: int
    as_of: datetime
    scale: DemoScale
    name: Name
    root_place_id: str
    trees: tuple[Tree, ...]
    editions: tuple[Edition, ...]
    places: tuple[Place, ...]
    lineages: tuple[Lineage, ...]
    truth: Truth
    city: City
    land: Land
    ground: Subdivision
    dwellings: Dwellings
    residents: Residents
    letters: tuple[CaseStory, ...]

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield entity names with batches of at most ``BATCH_N`` rows, what is referred to before what refers.

        Rows have the columns of the entity's table but ``load_id`` and ``load_seq``; dates are dates, geometry
        is WKB in degrees, attributes are plain JSON.
        """
        city, dwellings, residents = self.city, self.dwellings, self.residents
        buildings, today = city.buildings, (self.as_of + LOCAL).date()
        ids = [building.building_id for building in buildings]
        lines = [road.line for road in city.network]
        made: tuple[tuple[str, Iterable[Row]], ...] = (
            ("layer", layer_rows()),
            ("feature", feature_rows(self.land, city.network, self.ground, city.estates)),
            ("organisation", city.organisations.rows),
            ("post", post_rows(city.organisations)),
            ("duty", duty_rows(city.organisations, city.division, self.as_of)),
            ("building", building_rows(buildings, city.estates, city.division, city.organisations.firm_id)),
            ("unit", unit_rows(buildings)),
            ("floor", floor_rows(buildings)),
            ("dwelling", dwelling_rows(dwellings, buildings)),
            ("household", household_rows(residents, dwellings, ids)),
            ("occupancy", occupancy_rows(residents, dwellings, ids)),
            ("person", person_rows(residents, dwellings, ids)),
            ("person_identity", identity_rows(residents)),
            ("component", component_rows(self.seed, lines, self.ground, city.division, self.land.outline,
                                         self.scale.n_components, today)),
        )  # fmt: skip
        for entity, rows in made:
            left = iter(rows)
            while batch := list(islice(left, BATCH_N)):
                yield entity, batch

    def stories(self) -> Iterator[CaseStory]:
        """Yield the letters of the 365 days before as-of in order of time, with what followed until as-of."""
        yield from self.letters

    def dispatch_rules(self) -> list[Row]:
        """Return rows of ``dispatch_rule``: which body or kind of body owns a category."""
        owners = {code: table["owner"] for code, table in self.city.tables.items()}
        return list(dispatch_rules(self.city.organisations, owners, self.editions[0].valid_from))

    def users(self) -> list[DemoUser]:
        """Return the demo accounts, without passwords; the committee is the one with most open letters of its own."""
        owners = Counter(owner_now(story) for story in self.letters)
        ids = self.city.organisations.committee_id
        busiest = max(range(len(ids)), key=lambda at: (owners[ids[at]], -at))
        return demo_users(self.city.division, self.city.organisations, self.city.communities, busiest)


def demo_city(seed: int, as_of: datetime, scale: DemoScale | None = None) -> DemoCity:
    """Return the demo city of a seed as it stands at an instant.

    Args:
        seed: Seed; equal seeds give equal cities.
        as_of: Aware instant; seconds are cut off. Letters end here, editions are dated from it.
        scale: How much city; None takes the default.

    Raises:
        NaiveTime: ``as_of`` has no time zone.
    """
    if as_of.tzinfo is None:
        raise NaiveTime(field="as_of", value=as_of.isoformat())
    now = as_of.astimezone(UTC).replace(second=0, microsecond=0)
    today, size = (now + LOCAL).date(), scale or DemoScale()
    lie = land(seed)
    ground = subdivide(seed, lie)
    communities, estates = settle(seed, ground)
    division = divide(ground, communities, estates, today)
    buildings = build(seed, lie, ground, division, estates, size.n_buildings)
    bodies = organise(seed, division, communities, estates, buildings, size.n_enterprises)
    network, tables = roads(seed, lie, ground), letter_tables()
    city = City(tables, buildings, estates, communities, network, bodies, division)
    dwellings = dwell(seed, buildings)
    residents = populate(seed, buildings, dwellings, today, size.person_share)
    arrivals = arrive(
        seed, now, size.n_letters, tables, buildings, estates, communities, network, ground, lie.outline
    )
    written = write_letters(seed, now, city, arrivals)
    at_home = with_homes(seed, written, city, dwellings, arrivals)
    letters = with_tasks(at_home, arrivals.community.tolist(), bodies.committee_id, now)
    truth = count(city, ground, dwellings, residents, arrivals, letters)
    return DemoCity(
        seed, now, size, DISTRICT, f"admin:{DISTRICT_CODE}", division.trees, division.editions, division.places,
        division.lineages, truth, city, lie, ground, dwellings, residents, letters,
    )  # fmt: skip
