"""Time of the command line to say what it can do, and of a demo city to be made and answer."""

import subprocess
import sys
import time

from bench.running import Running
from bench.spread import ms, percentile


def measure(running: Running, n_runs: int) -> list[tuple[str, str]]:
    """Return the lines of starting up."""
    times = []
    for _ in range(n_runs + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "huitian.cli", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    warm = times[1:]
    return [
        ("huitian --help", f"p50 {ms(percentile(warm, 0.5))}, max {ms(max(warm))}, n {len(warm)}"),
        ("demo city made and served, from nothing", f"{running.made_s:.1f} s"),
    ]
