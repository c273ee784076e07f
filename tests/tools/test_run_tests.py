"""The runner as CI sees it: a small checkout with tests of its own, its exit code and its last line."""

import shutil
import subprocess
import sys

import pytest

from tools.places import ROOT

pytestmark = pytest.mark.served

PYTEST = (
    '[tool.pytest.ini_options]\nmarkers = ["contract", "faults", "fuzz", "journey", "package", "real_data"]\n'
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text(PYTEST, "utf-8")
    for name in ("HUITIAN_REQUIRE", "HUITIAN_CI_STARTED", "HUITIAN_REAL_DATA"):
        monkeypatch.delenv(name, raising=False)

    def run(text: str, *words: str, **environment: str) -> tuple[int, list[str]]:
        (tmp_path / "tests" / "test_it.py").write_text(text, "utf-8")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        command = [sys.executable, "-m", "tools.run_tests", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    return run


def test_passed_failed_and_skipped_are_counted(run):
    text = (
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n@pytest.mark.skip\ndef test_c(): pass\n"
    )
    status, lines = run(text, "fast", "journey")
    assert (status, lines[-1]) == (1, "1 passed, 1 failed, 1 skipped")
    assert any("journey" in line and "did not run" in line for line in lines)


def test_all_good_is_a_success_unless_every_group_is_required(run):
    assert run("def test_a(): pass\n", "fast")[0] == 0
    status, lines = run("def test_a(): pass\n", "fast", "fuzz", HUITIAN_REQUIRE="all")
    assert status == 1
    assert "not good: fuzz is required and did not run: it has no tests" in lines


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("", "0 passed, 0 failed, 0 skipped"),
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass\n", "0 passed, 0 failed, 1 skipped"),
        ("import nothing_of_this_name\n", "0 passed, 1 failed, 0 skipped"),
        ("import os\ndef test_a(): os._exit(3)\n", "0 passed, 1 failed, 0 skipped"),
    ],
)
def test_a_run_without_a_test_is_never_a_success(run, text, last):
    status, lines = run(text, "fast", "--", "-n0")
    assert (status, lines[-1]) == (1, last)


def test_words_after_the_dashes_go_to_pytest(run):
    status, lines = run("def test_a(): pass\ndef test_b(): assert 0\n", "fast", "--", "-k", "test_a")
    assert (status, lines[-1]) == (0, "1 passed, 0 failed, 0 skipped")
