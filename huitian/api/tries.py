"""Limits on how often something may be tried, kept in the store: all workers count together."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from huitian.api.city import City
from huitian.errors import TooManyRequests
from huitian.model.query import Condition, Query
from huitian.model.window import Window

SECRET_FACT = "limit_secret"  # noqa: S105 (its name, not the secret)


def now_utc() -> datetime:
    """Return the time of the machine: limits do not run faster where a demo city does."""
    return datetime.now(UTC)


class Tries:
    """A sliding window a key.

    Args:
        city: Whose store counts.
        name: What is tried.
        most: Tries that are let through within the window.
        window_s: Length of the window.
        now: The time.
    """

    def __init__(
        self, city: City, name: str, most: int, window_s: float, now: Callable[[], datetime] = now_utc
    ) -> None:
        self._city, self._name, self._most = city, name, most
        self._length, self._now = timedelta(seconds=window_s), now
        self._secret = b""

    def count(self, key: str) -> None:
        """Count a try.

        Raises:
            TooManyRequests: The key has no try left; this one is not counted.
        """
        count_together((self, key))

    def check(self, key: str) -> None:
        """Refuse a key that has no try left, without counting.

        Raises:
            TooManyRequests: It has none.
        """
        refuse(self._city.engine.tries.left_s(self.window(key), self._now()))

    def forget(self, key: str) -> None:
        """Give a key all its tries back."""
        self._city.engine.tries.give_back([self.window(key).key_hash], [])

    def take_back(self, key: str) -> None:
        """Give a key its last try back."""
        self._city.engine.tries.give_back([], [self.window(key).key_hash])

    def window(self, key: str) -> Window:
        """Return the window of a key; of the key only a keyed hash is in it."""
        told = f"{self._name} {key}".encode(errors="replace")
        hashed = hmac.new(self._own_secret(), told, hashlib.sha256).hexdigest()
        return Window(hashed[:40], self._most, self._length)

    def count_with(self, keys: "tuple[tuple[Tries, str], ...]") -> None:
        """Count a try of several keys, of all or of none; see ``count_together``."""
        refuse(self._city.engine.tries.count([tries.window(key) for tries, key in keys], self._now()))

    def _own_secret(self) -> bytes:
        if not self._secret:
            self._secret = secret_of(self._city)
        return self._secret


def count_together(*keys: tuple[Tries, str]) -> None:
    """Count a try of several keys, of all or of none.

    Raises:
        TooManyRequests: One of them has no try left.
    """
    keys[0][0].count_with(keys)


def refuse(left_s: int) -> None:
    """Refuse where there is time left to wait.

    Raises:
        TooManyRequests: There is.
    """
    if left_s:
        raise TooManyRequests(retry_after_s=left_s)


def secret_of(city: City) -> bytes:
    """Return what the keys of a city are hashed with; it is drawn once, and lies in its store."""
    planner, records = city.planner, city.engine.records
    query = Query("city_fact", (Condition("fact", "eq", SECRET_FACT),), limit=2)
    found = records.read(planner.system("city_fact"), query).rows
    if not found:
        with records.writing() as writing:
            # A process that drew one at the same moment was first; its secret is everybody's.
            writing.add("city_fact", [{"fact": SECRET_FACT, "told": secrets.token_hex(32)}])
        found = records.read(planner.system("city_fact"), query).rows
    return bytes.fromhex(found[0]["told"])
