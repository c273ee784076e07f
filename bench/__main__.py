"""Run every measurement against one served demo city and write the table of ``docs/benchmarks.md``."""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import api, paint, sealing, startup, stores, stream
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


def main() -> None:
    """Measure and print; with ``--quick`` a short run that writes nothing, with ``stores`` only the stores."""
    is_quick = "--quick" in sys.argv
    before, _, _ = TABLE.read_text("utf-8").partition(SECTION) if TABLE.exists() else ("", "", "")
    if "stores" not in sys.argv:
        before = whole_city(is_quick)
    told = f"{STORES}{machine()}\n\n{stores.table(stores.measure(2 if is_quick else 8))}"
    print(told)
    if not is_quick:
        TABLE.write_text(f"{before}{told}", encoding="utf-8")


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
