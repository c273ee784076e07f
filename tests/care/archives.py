"""Taking an archive apart and putting it together again, seal and all, with something wrong in it."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huitian.care.archive import BLOCK, ENDING, MANIFEST, SEAL, TAIL, header, seal_of

Member = tuple[tarfile.TarInfo, bytes]


def members_of(path: Path) -> list[Member]:
    """Return the members of an archive but for its seal."""
    found = []
    with tarfile.open(path, "r:") as tar:
        for info in tar:
            content = tar.extractfile(info)
            assert content is not None
            found.append((info, content.read()))
    assert found[-1][0].name == SEAL
    return found[:-1]


def plain(name: str, content: bytes) -> Member:
    """Return a member that is a plain file."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def sealed(path: Path, members: list[Member]) -> Path:
    """Write an archive of these members with a seal that fits them."""
    out = io.BytesIO()
    manifest_at = 0
    for info, content in members:
        manifest_at = out.tell() if info.name == MANIFEST else manifest_at
        info.size = len(content) if info.isreg() else 0
        out.write(info.tobuf(tarfile.PAX_FORMAT))
        if info.isreg():
            out.write(content + bytes(-len(content) % BLOCK))
    body = out.getvalue()
    path.write_bytes(body + seal_of(hashlib.sha256(body).hexdigest(), manifest_at) + ENDING)
    return path


def changed(path: Path, new: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write an archive whose manifest was changed, sealed again."""
    members = members_of(path)
    manifest = json.loads(members[-1][1])
    change(manifest)
    return sealed(new, [*members[:-1], plain(MANIFEST, json.dumps(manifest).encode())])


__all__ = ["BLOCK", "TAIL", "changed", "header", "members_of", "plain", "sealed"]
