"""Ids of things that the demo city has, by which pages are addressed."""

from typing import Any

from bench.running import Running, ask


def ids_of(running: Running) -> dict[str, str]:
    """Return ids of cases, places and a building: ``waiting``, ``closed``, ``mine`` (the grid worker's), …."""
    dispatcher = {"Cookie": running.sign_in("dispatcher").cookie}
    worker = {"Cookie": running.sign_in("grid_worker").cookie}

    def told(path: str, headers: dict[str, str]) -> Any:
        return ask(f"{running.base}{path}", headers=headers)[0]

    def first(path: str, part: str, key: str, headers: dict[str, str] = dispatcher) -> str:
        return str(told(path, headers)[part][0][key])

    root = told("/v1/city", dispatcher)["root_place_id"]
    street = first(f"/v1/places?parent={root}", "items", "place_id")
    community = first(f"/v1/places?parent={street}", "items", "place_id")
    return {
        "root": root,
        "street": street,
        "community": community,
        "building": first(
            f"/v1/entities/building?place={community}&where=n_dwellings:gt:20&limit=1", "rows", "building_id"
        ),
        "waiting": first("/v1/cases?state=pending_dispatch", "items", "case_id"),
        "closed": first("/v1/cases?state=closed", "items", "case_id"),
        "mine": first("/v1/cases?owner=me&state=signed&state=in_progress", "items", "case_id", worker),
    }
