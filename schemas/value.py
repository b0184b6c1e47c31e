"""Bringing a value to the form in which a column stores it. Whether it satisfies a CHECK is not asked here."""

from __future__ import annotations

from collections.abc import Callable

from .errors import FillError
from .forms import in_form
from .model import Column, Value
from .moment import DAY, read_moment, write_date, write_moment

_LARGEST = 2**63 - 1


def fit_to(table: str, column: Column) -> Callable[[Value], Value]:
    """A function that brings values to the column's kind, scale and length.

    Text that is too long is cut at the column's length, an e-mail address before its '@'; what cannot be brought to
    the kind at all, or has not the form that the type demands, raises FillError.
    """
    type_ = column.type
    kind, length = type_.kind, _room(column)
    scale = column.type.scale if column.type.scale is not None else (0 if column.type.precision else None)

    def whole(value: Value) -> Value:
        number = round(value) if isinstance(value, float) else int(value or 0)
        if abs(number) > _LARGEST:
            raise OverflowError(number)
        return number

    def number(value: Value) -> Value:
        exact = float(value or 0)
        if exact != exact or abs(exact) == float("inf"):  # noqa: PLR0124 - NaN
            raise ValueError(value)
        if kind == "real" or scale is None:
            return value if isinstance(value, int) and not isinstance(value, bool) else exact
        return round(exact, scale) if scale > 0 else round(exact)

    def text(value: Value) -> Value:
        plain = value if isinstance(value, str) else _as_text(value)
        if type_.form and type_.items is None and not in_form(plain, type_):
            raise ValueError(plain)
        if length is None or len(plain) <= length:
            return plain
        stem, at, domain = plain.partition("@")
        if at and len(domain) + 2 < length:
            return stem[: length - len(domain) - 1].rstrip(".-") + at + domain
        return plain[:length].rstrip() or plain[:length]

    def moment(value: Value) -> Value:
        seconds = read_moment(str(value))
        return write_date(seconds) if kind == "date" else write_moment(seconds)

    def plain(value: Value) -> Value:
        return value

    forms: dict[str, Callable[[Value], Value]] = {
        "integer": whole,
        "boolean": lambda value: int(bool(value)) if not isinstance(value, str) else whole(value),
        "real": number,
        "decimal": number,
        "date": moment,
        "timestamp": moment,
        "blob": plain,
    }
    form = forms.get(kind, text)

    def fit(value: Value) -> Value:
        if value is None:
            return None
        try:
            return form(value)
        except (TypeError, ValueError, OverflowError):
            wanted = f"text of the form {type_.form!r}" if type_.form else kind
            raise FillError(f"{table}.{column.name}: {value!r} is no {wanted}", (table,)) from None

    return fit


def fit_all(values: list[Value], column: Column, fit: Callable[[Value], Value]) -> list[Value]:
    """`fit` for a whole column; values that are plainly in the stored form are passed through."""
    kind, length = column.type.kind, _room(column)
    types = set(map(type, values))
    if kind == "integer" and types == {int}:
        whole: list[int] = values  # type: ignore[assignment]
        if min(whole) >= -_LARGEST and max(whole) <= _LARGEST:
            return values
    if kind in ("text", "json", "uuid") and types <= {str, type(None)} and not column.type.form:
        texts: list[str] = list(filter(None, values))  # type: ignore[arg-type]
        if length is None or max(map(len, texts), default=0) <= length:
            return values
    if kind == "integer":
        return [value if type(value) is int and -_LARGEST <= value <= _LARGEST else fit(value) for value in values]
    if kind in ("text", "json", "uuid") and not column.type.form:
        longest = length if length is not None else 2**31
        return [value if type(value) is str and len(value) <= longest else fit(value) for value in values]
    if kind == "boolean":
        return [value if type(value) is int and 0 <= value <= 1 else fit(value) for value in values]
    known: dict[tuple[type, Value], Value] = {}
    out: list[Value] = []
    for value in values:
        key = (type(value), value)  # 1 and 1.0 are equal, and stored differently
        if key not in known:
            known[key] = fit(value)
        out.append(known[key])
    return out


def _room(column: Column) -> int | None:
    """How long a text of the column may be; that of an array is a text of its items."""
    return column.type.length if column.type.items is None else None


def _as_text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(int(value)) if isinstance(value, bool) else str(value)


def numbered(text: str, number: int, length: int | None) -> str:
    """`text` with a number before its '@' or at its end, within `length`."""
    stem, at, domain = text.partition("@")
    tail = f"{number}{at}{domain}"
    if not at and (" " in stem or (stem.isalpha() and stem.istitle())):
        tail = f" {number}"
    if length is not None:
        stem = stem[: max(0, length - len(tail))]
        tail = tail[:length] if not stem else tail
    return stem + tail


def step_of(column: Column) -> float:
    """The distance between neighbouring values: seconds for dates and timestamps."""
    kind = column.type.kind
    if kind == "date":
        return DAY
    if kind in ("real", "decimal"):
        return float(10.0 ** -(column.type.scale if column.type.scale is not None else 2))
    return 1
