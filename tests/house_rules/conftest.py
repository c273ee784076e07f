"""A repository made of a few files, for one rule to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.house_rules.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[dict[str, str]], Repository]:
    def make(files: dict[str, str]) -> Repository:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return Repository(tmp_path)

    return make
