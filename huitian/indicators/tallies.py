"""The sums behind a figure: in all, by place, or by step of time, from the same conditions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from huitian.base.planner import Planner
from huitian.model.number import NumberDefinition
from huitian.model.query import Condition, Grain, Row, Tally, Where
from huitian.model.scope import Allowed


@dataclass(frozen=True, slots=True)
class Raw:
    """What a tally came to, before rounding.

    Attributes:
        n: Rows that took part.
        numerator: Their points; for a count, ``n``.
        cell_key: Sum of the cell keys of protected rows, else 0.
    """

    n: int = 0
    numerator: Fraction = Fraction(0)
    cell_key: int = 0

    def __add__(self, other: "Raw") -> "Raw":
        return Raw(self.n + other.n, self.numerator + other.numerator, self.cell_key + other.cell_key)


@dataclass(frozen=True, slots=True)
class Question:
    """What is tallied.

    Attributes:
        definition: The figure.
        allowed: Permission for its entity.
        where: Its conditions, moments resolved.
        part: Its ``part``, moments resolved.
    """

    definition: NumberDefinition
    allowed: Allowed
    where: Where
    part: Where


def in_all(planner: Planner, question: Question) -> Raw:
    """Return the sums over all rows."""
    return sum((raw for _, raw in raws(planner, question, lambda _row: None)), Raw())


def by_place(planner: Planner, question: Question) -> dict[str | None, Raw]:
    """Return the sums by the place where the rows stand; None holds rows without a place."""
    return added(raws(planner, question, lambda row: row["place_id"], ("place_id",)))


def by_step(planner: Planner, question: Question, grain: Grain) -> dict[Any, Raw]:
    """Return the sums by the aware UTC start of the step in which the rows happened."""
    bucket = (question.definition.instant, grain)
    return added(raws(planner, question, lambda row: row["bucket_at"], (), bucket))


def added(found: Iterator[tuple[Any, Raw]]) -> dict[Any, Raw]:
    """Return sums by key."""
    total: dict[Any, Raw] = {}
    for key, raw in found:
        total[key] = total.get(key, Raw()) + raw
    return total


def raws(
    planner: Planner, question: Question, key: Callable[[Row], Any], group: tuple[str, ...] = (),
    bucket: tuple[str, Grain] | None = None,
) -> Iterator[tuple[Any, Raw]]:  # fmt: skip
    """Yield key and sums of every group; several may have one key."""
    definition, allowed, where = question.definition, question.allowed, question.where
    entity, column = definition.entity, definition.column
    if definition.kind == "score":
        rated = Tally(entity, (*where, Condition(column, "not_null")), (*group, column), bucket)
        for row in planner.tally(allowed, rated):
            yield key(row), Raw(row["n"], Fraction(definition.scores.get(str(row[column]), "0")) * row["n"])
        return
    sums: tuple[str, ...] = (column,) if definition.kind == "sum" else ()
    if allowed.release == "protected":
        sums += ("cell_key",)
    for row in planner.tally(allowed, Tally(entity, where, group, bucket, sums)):
        numerator = {"sum": row.get(f"sum_{column}") or 0, "ratio": 0}.get(definition.kind, row["n"])
        yield key(row), Raw(row["n"], Fraction(str(numerator)), int(row.get("sum_cell_key") or 0))
    if definition.kind == "ratio":
        for row in planner.tally(allowed, Tally(entity, where + question.part, group, bucket)):
            yield key(row), Raw(0, Fraction(row["n"]))
