"""``make lint`` and ``make check``: everything that must hold before a commit.

All checks run; the last line says which did not hold.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools import node_env
from tools.places import ROOT, WEB

ADVISORIES = "advisories"
FAST_TESTS = "fast tests"
TALKING = {ADVISORIES, FAST_TESTS}
"""What they say is shown when they hold, too: it tells what was not run."""


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its title and its command line."""

    title: str
    command: list[str]
    folder: Path = ROOT
    environment: dict[str, str] | None = field(default=None)


def steps(*, with_tests: bool) -> list[Step]:
    """Return the checks in the order of their speed."""
    python = [sys.executable, "-m"]
    lint_imports = str(Path(sys.executable).parent / "lint-imports")
    chosen = [
        Step("ruff", [*python, "ruff", "check", "--quiet", "."]),
        Step("ruff format", [*python, "ruff", "format", "--check", "--quiet", "."]),
        Step("house rules", [*python, "tools.house_rules"]),
        Step("import contracts", [lint_imports, "--no-logo"]),
        Step("mypy", [*python, "mypy", "--no-error-summary"]),
        Step("generated docs", [*python, "tools.make_docs", "--check"]),
        *_of_web(),
    ]
    if with_tests:
        chosen.append(Step(ADVISORIES, [*python, "tools.advisories"]))
        chosen.append(Step(FAST_TESTS, [*python, "tools.run_tests", "fast"]))
    return chosen


def _of_web() -> list[Step]:
    package = WEB / "package.json"
    node = node_env.of_machine() or node_env.of_venv()
    if not package.exists() or node is None:
        return []
    scripts = json.loads(package.read_text("utf-8")).get("scripts", {})
    return [
        Step(f"web {name}", node.npm("run", "--silent", name), WEB, node.environment())
        for name in ("lint", "types", "test")
        if name in scripts
    ]


def main() -> int:
    """Run the checks; the output of one that fails is shown in full."""
    parser = argparse.ArgumentParser(prog="tools.check", description=__doc__)
    parser.add_argument("--with-tests", action="store_true", help="the fast tests too")
    failed = []
    for step in steps(with_tests=parser.parse_args().with_tests):
        started = time.monotonic()
        done = subprocess.run(
            step.command, cwd=step.folder, env=step.environment, capture_output=True, text=True, check=False
        )
        is_good = done.returncode == 0
        print(
            f"{'ok  ' if is_good else 'FAIL'} {step.title:<18} {time.monotonic() - started:5.1f} s",
            flush=True,
        )
        if not is_good or step.title in TALKING:
            print((done.stdout + done.stderr).rstrip() + "\n", flush=True)
        if not is_good:
            failed.append(step.title)
    if failed:
        print(f"not good: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
