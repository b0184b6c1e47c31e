"""Counter-based randomness: a draw is a hash of (seed, names, row), never the next of a sequence.

So a column's values depend on nothing but its own name and the row's index, and
tables and columns can be added, left out or computed in another order without
changing the rest. There is no generator object with state here, and no `random`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate

_TABLED = 4096
"""Ranges up to this width are drawn from an exact table of probabilities."""


class Stream:
    """The draws of one purpose, addressed by index.

    Args:
        seed: The row seed.
        names: What the draws are for, such as a table and a column.
    """

    __slots__ = ("_base",)

    def __init__(self, seed: int, *names: str) -> None:
        self._base = blake2b(json.dumps([seed, *names]).encode(), digest_size=8)

    def bits(self, index: int, salt: int = 0) -> int:
        """64 bits for `index`; another `salt` gives an independent draw for the same index."""
        hashed = self._base.copy()
        hashed.update(index.to_bytes(8, "little") + salt.to_bytes(4, "little"))
        return int.from_bytes(hashed.digest(), "little")

    def unit(self, index: int, salt: int = 0) -> float:
        """A float in [0, 1)."""
        return float(self.bits(index, salt) >> 11) * 2.0**-53

    def below(self, limit: int, index: int, salt: int = 0) -> int:
        """An integer in [0, limit)."""
        return (self.bits(index, salt) * limit) >> 64

    def order(self, size: int) -> list[int]:
        """A permutation of range(size)."""
        return sorted(range(size), key=lambda index: (self.bits(index), index))


class Weighted:
    """Positions of a list, drawn by weight.

    Args:
        weights: Not negative, with a sum above zero.
    """

    __slots__ = ("_edges", "_total")

    def __init__(self, weights: Sequence[float]) -> None:
        self._edges = list(accumulate(weights))
        self._total = self._edges[-1]

    def at(self, unit: float) -> int:
        """The position that `unit` in [0, 1) falls on."""
        return min(bisect_right(self._edges, unit * self._total), len(self._edges) - 1)


class Skewed:
    """Integers of [low, high] with a given mean and a long tail to the right (or left, for a high mean).

    The value is floor(low + n * u^a) for n = high - low + 1 and u uniform, which
    is a discretised Beta(1/a, 1); `a` is found by bisection so that the mean fits.
    """

    __slots__ = ("_power", "_width", "high", "low", "mean")

    def __init__(self, low: int, high: int, mean: float) -> None:
        self.low, self.high = low, high
        self._width = high - low + 1
        least, most = 0.002, 200.0
        for _ in range(60):
            power = (least * most) ** 0.5
            if self._mean(power) > mean:
                least = power
            else:
                most = power
        self._power = (least * most) ** 0.5
        self.mean = self._mean(self._power)

    def _mean(self, power: float) -> float:
        width = self._width
        if width > _TABLED:
            return self.low + width / (power + 1) - 0.5
        below = sum(float((step / width) ** (1 / power)) for step in range(1, width))
        return self.low + (width - 1) - below

    def at(self, unit: float) -> int:
        """The value that `unit` in [0, 1) falls on."""
        return self.low + min(int(self._width * unit**self._power), self._width - 1)
