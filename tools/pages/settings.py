"""docs/reference/settings.md: the table of settings."""

from itertools import groupby
from typing import Any

from tools.pages import NOTE, head, row

INTRODUCTION = """# 设置 · Settings

后者优先：默认值 < `city.toml` < 环境变量 < 命令行。
不认识的名字是错误（[unknown_setting](../errors/unknown_setting.md)）。
Later wins: default < `city.toml` < environment < command line. A name that is not here is an error.
`machine` settings belong to the computer and are not allowed in `city.toml`.
"""


def pages() -> dict[str, str]:
    """Return the page: one table a section, one row a setting."""
    from huitian.settings import describe

    lines = [NOTE, INTRODUCTION]
    for section, rows in groupby(describe(), key=lambda one: str(one["section"])):
        lines += [
            f"## {section}",
            "",
            *head("设置 setting", "默认 default", "取值 takes", "环境变量", "说明 what"),
        ]
        lines += [
            row(f"`{one['name']}`", f"`{one['default']}`", _takes(one), f"`{one['env']}`", _words(one))
            for one in rows
        ]
        lines.append("")
    return {"docs/reference/settings.md": "\n".join(lines)}


def _words(one: dict[str, Any]) -> str:
    return f"{one['words_zh']} · {one['words_en']}"


def _takes(one: dict[str, Any]) -> str:
    if one["choices"]:
        return ", ".join(f"`{choice}`" for choice in one["choices"])
    bounds = {"≥": one["least"], "≤": one["most"]}
    said = " ".join(f"{sign} {bound}" for sign, bound in bounds.items() if bound is not None)
    return f"{one['kind']} {said}".strip()
