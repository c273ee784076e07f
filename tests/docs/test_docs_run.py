"""What the documentation says to type runs, and prints what it shows.

A Chinese edition has the commands of its English page (``test_docs_hold.py``), so what it shows is run with
``HUITIAN_PROVE=1`` only.
"""

import contextlib
import io
import os
from pathlib import Path

import pytest

from tests.docs.pages import blocks, is_chinese, matches, pages_with
from tests.docs.shell import run_page
from tools.places import ROOT

IN_ALL_LANGUAGES = bool(os.environ.get("HUITIAN_PROVE"))
SHELL = [
    page for page in pages_with("sh run")
    if IN_ALL_LANGUAGES or not is_chinese(page) or page.name.startswith("README")
]  # fmt: skip
PYTHON = [page for page in pages_with("python run") if IN_ALL_LANGUAGES or not is_chinese(page)]


def test_there_are_pages_that_run() -> None:
    named = {str(page) for page in SHELL}
    assert {"README.md", "README.zh-CN.md", "docs/guides/your-own-city.md"} <= named
    assert len(PYTHON) >= 5


@pytest.mark.package
@pytest.mark.parametrize("page", SHELL, ids=str)
def test_the_commands_of_a_page_run_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    for commands, expected, actual in run_page(page, tmp_path):
        if expected is not None and not matches(expected, actual):
            pytest.fail(f"{page}\n$ {commands}\n--- shown\n{expected}\n--- printed\n{actual}", pytrace=False)


@pytest.mark.parametrize("page", PYTHON, ids=str)
def test_the_example_of_a_page_prints_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, names = blocks(page), {}
    for at, block in enumerate(found):
        if block.words != "python run":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.text, str(ROOT / page), "exec"), names)
        after = found[at + 1] if at + 1 < len(found) else None
        if after is not None and after.words == "text out" and not matches(after.text, printed.getvalue()):
            pytest.fail(f"{page}\n--- shown\n{after.text}\n--- printed\n{printed.getvalue()}", pytrace=False)
