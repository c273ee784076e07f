"""The project's own Python environment in ``.venv``, filled from the lock files and from nothing else."""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import stamps
from tools.missing import Missing
from tools.places import REQUIREMENTS, ROOT, VENV, VENV_PYTHON

STAMP = VENV / "huitian-stamp.json"


def ensure(*, dev: bool, node: bool) -> None:
    """Make ``.venv`` hold exactly the locked packages and this checkout; does nothing when it does already.

    Args:
        dev: With what tests and checks need. An environment that has it keeps it.
        node: With Node from PyPI.
    """
    if not _is_whole():
        _make_venv()
    uv = _find_uv() or _install_uv()
    done = stamps.read(STAMP)
    locks = ["dev.txt" if dev or "dev.txt" in done else "base.txt", "build.txt"]
    if node or "node.txt" in done:
        locks.append("node.txt")
    if uv == VENV / "bin" / "uv":
        locks.append("uv.txt")
    wanted = {name: stamps.digest([REQUIREMENTS / name], ROOT) for name in locks}
    wanted["checkout"] = f"{ROOT} {stamps.digest([ROOT / 'pyproject.toml'], ROOT)}"
    if done == wanted and (VENV / "bin" / "huitian").exists():
        return
    print(f"Python packages: {', '.join(locks)} into {VENV.name}", flush=True)
    STAMP.unlink(missing_ok=True)
    python = ["--python", str(VENV_PYTHON)]
    _run(
        [
            str(uv),
            "pip",
            "sync",
            "--quiet",
            *python,
            "--require-hashes",
            *(str(REQUIREMENTS / name) for name in locks),
        ]
    )
    _run(
        [
            str(uv),
            "pip",
            "install",
            *python,
            "--no-deps",
            "--no-build-isolation",
            "--quiet",
            "--editable",
            ".",
        ]
    )
    stamps.write(STAMP, wanted)


def find_uv() -> Path:
    """Return the path of uv.

    Raises:
        Missing: It is neither on PATH nor in ``.venv``.
    """
    found = _find_uv()
    if found is None:
        raise Missing("uv", "uv", "make python")
    return found


def _find_uv() -> Path | None:
    on_path = shutil.which("uv")
    candidates = [*([Path(on_path)] if on_path else []), VENV / "bin" / "uv"]
    return next((uv for uv in candidates if _works(uv)), None)


def _install_uv() -> Path:
    if not _works(VENV_PYTHON, "-m", "pip") and not _works(VENV_PYTHON, "-m", "ensurepip"):
        _make_venv()
    print("uv: from the package registry, by pip", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")])
    return VENV / "bin" / "uv"


def _make_venv() -> None:
    uv = _find_uv()
    if importlib.util.find_spec("ensurepip"):
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    elif uv is not None:
        _run([str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    else:
        raise Missing(
            "the venv module of this Python",
            "此 Python 缺少 venv 模块",
            "sudo apt-get install -y python3-venv   (then the same command again)",
        )


def _is_whole() -> bool:
    """Does the environment's Python run and see its packages? Not after the system replaced that Python."""
    look = "import os, sys, sysconfig; sys.exit(not os.path.isdir(sysconfig.get_path('purelib')))"
    try:
        return subprocess.run([VENV_PYTHON, "-c", look], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _works(program: Path, *words: str) -> bool:
    try:
        command = [str(program), *words, "--version"]
        return subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str]) -> None:
    quiet = {**os.environ, "UV_NO_PROGRESS": "1", **_index_of_pip()}
    if subprocess.run(command, cwd=ROOT, env=quiet, check=False).returncode != 0:
        raise Missing(
            f"what this command should bring: {' '.join(command)}",
            "上面的命令失败，软件包未能安装",
            "read its message above; a package index must be reachable (mirrors: pip's or uv's settings)",
        )


@functools.cache
def _index_of_pip() -> dict[str, str]:
    """Return the index that pip is set to, for uv, which does not read pip's settings but needs the same mirror."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    command = [sys.executable, "-m", "pip", "config", "get"]
    for name in (":env:.index-url", "install.index-url", "global.index-url"):
        said = subprocess.run([*command, name], capture_output=True, text=True, check=False)
        if said.returncode == 0 and said.stdout.strip():
            return {"UV_DEFAULT_INDEX": said.stdout.strip()}
    return {}
