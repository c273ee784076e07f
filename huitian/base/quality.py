"""Quality: rules that a city's data is held against, and the findings that stay open until they hold.

A rule is a function over the city that yields findings with stable ids: running it again finds the same ones,
closes those that no longer hold, and opens none twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from huitian.base.places import EVERYTHING, Places
from huitian.base.planner import Planner
from huitian.engine.ports import Records
from huitian.model.query import Condition, Page, Query, Row, Where
from huitian.model.scope import Allowed

Severity = Literal["notice", "warning", "error"]
PAGE = 20_000
"""Rows read at once."""
AT_ONCE = 400
"""Findings of one transaction."""


class Reads(Protocol):
    """Whatever rows can be read from: the store, or a transaction of it."""

    def read(self, allowed: Allowed, query: Query) -> Page:
        """Return rows; see ``ports.Records``."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold.

    Attributes:
        rule_id: The rule.
        entity: Entity of the object.
        object_id: The object.
        place_id: Place it belongs to; None where it belongs to none.
        severity: ``notice``, ``warning`` or ``error``.
        words_zh: What was found, in Chinese.
        words_en: The same in English.
        facts: The figures behind the words.
        about: What distinguishes two findings of one rule on one object; empty where there can be only one.
    """

    rule_id: str
    entity: str
    object_id: str
    place_id: str | None
    severity: Severity
    words_zh: str
    words_en: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    @property
    def finding_id(self) -> str:
        """Stable id."""
        return ":".join(part for part in (self.rule_id, self.entity, self.object_id, self.about) if part)


@dataclass(frozen=True, slots=True)
class Ground:
    """The city as rules look at it.

    Attributes:
        reads: Where rows come from.
        planner: Permission for the product's own work.
        places: The place trees.
        today_on: Day in Asia/Shanghai.
    """

    reads: Reads
    planner: Planner
    places: Places
    today_on: date

    def rows(self, entity: str, key: str, columns: Sequence[str], where: Where = ()) -> Iterator[Row]:
        """Yield the rows of an entity in order of a unique text column, page by page."""
        allowed = self.planner.system(entity)
        after: Where = ()
        while True:
            query = Query(entity, (*where, *after), tuple(dict.fromkeys((key, *columns))), (key,), PAGE)
            page = self.reads.read(allowed, query).rows
            yield from page
            if len(page) < PAGE:
                return
            after = (Condition(key, "gt", page[-1][key]),)


Rule = Callable[[Ground], Iterator[Finding]]


def run_rules(
    records: Records, ground: Ground, rules: Mapping[str, Rule], load_id: str | None, now_at: datetime
) -> int:
    """Run rules, keep what is new, close what no longer holds. Idempotent.

    The rules run outside any transaction, and what differs is written some hundred findings at a time: nobody
    waits for them, and a run that was killed is ended by the next.

    Args:
        records: The store.
        ground: The city.
        rules: Rule id → rule.
        load_id: Load that the rules run after.
        now_at: Present instant.

    Returns:
        How many findings of these rules are open afterwards.
    """
    n_open = 0
    for rule_id, rule in rules.items():
        found = {finding.finding_id: finding for finding in rule(ground)}
        query = Query("finding", (Condition("rule_id", "eq", rule_id),), limit=EVERYTHING)
        known = {row["finding_id"]: row for row in records.read(ground.planner.raw("finding"), query).rows}
        rows = [finding_row(finding, known.get(i), load_id, now_at) for i, finding in found.items()]
        closed = [{**row, "is_open": False} for i, row in known.items() if i not in found and row["is_open"]]
        changed = [row for row in (*rows, *closed) if _differs(row, known.get(row["finding_id"]))]
        for start in range(0, len(changed), AT_ONCE):
            with records.writing() as writing:
                writing.put("finding", changed[start : start + AT_ONCE])
        n_open += len(found)
    return n_open


def _differs(row: Row, known: Row | None) -> bool:
    return known is None or any(known[name] != value for name, value in row.items())


def finding_row(finding: Finding, known: Row | None, load_id: str | None, now_at: datetime) -> Row:
    """Return the row of a finding; one that was open keeps the instant and the load it was found with."""
    was_open = known is not None and bool(known["is_open"])
    return {
        "finding_id": finding.finding_id, "rule_id": finding.rule_id, "entity": finding.entity,
        "object_id": finding.object_id, "place_id": finding.place_id, "severity": finding.severity,
        "words_zh": finding.words_zh, "words_en": finding.words_en, "facts": dict(finding.facts),
        "found_at": known["found_at"] if known is not None and was_open else now_at,
        "load_id": known["load_id"] if known is not None and was_open else load_id,
        "is_open": True,
    }  # fmt: skip
