from pathlib import Path

import tools.house_rules
from tools.house_rules import RULES, broken
from tools.house_rules.repository import Repository
from tools.places import ROOT

NOT_RULES = {"__init__", "__main__", "imports", "repository"}


def test_this_repository_keeps_them():
    found = [(name, one) for name, one in broken(Repository(ROOT)) if not one.is_warning]
    assert found == []


def test_every_rule_runs_and_is_tested():
    modules = {path.stem for path in Path(tools.house_rules.__file__).parent.glob("*.py")} - NOT_RULES
    assert {name.replace("-", "_") for name in RULES} == modules
    assert {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")} >= modules
