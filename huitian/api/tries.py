"""Limits on how often something may be tried, in memory: they begin anew when the server does."""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from huitian.errors import TooManyRequests

MOST_KEYS = 50_000
"""Keys that are remembered; the one that tried longest ago is forgotten first."""


class Tries:
    """A sliding window a key.

    Args:
        most: Tries that are let through within the window.
        window_s: Length of the window.
        now_s: Seconds of a steady clock.
    """

    def __init__(self, most: int, window_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._most, self._window_s, self._now_s = most, window_s, now_s
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, key: str) -> None:
        """Count a try.

        Raises:
            TooManyRequests: The key has no try left; this one is not counted.
        """
        with self._lock:
            own = self._own(key)
            self._refuse(own)
            own.append(self._now_s())
            while len(self._tries) > MOST_KEYS:
                self._tries.popitem(last=False)

    def check(self, key: str) -> None:
        """Refuse a key that has no try left, without counting.

        Raises:
            TooManyRequests: It has none.
        """
        with self._lock:
            if key in self._tries:
                self._refuse(self._own(key))

    def forget(self, key: str) -> None:
        """Give a key all its tries back."""
        with self._lock:
            self._tries.pop(key, None)

    def give_back(self, key: str) -> None:
        """Give a key its last try back."""
        with self._lock:
            if self._tries.get(key):
                self._tries[key].pop()

    def _own(self, key: str) -> deque[float]:
        own = self._tries.setdefault(key, deque())
        self._tries.move_to_end(key)
        oldest_s = self._now_s() - self._window_s
        while own and own[0] <= oldest_s:
            own.popleft()
        return own

    def _refuse(self, own: deque[float]) -> None:
        if len(own) >= self._most:
            left_s = own[0] + self._window_s - self._now_s()
            raise TooManyRequests(retry_after_s=max(1, math.ceil(left_s)))
