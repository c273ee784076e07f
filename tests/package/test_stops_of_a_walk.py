"""Where the numbers of a walk stand over the map of the phone: never over one another, never out of it."""

import json
import random
import shutil
import subprocess
from itertools import combinations
from math import hypot
from typing import Any

import pytest

from tools.places import ROOT, VENV

pytestmark = pytest.mark.package

ASKED = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const options = { compilerOptions: { module: "ESNext", target: "ES2022" } };
const { outputText } = ts.transpileModule(readFileSync("src/mobile/stops.ts", "utf8"), options);
const { boxOf, spread } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const { walks, size, boxes } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({ walks: walks.map((walk) => spread(walk, size)), boxes: boxes.map(boxOf) }));
"""
SIZE = {"wide": 390, "high": 176}
STOP_PX, FOOT_PX = 24, 32


def asked(**about: Any) -> dict[str, Any]:
    """Return what the phone makes of walks and boxes."""
    said = subprocess.run(
        [shutil.which("node") or str(VENV / "bin" / "node"), "--input-type=module", "-e", ASKED],
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        input=json.dumps({"walks": [], "boxes": [], "size": SIZE, **about}),
    ).stdout
    told: dict[str, Any] = json.loads(said)
    return told


def test_numbers_of_neighbours_stand_apart_inside_the_map() -> None:
    by = random.Random(7)
    walks = [[{"x": 200, "y": 60}] * 9]
    walks += [
        [{"x": 190 + by.uniform(-40, 40), "y": by.uniform(0, 176)} for _ in range(9)] for _ in range(20)
    ]
    # In one line: at the rim that a drag brought them to, and in a street that runs straight up the map.
    walks += [[{"x": by.uniform(0, 14), "y": by.uniform(0, 176)} for _ in range(9)] for _ in range(50)]
    walks += [[{"x": 200, "y": by.uniform(0, 176)} for _ in range(n)] for n in (6, 9) for _ in range(50)]
    for walk, stood in zip(walks, asked(walks=walks)["walks"], strict=True):
        assert len(stood) == len(walk)
        for a, b in combinations(stood, 2):
            assert hypot(a["x"] - b["x"], a["y"] - b["y"]) > STOP_PX
        for stop in stood:
            assert STOP_PX / 2 <= stop["x"] <= SIZE["wide"] - STOP_PX / 2
            assert STOP_PX / 2 <= stop["y"] <= SIZE["high"] - FOOT_PX - STOP_PX / 2


def test_a_number_that_has_room_stands_at_its_place_and_one_out_of_sight_stays_there() -> None:
    walk = [{"x": 100, "y": 60}, {"x": 140, "y": 60}, {"x": 600, "y": 60}, {"x": 601, "y": 60}]
    assert asked(walks=[walk])["walks"] == [walk]


def test_a_map_shows_the_walk_and_leaves_out_what_is_far_from_it() -> None:
    alone, near, far = [116.3, 40.1], [116.305, 40.103], [116.4, 40.2]
    none, one, two, three = asked(boxes=[[], [alone], [alone, near], [alone, far, near]])["boxes"]
    assert none is None
    assert one[0] < alone[0] < one[2]
    assert one[1] < alone[1] < one[3]
    assert two == three
    assert two == pytest.approx([116.3, 40.1, 116.305, 40.103])
