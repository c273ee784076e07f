"""What figures that stand side by side say once for all of them: never the base of one for another."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tools.places import ROOT, VENV

pytestmark = pytest.mark.package

ASKED = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const options = { compilerOptions: { module: "ESNext", target: "ES2022" } };
const { outputText } = ts.transpileModule(readFileSync("src/panels/group.ts", "utf8"), options);
const { columnOf, earliest, sharedBase } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const { groups, shown } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({
  bases: groups.map((figures) => sharedBase(figures)?.base_en ?? null),
  earliest: groups.map((figures) => earliest(figures)?.as_of ?? null),
  columns: shown.map(columnOf),
}));
"""
EARLY, LATE = "2026-11-22T12:18:00+08:00", "2026-11-22T04:19:00Z"


def figure(base: str | None, value: float | None = 3, as_of: str = LATE) -> dict[str, Any]:
    """Return a figure whose change is against something, or that has none."""
    change = base and {"value": value, "base_zh": base, "base_en": base, "base_value": 1}
    return {"change": change, "as_of": as_of}


def test_a_base_is_said_for_all_only_where_it_is_that_of_all() -> None:
    yesterday, month, none = figure("yesterday"), figure("last month"), figure(None)
    groups = [
        [none, yesterday, yesterday],
        [yesterday, month],
        [month, figure("yesterday", None), month],
        [none, none],
        [],
        [yesterday, figure("yesterday", as_of=EARLY)],
    ]
    unit = [{"value": "15,620", "unit": "人", "hasInterval": False}]
    rate = [{"value": "93.45", "unit": "%", "hasInterval": True}, *unit]
    said = subprocess.run(
        [shutil.which("node") or str(VENV / "bin" / "node"), "--input-type=module", "-e", ASKED],
        cwd=ROOT / "web",
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        input=json.dumps({"groups": groups, "shown": [unit, rate]}),
    ).stdout
    told = json.loads(said)
    assert told["bases"] == ["yesterday", None, "last month", None, None, "yesterday"]
    assert told["earliest"] == [LATE, LATE, LATE, LATE, None, EARLY]
    assert told["columns"][0] == "max(96px, calc(3.42 * var(--t-xl) + 1.00 * var(--t-xs) + 6px))"
    assert told["columns"][1].count("calc(") == 2
    assert "calc(2.80 * var(--t-2xl) + 0.32 * var(--t-xs) + 6px)" in told["columns"][1]
