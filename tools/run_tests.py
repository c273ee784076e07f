"""``make test``: run the groups of tests this machine can run, and say which it could not and why.

``HUITIAN_REQUIRE=all`` (or names of groups) makes a group that cannot run a failure. ``HUITIAN_CI_STARTED``
(Unix seconds, set by CI) holds every group to its share of the time. The last line is ``N passed, N failed,
N skipped``.
"""

import argparse
import os
import signal
import subprocess
import sys
import time

from tools import children
from tools.groups import GROUPS, REST_SHARE_S, Group, chromium, real_data
from tools.outcomes import Outcome, Run, read_counts
from tools.places import BUILD

NO_TESTS = 5
GIVE_UP_RATIO = 1.5


def run_group(group: Group, words: list[str], *, is_timed: bool) -> Outcome:
    """Run one group with pytest, its output on the terminal."""
    lacking = [need.missing for need in group.needs if not need.is_there()]
    if lacking:
        return Outcome(group, why_not="; ".join(lacking))
    report = BUILD / "tests" / f"{group.name}.xml"
    report.unlink(missing_ok=True)
    report.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-m", group.markers(), "-rs", f"--junitxml={report}"]
    command += ["-n", str(group.n_workers), "--dist", group.dist] if group.n_workers else []
    print(f"\n== {group.name} ==", flush=True)
    started = time.monotonic()
    status = _run([*command, *words], (group.share_s or REST_SHARE_S) * GIVE_UP_RATIO if is_timed else None)
    took_s = time.monotonic() - started
    if status == NO_TESTS:
        return Outcome(group, took_s=took_s, why_not="it has no tests")
    n_passed, n_failed, n_skipped = read_counts(report.read_bytes()) if report.exists() else (0, 0, 0)
    is_broken = status != 0 and n_failed == 0
    why_not = "" if n_passed or n_failed or is_broken else "every test of it was skipped"
    return Outcome(group, n_passed, n_failed, n_skipped, took_s, why_not, is_broken)


def _run(command: list[str], limit_s: float | None) -> int:
    found = {"HUITIAN_CHROMIUM": chromium(), "HUITIAN_REAL_DATA": real_data()}
    environment = {**os.environ, **{name: str(path) for name, path in found.items() if path}}
    child = children.start(command, environment=environment)
    try:
        return child.wait(limit_s)
    except subprocess.TimeoutExpired:
        print(f"stopped: it took more than {limit_s:.0f} s", flush=True)
        return -1
    finally:
        children.end(child, ask=signal.SIGINT)


def main() -> int:
    """Run the groups named on the command line, or all; words after ``--`` go to pytest."""
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    names = [group.name for group in GROUPS]
    parser = argparse.ArgumentParser(prog="tools.run_tests", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(names)}; none means all")
    asked = parser.parse_args(words[:cut]).groups
    unknown = set(asked) - set(names)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")

    ci_started = os.environ.get("HUITIAN_CI_STARTED")
    chosen = [group for group in GROUPS if not asked or group.name in asked]
    outcomes = [run_group(group, words[cut + 1 :], is_timed=ci_started is not None) for group in chosen]
    require = os.environ.get("HUITIAN_REQUIRE", "").replace(",", " ").split()
    run = Run(
        outcomes,
        required=frozenset(names if require == ["all"] else require),
        ci_s=time.time() - float(ci_started) if ci_started else None,
    )
    print("\n".join(run.table()))
    complaints = run.complaints()
    for why in complaints:
        print(f"not good: {why}")
    print(run.closing_line(), flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
