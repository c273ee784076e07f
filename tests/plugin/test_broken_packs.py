"""`huitian check scenario`: every broken pack is told what is wrong, in which file, on which line, in two languages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huitian.cli.pack_check import check_pack
from huitian.cli.pack_files import write_pack
from huitian.plugin.component_hash import hash_of
from huitian.plugin.faults import Fault, lines_of

Break = Callable[[Path], None]


def panel(**change: Any) -> Break:
    """Change the first panel; a member set to ``...`` is taken away."""

    def change_it(folder: Path) -> None:
        file = folder / "panel.json"
        panels = json.loads(file.read_text("utf-8"))
        panels[0] = {k: v for k, v in (panels[0] | change).items() if v is not ...}
        file.write_text(json.dumps(panels, indent=1), "utf-8")

    return change_it


def replaced(name: str, old: str, new: str) -> Break:
    """Replace a text in a file."""

    def replace(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return replace


def written(name: str, text: str) -> Break:
    """Write a file anew."""

    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")

    return write


def removed(name: str) -> Break:
    """Take a file away."""
    return lambda folder: (folder / name).unlink()


def both(*breaks: Break) -> Break:
    """Break several things."""

    def all_of_them(folder: Path) -> None:
        for one in breaks:
            one(folder)

    return all_of_them


TABLE: dict[str, Any] = {
    "kind": "table",
    "number_ids": ...,
    "columns": ["case_no"],
    "query": {"entity": "case"},
}
MATRIX = {"kind": "matrix", "number_ids": ..., "query": {"entity": "case"}}
SCRIPT = "customElements.define('x-one', class extends HTMLElement {});\n"
GAUGE: dict[str, Any] = {"kind": "component", "component": {"file": "one.js", "tag": "x-one"}}
LISTED = replaced(
    "manifest.toml", 'needs = ["case"]', f'needs = ["case"]\n[components]\n"one.js" = "{hash_of(b"")}"'
)


def spare(lang: str) -> Break:
    """Add words that nobody uses."""
    return replaced(f"strings/{lang}.toml", "open_cases =", 'spare = "x"\nopen_cases =')


BROKEN: list[tuple[str, Break, str, str]] = [
    # what breaks · where it must be told · what must be said
    ("kind", panel(kind="hologram"), "panel.json:5 /0/kind", "'hologram' is not one of"),
    ("slot_of_end", panel(slot="left"), "panel.json:7 /0/slot", "desk has no slot 'left'"),
    ("no_title", panel(title=...), "panel.json:2 /0", "'title' is missing"),
    ("member", panel(colour="red"), "panel.json:16 /0/colour", "unknown 'colour'"),
    ("kind_needs", panel(number_ids=...), "panel.json:2 /0", "'number_ids' is missing"),
    ("kind_refuses", panel(board={"states": ["closed"]}), "panel.json:16 /0/board", "no 'board'"),
    ("schema", panel(schema="panel/9"), "panel.json:3 /0/schema", "is not 'panel/1'"),
    ("formatter", panel(format="roman"), "panel.json:16 /0/format", "is not one of count"),
    ("order", panel(order="first"), "panel.json:8 /0/order", "is not of the type integer"),
    ("refresh", panel(refresh={}), "panel.json:13 /0/refresh", "at least 1"),
    ("interval", panel(refresh={"interval_s": 1}), "panel.json:14 /0/refresh/interval_s", "is below 5"),
    ("figure", panel(number_ids=["case.nonsense"]), "panel.json:11 /0/number_ids/0", "no figure 'case.nonsense'"),
    ("narrowed", panel(number_ids=["cases.open;category"]), "/0/number_ids/0", "narrows nothing"),
    ("words", panel(title="headline"), "panel.json:9 /0/title", "no words in zh or en"),
    ("entity", panel(**TABLE | {"query": {"entity": "dragon"}}), "/0/query/entity", "no entity 'dragon'"),
    ("column", panel(**TABLE | {"columns": ["wingspan"]}), "/0/columns/0", "case has no column 'wingspan'"),
    ("condition", panel(**TABLE | {"query": {"entity": "case", "where": ["size:eq:1"]}}), "/0/query/where/0", "'size'"),
    ("operator", panel(**TABLE | {"query": {"entity": "case", "where": ["state:like:x"]}}), "/0/query/where/0",
     "'like'"),
    ("sort", panel(**TABLE | {"query": {"entity": "case", "sort": "-mood"}}), "/0/query/sort", "'mood'"),
    ("matrix", panel(**MATRIX, matrix={"by": ["state", "mood"]}), "/0/matrix/by/1", "'mood'"),
    ("theme_slot", panel(**MATRIX, matrix={"theme": "cases"}), "panel.json:7 /0/slot", "is not 'building'"),
    ("board", panel(kind="board", number_ids=..., query={"entity": "building"}, board={"states": ["x"]}),
     "/0/query/entity", "is not 'case'"),
    ("flow", panel(kind="flow", flow={"of": "pairs"}), "/0/flow", "'by' is missing"),
    ("board_where", panel(kind="board", number_ids=..., query={"entity": "case", "where": ["grade:eq:1"]},
                          board={"states": ["closed"]}), "/0/query/where/0", "a board knows only"),
    ("not_heard", panel(kind="ranking", query={"where": ["grade:eq:1"]}), "/0/query/where/0", "filters no rows"),
    ("step", panel(kind="form", number_ids=..., form={"action": "step"}), "/0/form", "'step' is missing"),
    ("twice", written("panel.json", "[" + ",\n".join([json.dumps({
        "schema": "panel/1", "panel_id": "broken_twice.open", "kind": "number", "end": "desk", "slot": "page",
        "title": "open_cases", "number_ids": ["broken_twice.open"]})] * 2) + "]"),
     "panel.json:2 /1/panel_id", "stands twice"),
    ("foreign", panel(panel_id="other.open"), "panel.json:4 /0/panel_id", "begins with broken_foreign."),
    ("json", written("panel.json", '[\n{"schema": "panel/1",}\n]'), "panel.json:2", "it is not JSON"),
    ("one_language", written("strings/en.toml", 'title = "A"\nsummary = "B"\n'), "strings/zh.toml:3 /open_cases",
     "not in both languages"),
    ("unused", both(spare("zh"), spare("en")),
     "strings/zh.toml:3 /spare", "'spare' is not used"),
    ("long", replaced("strings/en.toml", "Open cases", "Open cases of this scenario in the whole of the city"),
     "strings/en.toml:3 /open_cases", "at most 40"),
    ("toml", written("strings/zh.toml", 'title = "x\n'), "strings/zh.toml:1", "it is not TOML"),
    ("manifest_key", replaced("manifest.toml", "stage =", 'mood = "good"\nstage ='), "manifest.toml:6 /mood",
     "unknown 'mood'"),
    ("stage", replaced("manifest.toml", '"pilot"', '"soon"'), "manifest.toml:6 /stage", "off, pilot or on"),
    ("need", replaced("manifest.toml", '["case"]', '["dragon"]'), "manifest.toml:7 /needs", "no entity 'dragon'"),
    ("id", replaced("manifest.toml", '"broken_id"', '"other"'), "manifest.toml:1 /pack_id",
     "not the name of the folder"),
    ("unit", replaced("indicators.py", '"cases", "case"', '"furlongs", "case"'), "indicators.py:7",
     "no unit 'furlongs'"),
    ("number_column", replaced("indicators.py", '"closed_at", "is_null"', '"shut_at", "is_null"'), "indicators.py:7",
     "case has no column 'shut_at'"),
    ("protected", replaced("indicators.py", '"cases", "case"', '"persons", "person"'), "indicators.py:7",
     "the total that was released"),
    ("python", written("indicators.py", "NUMBERS = (\n"), "indicators.py:1", "it is not Python"),
    ("numbers", written("indicators.py", '"""None."""\n\nNUMBERS = []\n'), "indicators.py", "not a tuple"),
    ("quality", replaced("quality.toml", 'words_complete = "done"', 'words_complete = "nearly"'),
     "quality.toml:3 /words_complete", "an exemption with its reason"),
    ("no_quality", removed("quality.toml"), "quality.toml", "the file is missing"),
    ("stray", written("notes.txt", "later"), "notes.txt", "no role"),
    ("no_component", panel(**GAUGE), "/0/component/file", "not among the components"),
    ("component_gone", both(panel(**GAUGE), LISTED), "manifest.toml:9 /one.js", "there is no components/one.js"),
    ("component_changed", both(panel(**GAUGE), LISTED, written("components/one.js", SCRIPT)), "manifest.toml:9 /one.js",
     hash_of(SCRIPT.encode())),
]  # fmt: skip


@pytest.mark.parametrize(("name", "broken", "where", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_pack_is_told_what_and_where(
    tmp_path: Path, name: str, broken: Break, where: str, said: str
) -> None:
    faults = faults_of(tmp_path, name, broken)
    found = next((f for f in faults if f.where.endswith(where) and said in f.words_en), None)
    assert found is not None, [(f.where, f.words_en) for f in faults]
    for fault in faults:
        assert any("\u4e00" <= c <= "\u9fff" for c in fault.words_zh), fault
        assert fault.words_en.isascii() or "…" in fault.words_en, fault
    if ".json" in found.file_name and found.pointer:
        assert found.line_no > 0


def faults_of(folder: Path, name: str, broken: Break) -> list[Fault]:
    """Make a pack that is well, break it, and return what is said of it."""
    pack_id = f"broken_{name}"
    list(write_pack(pack_id, folder))
    broken(folder / pack_id)
    return check_pack(str(folder / pack_id))[1]


def test_a_new_pack_is_well(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "not_at_all", lambda _: None) == []


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    broken = both(
        panel(kind="hologram"), replaced("manifest.toml", '"pilot"', '"soon"'), removed("quality.toml")
    )
    assert {f.file_name for f in faults_of(tmp_path, "in_many_ways", broken)} == {
        "panel.json", "manifest.toml", "quality.toml",
    }  # fmt: skip


def test_lines_are_those_of_the_text() -> None:
    text = '{\n "a": [1,\n  {"b\\"c/d": null}\n ],\n "e": "x"\n}'
    assert lines_of(text) == {"": 1, "/a": 2, "/a/0": 2, "/a/1": 3, '/a/1/b"c~1d': 3, "/e": 5}
