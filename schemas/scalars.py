"""Checking the plain values of a recipe: each function gives the value or says where it is wrong, and how.

What keys there are and what they mean is `recipe.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import RecipeError
from .model import Value
from .moment import read_duration
from .route import nearest


def mapping(data: Any, where: str) -> Mapping[str, Any]:
    """A table."""
    if not isinstance(data, Mapping):
        raise RecipeError(f"{where}: {data!r} is no table; write {{ key = value }}")
    return data


def known_keys(data: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Refuse keys that are not known; names the nearest one that is."""
    for key in data:
        if key not in known:
            raise RecipeError(f"{where}: there is no key {key!r}{nearest(str(key), list(known))}")


def string(data: Any, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(data, str) or not data:
        raise RecipeError(f"{where}: {data!r} is no text")
    return str(data)


def number(data: Any, where: str, low: float | None = None, high: float | None = None) -> float:
    """A number of low .. high."""
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise RecipeError(f"{where}: {data!r} is no number")
    if (low is not None and data < low) or (high is not None and data > high) or data != data:  # noqa: PLR0124 - NaN
        raise RecipeError(f"{where}: {data!r} is out of range")
    return data


def integer(data: Any, where: str, low: int | None = None) -> int:
    """A whole number."""
    if isinstance(data, bool) or not isinstance(data, int):
        raise RecipeError(f"{where}: {data!r} is no whole number")
    number(data, where, low)
    return int(data)


def duration(data: Any, where: str) -> int:
    """The seconds of a duration that is not negative."""
    try:
        seconds = read_duration(string(data, where))
    except ValueError as error:
        raise RecipeError(f"{where}: {error}") from None
    if seconds < 0:
        raise RecipeError(f"{where}: {data!r} must not be negative")
    return seconds


def scalar(data: Any, where: str) -> Value:
    """A TOML scalar as a plain value: subclasses of text and number become the plain type, dates text."""
    if data is None or isinstance(data, bool):
        return data
    for kind in (int, float, str):
        if isinstance(data, kind):
            return kind(data)
    text = getattr(data, "isoformat", None)
    if callable(text):
        return str(text()).replace("T", " ")
    raise RecipeError(f"{where}: {data!r} is neither text nor number")


def pair(data: Any, where: str) -> tuple[Any, Any]:
    """The two ends of a range."""
    if not isinstance(data, Sequence) or isinstance(data, str) or len(data) != 2:
        raise RecipeError(f"{where}: {data!r}; write [low, high]")
    low, high = (scalar(value, where) for value in data)
    return low, high
