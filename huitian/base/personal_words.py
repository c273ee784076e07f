"""What points to a person inside a text: phones, identity numbers, bank cards, plates, mail addresses, names.

Numbers are looked for in the text as it reads, not as it is typed: full-width and Chinese digits count as digits, and
up to two spaces, hyphens, dots or unseen characters may stand between digits; between the parts of a phone a few words
as one speaks them, too. Every pattern is bounded, so the time is
linear in the length of the text. Four stars on either side mark what was masked before: its ends are not taken
for the beginning of another number.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from huitian.base.personal_names import names

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
PAUSE = (
    rf"(?:{SEPARATOR}|[\s，,、。．;；:：—~～|*#（）()]{{0,3}}"
    r"(?:转|再|然后|接着|后面是?|中间是?|最后是?|后四位是?|后八位是?|尾号是?|空格|横杠|杠)?[\s，,、:：]{0,2})"
)
"""What one says or writes between the parts of a phone."""
SPOKEN = re.compile(
    rf"{BEGIN}{COUNTRY}?(?P<number>1{ONE_SEPARATOR}[3-9]{ONE_SEPARATOR}\d{PAUSE}\d{ONE_SEPARATOR}\d{ONE_SEPARATOR}\d"
    rf"{ONE_SEPARATOR}\d{PAUSE}\d{ONE_SEPARATOR}\d{ONE_SEPARATOR}\d{ONE_SEPARATOR}\d){END}"
)
PLATE = re.compile(
    rf"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼测]){ONE_SEPARATOR}([A-Za-z])(?![A-Za-z]{{6}})"
    rf"{SEPARATOR}(?:[A-Za-z0-9]{ONE_SEPARATOR}){{2,3}}((?:[A-Za-z0-9]{ONE_SEPARATOR}){{2}}[A-Za-z0-9])(?![A-Za-z0-9])"
)
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")

NUMERALS = dict(
    zip(map(ord, "零〇○一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖"), "00011223456789123456789", strict=True)
)
"""Chinese digits, as one speaks and writes them."""
SOMETHING = re.compile(r"[\dA-Za-z@]")
SPOKEN_DIGITS = re.compile(
    rf"[零〇○一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖\d](?:{SEPARATOR}[零〇○一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖\d]){{2}}"
)
"""What the patterns need at least one of; of Chinese digits three together, for one or two stand in every letter."""

Masked = Callable[[re.Match[str]], str | None]
"""Returns what is shown instead of a match; None leaves it."""


def _flat() -> dict[int, str]:
    """Return characters that read as one other character (NFKC): full-width, raised, circled, styled."""
    blocks = ((0x2070, 0x20A0), (0x2460, 0x2500), (0x3000, 0x3001), (0xFF00, 0xFFF0), (0x1D7CE, 0x1D800))
    read = {c: unicodedata.normalize("NFKC", chr(c)) for first, end in blocks for c in range(first, end)}
    return {c: plain for c, plain in read.items() if len(plain) == 1 and plain != chr(c)}


FLAT = _flat()
ALOUD = FLAT | NUMERALS
"""Chinese digits read as digits, too."""


def replaced(words: str, pattern: re.Pattern[str], shown: Masked, read: Mapping[int, str] = FLAT) -> str:
    """Return a text with every match replaced, looked for in the text as it reads; the rest stays as typed."""
    flat = words.translate(read)
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


def plates(words: str, read: Mapping[int, str] = FLAT) -> str:
    """Mask plates: ``京A·**B12``."""
    return replaced(words, PLATE, _plate, read)


def _plate(found: re.Match[str]) -> str | None:
    last = "".join(c for c in found[3].upper() if c.isascii() and c.isalnum())
    # A word of Latin letters is none: every plate has digits.
    return f"{found[1]}{found[2].upper()}·**{last}" if any(c.isdigit() for c in found[0]) else None


def aloud(words: str) -> str:
    """Mask what is written in Chinese digits: phones, landlines, identity numbers, plates."""
    words = replaced(words, ID_NUMBER, _identity, ALOUD)
    words = replaced(replaced(words, SPOKEN, _mobile, ALOUD), PHONE, _mobile, ALOUD)
    return plates(replaced(words, LANDLINE, _landline, ALOUD), ALOUD)


def free_text(words: str) -> str:
    """Mask all that points to a person inside a text."""
    # Most letters have nothing of the kind, and are looked through a few times instead of a dozen.
    flat = words.translate(FLAT)
    if SOMETHING.search(flat):
        words = phones(replaced(cards(identity_numbers(words)), SPOKEN, _mobile))
        words = replaced(plates(words), EMAIL, lambda found: f"{found[1]}***@{found[2]}")
    if SPOKEN_DIGITS.search(flat):
        words = aloud(words)
    return names(words)
