"""What points to a person inside a text: phones, identity numbers, bank cards, plates, mail addresses.

Numbers are looked for in the text as it reads, not as it is typed: full-width digits count as digits, and up to
two spaces, hyphens, dots or unseen characters may stand between digits. Every pattern is bounded, so the time is
linear in the length of the text. Four stars on either side mark what was masked before: its ends are not taken
for the beginning of another number.
"""

import re
import unicodedata
from collections.abc import Callable

SEPARATOR = "[\\s\\-._·/\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]{0,2}"
ONE_SEPARATOR = SEPARATOR.replace("{0,2}", "?")
BEGIN, END = r"(?<!\d)(?<!\*{4})(?<!\d\d\.)", r"(?!\d|\*{4})"
COUNTRY = rf"(?P<country>[(]?(?:\+|00)?86[)]?{SEPARATOR})"

PHONE = re.compile(rf"{BEGIN}{COUNTRY}?(?P<number>1\d{{10}}|1{SEPARATOR}[3-9](?:{SEPARATOR}\d){{9}}){END}")
LANDLINE = re.compile(
    rf"{BEGIN}(?:(?P<area>010|02\d|0[3-9]\d\d)|{COUNTRY}[(]?0?(?P<short>10|2\d|[3-9]\d\d))[)]?{SEPARATOR}"
    rf"\d{{3,4}}{SEPARATOR}(?P<last>\d{{4}}){END}"
)
DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
ID_NUMBER = re.compile(
    rf"{BEGIN}(?:\d{{17}}[\dXx]"
    rf"|[1-9]\d{{5}}{SEPARATOR}(?:18|19|20)\d\d{SEPARATOR}{DAY}{SEPARATOR}\d{{3}}{ONE_SEPARATOR}[\dXx]"
    rf"|[1-9]\d{{5}}{ONE_SEPARATOR}\d\d{DAY}{ONE_SEPARATOR}\d{{3}}){END}"
)
CARD = re.compile(
    rf"{BEGIN}(?:\d{{16,19}}|\d{{4}}(?:{ONE_SEPARATOR}\d{{4}}){{3}}(?:{ONE_SEPARATOR}\d{{1,3}})?){END}"
)
PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼测][A-Z])[·\s]?[A-Z0-9]{2,3}([A-Z0-9]{3})"
)
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")

SOMETHING = re.compile(r"[\dA-Z@]")
"""What every pattern needs at least one of."""

Masked = Callable[[re.Match[str]], str | None]
"""Returns what is shown instead of a match; None leaves it."""


def _flat() -> dict[int, str]:
    """Return characters that read as one other character (NFKC): full-width, raised, circled, styled."""
    blocks = ((0x2070, 0x20A0), (0x2460, 0x2500), (0x3000, 0x3001), (0xFF00, 0xFFF0), (0x1D7CE, 0x1D800))
    read = {c: unicodedata.normalize("NFKC", chr(c)) for first, end in blocks for c in range(first, end)}
    return {c: plain for c, plain in read.items() if len(plain) == 1 and plain != chr(c)}


FLAT = _flat()


def replaced(words: str, pattern: re.Pattern[str], shown: Masked) -> str:
    """Return a text with every match replaced, looked for in the text as it reads; the rest stays as typed."""
    flat = words.translate(FLAT)
    done, kept, at = [], 0, 0
    while found := pattern.search(flat, at):
        instead = shown(found)
        if instead is None:
            at = found.start() + 1
            continue
        done += [words[kept : found.start()], instead]
        kept = at = found.end()
    return "".join((*done, words[kept:]))


def digits(text: str) -> str:
    """Return the digits of a text, and a closing X."""
    return "".join(c for c in text.upper() if c.isdecimal() or c == "X")


def phones(words: str) -> str:
    """Mask mobile phones and landlines: ``138****5678``, ``010-****4567``."""
    return replaced(replaced(words, PHONE, _mobile), LANDLINE, _landline)


def _mobile(found: re.Match[str]) -> str:
    number = digits(found["number"])
    return f"{found['country'] or ''}{number[:3]}****{number[-4:]}"


def _landline(found: re.Match[str]) -> str:
    return f"{found['area'] or found['country'] + found['short']}-****{found['last']}"


def identity_numbers(words: str) -> str:
    """Mask identity numbers of 18 and of 15 characters: three and four are kept."""
    return replaced(words, ID_NUMBER, _identity)


def _identity(found: re.Match[str]) -> str:
    number = digits(found[0])
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def cards(words: str) -> str:
    """Mask bank cards, which are told by their check digit: the last four are kept."""
    return replaced(words, CARD, _card)


def _card(found: re.Match[str]) -> str | None:
    number = digits(found[0])
    doubled = [int(c) * (1 + n % 2) for n, c in enumerate(reversed(number))]
    if sum(n - 9 if n > 9 else n for n in doubled) % 10:
        return None
    return f"{'*' * (len(number) - 4)}{number[-4:]}"


def free_text(words: str) -> str:
    """Mask all that points to a person inside a text."""
    # Most letters have nothing of the kind, and are looked through once instead of six times.
    if not SOMETHING.search(words.translate(FLAT)):
        return words
    words = phones(cards(identity_numbers(words)))
    words = replaced(words, PLATE, lambda found: f"{found[1]}·**{found[2]}")
    return replaced(words, EMAIL, lambda found: f"{found[1]}***@{found[2]}")
