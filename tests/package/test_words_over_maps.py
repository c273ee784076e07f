"""Where words stand over a map: never over one another, over a mark or under what lies over the map."""

import json
import random
import shutil
import subprocess
from itertools import combinations
from typing import Any

import pytest

from tools.places import ROOT, VENV

pytestmark = pytest.mark.package

LOAD = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const load = (name, said = (source) => source) => {
  const options = { compilerOptions: { module: "ESNext", target: "ES2022" } };
  const { outputText } = ts.transpileModule(readFileSync(`src/map/${name}.ts`, "utf8"), options);
  return `data:text/javascript,${encodeURIComponent(said(outputText))}`;
};
const { placed } = await import(load("placement"));
const asked = JSON.parse(readFileSync(0, "utf8"));
"""
PLACED = "console.log(JSON.stringify(asked.map(({ words, room }) => placed(words, room))));"
"""Counts how often an end of a line is read."""
READS = """
let n_reads = 0;
const counted = ({ x, y }) => ({ get x() { n_reads += 1; return x; }, get y() { n_reads += 1; return y; } });
for (const { words, room } of asked) {
  const lines = room.rather.map((line) => line.map(counted));
  placed(words.map((one) => ({ ...one, rather: lines })), { ...room, rather: [] });
}
console.log(JSON.stringify(n_reads));
"""
"""The names of two squares, one of them with a tail of corners out of sight; what the map is asked to project."""
PROJECTED = """
const stub = (source) => `"data:text/javascript,${encodeURIComponent(source)}"`;
const words = "export const language = { value: 'zh' }, crumbName = (one) => one, pick = ({ zh }) => zh;";
globalThis.document = { createElement: () => ({ getContext: () => null }) };
const { labelsIn } = await import(load("labels", (source) => source
  .replace('"@/design/appearance"', stub("export const token = () => '12px';"))
  .replace('"@/words/language"', stub(words)).replace('"@/map/placement"', `"${load("placement")}"`)));
const seen = [];
const project = (at) => (seen.push(at), { x: at[0] * 1000, y: 1000 - at[1] * 1000 });
const unproject = ([x, y]) => ({ lng: x / 1000, lat: (1000 - y) / 1000 });
const { rects } = labelsIn(new Map([["place.street", asked]]), { zoom: 12, box: [0, 0, 1, 1], project, unproject },
  { width: 1000, height: 1000, boxes: [], strokes: [], rather: [] });
console.log(JSON.stringify({ n_names: rects.size, seen }));
"""
KEPT = """
const { keeping } = await import(load("standing"));
const kept = keeping(), made = [];
for (const parts of asked)
  made.push(kept.of(parts, (before) => (before?.value ?? 0) + 1));
console.log(JSON.stringify({ made, last: kept.last() }));
"""
WIDE, HIGH = 1016, 750
Rect = dict[str, float]
Scene = dict[str, Any]


def run(script: str, asked: object) -> Any:
    """Return what a script says that has the placement of the web at hand."""
    node = shutil.which("node") or str(VENV / "bin" / "node")
    told = subprocess.run(
        [node, "--input-type=module", "-e", LOAD + script],
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        input=json.dumps(asked),
    ).stdout
    return json.loads(told)


def placed(scenes: list[Scene]) -> list[list[Rect | None]]:
    """Return where the web puts the words of each scene."""
    found: list[list[Rect | None]] = run(PLACED, scenes)
    return found


def rect(x: float, y: float, wide: float, high: float) -> Rect:
    """Return a box around a point."""
    return {"left": x - wide / 2, "top": y - high / 2, "right": x + wide / 2, "bottom": y + high / 2}


def meet(a: Rect, b: Rect) -> bool:
    """Tell whether two boxes have a part in common."""
    return (
        a["left"] < b["right"]
        and b["left"] < a["right"]
        and a["top"] < b["bottom"]
        and b["top"] < a["bottom"]
    )


def word(x: float, y: float, **more: object) -> dict[str, object]:
    """Return a name that wants to stand somewhere."""
    return {"at": {"x": x, "y": y}, "sizes": [{"wide": 84, "high": 22}, {"wide": 70, "high": 18}], **more}


def room(*boxes: Rect, strokes: Any = ()) -> dict[str, object]:
    """Return a map with what lies over it."""
    return {"width": WIDE, "height": HIGH, "boxes": boxes, "strokes": list(strokes), "rather": []}


def city(n_marks: int, seed: int) -> Scene:
    """Return a map with a legend, an inset, a line over it, many marks, and names somewhere in it."""
    by = random.Random(seed)
    marks = [rect(by.uniform(0, WIDE), by.uniform(0, HIGH), 12, 12) for _ in range(n_marks)]
    over = [rect(800, 40, 400, 60), rect(264, 640, 480, 192), rect(960, 730, 90, 24)]
    line = [{"x": 120, "y": 180}, {"x": 504, "y": 540}]
    words = [word(by.uniform(0, WIDE), by.uniform(0, HIGH)) for _ in range(40)]
    return {"words": words, "room": room(*over, *marks, strokes=[line])}


def on_line(box: Rect) -> bool:
    """Tell whether a point of the line of these cities lies in a box."""
    points = [(120 + 384 * n / 2000, 180 + 360 * n / 2000) for n in range(2001)]
    return any(box["left"] < x < box["right"] and box["top"] < y < box["bottom"] for x, y in points)


@pytest.mark.parametrize("n_marks", [0, 400, 3000])
def test_no_words_lie_over_anything(n_marks: int) -> None:
    scenes = [city(n_marks, seed) for seed in range(6)]
    for scene, answer in zip(scenes, placed(scenes), strict=True):
        boxes = [one for one in answer if one]
        assert len(boxes) >= (30 if n_marks <= 400 else 0)
        assert not [pair for pair in combinations(boxes, 2) if meet(*pair)]
        assert not [one for one in boxes for other in scene["room"]["boxes"] if meet(one, other)]
        assert not [one for one in boxes if on_line(one)]
        for one in boxes:
            assert one["left"] >= 0
            assert one["top"] >= 0
            assert one["right"] <= WIDE
            assert one["bottom"] <= HIGH


def test_the_same_question_has_the_same_answer_in_whatever_order_marks_come() -> None:
    scene = city(400, 1)
    turned = {**scene, "room": {**scene["room"], "boxes": scene["room"]["boxes"][::-1]}}
    first, again, other = placed([scene, scene, turned])
    assert first == again == other


def test_words_give_way_no_further_than_they_must() -> None:
    x, y = 500.0, 400.0
    mark, wall = rect(x, y, 12, 12), rect(x, y, 700, 500)
    area = [
        [
            {"x": x - 60, "y": y - 60},
            {"x": x + 60, "y": y - 60},
            {"x": x + 60, "y": y + 60},
            {"x": x - 60, "y": y + 60},
        ]
    ]
    border = [{"x": 0, "y": y}, {"x": WIDE, "y": y}]
    shut = [
        rect(x, y - 20, 700, 22),
        rect(x, y + 20, 700, 22),
        rect(x, y + 150, 700, 200),
        rect(x, y - 150, 700, 200),
    ]
    stood = {**rect(x + 40, y, 84, 22), "nth": 0}
    free, beside, nowhere, inside, off_border, small, kept, left = (
        one[0]
        for one in placed([
            {"words": [word(x, y)], "room": room()},
            {"words": [word(x, y)], "room": room(mark)},
            {"words": [word(x, y)], "room": room(wall)},
            {"words": [word(x, y, within=area)], "room": room(mark)},
            {"words": [word(x, y, rather=[border])], "room": room()},
            {"words": [word(x, y)], "room": room(*shut)},
            {"words": [word(x, y, before=stood)], "room": room()},
            {"words": [word(x, y, before=stood)], "room": room(rect(x + 70, y, 6, 6))},
        ])
    )  # fmt: skip
    assert free == {**rect(x, y, 84, 22), "nth": 0}
    assert beside
    assert abs((beside["top"] + beside["bottom"]) / 2 - y) == 24
    assert nowhere is None
    assert inside
    assert abs((inside["left"] + inside["right"]) / 2 - x) <= 60
    assert off_border
    assert off_border["bottom"] <= y or off_border["top"] >= y
    assert small
    assert small["nth"] == 1
    assert kept == stood
    assert left
    assert left != stood


def test_lines_out_of_sight_are_sorted_out_once_and_not_for_every_name() -> None:
    scene = city(400, 3)
    far = [[{"x": 5000 + n, "y": 40 * n}, {"x": 5040 + n, "y": 40 * n + 9}] for n in range(500)]
    few, many = (
        run(READS, [{"words": scene["words"][:n], "room": {**scene["room"], "rather": far}}]) for n in (2, 40)
    )
    assert few == many
    assert 0 < many <= 12 * len(far)


def test_boundaries_out_of_sight_are_not_projected() -> None:
    def place(name: str, at: list[float], ring: list[list[float]]) -> dict[str, object]:
        told = {"name": name, "level": "street", "label": at}
        return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": told}

    tail = [[9 + n / 100, 7.0] for n in range(300)]
    near = place("near", [0.4, 0.4], [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.2]])
    partly = place("partly", [4.0, 4.0], [[0.7, 0.7], [0.9, 0.7], *tail, [0.7, 0.7]])
    away = place("away", [5.0, 5.0], [[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]])
    told = run(PROJECTED, {"features": [near, partly, away]})
    assert told["n_names"] == 1
    assert [0.6, 0.6] in told["seen"]
    assert [0.7, 0.7] in told["seen"]
    assert len([at for at in told["seen"] if max(at) > 1]) <= 2


def test_what_has_not_changed_is_not_worked_out_again() -> None:
    view, other, cases, more = "a view", "another", "cases", "more cases"
    told = run(KEPT, [[view, cases], [view, cases], [other, cases], [other, more], [other, more]])
    assert [one["isNew"] for one in told["made"]] == [True, False, True, True, False]
    assert told["last"] == 3
