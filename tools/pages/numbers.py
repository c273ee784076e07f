"""docs/reference/numbers.md, in two languages: every figure of the packs that ship with Huitian."""

from huitian.api.figures import BASES
from huitian.base.entities import ENTITIES
from huitian.model.number import NumberDefinition
from huitian.model.query import AnyOf, Condition, Where
from huitian.plugin import read_pack
from huitian.scenarios import BUILT_IN
from huitian.settings.table import SETTINGS
from huitian.units import UNITS
from tools.pages import Language, head, in_both, row
from tools.pages.conditions import answer, said, title

INTRODUCTION = {
    "zh": (
        "屏幕上每个数都点得开：定义、参与计算的行、截至时刻、样本数。"
        "“数据写法”一行给写程序的人看，`@` 开头的是取数时才定的时刻。"
    ),
    "en": (
        "Every figure on a screen opens to its definition, the rows behind it, its as-of time and its sample size. "
        "*As data* is for those who write programs; `@…` stands for a moment that is settled when the figure is read."
    ),
}
FORMULAS = {
    "count": ("行数", "", ""), "sum": ("合计", "", ""),
    "ratio": ("", "分子", "行数"), "score": ("", "得分合计", "有评价的行数"),
}  # fmt: skip
FORMULAS_EN = {
    "count": ("number of rows", "", ""), "sum": ("total", "", ""),
    "ratio": ("", "numerator", "number of rows"), "score": ("", "points", "number of rows that were rated"),
}  # fmt: skip


def pages() -> dict[str, str]:
    """Return the page in both languages: one section a pack, one block a figure."""
    return in_both("docs/reference/numbers", page)


def page(lang: Language) -> list[str]:
    """Return the lines of the page in a language."""
    lines = ["# 指标" if lang == "zh" else "# Numbers", INTRODUCTION[lang], ""]
    for pack in sorted(map(read_pack, BUILT_IN), key=lambda one: one.pack_id):
        lines += [f"## {pack.title_zh if lang == 'zh' else pack.title_en}", ""]
        for number in pack.numbers:
            lines += block(number, lang)
    return lines[:-1]


def block(number: NumberDefinition, lang: Language) -> list[str]:
    """Return the lines of one figure."""
    is_zh = lang == "zh"
    entity = ENTITIES[number.entity]
    entity_title = entity.title_zh if is_zh else entity.title_en
    where = said(number.entity, number.where, lang)
    counted = f"{entity_title}{'：' if is_zh else ': '}{where}" if where else entity_title
    unit = UNITS[number.unit_id]
    rows = [
        ("编号", "id", f"`{number.number_id}`"),
        ("定义", "definition", number.definition_zh if is_zh else number.definition_en),
        ("算法", "formula", formula(number, lang)),
        ("数什么", "counts", counted),
        ("时段", "period", said(number.entity, number.window, lang)),
        ("分子", "numerator", said(number.entity, number.part, lang)),
        ("记分", "points", scores(number, lang)),
        ("合计列", "column", title(number.entity, number.column, lang) if number.kind == "sum" else ""),
        ("单位", "unit", unit.zh if is_zh else unit.en_other),
        ("比较", "against", BASES[number.change][0 if is_zh else 1]),
        ("出处", "source", number.source_zh if is_zh else number.source_en),
        ("口径版本", "rule set", number.rule_set),
        ("数据写法", "as data", as_data(number)),
    ]
    return [
        f"### {number.title_zh if is_zh else number.title_en}",
        "",
        *(head("项", "内容") if is_zh else head("item", "what it says")),
        *(row(zh if is_zh else en, told) for zh, en, told in rows if told),
        "",
    ]


def formula(number: NumberDefinition, lang: Language) -> str:
    """Return how the value is worked out, in words."""
    n, numerator, denominator = (FORMULAS if lang == "zh" else FORMULAS_EN)[number.kind]
    return number.formula.format(n=n, numerator=numerator, denominator=denominator).replace("/", "÷")


def scores(number: NumberDefinition, lang: Language) -> str:
    """Return what each answer counts; ``@name`` is a setting, told with its default."""
    defaults = {one.name: one.default for one in SETTINGS}

    def points(told: str) -> str:
        if not told.startswith("@"):
            return told
        name = told[1:]
        return (
            f"`{name}`（默认 {defaults[name]}）"
            if lang == "zh"
            else f"`{name}` ({defaults[name]} by default)"
        )

    between = "；" if lang == "zh" else "; "
    return between.join(
        f"{answer(number.column, code, lang)} {points(told)}" for code, told in number.scores.items()
    )


def as_data(number: NumberDefinition) -> str:
    """Return what is counted as the pack writes it."""
    told = f"`{number.entity}`"
    for word, where in (("where", number.where), ("in", number.window), ("part", number.part)):
        told += f" {word} {conditions(where)}" if where else ""
    return told


def conditions(where: Where) -> str:
    """Return conditions as text; alternatives stand in brackets."""
    return " and ".join(
        f"({' or '.join(map(_one, one.conditions))})" if isinstance(one, AnyOf) else _one(one)
        for one in where
    )


def _one(condition: Condition) -> str:
    operand = "" if condition.operand is None else f" {condition.operand}"
    return f"`{condition.column} {condition.operator}{operand}`"
