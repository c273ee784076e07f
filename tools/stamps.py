"""Digests of files, kept as stamps: what has not changed is not done again."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

Digests = dict[str, str]


def digest(files: Iterable[Path], root: Path) -> str:
    """Return the SHA-256 hex of the names (relative to ``root``) and contents of ``files``, in name order."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read(stamp: Path) -> Digests:
    """Return what a stamp says; an absent or broken stamp says nothing."""
    try:
        said = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}


def write(stamp: Path, digests: Digests) -> None:
    """Write a stamp whole or not at all; call it only when the work it stands for is done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    half = stamp.with_name(stamp.name + ".half")
    half.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n", "utf-8")
    half.replace(stamp)
