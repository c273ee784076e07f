"""Lines of the tree of places: cases that no line below has, and what a building is called below its place."""

import json
import shutil
import subprocess
from functools import cache
from typing import Any

import pytest

from tools.places import ROOT, VENV

pytestmark = pytest.mark.package

ASKED = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const options = { compilerOptions: { module: "ESNext", target: "ES2022" } };
const about = `
const document = { documentElement: {} }, wish = () => "zh", ref = (value) => ({ value });
`;
const read = (name) => readFileSync(`src/${name}.ts`, "utf8");
const files = ["words/language", "panels/figure", "desk/place/rows"].map(read);
// In one piece: what they import from each other stands above.
const { outputText } = ts.transpileModule(about + files.join("\\n").replace(/^import .*$/gm, ""), options);
const { apartOf, linesOf, ownBuilding } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const { names, sums, homes } = JSON.parse(readFileSync(0, "utf8"));
const root = { place_id: "grid", name: "第2网格", parent_id: null, n_children: 0 };
const tree = (items, n) => ({
  expanded: new Set(["grid"]), below: new Map(),
  buildings: new Map([["grid", { items, n_total: items.length }]]), apart: new Map([["grid", n]]),
});
console.log(JSON.stringify({
  names: names.map(([name, above]) => ownBuilding(name, above)),
  sums: sums.map(([whole, parts]) => apartOf(whole ?? undefined, parts?.map((part) => part ?? undefined)) ?? null),
  withheld: apartOf(5, [null, 2]),
  lines: homes.map(([items, n]) => linesOf(root, tree(items, n)).map((line) => [line.kind, line.n ?? null])),
}));
"""
ESTATE = "茗屿新居社区第2网格"
NAMES = {
    ("茗屿新居4号楼", ESTATE): "4号楼",
    ("茗屿新居A座", ESTATE): "A座",
    ("茗屿新居21号楼", "茗屿新居2区"): "21号楼",
    ("茗屿新居", ESTATE): "茗屿新居",
    ("槐林大厦", "槐林大街社区"): "槐林大厦",
    ("槐林花园3号楼", "槐林社区"): "槐林花园3号楼",
    ("槐林Soho大厦", "槐林South社区"): "Soho大厦",
    ("Building 4, Mingyuxinju", "Mingyuxinju Community Grid 2"): "Building 4",
}
SUMS = [[9, [4, 3]], [9, []], [9, [4, None]], [None, [4, 3]], [9, None], [7, [4, 3]]]
HOME = {"id": "b", "name": "茗屿新居4号楼", "n_cases": 2}


@cache
def told() -> dict[str, Any]:
    """Return what the desk makes of names, of sums and of a lowest place."""
    said = subprocess.run(
        [shutil.which("node") or str(VENV / "bin" / "node"), "--input-type=module", "-e", ASKED],
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        input=json.dumps({"names": list(NAMES), "sums": SUMS, "homes": [[[], 3], [[], 0], [[HOME], 3]]}),
    ).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def test_a_name_is_cut_before_a_number_or_a_letter_and_never_in_a_word() -> None:
    assert dict(zip(NAMES, told()["names"], strict=True)) == NAMES


def test_what_is_not_read_says_nothing_of_the_rest() -> None:
    assert told()["sums"] == [2, 9, None, None, None, 0]
    assert told()["withheld"] == 0, "what the reader may not know has no rest"


def test_a_lowest_place_without_buildings_has_a_row_for_its_cases() -> None:
    place = ["place", None]
    assert told()["lines"] == [
        [place, ["none", 0], ["apart", 3]],
        [place, ["none", 0]],
        [place, ["building", None], ["apart", 3]],
    ]
