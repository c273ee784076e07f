"""What is wrong with a pack, and where: file, JSON pointer, line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.decoder import py_scanstring as scan_text  # type: ignore[attr-defined]
from typing import Any

from huitian.errors import Language, PackInvalid

SPACE = re.compile(r"\s*")
SCALAR = re.compile(r"[^\s,\]}]+")
AT_LINE = re.compile(r"at line (\d+)")
Lines = Mapping[str, int]
"""Line of every value of a JSON text by its pointer (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        file_name: File of the pack.
        words_zh: What is wrong, in Chinese.
        words_en: What is wrong, in English.
        pointer: JSON pointer into the file; empty where it is the whole file.
        line_no: Line, from 1; 0 where it has none.
    """

    file_name: str
    words_zh: str
    words_en: str
    pointer: str = ""
    line_no: int = 0

    @property
    def where(self) -> str:
        """Return file, line and pointer as one word: ``panel.json:3 /0/slot``."""
        line = f":{self.line_no}" if self.line_no else ""
        return f"{self.file_name}{line}{' ' + self.pointer if self.pointer else ''}"

    def words(self, lang: Language) -> str:
        """Return what is wrong, in one language."""
        return self.words_en if lang == "en" else self.words_zh

    def error(self, pack_id: str) -> PackInvalid:
        """Return the error that says so."""
        return PackInvalid(
            pack_id=pack_id,
            file_name=self.where,
            why=self.words_en,
            why_zh=self.words_zh,
            why_en=self.words_en,
        )


def pointer_of(path: Iterator[Any] | Any) -> str:
    """Return the JSON pointer of a path."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def lines_of(text: str) -> Lines:
    """Return the line of every value of a JSON text that is valid; of a member the line of its name."""
    found: dict[str, int] = {}

    def line(at: int) -> int:
        return text.count("\n", 0, at) + 1

    def skip(at: int) -> int:
        match = SPACE.match(text, at)
        return match.end() if match else at

    def members(at: int, pointer: str) -> int:
        at = skip(at + 1)
        while text[at] != "}":
            begin = at
            name, at = scan_text(text, at + 1)
            at = value(skip(skip(at) + 1), inner := f"{pointer}{pointer_of([name])}")
            found[inner] = line(begin)
            at = skip(at)
            at = skip(at + 1) if text[at] == "," else at
        return at + 1

    def items(at: int, pointer: str) -> int:
        at, n = skip(at + 1), 0
        while text[at] != "]":
            at = skip(value(at, f"{pointer}/{n}"))
            n += 1
            at = skip(at + 1) if text[at] == "," else at
        return at + 1

    def value(at: int, pointer: str) -> int:
        found[pointer] = line(at)
        if text[at] == "{":
            return members(at, pointer)
        if text[at] == "[":
            return items(at, pointer)
        if text[at] == '"':
            return int(scan_text(text, at + 1)[1])
        match = SCALAR.match(text, at)
        return match.end() if match else at + 1

    value(skip(0), "")
    return found


def line_of(lines: Lines, pointer: str) -> int:
    """Return the line of a pointer, or of the nearest value around it."""
    while pointer and pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer, 0)


def toml_line(text: str, key: str) -> int:
    """Return the line on which a key of a TOML text stands; 0 where it does not."""
    pattern = re.compile(rf'^\s*(?:\[+\s*)?"?{re.escape(key)}"?\s*(?:=|\])', re.MULTILINE)
    match = pattern.search(text)
    return text.count("\n", 0, match.end()) + 1 if match else 0


def toml_fault(file_name: str, error: Exception) -> Fault:
    """Return the fault of a TOML text that cannot be read."""
    said = str(error)
    at = AT_LINE.search(said)
    return Fault(
        file_name, f"不是有效的 TOML：{said}", f"it is not TOML: {said}", line_no=int(at[1]) if at else 0
    )
