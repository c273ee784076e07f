"""Follow codes: what the writer of a letter needs, besides its number, to follow and rate it.

The code is ``HMAC(secret of the store, case id)``, so the same letter sent twice is answered with the same code
though the store keeps only a hash of it. Eight characters of 31 are 8.5e11 codes; the API limits tries.
"""

import hashlib
import hmac
import secrets

from huitian.base.planner import Planner
from huitian.cases.parts import Reads
from huitian.engine.ports import Writing
from huitian.model.query import Condition, Query

SECRET = "follow_code_secret"  # noqa: S105 (its name, not the secret)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that are taken for one another: 0 O, 1 I L."""
LENGTH = 8


def secret_of(reads: Reads, planner: Planner) -> bytes | None:
    """Return the secret of the store; None before the first letter."""
    query = Query("city_fact", (Condition("fact", "eq", SECRET),), limit=1)
    rows = reads.read(planner.system("city_fact"), query).rows
    return bytes.fromhex(rows[0]["told"]) if rows else None


def made_secret(writing: Writing, planner: Planner) -> bytes:
    """Return the secret of the store, made in this transaction where there is none."""
    found = secret_of(writing, planner)
    if found is None:
        found = secrets.token_bytes(32)
        if not writing.add("city_fact", [{"fact": SECRET, "told": found.hex()}]).n_written:
            # Two first letters at once: the other one's secret is kept, and codes must be of that.
            found = secret_of(writing, planner)
            assert found is not None  # noqa: S101
    return found


def follow_code(secret: bytes, case_id: str) -> str:
    """Return the code of a case, like ``7K3M-9QXA``."""
    digits = int.from_bytes(hmac.digest(secret, f"follow:{case_id}".encode(), "sha256"), "big")
    letters = []
    for _ in range(LENGTH):
        digits, letter = divmod(digits, len(LETTERS))
        letters.append(LETTERS[letter])
    code = "".join(letters)
    return f"{code[:4]}-{code[4:]}"


def code_hash(secret: bytes, code: str) -> str:
    """Return what the store keeps of a code; blanks, hyphens and small letters do not matter."""
    plain = "".join(c for c in code.upper() if c.isascii() and c.isalnum())
    return hmac.new(secret, f"kept:{plain}".encode(), hashlib.sha256).hexdigest()


def is_code(secret: bytes | None, code: str, kept: str | None) -> bool:
    """Return whether a code belongs to a kept hash, in a time that does not depend on either."""
    told = code_hash(secret or b"none", code)
    return hmac.compare_digest(told, kept or "none") and secret is not None
