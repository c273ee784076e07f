"""Seeded draws: every part of the synthetic city has its own stream, so that changing one leaves the others."""

import math
import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BUFFER_N = 4096


def generator(seed: int, part: str) -> np.random.Generator:
    """Return the stream of one part of the city; the same seed and part give the same stream for ever."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(part.encode())]))


class Draws:
    """Single draws from a stream, taken from a buffer because one call of NumPy a draw is slow."""

    def __init__(self, seed: int, part: str) -> None:
        self._generator = generator(seed, part)
        self._buffer: list[float] = []

    def share(self) -> float:
        """Return a number in [0, 1)."""
        if not self._buffer:
            self._buffer = self._generator.random(BUFFER_N).tolist()
        return self._buffer.pop()

    def chance(self, p_ratio: float) -> bool:
        """Return True with that probability."""
        return self.share() < p_ratio

    def between(
        self,
        low: float,  # no unit: draws of any quantity
        high: float,  # no unit: draws of any quantity
    ) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number in low … high, both included."""
        return low + int(self.share() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, all alike."""
        return items[int(self.share() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of the items, by weight."""
        left = self.share() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def spread(
        self,
        median: float,  # no unit: draws of any quantity
        sigma: float,  # no unit: of a logarithm
    ) -> float:
        """Return a log-normal number with that median; ``sigma`` is the deviation of its logarithm."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.share()))
        return median * math.exp(sigma * radius * math.cos(2.0 * math.pi * self.share()))
