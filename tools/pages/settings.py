"""docs/reference/settings.md, in two languages: the table of settings."""

from itertools import groupby
from typing import Any

from tools.pages import Language, head, in_both, row

INTRODUCTION = {
    "zh": """# 设置

后者优先：默认值 < `city.toml` < 环境变量 < 命令行。
不认识的名字是错误（[unknown_setting](../errors/unknown_setting.md)）。
`machine` 一节属于这台计算机，不许写进 `city.toml`。
""",
    "en": """# Settings

Later wins: default < `city.toml` < environment < command line. A name that is not here is an error
([unknown_setting](../errors/unknown_setting.md)). `machine` settings belong to the computer and are not allowed in
`city.toml`.
""",
}
HEADS = {
    "zh": ("设置", "默认", "取值", "环境变量", "说明"),
    "en": ("setting", "default", "takes", "environment", "what it does"),
}
KINDS_ZH = {
    "choice": "选一个", "yes_no": "是否", "box": "范围框", "whole": "整数", "spans": "时段", "text": "文字",
    "folder": "文件夹", "share": "比例",
}  # fmt: skip


def pages() -> dict[str, str]:
    """Return the page in both languages: one table a section, one row a setting."""
    return in_both("docs/reference/settings", page)


def page(lang: Language) -> list[str]:
    """Return the lines of the page in a language."""
    from huitian.settings import describe

    title, _, *lines = INTRODUCTION[lang].splitlines()
    for section, rows in groupby(describe(), key=lambda one: str(one["section"])):
        lines += ["", f"## {section}", "", *head(*HEADS[lang])]
        lines += [
            row(
                f"`{one['name']}`",
                f"`{one['default']}`",
                _takes(one, lang),
                f"`{one['env']}`",
                one[f"words_{lang}"],
            )
            for one in rows
        ]
    return [title, *lines]


def _takes(one: dict[str, Any], lang: Language) -> str:
    if one["choices"]:
        return ", ".join(f"`{choice}`" for choice in one["choices"])
    bounds = {"≥": one["least"], "≤": one["most"]}
    said = " ".join(f"{sign} {bound}" for sign, bound in bounds.items() if bound is not None)
    kind = KINDS_ZH[one["kind"]] if lang == "zh" else str(one["kind"]).replace("_", "/")
    return f"{kind} {said}".strip()
