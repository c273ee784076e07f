"""What one row is worth in a figure, so that a reader can add the rows up and get the figure."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from huitian.model.number import NumberDefinition
from huitian.model.query import AnyOf, Condition, Row, Where

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "ne": lambda value, operand: value != operand,
    "in": lambda value, operand: value in operand,
    "lt": lambda value, operand: value is not None and value < operand,
    "le": lambda value, operand: value is not None and value <= operand,
    "gt": lambda value, operand: value is not None and value > operand,
    "ge": lambda value, operand: value is not None and value >= operand,
    "is_null": lambda value, _operand: value is None,
    "not_null": lambda value, _operand: value is not None,
    "contains": lambda value, operand: value is not None and operand in value,
    "starts": lambda value, operand: value is not None and str(value).startswith(operand),
}


def holds(item: Condition | AnyOf, row: Row) -> bool:
    """Return whether a resolved condition is true of a row; as the store judges it."""
    if isinstance(item, AnyOf):
        return any(holds(one, row) for one in item.conditions)
    return COMPARE[item.operator](row.get(item.column), item.operand)


def points(definition: NumberDefinition, part: Where, row: Row) -> Fraction:
    """Return the points of one row: 1 in a count, its value in a sum, 0 or 1 in a ratio, its rating in a score.

    Args:
        definition: The figure.
        part: ``definition.part`` with its moments resolved.
        row: A row that takes part.
    """
    if definition.kind == "sum":
        value = row.get(definition.column)
        return Fraction(0) if value is None else Fraction(str(value))
    if definition.kind == "ratio":
        return Fraction(int(all(holds(item, row) for item in part)))
    if definition.kind == "score":
        return Fraction(definition.scores.get(str(row.get(definition.column)), "0"))
    return Fraction(1)
