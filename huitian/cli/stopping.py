"""Ctrl-C, heard once as a wish: what is being written is written to its end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stop_signal() -> Iterator[list[int]]:
    """Turn Ctrl-C into a wish to stop, told by a list that is no longer empty; a second one breaks off."""
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
