"""Dates, times and durations as the recipes and rows write them, as whole seconds since 1970 (UTC).

Nothing here asks what the time is: "now" is always handed in.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

DAY = 86400
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
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


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
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def write_date(seconds: int) -> str:
    """'YYYY-MM-DD'."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
