"""The dashboard and the alerts ask for measures that a server gives."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.serving import Served

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "huitian.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
MEASURE = re.compile(r"\bhuitian_[a-z_]+\b")
FUNCTIONS = re.compile(r"\b(?:rate|increase)\(\s*(huitian_[a-z_]+)")


@pytest.fixture(scope="module")
def given(served: Served) -> dict[str, str]:
    """Return the type of every measure that was ever seen by name, as Prometheus stores it."""
    with served.signed_in("dispatcher") as client:
        client.get("/v1/cases")
    text = httpx.get(f"{served.base}/metrics").text
    found: dict[str, str] = {}
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names = [f"{name}_{part}" for part in ("bucket", "sum", "count")] if kind == "histogram" else [name]
        found |= dict.fromkeys(names, kind)
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return asked + re.findall(r"^\s+expr: (.+)$", ALERTS.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("expression", expressions())
def test_every_measure_is_given(given: dict[str, str], expression: str) -> None:
    names = MEASURE.findall(expression)
    assert names or "up{" in expression
    assert [name for name in names if name not in given] == []
    assert [
        name for name in FUNCTIONS.findall(expression) if given[name] not in {"counter", "histogram"}
    ] == []


def test_measures_are_named_by_the_convention(given: dict[str, str]) -> None:
    own = {name: kind for name, kind in given.items() if name.startswith("huitian_")}
    assert own
    assert [name for name, kind in own.items() if kind == "counter" and not name.endswith("_total")] == []
    assert [name for name in own if name.endswith(("_ms", "_mb", "_min"))] == []


def test_the_dashboard_can_be_imported_anywhere() -> None:
    told = json.loads(DASHBOARD.read_text("utf-8"))
    sources = {json.dumps(panel["datasource"]) for panel in panels()}
    assert sources == {json.dumps({"type": "prometheus", "uid": "${datasource}"})}
    assert told["templating"]["list"][0]["type"] == "datasource"
    assert len({panel["id"] for panel in told["panels"]}) == len(told["panels"])
    for panel in panels():
        zh, _, en = panel["title"].partition(" · ")
        assert re.search("[\u4e00-\u9fff]", zh), panel["title"]
        assert re.search("[A-Za-z]", en), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
