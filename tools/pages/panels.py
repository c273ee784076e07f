"""docs/reference/panels.md and panel.schema.json: the grammar of panels, as the renderer and the loader hold it."""

import json
from typing import Any

from tools.pages import NOTE, head, row
from tools.places import ROOT

OWN = ("number_ids", "query", "columns", "map")
"""Members that some kinds may have; the others belong to the kind of their name."""
INTRODUCTION = """# 面板 · Panels

场景包往屏幕上放什么，都用数据写：`panel.json` 里一块面板一个对象。
`huitian check scenario` 按这里的规则查，说出文件、行和位置。

What a pack puts on a screen is data: one object a panel in `panel.json`. `huitian check scenario` holds it to what
stands here and says file, line and place. For editors: [JSON Schema](panel.schema.json). How to begin:
[Write a pack](../guides/write-a-pack.md).
"""


def pages() -> dict[str, str]:
    """Return the page and the schema, as it is in the package."""
    text = (ROOT / "huitian" / "plugin" / "panel.schema.json").read_text("utf-8")
    return {"docs/reference/panel.schema.json": text, "docs/reference/panels.md": page(json.loads(text))}


def page(schema: dict[str, Any]) -> str:
    """Return the page: slots, kinds, members."""
    panel, kinds = schema["$defs"]["panel"], schema["$defs"]["kinds"]
    lines = [NOTE, INTRODUCTION, "## 位置 · Slots", "", *head("end", "slot")]
    lines += [row(f"`{end}`", codes(slots)) for end, slots in slots_of(panel)]
    lines += ["", "## 种类 · Kinds", "", *head("kind", "画什么 shows", "必写 must have", "可写 may have")]
    for kind, words in kinds.items():
        must, may = rules_of(panel, kind)
        lines.append(row(f"`{kind}`", f"{words['title']} · {words['description']}", codes(must), codes(may)))
    lines += ["", "## 成员 · Members", "", *head("member", "值 value", "说明 note")]
    for name, told in panel["properties"].items():
        note = " · 必写 required" if name in panel["required"] else ""
        lines.append(row(f"`{name}`", value_of(told), f"{told.get('description', '')}{note}".strip(" ·")))
        for inner, more in told.get("properties", {}).items():
            lines.append(row(f"`{name}.{inner}`", value_of(more), more.get("description", "")))
    return "\n".join([*lines, ""])


def slots_of(panel: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the slots of every end."""
    told = [rule for rule in panel["allOf"] if "end" in rule["if"]["properties"]]
    return [
        (rule["if"]["properties"]["end"]["const"], rule["then"]["properties"]["slot"]["enum"])
        for rule in told
    ]


def rules_of(panel: dict[str, Any], kind: str) -> tuple[list[str], list[str]]:
    """Return what a kind must have, and what it may have of what only some kinds have."""
    rule = next(one for one in panel["allOf"] if one["if"]["properties"] == {"kind": {"const": kind}})
    then = rule["then"]
    inner = [
        f"{name}.{must}" for name, told in then["properties"].items() for must in told.get("required", [])
    ]
    no = {name for name, told in then["properties"].items() if "not" in told}
    own = [name for name in OWN if name not in no and name not in then["required"]]
    return [*then["required"], *inner], own


def value_of(told: dict[str, Any]) -> str:
    """Return what a member may be, in a few words."""
    if "enum" in told:
        return codes(told["enum"])
    if "const" in told:
        return codes([told["const"]])
    if "$ref" in told:
        return "key of strings/"
    if told["type"] == "array":
        return f"list of {told['items'].get('type', 'object')}"
    least, most = told.get("minimum"), told.get("maximum")
    return f"{told['type']}{'' if least is None else f' {least}–{most}'}"


def codes(names: list[str]) -> str:
    """Return names as code."""
    return " ".join(f"`{name}`" for name in names)
