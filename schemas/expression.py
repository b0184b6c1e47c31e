"""The small expression language of recipes: parsed with `ast`, checked node by node, compiled to closures.

    status in ('shipped', 'delivered') and days_between(orders.placed_at, now) > 3

Names are columns, `table.column` goes through a foreign key, `now` is the clock.
Allowed are literals, + - * / // %, comparisons, `in`, `is None`, and/or/not,
`a if c else b`, and the functions of FUNCTIONS. NULL in arithmetic or a function
gives NULL, an ordering comparison with NULL is false, and so is division by zero NULL.

Nothing is ever evaluated or executed as Python, and no attribute of any object is
read: a dotted name is only a path, looked up by whoever compiles the expression.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import FillError, RecipeError
from .model import Value
from .moment import DAY, read_duration, read_moment, write_date, write_moment

Path = tuple[str, ...]
Getter = Callable[[Any], Value]
Resolve = Callable[[Path], Getter]
ManyGetter = Callable[[Any], list[Value]]
"""From the contexts of many rows to their values."""
ResolveMany = Callable[[Path], ManyGetter]

_LONGEST = 1000
_NUMBERS = (int, float)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        text: As written.
        body: Its syntax tree, of allowed nodes only.
        paths: Every name and dotted name in it, in order of appearance, without `now` and the functions.
    """

    text: str
    body: ast.expr = field(compare=False, repr=False)
    paths: tuple[Path, ...] = field(compare=False)


def _days_between(start: Any, end: Any) -> Value:
    return (read_moment(end) - read_moment(start)) // DAY


def _shift(moment: Any, duration: Any) -> Value:
    seconds = read_moment(moment) + read_duration(duration)
    return write_date(seconds) if len(moment) == 10 else write_moment(seconds)


def _round(number: Any, digits: Any = 0) -> Value:
    if abs(digits) > 15:
        raise ValueError(f"round to {digits!r} digits; at most 15")
    rounded = round(number, digits)
    return int(rounded) if digits <= 0 else float(rounded)


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "lower": (1, 1, lambda text: str(text).lower()),
    "upper": (1, 1, lambda text: str(text).upper()),
    "length": (1, 1, lambda text: len(str(text))),
    "round": (1, 2, _round),
    "abs": (1, 1, abs),
    "min": (2, 9, min),
    "max": (2, 9, max),
    "days_between": (2, 2, _days_between),
    "shift": (2, 2, _shift),
    "year": (1, 1, lambda moment: int(str(moment)[:4])),
    "month": (1, 1, lambda moment: int(str(moment)[5:7])),
    "day": (1, 1, lambda moment: int(str(moment)[8:10])),
    "coalesce": (1, 9, _coalesce),
}
"""Name -> (fewest arguments, most arguments, function)."""

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def parse_expression(text: str) -> Expression:
    """Check `text` and take it apart; RecipeError says what is not allowed."""
    if len(text) > _LONGEST:
        raise RecipeError(f"an expression of {len(text)} characters; at most {_LONGEST} are read")
    try:
        body = ast.parse(text.strip(), mode="eval").body
        paths: dict[Path, None] = {}
        _check(body, paths)
    except (SyntaxError, ValueError) as error:
        raise RecipeError(f"{text!r} is no expression: {getattr(error, 'msg', None) or error}") from None
    except RecursionError:
        raise RecipeError("an expression is nested too deeply; split it over several columns") from None
    return Expression(text=text, body=body, paths=tuple(paths))


def expression_of(body: ast.expr) -> Expression:
    """The expression of a syntax tree of allowed nodes; a name in it may be any column's, spaces and all."""
    paths: dict[Path, None] = {}
    _check(body, paths)
    return Expression(text=ast.unparse(body), body=body, paths=tuple(paths))


def dotted(node: ast.expr) -> Path | None:
    """The path of `a` or `a.b.c`, or None."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return (node.id, *reversed(names))


def _check(node: ast.expr, paths: dict[Path, None]) -> None:
    if isinstance(node, ast.Name | ast.Attribute):
        path = dotted(node)
        if path is None or any(name.startswith("__") for name in path):
            raise ValueError(
                f"{ast.unparse(node)!r}: a dot may only follow the name of a table or a foreign key column"
            )
        if path != ("now",):
            paths.setdefault(path)
        return
    if isinstance(node, ast.Constant):
        if node.value is not None and not isinstance(node.value, bool | int | float | str):
            raise ValueError(f"the literal {node.value!r}; write a number, a text, True, False or None")
        return
    for child in _parts(node):
        _check(child, paths)


def _parts(node: ast.expr) -> list[ast.expr]:
    """The expressions inside an allowed compound node; ValueError for any other."""
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        return [node.operand]
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    if isinstance(node, ast.Compare):
        return [node.left, *_compared(node)]
    if isinstance(node, ast.Call):
        return _arguments(node)
    raise ValueError(f"{ast.unparse(node)!r} is not allowed in a recipe ({type(node).__name__})")


def _compared(node: ast.Compare) -> list[ast.expr]:
    parts: list[ast.expr] = []
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List):
                raise ValueError(f"{ast.unparse(node)!r}: write `in` with a list in brackets")
            parts.extend(right.elts)
            continue
        if isinstance(op, ast.Is | ast.IsNot) and not (isinstance(right, ast.Constant) and right.value is None):
            raise ValueError(f"{ast.unparse(node)!r}: `is` goes with None only")
        parts.append(right)
    return parts


def _arguments(node: ast.Call) -> list[ast.expr]:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS:
        raise ValueError(f"there is no function {name!r}; known are {', '.join(FUNCTIONS)}")
    fewest, most, _ = FUNCTIONS[name]
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise ValueError(f"{name} takes plain arguments only")
    if not fewest <= len(node.args) <= most:
        raise ValueError(f"{name} takes {fewest} to {most} arguments, not {len(node.args)}")
    return node.args


def compile_expression(expression: Expression, resolve: Resolve, now: str) -> Getter:
    """A closure that computes the expression in a context.

    Args:
        expression: From `parse_expression`.
        resolve: Gives for a path the closure that reads it in a context.
        now: The clock, 'YYYY-MM-DD HH:MM:SS'.

    Returns:
        A function from a context (whatever the resolved closures take) to a value;
        it raises FillError when the values do not fit the operators.
    """
    inner = _compile(expression.body, resolve, now)
    text = expression.text

    def compute(context: Any) -> Value:
        try:
            return inner(context)
        except (TypeError, ValueError, OverflowError) as error:
            raise FillError(f"the expression {text!r} cannot be computed: {error}") from None

    return compute


def compile_columns(expression: Expression, resolve: ResolveMany, now: str) -> ManyGetter:
    """What `compile_expression` gives, for many rows at once.

    Args:
        resolve: Gives for a path the function that reads it for many contexts.

    Returns:
        A function from many contexts to their values. It raises TypeError, ValueError or OverflowError
        where the values do not fit, be it in a part that the expression would not have come to.
    """
    return _columns(expression.body, resolve, now)


def _columns(node: ast.expr, resolve: ResolveMany, now: str) -> ManyGetter:
    if isinstance(node, ast.Constant):
        literal: Any = node.value
        return lambda rows: [literal] * len(rows)
    if isinstance(node, ast.Name | ast.Attribute):
        path = dotted(node) or ()
        return (lambda rows: [now] * len(rows)) if path == ("now",) else resolve(path)
    if isinstance(node, ast.BoolOp):
        parts = [_columns(value, resolve, now) for value in node.values]
        joined = all if isinstance(node.op, ast.And) else any
        return lambda rows: [joined(values) for values in zip(*(part(rows) for part in parts), strict=True)]
    if isinstance(node, ast.UnaryOp):
        operand = _columns(node.operand, resolve, now)
        if isinstance(node.op, ast.Not):
            return lambda rows: [not value for value in operand(rows)]
        return lambda rows: [_apply(operator.sub, 0, value) for value in operand(rows)]
    if isinstance(node, ast.BinOp):
        return _many_calculated(
            _ARITHMETIC[type(node.op)], _columns(node.left, resolve, now), _columns(node.right, resolve, now)
        )
    if isinstance(node, ast.IfExp):
        test, then, other = (_columns(part, resolve, now) for part in (node.test, node.body, node.orelse))
        return lambda rows: [
            b if a else c for a, b, c in zip(test(rows), then(rows), other(rows), strict=True)
        ]  # fmt: skip
    if isinstance(node, ast.Compare):
        return _many_compared(node, resolve, now)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        function, lenient = FUNCTIONS[node.func.id][2], node.func.id == "coalesce"
        arguments = [_columns(argument, resolve, now) for argument in _arguments(node)]
        return lambda rows: [
            None if None in values and not lenient else function(*values)
            for values in zip(*(argument(rows) for argument in arguments), strict=True)
        ]
    raise RecipeError(f"{ast.unparse(node)!r} is not allowed in a recipe")


def _many_calculated(apply: Callable[[Any, Any], Any], left: ManyGetter, right: ManyGetter) -> ManyGetter:
    quick = apply in (operator.add, operator.sub, operator.mul)

    def calculated(rows: Any) -> list[Value]:
        one, two = left(rows), right(rows)
        if quick and {*map(type, one), *map(type, two)} <= {int, float}:
            return list(map(apply, one, two))
        return [_apply(apply, a, b) for a, b in zip(one, two, strict=True)]

    return calculated


def _many_compared(node: ast.Compare, resolve: ResolveMany, now: str) -> ManyGetter:
    left = _columns(node.left, resolve, now)
    tests: list[ManyGetter] = []
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right_node, ast.Tuple | ast.List):
            items = [_columns(item, resolve, now) for item in right_node.elts]
            tests.append(_many_in(left, items, isinstance(op, ast.In)))
            continue
        right = _columns(right_node, resolve, now)
        tests.append(_many_pair(op, left, right))
        left = right
    if len(tests) == 1:
        return tests[0]
    return lambda rows: [all(values) for values in zip(*(test(rows) for test in tests), strict=True)]


def _many_in(left: ManyGetter, items: list[ManyGetter], wanted: bool) -> ManyGetter:
    return lambda rows: [
        (value in listed) is wanted
        for value, *listed in zip(left(rows), *(item(rows) for item in items), strict=True)
    ]  # fmt: skip


def _many_pair(op: ast.cmpop, left: ManyGetter, right: ManyGetter) -> ManyGetter:
    if isinstance(op, ast.Eq | ast.Is):
        return lambda rows: list(map(operator.eq, left(rows), right(rows)))
    if isinstance(op, ast.NotEq | ast.IsNot):
        return lambda rows: list(map(operator.ne, left(rows), right(rows)))
    compare = _ORDER[type(op)]
    return lambda rows: [
        a is not None and b is not None and bool(compare(a, b))
        for a, b in zip(left(rows), right(rows), strict=True)
    ]  # fmt: skip


def _compile(node: ast.expr, resolve: Resolve, now: str) -> Getter:
    if isinstance(node, ast.Constant):
        literal: Any = node.value
        return lambda context: literal
    if isinstance(node, ast.Name | ast.Attribute):
        path = dotted(node) or ()
        return (lambda context: now) if path == ("now",) else resolve(path)
    if isinstance(node, ast.BoolOp):
        return _compile_bool(node, resolve, now)
    if isinstance(node, ast.UnaryOp):
        operand = _compile(node.operand, resolve, now)
        if isinstance(node.op, ast.Not):
            return lambda context: not operand(context)
        return lambda context: _apply(operator.sub, 0, operand(context))
    if isinstance(node, ast.BinOp):
        left, right = _compile(node.left, resolve, now), _compile(node.right, resolve, now)
        apply = _ARITHMETIC[type(node.op)]
        return lambda context: _apply(apply, left(context), right(context))
    if isinstance(node, ast.IfExp):
        test, then, other = (_compile(part, resolve, now) for part in (node.test, node.body, node.orelse))
        return lambda context: then(context) if test(context) else other(context)
    if isinstance(node, ast.Compare):
        return _compile_compare(node, resolve, now)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _compile_call(node, node.func.id, resolve, now)
    raise RecipeError(f"{ast.unparse(node)!r} is not allowed in a recipe")


def _apply(function: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    numbers = isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS)
    if not numbers and not (function is operator.add and isinstance(left, str) and isinstance(right, str)):
        raise TypeError(f"no arithmetic with {left!r} and {right!r}")
    try:
        result: Value = function(left, right)
    except ZeroDivisionError:
        return None
    return result


def _compile_bool(node: ast.BoolOp, resolve: Resolve, now: str) -> Getter:
    parts = [_compile(value, resolve, now) for value in node.values]
    if isinstance(node.op, ast.And):
        return lambda context: all(part(context) for part in parts)
    return lambda context: any(part(context) for part in parts)


def _compile_call(node: ast.Call, name: str, resolve: Resolve, now: str) -> Getter:
    function = FUNCTIONS[name][2]
    arguments = [_compile(argument, resolve, now) for argument in node.args]
    if name == "coalesce":
        return lambda context: function(*(argument(context) for argument in arguments))

    def call(context: Any) -> Value:
        values = [argument(context) for argument in arguments]
        return None if None in values else function(*values)

    return call


def _compile_compare(node: ast.Compare, resolve: Resolve, now: str) -> Getter:
    left = _compile(node.left, resolve, now)
    tests: list[Callable[[Any], bool]] = []
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right_node, ast.Tuple | ast.List):
            tests.append(_compile_in(left, [_compile(item, resolve, now) for item in right_node.elts], op))
            continue
        right = _compile(right_node, resolve, now)
        tests.append(_compile_pair(op, left, right))
        left = right
    if len(tests) == 1:
        return tests[0]
    return lambda context: all(test(context) for test in tests)


def _compile_in(left: Getter, items: list[Getter], op: ast.cmpop) -> Callable[[Any], bool]:
    wanted = isinstance(op, ast.In)

    def test(context: Any) -> bool:
        value = left(context)
        return any(item(context) == value for item in items) is wanted

    return test


def _compile_pair(op: ast.cmpop, left: Getter, right: Getter) -> Callable[[Any], bool]:
    if isinstance(op, ast.Eq | ast.Is):
        return lambda context: left(context) == right(context)
    if isinstance(op, ast.NotEq | ast.IsNot):
        return lambda context: left(context) != right(context)
    compare = _ORDER[type(op)]

    def test(context: Any) -> bool:
        one, two = left(context), right(context)
        return one is not None and two is not None and bool(compare(one, two))

    return test


def split_equalities(expression: Expression, head: str) -> tuple[list[tuple[str, Expression]], Expression | None]:
    """Take `head.column == something about the own row` out of a condition.

    Returns:
        The (column, something) pairs, which an index can answer, and what is left
        of the condition, or None.
    """
    body = expression.body
    conjuncts = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
    pairs: list[tuple[str, Expression]] = []
    rest: list[ast.expr] = []
    for conjunct in conjuncts:
        pair = _equality(conjunct, head)
        if pair is None:
            rest.append(conjunct)
        else:
            pairs.append((pair[0], _part(expression, pair[1])))
    if not rest:
        return pairs, None
    left = rest[0] if len(rest) == 1 else ast.BoolOp(op=ast.And(), values=rest)
    return pairs, _part(expression, left)


def _equality(node: ast.expr, head: str) -> tuple[str, ast.expr] | None:
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)):
        return None
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        path = dotted(one)
        if path is not None and len(path) == 2 and path[0] == head:
            paths: dict[Path, None] = {}
            _check(other, paths)
            if all(inner[0] != head for inner in paths):
                return path[1], other
    return None


def _part(expression: Expression, node: ast.expr) -> Expression:
    paths: dict[Path, None] = {}
    _check(node, paths)
    return Expression(text=expression.text, body=node, paths=tuple(paths))
