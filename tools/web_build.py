"""The screens: ``npm ci`` and the build of web/ into the package, each only when its sources changed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import notices, stamps
from tools.missing import Missing
from tools.node_env import Node
from tools.places import BUILD, WEB, WEB_BUILT

STAMP = BUILD / "stamps" / "web.json"
PACKAGES_STAMP = WEB / "node_modules" / ".huitian-stamp.json"
NOT_SOURCES = {"node_modules", "dist", ".vite"}


def ensure(node: Node) -> None:
    """Build the screens if what is built is not of these sources."""
    wanted = {"sources": stamps.digest(sources(WEB), WEB)}
    are_there = all((WEB_BUILT / name).exists() for name in ("index.html", notices.NAME))
    if stamps.read(STAMP) == wanted and are_there:
        return
    ensure_packages(node)
    print(f"Screens: building web/ with Node {node.version}", flush=True)
    STAMP.unlink(missing_ok=True)
    npm(node, "run", "build")
    (WEB_BUILT / notices.NAME).write_text(notices.text_of(notices.packages(WEB)), "utf-8")
    stamps.write(STAMP, wanted)


def ensure_packages(node: Node) -> None:
    """Install the locked packages of web/ if those that are there are not of this lock."""
    locks = [WEB / "package.json", WEB / "package-lock.json"]
    wanted = {"locks": stamps.digest(locks, WEB), "node": node.version}
    if stamps.read(PACKAGES_STAMP) == wanted:
        return
    print("Screens: installing the packages of web/", flush=True)
    PACKAGES_STAMP.unlink(missing_ok=True)
    npm(node, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamps.write(PACKAGES_STAMP, wanted)


def npm(node: Node, *words: str) -> None:
    """Run npm in web/.

    Raises:
        Missing: It failed; its own message is on the terminal.
    """
    if subprocess.run(node.npm(*words), cwd=WEB, env=node.environment(), check=False).returncode != 0:
        raise Missing(
            f"the screens: npm {' '.join(words)} failed",
            "前端构建失败",
            "read npm's message above; a package registry must be reachable (mirrors: npm's settings)",
        )


def sources(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder`` that a build reads."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        yield from (Path(path) / name for name in names)
