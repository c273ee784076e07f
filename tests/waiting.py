"""Waiting for what comes soon: generously, and failing with the words of who waits."""

import time
from collections.abc import Callable

WAIT_S = 60.0


def until(is_so: Callable[[], object], words: str) -> None:
    """Wait until something is so.

    Args:
        is_so: Asked again and again.
        words: What a failure says.
    """
    end_s = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end_s, words
        time.sleep(0.02)
