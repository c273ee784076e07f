"""What the synthetic city is known to hold, counted while it is made, for tests to hold the product against."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huitian.model.case import CaseStory
from huitian.simulate.arrivals import Arrivals
from huitian.simulate.dwellings import STATES, Dwellings
from huitian.simulate.letters import City
from huitian.simulate.lives import state_of
from huitian.simulate.residents import Residents
from huitian.simulate.subdivision import Subdivision


@dataclass(frozen=True, slots=True)
class Truth:
    """Counts; ``by_street`` and ``by_community`` are by place id of today's edition of ``admin``.

    Attributes:
        n_places: Places of every edition, by ``tree/level``.
        grid_of_building: Grid of today of each building.
        estate_of_building: Estate of each building.
        n_buildings_by_street: Buildings.
        n_buildings_by_community: Buildings.
        n_dwellings_by_street: Dwellings.
        n_dwellings_by_state: Dwellings by occupancy state.
        n_households_by_street: Households.
        n_persons_by_street: Entered persons.
        n_letters_by_street: Letters with a point or a place, wherever it is today; ``""`` holds the unlocated.
        n_letters_by_category: Letters.
        n_letters_by_state: Letters by the state they have reached at as-of.
        n_open: Letters that are not closed.
        n_open_by_community: Open letters with a point or a place.
        n_visited: Letters whose writer was reached.
        n_contacted: Visited letters, last answer to question 1 is yes.
        n_solved: Visited letters, last answer to question 2 is solved.
        n_partly: The same, partly.
        n_satisfied: Visited letters, last answer to question 3 is very, yes or basically.
        surge_category: Category of the trouble of the last hours.
        surge_estate_id: Estate in trouble.
        n_surge: Letters about it.
    """

    n_places: Mapping[str, int]
    grid_of_building: Mapping[str, str]
    estate_of_building: Mapping[str, str]
    n_buildings_by_street: Mapping[str, int]
    n_buildings_by_community: Mapping[str, int]
    n_dwellings_by_street: Mapping[str, int]
    n_dwellings_by_state: Mapping[str, int]
    n_households_by_street: Mapping[str, int]
    n_persons_by_street: Mapping[str, int]
    n_letters_by_street: Mapping[str, int]
    n_letters_by_category: Mapping[str, int]
    n_letters_by_state: Mapping[str, int]
    n_open: int
    n_open_by_community: Mapping[str, int]
    n_visited: int
    n_contacted: int
    n_solved: int
    n_partly: int
    n_satisfied: int
    surge_category: str
    surge_estate_id: str
    n_surge: int


def _counted(names: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def count(
    city: City, ground: Subdivision, dwellings: Dwellings, residents: Residents, arrivals: Arrivals,
    stories: Sequence[CaseStory],
) -> Truth:  # fmt: skip
    """Return the truth of one city."""
    division = city.division
    today = [f"admin:{code}" for code in division.community_code]
    street_of = [f"admin:{division.street_code[community.street]}" for community in city.communities]
    community = [int(ground.community[building.grid]) for building in city.buildings]
    street = np.array([street_of[at] for at in community], dtype=object)
    dwelling_street = street[dwellings.building]
    household_street = dwelling_street[residents.dwelling]
    states = [state_of(story.steps) for story in stories]
    is_known = [story.lon is not None or story.place_id is not None for story in stories]
    at = arrivals.community.tolist()
    visits = [
        last.facts
        for story in stories
        if (last := next((s for s in reversed(story.steps) if s.facts.get("is_reached")), None)) is not None
    ]
    surge = [i for i in range(len(stories)) if arrivals.is_surge[i]]
    return Truth(
        n_places=_counted([f"{place.tree_id}/{place.level}" for place in division.places]),
        grid_of_building={b.building_id: f"admin:{division.grid_code[b.grid]}" for b in city.buildings},
        estate_of_building={b.building_id: f"property:{division.estate_code[b.estate]}" for b in city.buildings},
        n_buildings_by_street=_counted(list(street)),
        n_buildings_by_community=_counted([today[i] for i in community]),
        n_dwellings_by_street=_counted(list(dwelling_street)),
        n_dwellings_by_state=_counted([STATES[i] for i in dwellings.state.tolist()]),
        n_households_by_street=_counted(list(household_street)),
        n_persons_by_street=_counted(list(household_street[residents.household])),
        n_letters_by_street=_counted(
            [street_of[i] if known else "" for i, known in zip(at, is_known, strict=True)]
        ),
        n_letters_by_category=_counted([story.category_code or "" for story in stories]),
        n_letters_by_state=_counted(states),
        n_open=sum(state != "closed" for state in states),
        n_open_by_community=_counted(
            [today[i] for i, s, known in zip(at, states, is_known, strict=True) if s != "closed" and known]
        ),
        n_visited=len(visits),
        n_contacted=sum(facts["is_contacted"] for facts in visits),
        n_solved=sum(facts["solved"] == "solved" for facts in visits),
        n_partly=sum(facts["solved"] == "partly" for facts in visits),
        n_satisfied=sum(facts["satisfied"] in {"very", "yes", "basically"} for facts in visits),
        surge_category=stories[surge[0]].category_code or "" if surge else "",
        surge_estate_id=f"property:{division.estate_code[arrivals.surge_estate]}",
        n_surge=len(surge),
    )  # fmt: skip
