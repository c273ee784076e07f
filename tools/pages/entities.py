"""docs/reference/entities.md, in two languages: the catalogue, entity by entity."""

from collections.abc import Iterable

from huitian.base.entities import ENTITIES
from huitian.base.roles import shipped_roles
from huitian.model.entity import Entity
from huitian.model.scope import Mask
from tools.pages import Language, head, in_both, row

INTRODUCTION = {
    "zh": (
        "城市数据库里能问到的一切。列名在库、接口与前端相同。V1 是公开与大屏，V2 是工作人员；"
        "V3 是经授权的办理人，看到每一列的原值，从不显示的除外。"
    ),
    "en": (
        "Everything the city's data base can be asked for. A column has one name in SQL, JSON and TypeScript. "
        "V1 is the public and the wall, V2 is staff; V3, authorised handlers, sees every column as it is, "
        "except those that are never shown."
    ),
}
STANDING = {
    "anchor": ("按注明日期的归属", "by dated anchor"),
    "place": ("按自身地方", "by its own place"),
    "open": ("公开", "open to everybody"),
    "city": ("只有看全市的人", "whole-city readers only"),
}
MASKS: dict[Mask, tuple[str, str]] = {
    "full": ("原值", "as it is"),
    "hidden": ("隐去", "hidden"),
    "surname": ("只留姓", "surname only"),
    "middle": ("名字打码", "name masked"),
    "phone": ("号码打码", "number masked"),
    "id_number": ("证件号打码", "number masked"),
    "snap_500": ("归到 500 米格", "moved to a 500 m square"),
    "free_text": ("字句打码", "personal words masked"),
    "source_row": ("原始行打码", "personal parts masked"),
    "uncounted": ("去掉人数户数", "counts of people left out"),
    "secret": ("从不显示", "never shown"),
}
"""What a lens does to a column; a mask without words is told by its code."""
KINDS_ZH = {
    "text": "文字", "integer": "整数", "real": "实数", "boolean": "是否", "date": "日期", "instant": "时刻",
    "json": "JSON", "geometry": "图形",
}  # fmt: skip


def pages() -> dict[str, str]:
    """Return the page in both languages: one section an entity, one row a column."""
    return in_both("docs/reference/entities", page)


def page(lang: Language) -> list[str]:
    """Return the lines of the page in a language."""
    lines = ["# 数据目录" if lang == "zh" else "# Catalogue", INTRODUCTION[lang], "", *roles_told(lang)]
    for one in ENTITIES.values():
        lines += ["", f"## {one.name}", "", *section(one, lang)]
    return lines


def section(one: Entity, lang: Language) -> list[str]:
    """Return what is told of one entity."""
    at = 0 if lang == "zh" else 1
    key = ", ".join(f"`{name}`" for name in one.key)
    roles = ", ".join(f"`{name}`" for name in sorted(shipped_roles().readers(one.group)))
    roles = roles or ("只有系统", "the system alone")[at]
    if one.group == "open":
        roles = ("所有人", "everybody")[at]
    release = (("受保护", "protected") if one.release == "protected" else ("精确", "exact"))[at]
    if lang == "zh":
        told = f"{one.title_zh}。主键：{key}。范围：{STANDING[one.standing][0]}。计数：{release}。"
        told += f"组：`{one.group}`。谁能看：{roles}。"
        titles = ("列", "类型", "单位", "含义", "V1", "V2")
    else:
        told = (
            f"{one.title_en}. Key: {key}. Scope: {STANDING[one.standing][1]}. Counts: {release}. "
            f"Group: `{one.group}`. Readers: {roles}."
        )
        titles = ("column", "type", "unit", "meaning", "V1", "V2")

    def masked(mask: Mask) -> str:
        return MASKS[mask][at] if mask in MASKS else f"`{mask}`"

    return [
        told,
        "",
        *head(*titles),
        *(
            row(f"`{c.name}`", KINDS_ZH[c.kind] if lang == "zh" else c.kind, c.unit,
                c.title_zh if lang == "zh" else c.title_en, masked(c.v1), masked(c.v2))
            for c in one.columns
        ),
    ]  # fmt: skip


def roles_told(lang: Language) -> list[str]:
    """Return the table of the roles that ship, with what each may."""

    def words(names: Iterable[str]) -> str:
        return ", ".join(sorted(names)) or "—"

    if lang == "zh":
        begin = [
            "## 角色",
            "",
            "随产品的在 `huitian/base/roles.toml`；城市可在自己的文件夹里放 `roles.toml` 改写。",
        ]
        titles = (
            "角色",
            "名称",
            "看行",
            "只计数",
            "办件身份",
            "管理",
            "可转授",
            "最高视图",
            "可申请 V3",
            "全市",
        )
    else:
        begin = ["## Roles", "", "As shipped in `huitian/base/roles.toml`; a city may put its own `roles.toml` into "
                 "its folder."]  # fmt: skip
        titles = ("role", "name", "reads", "counts only", "acts as", "administers", "passes on", "highest view",
                  "may ask for V3", "whole city")  # fmt: skip
    return [
        *begin,
        "",
        *head(*titles),
        *(
            row(f"`{one.code}`", one.title_zh if lang == "zh" else one.title_en, words(one.reads), words(one.counts),
                words(one.acts_as), words(one.administers), words({*one.gives}), one.lens_most,
                "✓" if one.may_ask_v3 else "", "✓" if one.is_whole_city else "")
            for one in shipped_roles().by_code.values()
        ),
    ]  # fmt: skip
