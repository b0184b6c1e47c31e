"""Dates, times and durations as the recipes and rows write them, as whole seconds since 1970 (UTC).

Nothing here asks what the time is: "now" is always handed in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .model import Value

DAY = 86400
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all is UTC here, and arithmetic without a zone is quicker
NO_MOMENT = -(2**62)
"""Stands for NULL among the seconds of many moments; earlier than all of them."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_DURATION = re.compile(r"([+-]?)(\d+)([smhdwy])")


def read_duration(text: str) -> int:
    """Seconds of "90s", "15m", "6h", "400d", "8w", "2y" (365 days), with an optional sign; ValueError otherwise."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no duration; write a whole number and one of s m h d w y, such as '30d'")
    sign, number, unit = found.groups()
    return (-1 if sign == "-" else 1) * int(number) * _UNITS[unit]


def read_moment(text: str) -> int:
    """Seconds of 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'; ValueError otherwise."""
    since = datetime.fromisoformat(text).replace(tzinfo=None) - _EPOCH
    return since.days * DAY + since.seconds


def read_point(text: str, now: int) -> int:
    """A moment, "now", or a duration counted from `now`; ValueError otherwise."""
    if text == "now":
        return now
    try:
        return now + read_duration(text)
    except ValueError:
        pass
    try:
        return read_moment(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no point in time; write a duration from now ('-30d'), 'now', "
            "'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'"
        ) from None


def write_moment(seconds: int) -> str:
    """'YYYY-MM-DD HH:MM:SS'."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat(" ")


def write_date(seconds: int) -> str:
    """'YYYY-MM-DD'."""
    return write_moment(seconds)[:10]


def read_moments(values: Sequence[Value]) -> NDArray[np.int64]:
    """The seconds of many dates and timestamps in their stored form; `NO_MOMENT` for None."""
    days: dict[str, int] = {}
    out = np.empty(len(values), np.int64)
    for place, value in enumerate(values):
        if value is None:
            out[place] = NO_MOMENT
            continue
        text = str(value)
        day = days.get(text[:10])
        if day is None:
            day = days[text[:10]] = read_moment(text[:10])
        if len(text) == 10:
            out[place] = day
        elif len(text) == 19:
            out[place] = day + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:])
        else:
            out[place] = read_moment(text)
    return out


def write_dates(seconds: NDArray[np.int64]) -> list[str]:
    """'YYYY-MM-DD' of each."""
    found: list[str] = _dates(seconds).tolist()
    return found


def write_moments(seconds: NDArray[np.int64]) -> list[str]:
    """'YYYY-MM-DD HH:MM:SS' of each."""
    minutes, rest = np.divmod(seconds % DAY, 60)
    found: list[str] = (_dates(seconds) + _minutes()[minutes] + _SECONDS[rest]).tolist()
    return found


def written_moments(seconds: NDArray[np.int64], dated: bool) -> list[Value]:
    """Moments as texts, dates alone when `dated`; None where there is none."""
    absent = seconds == NO_MOMENT
    whole = np.where(absent, 0, seconds) if absent.any() else seconds
    written: list[Value] = list(write_dates(whole) if dated else write_moments(whole))
    for place in np.flatnonzero(absent).tolist():
        written[place] = None
    return written


_SECONDS = np.array([f":{second:02}" for second in range(60)], object)


@cache
def _minutes() -> NDArray[np.object_]:
    """What the minutes of a day are called, with a blank in front."""
    return np.array([f" {minute // 60:02}:{minute % 60:02}" for minute in range(DAY // 60)], object)


def _dates(seconds: NDArray[np.int64]) -> NDArray[np.object_]:
    days, places = np.unique(seconds // DAY, return_inverse=True)
    names: NDArray[np.object_] = np.array([_date(day) for day in days.tolist()], object)
    return names[places]


@cache
def _date(day: int) -> str:
    return write_date(day * DAY)
