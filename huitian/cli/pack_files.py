"""The files of a new pack, and the check of a finished one."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from huitian.base.entities import ENTITIES
from huitian.errors import InvalidInput, PackInvalid
from huitian.model.number import NumberDefinition
from huitian.model.query import AnyOf
from huitian.plugin import Pack, discover, read_pack
from huitian.units import UNITS

PACK_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
MUST_HAVE = ("manifest.toml", "quality.toml", "README.md", "strings/zh.toml", "strings/en.toml")
MAY_HAVE = frozenset({"__init__.py", "indicators.py", "rules.py", "api.py", "panel.json", "sample", "strings",
                      "manifest.toml", "quality.toml", "README.md", "__pycache__"})  # fmt: skip
QUALITIES = ("numbers_open", "words_complete", "scope_tested", "empty_and_error_states", "sample_data")
MOST_LINES = 200

FILES = {
    "__init__.py": '"""{id}: say in one line what it is for."""\n',
    "manifest.toml": """pack_id = "{id}"
version = "1"
title = "title"
summary = "summary"
field = "community"
stage = "pilot"
needs = ["case"]
""",
    "strings/zh.toml": """title = "{id}"
summary = "用一句话说它解决什么问题。"
open_cases = "在办案件"
""",
    "strings/en.toml": """title = "{id}"
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


def check_pack(named: str) -> Pack:
    """Check a pack: its files, its declarations, and that they speak of what there is.

    Args:
        named: Folder of a pack, id of one that ships, or dotted name of an installed package.

    Raises:
        PackInvalid: Something is missing or wrong; says what and where.
    """
    folder, module = located(named)
    for name in MUST_HAVE:
        if not (folder / name).is_file():
            raise wrong(folder.name, name, "the file is missing")
    for path in sorted(folder.iterdir()):
        if path.name not in MAY_HAVE and not path.name.startswith(("_", "test_", ".")):
            raise wrong(folder.name, path.name, "a file with no role must begin with _")
    pack = read_pack(module, known_numbers(module))
    check_quality(pack.pack_id, folder)
    if pack.pack_id != folder.name:
        raise wrong(pack.pack_id, "manifest.toml", f"pack_id is not the name of the folder, {folder.name}")
    n_lines = sum(n_logic_lines(path) for path in folder.glob("*.py") if not path.name.startswith("test_"))
    if n_lines > MOST_LINES:
        raise wrong(pack.pack_id, "*.py", f"{n_lines} lines of logic, at most {MOST_LINES}")
    for number in pack.numbers:
        check_number(pack.pack_id, number)
    for need in pack.needs:
        if need not in ENTITIES:
            raise wrong(pack.pack_id, "manifest.toml needs", f"no entity {need!r}")
    return pack


def located(named: str) -> tuple[Path, str]:
    """Return the folder and the dotted name of a pack.

    Raises:
        PackInvalid: There is none of that name.
    """
    from importlib.util import find_spec

    path = Path(named)
    if path.is_dir():
        folder = path.resolve()
        sys.path.insert(0, str(folder.parent))
        return folder, folder.name
    module = named if "." in named else f"huitian.scenarios.{named}"
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise wrong(named, "folder", "no such folder, and no pack of that id")
    return Path(next(iter(spec.submodule_search_locations))), module


def known_numbers(but: str) -> frozenset[str]:
    """Return the figures of the packs that ship, without those of one."""
    from huitian.scenarios import BUILT_IN

    shipped = discover(BUILT_IN).packs
    return frozenset(n.number_id for pack in shipped if pack.module != but for n in pack.numbers)


def check_quality(pack_id: str, folder: Path) -> None:
    """Check ``quality.toml``: every quality is done, or exempt with a reason.

    Raises:
        PackInvalid: One is missing, unknown, or neither.
    """
    try:
        graded = tomllib.loads((folder / "quality.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise wrong(pack_id, "quality.toml", str(error)) from error
    for name in (*QUALITIES, *graded):
        grade = graded.get(name)
        is_exempt = isinstance(grade, dict) and str(grade.get("exempt", "")).strip()
        if name not in QUALITIES or not (grade == "done" or is_exempt):
            raise wrong(
                pack_id, f"quality.toml {name}", f'"done" or an exemption with its reason; {QUALITIES}'
            )


def check_number(pack_id: str, number: NumberDefinition) -> None:
    """Check that a figure speaks of an entity, columns and a unit that exist, and says its source.

    Raises:
        PackInvalid: It does not.
    """
    where = f"indicators.py {number.number_id}"
    entity = ENTITIES.get(number.entity)
    if entity is None:
        raise wrong(pack_id, where, f"no entity {number.entity!r}")
    if number.unit_id not in UNITS:
        raise wrong(pack_id, where, f"no unit {number.unit_id!r}")
    if not number.source_zh or not number.source_en:
        raise wrong(pack_id, where, "the source is missing")
    conditions = [one for item in (*number.where, *number.window, *number.part)
                  for one in (item.conditions if isinstance(item, AnyOf) else (item,))]  # fmt: skip
    columns = {c.column for c in conditions} | {number.column, number.instant}
    for column in sorted(columns - {""}):
        if column != "box" and entity.column(column) is None:
            raise wrong(pack_id, where, f"{number.entity} has no column {column!r}")


def n_logic_lines(path: Path) -> int:
    """Count the statements' lines of a file, without docstrings."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.stmt) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            has_body = isinstance(getattr(node, "body", None), list)
            lines.update(
                range(node.lineno, (node.lineno if has_body else node.end_lineno or node.lineno) + 1)
            )
    return len(lines)


def wrong(pack_id: str, file_name: str, why: str) -> PackInvalid:
    """Return the error about one file of a pack."""
    return PackInvalid(pack_id=pack_id, file_name=file_name, why=why)
