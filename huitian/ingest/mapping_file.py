"""Reads a mapping from TOML and refuses whatever it cannot mean, naming the key and what is allowed."""

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from huitian.errors import MappingInvalid
from huitian.ingest.column_map import column_map
from huitian.ingest.mapping import CONTENT, ColumnMap, RowMap, StepMap
from huitian.ingest.targets import LOADABLE, Target, has_attributes, key_of, targets_of
from huitian.model.place import LEVELS, Level
from huitian.sources.datum import DATUMS
from huitian.sources.kinds import SourceKind

TOP = (
    "source_id", "entity", "key", "tree", "level", "layer", "mode", "rest", "ignore", "datum", "crs", "repair",
    "options", "columns", "attributes", "steps",
)  # fmt: skip
_STEP = ("action", "at", "when", "org", "org_id", "words", "facts", "undated")


def read_mapping(path: Path, kind: SourceKind) -> RowMap:
    """Return the mapping in a file.

    Args:
        path: The TOML file.
        kind: The source that it is for; says which ``[options]`` there are.

    Raises:
        MappingInvalid: It cannot be read, or a key says what cannot be.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        told = tomllib.loads(text)
    except FileNotFoundError as error:
        raise MappingInvalid(file_name=str(path), field="--map", why_zh="没有这个文件。",
                             why_en="there is no such file.") from error  # fmt: skip
    except (OSError, UnicodeDecodeError) as error:
        raise MappingInvalid(file_name=path.name, field="—", why_zh="文件打不开，或不是 UTF-8。",
                             why_en="the file cannot be opened, or is not UTF-8.") from error  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid(file_name=path.name, field="TOML", why=str(error)) from error
    return mapping_of(told, kind, path.name, text)


def mapping_of(told: Mapping[str, Any], kind: SourceKind, file_name: str, text: str = "") -> RowMap:
    """Return the mapping that a parsed TOML table says.

    Args:
        told: The table.
        kind: The source that it is for.
        file_name: Name for messages.
        text: Its text, for the number of the line in messages.

    Raises:
        MappingInvalid: A key says what cannot be.
    """
    return _Reader(told, kind, file_name, text).read()


class _Reader:
    def __init__(self, told: Mapping[str, Any], kind: SourceKind, file_name: str, text: str) -> None:
        self.told = told
        self.kind = kind
        self.file_name = file_name
        self.text = text

    def read(self) -> RowMap:
        told = self.told
        self.known("", told, TOP)
        if told.get("entity") == "category":
            self.fail("entity", "诉求类别随系统而来，不能由文件载入",
                      "categories come with Huitian and are not loaded; letters name their codes")  # fmt: skip
        entity = self.one_of("entity", told.get("entity", self.kind.entity), LOADABLE)
        targets = targets_of(entity)
        columns = self.columns(entity, targets)
        names = told.get("key", key_of(entity))
        key = (names,) if isinstance(names, str) else tuple(names)
        for name in key:
            if name not in columns and key != (CONTENT,):
                self.fail(
                    "key", f"键列 {name} 不在 [columns] 里", f"the key column {name} is not in [columns]"
                )
        is_amending = self.one_of("mode", told.get("mode", "write"), ("write", "amend")) == "amend"
        if is_amending and key != key_of(entity):
            wanted = ", ".join(key_of(entity))
            self.fail("key", f"补充（amend）时键必须是 {wanted}", f"with mode amend the key must be {wanted}")
        for target in targets.values():
            if target.is_must and target.name not in columns and not is_amending:
                self.fail("columns", f"缺少必需的列 {target.name}（{target.title_zh}）",
                          f"the column {target.name} is missing; no {entity} can do without it")  # fmt: skip
        attributes = self.attributes(entity)
        tree, tree_titles = self.titled("tree", "admin" if entity == "place" else "")
        layer, layer_titles = self.titled("layer", "")
        if entity == "feature" and not layer:
            self.fail("layer", "要素必须写明图层", "a feature needs a layer")
        level: Level | None = None
        if entity == "place":
            level = next(one for one in LEVELS if one == self.one_of("level", told.get("level", ""), LEVELS))
        rest = "keep" if has_attributes(entity) and not is_amending else "drop"
        return RowMap(
            file_name=self.file_name, map_hash=self.digest(), source_id=self.text_of("source_id"), entity=entity,
            key=key, columns=columns, attributes=attributes, tree=tree, tree_titles=tree_titles, level=level,
            layer=layer, layer_titles=layer_titles, is_amending=is_amending,
            keeps_rest=self.one_of("rest", told.get("rest", rest), ("keep", "drop")) == "keep",
            ignores=tuple(told.get("ignore", ())),
            datum=self.one_of("datum", told.get("datum", "wgs84"), DATUMS), crs=self.crs(),
            is_mending=self.one_of("repair", told.get("repair", "none"), ("none", "make_valid")) == "make_valid",
            options=self.options(), steps=self.steps(entity, columns),
        )  # fmt: skip

    def columns(self, entity: str, targets: Mapping[str, Target]) -> dict[str, ColumnMap]:
        found: dict[str, ColumnMap] = {}
        for name, row in self.table("columns").items():
            target = targets.get(name)
            if target is None and entity != "case":
                near = difflib.get_close_matches(name, targets, 1)
                hint_zh = f"是否想写 {near[0]}？" if near else f"可用：{'、'.join(targets)}"
                hint_en = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(targets)}"
                self.fail(f"columns.{name}", f"{entity} 没有这一列。{hint_zh}",
                          f"{entity} has no such column. {hint_en}")  # fmt: skip
            found[name] = self.column(f"columns.{name}", name, row, target)
        return found

    def attributes(self, entity: str) -> dict[str, ColumnMap]:
        rows = self.table("attributes")
        if rows and not has_attributes(entity):
            self.fail("attributes", f"{entity} 没有其他属性", f"{entity} has no other attributes")
        return {name: self.column(f"attributes.{name}", name, row, None) for name, row in rows.items()}

    def column(self, where: str, name: str, row: Any, target: Target | None) -> ColumnMap:
        return column_map(name, row, target, lambda key, zh, en: self.fail(f"{where}{key}", zh, en))

    def steps(self, entity: str, columns: Mapping[str, ColumnMap]) -> tuple[StepMap, ...]:
        rows = self.told.get("steps", [])
        if rows and entity != "case":
            self.fail("steps", "只有来信才有步骤", "only letters have steps")
        return tuple(self.step(f"steps[{number}]", row, columns) for number, row in enumerate(rows, 1))

    def step(self, where: str, row: Any, columns: Mapping[str, ColumnMap]) -> StepMap:
        if not isinstance(row, dict):
            self.fail(where, "应为表", "it must be a table")
        self.known(f"{where}.", row, _STEP)
        for name in ("action", "at"):
            if not isinstance(row.get(name), str):
                self.fail(f"{where}.{name}", "必须写明", "it must be said")
        when: Any = row.get("when") or row["at"]
        made = StepMap(
            action=row["action"], at=row["at"], when=(when,) if isinstance(when, str) else tuple(when),
            org=row.get("org", ""), org_id=row.get("org_id", ""), words=row.get("words", {}),
            facts=row.get("facts", {}),
            undated=self.one_of(f"{where}.undated", row.get("undated", "leave_out"), ("leave_out", "at_report")),
        )  # fmt: skip
        for name in (made.at, *made.when, made.org, made.org_id, *made.words.values(), *made.facts.values()):
            if name and name not in columns:
                self.fail(where, f"列 {name} 不在 [columns] 里", f"the column {name} is not in [columns]")
        return made

    def options(self) -> dict[str, Any]:
        told = self.table("options")
        self.known("options.", told, self.kind.options)
        found = {}
        for name, option in self.kind.options.items():
            value = told.get(name, option.default)
            if type(value) is not type(option.default):
                wanted = type(option.default).__name__
                self.fail(f"options.{name}", f"应为 {wanted}", f"it must be of type {wanted}")
            found[name] = self.one_of(f"options.{name}", value, option.choices) if option.choices else value
        return found

    def crs(self) -> str:
        wanted = self.told.get("crs", "")
        if wanted:
            from pyproj import CRS
            from pyproj.exceptions import CRSError

            try:
                CRS.from_user_input(wanted)
            except CRSError:
                self.fail(
                    "crs", "没有这个坐标系，例如 EPSG:4547", "there is no such system; one is EPSG:4547"
                )
        return str(wanted)

    def titled(self, name: str, default: str) -> tuple[str, tuple[str, str]]:
        """Read ``tree = "admin"`` or ``tree = { id = "admin", zh = "…", en = "…" }``; likewise ``layer``."""
        said = self.told.get(name, default)
        if isinstance(said, str):
            return said, ("", "")
        if not isinstance(said, dict) or not isinstance(said.get("id"), str):
            self.fail(name, "应为文字，或 { id, zh, en }", "it must be a text, or { id, zh, en }")
        self.known(f"{name}.", said, ("id", "zh", "en"))
        return said["id"], (str(said.get("zh", "")), str(said.get("en", "")))

    def table(self, name: str) -> dict[str, Any]:
        found = self.told.get(name, {})
        if not isinstance(found, dict):
            self.fail(name, "应为表", "it must be a table")
        return dict(found)

    def text_of(self, name: str) -> str:
        value = self.told.get(name)
        if not isinstance(value, str) or not re.fullmatch(r"[\w.:-]{1,80}", value):
            self.fail(name, "必须写明：字母、数字、. - _ :，至多 80 字",
                      "it must be said: letters, digits and . - _ :, at most 80")  # fmt: skip
        return value

    def one_of(self, name: str, value: Any, allowed: Iterable[Any]) -> Any:
        choices = list(allowed)
        if value not in choices:
            words = ", ".join(json.dumps(one) for one in choices)
            self.fail(name, f"只能是：{words}", f"it must be one of {words}")
        return value

    def known(self, prefix: str, row: Mapping[str, Any], allowed: Iterable[str]) -> None:
        names = list(allowed)
        for name in row:
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                hint_zh = f"是否想写 {near[0]}？" if near else f"可用：{'、'.join(names)}"
                hint_en = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}"
                self.fail(f"{prefix}{name}", f"没有这一项。{hint_zh}", f"there is no such key. {hint_en}")

    def digest(self) -> str:
        plain = json.dumps(self.told, sort_keys=True, ensure_ascii=False, default=_plain)
        return hashlib.sha256(f"{self.kind.kind}\n{plain}".encode()).hexdigest()

    def fail(self, where: str, why_zh: str, why_en: str) -> NoReturn:
        line = self.line_of(where)
        raise MappingInvalid(file_name=self.file_name, field=f"{where}{line}", why_zh=why_zh, why_en=why_en)

    def line_of(self, where: str) -> str:
        """Return where in the text a key stands, as well as a search finds it."""
        name = re.escape(where.rsplit(".", maxsplit=1)[-1].split("[", maxsplit=1)[0])
        found = re.search(rf"^[ \t]*\[*\"?{name}\b|[{{,]\s*{name}\s*=", self.text, re.MULTILINE)
        return f" (line {self.text.count(chr(10), 0, found.start()) + 1})" if found and self.text else ""


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
