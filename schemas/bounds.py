"""What a table's CHECKs say about columns and pairs of columns, as far as it helps to draw values that fit.

A hint, no judge: whatever is not understood here is left to drawing again, and
`condition.py` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from .model import Table, Value


@dataclass(slots=True)
class Bounds:
    """What may stand in a column; ends are inclusive unless open."""

    low: float | str | None = None
    low_open: bool = False
    high: float | str | None = None
    high_open: bool = False
    values: tuple[Value, ...] | None = None
    shortest: int = 0
    longest: int | None = None

    def above(self, value: float | str, *, open_: bool) -> None:
        """Raise the lower end."""
        if not _before(value, self.low):
            self.low, self.low_open = value, open_

    def below(self, value: float | str, *, open_: bool) -> None:
        """Lower the upper end."""
        if self.high is None or not _before(self.high, value):
            self.high, self.high_open = value, open_


def _before(one: float | str | None, other: float | str | None) -> bool:
    if one is None or other is None or isinstance(one, str) != isinstance(other, str):
        return False
    return one < other  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Order:
    """`lower` <= `higher`, or < when strict; either may be NULL."""

    lower: str
    higher: str
    strict: bool


def read_checks(table: Table) -> tuple[dict[str, Bounds], list[Order]]:
    """The bounds of columns and the orders between columns that the CHECKs state."""
    bounds: dict[str, Bounds] = {column.name: Bounds() for column in table.columns}
    names = {column.name.lower(): column.name for column in table.columns}
    orders: list[Order] = []
    for check in table.checks:
        try:
            tree = sqlglot.parse_one(check.sql, read="sqlite")
        except SqlglotError:
            continue
        for part in _conjuncts(tree):
            _read(part, names, bounds, orders)
    for column in table.columns:
        if column.values:
            bounds[column.name].values = tuple(column.values)
    return bounds, orders


def _conjuncts(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, exp.Paren):
        yield from _conjuncts(tree.this)
    elif isinstance(tree, exp.And):
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
    elif isinstance(tree, exp.Or) and (_is_null(tree.left) or _is_null(tree.right)):
        yield from _conjuncts(tree.right if _is_null(tree.left) else tree.left)
    else:
        yield tree


def _is_null(tree: exp.Expr) -> bool:
    inner = tree.unnest()
    return isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)


def _constant(tree: exp.Expr) -> float | str | None:
    inner = tree.unnest()
    if isinstance(inner, exp.Neg):
        value = _constant(inner.this)
        return -value if isinstance(value, int | float) else None
    if isinstance(inner, exp.Cast):
        return _constant(inner.this)
    if isinstance(inner, exp.Boolean):
        return int(bool(inner.this))
    if isinstance(inner, exp.Literal):
        if inner.is_string:
            return str(inner.this)
        return float(inner.this) if "." in inner.this or "e" in inner.this.lower() else int(inner.this)
    return None


def _column(tree: exp.Expr, names: dict[str, str]) -> str | None:
    inner = tree.unnest()
    return names.get(inner.name.lower()) if isinstance(inner, exp.Column) else None


_TURNED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT,
    exp.LT: exp.GT,
    exp.GTE: exp.LTE,
    exp.LTE: exp.GTE,
}


def _read(part: exp.Expr, names: dict[str, str], bounds: dict[str, Bounds], orders: list[Order]) -> None:
    if isinstance(part, exp.Between):
        low, high = _constant(part.args["low"]), _constant(part.args["high"])
        _compare(part.this, exp.GTE, low, names, bounds)
        _compare(part.this, exp.LTE, high, names, bounds)
        return
    if isinstance(part, exp.In) and not part.args.get("query"):
        column = _column(part.this, names)
        values = [_constant(value) for value in part.expressions]
        if column is not None and values:
            bounds[column].values = tuple(value for value in values if value is not None)
        return
    if not isinstance(part, exp.GT | exp.GTE | exp.LT | exp.LTE | exp.EQ):
        return
    left, right = _column(part.left, names), _column(part.right, names)
    if left is not None and right is not None:
        strict = isinstance(part, exp.GT | exp.LT)
        if isinstance(part, exp.GT | exp.GTE):
            left, right = right, left
        if not isinstance(part, exp.EQ):
            orders.append(Order(left, right, strict))
        return
    kind: type[exp.Expr] = type(part)
    if right is not None or isinstance(part.right.unnest(), exp.Length):
        kind = _TURNED.get(kind, kind)
        _compare(part.right, kind, _constant(part.left), names, bounds)
    else:
        _compare(part.left, kind, _constant(part.right), names, bounds)


def _compare(
    side: exp.Expr,
    kind: type[exp.Expr],
    value: float | str | None,
    names: dict[str, str],
    bounds: dict[str, Bounds],
) -> None:
    if value is None:
        return
    inner = side.unnest()
    if isinstance(inner, exp.Length) and isinstance(value, int | float):
        column = _column(inner.this, names)
        if column is not None:
            _length(bounds[column], kind, int(value))
        return
    column = _column(inner, names)
    if column is None:
        return
    if kind is exp.EQ:
        bounds[column].values = (value,)
    elif kind in (exp.GT, exp.GTE):
        bounds[column].above(value, open_=kind is exp.GT)
    else:
        bounds[column].below(value, open_=kind is exp.LT)


def _length(bounds: Bounds, kind: type[exp.Expr], value: int) -> None:
    if kind in (exp.GT, exp.GTE, exp.EQ):
        bounds.shortest = max(bounds.shortest, value + (kind is exp.GT))
    if kind in (exp.LT, exp.LTE, exp.EQ):
        longest = value - (kind is exp.LT)
        bounds.longest = longest if bounds.longest is None else min(bounds.longest, longest)
