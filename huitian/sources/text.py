"""Text files: which encoding one is in, and reading it without losing a byte that is not.

A byte that does not belong to the encoding is kept as a lone surrogate (PEP 383), so that the one row that has
it can be rejected and shown, and the rest of the file goes on.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from huitian.errors import FileUnreadable

ENCODINGS = ("auto", "utf-8", "gb18030", "big5", "utf-16", "latin-1")
"""What the option ``encoding`` takes; ``auto`` tells the first four apart."""
LONE = re.compile("[\udc80-\udcff]")
"""A byte that could not be read."""

_PIECE = 1 << 20
_SAMPLE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb18030": "gb18030", "big5": "big5",
            "cp950": "big5", "big5hkscs": "big5", "hz": "gb18030"}  # fmt: skip
_MOST_BAD_RATIO = 0.02
"""A file is in an encoding if at most this part of what is not ASCII cannot be read in it: exports are cut
in the middle of a character, or pasted together from two systems."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text file reads in one encoding.

    Attributes:
        encoding: The encoding.
        n_bad: Bytes that cannot be read.
        n_wide: Characters outside ASCII that can.
    """

    encoding: str
    n_bad: int
    n_wide: int

    @property
    def bad_ratio(self) -> float:
        """Part of what is not ASCII that cannot be read, 0–1; 0 for plain ASCII."""
        return self.n_bad / max(1, self.n_bad + self.n_wide)


def encoding_of(path: Path, wanted: str = "auto") -> str:
    """Return the codec to read a text file with.

    A byte order mark decides. Without one and without a wish, a file is UTF-8 if it reads as UTF-8 (which no
    other text does by chance), else GB18030 or Big5, whichever ``charset-normalizer`` finds and the file reads
    as; nothing is guessed beyond these.

    Args:
        path: The file.
        wanted: One of ``ENCODINGS``.

    Raises:
        FileUnreadable: The file is empty, does not read in the encoding that was asked for, or in none.
    """
    start = head_of(path)
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    if wanted not in {"auto", "utf-16"} or (wanted == "utf-16" and marked != "utf-16"):
        codec = "utf-8-sig" if wanted == "utf-8" and marked == "utf-8-sig" else wanted
        found = read_through(path, codec)
        if found.bad_ratio > _MOST_BAD_RATIO:
            other = _detected(path, start) or "?"
            raise FileUnreadable(
                file_name=path.name,
                why_zh=f"映射说是 {wanted}，但有 {found.n_bad} 个字节不是；看起来是 {other}。",
                why_en=f"the mapping says {wanted}, but {found.n_bad} bytes are not; it looks like {other}.",
            )
        return codec
    codec = marked or _detected(path, start) or ""
    if not codec:
        raise FileUnreadable(
            file_name=path.name,
            why_zh="既不是 UTF-8，也不是 GB18030 或 Big5；可能不是文本文件。请另存为 UTF-8，或在映射里写 encoding。",
            why_en="it is neither UTF-8 nor GB18030 nor Big5, and may not be text. "
            "Save it as UTF-8, or say encoding in the mapping.",
        )
    return codec


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file that has some.

    Raises:
        FileUnreadable: It is missing, may not be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        why_zh = "没有这个文件。" if missing else f"打不开（{error.strerror}）。"
        why_en = "there is no such file." if missing else f"it cannot be opened ({error.strerror})."
        raise FileUnreadable(file_name=path.name, why_zh=why_zh, why_en=why_en) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileUnreadable(
            file_name=path.name,
            reason_code="empty_file",
            why_zh="文件是空的，没有一行数据。",
            why_en="it is empty: it has no row.",
        )
    return start


def read_through(path: Path, encoding: str) -> Reading:
    """Return how a whole file reads in an encoding, piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
    n_bad = n_wide = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            words = decoder.decode(piece)
            if not words.isascii():
                bad = len(LONE.findall(words))
                n_bad += bad
                n_wide += sum(1 for sign in words if sign > "\x7f") - bad
        n_bad += len(LONE.findall(decoder.decode(b"", final=True)))
    return Reading(encoding, n_bad, n_wide)


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a text file so that line ends and unreadable bytes stay as they are."""
    return path.open("r", encoding=encoding, errors="surrogateescape", newline="")


def _detected(path: Path, start: bytes) -> str | None:
    if b"\0" in start:
        return None
    if read_through(path, "utf-8").bad_ratio <= _MOST_BAD_RATIO:
        return "utf-8"
    from charset_normalizer import from_bytes

    # The sample is cut where a line ends, so that no character is cut in two.
    best = from_bytes(start[: start.rfind(b"\n") + 1] or start).best()
    likely = _CHINESE.get(best.encoding) if best else None
    for codec in dict.fromkeys((likely, "gb18030")):
        if codec is not None:
            found = read_through(path, codec)
            if found.bad_ratio <= _MOST_BAD_RATIO and (codec == likely or _is_chinese(path, codec)):
                return codec
    return None


def _is_chinese(path: Path, encoding: str) -> bool:
    """Return whether what reads in a Chinese encoding is mostly everyday characters (GB 2312, level 1).

    GB18030 reads almost any bytes; text of another encoding comes out as characters nobody uses.
    """
    with open_text(path, encoding) as file:
        words = [sign for sign in file.read(_SAMPLE) if sign > "\x7f"]
    everyday = 0
    for sign in words:
        coded = sign.encode("gb2312", errors="ignore")
        everyday += bool(coded) and coded[0] <= 0xD7
    return bool(words) and everyday / len(words) > 0.8
