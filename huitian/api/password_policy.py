"""What a password may not be: too short, the name of its account, or one that everybody tries first."""

import re
import unicodedata

from huitian.errors import InvalidInput

BASES = frozenset(
    word
    for line in (
        "password passwort passwd pass mima kouling admin administrator root guest user test tester demo huitian",
        "city citybrain brain login welcome letmein hello secret changeme default master manager operator system",
        "server qwerty qwertyuiop qwert asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc wasd abc abcd abcde",
        "abcdef",
        "abcdefg iloveyou woaini woainima aini sunshine princess dragon monkey football superman batman shadow michael",
        "beijing shanghai guangzhou shenzhen china zhongguo zhonghua zaixian haian jiedao shequ wangge chengshi",
        "google baidu tencent alibaba huawei xiaomi weixin wechat taobao alipay computer internet windows",
        "spring summer autumn winter january february march april monday friday",
    )
    for word in line.split()
)
"""Words that passwords are made of which everybody tries first; our own list."""
ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb",
)
"""Rows of keys and letters; any run of them counts as one word."""
SPOKEN = str.maketrans("@4301!|$57", "aaeoiiisst")
"""Signs that stand for letters."""
ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
LONGEST = 1024
KEPT_CHARS = 4
"""What has to be left once the common words are taken out."""


def check_password(
    password: str, least_chars: int, user_name: str = "", *, may_be_common: bool = False
) -> None:
    """Refuse a password that others guess.

    Args:
        password: The password.
        least_chars: Characters that it needs.
        user_name: Name of its account, which it may not hold.
        may_be_common: Whether a common one is taken all the same.

    Raises:
        InvalidInput: It is too short or too long, holds the name, or is one that everybody tries first.
    """
    if len(password) < least_chars:
        raise refused(f"至少 {least_chars} 个字符", f"at least {least_chars} characters")
    if len(password) > LONGEST:
        raise refused(f"最多 {LONGEST} 个字符", f"at most {LONGEST} characters")
    plain, name = folded(password), folded(user_name)
    if len(name) >= 3 and (name in plain or name[::-1] in plain):
        raise refused("不能含有登录名", "not with the user name in it")
    if not may_be_common and is_common(password):
        raise refused("这个口令太常见，请换一个别人猜不到的", "too common: take one that nobody guesses")


def is_common(password: str) -> bool:
    """Return whether a password is made of what everybody tries first: common words, runs of keys, one sign again."""
    plain = folded(password)
    if len(set(plain)) < KEPT_CHARS or is_repeated(plain):
        return True
    if re.fullmatch(r"1[3-9]\d{9}|(19|20)\d{6}|[\d\W_]+", plain):
        return True
    return any(len(left(words)) < KEPT_CHARS for words in (plain, plain.translate(SPOKEN)))


def left(words: str) -> str:
    """Return what is left of a password without common words, runs of keys, and digits and signs at its ends."""
    for row in ROWS:
        for run in (row, row[::-1]):
            for n in range(len(run), 3, -1):
                for at in range(len(run) - n + 1):
                    words = words.replace(run[at : at + n], " ")
    for base in sorted(BASES, key=len, reverse=True):
        words = words.replace(base, " ")
    return "".join(ENDS.sub("", part) for part in words.split())


def is_repeated(words: str) -> bool:
    """Return whether some words are a short one again and again."""
    return any(
        len(words) >= 2 * n and words == (words[:n] * (len(words) // n + 1))[: len(words)]
        for n in range(1, 5)
    )


def folded(words: str) -> str:
    """Return words without case and width."""
    return unicodedata.normalize("NFKC", words).casefold().strip()


def refused(why_zh: str, why_en: str) -> InvalidInput:
    """Return the error, in both languages."""
    return InvalidInput(field="password", why=why_en, why_zh=why_zh, why_en=why_en)
