"""Run every measurement against one served demo city and write the table of ``docs/benchmarks.md``."""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import api, cubes, paint, scope, sealing, startup, stores, stream
from bench.running import demo_server

TABLE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; the load and the server share the machine. Read ratios and orders of magnitude, not digits.

"""


SECTION = "\n## Both stores\n"
STORES = f"""{SECTION}
Every figure is of one run (`make bench ARGS=stores`); the ratio is PostgreSQL's to SQLite's. SQLite with
`synchronous=FULL` and one process, PostgreSQL with Debian's settings (fsync on), folders on one disk. The bare stores
are Python's `sqlite3` and `pgbench`: as many inserts a transaction as a letter has, and no server in front.

"""


LARGE = "\n## A million objects, ten thousand communities\n"
SCOPE = f"""{LARGE}
What a grant and its lens cost (`make bench ARGS=scope`): two readers take turns at equal rows, one with no scope at
all. *One street*: a grant of it beside the same question for that street. *The whole city*: grants of all its streets
beside no question of place at all: the store knows that every object stands in one of them
([decision 21](decisions/0021-a-scope-as-wide-as-the-city.md)). A list tells how many rows there are in all.

"""


def main() -> None:
    """Measure and print; with ``--quick`` a short run that writes nothing, with ``stores`` or ``scope`` only those."""
    is_quick, chosen = "--quick" in sys.argv, {"stores", "scope"} & set(sys.argv)
    written = TABLE.read_text("utf-8") if TABLE.exists() else ""
    before, _, written = written.partition(SECTION)
    of_stores, _, of_scope = written.partition(LARGE)
    both, large = f"{SECTION}{of_stores}", f"{LARGE}{of_scope}"
    if not chosen:
        before = whole_city(is_quick)
    if chosen != {"scope"}:
        both = f"{STORES}{machine()}\n\n{stores.table(stores.measure(2 if is_quick else 8))}"
    if chosen != {"stores"}:
        large = large_city(is_quick)
    print(f"{both}{large}")
    if not is_quick:
        TABLE.write_text(f"{before}{both}{large}", encoding="utf-8")


def large_city(is_quick: bool) -> str:
    """Measure a million objects, and the release of counts of ten thousand communities."""
    told = scope.table(20_000 if is_quick else 1_000_000, 0.2 if is_quick else 1.0)
    released = cubes.measure((100,) if is_quick else (1_000, 10_000))
    lines = "".join(f"| {name} | {words} |\n" for name, words in released)
    return f"{SCOPE}{machine()}\n\n{told}\n| what | measured |\n|---|---|\n{lines}"


def whole_city(is_quick: bool) -> str:
    """Measure one served demo city; returns the head and the table."""
    with demo_server() as running:
        lines = startup.measure(running, 3 if is_quick else 10)
        lines += paint.measure(running, 2 if is_quick else 10)
        lines += api.measure(running, 2 if is_quick else 8)
        lines += stream.measure(running, 3 if is_quick else 20)
    lines += sealing.measure(200 if is_quick else 10_000)
    for name, words in lines:
        print(f"{name:60} {words}")
    rows = "".join(f"| {name} | {words} |\n" for name, words in lines)
    return f"{HEAD}{machine()}\n\n| what | measured |\n|---|---|\n{rows}"


def machine() -> str:
    """Return what it was measured on and when."""
    python = platform.python_version()
    day = datetime.now(UTC).date()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}, {day}"


if __name__ == "__main__":
    main()
