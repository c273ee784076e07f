"""What scope costs: the same rows read by nobody's leave and under a grant with its lens, 1 M objects in one store.

``python -m bench.scope`` prints the table of both stores; ``make bench ARGS=scope`` writes it. Two comparisons, each
over equal rows: the whole city, by grants of all its streets beside no scope at all; and one street, by a grant of
it beside a question for that street without scope.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import shapely

from bench.spread import ms, percentile
from huitian.api.layers import Asked, features_of
from huitian.app.city import OpenCity, make_city
from huitian.base.places import place_row, renumber
from huitian.engine.ports import Writing
from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
from huitian.model.query import Query, Row, Tally
from huitian.model.scope import Scope
from tests.servers.postgres import postgres

N_STREETS, N_COMMUNITIES = 10, 10
AT_ONCE = 10_000
ROOT = Place(
    "admin:1", "admin", "1", "district", "District", None, FIRST_DAY,
    geometry=shapely.to_wkb(shapely.box(116, 40, 117, 41)),
)  # fmt: skip
NONE = Scope("system", None, "V3", "system")
STREETS = tuple(f"admin:1{street}" for street in range(N_STREETS))
ALL = Scope("u-1", STREETS[0], "V2", "dispatcher", other_place_ids=STREETS[1:])
ONE = Scope("u-1", STREETS[3], "V2", "dispatcher")
BOX = (116.33, 40.2, 116.345, 40.215)
Work = Callable[[OpenCity, Scope, str | None], object]


def communities() -> Iterator[Place]:
    """Yield streets, west to east, and their communities, south to north, as boxes."""
    for street in range(N_STREETS):
        west = 116 + street / N_STREETS
        outline = shapely.box(west, 40, west + 1 / N_STREETS, 41)
        yield Place(f"admin:1{street}", "admin", f"1{street}", "street", f"S{street}", "admin:1", FIRST_DAY,
                    geometry=shapely.to_wkb(outline))  # fmt: skip
        for number in range(N_COMMUNITIES):
            south = 40 + number / N_COMMUNITIES
            own = shapely.box(west, south, west + 1 / N_STREETS, south + 1 / N_COMMUNITIES)
            code = f"1{street}{number}"
            yield Place(f"admin:{code}", "admin", code, "community", code, f"admin:1{street}", FIRST_DAY,
                        geometry=shapely.to_wkb(own))  # fmt: skip


def filled(folder: Path, address: str, n_objects: int) -> OpenCity:
    """Return a city of components, spread evenly over a hundred communities."""
    values = {"root_place": "admin:1", "store_address": address}
    city = make_city(folder, values, ROOT, Tree("admin", "行政", "Administrative", LEVELS))
    with city.engine.records.writing() as writing:
        writing.put("place", [place_row(place) for place in communities()])
        renumber(writing, city.planner.raw, "admin")
    city.planner.refresh()
    for start in range(0, n_objects, AT_ONCE):
        with city.engine.records.writing() as writing:
            fill(writing, range(start, min(start + AT_ONCE, n_objects)))
    with city.engine.records.writing() as writing:
        writing.learn("component")
    began = time.perf_counter()
    city.engine.records.survey()
    print(f"{city.engine.kind}: surveyed in {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
    return city


def fill(writing: Writing, numbers: range) -> None:
    """Write components and where they stand."""
    rows: list[Row] = []
    anchors: list[Row] = []
    for n in numbers:
        # Spread by steps that share no factor with a million.
        lon, lat = 116 + (n * 617 % 1_000_003) / 1_000_010, 40 + (n * 7_919 % 1_000_033) / 1_000_040
        street, number = int((lon - 116) * N_STREETS), int((lat - 40) * N_COMMUNITIES)
        rows.append({
            "component_id": f"c{n:07}", "class_code": f"0{n % 7}", "name": f"Lamp {n}", "status": "ok",
            "lon": lon, "lat": lat, "west": lon, "east": lon, "south": lat, "north": lat,
        })  # fmt: skip
        anchors.append({
            "entity": "component", "object_id": f"c{n:07}", "tree_id": "admin", "valid_from": date(2020, 1, 1),
            "valid_to": None, "place_id": f"admin:1{street}{number}", "located_by": "point",
        })  # fmt: skip
    writing.add("component", rows)
    writing.add("anchor", anchors)


def by_class(city: OpenCity, scope: Scope, place_id: str | None) -> object:
    """Count by class."""
    allowed = city.planner.allow(scope, "component", place_id)
    return sorted(
        (r["class_code"], r["n"])
        for r in city.planner.tally(allowed, Tally("component", (), ("class_code",)))
    )


def by_place(city: OpenCity, scope: Scope, place_id: str | None) -> object:
    """Count by place."""
    allowed = city.planner.allow(scope, "component", place_id)
    return sorted(
        (r["place_id"], r["n"]) for r in city.planner.tally(allowed, Tally("component", (), ("place_id",)))
    )


def tile(city: OpenCity, scope: Scope, place_id: str | None) -> object:
    """Read one tile of the map."""
    body = features_of(city, scope, "component", Asked(BOX, place_id, None, None, 5000)).body
    assert body.count(b'"Feature"')
    return len(body)


def listed(city: OpenCity, scope: Scope, place_id: str | None) -> object:
    """Read the first page of a list, with how many there are."""
    page = city.planner.read(city.planner.allow(scope, "component", place_id), Query("component", limit=50))
    return [r["component_id"] for r in page.rows], page.n_total


WORK: dict[str, tuple[Work, int]] = {
    "aggregate by class": (by_class, 12), "aggregate by place": (by_place, 12), "tile": (tile, 60),
    "list of 50, with the total": (listed, 20),
}  # fmt: skip


def measure(city: OpenCity, share: float = 1.0) -> Iterator[tuple[str, str]]:
    """Yield what was measured; both readers take turns."""
    for rows, place_id, granted in (("the whole city", None, ALL), ("one street", STREETS[3], ONE)):
        for name, (work, n) in WORK.items():
            times: dict[str, list[float]] = {"none": [], "scope": []}
            assert work(city, NONE, place_id) == work(city, granted, None), (name, rows)
            readers = [("none", NONE, place_id), ("scope", granted, None)]
            for _ in range(max(int(n * share), 3)):
                # Who comes second finds the caches warm: they take turns in that, too.
                readers.reverse()
                for who, scope, asked in readers:
                    began = time.perf_counter()
                    work(city, scope, asked)
                    times[who].append(time.perf_counter() - began)
            figures = [percentile(times[who], p) for p in (0.5, 0.95) for who in ("none", "scope")]
            yield (
                f"{rows}: {name}",
                (
                    f"{ms(figures[0])} | {ms(figures[1])} | {figures[1] / figures[0]:.2f}× | "
                    f"{ms(figures[2])} | {ms(figures[3])} | {figures[3] / figures[2]:.2f}×"
                ),
            )


def table(n_objects: int, share: float = 1.0, skipped: Sequence[str] = ()) -> str:
    """Return the figures of both stores as Markdown."""
    lines = [
        "| what | none, p50 | scope, p50 | ratio | none, p95 | scope, p95 | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        for store, address in (("SQLite", ""), ("PostgreSQL", server.database())):
            if store in skipped:
                continue
            city = filled(Path(folder) / store, address, n_objects)
            try:
                for name, words in measure(city, share):
                    lines.append(f"| {store}, {name} | {words} |")
                    print(lines[-1], flush=True)
            finally:
                city.close()
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    table(int(sys.argv[1]) if sys.argv[1:] else 1_000_000, skipped=sys.argv[2:])
