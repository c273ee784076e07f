"""The pinned Python packages against what is known to be wrong with them, as pip-audit asks it.

A machine that cannot ask is told "not run" and why, and nothing fails: what is unknown is not bad. A package that the
service does not know counts as not asked, and where that is all of them, as not run.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.places import REQUIREMENTS

LOCK = REQUIREMENTS / "dev.txt"
"""Holds what the package needs, with every extra, and what tests it."""
PATIENCE_S = 10
GIVE_UP_S = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking.

    Attributes:
        why_not: Why nothing was asked; empty where it was.
        n_asked: Packages that the service knows.
        unknown: Packages that it does not.
        holes: One line for each thing that is known to be wrong.
    """

    why_not: str = ""
    n_asked: int = 0
    unknown: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Return it for people."""
        if self.why_not:
            return f"not run: {self.why_not}"
        lines = [f"{self.n_asked} packages asked about, {len(self.holes)} advisories"]
        lines += [f"not known to the service: {', '.join(self.unknown)}"] if self.unknown else []
        return "\n".join([*lines, *self.holes])


def command(*more: str) -> list[str]:
    """Return how pip-audit reads the lock file; it resolves and installs nothing."""
    return [
        sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip",
        "--format", "json", "--progress-spinner", "off", "--timeout", str(PATIENCE_S), *more,
    ]  # fmt: skip


def ask(asking: list[str]) -> Asked:
    """Run pip-audit and read what it found."""
    try:
        done = subprocess.run(asking, capture_output=True, text=True, check=False, timeout=GIVE_UP_S)
    except subprocess.TimeoutExpired:
        return Asked(why_not=f"no answer in {GIVE_UP_S} s")
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        lines = done.stderr.strip().splitlines()
        return Asked(why_not=f"no network ({lines[-1][:200] if lines else f'status {done.returncode}'})")
    return read(report)


def read(report: Mapping[str, Any]) -> Asked:
    """Return what a report of pip-audit says."""
    packages = report["dependencies"]
    unknown = sorted(one["name"] for one in packages if "skip_reason" in one)
    if len(unknown) == len(packages):
        return Asked(why_not="no network (the service knows none of the packages)")
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for one in packages
        for hole in one.get("vulns", ())
    ]
    return Asked(n_asked=len(packages) - len(unknown), unknown=unknown, holes=holes)


def main() -> int:
    """Ask; 1 where something is known to be wrong."""
    asked = ask(command(*sys.argv[1:]))
    print(asked.words())
    return 1 if asked.holes else 0


if __name__ == "__main__":
    sys.exit(main())
