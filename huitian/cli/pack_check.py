"""The check of a pack: everything that is wrong with it, and where."""

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huitian.base.entities import ENTITIES
from huitian.model.number import NumberDefinition
from huitian.model.query import AnyOf
from huitian.plugin import Pack, discover
from huitian.plugin.component_hash import hash_of
from huitian.plugin.faults import Fault, line_of, lines_of, toml_fault, toml_line
from huitian.plugin.pack import MANIFEST, PANELS, try_pack
from huitian.plugin.panel import Catalogue
from huitian.units import UNITS

MUST_HAVE = ("manifest.toml", "quality.toml", "README.md", "strings/zh.toml", "strings/en.toml")
MAY_HAVE = frozenset({"__init__.py", "indicators.py", "rules.py", "api.py", "panel.json", "sample", "strings",
                      "manifest.toml", "quality.toml", "README.md", "__pycache__", "components"})  # fmt: skip
QUALITIES = ("numbers_open", "words_complete", "scope_tested", "empty_and_error_states", "sample_data")
MOST_LINES = 200
LONGEST_ZH, LONGEST_EN = 16, 40
"""Letters of a title; a wall column holds no more."""


def check_pack(named: str) -> tuple[Pack | None, list[Fault]]:
    """Check a pack: its files, its declarations, and that they speak of what there is.

    Args:
        named: Folder of a pack, id of one that ships, or dotted name of an installed package.

    Returns:
        The pack, None where it cannot be read, and everything that is wrong with it.

    Raises:
        PackInvalid: There is no pack of that name.
    """
    folder, module = located(named)
    faults = list(file_faults(folder))
    pack, more = try_pack(module, known_numbers(module), catalogue())
    faults += more
    if (folder / "quality.toml").is_file():
        faults += quality_faults(folder)
    if pack is None:
        return None, faults
    if pack.pack_id != folder.name:
        words_en = f"pack_id is not the name of the folder, {folder.name}"
        faults.append(
            in_toml(folder, MANIFEST, "pack_id", f"pack_id 与文件夹名 {folder.name} 不同", words_en)
        )
    for need in pack.needs:
        if need not in ENTITIES:
            faults.append(in_toml(folder, MANIFEST, "needs", f"没有实体“{need}”", f"no entity {need!r}"))
    for number in pack.numbers:
        faults += number_faults(folder, number)
    faults += [*string_faults(folder, pack), *component_faults(folder, pack), *id_faults(folder, pack)]
    return pack, faults


def catalogue() -> Catalogue:
    """Return the columns of every entity of the catalogue."""
    found = {name: frozenset(c.name for c in entity.columns) for name, entity in ENTITIES.items()}
    return {name: names | {"box"} if "west" in names else names for name, names in found.items()}


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
    spec = None
    for name in dict.fromkeys((module, named)):
        try:
            spec = spec or find_spec(name)
        except ModuleNotFoundError:
            continue
    if spec is None or not spec.submodule_search_locations:
        raise Fault(
            "folder", "没有这个文件夹，也没有这个编号的场景包", "no such folder, and no pack of that id"
        ).error(named)
    return Path(next(iter(spec.submodule_search_locations))), spec.name


def known_numbers(but: str) -> frozenset[str]:
    """Return the figures of the packs that ship, without those of one."""
    from huitian.scenarios import BUILT_IN

    shipped = discover(BUILT_IN, only_built_in=True).packs
    return frozenset(n.number_id for pack in shipped if pack.module != but for n in pack.numbers)


def in_toml(folder: Path, name: str, key: str, words_zh: str, words_en: str) -> Fault:
    """Return a fault about a key of a TOML file."""
    text = (folder / name).read_text(encoding="utf-8")
    return Fault(name, words_zh, words_en, f"/{key}", toml_line(text, key))


def file_faults(folder: Path) -> Iterator[Fault]:
    """Yield files that are missing or have no role, and too much logic."""
    for name in MUST_HAVE:
        # Those that the reader of packs needs are told by it.
        if name in {"quality.toml", "README.md"} and not (folder / name).is_file():
            yield Fault(name, "缺这个文件", "the file is missing")
    for path in sorted(folder.iterdir()):
        if path.name not in MAY_HAVE and not path.name.startswith(("_", "test_", ".")):
            yield Fault(path.name, "没有用途的文件名应以 _ 开头", "a file with no role must begin with _")
    n_lines = 0
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("test_"):
            try:
                n_lines += n_logic_lines(path)
            except SyntaxError as error:
                yield Fault(path.name, f"不是有效的 Python：{error.msg}", f"it is not Python: {error.msg}",
                            line_no=error.lineno or 0)  # fmt: skip
    if n_lines > MOST_LINES:
        yield Fault(
            "*.py",
            f"逻辑 {n_lines} 行，最多 {MOST_LINES} 行",
            f"{n_lines} lines of logic, at most {MOST_LINES}",
        )


def quality_faults(folder: Path) -> Iterator[Fault]:
    """Yield qualities that are neither done nor exempt with a reason."""
    name = "quality.toml"
    text = (folder / name).read_text(encoding="utf-8")
    try:
        graded = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield toml_fault(name, error)
        return
    known = ", ".join(QUALITIES)
    for quality in dict.fromkeys((*QUALITIES, *graded)):
        grade = graded.get(quality)
        is_exempt = isinstance(grade, dict) and str(grade.get("exempt", "")).strip()
        if quality not in QUALITIES:
            words_en = f"unknown quality {quality!r}; known: {known}"
            yield Fault(
                name, f"没有这一项质量；可用：{known}", words_en, f"/{quality}", toml_line(text, quality)
            )
        elif not (grade == "done" or is_exempt):
            words_zh = f'“{quality}”应写 "done"，或写明豁免的理由'
            words_en = f'{quality} is "done", or an exemption with its reason'
            yield Fault(name, words_zh, words_en, f"/{quality}", toml_line(text, quality))


def number_faults(folder: Path, number: NumberDefinition) -> Iterator[Fault]:
    """Yield what a figure speaks of that is not there, and a source that it does not say."""
    text = (folder / "indicators.py").read_text(encoding="utf-8")
    at = text.find(number.number_id)
    line_no = text.count("\n", 0, at) + 1 if at >= 0 else 0

    def fault(words_zh: str, words_en: str) -> Fault:
        return Fault(
            "indicators.py",
            f"{number.number_id}：{words_zh}",
            f"{number.number_id}: {words_en}",
            line_no=line_no,
        )

    entity = ENTITIES.get(number.entity)
    if number.unit_id not in UNITS:
        yield fault(f"没有单位“{number.unit_id}”", f"no unit {number.unit_id!r}")
    if not number.source_zh or not number.source_en:
        yield fault("没有写来源", "the source is missing")
    if entity is None:
        yield fault(f"没有实体“{number.entity}”", f"no entity {number.entity!r}")
        return
    is_cut = (
        number.kind == "count"
        and number.series != "flow"
        and not (number.where or number.window or number.leaves)
    )
    if entity.release == "protected" and not is_cut:
        words_en = (
            "persons and households are told as the total that was released: no conditions, rate or flow"
        )
        yield fault("人数户数只能是已发布的总数：不能自带条件、比率或流量", words_en)
    conditions = [one for item in (*number.where, *number.window, *number.part)
                  for one in (item.conditions if isinstance(item, AnyOf) else (item,))]  # fmt: skip
    columns = {c.column for c in conditions} | {number.column, number.instant}
    for column in sorted(columns - {""}):
        if column != "box" and entity.column(column) is None:
            yield fault(f"{number.entity} 没有列“{column}”", f"{number.entity} has no column {column!r}")


def string_faults(folder: Path, pack: Pack) -> Iterator[Fault]:
    """Yield words that nobody uses, and titles that are too long to be read."""
    manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    used = {manifest["title"], manifest["summary"]}
    panels = read_json(folder)
    for panel in panels:
        used |= {panel["title"], panel.get("template", panel["title"]), *panel.get("states", {}).values()}
    titles = {manifest["title"], *(panel["title"] for panel in panels)}
    for language, longest in (("zh", LONGEST_ZH), ("en", LONGEST_EN)):
        name = f"strings/{language}.toml"
        text = (folder / name).read_text(encoding="utf-8")
        for key, words in tomllib.loads(text).items():
            line_no = toml_line(text, key)
            if key not in used:
                yield Fault(name, f"“{key}”没有人用", f"{key!r} is not used", f"/{key}", line_no)
            elif not words.strip():
                yield Fault(name, f"“{key}”是空的", f"{key!r} is empty", f"/{key}", line_no)
            elif key in titles and len(words) > longest:
                words_en = f"the title has {len(words)} letters, at most {longest}"
                yield Fault(name, f"标题有 {len(words)} 字，最多 {longest} 字", words_en, f"/{key}", line_no)


def component_faults(folder: Path, pack: Pack) -> Iterator[Fault]:
    """Yield components that are not there, not used, or not what their hash says."""
    used = {panel["component"]["file"] for panel in pack.panels if "component" in panel}
    for name, told in pack.components.items():
        file = folder / "components" / name
        if not file.is_file():
            yield in_toml(folder, MANIFEST, name, f"没有 components/{name}", f"there is no components/{name}")
        elif hash_of(file.read_bytes()) != told:
            found = hash_of(file.read_bytes())
            words_en = f"the file is not that of the hash; if it is meant to be, write {found}"
            yield in_toml(folder, MANIFEST, name, f"文件与摘要不符；若文件无误，请写 {found}", words_en)
        elif name not in used:
            yield in_toml(folder, MANIFEST, name, "没有面板用它", "no panel uses it")


def id_faults(folder: Path, pack: Pack) -> Iterator[Fault]:
    """Yield panels that do not begin with the id of their pack: nobody would find whose they are."""
    text = (folder / PANELS).read_text(encoding="utf-8") if pack.panels else "[]"
    lines = lines_of(text)
    for n, panel in enumerate(read_json(folder)):
        if not panel["panel_id"].startswith(f"{pack.pack_id}."):
            pointer = f"/{n}/panel_id"
            words_zh, words_en = f"编号应以“{pack.pack_id}.”开头", f"an id begins with {pack.pack_id}."
            yield Fault(PANELS, words_zh, words_en, pointer, line_of(lines, pointer))


def read_json(folder: Path) -> list[dict[str, Any]]:
    """Return the panels as they are written, keys of their words instead of the words."""
    file = folder / PANELS
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return found


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
