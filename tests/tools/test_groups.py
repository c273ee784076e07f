import subprocess
import sys
import tomllib

from tools.groups import GROUPS, REST_SHARE_S, real_data
from tools.places import ROOT

TESTS = """
import pytest
def test_plain(): pass
@pytest.mark.fuzz
@pytest.mark.contract
def test_two_markers(): pass
@pytest.mark.contract
@pytest.mark.parametrize("n", [1, 2])
def test_contract(n): pass
@pytest.mark.served
def test_served(): pass
@pytest.mark.real_data
@pytest.mark.journey
def test_real_journey(): pass
@pytest.mark.package
@pytest.mark.faults
def test_faults_of_the_package(): pass
"""


def test_every_test_is_in_exactly_one_group(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "test_a.py").write_text(TESTS, "utf-8")
    markers = "\n".join(f"  {group.name}: x" for group in GROUPS[1:])
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nmarkers =\n{markers}\n", "utf-8")
    found = {}
    for group in GROUPS:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            group.markers(),
        ]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
        found[group.name] = sorted(line.split("::")[1] for line in said.splitlines() if "::" in line)
    assert found == {
        "fast": ["test_plain"],
        "contract": ["test_contract[1]", "test_contract[2]"],
        "served": ["test_served"],
        "faults": [],
        "fuzz": ["test_two_markers"],
        "journey": [],
        "package": ["test_faults_of_the_package"],
        "real_data": ["test_real_journey"],
    }


def test_every_group_is_a_marker_of_pytest():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert {group.name for group in GROUPS} - {"fast"} == {
        marker.split(":")[0] for marker in options["markers"]
    }


def test_the_shares_fit_into_45_minutes():
    assert sum(group.share_s or 0 for group in GROUPS) + REST_SHARE_S <= 45 * 60


def test_real_data_is_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HUITIAN_REAL_DATA", str(tmp_path))
    assert real_data() == tmp_path
    monkeypatch.setenv("HUITIAN_REAL_DATA", str(tmp_path / "none"))
    assert real_data() is None
