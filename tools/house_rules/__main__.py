"""``python -m tools.house_rules``: one line a finding, ``file:line: rule: what, and what to do``."""

import sys

from tools.house_rules import RULES, broken
from tools.house_rules.repository import Repository
from tools.places import ROOT


def main() -> int:
    """Check the repository; 1 if a rule is broken."""
    found = broken(Repository(ROOT))
    for name, finding in found:
        level = "warning: " if finding.is_warning else ""
        print(f"{finding.path}:{finding.line_no}: {level}{name}: {finding.words}")
    n_errors = sum(not finding.is_warning for _, finding in found)
    print(f"{len(RULES)} house rules, {n_errors} broken places, {len(found) - n_errors} warnings")
    return 1 if n_errors else 0


if __name__ == "__main__":
    sys.exit(main())
