"""What may leave a tool: plain JSON, copied, so that nothing the tool keeps can change it later.

Only exact types pass: a subclass could act differently each time it is looked at.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import math
import re
from typing import Any

MOST_NESTING = 32
MOST_TEXT = 2000

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")


class NotPlain(TypeError):
    """A value that is not plain JSON; the message says where in it and what.

    Attributes:
        fault: What is wrong with it, without where.
    """

    def __init__(self, fault: str, path: str = "") -> None:
        super().__init__(f"result{path} {fault}")
        self.fault = fault
        self._path = path

    def inside(self, place: str) -> NotPlain:
        """The same fault, seen from one container further out."""
        return NotPlain(self.fault, place + self._path)


def plain(value: Any, nesting: int = 0) -> Any:
    """A copy of `value`; NotPlain when it is not made of JSON's own types."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return _text(value)
    if kind is int:
        if not -(2**63) <= value < 2**63:
            raise NotPlain("is an integer of more than 64 bits")
        return value
    if kind is float:
        if not math.isfinite(value):
            raise NotPlain(f"is {value}, which JSON does not know")
        return value
    if nesting > MOST_NESTING:
        raise NotPlain(f"is nested deeper than {MOST_NESTING}")
    if kind is list:
        items = []
        for position, item in enumerate(list(value)):
            try:
                items.append(plain(item, nesting + 1))
            except NotPlain as fault:
                raise fault.inside(f"[{position}]") from None
        return items
    if kind is dict:
        fields = {}
        for name, item in list(value.items()):
            if type(name) is not str:
                raise NotPlain(f"has a key that is no string but {type(name).__name__}")
            try:
                fields[_text(name)] = plain(item, nesting + 1)
            except NotPlain as fault:
                raise fault.inside(f"[{name!r}]") from None
        return fields
    raise NotPlain(f"is of type {kind.__name__}, which is not JSON; give str, int, float, bool, None, dict or list")


def rows(value: Any) -> Any:
    """A copy of a tool's result: a row (dict), or a list of rows; NotPlain otherwise."""
    if type(value) is dict:
        return _row(value)
    if type(value) is not list:
        plain(value)
        raise NotPlain(f"is {type(value).__name__}; a tool returns a dict, or a list of dicts")
    result = []
    for position, row in enumerate(list(value)):
        try:
            if type(row) is not dict:
                plain(row)
                raise NotPlain(f"is {type(row).__name__}; a list holds one dict for each row")
            result.append(_row(row, 1))
        except NotPlain as fault:
            raise fault.inside(f"[{position}]") from None
    return result


def _row(value: dict[Any, Any], nesting: int = 0) -> dict[str, Any]:
    """A copy of a row. Most are flat, and for these this is the quick way."""
    for name, item in value.items():
        kind = type(item)
        if kind is str:
            if not item.isascii():
                break
        elif kind is int:
            if not -(2**63) <= item < 2**63:
                break
        elif item is not None and kind is not bool and not (kind is float and math.isfinite(item)):
            break
        if type(name) is not str or not name.isascii():
            break
    else:
        return dict(value)
    copy: dict[str, Any] = plain(value, nesting)
    return copy


def shown(error: BaseException) -> str:
    """An exception's message, fit for a record: no addresses, valid text, a bounded length."""
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 (the exception is the tool's own, and so is its __str__)
        text = "<its message cannot be shown>"
    text = mended(_ADDRESS.sub("0x...", text))
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "..."


def mended(text: str) -> str:
    """`text` with a question mark for each half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotPlain("holds half of a surrogate pair, which is no text") from None
    return value
