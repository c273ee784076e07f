"""The inside of buildings: units, floors and dwellings, with codes of domain 03 §5."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from huitian.model.query import Row
from huitian.simulate.buildings import Building, has_rooms
from huitian.simulate.draws import generator

STATES = ("resident", "let", "vacant", "business", "unverified")
STATE_SHARES = {
    "walk_up": (0.60, 0.26, 0.07, 0.02, 0.05), "mid_rise": (0.69, 0.18, 0.07, 0.02, 0.04),
    "high_rise": (0.66, 0.17, 0.12, 0.02, 0.03), "tower": (0.61, 0.24, 0.07, 0.03, 0.05),
    "cottage": (0.50, 0.36, 0.05, 0.04, 0.05), "works": (0.0, 0.0, 0.12, 0.84, 0.04),
}  # fmt: skip
TENURES = ("owner", "let", None, "commercial", None)
AREA_M2 = {
    "walk_up": 68.0,
    "mid_rise": 96.0,
    "high_rise": 104.0,
    "tower": 62.0,
    "cottage": 130.0,
    "works": 240.0,
}


@dataclass(frozen=True, slots=True)
class Dwellings:
    """Dwellings as columns, one element a dwelling, in the order of their codes.

    Attributes:
        dwelling_id: Codes of 25 characters.
        building: Index of the building.
        unit_no: ``1``, ``2``, …, ``00`` where a building has no entrances.
        floor_no: Floor above ground.
        room_no: As on the door, ``401``.
        state: Index into ``STATES``.
        area_m2: Floor area.
    """

    dwelling_id: list[str]
    building: npt.NDArray[np.int64]
    unit_no: list[str]
    floor_no: npt.NDArray[np.int64]
    room_no: list[str]
    state: npt.NDArray[np.int64]
    area_m2: npt.NDArray[np.float64]


def unit_numbers(building: Building) -> list[str]:
    """Return the numbers of the entrances; ``00`` where a building has none."""
    return [str(n) for n in range(1, building.n_units + 1)] or ["00"]


def unit_rows(buildings: Sequence[Building]) -> Iterator[Row]:
    """Yield rows of ``unit``."""
    for building in buildings:
        for unit_no in unit_numbers(building):
            yield {
                "unit_id": f"{building.building_id}{unit_no:0>2}", "building_id": building.building_id,
                "unit_no": unit_no, "n_floors": building.n_floors_above,
            }  # fmt: skip


def floor_rows(buildings: Sequence[Building]) -> Iterator[Row]:
    """Yield rows of ``floor``, basements first; floor −1 is B01."""
    for building in buildings:
        numbers = [*range(-building.n_floors_below, 0), *range(1, building.n_floors_above + 1)]
        signs = [f"B{-n:02d}" if n < 0 else f"F{n:02d}" for n in numbers]
        for unit_no in unit_numbers(building):
            stem = f"{building.building_id}{unit_no:0>2}"
            for n, sign in zip(numbers, signs, strict=True):
                yield {
                    "floor_id": stem + sign, "building_id": building.building_id, "unit_no": unit_no, "floor_no": n,
                }  # fmt: skip


def dwell(seed: int, buildings: Sequence[Building]) -> Dwellings:
    """Return the dwellings of homes and the premises of shops and offices."""
    rng = generator(seed, "dwellings")
    ids: list[str] = []
    units: list[str] = []
    rooms: list[str] = []
    owner: list[int] = []
    floors: list[int] = []
    for at, building in enumerate(buildings):
        if not has_rooms(building):
            continue
        for unit_no in unit_numbers(building):
            stem = f"{building.building_id}{unit_no:0>2}"
            for floor_no in range(1, building.n_floors_above + 1):
                for room in range(1, building.n_rooms + 1):
                    ids.append(f"{stem}F{floor_no:02d}{floor_no:02d}{room:02d}")
                    rooms.append(f"{floor_no}{room:02d}")
                units += [unit_no] * building.n_rooms
                floors += [floor_no] * building.n_rooms
        owner += [at] * (len(ids) - len(owner))
    building_of, floor_of = np.array(owner, dtype=np.int64), np.array(floors, dtype=np.int64)
    profiles = [building.profile for building in buildings]
    limits = np.cumsum([STATE_SHARES[profile] for profile in profiles], axis=1)[building_of]
    # Ground floors are let as shops four times as often; buildings differ in how empty they are.
    share = np.clip(rng.random(len(ids)) + rng.normal(0, 0.03, len(buildings))[building_of], 0, 0.999)
    state = np.minimum((share[:, None] >= limits).sum(axis=1), 4)
    is_home = np.array([building.is_home for building in buildings])[building_of]
    state[(floor_of == 1) & is_home & (rng.random(len(ids)) < 0.06)] = 3
    base = np.array([AREA_M2[profile] for profile in profiles]) * rng.uniform(0.85, 1.2, len(buildings))
    area = np.round(base[building_of] * rng.choice([0.82, 1.0, 1.0, 1.25], len(ids)), 1)
    return Dwellings(ids, building_of, units, floor_of, rooms, state, area)


def dwelling_rows(dwellings: Dwellings, buildings: Sequence[Building]) -> Iterator[Row]:
    """Yield rows of ``dwelling``."""
    since = [date(building.built_year, 7, 1) for building in buildings]
    building_ids = [building.building_id for building in buildings]
    columns = zip(
        dwellings.dwelling_id, dwellings.building.tolist(), dwellings.unit_no, dwellings.floor_no.tolist(),
        dwellings.room_no, dwellings.state.tolist(), dwellings.area_m2.tolist(), strict=True,
    )  # fmt: skip
    for dwelling_id, at, unit_no, floor_no, room_no, state, area in columns:
        yield {
            "dwelling_id": dwelling_id, "building_id": building_ids[at], "unit_no": unit_no, "floor_no": floor_no,
            "room_no": room_no, "occupancy_state": STATES[state], "tenure": TENURES[state], "floor_area_m2": area,
            "valid_from": since[at], "valid_to": None,
        }  # fmt: skip
