"""The files of a new pack; what they hold passes the check at once."""

import re
from collections.abc import Iterator
from pathlib import Path

from huitian.errors import InvalidInput

PACK_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")

FILES = {
    "__init__.py": '"""{id}: say in one line what it is for."""\n',
    "manifest.toml": """pack_id = "{id}"
version = "1"
title = "title"
summary = "summary"
field = "community"
stage = "pilot"
needs = ["case"]

[owner]  # who answers for it: feedback is theirs to read
name = "您的单位"
name_en = "Your organisation"
contact = "you@example.org"
""",
    "strings/zh.toml": """title = "新场景"
summary = "用一句话说它解决什么问题。"
open_cases = "在办案件"
""",
    "strings/en.toml": """title = "New scenario"
summary = "Say in one sentence what it solves."
open_cases = "Open cases"
""",
    "indicators.py": '''"""Figures of {id}."""

from huitian.plugin import AnyOf, Condition, NumberDefinition

NUMBERS = (
    NumberDefinition(
        "{id}.open", "在办", "Open", "此刻没有办结的案件。", "Cases that are not closed at this moment.", "{{n}}",
        "cases", "case",
        where=(
            Condition("reported_at", "le", "@as_of"),
            AnyOf((Condition("closed_at", "is_null"), Condition("closed_at", "gt", "@as_of"))),
        ),
        instant="reported_at", series="stock", direction="less_is_better", source_zh="案件", source_en="Cases",
    ),
)  # fmt: skip
''',
    "panel.json": """[
  {{"schema": "panel/1", "panel_id": "{id}.open", "kind": "number", "end": "desk", "slot": "page", "order": 10,
   "title": "open_cases", "number_ids": ["{id}.open"], "refresh": {{"topic": "case"}}}}
]
""",
    "quality.toml": """# Graded as done, or exempt with a reason.
numbers_open = "done"
words_complete = "done"
scope_tested = {{ exempt = "say why, or write the test" }}
empty_and_error_states = "done"
sample_data = {{ exempt = "reads the city's own data base" }}
""",
    "README.md": """# {id}
What it is for, whom it helps, which rows it reads, and what it does not do.
""",
    "test_{id}.py": '''"""{id}: its declarations hold together."""

from huitian.plugin import read_pack


def test_the_pack_is_valid() -> None:
    pack = read_pack(__name__.rpartition(".")[0])
    assert pack.pack_id == "{id}"
    assert [number.number_id for number in pack.numbers] == ["{id}.open"]
''',
}
"""Path → text of every file of a new pack; ``{id}`` is its id."""


def write_pack(pack_id: str, into: Path) -> Iterator[Path]:
    """Write the files of a new pack; yields their paths.

    Raises:
        InvalidInput: The id cannot be used, or the folder is there already.
    """
    if not PACK_ID.fullmatch(pack_id):
        raise InvalidInput(
            field="ID",
            why="small letters, digits and _",
            why_zh="小写字母开头，只用小写字母、数字和下划线",
            why_en="a small letter, then small letters, digits and _",
        )
    folder = into / pack_id
    if folder.exists():
        raise InvalidInput(
            field="ID", why=f"{folder} exists", why_zh=f"{folder} 已存在", why_en=f"{folder} exists"
        )
    for name, text in FILES.items():
        path = folder / name.format(id=pack_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(id=pack_id), encoding="utf-8")
        yield path
