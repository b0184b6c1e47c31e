"""What a table's CHECKs say about columns and pairs of columns, as far as it helps to draw values that fit.

A hint, no judge: whatever is not understood here is left to drawing again, and
`condition.py` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sqlglot import exp

from .model import Check, Column, Table, Value
from .shape import LONGEST, Shape, all_of, any_text, of_text
from .texts import read_text
from .trees import tree_of

_SHORT = 3


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
    shapes: tuple[Shape, ...] | None = None
    letters: list[tuple[str, int]] = field(default_factory=list)

    def texts(self, length: int | None) -> tuple[Shape, ...] | None:
        """The shapes of the texts that may stand here, at most `length` long; None when any may."""
        if self.shapes is None and not self.letters and not self.shortest:
            return None
        longest = min(value for value in (length, self.longest, LONGEST) if value is not None)
        found = self.shapes if self.shapes is not None else (any_text(0, None),)
        for letters, start in self.letters:
            found = tuple(shape.within(letters, start) for shape in found)
        found = tuple(shape.sized(self.shortest, longest) for shape in found)
        return tuple(shape for shape in found if shape.possible) or None

    def either(self) -> tuple[Shape, ...] | None:
        """The shapes of the texts that may stand here, values among them."""
        if self.values is not None:
            return tuple(of_text(value) for value in self.values if isinstance(value, str))
        return self.texts(None)

    def lowest(self) -> Value:
        """The lower end, whatever gives it."""
        numbers = [value for value in self.values or () if isinstance(value, int | float)]
        return min(numbers) if numbers else self.low

    def highest(self) -> Value:
        """The upper end, whatever gives it."""
        numbers = [value for value in self.values or () if isinstance(value, int | float)]
        return max(numbers) if numbers else self.high

    def room(self, column: Column) -> float:
        """How many different values fit, as far as it can be told."""
        kind, values = column.type.kind, self.values
        if values is not None:
            return float(len(values))
        if kind == "boolean":
            return 2.0
        if kind == "text":
            shapes, length = self.texts(column.type.length), column.type.length
            if shapes is None:
                return 26.0**length if length is not None and length <= _SHORT else float("inf")
            return float(sum(shape.count() for shape in shapes))
        low, high = self.low, self.high
        if kind == "decimal" and column.type.precision is not None:
            # What is numbered is not negative.
            most = 10.0 ** (column.type.precision - (column.type.scale or 0)) - 1
            low = max(low, 0) if isinstance(low, int | float) else 0
            high = min(high, most) if isinstance(high, int | float) else most
        if kind in ("integer", "decimal") and isinstance(low, int | float) and isinstance(high, int | float):
            step = 10.0 ** -(column.type.scale or 0) if kind == "decimal" else 1.0
            return max(1.0, (high - low) / step + 1 - self.low_open - self.high_open)
        return float("inf")

    def only(self, values: tuple[Value, ...]) -> None:
        """Nothing but these values, if some of them were possible before."""
        both = tuple(value for value in values if self.values is None or value in self.values)
        self.values = tuple(dict.fromkeys(both or values))

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


class Order(NamedTuple):
    """`lower` <= `higher`, or < when strict; either may be NULL."""

    lower: str
    higher: str
    strict: bool


def read_checks(table: Table) -> tuple[dict[str, Bounds], tuple[Order, ...]]:
    """The bounds of columns and the orders between columns that the CHECKs state."""
    return _read_checks(table.columns, table.checks)


@lru_cache(maxsize=2048)
def _read_checks(columns: tuple[Column, ...], checks: tuple[Check, ...]) -> tuple[dict[str, Bounds], tuple[Order, ...]]:
    bounds: dict[str, Bounds] = {column.name: Bounds() for column in columns}
    names = {column.name.lower(): column.name for column in columns}
    orders: list[Order] = []
    for check in checks:
        tree = tree_of(check.sql)
        for part in _conjuncts(tree) if tree is not None else ():
            _read(part, names, bounds, orders)
    for column in columns:
        if column.values:
            bounds[column.name].only(tuple(column.values))
    _spread(bounds, orders)
    return bounds, tuple(dict.fromkeys(orders))


def _spread(bounds: dict[str, Bounds], orders: list[Order]) -> None:
    """What lies below a column lies below its upper end too, and likewise above."""
    for _ in orders:
        for order in orders:
            lower, higher = bounds[order.lower], bounds[order.higher]
            if higher.high is not None:
                lower.below(higher.high, open_=higher.high_open or order.strict)
            if lower.low is not None:
                higher.above(lower.low, open_=lower.low_open or order.strict)


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


def _read_or(part: exp.Or, names: dict[str, str], bounds: dict[str, Bounds]) -> None:
    """What all branches say about the same column, taken together."""
    branches: list[dict[str, Bounds]] = []
    for branch in part.flatten():
        found = {name: Bounds() for name in bounds}
        for inner in _conjuncts(branch.unnest()):
            _read(inner, names, found, [])
        branches.append(found)
    for name, of in bounds.items():
        here = [found[name] for found in branches]
        if all(one.values is not None for one in here):
            of.only(tuple(value for one in here for value in one.values or ()))
            continue
        shapes = [one.either() for one in here]
        if None not in shapes:
            either = tuple(shape for found in shapes for shape in found or ())
            of.shapes = either if of.shapes is None else all_of(of.shapes, either)
            continue
        lows, highs = [one.lowest() for one in here], [one.highest() for one in here]
        if all(isinstance(low, int | float) for low in lows):
            of.above(min(low for low in lows if isinstance(low, int | float)), open_=False)
        if all(isinstance(high, int | float) for high in highs):
            of.below(max(high for high in highs if isinstance(high, int | float)), open_=False)


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
    if isinstance(part, exp.Or):
        _read_or(part, names, bounds)
        return
    said = read_text(part)
    if said is not None and said.column.lower() in names:
        of = bounds[names[said.column.lower()]]
        of.shortest = max(of.shortest, said.shortest)
        if said.letters is not None:
            of.letters.append((said.letters, said.start))
        if said.shapes:
            of.shapes = said.shapes if of.shapes is None else all_of(of.shapes, said.shapes)
        return
    if isinstance(part, exp.Column | exp.Not):
        column = _column(part.this if isinstance(part, exp.Not) else part, names)
        if column is not None:
            bounds[column].only((int(isinstance(part, exp.Column)),))
        return
    if isinstance(part, exp.Is) and isinstance(part.expression, exp.Boolean):
        _compare(part.this, exp.EQ, _constant(part.expression), names, bounds)
        return
    if isinstance(part, exp.Between):
        low, high = _constant(part.args["low"]), _constant(part.args["high"])
        _compare(part.this, exp.GTE, low, names, bounds)
        _compare(part.this, exp.LTE, high, names, bounds)
        return
    if isinstance(part, exp.In) and not part.args.get("query"):
        column = _column(part.this, names)
        values = [_constant(value) for value in part.expressions]
        if column is not None and values:
            bounds[column].only(tuple(value for value in values if value is not None))
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
        measured = inner.this.unnest()
        column = _column(measured.this if isinstance(measured, exp.Trim) else measured, names)
        if column is not None:
            _length(bounds[column], kind, int(value))
        return
    column = _column(inner, names)
    if column is None:
        return
    if kind is exp.EQ:
        bounds[column].only((value,))
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
