"""Texts that a database is strict about: addresses of networks, spans of time, points, ranges, bits.

Such a type has no kind of its own. Its values are text whose `form` says what the source's database
would take, so that rows made for SQLite load into it as well. The forms are those of PostgreSQL's
documentation, chapter 8 (Data Types), and its modules cube, hstore and ltree; `wkt` is the well-known
text of OGC 06-103r4, chapter 7, which PostGIS, MySQL and SQL Server read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from ipaddress import ip_interface

from .model import ColumnType

_FIRST_DAY = date(2024, 1, 1)
_WORDS = ("annual", "change", "client", "delivery", "history", "invoice", "order", "planning", "report", "review")
_SPANS = (
    "1 day", "7 days", "14 days", "45 days", "1 mon", "3 mons", "6 mons", "1 year", "00:30:00", "01:00:00",
    "02:00:00", "08:00:00", "12:00:00", "1 day 12:00:00",
)  # fmt: skip
"""Of different length, since PostgreSQL holds 30 days and a month to be equal."""

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_POINT = rf"\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)"
_HEX = r"[0-9a-fA-F]{2}"
_CLOCK = r"[+-]?\d+:\d{2}(?::\d{2}(?:\.\d+)?)?"
_UNIT = (
    r"(?:microsecond|millisecond|second|sec|minute|min|hour|day|week|month|mon|year|decade|century|centurie|"
    r"millennium|millennia|millenium)s?|[smhdwy]|us|ms|hr|hrs|yr|yrs"
)
_LEXEME = r"(?:'(?:[^']|'')++'|[^\s':&|!()<]++)"


def _range(bound: str) -> str:
    return rf"empty|[\[(]\s*(?:{bound})?\s*,\s*(?:{bound})?\s*[\])]"


def _ranges(bound: str) -> str:
    one = rf"(?:{_range(bound)})"
    return rf"\{{\s*(?:{one}(?:\s*,\s*{one})*)?\s*\}}"


_WHOLE, _DATE = r"-?\d+", r"-?(?:infinity|\d{4,}-\d{2}-\d{2})"
_STAMP = r'"?(?:-?infinity|\d{4,}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[+-]\d{2}(?::?\d{2})?)?)?)"?'
_LIST = rf"{_NUMBER}(?:\s+{_NUMBER})+"
_PAIRS = rf"{_LIST}(?:\s*,\s*{_LIST})*"


_PATTERNS: dict[str, str] = {
    "macaddr": rf"{_HEX}(?:[:-]?{_HEX}){{5}}|[0-9a-f]{{4}}\.[0-9a-f]{{4}}\.[0-9a-f]{{4}}",
    "macaddr8": rf"{_HEX}(?:[:-]?{_HEX}){{5}}(?:(?:[:-]?{_HEX}){{2}})?",
    "duration": (
        rf"@?\s*(?:(?:[+-]?\d+(?:\.\d+)?\s*(?:{_UNIT})\b|{_CLOCK}|[+-]?\d++-\d++)\s*+)++(?:ago)?"
        r"|[+-]?\d+(?:\.\d+)?|0|P(?=.)(?:-?\d+(?:\.\d+)?[YMWD])*(?:T(?:-?\d+(?:\.\d+)?[HMS])+)?|-?infinity"
    ),
    "bits": r"[01]*",
    "varying bits": r"[01]*",
    "tsvector": rf"\s*+(?:{_LEXEME}(?::\d++[A-D]?(?:,\d++[A-D]?)*+)?\s*+)*+",
    "tsquery": rf"(?:{_LEXEME}(?::[A-D*]+)?|[&|!()\s]|<(?:-|\d+)>)*+",
    "xml": r".*",
    "ltree": r"(?:[\w-]+(?:\.[\w-]+)*)?",
    "hstore": r'\s*+(?:(?:"(?:[^"\\]|\\.)*+"|[^\s",=>]++)\s*+=>\s*+(?:"(?:[^"\\]|\\.)*+"|[^\s",=>]++)\s*+,?\s*+)*+',
    "cube": (
        rf"\[?\s*+\(?\s*+{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\)?\s*(?:,\s*\(\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\)\s*)?\]?"
    ),
    "log position": r"[0-9a-f]{1,8}/[0-9a-f]{1,8}",
    "coordinates": rf"{_POINT}|{_NUMBER}\s*,\s*{_NUMBER}",
    "line": rf"\{{\s*{_NUMBER}(?:\s*,\s*{_NUMBER}){{2}}\s*\}}|\[?\s*{_POINT}\s*,\s*{_POINT}\s*\]?",
    "segment": rf"[\[(]?\s*{_POINT}\s*,\s*{_POINT}\s*[\])]?",
    "box": rf"\(?\s*{_POINT}\s*,\s*{_POINT}\s*\)?",
    "path": rf"[\[(]?\s*{_POINT}(?:\s*,\s*{_POINT})*\s*[\])]?",
    "polygon": rf"\(?\s*{_POINT}(?:\s*,\s*{_POINT})*\s*\)?",
    "circle": rf"<\s*{_POINT}\s*,\s*{_NUMBER}\s*>|\(\s*{_POINT}\s*,\s*{_NUMBER}\s*\)",
    "wkt": r"(?:SRID=\d+;)?\s*+[A-Z]++\s*+(?:ZM?|M)?\s*+(?:EMPTY|\(.*\))|(?:[0-9a-f]{2}){5,}",
    "wkt line": rf"(?:SRID=\d+;)?\s*LINESTRING\s*+[ZM]*+\s*+(?:EMPTY|\({_PAIRS}\))|(?:[0-9a-f]{{2}}){{5,}}",
    "wkt area": r"(?:SRID=\d+;)?\s*POLYGON\s*+[ZM]*+\s*+(?:EMPTY|\(\(.*\)\))|(?:[0-9a-f]{2}){5,}",
    "whole range": _range(_WHOLE),
    "decimal range": _range(_NUMBER),
    "date range": _range(_DATE),
    "timestamp range": _range(_STAMP),
    "whole ranges": _ranges(_WHOLE),
    "decimal ranges": _ranges(_NUMBER),
    "date ranges": _ranges(_DATE),
    "timestamp ranges": _ranges(_STAMP),
}


def in_form(text: str, type_: ColumnType) -> bool:
    """Whether a text has the form that the type demands.

    It takes what the database itself would write. Bounds that a form does not show, such as those of a month's
    days or of a range whose end comes first, are left to the database.
    """
    if type_.form == "bits" and type_.length is not None and len(text) != type_.length:
        return False
    if type_.form in ("inet", "cidr"):
        return _is_address(text, network=type_.form == "cidr")
    return not type_.form or _pattern(type_.form).fullmatch(text) is not None


def _is_address(text: str, *, network: bool) -> bool:
    """Of a host, with the size of its network or without; or of a network, which has nothing behind that size."""
    try:
        found = ip_interface(text)
    except ValueError:
        return False
    return "%" not in text and (not network or found.ip == found.network.network_address)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(_PATTERNS[form], re.ASCII | re.IGNORECASE | re.DOTALL)


class _Dice:
    """Numbers out of one large number, each independent of the others."""

    def __init__(self, bits: int) -> None:
        self.left = bits

    def below(self, limit: int) -> int:
        self.left, found = divmod(self.left, limit)
        return found

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def scaled(self, low: int, high: int, digits: int) -> str:
        """A decimal number between two, written without zeros at its end."""
        number = self.between(low * 10**digits, high * 10**digits)
        return f"{number / 10**digits:.{digits}f}".rstrip("0").rstrip(".")


def made_text(type_: ColumnType, bits: int) -> str:
    """A text of the type's form.

    Args:
        bits: A random number of 128 bits; another one gives another text, as far as the form has room.
    """
    return _MAKERS[type_.form](_Dice(bits), type_)


def _inet(dice: _Dice, type_: ColumnType) -> str:
    del type_
    # Private addresses (RFC 1918); the last part is a host's.
    return f"10.{dice.between(0, 31)}.{dice.between(0, 255)}.{dice.between(1, 254)}"


def _cidr(dice: _Dice, type_: ColumnType) -> str:
    del type_
    return f"10.{dice.between(0, 255)}.{dice.between(0, 255)}.0/24"


def _mac(size: int) -> Callable[[_Dice, ColumnType], str]:
    # The second bit of the first octet marks an address that no maker was given (IEEE 802).
    return lambda dice, type_: ":".join(["02", *(f"{dice.below(256):02x}" for _ in range(size - 1))])


def _duration(dice: _Dice, type_: ColumnType) -> str:
    del type_
    if dice.below(4):
        return _SPANS[dice.below(len(_SPANS))]
    days = dice.below(30)
    front = "" if not days else "1 day " if days == 1 else f"{days} days "
    return f"{front}{dice.below(24):02}:{dice.below(60):02}:{dice.between(1, 59):02}"


def _bits(dice: _Dice, type_: ColumnType) -> str:
    most = type_.length or (1 if type_.form == "bits" else 8)
    count = most if type_.form == "bits" else dice.between(1, min(most, 64))
    return "".join("01"[dice.below(2)] for _ in range(count))


def _words(dice: _Dice, most: int) -> list[str]:
    first, step = dice.below(len(_WORDS)), 1 + 2 * dice.below(2)
    return [_WORDS[(first + step * number) % len(_WORDS)] for number in range(1 + dice.below(most))]


def _numbered(dice: _Dice, most: int) -> list[str]:
    """Words of which the last has a number, so that there are as many as a key may need."""
    *front, last = _words(dice, most)
    return [*front, f"{last}_{dice.between(1, 9999)}"]


def _tsvector(dice: _Dice, type_: ColumnType) -> str:
    del type_
    return " ".join(f"'{word}':{dice.between(1, 40)}" for word in sorted(_words(dice, 5)))


def _xml(dice: _Dice, type_: ColumnType) -> str:
    del type_
    word = _WORDS[dice.below(len(_WORDS))]
    return f'<{word} number="{dice.between(1, 9999)}"/>'


def _hstore(dice: _Dice, type_: ColumnType) -> str:
    del type_
    return ", ".join(f'"{word}"=>"{dice.between(1, 99)}"' for word in sorted(_words(dice, 3)))


def _xy(dice: _Dice, joint: str = ",", move: tuple[int, int] = (0, 0)) -> str:
    return f"{dice.scaled(-121 + move[0], -72 + move[0], 4)}{joint}{dice.scaled(27 + move[1], 46 + move[1], 4)}"


def _corners(joint: str, between: str, frame: str) -> Callable[[_Dice, ColumnType], str]:
    """A rectangle; `frame` holds a mark for each corner's place."""

    def made(dice: _Dice, type_: ColumnType) -> str:
        del type_
        left, low = dice.between(-121, -72), dice.between(27, 46)
        right, high = left + dice.between(1, 4), low + dice.between(1, 4)
        corners = [(left, low), (right, low), (right, high), (left, high)]
        shown = [f"{x}{joint}{y}" for x, y in corners]
        return frame.format(*shown, all=between.join(shown))

    return made


def _line(dice: _Dice, type_: ColumnType) -> str:
    del type_
    return f"{{{dice.between(1, 9)},{dice.between(-9, -1)},{dice.between(0, 20)}}}"


def _spread(low: str, high: str, *, many: bool, quoted: bool = False) -> str:
    mark = '"' if quoted else ""
    shown = f"[{mark}{low}{mark},{mark}{high}{mark})"
    return f"{{{shown}}}" if many else shown


def _whole_range(dice: _Dice, type_: ColumnType) -> str:
    low = dice.between(0, 400)
    return _spread(str(low), str(low + dice.between(1, 50)), many=type_.form.endswith("s"))


def _decimal_range(dice: _Dice, type_: ColumnType) -> str:
    low = dice.between(0, 40_000)
    high = low + dice.between(50, 5_000)
    return _spread(f"{low / 100:.2f}", f"{high / 100:.2f}", many=type_.form.endswith("s"))


def _date_range(dice: _Dice, type_: ColumnType) -> str:
    first = _FIRST_DAY + timedelta(days=dice.below(500))
    last = first + timedelta(days=dice.between(1, 30))
    return _spread(str(first), str(last), many=type_.form.endswith("s"))


def _timestamp_range(dice: _Dice, type_: ColumnType) -> str:
    first = _FIRST_DAY + timedelta(days=dice.below(500))
    hour, minute = dice.between(7, 15), 15 * dice.below(4)
    low, high = f"{first} {hour:02}:{minute:02}:00", f"{first} {hour + dice.between(1, 6):02}:{minute:02}:00"
    return _spread(low, high, many=type_.form.endswith("s"), quoted=True)


_MAKERS: dict[str, Callable[[_Dice, ColumnType], str]] = {
    "inet": _inet,
    "cidr": _cidr,
    "macaddr": _mac(6),
    "macaddr8": _mac(8),
    "duration": _duration,
    "bits": _bits,
    "varying bits": _bits,
    "tsvector": _tsvector,
    "tsquery": lambda dice, type_: " & ".join(f"'{word}'" for word in sorted(_numbered(dice, 3))),
    "xml": _xml,
    "ltree": lambda dice, type_: ".".join(_numbered(dice, 4)),
    "hstore": _hstore,
    "cube": lambda dice, type_: f"({', '.join(dice.scaled(0, 100, 2) for _ in range(3))})",
    "log position": lambda dice, type_: f"{dice.between(1, 64):X}/{dice.below(2**32):X}",
    "coordinates": lambda dice, type_: f"({_xy(dice)})",
    "line": _line,
    "segment": _corners(",", ",", "[({0}),({2})]"),
    "box": _corners(",", ",", "({2}),({0})"),
    "path": _corners(",", "),(", "[({all})]"),
    "polygon": _corners(",", "),(", "(({all}))"),
    "circle": lambda dice, type_: f"<({_xy(dice)}),{dice.between(1, 20)}>",
    "wkt": lambda dice, type_: f"POINT({_xy(dice, ' ')})",
    "wkt line": _corners(" ", ", ", "LINESTRING({all})"),
    "wkt area": _corners(" ", ", ", "POLYGON(({all}, {0}))"),
    "whole range": _whole_range,
    "decimal range": _decimal_range,
    "date range": _date_range,
    "timestamp range": _timestamp_range,
    "whole ranges": _whole_range,
    "decimal ranges": _decimal_range,
    "date ranges": _date_range,
    "timestamp ranges": _timestamp_range,
}
