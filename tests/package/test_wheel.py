"""The wheel: whole, the same bytes from the same files, and enough to serve every page without Node."""

import hashlib
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.package.conftest import assert_is_whole
from tools import wheel
from tools.missing import Missing
from tools.places import ROOT

pytestmark = pytest.mark.package

CODE = {".py", ".pyc"}


def copy_of_checkout(target: Path, *, with_screens: bool) -> Path:
    """Copy what a wheel is built from to another folder, with other times."""
    leave_out = shutil.ignore_patterns("__pycache__", *([] if with_screens else ["web"]))
    for folder in ("huitian", "docs"):
        shutil.copytree(ROOT / folder, target / folder, ignore=leave_out, copy_function=shutil.copyfile)
    for name in ("pyproject.toml", "README.md", "LICENSE", "tools/wheel_hook.py", ".gitignore"):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    return target


def test_every_file_of_the_package_is_in_the_wheel(our_wheel: Path) -> None:
    there = set(zipfile.ZipFile(our_wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "huitian"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    wanted = {
        name for name in listed.splitlines() if Path(name).suffix not in CODE and (ROOT / name).exists()
    }
    assert "huitian/plugin/panel.schema.json" in wanted
    assert wanted - there == set()
    built = {f"huitian/api/web/{path.relative_to(ROOT / 'huitian/api/web').as_posix()}"
             for path in (ROOT / "huitian" / "api" / "web").rglob("*") if path.is_file()}  # fmt: skip
    assert built - there == set()
    assert any(re.fullmatch(r"huitian-[^/]+\.dist-info/licenses/LICENSE", name) for name in there)
    assert not [
        name for name in there if "__pycache__" in name or name.startswith(("tests/", "tools/", "web/"))
    ]


def test_two_builds_are_the_same_bytes(
    our_wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = wheel.environment().get("SOURCE_DATE_EPOCH", "1580601600")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    first = wheel.build(tmp_path / "first")
    second = wheel.build(tmp_path / "second", copy_of_checkout(tmp_path / "elsewhere", with_screens=True))
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)}
    assert len(digests) == 1


def test_without_the_screens_there_is_no_wheel(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="without them would serve no page"):
        wheel.build(tmp_path / "dist", copy_of_checkout(tmp_path / "bare", with_screens=False))
    assert not list((tmp_path / "dist").iterdir())


def test_pip_install_and_serve_need_neither_node_nor_the_checkout(our_wheel, wheels, room, visit) -> None:
    shutil.copytree(wheels, room.folder / "wheels")
    shutil.copy(our_wheel, room.folder)
    made = room.run("python3", "-I", "-m", "venv", room.folder / "venv")
    assert made.returncode == 0, made.stderr
    pip = [
        room.folder / "venv" / "bin" / "pip",
        "--isolated",
        "install",
        "--quiet",
        "--no-cache-dir",
        "--no-index",
    ]
    done = room.run(*pip, "--find-links", room.folder / "wheels", room.folder / our_wheel.name)
    assert done.returncode == 0, done.stderr
    assert room.run("sh", "-c", "command -v node npm").stdout == ""
    assert_is_whole(visit(room.folder / "venv" / "bin" / "huitian"))
