"""``make bundle``: one tar with which a machine without the internet installs Huitian.

In it: our wheel, the wheels of everything it needs (locked, with hashes), ``install.sh``, the folder ``deploy``, the
documentation, a bill of materials, and the SHA-256 of each file. It is for one system and one Python: those that
make it, or those named by ``--python 3.12`` and ``--system linux-aarch64``.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools import bill, wheel
from tools.missing import Missing
from tools.places import BUILD, DIST, REQUIREMENTS, ROOT, VENV_PYTHON
from tools.target import Target

WHEELS = BUILD / "wheels"
HERE = Target()
DOCS = (
    "LICENSE",
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
)
MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_|(manylinux2014)|(manylinux2010|manylinux1)_")
READ_ME = """回天 Huitian {version} · {platform} · Python {python}

离线安装 · to install without the internet:

    sh install.sh                  # --prefix DIR, --python PATH; sh install.sh --help

正式运行 · run it in production: docs/guides/production.md
校验 · what every file must be: SHA256SUMS (sha256sum -c SHA256SUMS)
组成与许可 · what is in it, and under which licences: sbom.cdx.json
"""


def bring_wheels(target: Target = HERE) -> Path:
    """Fill a folder with exactly the locked wheels of a machine, from the package registry or pip's cache.

    Returns:
        The folder, one a kind of machine.

    Raises:
        Missing: They cannot be had.
    """
    folder = WHEELS / f"{target.system}-{target.tag}"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        wanted = Path(fresh) / "requirements.txt"
        wanted.write_text(target.locked((REQUIREMENTS / "bundle.txt").read_text("utf-8")), "utf-8")
        command = [
            str(VENV_PYTHON),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "download",
            "--quiet",
            "--no-deps",
        ]
        command += [
            "--only-binary",
            ":all:",
            "--require-hashes",
            "--find-links",
            str(folder),
            *target.options(),
        ]
        command += ["-r", str(wanted), "-d", f"{fresh}/wheels"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            raise Missing(
                f"the wheels of requirements/bundle.txt for Python {target.python} on {target.system}",
                f"缺少 requirements/bundle.txt 里的安装包（Python {target.python}，{target.system}）",
                "read pip's message above; a package registry must be reachable (mirrors: pip's settings)",
            )
        shutil.rmtree(folder)
        shutil.copytree(f"{fresh}/wheels", folder)
    return folder


def least_glibc(wheels: list[Path]) -> str:
    """Return the oldest glibc on which all wheels run; empty where none needs one."""
    needed = [(0, 0)]
    for file in wheels:
        tags = [
            (2, 17) if in_2014 else (2, 12) if older else (int(major), int(minor))
            for major, minor, in_2014, older in MANYLINUX.findall(f"{file.stem}_")
        ]
        needed += [min(tags)] if tags else []
    return ".".join(map(str, max(needed))) if max(needed) > (0, 0) else ""


def fill(folder: Path, our_wheel: Path, wheels: list[Path], target: Target = HERE) -> None:
    """Write everything that a bundle holds into an empty folder, the sums last."""
    (folder / "wheels").mkdir()
    for file in [our_wheel, *wheels]:
        shutil.copy(file, folder / "wheels")
    locked = target.locked((REQUIREMENTS / "bundle.txt").read_text("utf-8"))
    own = f"huitian[scale]=={wheel.version()} \\\n    --hash=sha256:{digest(our_wheel)}\n"
    (folder / "requirements.txt").write_text(locked + own, "utf-8")
    facts = {"VERSION": wheel.version(), "PYTHON": target.python, "PLATFORM": target.system}
    about = {**facts, "GLIBC": least_glibc(wheels)}
    (folder / "about.env").write_text("".join(f"HT_{k}={v}\n" for k, v in about.items()), "utf-8")
    words = {name.lower(): value for name, value in facts.items()}
    (folder / "INSTALL.txt").write_text(READ_ME.format(**words), "utf-8")
    no_caches = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=no_caches)
    (folder / "deploy" / "install.sh").rename(folder / "install.sh")
    dockerfile = folder / "deploy" / "Dockerfile"
    if dockerfile.exists():
        said = re.sub(
            r"^ARG PYTHON=.*$", f"ARG PYTHON={target.python}", dockerfile.read_text("utf-8"), flags=re.M
        )
        dockerfile.write_text(said, "utf-8")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=no_caches)
    for name in DOCS:
        shutil.copy(ROOT / name, folder / name)
    (folder / "sbom.cdx.json").write_text(bill.of(our_wheel, wheels), "utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums, "utf-8")


def pack(folder: Path, target: Path) -> None:
    """Write a folder as a tar: the same bytes from the same files, whoever packs them and when."""
    moment = int(wheel.environment().get("SOURCE_DATE_EPOCH", "1580601600"))

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        entry.mode = 0o755 if entry.isdir() or entry.name.endswith(".sh") else 0o644
        return entry

    half = target.with_name(f"{target.name}.half")
    with tarfile.open(half, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in [folder, *sorted(folder.rglob("*"))]:
            name = f"{target.stem}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
            tar.add(path, name, recursive=False, filter=plain)
    half.replace(target)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, as hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def build(folder: Path = DIST, target: Target = HERE) -> Path:
    """Build the bundle for a machine and return its path.

    Raises:
        Missing: The screens are not built, or the wheels cannot be had.
    """
    our_wheel = wheel.build(folder)
    wheels = sorted(bring_wheels(target).glob("*.whl"))
    made = folder / f"huitian-{wheel.version()}-{target.system}-{target.tag}.tar"
    with tempfile.TemporaryDirectory() as inside:
        fill(Path(inside), our_wheel, wheels, target)
        pack(Path(inside), made)
    return made


def main() -> int:
    """Build it, and say where it is and what it must be after the way there."""
    parser = argparse.ArgumentParser(prog="tools.bundle", description=__doc__)
    parser.add_argument("--python", default=HERE.python, help="Python of the server, if another: 3.12")
    parser.add_argument(
        "--system", default=HERE.system, help="system of the server, if another: linux-aarch64"
    )
    asked = parser.parse_args()
    try:
        made = build(target=Target(asked.python, asked.system))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.1f} MB\nsha256 {digest(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
