"""Synthetic identifiers, invalid on purpose so that none can be somebody's (domain 06 §4).

Persons use district 990000 and a check digit one place too far in the table, phones begin with 120, enterprises
use 91990000 and a wrong check character.
"""

import numpy as np
import numpy.typing as npt

ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_CHECKS = "10X98765432"
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def id_check(first: str) -> str:
    """Return the true check digit of the first 17 digits of a citizen number (GB 11643, ISO 7064 MOD 11-2)."""
    return ID_CHECKS[sum(int(d) * int(w) for d, w in zip(first, ID_WEIGHTS, strict=True)) % 11]


def uscc_check(first: str) -> str:
    """Return the true check character of the first 17 of a social credit code (GB 32100)."""
    total = sum(USCC_SIGNS.index(sign) * weight for sign, weight in zip(first, USCC_WEIGHTS, strict=True))
    return USCC_SIGNS[(31 - total % 31) % 31]


def synthetic_uscc(n: int) -> str:
    """Return social credit code number n, with a wrong check character."""
    first = f"91990000MA{n:07d}"
    return first + USCC_SIGNS[(USCC_SIGNS.index(uscc_check(first)) + 1) % 31]


def synthetic_phone(n: int) -> str:
    """Return phone number n: 11 digits from 120, which no mobile phone has."""
    return f"120{n % 100_000_000:08d}"


def synthetic_ids(birthdays: npt.NDArray[np.datetime64], is_male: npt.NDArray[np.bool_]) -> list[str]:
    """Return citizen numbers of district 990000, one a person, with a wrong check digit.

    Persons with the same birthday and sex get rising odd (male) or even sequence numbers.
    """
    group = birthdays.astype("datetime64[D]").astype(np.int64) * 2 + is_male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    sequence = (rank * 2 + is_male) % 1000
    months = birthdays.astype("datetime64[M]")
    day = (birthdays.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = months.astype(np.int64)
    days = ((month // 12 + 1970) * 100 + month % 12 + 1) * 100 + day
    number = 990_000 * 10**11 + days * 1000 + sequence
    digits = number[:, None] // 10 ** np.arange(16, -1, -1) % 10
    wrong = (digits @ ID_WEIGHTS + 1) % 11
    return [
        f"{first}{ID_CHECKS[check]}" for first, check in zip(number.tolist(), wrong.tolist(), strict=True)
    ]
