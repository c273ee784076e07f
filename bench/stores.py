"""Both stores side by side in one run: the same city, the same questions, the same letters, and the bare stores below.

Settings are the durable ones: SQLite with ``synchronous=FULL``, PostgreSQL as Debian configures it (fsync on), both in
folders of the same disk. The load generator shares the machine with what it measures.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import api, floors, writers
from bench.running import demo_server
from bench.spread import percentile
from huitian.app import make_city
from huitian.clock import SystemClock
from huitian.ingest.load import Limits, Loader
from huitian.ingest.mapping_file import read_mapping
from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
from huitian.sources.kinds import source_kind
from tests.servers.postgres import Server, postgres

Measured = dict[str, dict[str, float]]
"""By what was measured, by where: the figure."""
SQLITE, POSTGRES, TWO = "SQLite", "PostgreSQL", "PostgreSQL, 2 workers"
N_ROWS = 20_000
MAP = """
source_id = "buildings"
entity = "building"
[columns]
building_id = "id"
name = "name"
n_floors_above = "floors"
lon = "lon"
lat = "lat"
"""


def huitian(*words: str) -> float:
    """Run a command; returns its seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "huitian.cli", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return time.perf_counter() - began


def served(home: Path, n_workers: int, seconds: float) -> Iterator[tuple[str, float]]:
    """Yield p95 of every question, and letters and steps a second."""
    with demo_server(home, HUITIAN_WORKERS=str(n_workers)) as running:
        for name, (times, n_wrong) in api.times_of(running, seconds).items():
            assert not n_wrong, name
            yield f"API p95, {api.N_USERS} readers: {name} (ms)", percentile(times, 0.95) * 1000
        yield from writers.measure(running, seconds)


def loaded(folder: Path, address: str) -> float:
    """Return rows a second of a load."""
    (folder / "map.toml").write_text(MAP, "utf-8")
    rows = (f"b{n},Building {n},{n % 30},{116.1 + n % 1000 / 5000:.4f},40.05\n" for n in range(N_ROWS))
    (folder / "rows.csv").write_text("id,name,floors,lon,lat\n" + "".join(rows), "utf-8")
    root = Place("admin:1", "admin", "1", "district", "District", None, FIRST_DAY)
    tree = Tree("admin", "行政区划", "Administrative division", LEVELS[1:])
    city = make_city(folder / "city", {"store_address": address}, root, tree)
    try:
        loader = Loader(
            city.engine.records, city.planner, SystemClock(), Limits(box=(116, 39, 117, 41)), city.stories
        )
        kind = source_kind("csv")
        mapping = read_mapping(folder / "map.toml", kind)
        began = time.perf_counter()
        report = loader.load(folder / "rows.csv", kind, mapping)
        assert report.n_written == N_ROWS
        return N_ROWS / (time.perf_counter() - began)
    finally:
        city.close()


def cared(folder: Path, home: Path, server: Server) -> Iterator[tuple[str, str, float]]:
    """Yield seconds of backup, restore and move of the demo city, both ways; ends where it began."""
    archive = folder / "city.tar"
    yield "backup (s)", SQLITE, huitian("backup", str(home), str(archive))
    yield "restore (s)", SQLITE, huitian("restore", str(archive), str(folder / "again"))
    yield "move to it (s)", POSTGRES, huitian("move", str(home), "--to", server.database())
    yield "backup (s)", POSTGRES, huitian("backup", str(home), str(folder / "scaled.tar"))
    yield "move to it (s)", SQLITE, huitian("move", str(home), "--to", "sqlite")
    scaled = str(folder / "scaled")
    yield "restore (s)", POSTGRES, huitian("restore", str(archive), scaled, "--store", server.database())


def measure(seconds: float) -> Measured:
    """Return every figure by store."""
    found: Measured = {}

    def take(what: str, where: str, figure: float) -> None:
        found.setdefault(what, {})[where] = figure
        print(f"{what:60} {where:24} {figure:,.1f}", flush=True)

    with tempfile.TemporaryDirectory() as name, postgres() as server:
        folder, home = Path(name), Path(name) / "city"
        with demo_server(home):
            pass
        for what, where, figure in cared(folder, home, server):
            take(what, where, figure)
        for where, at, n_workers in (
            (SQLITE, home, 1), (POSTGRES, folder / "scaled", 1), (TWO, folder / "scaled", 2),
        ):  # fmt: skip
            for what, figure in served(at, n_workers, seconds):
                take(what, where, figure)
        for where, address in ((SQLITE, ""), (POSTGRES, server.database())):
            (folder / where).mkdir()
            take(f"load of {N_ROWS:,} buildings (rows/s)", where, loaded(folder / where, address))
        for n in writers.CONCURRENT:
            what = f"the bare store, transactions of {floors.N_INSERTS} inserts, {n} at once (/s)"
            take(what, SQLITE, floors.sqlite(folder / f"floor-{n}.sqlite", n, seconds))
            take(what, POSTGRES, floors.postgresql(server, folder, n, seconds))
    return found


def table(found: Measured) -> str:
    """Return the figures as Markdown, with what PostgreSQL's are to SQLite's."""
    lines = [f"| what | {SQLITE} | {POSTGRES} | ratio | {TWO} | ratio |", "|---|---|---|---|---|---|"]
    for what, by_store in found.items():
        base = by_store.get(SQLITE)
        cells = [what, told(base)]
        for where in (POSTGRES, TWO):
            figure = by_store.get(where)
            cells += [told(figure), f"{figure / base:.2f}" if figure is not None and base else ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def told(figure: float | None) -> str:
    """Return a figure with as many digits as it is worth."""
    return "" if figure is None else f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}"
