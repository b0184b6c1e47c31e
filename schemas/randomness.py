"""Counter-based randomness: a draw is a hash of (seed, names, row), never the next of a sequence.

So a column's values depend on nothing but its own name and the row's index, and
tables and columns can be added, left out or computed in another order without
changing the rest. There is no generator object with state here, and no `random`.

Every draw can be asked for one row or for an array of rows, and is the same number either way.
The hash of a row is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; constants of Stafford's variant
13), started at a place that only the seed and the names decide.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from .model import Value

Indices = NDArray[np.int64]
"""Row indices."""

_TABLED = 4096
"""Ranges up to this width are drawn from an exact table of probabilities."""
_MASK = 2**64 - 1
_ROW, _SALT = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Stream:
    """The draws of one purpose, addressed by index.

    Args:
        seed: The row seed.
        names: What the draws are for, such as a table and a column.
    """

    __slots__ = ("_start",)

    def __init__(self, seed: int, *names: str) -> None:
        digest = blake2b(json.dumps([seed, *names]).encode(), digest_size=8).digest()
        self._start = int.from_bytes(digest, "little")

    def bits(self, index: int, salt: int = 0) -> int:
        """64 bits for `index`; another `salt` gives an independent draw for the same index."""
        z = (self._start + index * _ROW + salt * _SALT) & _MASK
        z = ((z ^ (z >> 30)) * _FIRST) & _MASK
        z = ((z ^ (z >> 27)) * _SECOND) & _MASK
        return z ^ (z >> 31)

    def unit(self, index: int, salt: int = 0) -> float:
        """A float in [0, 1)."""
        return float(self.bits(index, salt) >> 11) * 2.0**-53

    def below(self, limit: int, index: int, salt: int = 0) -> int:
        """An integer in [0, limit)."""
        return (self.bits(index, salt) * limit) >> 64

    def many_bits(self, indices: Indices, salt: int = 0) -> NDArray[np.uint64]:
        """`bits` for each of `indices`."""
        z = indices.astype(np.uint64) * np.uint64(_ROW) + np.uint64((self._start + salt * _SALT) & _MASK)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
        return z ^ (z >> np.uint64(31))

    def units(self, indices: Indices, salt: int = 0) -> NDArray[np.float64]:
        """`unit` for each of `indices`."""
        return (self.many_bits(indices, salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def belows(self, limit: int, indices: Indices, salt: int = 0) -> NDArray[np.int64]:
        """`below` for each of `indices`."""
        bits = self.many_bits(indices, salt)
        if limit >= 2**31:
            return np.array([(found * limit) >> 64 for found in bits.tolist()], np.int64)
        # The upper half of a product of 64 and 31 bits, in two halves that do not overflow.
        high, low = bits >> np.uint64(32), bits & np.uint64(0xFFFFFFFF)
        width = np.uint64(limit)
        return ((high * width + ((low * width) >> np.uint64(32))) >> np.uint64(32)).astype(np.int64)

    def order(self, size: int) -> list[int]:
        """A permutation of range(size)."""
        found: list[int] = np.argsort(self.many_bits(np.arange(size)), kind="stable").tolist()
        return found


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

    def many(self, units: NDArray[np.float64]) -> NDArray[np.int64]:
        """`at` for each of `units`."""
        found = np.searchsorted(self._edges, units * self._total, side="right")
        return np.minimum(found, len(self._edges) - 1)


class Skewed:
    """Integers of [low, high] with a given mean and a long tail to the right (or left, for a high mean).

    The value is floor(low + n * u^a) for n = high - low + 1 and u uniform, which
    is a discretised Beta(1/a, 1); `a` is found by bisection so that the mean fits.
    """

    __slots__ = ("_power", "_width", "high", "low", "mean")

    def __init__(self, low: int, high: int, mean: float) -> None:
        self.low, self.high = low, high
        self._width = high - low + 1
        self._power = _power_for(low, self._width, mean)
        self.mean = _mean(low, self._width, self._power)

    def at(self, unit: float) -> int:
        """The value that `unit` in [0, 1) falls on."""
        return self.low + min(int(self._width * unit**self._power), self._width - 1)

    def many(self, units: NDArray[np.float64]) -> NDArray[np.int64]:
        """`at` for each of `units`."""
        return self.low + np.minimum((self._width * powers(units, self._power)).astype(np.int64), self._width - 1)


@cache
def _power_for(low: int, width: int, mean: float) -> float:
    least, most = 0.002, 200.0
    for _ in range(60):
        power = (least * most) ** 0.5
        if _mean(low, width, power) > mean:
            least = power
        else:
            most = power
    return float((least * most) ** 0.5)


def _mean(low: int, width: int, power: float) -> float:
    if width > _TABLED:
        return low + width / (power + 1) - 0.5
    below = sum(float((step / width) ** (1 / power)) for step in range(1, width))
    return low + (width - 1) - below


def powers(units: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """`units ** power`, to the last bit what Python makes of each: NumPy's own power may differ in it."""
    return np.array([unit**power for unit in units.tolist()], np.float64)


def lean(unit: float) -> float:
    """`unit ** 1.5`: nearer to 0. Made of what every machine rounds alike, so that arrays give the same."""
    return unit * math.sqrt(unit)


def leans(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """`lean` for each of `units`."""
    return units * np.sqrt(units)


def picked(entries: Sequence[Value], places: Indices) -> list[Value]:
    """The entries at `places`."""
    known = np.empty(len(entries), object)
    known[:] = entries
    found: list[Value] = known[places].tolist()
    return found
