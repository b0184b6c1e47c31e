"""Columns in the text form that PostgreSQL's COPY reads.

A column is written at once by an encoder of its kind, since a call for every value would cost more than the server
needs to take it (PostgreSQL documentation, COPY, File Formats, Text Format). Nothing is sent here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from .model import ColumnType, Value

Encoder = Callable[[Sequence[Value]], list[str]]

CHUNK = 5_000  # rows encoded at a time: what is in memory twice
NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})
_SPECIAL = "\\\t\n\r"
_TRUTH = {0: "f", 1: "t", None: NULL}


def encoder(type_: ColumnType) -> Encoder:
    """What writes the values of a column of our own DDL."""
    if type_.items is not None:
        return lists
    kinds: dict[str, Encoder] = {
        "integer": numbers,
        "real": numbers,
        "decimal": numbers,
        "boolean": truths,
        "blob": octets,
    }
    return kinds.get(type_.kind, texts)


def copy_rows(columns: Sequence[Sequence[Value]], encoders: Sequence[Encoder]) -> Iterator[tuple[int, bytes]]:
    """The number of rows in each chunk, and their bytes."""
    count = len(columns[0]) if columns else 0
    for start in range(0, count, CHUNK):
        written = [encode(values[start : start + CHUNK]) for encode, values in zip(encoders, columns, strict=True)]
        size = min(CHUNK, count - start)
        body = "\n".join(written[0] if len(written) == 1 else map("\t".join, zip(*written, strict=True)))
        yield size, (body + "\n").encode("utf-8", "surrogatepass")


def numbers(values: Sequence[Value]) -> list[str]:
    """Numbers, a boolean among them as 0 or 1."""
    if None in values:
        return [NULL if value is None else str(value) for value in values]
    return list(map(str, values))


def truths(values: Sequence[Value]) -> list[str]:
    """0 and 1 as f and t; any other number is true, as in MySQL and SQLite."""
    try:
        return [_TRUTH[value] for value in values]  # type: ignore[index]
    except KeyError:
        return [_TRUTH.get(value, "t") for value in values]  # type: ignore[arg-type]


def bits(values: Sequence[Value]) -> list[str]:
    """0 and 1 for a column that is a number or a bit."""
    return [NULL if value is None else str(int(bool(value))) for value in values]


def texts(values: Sequence[Value]) -> list[str]:
    """Text of any kind, and whatever else stands in a column of text."""
    try:
        return _texts(values)  # type: ignore[arg-type]
    except TypeError:
        return _texts([None if value is None else _said(value) for value in values])


def octets(values: Sequence[Value]) -> list[str]:
    """Bytes in hexadecimal form."""
    return [
        NULL if value is None else "\\\\x" + (value if isinstance(value, bytes) else str(value).encode()).hex()
        for value in values
    ]


def lists(values: Sequence[Value]) -> list[str]:
    """JSON lists as array literals; what is no list is left to the server to refuse."""
    known = {value: value if value is None else _array(str(value)) for value in set(values)}
    return texts([known[value] for value in values])


def _texts(values: Sequence[str | None]) -> list[str]:
    """TypeError when one of the values is no text, which only joining them finds out as quickly."""
    given = [value for value in values if value is not None]
    joined = "".join(given)
    if not any(sign in joined for sign in _SPECIAL):
        return given if len(given) == len(values) else [NULL if value is None else value for value in values]
    return [NULL if value is None else value.translate(_ESCAPES) for value in values]


def _said(value: Value) -> str:
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


def _array(text: str) -> str:
    try:
        items = json.loads(text)
    except ValueError:
        return text
    return _braced(items) if isinstance(items, list) else text


def _braced(items: list[object]) -> str:
    return "{" + ",".join(_item(item) for item in items) + "}"


def _item(item: object) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, list):
        return _braced(item)
    if isinstance(item, bool):
        return "t" if item else "f"
    said = json.dumps(item, ensure_ascii=False) if isinstance(item, dict) else str(item)
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'
