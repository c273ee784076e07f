"""Households and persons, all invented: who lives in which dwelling, and identities that nobody has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from huitian.model.query import Row
from huitian.simulate.buildings import Building
from huitian.simulate.draws import generator
from huitian.simulate.dwellings import Dwellings
from huitian.simulate.identifiers import synthetic_ids, synthetic_phone
from huitian.simulate.names import PERSON_NAMES
from huitian.simulate.plane import Ints

Days = npt.NDArray[np.datetime64]

SIZE_SHARES = (0.28, 0.33, 0.24, 0.10, 0.05)
"""Households of 1 … 5; the mean is 2.31 persons (Beijing, census 2020)."""
RESIDENT, LET, VACANT = 0, 1, 2
CELL_KEYS_N = 2**31


@dataclass(frozen=True, slots=True)
class Residents:
    """Households and persons as columns.

    Attributes:
        household_id: Dwelling code and ``-1``, ``-2``, ….
        dwelling: Index of the dwelling of each household.
        size: Persons of each household.
        is_collective: Whether it is a collective household.
        is_entered: Whether its members have been entered; otherwise the size is not known to the register.
        moved_in: First day of each household in its dwelling.
        earlier: Pairs (household, dwelling) of earlier occupancies, which ended the day of moving in.
        household: Index of the household of each person.
        birthday: Birthday of each person.
        is_male: Sex of each person.
        is_registered: Whether the person has the household registration here.
        cell_key: Key of each person for protected counts (domain 06 §3).
        household_key: The same of each household.
    """

    household_id: list[str]
    dwelling: Ints
    size: Ints
    is_collective: npt.NDArray[np.bool_]
    is_entered: npt.NDArray[np.bool_]
    moved_in: Days
    earlier: Ints
    household: Ints
    birthday: Days
    is_male: npt.NDArray[np.bool_]
    is_registered: npt.NDArray[np.bool_]
    cell_key: Ints
    household_key: Ints


def _ages(order: Ints, head: Ints, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return ages in years by place in the household: head, partner, child, child or grandparent, grandparent."""
    n = len(order)
    is_old = rng.random(n) < 0.5
    ages = np.select(
        [order == 0, order == 1, order == 2, (order == 3) & is_old, order == 3],
        [head, head + rng.normal(0, 3, n), head - 29 + rng.normal(0, 4, n), head + 26 + rng.normal(0, 4, n),
         head - 32 + rng.normal(0, 4, n)],
        head + 27 + rng.normal(0, 4, n),
    )  # fmt: skip
    # A child of a young head would not be born yet: it is a baby.
    lowest = np.where(order <= 1, 20.0, 0.05)
    return np.clip(ages, lowest, 97.0) + rng.random(n) * 0.9


def populate(
    seed: int, buildings: Sequence[Building], dwellings: Dwellings, today: date, person_share: float
) -> Residents:
    """Return households of every dwelling that is lived in, and the persons of the entered part of them."""
    rng = generator(seed, "residents")
    home = np.flatnonzero(dwellings.state <= LET)
    n_in = np.ones(len(home), dtype=np.int64)
    n_in[(dwellings.state[home] == LET) & (rng.random(len(home)) < 0.05)] = 2
    of_dwelling = np.repeat(home, n_in)
    number = np.arange(len(of_dwelling)) - np.repeat(np.cumsum(n_in) - n_in, n_in) + 1
    n = len(of_dwelling)
    ids = [
        f"{dwellings.dwelling_id[at]}-{no}"
        for at, no in zip(of_dwelling.tolist(), number.tolist(), strict=True)
    ]
    size = rng.choice(np.arange(1, 6), n, p=SIZE_SHARES)
    is_let = dwellings.state[of_dwelling] == LET
    is_collective = is_let & (rng.random(n) < 0.03)
    size[is_collective] = rng.integers(4, 9, int(is_collective.sum()))

    now = np.datetime64(today)
    built = np.array([building.built_year for building in buildings])[dwellings.building[of_dwelling]]
    first = (built + 1 - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    first = np.where(is_let, np.maximum(first, now - np.timedelta64(1500, "D")), first)
    span = np.maximum((now - first).astype(np.int64) - 20, 1)
    moved_in = first + (span * rng.random(n) ** 1.3).astype(np.int64).astype("timedelta64[D]")

    is_entered = rng.random(n) < person_share
    head = np.clip(rng.normal(np.where(is_let, 36, 49), 13, n), 20, 92).astype(np.int64)
    household = np.repeat(np.arange(n), np.where(is_entered, size, 0))
    start = np.flatnonzero(np.r_[True, household[1:] != household[:-1]]) if len(household) else household
    order = np.arange(len(household)) - np.repeat(start, np.diff(np.r_[start, len(household)]))
    order = np.where(is_collective[household], 0, order)
    days = (_ages(order, head[household], rng) * 365.25).astype(np.int64).astype("timedelta64[D]")
    is_male = rng.random(len(household)) < 0.503
    is_registered = rng.random(len(household)) < np.where(is_let[household], 0.12, 0.68)
    return Residents(
        ids, of_dwelling, size, is_collective, is_entered, moved_in, _earlier(dwellings, of_dwelling, rng),
        household, now - days, is_male, is_registered, rng.integers(0, CELL_KEYS_N, len(household)),
        rng.integers(0, CELL_KEYS_N, n),
    )  # fmt: skip


def _earlier(dwellings: Dwellings, of_dwelling: Ints, rng: np.random.Generator) -> Ints:
    """Return (household, dwelling) pairs: a fifth of the empty dwellings were left for another in the building."""
    empty = np.flatnonzero(dwellings.state == VACANT)
    empty = empty[rng.random(len(empty)) < 0.2]
    building_of_household = dwellings.building[of_dwelling]
    first = np.searchsorted(building_of_household, dwellings.building[empty])
    last = np.searchsorted(building_of_household, dwellings.building[empty], side="right")
    has_one = last > first
    chosen = first + (rng.random(len(empty)) * (last - first)).astype(np.int64)
    return np.column_stack([chosen[has_one], empty[has_one]])


def household_rows(residents: Residents, dwellings: Dwellings, building_ids: Sequence[str]) -> Iterator[Row]:
    """Yield rows of ``household``; the size is missing until the members have been entered."""
    building = dwellings.building[residents.dwelling].tolist()
    columns = zip(
        residents.household_id, building, residents.is_collective.tolist(), residents.is_entered.tolist(),
        residents.size.tolist(), residents.household_key.tolist(), strict=True,
    )  # fmt: skip
    for household_id, at, is_collective, is_entered, size, cell_key in columns:
        yield {
            "household_id": household_id, "building_id": building_ids[at],
            "kind": "collective" if is_collective else "family", "n_persons": size if is_entered else None,
            "cell_key": cell_key,
        }  # fmt: skip


def occupancy_rows(residents: Residents, dwellings: Dwellings, building_ids: Sequence[str]) -> Iterator[Row]:
    """Yield rows of ``occupancy``, earlier ones included."""
    since: list[date] = residents.moved_in.astype("datetime64[D]").tolist()
    building = dwellings.building[residents.dwelling].tolist()
    for household_id, at, start, dwelling in zip(
        residents.household_id, building, since, residents.dwelling.tolist(), strict=True
    ):
        yield {
            "household_id": household_id, "dwelling_id": dwellings.dwelling_id[dwelling], "valid_from": start,
            "valid_to": None, "building_id": building_ids[at],
        }  # fmt: skip
    for household, dwelling in residents.earlier.tolist():
        end = since[household]
        yield {
            "household_id": residents.household_id[household], "dwelling_id": dwellings.dwelling_id[dwelling],
            "valid_from": date(end.year - 3, end.month, 1), "valid_to": end,
            "building_id": building_ids[building[household]],
        }  # fmt: skip


def person_rows(residents: Residents, dwellings: Dwellings, building_ids: Sequence[str]) -> Iterator[Row]:
    """Yield rows of ``person``, without anything that identifies one."""
    building = dwellings.building[residents.dwelling[residents.household]].tolist()
    years = (residents.birthday.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
    columns = zip(
        residents.household.tolist(), building, years, residents.is_male.tolist(), residents.is_registered.tolist(),
        residents.cell_key.tolist(), strict=True,
    )  # fmt: skip
    for n, (household, at, year, is_male, is_registered, cell_key) in enumerate(columns, start=1):
        yield {
            "person_id": f"P{n:08d}", "household_id": residents.household_id[household],
            "building_id": building_ids[at], "birth_year": year, "sex": "male" if is_male else "female",
            "is_registered": is_registered, "cell_key": cell_key,
        }  # fmt: skip


def identity_rows(residents: Residents) -> Iterator[Row]:
    """Yield rows of ``person_identity``: names of the closed list, phones and numbers that cannot be real."""
    ids = synthetic_ids(residents.birthday, residents.is_male)
    for n, id_number in enumerate(ids, start=1):
        name = PERSON_NAMES[(n * 7) % len(PERSON_NAMES)]
        yield {"person_id": f"P{n:08d}", "name": name, "phone": synthetic_phone(n), "id_number": id_number}
