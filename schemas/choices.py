"""Choices among listed values, evenly or the first more often."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Value
from .sources import Choice


def evenly(values: Sequence[Value]) -> tuple[tuple[Value, ...], tuple[float, ...]]:
    """The values, and a weight of 1 for each."""
    return tuple(values), tuple(1.0 for _ in values)


def falling(values: Sequence[Value], power: float = 0.7) -> Choice:
    """A choice in which the first is the most frequent: the weight of a rank is rank ** -power."""
    return Choice(tuple(values), tuple((rank + 1) ** -power for rank in range(len(values))))
