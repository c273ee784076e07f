"""Homes that letters are about: homes above one another in the house in trouble, and some of everybody else's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from huitian.model.case import CaseStory
from huitian.simulate.arrivals import Arrivals
from huitian.simulate.draws import Draws
from huitian.simulate.dwellings import STATES, Dwellings
from huitian.simulate.letters import City

SHARE = 0.3
"""How many of the letters about somebody's home say which; the house in trouble was asked back."""
UNIT = re.compile(r"(\d+)单元")
VACANT = STATES.index("vacant")


@dataclass(frozen=True, slots=True)
class Spot:
    """A building that letters can be about.

    Attributes:
        building_id: Its id.
        name: Its name.
        lon: Degrees.
        lat: Degrees.
        n_units: Entrances; 0 where nobody lives.
    """

    building_id: str
    name: str
    lon: float
    lat: float
    n_units: int


class Home(NamedTuple):
    """A home that somebody lives in.

    Attributes:
        dwelling_id: Its code.
        unit_no: Its unit, ``1``.
        room_no: As on the door, ``401``.
    """

    dwelling_id: str
    unit_no: str
    room_no: str


def with_homes(
    seed: int, letters: Sequence[CaseStory], city: City, dwellings: Dwellings, arrivals: Arrivals
) -> tuple[CaseStory, ...]:
    """Return the letters with the home that some of them are about.

    Of the trouble of the last hours, the letters of the house with most of them are about homes of one riser: their
    unit, also in their words, becomes its unit. All others keep their words, and lie in the unit that these name.

    Args:
        seed: Seed of the city.
        letters: All letters, in the order of ``arrivals``.
        city: The parts of the city.
        dwellings: Its dwellings.
        arrivals: Where the letters came from.
    """
    draws, done = Draws(seed, "homes of letters"), list(letters)
    ends = np.searchsorted(dwellings.building, np.arange(len(city.buildings) + 1))
    troubled = in_trouble(letters, arrivals)
    for at, letter in enumerate(letters):
        told = UNIT.search(letter.title)
        is_home = city.tables[letter.category_code or ""]["where"] == "home"
        if at in troubled or letter.building_id is None or not is_home or told is None:
            continue
        building = int(arrivals.building[at])
        near = [n for n in range(ends[building], ends[building + 1])
                if dwellings.unit_no[n] == told[1] and dwellings.state[n] != VACANT]  # fmt: skip
        if near and draws.chance(SHARE):
            done[at] = replace(letter, dwelling_id=dwellings.dwelling_id[draws.pick(near)])
    if troubled:
        building = int(arrivals.building[troubled[0]])
        column = riser(lived_in(dwellings, range(ends[building], ends[building + 1])), draws)
        bodies = {letter.body for letter in letters}
        for n, at in enumerate(troubled if column else ()):
            home = column[n % len(column)]
            moved = moved_to(letters[at], home)
            if moved.body == letters[at].body or moved.body not in bodies:
                bodies.add(moved.body)
                done[at] = moved
    return tuple(done)


def in_trouble(letters: Sequence[CaseStory], arrivals: Arrivals) -> list[int]:
    """Return the letters of the trouble of the last hours about the house that has most of them."""
    surge = [at for at in np.flatnonzero(arrivals.is_surge).tolist() if letters[at].building_id is not None]
    if not surge:
        return []
    house = int(np.bincount(arrivals.building[surge]).argmax())
    return [at for at in surge if arrivals.building[at] == house]


def lived_in(dwellings: Dwellings, among: Sequence[int]) -> list[Home]:
    """Return those of some dwellings that somebody lives in."""
    return [
        Home(dwellings.dwelling_id[n], dwellings.unit_no[n], dwellings.room_no[n])
        for n in among
        if dwellings.state[n] != VACANT
    ]


def riser(homes: Sequence[Home], draws: Draws) -> list[Home]:
    """Return homes of one riser of a house, from the bottom up; somebody on the way says nothing.

    Args:
        homes: The homes of the house that are lived in, those of a riser from the bottom up.
        draws: Decides which riser of those with most homes, and who says nothing.
    """
    columns: dict[tuple[str, str], list[Home]] = {}
    for home in homes:
        columns.setdefault((home.unit_no, home.room_no[-2:]), []).append(home)
    most = max((len(column) for column in columns.values()), default=0)
    full = [column for column in columns.values() if len(column) == most]
    column = draws.pick(full) if full else []
    silent = draws.whole(1, len(column) - 2) if len(column) > 4 else -1
    return [home for n, home in enumerate(column) if n != silent]


def moved_to(letter: CaseStory, home: Home) -> CaseStory:
    """Return a letter about a home, with its unit wherever the letter and what was answered name one."""
    old = UNIT.search(letter.title)
    if old is None:
        return replace(letter, dwelling_id=home.dwelling_id)
    new = f"{home.unit_no}单元"
    steps = tuple(
        replace(step, words={name: text.replace(old[0], new) for name, text in step.words.items()})
        for step in letter.steps
    )
    return replace(
        letter, title=letter.title.replace(old[0], new), body=letter.body.replace(old[0], new), steps=steps,
        dwelling_id=home.dwelling_id,
    )  # fmt: skip
