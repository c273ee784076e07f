"""What a phone keeps its things under, on the wire."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """What a phone seals under.

    Attributes:
        key: 32 bytes in base64; null where the account has no password to make one of.
    """

    key: str | None
