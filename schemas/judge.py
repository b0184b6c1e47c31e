"""Says of many rows at once whether a simple CHECK holds, where Python and SQLite surely agree.

Only comparisons of numbers with numbers and of texts with texts, IN, AND, OR, NOT and sums. Rows with a
NULL among the columns, and every other condition, are left to SQLite (`condition.py`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlglot import exp

from .model import Value

Verdict = Callable[[Mapping[str, Sequence[Any]]], list[Any]]
"""From columns without NULL, by small-letter name, to the condition's value in each row."""

_NUMBERS = frozenset({int, float})
_TEXTS = frozenset({str})
_COMPARED: Mapping[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: operator.eq, exp.NEQ: operator.ne, exp.LT: operator.lt, exp.LTE: operator.le,
    exp.GT: operator.gt, exp.GTE: operator.ge,
}  # fmt: skip
_CALCULATED: Mapping[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add, exp.Sub: operator.sub, exp.Mul: operator.mul,
}  # fmt: skip
_SMALL = 2**31


class Unsure(Exception):
    """The values are not plainly of one kind; SQLite has to say."""


def compile_check(tree: exp.Expr) -> Verdict | None:
    """The verdict of a condition, or None when it is not of the simple kind."""
    try:
        return _condition(tree)
    except Unsure:
        return None


def is_comparison(tree: exp.Expr) -> bool:
    """Whether it is one comparison, which a NULL on either side makes NULL."""
    return type(tree) in _COMPARED or isinstance(tree, exp.In)


def _condition(node: exp.Expr) -> Verdict:
    if isinstance(node, exp.Paren):
        return _condition(node.this)
    if isinstance(node, exp.And | exp.Or):
        left, right = _condition(node.left), _condition(node.right)
        join = operator.and_ if isinstance(node, exp.And) else operator.or_
        return lambda columns: list(map(join, left(columns), right(columns)))
    if isinstance(node, exp.Not):
        inner = _condition(node.this)
        return lambda columns: list(map(operator.not_, inner(columns)))
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null) and isinstance(node.this, exp.Column):
        name = node.this.name.lower()
        return lambda columns: [False] * len(columns[name])
    if isinstance(node, exp.In) and node.expressions:
        return _listed(node)
    for kind, compare in _COMPARED.items():
        if type(node) is kind:
            return _compared(_value(node.this), compare, _value(node.expression))
    raise Unsure


def _compared(left: Verdict, compare: Callable[[Any, Any], Any], right: Verdict) -> Verdict:
    def verdict(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        one, two = left(columns), right(columns)
        kinds = {*map(type, one), *map(type, two)}
        if not (kinds <= _NUMBERS or kinds <= _TEXTS):
            raise Unsure
        return list(map(compare, one, two))

    return verdict


def _listed(node: exp.In) -> Verdict:
    subject = _value(node.this)
    items: list[Value] = []
    for item in node.expressions:
        if not isinstance(item, exp.Literal):
            raise Unsure
        items.append(item.this if item.is_string else _number(item.this))
    wanted = frozenset(items)
    allowed = frozenset(map(type, items))

    def verdict(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        values = subject(columns)
        kinds = {*map(type, values), *allowed}
        if not (kinds <= _NUMBERS or kinds <= _TEXTS):
            raise Unsure
        return [value in wanted for value in values]

    return verdict


def _value(node: exp.Expr) -> Verdict:
    if isinstance(node, exp.Paren):
        return _value(node.this)
    if isinstance(node, exp.Column):
        name = node.name.lower()
        return lambda columns: list(columns[name])
    if isinstance(node, exp.Literal):
        literal = node.this if node.is_string else _number(node.this)
        return lambda columns: [literal] * len(next(iter(columns.values())))
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        negative = -_number(node.this.this)
        return lambda columns: [negative] * len(next(iter(columns.values())))
    for kind, calculate in _CALCULATED.items():
        if type(node) is kind:
            return _calculated(_value(node.this), calculate, _value(node.expression))
    raise Unsure


def _calculated(left: Verdict, calculate: Callable[[Any, Any], Any], right: Verdict) -> Verdict:
    def verdict(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        one, two = left(columns), right(columns)
        # Whole numbers only: floats would be the same, but SQLite turns what overflows into floats.
        if {*map(type, one), *map(type, two)} != {int} or max(map(abs, (*one, *two)), default=0) > _SMALL:
            raise Unsure
        return list(map(calculate, one, two))

    return verdict


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
