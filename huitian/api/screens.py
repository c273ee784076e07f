"""The built screens: pages, hashed assets and the icon, served from memory, packed once."""

import gzip
import hashlib
import mimetypes
import re
import threading
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).parent / "web"
ENDS = ("cockpit", "desk", "mobile", "public")
HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.\w+$")
YEAR = "public, max-age=31536000, immutable"
AGAIN = "no-cache"
LEAST_PACKED = 1024
PACKABLE = frozenset(
    {".html", ".js", ".mjs", ".css", ".svg", ".json", ".txt", ".wasm", ".map", ".webmanifest"}
)
TYPES = {
    ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
    ".json": "application/json", ".png": "image/png", ".woff2": "font/woff2", ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
UNBUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>回天 Huitian</title>
<h1>回天 Huitian</h1>
<p>前端还没有构建。请在项目文件夹里运行 <code>make up</code>（只构建前端：<code>make web</code>），再刷新本页。</p>
<p lang="en">The screens are not built. Run <code>make up</code> in the project folder (only the screens:
<code>make web</code>), then reload this page.</p>
<p><a href="/openapi.json">/openapi.json</a> · <a href="/readyz">/readyz</a></p></html>
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of the screens.

    Attributes:
        content: Its bytes.
        packed: The same, gzip; None where that gains nothing.
        media_type: Its type.
        etag: Digest of its content.
        caching: What a browser may do with it.
    """

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    caching: str


class Screens:
    """The files below one folder, read when first asked for and again when they changed."""

    def __init__(self, folder: Path = WEB) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[tuple[int, int], Kept]] = {}
        self._lock = threading.Lock()

    @property
    def are_built(self) -> bool:
        """Return whether there are screens."""
        return (self._folder / "index.html").is_file()

    def find(self, name: str) -> Kept | None:
        """Return a file by its path below the folder; None where there is none."""
        parts = name.split("/")
        if any(part in {"", ".", ".."} or "\\" in part or "\x00" in part for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        try:
            stat = path.stat()
            if not path.is_file() or not path.resolve().is_relative_to(self._folder.resolve()):
                return None
        except OSError:
            return None
        mark = (stat.st_mtime_ns, stat.st_size)
        with self._lock:
            known = self._kept.get(name)
        if known is not None and known[0] == mark:
            return known[1]
        kept = kept_of(path)
        with self._lock:
            self._kept[name] = (mark, kept)
        return kept


def kept_of(path: Path) -> Kept:
    """Return a file with what it is served with."""
    content = path.read_bytes()
    packed = None
    if path.suffix in PACKABLE and len(content) >= LEAST_PACKED:
        made = gzip.compress(content, 6, mtime=0)
        packed = made if len(made) < len(content) else None
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    is_hashed = path.parent.name == "assets" and HASHED.search(path.name) is not None
    return Kept(content, packed, media_type, etag, YEAR if is_hashed else AGAIN)
