"""Says of many rows at once whether a simple CHECK holds, where Python and SQLite surely agree.

Only comparisons of numbers with numbers and of texts with texts, IN, IS NULL, AND, OR, NOT and sums, in the
three-valued logic of SQL. Every other condition is left to SQLite (`condition.py`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlglot import exp

from .model import Value

Verdict = Callable[[Mapping[str, Sequence[Any]]], Sequence[Any]]
"""From columns, by small-letter name, to the value in each row: of a condition True, False or None."""

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
_NOTHING = frozenset({type(None)})
_TRUTHS = (False, True, None)
_AND = {
    (a, b): False if a is False or b is False else None if None in (a, b) else True for a in _TRUTHS for b in _TRUTHS
}
_OR = {(a, b): True if a is True or b is True else None if None in (a, b) else False for a in _TRUTHS for b in _TRUTHS}


class Unsure(Exception):
    """The values are not plainly of one kind; SQLite has to say."""


def compile_check(tree: exp.Expr) -> Verdict | None:
    """The verdict of a condition, or None when it is not of the simple kind."""
    try:
        return _condition(tree)
    except Unsure:
        return None


def _condition(node: exp.Expr) -> Verdict:
    if isinstance(node, exp.Paren):
        return _condition(node.this)
    if isinstance(node, exp.And | exp.Or):
        left, right = _condition(node.left), _condition(node.right)
        return (
            _joined(left, right, operator.and_, _AND)
            if isinstance(node, exp.And)
            else _joined(left, right, operator.or_, _OR)
        )
    if isinstance(node, exp.Not):
        inner = _condition(node.this)
        return lambda columns: [None if truth is None else not truth for truth in inner(columns)]
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null) and isinstance(node.this, exp.Column):
        name = node.this.name.lower()
        return lambda columns: [value is None for value in columns[name]]
    if isinstance(node, exp.In) and node.expressions:
        return _listed(node)
    for kind, compare in _COMPARED.items():
        if type(node) is kind:
            return _compared(_value(node.this), compare, _value(node.expression))
    raise Unsure


def _joined(
    left: Verdict,
    right: Verdict,
    plain: Callable[[Any, Any], Any],
    truths: Mapping[tuple[bool | None, bool | None], bool | None],
) -> Verdict:
    def verdict(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        one, two = left(columns), right(columns)
        if None in one or None in two:
            return [truths[pair] for pair in zip(one, two, strict=True)]
        return list(map(plain, one, two))

    return verdict


def _compared(left: Verdict, compare: Callable[[Any, Any], Any], right: Verdict) -> Verdict:
    def verdict(columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        one, two = left(columns), right(columns)
        kinds = {*map(type, one), *map(type, two)}
        known = kinds - _NOTHING
        if not (known <= _NUMBERS or known <= _TEXTS):
            raise Unsure
        return _each(compare, one, two) if kinds & _NOTHING else list(map(compare, one, two))

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
        kinds = {*map(type, values), *allowed} - _NOTHING
        if not (kinds <= _NUMBERS or kinds <= _TEXTS):
            raise Unsure
        return [None if value is None else value in wanted for value in values]

    return verdict


def _value(node: exp.Expr) -> Verdict:
    if isinstance(node, exp.Paren):
        return _value(node.this)
    if isinstance(node, exp.Column):
        name = node.name.lower()
        return lambda columns: columns[name]
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
        kinds = {*map(type, one), *map(type, two)}
        if kinds == {int}:
            if any(max(values) > _SMALL or min(values) < -_SMALL for values in (one, two)):
                raise Unsure
            return list(map(calculate, one, two))
        if kinds - _NOTHING != {int} or any(value is not None and abs(value) > _SMALL for value in (*one, *two)):
            raise Unsure
        return _each(calculate, one, two)

    return verdict


def _each(operation: Callable[[Any, Any], Any], one: Sequence[Any], two: Sequence[Any]) -> list[Any]:
    """What is done with two values, row by row; with a NULL it gives NULL."""
    return [None if a is None or b is None else operation(a, b) for a, b in zip(one, two, strict=True)]


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
