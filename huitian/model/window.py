"""How often something may be tried."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """A sliding window of one key.

    Attributes:
        key_hash: Who tries what; not to be read back.
        most: Tries that are let through within the window.
        length: Its length.
    """

    key_hash: str
    most: int
    length: timedelta
