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

SCRIPT = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const source = readFileSync("src/map/placement.ts", "utf8");
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: "ESNext", target: "ES2022" } });
const { placed } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(({ words, room }) => placed(words, room))));
"""
WIDE, HIGH = 1016, 750
Rect = dict[str, float]
Scene = dict[str, Any]


def placed(scenes: list[Scene]) -> list[list[Rect | None]]:
    """Return where the web puts the words of each scene."""
    run = [shutil.which("node") or str(VENV / "bin" / "node"), "--input-type=module", "-e", SCRIPT]
    told = subprocess.run(
        run,
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        input=json.dumps(scenes),
    ).stdout
    found: list[list[Rect | None]] = json.loads(told)
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
