"""Brings a value, as a dump writes it, into the form in which it is stored in SQLite.

The forms are those of `ColumnType.kind`. A value that does not fit its column's
type is refused, never guessed at.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from .errors import Unreadable
from .lex import Dialect
from .model import ColumnType, Kind, Value

_SAFE_DIGITS = 15
_MOST_DIGITS = 400  # no number that is stored has as many
_TRUE = frozenset({"t", "true", "y", "yes", "on", "1", "\x01"})
_FALSE = frozenset({"f", "false", "n", "no", "off", "0", "\x00"})
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d*)?)?)?\s*"
    r"(Z|UTC|[+-]\d{2}(?::?\d{2})?)?\Z",
    re.IGNORECASE,
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?")
# Ways in which SQL Server and Oracle dumps write a date; month before day is the default of both.
_OTHER_DATES = (
    "%Y%m%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y", "%b %d %Y", "%b %d, %Y", "%d-%m-%Y", "%Y/%m/%d",
    "%Y%m%d %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%b %d %Y %I:%M%p",
)  # fmt: skip


def stored_form(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    """The stored form of a literal's value: a string, number, bytes or None.

    Fractions of a second are cut off and times with an offset are brought to UTC,
    as `ColumnType.kind` has it.

    Raises:
        Unreadable: The value does not fit the type.
    """
    if value is None:
        return None
    try:
        return _FORMS[type_.kind](value, type_, dialect)
    except (ValueError, OverflowError) as error:
        shown = value if not isinstance(value, str | bytes) or len(value) <= 40 else value[:40]
        raise Unreadable(f"the value {shown!r} does not fit the type {type_.kind}") from error


def _integer(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    if isinstance(value, bytes):
        whole = int.from_bytes(value, "big")
    elif isinstance(value, str):
        text = value.strip()
        whole = int(text) if text.lstrip("+-").isdigit() else _whole(float(text))
    elif isinstance(value, float):
        whole = _whole(value)
    else:
        whole = int(value or 0)
    if not -(2**63) <= whole < 2**63:
        raise ValueError(value)
    return whole


def _whole(number: float) -> int:
    if not number.is_integer():
        raise ValueError(number)
    return int(number)


def _real(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    number = float(value.replace("$", "").replace(",", "") if isinstance(value, str) else value or 0)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def is_rounded(value: Value, stored: Value) -> bool:
    """Whether a decimal's value has lost digits in its stored form, which SQLite keeps some 15 of."""
    text = str(value)
    return len(text) > _SAFE_DIGITS and isinstance(stored, float) and _exact(text) != Decimal(repr(stored))


def _decimal(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    text = value.strip() if isinstance(value, str) else ""
    whole = value if isinstance(value, int) else int(text) if text.lstrip("+-").isdigit() else None
    if whole is not None and -(2**63) <= whole < 2**63:
        return _integer(value, type_, dialect)
    number = float(_real(value, type_, dialect) or 0)
    if type_.precision is None:
        return number
    scale = type_.scale or 0
    number, beyond = round(number, scale), 10 ** min(type_.precision - scale, _MOST_DIGITS)
    if abs(number) >= beyond and abs(_exact(str(value))) < beyond:
        return math.copysign(math.nextafter(beyond, 0), number)  # what rounds up to one digit too many
    return number


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text.strip().replace("$", "").replace(",", ""))
    except InvalidOperation:
        return Decimal("Infinity")


def _boolean(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value).strip().lower()
    if text in _TRUE or text in ("1.0",):
        return 1
    if text in _FALSE or text in ("0.0",):
        return 0
    if text.isdigit() and dialect in ("mysql", "sqlite"):
        return int(text)
    if text.lstrip("+-").isdigit() and dialect == "tsql":
        return 1  # a bit of SQL Server is 1 for all that is not 0
    raise ValueError(value)


def _text(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value if isinstance(value, str) else str(value)


def _date(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    return _moment(value).date().isoformat()


def _timestamp(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    return _moment(value).replace(tzinfo=None).isoformat(" ", "seconds")


def _moment(value: Value) -> datetime:
    text = str(value).strip()
    match = _ISO.match(text)
    if match is None:
        return _other_moment(text)
    year, month, day, hour, minute, second, offset = match.groups()
    moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
    if offset and offset.upper() not in ("Z", "UTC"):
        digits = offset[1:].replace(":", "").ljust(4, "0")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        moment = datetime.fromtimestamp(moment.timestamp() - (seconds if offset[0] == "+" else -seconds), tz=UTC)
    return moment


def _other_moment(text: str) -> datetime:
    for form in _OTHER_DATES:
        try:
            return datetime.strptime(text.split(".000", maxsplit=1)[0], form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=UTC)


def _time(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    match = _TIME.match(str(value).strip())
    if match is None:
        raise ValueError(value)
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 24 or minute > 59 or second > 59:
        raise ValueError(value)
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def _json(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
    if type_.items is not None and text[:1] == "{":
        item = ColumnType(type_.items)
        items = [None if found is None else stored_form(found, item, dialect) for found in _array(text)]
        return json.dumps(items, ensure_ascii=False)
    if not _is_json(text):
        raise ValueError(value)
    return text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_ELEMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]+))\s*([,}])', re.DOTALL)


def _array(text: str) -> list[str | None]:
    """PostgreSQL's way to write a flat array: `{a,"b c",NULL}`."""
    if text == "{}":
        return []
    out: list[str | None] = []
    position = 1
    while position < len(text):
        match = _ELEMENT.match(text, position)
        if match is None:
            raise ValueError(text)
        quoted, plain, _ = match.groups()
        if quoted is not None:
            out.append(re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL))
        else:
            out.append(None if plain.strip().upper() == "NULL" else plain.strip())
        position = match.end()
    return out


def _uuid(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    text = value.hex() if isinstance(value, bytes) else str(value).strip().strip("{}").lower()
    plain = text.replace("-", "")
    if len(plain) != 32 or not all(letter in "0123456789abcdef" for letter in plain):
        return _text(value, type_, dialect)
    return f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def _blob(value: Value, type_: ColumnType, dialect: Dialect) -> Value:
    if isinstance(value, bytes):
        return value
    text = str(value)
    if dialect == "postgres" and text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    return text.encode("utf-8")


_FORMS: dict[Kind, Callable[[Value, ColumnType, Dialect], Value]] = {
    "integer": _integer,
    "real": _real,
    "decimal": _decimal,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "json": _json,
    "uuid": _uuid,
    "blob": _blob,
}
