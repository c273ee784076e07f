"""Conditions of figures in words, in Chinese and English: columns by their titles, moments and values as people say."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from huitian.base.entities import ENTITIES
from huitian.model.query import AnyOf, Condition, Where
from tools.pages import Language

OPERATORS: Mapping[str, tuple[str, str]] = {
    "eq": ("是{}", "is {}"),
    "ne": ("不是{}", "is not {}"),
    "in": ("是{}", "is {}"),
    "lt": ("早于{}", "is before {}"),
    "le": ("不晚于{}", "is no later than {}"),
    "gt": ("晚于{}", "is after {}"),
    "ge": ("不早于{}", "is no earlier than {}"),
    "is_null": ("为空", "is empty"),
    "not_null": ("不为空", "is not empty"),
    "contains": ("含“{}”", "contains {}"),
    "starts": ("以“{}”开头", "begins with {}"),
}
MOMENTS: Mapping[str, tuple[str, str]] = {
    "as_of": ("截至时刻", "the as-of time"),
    "day_start": ("当天零点", "midnight of that day"),
    "days_ago": ("截至时刻前 {} 天", "{} days before the as-of time"),
    "hotline_month_start": ("热线月开始", "the start of the hotline month"),
}
VALUES: Mapping[tuple[str, object], tuple[str, str]] = {
    ("channel", "C04"): ("来信", "a letter"),
    ("channel", "C10"): ("对外来信", "a letter from the page outside"),
    ("occupancy_state", "vacant"): ("空置", "vacant"),
}
"""What codes are called on the screens; answers of a visit are called as the ladder says."""


def said(entity: str, where: Where, lang: Language) -> str:
    """Return conditions in words; what has no words is shown as it is written."""
    return ("；" if lang == "zh" else "; ").join(_parts(entity, where, lang))


def _parts(entity: str, where: Where, lang: Language) -> Iterator[str]:
    rest = list(where)
    while rest:
        first = rest.pop(0)
        if isinstance(first, AnyOf):
            yield _any_of(entity, first, lang)
            continue
        until = rest[0] if rest else None
        if (
            isinstance(until, Condition)
            and (first.operator, until.operator, first.column) == ("ge", "le", until.column)
        ):  # fmt: skip
            rest.pop(0)
            start, end = value(first, first.operand, lang), value(until, until.operand, lang)
            told = f"从{start}到{end}" if lang == "zh" else f"from {start} to {end}"
        else:
            told = compared(first, lang)
        yield _titled(entity, first.column, told, lang)


def _any_of(entity: str, choice: AnyOf, lang: Language) -> str:
    """Return alternatives; those of one column are told under one title."""
    of_column: dict[str, list[str]] = {}
    for one in choice.conditions:
        of_column.setdefault(one.column, []).append(compared(one, lang))
    between = "或" if lang == "zh" else " or "
    told = [
        _titled(entity, column, between.join(words).replace(" or is ", " or "), lang)
        for column, words in of_column.items()
    ]
    if len(told) == 1:
        return told[0]
    return f"（{'，或'.join(told)}）" if lang == "zh" else f"({', or '.join(told)})"


def _titled(entity: str, column: str, told: str, lang: Language) -> str:
    called = title(entity, column, lang)
    return f"“{called}”{told}" if lang == "zh" else f"*{called}* {told}"


def title(entity: str, column: str, lang: Language) -> str:
    """Return what a column is called."""
    found = next((one for one in ENTITIES[entity].columns if one.name == column), None)
    if found is None:
        return f"`{column}`"
    return found.title_zh if lang == "zh" else found.title_en


def compared(condition: Condition, lang: Language) -> str:
    """Return what a condition asks of its column."""
    if isinstance(condition.operand, bool):
        return (("为是", "is yes") if condition.operand else ("为否", "is no"))[0 if lang == "zh" else 1]
    if isinstance(condition.operand, list | tuple):
        told = ("或" if lang == "zh" else " or ").join(
            value(condition, one, lang) for one in condition.operand
        )
    else:
        told = value(condition, condition.operand, lang)
    return OPERATORS[condition.operator][0 if lang == "zh" else 1].format(told)


def value(condition: Condition, operand: Any, lang: Language) -> str:
    """Return an operand in words."""
    at = 0 if lang == "zh" else 1
    if isinstance(operand, str) and operand.startswith("@"):
        name, _, number = operand[1:].partition(":")
        return MOMENTS[name][at].format(number)
    return answer(condition.column, operand, lang)


def answer(column: str, code: object, lang: Language) -> str:
    """Return what a code of a column is called; a code without words stays one."""
    at = 0 if lang == "zh" else 1
    found = VALUES.get((column, code)) or visited().get((column, code))
    return found[at] if found else f"`{code}`"


@cache
def visited() -> Mapping[tuple[str, object], tuple[str, str]]:
    """Return the answers of a visit by column and code, as the shipped ladder calls them."""
    import tomllib

    from tools.places import ROOT

    ladder = tomllib.loads((ROOT / "huitian" / "cases" / "ladders" / "letter.toml").read_text("utf-8"))
    facts = ladder["actions"]["visit"]["facts"]
    return {
        (name, code): (zh, en.lower())
        for name, told in facts.items()
        for code, zh, en in zip(
            told.get("enum", ()), told.get("enum_zh", ()), told.get("enum_en", ()), strict=True
        )
    }
