"""A town whose places change between two releases: some split, two merge, others get new codes."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from huitian.base.places import renumber
from huitian.base.planner import Planner
from huitian.clock import ManualClock
from huitian.engine.embedded import create_store
from huitian.engine.ports import Engine
from huitian.indicators.cubes.declared import built_in
from huitian.indicators.cubes.kept import Releases
from huitian.settings import Settings

FIRST_DAY, CHANGED_ON = date(2020, 1, 1), date(2026, 7, 1)
BEFORE, AFTER = datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
STREET = {"00": "0", "01": "0", "02": "0", "10": "1", "11": "1", "12": "1"}
LATER = {"00": "0a", "01a": "0a", "01b": "0b", "02": "0b", "1m": "1", "12": "1"}
N_GRIDS = 3
GRIDS = [(community, grid) for community in STREET for grid in range(N_GRIDS)]
"""Every grid, one building each; its number is its atom."""


def community_later(community: str, grid: int) -> str:
    """Return the community of a grid after the change."""
    if community == "01":
        return "01a" if grid == 0 else "01b"
    return "1m" if community in {"10", "11"} else community


def grid_code(community: str, own: str, grid: int) -> str:
    """Return the code of a grid below a community that once was another."""
    return f"{own}-{grid}" if own == community else f"{own}-{community}{grid}"


def paths() -> tuple[list[set[str]], list[set[str]]]:
    """Return the places that hold each building, before and after the change; the estates cut across both."""
    before, after = [], []
    for atom, (community, grid) in enumerate(GRIDS):
        estate = {"estate:t", f"estate:{atom % 4}"} if atom % 5 else set()
        street, later = STREET[community], community_later(community, grid)
        new = LATER[later]
        has_moved = street != new
        before.append({
            "admin:t", f"admin:{street}", f"admin:{street}.{community}",
            f"admin:{street}.{grid_code(community, community, grid)}", *estate,
        })  # fmt: skip
        own = grid_code(community, later, grid) if later != community or has_moved else f"{community}-{grid}"
        after.append({"admin:t", f"admin:{new}", f"admin:{new}.{later}", f"admin:{new}.{own}", *estate})
    return before, after


def parent_of(place_id: str, path: set[str]) -> str | None:
    """Return the place right above one of a path."""
    depths = {one: depth_of(one) for one in path if one.partition(":")[0] == place_id.partition(":")[0]}
    return next((one for one, depth in depths.items() if depth == depth_of(place_id) - 1), None)


def depth_of(place_id: str) -> int:
    """Return how deep a place of the town is."""
    code = place_id.partition(":")[2]
    return 0 if code == "t" else 1 if "." not in code else 2 if "-" not in code else 3


def make_town(folder: Path, seed: int, n_persons: int) -> tuple[Engine, ManualClock, Releases]:
    """Make the town in a store, its clock before the change; a grid has about ``n_persons``, some none."""
    engine, clock = create_store(folder), ManualClock(BEFORE)
    planner = Planner(engine.records, clock, 10, 5)
    before, after = paths()
    levels = {"admin": ("district", "street", "community", "grid"), "estate": ("district", "estate")}
    rows: dict[str, dict[str, object]] = {}
    for is_later, found in enumerate((before, after)):
        for path in found:
            for place_id in path:
                tree_id, _, code = place_id.partition(":")
                is_kept = any(place_id in one for one in (after, before)[is_later])
                rows.setdefault(place_id, {
                    "place_id": place_id, "tree_id": tree_id, "code": code, "name": code,
                    "level": levels[tree_id][depth_of(place_id)], "parent_id": parent_of(place_id, path),
                    "valid_from": CHANGED_ON if is_later and not is_kept else FIRST_DAY,
                    "valid_to": None if is_later or is_kept else CHANGED_ON,
                })  # fmt: skip
    with engine.records.writing() as writing:
        writing.put("tree", [
            {"tree_id": tree_id, "title_zh": tree_id, "title_en": tree_id, "levels": list(own)}
            for tree_id, own in levels.items()
        ])  # fmt: skip
        writing.put("place", list(rows.values()))
        for tree_id in levels:
            renumber(writing, planner.raw, tree_id)
    planner.refresh()
    settle(engine, planner, seed, n_persons)
    return engine, clock, Releases(engine.records, planner, Settings(), built_in())


def settle(engine: Engine, planner: Planner, seed: int, n_persons: int) -> None:
    """Put a building into every grid and people into most."""
    random = np.random.default_rng(seed)
    before, after = paths()
    anchors = []
    for atom in range(len(GRIDS)):
        for start, end, path in ((FIRST_DAY, CHANGED_ON, before[atom]), (CHANGED_ON, None, after[atom])):
            for tree_id in ("admin", "estate"):
                own = [p for p in path if p.startswith(tree_id)]
                if own:
                    anchors.append({
                        "entity": "building", "object_id": f"b{atom}", "tree_id": tree_id, "valid_from": start,
                        "valid_to": end, "place_id": max(own, key=depth_of), "located_by": "code",
                    })  # fmt: skip
    n = random.poisson(n_persons, len(GRIDS)) * random.integers(0, 4, len(GRIDS)).clip(0, 1)
    people = [
        {
            "person_id": f"p{atom}-{i}", "building_id": f"b{atom}", "birth_year": 2026 - int(random.integers(0, 95)),
            "sex": ("female", "male")[int(random.integers(0, 2))], "is_registered": bool(random.integers(0, 2)),
            "cell_key": int(random.integers(0, 2**31)),
        }
        for atom, count in enumerate(n.tolist()) for i in range(count)
    ]  # fmt: skip
    with engine.records.writing() as writing:
        writing.add(
            "building", [{"building_id": f"b{atom}", "name": f"b{atom}"} for atom in range(len(GRIDS))]
        )
        writing.add("anchor", anchors)
        writing.add("person", people)
