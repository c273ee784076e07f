"""docs/reference/numbers.md: every figure of the packs that ship with Huitian."""

from huitian.model.number import NumberDefinition
from huitian.model.query import AnyOf, Condition, Where
from huitian.plugin import read_pack
from huitian.scenarios import BUILT_IN
from tools.pages import NOTE, head, row

INTRODUCTION = """# 指标 · Numbers

屏幕上每个数都有定义、行、时点与样本数，点开即见。`@` 开头的是时刻，取数时才定。
Every figure on a screen has a definition, rows, an as-of time and n. `@…` are moments, resolved when it is read.
"""


def pages() -> dict[str, str]:
    """Return the page: one section a pack, one block a figure."""
    lines = [NOTE, INTRODUCTION]
    for pack in sorted(map(read_pack, BUILT_IN), key=lambda one: one.pack_id):
        lines += [f"## {pack.pack_id}: {pack.title_zh} · {pack.title_en}", ""]
        for number in pack.numbers:
            lines += block(number)
    return {"docs/reference/numbers.md": "\n".join(lines)}


def block(number: NumberDefinition) -> list[str]:
    """Return the lines of one figure."""
    rows = [
        ("定义 definition", f"{number.definition_zh} {number.definition_en}"),
        ("算法 formula", f"{number.kind}: `{number.formula}`"),
        ("数什么 rows", " where ".join(filter(None, [f"`{number.entity}`", conditions(number.where)]))),
        ("时段 window", conditions(number.window)),
        ("分子 numerator", conditions(number.part)),
        ("记分 points", ", ".join(f"`{value}` = {points}" for value, points in number.scores.items())),
        ("列 column", number.column and f"`{number.column}`"),
        ("单位 unit", number.unit_id),
        ("比较 change", number.change),
        ("来源 source", f"{number.source_zh} · {number.source_en}"),
        ("口径版本 rule set", number.rule_set),
    ]
    title = f"### {number.number_id}: {number.title_zh} · {number.title_en}"
    return [
        title,
        "",
        *head("项 item", "内容 what it says"),
        *(row(what, said) for what, said in rows if said not in {"", "none"}),
        "",
    ]


def conditions(where: Where) -> str:
    """Return conditions as text; alternatives stand in brackets."""
    return " and ".join(
        f"({' or '.join(map(_one, one.conditions))})" if isinstance(one, AnyOf) else _one(one)
        for one in where
    )


def _one(condition: Condition) -> str:
    operand = "" if condition.operand is None else f" {condition.operand}"
    return f"`{condition.column} {condition.operator}{operand}`"
