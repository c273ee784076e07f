"""``make bundle``: one tar with which a machine without the internet installs Huitian.

In it: our wheel, the wheels of everything it needs (locked, with hashes), ``install.sh``, the folder ``deploy``, the
documentation, a bill of materials, and the SHA-256 of each file. It is for the system and the Python that made it.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

from tools import bill, wheel
from tools.missing import Missing
from tools.places import BUILD, DIST, REQUIREMENTS, ROOT, VENV_PYTHON

WHEELS = BUILD / "wheels"
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
# glibc 2.28 is that of Debian 10, RHEL 8, Kylin V10 and openEuler 20.03.
NEWEST_GLIBC_MINOR = 28
READ_ME = """回天 Huitian {version} · {platform} · Python {python}

离线安装 · to install without the internet:

    sh install.sh                  # --prefix DIR, --python PATH; sh install.sh --help

正式运行 · run it in production: docs/guides/production.md
校验 · what every file must be: SHA256SUMS (sha256sum -c SHA256SUMS)
组成与许可 · what is in it, and under which licences: sbom.cdx.json
"""


def machine() -> str:
    """Return the system that the wheels are for, as install.sh compares it."""
    here = sysconfig.get_platform()
    return f"macos-{platform.machine()}" if here.startswith("macosx") else here


def python_version() -> str:
    """Return the Python that the wheels are for: ``3.11``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def bring_wheels(folder: Path = WHEELS) -> Path:
    """Fill a folder with exactly the locked wheels, from the package registry or pip's cache; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        command = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
        command += ["--only-binary", ":all:", "--require-hashes", "--find-links", str(folder)]
        command += ["-r", str(REQUIREMENTS / "bundle.txt"), "-d", fresh, *oldest_glibc()]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            raise Missing(
                "the wheels of requirements/bundle.txt for this machine",
                "缺少 requirements/bundle.txt 里的安装包",
                "read pip's message above; a package registry must be reachable (mirrors: pip's settings)",
            )
        shutil.rmtree(folder)
        shutil.copytree(fresh, folder)
    return folder


def oldest_glibc() -> list[str]:
    """Return pip's options for wheels that also run on older systems than the one that makes the bundle."""
    if platform.libc_ver()[0] != "glibc":
        return []
    tags = [f"manylinux_2_{minor}_{platform.machine()}" for minor in range(NEWEST_GLIBC_MINOR, 16, -1)]
    tags.append(f"manylinux2014_{platform.machine()}")
    return [word for tag in tags for word in ("--platform", tag)]


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


def fill(folder: Path, our_wheel: Path, wheels: list[Path]) -> None:
    """Write everything that a bundle holds into an empty folder, the sums last."""
    target = folder / "wheels"
    target.mkdir()
    for file in [our_wheel, *wheels]:
        shutil.copy(file, target)
    locked = (REQUIREMENTS / "bundle.txt").read_text("utf-8")
    own = f"huitian[scale]=={wheel.version()} \\\n    --hash=sha256:{digest(our_wheel)}\n"
    (folder / "requirements.txt").write_text(locked + own, "utf-8")
    facts = {"VERSION": wheel.version(), "PYTHON": python_version(), "PLATFORM": machine()}
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
            r"^ARG PYTHON=.*$", f"ARG PYTHON={python_version()}", dockerfile.read_text("utf-8"), flags=re.M
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


def build(target: Path = DIST) -> Path:
    """Build the bundle and return its path.

    Raises:
        Missing: The screens are not built, or the wheels cannot be had.
    """
    our_wheel = wheel.build(target)
    wheels = sorted(bring_wheels().glob("*.whl"))
    tag = f"cp{python_version().replace('.', '')}"
    made = target / f"huitian-{wheel.version()}-{machine()}-{tag}.tar"
    with tempfile.TemporaryDirectory() as folder:
        os.umask(0o022)
        fill(Path(folder), our_wheel, wheels)
        pack(Path(folder), made)
    return made


def main() -> int:
    """Build it, and say where it is and what it must be after the way there."""
    try:
        made = build()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.1f} MB\nsha256 {digest(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
