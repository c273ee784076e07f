"""Run every measurement against one served demo city and write the table of ``docs/benchmarks.md``."""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import api, paint, startup, stream
from bench.running import demo_server

TABLE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; the load and the server share the machine. Read ratios and orders of magnitude, not digits.

"""


def main() -> None:
    """Measure and print; with ``--quick`` a short run that writes nothing."""
    is_quick = "--quick" in sys.argv
    with demo_server() as running:
        lines = startup.measure(running, 3 if is_quick else 10)
        lines += paint.measure(running, 2 if is_quick else 10)
        lines += api.measure(running, 2 if is_quick else 8)
        lines += stream.measure(running, 3 if is_quick else 20)
    for name, words in lines:
        print(f"{name:60} {words}")
    if not is_quick:
        python = platform.python_version()
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"
        rows = "".join(f"| {name} | {words} |\n" for name, words in lines)
        day = datetime.now(UTC).date()
        TABLE.write_text(
            f"{HEAD}{machine}, {day}\n\n| what | measured |\n|---|---|\n{rows}", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
