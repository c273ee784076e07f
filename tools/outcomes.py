"""What became of the groups of tests: counts, the closing table, and whether it is good enough."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from tools.groups import REST_SHARE_S, Group

CLOSE_RATIO = 0.8
"""From this part of its share of time on, a group is warned of."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one group.

    Attributes:
        group: Which.
        n_passed: Tests.
        n_failed: Tests, errors in fixtures included.
        n_skipped: Tests, expected failures included.
        took_s: Wall time.
        why_not: Why it did not run; empty when it ran.
        is_broken: pytest itself failed, or was stopped for taking too long.
    """

    group: Group
    n_passed: int = 0
    n_failed: int = 0
    n_skipped: int = 0
    took_s: float = 0.0
    why_not: str = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """All groups of one run.

    Attributes:
        outcomes: One a group.
        required: Names of groups that must have run.
        ci_s: Time since CI began, which holds groups to their shares; None outside CI.
    """

    outcomes: list[Outcome]
    required: frozenset[str] = frozenset()
    ci_s: float | None = None

    def spent(self) -> list[tuple[str, float, float]]:
        """Return (what, seconds, share in seconds) of every group that has a share, and of the rest."""
        if self.ci_s is None:
            return []
        spent = [
            (one.group.name, one.took_s, one.group.share_s)
            for one in self.outcomes
            if one.group.share_s is not None
        ]
        rest_s = self.ci_s - sum(took_s for _, took_s, _ in spent)
        return [*spent, ("the rest", rest_s, REST_SHARE_S)]

    def table(self) -> list[str]:
        """Return the closing table."""
        lines = ["", f"{'group':<10} {'passed':>6} {'failed':>6} {'skipped':>7} {'time':>9}"]
        for one in self.outcomes:
            counts = f"{one.n_passed:>6} {one.n_failed:>6} {one.n_skipped:>7} {one.took_s:>7.1f} s"
            note = (
                f"did not run: {one.why_not}" if one.why_not else "pytest broke off" if one.is_broken else ""
            )
            lines.append(f"{one.group.name:<10} {counts}  {note}".rstrip())
        for what, took_s, share_s in self.spent():
            used = took_s / share_s
            word = "OVER" if used > 1 else "warning: close" if used > CLOSE_RATIO else ""
            lines.append(
                f"time of {what:<10} {took_s:>6.0f} s of {share_s:>4.0f} s {used:>5.0%} {word}".rstrip()
            )
        return [*lines, ""]

    def complaints(self) -> list[str]:
        """Return why this run is not a success; empty when it is."""
        failed = [f"{one.group.name} failed" for one in self.outcomes if one.n_failed or one.is_broken]
        absent = [
            f"{one.group.name} is required and did not run: {one.why_not}"
            for one in self.outcomes
            if one.why_not and one.group.name in self.required
        ]
        over = [
            f"{what} took more than its share" for what, took_s, share_s in self.spent() if took_s > share_s
        ]
        none = [] if any(one.n_passed or one.n_failed for one in self.outcomes) else ["no test ran"]
        return [*failed, *absent, *over, *none]

    def closing_line(self) -> str:
        """Return ``N passed, N failed, N skipped``; a pytest that broke off counts as one failed."""
        n_passed = sum(one.n_passed for one in self.outcomes)
        n_failed = sum(one.n_failed + one.is_broken for one in self.outcomes)
        n_skipped = sum(one.n_skipped for one in self.outcomes)
        return f"{n_passed} passed, {n_failed} failed, {n_skipped} skipped"


def read_counts(report: bytes) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of a JUnit report; an error counts as failed, an xfail as skipped."""
    suites = [suite.attrib for suite in ET.fromstring(report).iter("testsuite")]
    n_all, n_failures, n_errors, n_skipped = (
        sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    n_failed = n_failures + n_errors
    return max(0, n_all - n_failed - n_skipped), n_failed, n_skipped
