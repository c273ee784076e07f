"""``make wheel``: dist/huitian-*.whl with the built screens, the same bytes from the same commit."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.missing import Missing
from tools.places import DIST, ROOT, VENV_PYTHON


def build(target: Path = DIST, root: Path = ROOT) -> Path:
    """Build the wheel and return its path.

    Args:
        target: Folder it is written to.
        root: Checkout it is built from.

    Raises:
        Missing: The screens are not built, or something else that Hatch has said.
    """
    target.mkdir(parents=True, exist_ok=True)
    command = [str(VENV_PYTHON), "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(
        command, cwd=root, env=environment(root), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).rstrip()
        raise Missing(
            f"a wheel; Hatch says:\n{words}", "安装包没有生成，原因见上", "mend that, then: make wheel"
        )
    return target / f"huitian-{version(root)}-py3-none-any.whl"


def version(root: Path = ROOT) -> str:
    """Return the version that pyproject.toml says."""
    said = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return str(said["project"]["version"])


def environment(root: Path = ROOT) -> dict[str, str]:
    """Return the environment of a build: its moment is that of the commit, where there is one."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if "SOURCE_DATE_EPOCH" not in own:
        said = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
        )
        if said.returncode == 0 and said.stdout.strip():
            own["SOURCE_DATE_EPOCH"] = said.stdout.strip()
    return own


def main() -> int:
    """Build it and say where it is."""
    try:
        made = build()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
