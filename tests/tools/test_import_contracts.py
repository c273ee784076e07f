"""The import contracts of pyproject.toml, tried on a small package that breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.places import ROOT


@pytest.mark.parametrize(
    ("files", "is_kept"),
    [
        ({"base.py": "import huitian.model", "model.py": "import huitian.errors", "errors.py": ""}, True),
        ({"errors.py": "import huitian.units", "units.py": ""}, True),
        ({"base.py": "", "model.py": "import huitian.base"}, False),
        ({"cases.py": "import huitian.indicators", "indicators.py": ""}, False),
        ({"simulate.py": "import huitian.scenarios", "scenarios/__init__.py": ""}, False),
        ({"services.py": ""}, False),
        (
            {
                "scenarios/__init__.py": "",
                "scenarios/a.py": "import huitian.scenarios.b",
                "scenarios/b.py": "",
            },
            False,
        ),
    ],
)
def test_contracts(tmp_path, files, is_kept):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in {"__init__.py": "", **files}.items():
        path = tmp_path / "huitian" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == is_kept, done.stdout + done.stderr
    assert "Contracts:" in done.stdout
