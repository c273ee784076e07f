"""The licence texts of what the built screens carry, as one file beside them.

Listed is every package that npm installs for production: somewhat more than the bundler leaves in, never less.
A licence that asks for more than its text to be passed on is refused, so that the screens stay free to ship.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.missing import Missing

NAME = "licences.txt"
"""File of the texts, in the folder of the built screens."""

PERMISSIVE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "ISC", "MIT", "OFL-1.1",
     "Unlicense", "Zlib"}
)  # fmt: skip
TEXT_FILE = re.compile(r"(licen[sc]e|copying|notice|unlicense)([.-].*)?", re.IGNORECASE)
README_PART = re.compile(r"^#+ *licen[sc]e\b.*?$(.*?)(?=^#+ |\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL)
HEAD = """Huitian's screens carry code and fonts of the packages below, each under its own licence.
回天的网页包含下列软件包的代码与字体，各依其许可证。
"""
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package of npm.

    Attributes:
        name: As in the registry, ``@scope/name``.
        version: Its version.
        licence: SPDX expression; empty where it names none.
        folder: Where it is installed.
        author: As package.json says it; may be empty.
    """

    name: str
    version: str
    licence: str
    folder: Path
    author: str

    def texts(self) -> list[str]:
        """Return its licence and notices: its own files, else what its README says, else the terms it names."""
        files = sorted(
            path for path in self.folder.iterdir() if TEXT_FILE.fullmatch(path.name) and path.is_file()
        )
        if files:
            return [path.read_text("utf-8", "replace").strip() for path in files]
        for readme in sorted(self.folder.glob("[Rr][Ee][Aa][Dd][Mm][Ee]*")):
            part = README_PART.search(readme.read_text("utf-8", "replace"))
            if part and "ermission" in part[1]:
                return [part[1].strip()]
        return (
            [f"Copyright (c) {self.author}\n\n{MIT}".strip()] if self.licence == "MIT" and self.author else []
        )


def packages(web: Path) -> list[Package]:
    """Return what the package of a folder needs at run time, and what that needs, by name and version."""
    found: dict[Path, Package] = {}
    waiting = [(web, name) for name in _said(web).get("dependencies", {})]
    while waiting:
        asker, name = waiting.pop()
        folder = _resolved(asker, name, web)
        if folder in found:
            continue
        said = _said(folder)
        found[folder] = Package(said["name"], said["version"], _licence(said), folder, _author(said))
        waiting += [(folder, needed) for needed in said.get("dependencies", {})]
    return sorted(found.values(), key=lambda package: (package.name, package.version))


def text_of(shipped: list[Package]) -> str:
    """Return the file of all licence texts.

    Raises:
        Missing: A licence is not permissive, or a package has no text of it.
    """
    bad = [
        f"{one.name} {one.version}: {one.licence or '?'}" for one in shipped if not is_permissive(one.licence)
    ]
    bad += [f"{one.name} {one.version}: no licence text" for one in shipped if not one.texts()]
    if bad:
        raise Missing(
            f"a permissive licence with its text, of: {'; '.join(bad)}",
            "上述前端软件包的许可证不是宽松许可证，或没有许可证文本",
            "replace the package in web/package.json; tools/notices.py lists the licences that may be shipped",
        )
    return HEAD + "".join(_entries(shipped))


def is_permissive(expression: str) -> bool:
    """Return whether an SPDX expression can be met with licences that ask for nothing but their text."""
    words = expression.replace("(", " ").replace(")", " ").strip()
    return bool(words) and any(
        all(term.strip() in PERMISSIVE for term in choice.split(" AND ")) for choice in words.split(" OR ")
    )


def _entries(shipped: list[Package]) -> Iterator[str]:
    for one in shipped:
        yield f"\n{'=' * 80}\n{one.name} {one.version} · {one.licence}\n{'=' * 80}\n\n"
        yield "\n\n".join(one.texts()) + "\n"


def _resolved(asker: Path, name: str, web: Path) -> Path:
    """Return the folder that Node would take for a name asked for from a folder."""
    for above in (asker, *asker.parents):
        folder = above / "node_modules" / name
        if (folder / "package.json").is_file():
            return folder
        if above == web:
            break
    raise Missing(f"the package {name} of web/", f"web/ 缺少软件包 {name}", "make web")


def _said(folder: Path) -> dict[str, Any]:
    said = json.loads((folder / "package.json").read_text("utf-8"))
    return said if isinstance(said, dict) else {}


def _licence(said: dict[str, Any]) -> str:
    named = said.get("license", "")
    return str(named.get("type", "")) if isinstance(named, dict) else str(named)


def _author(said: dict[str, Any]) -> str:
    named = said.get("author", "")
    return str(named.get("name", "")) if isinstance(named, dict) else str(named)
