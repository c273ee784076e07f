"""How counts of persons and households leave (domain 06 §3): nothing below k, the rest rounded by cell key.

The key of a cell is the sum of the keys of its members, so the same members give the same rounded value in
every cut and every edition, and repeating a question tells nothing more.
"""

import hashlib

STEPS = 1 << 32


def released(n: int, cell_key: int, k: int, round_to: int) -> int | None:
    """Return a protected count as it may be shown; None below ``k``.

    Args:
        n: The true count.
        cell_key: Sum of the members' keys.
        k: Smallest count that may be shown.
        round_to: Step of the rounding; 1 leaves the count as it is.

    Source: cell-key perturbation as in the censuses of the UK and Australia, reduced to unbiased rounding:
    the remainder r of the step is rounded up with probability r / step, decided by the key.
    """
    if n < k:
        return 0 if n == 0 else None
    return rounded(n, cell_key, round_to)


def rounded(n: int, cell_key: int, round_to: int) -> int:
    """Return a count rounded up or down to a multiple, by the key of its members; never down to 0."""
    if n == 0:
        return 0
    whole, remainder = divmod(n, round_to)
    digest = hashlib.blake2b(cell_key.to_bytes(16, "big", signed=True), digest_size=4).digest()
    is_up = int.from_bytes(digest, "big") * round_to < remainder * STEPS
    return max((whole + is_up) * round_to, round_to)
