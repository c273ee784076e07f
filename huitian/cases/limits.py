"""Clocks of a case: when each limit started, when it is due, when it stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from huitian.cases.ladder_file import FIRST
from huitian.clock import StatutoryCalendar
from huitian.model.case import ClockRule, Ladder, Status, Step


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock.

    Attributes:
        rule: Its limit.
        grade: Grade of the case while it ran; of a stopped run, when it stopped.
        started_at: Aware UTC.
        stopped_at: Aware UTC; None while it runs.
    """

    rule: ClockRule
    grade: int
    started_at: datetime
    stopped_at: datetime | None = None

    @property
    def limit_s(self) -> int:
        """Limit in seconds, of calendar or of working time."""
        limits = self.rule.limits_s
        return limits[self.grade] if self.grade in limits else limits[0]

    def at_ratio(self, calendar: StatutoryCalendar, ratio: float = 1.0) -> datetime:
        """Return the instant at which this part of the limit is used up."""
        amount = timedelta(seconds=round(self.limit_s * ratio))
        if self.rule.calendar == "calendar":
            return self.started_at + amount
        return calendar.add_working_time(self.started_at, amount)

    def used_ratio(self, calendar: StatutoryCalendar, now: datetime) -> float:
        """Return the used part of the limit at an instant, or at its stop; past the limit it is above 1."""
        until = max(self.started_at, min(now, self.stopped_at) if self.stopped_at else now)
        if self.rule.calendar == "calendar":
            used = until - self.started_at
        else:
            used = calendar.working_between(self.started_at, until)
        return used.total_seconds() / self.limit_s


def runs_of(ladder: Ladder, steps: Sequence[Step], grades: Sequence[int], levels: Sequence[str]) -> list[Run]:
    """Return every run of every clock, in order of start.

    Args:
        ladder: The rules.
        steps: Steps that hold, undone ones left out.
        grades: Grade of the case after each step.
        levels: Ladder level of the case after each step.
    """
    done: list[Run] = []
    running: dict[str, Run] = {}
    for step, grade, level in zip(steps, grades, levels, strict=True):
        for clock_id, before in list(running.items()):
            run = before if before.grade == grade else replace(before, grade=grade)
            if _fits(run.rule.stops, step.action, step.facts):
                del running[clock_id]
                done.append(replace(run, stopped_at=step.taken_at))
            else:
                running[clock_id] = run
        for rule in ladder.clocks:
            if not _fits(rule.starts, step.action, step.facts) or (rule.levels and level not in rule.levels):
                continue
            if rule.clock_id in running:
                if not rule.restarts:
                    continue
                done.append(replace(running.pop(rule.clock_id), stopped_at=step.taken_at))
            running[rule.clock_id] = Run(rule, grade, step.taken_at)
    return sorted([*done, *running.values()], key=lambda run: run.started_at)


def main_run(runs: Sequence[Run]) -> Run | None:
    """Return the run by which the case as a whole is judged.

    The main clock that runs; else the dispatch clock that runs, so that a letter that lies undispatched, or was
    just passed up, shows its time too; else the last main clock; None for a case answered without a clock.
    """
    mains = [run for run in runs if run.rule.is_main]
    waiting = [run for run in runs if FIRST in run.rule.starts]
    going = [run for run in (*waiting, *mains) if run.stopped_at is None]
    return next(reversed(going or mains), None)


def sooner_run(runs: Sequence[Run], calendar: StatutoryCalendar) -> Run | None:
    """Return the run that ends first, where that is not the one by which the case is judged.

    None where the main limit itself is next, and for a case that waits for nobody in charge. A run that began before
    the main one is of the round before: a follow-up that asked for rework is not what the owner has next.
    """
    main = main_run(runs)
    if main is None or main.stopped_at is not None:
        return None
    rest = [run for run in runs if run.stopped_at is None and run.started_at >= main.started_at]
    first = min(rest, key=lambda run: run.at_ratio(calendar))
    return first if first.at_ratio(calendar) < main.at_ratio(calendar) else None


def status_of(row: Mapping[str, Any], now: datetime) -> Status:
    """Return how a case stands against its main limit at an instant (domain 01 §4).

    Args:
        row: Columns ``due_at``, ``watch_at``, ``urgent_at``, ``replied_at`` and ``closed_at`` of the projection.
        now: Aware UTC.
    """
    if row["due_at"] is None or row["replied_at"] is not None or row["closed_at"] is not None:
        return "none"
    if now >= row["due_at"]:
        return "late"
    if now >= row["urgent_at"]:
        return "urgent"
    return "watch" if now >= row["watch_at"] else "ok"


def _fits(names: Sequence[str], action: str, facts: Mapping[str, Any]) -> bool:
    """Return whether an action is among ``action`` or ``action:fact`` names."""
    for name in names:
        wanted, _, fact = name.partition(":")
        if wanted == action and (not fact or facts.get(fact) is True):
            return True
    return False
