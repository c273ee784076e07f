"""The panel grammar: what a pack may put on a screen, checked against one JSON Schema."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from huitian.model.query import OPERATORS
from huitian.plugin.faults import Fault, Lines, line_of, lines_of
from huitian.plugin.schema_words import short, told

Panel = dict[str, Any]
"""One panel as data, with ``title`` and the words of ``states`` resolved to ``{"zh": …, "en": …}``."""

Strings = Mapping[str, Mapping[str, str]]
"""Words by key, then by language (``zh``, ``en``)."""

Catalogue = Mapping[str, frozenset[str]]
"""Columns by entity; ``box`` where it can be asked for by a box."""

FILE = "panel.json"
SLOTS: Mapping[str, frozenset[str]] = {
    "cockpit": frozenset({"left", "right", "bottom", "headline", "map"}),
    "desk": frozenset({"queue", "page", "place", "case", "building"}),
    "mobile": frozenset({"home", "place", "task", "action"}),
    "public": frozenset({"home", "action"}),
}
BOARD_CONDITIONS = ("category_code:eq", "owner_org_id:eq")
NARROWED = re.compile(r"[a-z][a-z0-9_]*=.{1,60}")
BRACE = re.compile(r"\{([^{}]*)\}")


@cache
def validator() -> Draft202012Validator:
    """Return the validator of ``panel/1``."""
    schema = json.loads((files("huitian.plugin") / "panel.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def read_panels(
    pack_id: str, text: str, strings: Strings, number_ids: frozenset[str], catalogue: Catalogue | None = None
) -> tuple[list[Panel], list[Fault]]:
    """Return the panels of a ``panel.json`` with their words, or what is wrong with it.

    Args:
        pack_id: The pack.
        text: The file.
        strings: Words of the pack.
        number_ids: Every figure that is known, those of the pack included.
        catalogue: What may be asked for; None leaves entities and columns unchecked.
    """
    try:
        panels = json.loads(text)
    except json.JSONDecodeError as error:
        words_zh, words_en = f"不是有效的 JSON：{error.msg}", f"it is not JSON: {error.msg}"
        return [], [Fault(FILE, words_zh, words_en, line_no=error.lineno)]
    faults = list(panel_faults(panels, strings, number_ids, catalogue, lines_of(text)))
    return ([], faults) if faults else ([with_words(pack_id, panel, strings) for panel in panels], [])


def check_panels(pack_id: str, panels: Any, strings: Strings, number_ids: frozenset[str]) -> list[Panel]:
    """Return the panels of a pack, checked and with their words.

    Raises:
        PackInvalid: Something is wrong; says what and where.
    """
    for fault in panel_faults(panels, strings, number_ids, None, {}):
        raise fault.error(pack_id)
    return [with_words(pack_id, panel, strings) for panel in panels]


def panel_faults(
    panels: Any, strings: Strings, number_ids: frozenset[str], catalogue: Catalogue | None, lines: Lines
) -> Iterator[Fault]:
    """Yield everything that is wrong with panels: first what the schema says, and only if that is nothing the rest."""
    seen: set[tuple[str, str]] = set()
    for error in sorted(validator().iter_errors(panels), key=lambda e: list(map(str, e.absolute_path))):
        pointer, words_zh, words_en = told(error)
        end = str(panel_at(panels, error.absolute_path).get("end"))
        if pointer.endswith("/slot") and end in SLOTS and error.instance not in SLOTS[end]:
            slots = ", ".join(sorted(SLOTS[end]))
            words_zh = f"{end} 没有 {short(error.instance)} 这个位置；有：{slots}"
            words_en = f"{end} has no slot {short(error.instance)}; it has {slots}"
        # A slot that no end has is told once, not once more for its end.
        if (pointer, words_en) not in seen:
            seen.add((pointer, words_en))
            yield Fault(FILE, words_zh, words_en, pointer, line_of(lines, pointer))
    if seen:
        return
    ids: set[str] = set()
    for index, panel in enumerate(panels):
        at = f"/{index}"
        if panel["panel_id"] in ids:
            pointer, panel_id = f"{at}/panel_id", panel["panel_id"]
            yield Fault(
                FILE,
                f"“{panel_id}”出现了两次",
                f"{panel_id!r} stands twice",
                pointer,
                line_of(lines, pointer),
            )
        ids.add(panel["panel_id"])
        for pointer, words_zh, words_en in one_panel(panel, strings, number_ids, catalogue):
            yield Fault(FILE, words_zh, words_en, at + pointer, line_of(lines, at + pointer))


def panel_at(panels: Any, path: Sequence[Any]) -> Panel:
    """Return the panel that a path lies in; an empty one where it lies in none."""
    is_inside = isinstance(panels, list) and len(path) > 0 and isinstance(path[0], int)
    panel = panels[path[0]] if is_inside else {}
    return panel if isinstance(panel, dict) else {}


Said = tuple[str, str, str]
"""Pointer inside the panel, Chinese words, English words."""


def one_panel(
    panel: Panel, strings: Strings, number_ids: frozenset[str], catalogue: Catalogue | None
) -> Iterator[Said]:
    """Yield what the schema cannot say about one panel: figures, words, entities and columns that exist."""
    named = [(f"/number_ids/{n}", one) for n, one in enumerate(panel.get("number_ids", ()))]
    named += [(f"/needs/numbers/{n}", one) for n, one in enumerate(panel.get("needs", {}).get("numbers", ()))]
    for pointer, number_id in named:
        # A figure may be narrowed by who shows it: `cases.open;category_code=A12`.
        base_id, *conditions = number_id.split(";")
        if base_id not in number_ids:
            yield pointer, f"没有指标“{base_id}”", f"no figure {base_id!r}"
        for condition in conditions:
            if NARROWED.fullmatch(condition) is None:
                words_en = f"{condition!r} narrows nothing; write column=value after the semicolon"
                yield pointer, f"“{condition}”不是条件；分号后写 列名=值", words_en
    keys = [("/title", panel["title"]), ("/template", panel.get("template"))]
    keys += [(f"/states/{state}", key) for state, key in panel.get("states", {}).items()]
    for pointer, key in keys:
        if key is not None and not {"zh", "en"} <= set(strings.get(key, ())):
            words_en = f"the key {key!r} has no words in zh or en"
            yield pointer, f"strings/ 里没有“{key}”，或缺一种语言", words_en
    template = strings.get(panel.get("template", ""), {})
    for language, words in template.items():
        for name in BRACE.findall(words):
            if name not in number_ids:
                yield (
                    "/template",
                    f"{language} 的句子里没有指标“{name}”",
                    f"no figure {name!r} in the {language} sentence",
                )
    if len({frozenset(BRACE.findall(words)) for words in template.values()}) > 1:
        words_en = "the sentences of the two languages hold different figures"
        yield "/template", "两种语言的句子里指标不同", words_en
    yield from not_heard(panel)
    if catalogue is not None:
        yield from asked(panel, catalogue)


def not_heard(panel: Panel) -> Iterator[Said]:
    """Yield conditions that the kind would pass over: what is shown would not be what was meant."""
    for n, words in enumerate(panel.get("query", {}).get("where", ())):
        pointer, name = f"/query/where/{n}", ":".join(words.split(":")[:2])
        if panel["kind"] in {"trend", "ranking", "map_layer"}:
            yield (
                pointer,
                "这一种类不按行筛选；条件写在指标里",
                "this kind filters no rows; a figure has conditions of its own",
            )
        elif panel["kind"] == "board" and name not in BOARD_CONDITIONS:
            known = ", ".join(BOARD_CONDITIONS)
            yield pointer, f"看板只认这些条件：{known}", f"a board knows only the conditions {known}"


def asked(panel: Panel, catalogue: Catalogue) -> Iterator[Said]:
    """Yield entities, columns and operators that are not there."""
    for n, entity in enumerate(panel.get("needs", {}).get("entities", ())):
        if entity not in catalogue:
            yield f"/needs/entities/{n}", f"没有实体“{entity}”", f"no entity {entity!r}"
    query = panel.get("query", {})
    entity = query.get("entity")
    if entity is None:
        return
    if entity not in catalogue:
        yield "/query/entity", f"没有实体“{entity}”", f"no entity {entity!r}"
        return
    columns = [(f"/columns/{n}", name) for n, name in enumerate(panel.get("columns", ()))]
    columns += [
        (f"/query/where/{n}", words.partition(":")[0]) for n, words in enumerate(query.get("where", ()))
    ]
    if "sort" in query:
        columns.append(("/query/sort", query["sort"].removeprefix("-")))
    for member in ("matrix", "flow"):
        columns += [(f"/{member}/by/{n}", name) for n, name in enumerate(panel.get(member, {}).get("by", ()))]
    columns += [
        (f"/links/{n}/field", link["field"])
        for n, link in enumerate(panel.get("links", ()))
        if "field" in link
    ]
    for pointer, name in columns:
        if name not in catalogue[entity]:
            yield pointer, f"{entity} 没有列“{name}”", f"{entity} has no column {name!r}"
    for n, words in enumerate(query.get("where", ())):
        operator = words.split(":")[1]
        if operator not in OPERATORS:
            known = ", ".join(OPERATORS)
            yield (
                f"/query/where/{n}",
                f"没有比较“{operator}”；可用：{known}",
                f"no operator {operator!r}; known: {known}",
            )


def with_words(pack_id: str, panel: Panel, strings: Strings) -> Panel:
    """Return a panel with its string keys replaced by their words in both languages."""
    done = {**panel, "pack_id": pack_id, "title": strings[panel["title"]], "order": panel.get("order", 100)}
    if "template" in panel:
        done["template"] = strings[panel["template"]]
    if "states" in panel:
        done["states"] = {state: strings[key] for state, key in panel["states"].items()}
    return done


def of_end(panels: Sequence[Panel], end: str) -> list[Panel]:
    """Return the panels of one end, in order of slot and ``order``."""
    own = [p for p in panels if p["end"] == end]
    return sorted(own, key=lambda p: (p["slot"], p["order"], p["panel_id"]))
