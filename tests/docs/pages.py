"""The pages of the documentation: where they are, and what is fenced in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.places import ROOT

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
CHINESE = ".zh-CN"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        words: What stands after the fence: ``sh run``, ``python run``, ``text out``, ``toml file=PATH``.
        text: What is inside.
    """

    words: str
    text: str


def pages() -> list[Path]:
    """Return every page of the repository that is written or made, as paths from its root."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "huitian").rglob("*.md")]
    return sorted(path.relative_to(ROOT) for path in found if "node_modules" not in path.parts)


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = (ROOT / page).read_text("utf-8")
    return [Block(words.strip(), inside) for words, inside in FENCE.findall(text)]


def links(page: Path) -> Iterator[str]:
    """Yield the targets of the links and pictures of a page, those inside fences left out."""
    text = FENCE.sub("", (ROOT / page).read_text("utf-8"))
    yield from LINK.findall(re.sub(r"`[^`\n]*`", "", text))


def pages_with(words: str) -> list[Path]:
    """Return the pages that have a fenced block with these words."""
    return [page for page in pages() if any(block.words == words for block in blocks(page))]


def is_chinese(page: Path) -> bool:
    """Return whether a page is the Chinese edition of one beside it."""
    return page.stem.endswith(CHINESE)


def english_of(page: Path) -> Path:
    """Return the English page of a Chinese edition."""
    return page.with_name(page.name.replace(CHINESE, ""))


def pattern(expected: str) -> re.Pattern[str]:
    """Return what an output must match: ``…`` is any text of a line, a line of only ``…`` any lines."""
    parts = []
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append("[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n")
    return re.compile("".join(parts) + r"\n*")


def matches(expected: str, actual: str) -> bool:
    """Return whether an output is what a page says."""
    return pattern(expected).fullmatch(actual.strip("\n") + "\n") is not None
