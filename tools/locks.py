"""``make lock``: every version and hash we install, in ``requirements/*.txt`` and ``web/package-lock.json``.

The files hold names, versions and hashes and no address: where packages come from is the machine's business.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass

from tools import node_env, python_env, web_build
from tools.places import REQUIREMENTS, ROOT, WEB

HEADER = "# Made by `make lock` from pyproject.toml; do not edit.\n"


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file.

    Attributes:
        name: File in requirements/.
        group: Dependency group of pyproject.toml, or None.
        with_project: Does it hold what the package itself needs?
        agrees_with: Lock files whose versions it keeps, so that they can be installed together.
        extras: Extras of the package that it holds too.
    """

    name: str
    group: str | None
    with_project: bool
    agrees_with: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


LOCKS = (
    Lock("base.txt", None, with_project=True),
    # What a machine without the internet gets: the package with all that it may need there.
    Lock("bundle.txt", None, with_project=True, agrees_with=("base.txt",), extras=("oidc", "scale")),
    Lock("dev.txt", "dev", with_project=True, agrees_with=("base.txt", "bundle.txt")),
    Lock("build.txt", "build", with_project=False, agrees_with=("dev.txt",)),
    Lock("uv.txt", "uv", with_project=False),
    Lock("node.txt", "node", with_project=False),
)


def lock_python(lock: Lock, *, upgrade: bool) -> None:
    """Write one file of requirements/."""
    target = REQUIREMENTS / lock.name
    command = [str(python_env.find_uv()), "pip", "compile", "--quiet", "--no-config"]
    command += [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
    ]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--output-file", str(target)]
    command += ["--upgrade"] if upgrade else []
    command += ["--group", lock.group] if lock.group else []
    for extra in lock.extras:
        command += ["--extra", extra]
    for other in lock.agrees_with:
        command += ["--constraints", str(REQUIREMENTS / other)]
    command += ["pyproject.toml"] if lock.with_project else []
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    target.write_text(HEADER + target.read_text("utf-8").removeprefix(HEADER), "utf-8")


def lock_web() -> None:
    """Write web/package-lock.json anew and take the addresses out of it; npm needs none of them."""
    node = node_env.of_machine() or node_env.of_venv()
    if node is None:
        sys.exit("no Node: run `make web` first")
    web_build.npm(node, "install", "--package-lock-only", "--no-audit", "--no-fund")
    file = WEB / "package-lock.json"
    said = json.loads(file.read_text("utf-8"))
    for package in said["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    file.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> int:
    """Write every lock file."""
    parser = argparse.ArgumentParser(prog="tools.locks", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    asked = parser.parse_args()
    for lock in LOCKS:
        lock_python(lock, upgrade=asked.upgrade)
        print(f"requirements/{lock.name}")
    if (WEB / "package.json").exists():
        lock_web()
        print("web/package-lock.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
