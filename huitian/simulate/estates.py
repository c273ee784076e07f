"""What stands where: each community gets its character, each block of it a use, a name and an age."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from huitian.simulate.draws import Draws
from huitian.simulate.names import QUARTERS, Name, Names
from huitian.simulate.plane import area_m2
from huitian.simulate.subdivision import Subdivision

EstateKind = Literal[
    "residential", "village", "commercial", "office", "school", "medical", "public", "industrial", "green"
]
Profile = Literal["walk_up", "mid_rise", "high_rise", "tower", "cottage", "works"]

OTHER_KINDS: tuple[EstateKind, ...] = (
    "green", "school", "commercial", "office", "public", "industrial", "medical",
)  # fmt: skip
OTHER_WEIGHTS = (0.34, 0.16, 0.15, 0.12, 0.09, 0.11, 0.03)
KIND_NAMES: dict[EstateKind, tuple[tuple[str, str], ...]] = {
    "residential": (("家园", "Estate"),),
    "village": (("村", "Village"),),
    "green": (("公园", "Park"), ("郊野公园", "Country Park"), ("绿地", "Green")),
    "school": (("小学", "Primary School"), ("中学", "Middle School"), ("实验学校", "School")),
    "commercial": (("广场", "Plaza"), ("商业中心", "Shopping Centre"), ("市集", "Market")),
    "office": (("科技园", "Science Park"), ("创新中心", "Innovation Centre")),
    "public": (("文化中心", "Culture Centre"), ("体育中心", "Sports Centre"), ("场站", "Depot")),
    "industrial": (("工业园", "Industrial Park"), ("物流园", "Logistics Park")),
    "medical": (("医院", "Hospital"), ("社区卫生中心", "Health Centre")),
}


@dataclass(frozen=True, slots=True)
class Community:
    """A community as people know it, whatever its code of the day.

    Attributes:
        at: Index in the subdivision.
        street: Index of its street.
        is_village: Whether it is a village (codes from 201) and not a residents' committee (from 001).
        name: Its name.
    """

    at: int
    street: int
    is_village: bool
    name: Name


@dataclass(frozen=True, slots=True)
class Estate:
    """One block with one owner or firm: housing, a school, a park, ….

    Attributes:
        at: Index in the subdivision.
        community: Index of its community.
        kind: Use of the land.
        profile: How its houses are built.
        name: Its name.
        built_year: Year of the first houses.
        letters_weight: Weight of complaints; 1 is usual.
    """

    at: int
    community: int
    kind: EstateKind
    profile: Profile
    name: Name
    built_year: int
    letters_weight: float


def _profile(kind: EstateKind, draws: Draws) -> tuple[Profile, int]:
    """Return how the houses of an estate are built, and since when."""
    if kind == "village":
        return "cottage", draws.whole(1985, 2006)
    if kind != "residential":
        return "works", draws.whole(1998, 2021)
    profile: Profile = draws.weighted(("walk_up", "mid_rise", "high_rise", "tower"), (0.46, 0.24, 0.18, 0.12))
    first, last = {"walk_up": (1991, 2005), "mid_rise": (2001, 2013), "high_rise": (2006, 2022),
                   "tower": (1998, 2010)}[profile]  # fmt: skip
    return profile, draws.whole(first, last)


def settle(seed: int, ground: Subdivision) -> tuple[tuple[Community, ...], tuple[Estate, ...]]:
    """Return the communities and the estates, in the order of the subdivision."""
    draws, names = Draws(seed, "estates"), Names(seed)
    n_communities = int(ground.community.max()) + 1
    first_grid = np.unique(ground.estate, return_index=True)[1]
    community_of = ground.community[first_grid]
    areas = area_m2(ground.merged(ground.estate))
    street_of = ground.street[np.unique(ground.community, return_index=True)[1]]

    communities, estates = [], []
    for at in range(n_communities):
        street = int(street_of[at])
        # The town and the outer east keep villages; the streets in the middle have none left.
        is_village = draws.chance((0.1, 0.1, 0.0, 0.12, 0.05, 0.08, 0.6)[street])
        root = names.root()
        members = np.flatnonzero(community_of == at)
        members = members[np.argsort(areas[members])]
        n_homes = max(1, round(len(members) * (0.34 if is_village else 0.42)))
        homes = {int(member) for member in members[(len(members) - n_homes) // 2 :][:n_homes]}
        home_name = names.estate(root)
        quarter = 0
        for member in members.tolist():
            kind: EstateKind = draws.weighted(OTHER_KINDS, OTHER_WEIGHTS)
            if member in homes:
                kind = "village" if is_village else "residential"
                name = root.plus("村", "Village") if is_village else home_name
                if n_homes > 1:
                    name = name.plus(("北", "南", "东", "西")[quarter] if is_village else QUARTERS[quarter],
                                     ("North", "South", "East", "West")[quarter] if is_village
                                     else f"Quarter {quarter + 1}")  # fmt: skip
                quarter += 1
            else:
                name = names.root().plus(*draws.pick(KIND_NAMES[kind]))
            profile, year = _profile(kind, draws)
            estates.append(Estate(member, at, kind, profile, name, year, draws.spread(1.0, 0.45)))
        name = root.plus("村", "Village") if is_village else home_name.plus("社区", "Community")
        communities.append(Community(at, street, is_village, name))
    return tuple(communities), tuple(sorted(estates, key=lambda estate: estate.at))
