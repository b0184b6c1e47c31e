"""Brings an expression that SQLite accepts into one form, however its dialect wrote it.

PostgreSQL writes an expression back with other operators, casts and parentheses than it was given.
In the form made here both are the same text, so that a schema that went through an engine is
still equal to itself: BETWEEN and lists of one are spelled out, AND, OR and || lean to the left,
literals stand as their column stores them, and parentheses only where they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from .errors import Unreadable
from .literals import stored_form
from .model import Column, ColumnType, Value

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_CHAINS = (exp.And, exp.Or, exp.DPipe)
_MULTIPLIED = (exp.Mul, exp.Div, exp.Mod)
_LITERAL_KINDS = ("date", "time", "timestamp", "boolean", "uuid", "integer", "real", "decimal")


def canonical(tree: exp.Expr, columns: Mapping[str, Column]) -> exp.Expr:
    """The one form of an expression.

    Args:
        tree: In SQLite's form; it is changed.
        columns: The columns it may name, by small-letter name.
    """
    tree = rewritten(tree, _bare)
    tree = rewritten(tree, _alone)
    tree = rewritten(tree, lambda node: _spelled_out(node, columns))
    for node in list(tree.find_all(*_COMPARISONS, exp.In)):
        _store_literals(node, columns)
    return _parenthesized(_left_leaning(tree))


def rewritten(tree: exp.Expr, rewrite: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """A tree with every node replaced by what `rewrite` makes of it, from the top down.

    Unlike sqlglot's `transform`, which stops there, the parts of what was put in are rewritten too.
    """
    root = rewrite(tree)
    waiting = [root]
    while waiting:
        for child in list(waiting.pop().iter_expressions()):
            fresh = rewrite(child)
            if fresh is not child:
                child.replace(fresh)
            waiting.append(fresh)
    return root


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _alone(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.In) and len(node.expressions) == 1 and not node.args.get("query"):
        return exp.EQ(this=node.this, expression=node.expressions[0])
    return node


def _spelled_out(node: exp.Expr, columns: Mapping[str, Column]) -> exp.Expr:
    if isinstance(node, exp.Between):
        low = exp.GTE(this=node.this.copy(), expression=node.args["low"])
        high = exp.LTE(this=node.this, expression=node.args["high"])
        return exp.And(this=_spelled_out(low, columns), expression=_spelled_out(high, columns))
    if isinstance(node, exp.Not) and isinstance(node.this, exp.EQ):
        return _spelled_out(exp.NEQ(this=node.this.left, expression=node.this.right), columns)
    if isinstance(node, exp.Not) and isinstance(node.this, exp.Not):
        return _spelled_out(node.this.this, columns)
    if isinstance(node, _COMPARISONS) and _is_constant(node.left) and not _is_constant(node.right):
        turned = {exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE}.get(type(node), type(node))
        return turned(this=node.right, expression=node.left)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Cast) and node.to == node.this.to:
        return node.this
    if isinstance(node, exp.Cast) and isinstance(node.parent, exp.DPipe) and node.to.is_type("text"):
        inner: exp.Expr = node.this
        return inner  # || makes a text of it just so
    if isinstance(node, exp.Literal) and not node.is_string and node.this.startswith("-"):
        return exp.Neg(this=exp.Literal.number(node.this[1:]))
    return node


def _is_constant(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Neg) else node
    return isinstance(inner, exp.Literal | exp.Boolean | exp.Null)


def _store_literals(node: exp.Expr, columns: Mapping[str, Column]) -> None:
    """A literal that is compared with a column, in the form in which the column's values are stored."""
    column = columns.get(node.this.name.lower()) if isinstance(node.this, exp.Column) else None
    if column is None or column.type.kind not in _LITERAL_KINDS:
        return
    others = node.expressions if isinstance(node, exp.In) else [node.expression]
    for other in others:
        if isinstance(other, exp.Literal | exp.Neg | exp.Boolean) and (fresh := _stored(other, column)) is not None:
            other.replace(fresh)


def _stored(literal: exp.Expr, column: Column) -> exp.Expr | None:
    value: Value
    if isinstance(literal, exp.Boolean):
        value = bool(literal.this)
    elif isinstance(literal, exp.Neg):
        if not isinstance(literal.this, exp.Literal):
            return None
        value = f"-{literal.this.this}"
    else:
        value = str(literal.this)
    try:
        # A text that is compared with a decimal is a number as it stands, of however many digits.
        type_ = ColumnType("decimal") if column.type.kind == "decimal" else column.type
        stored = stored_form(value, type_, "sqlite")
    except Unreadable:
        return None
    if column.type.kind == "boolean":
        return exp.Boolean(this=bool(stored)) if stored in (0, 1) else None
    if isinstance(stored, str):
        return exp.Literal.string(stored)
    if isinstance(stored, int) or not isinstance(stored, float):
        whole = int(stored) if isinstance(stored, int) else 0
        number: exp.Expr = exp.Literal.number(abs(whole))
        return exp.Neg(this=number) if whole < 0 else number
    # Scales are the column's business, not the literal's: a bound of 0.005 on two digits stays what it is.
    return None if isinstance(literal, exp.Literal) and not literal.is_string else exp.Literal.number(repr(stored))


def _left_leaning(tree: exp.Expr) -> exp.Expr:
    """`a AND (b AND c)` as `(a AND b) AND c`, which means the same."""
    for node in reversed(list(tree.find_all(*_CHAINS))):  # the innermost first
        parent = node.parent
        if isinstance(parent, type(node)):
            continue  # part of a chain that is rebuilt from its top
        parts = _links(node, type(node))
        if len(parts) < 3:
            continue
        chain = parts[0].copy()
        for part in parts[1:]:
            chain = type(node)(this=chain, expression=part.copy())
        if node is tree:
            tree = chain
        else:
            node.replace(chain)
    return tree


def _links(node: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    out: list[exp.Expr] = []
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if type(found) is kind:
            waiting += [found.expression, found.this]
        else:
            out.append(found)
    return out


def _parenthesized(tree: exp.Expr) -> exp.Expr:
    for node in list(tree.walk()):
        parent = node.parent
        if parent is not None and node is not tree and _needs_parentheses(node, parent):
            around = exp.Paren()
            node.replace(around)
            around.set("this", node)
    return tree


def _rank(node: exp.Expr) -> int:
    """How tightly a node binds; an atom binds most tightly."""
    if isinstance(node, exp.Or):
        return 1
    if isinstance(node, exp.And):
        return 2
    if isinstance(node, exp.Not):
        return 3
    if isinstance(
        node, (*_COMPARISONS, exp.Is, exp.In, exp.Like, exp.Glob, exp.Between, exp.NullSafeEQ, exp.NullSafeNEQ)
    ):
        return 4
    if isinstance(node, exp.Add | exp.Sub):
        return 5
    if isinstance(node, _MULTIPLIED):
        return 6
    if isinstance(node, exp.DPipe):
        return 7
    if isinstance(node, exp.Neg):
        return 8
    return 4 if isinstance(node, exp.Binary) and not isinstance(node, exp.Func) else 9


def _needs_parentheses(node: exp.Expr, parent: exp.Expr) -> bool:
    inner, outer = _rank(node), _rank(parent)
    if inner == 9 or outer == 9 or isinstance(parent, exp.Escape):
        return False
    if isinstance(node, exp.And) and isinstance(parent, exp.Or):
        return True  # not needed by any engine, but by readers
    if inner == outer:
        first = node.arg_key == "this" and isinstance(parent, exp.Binary)
        return not (first and inner in (1, 2, 5, 6, 7))
    if isinstance(parent, exp.Not):
        return inner < 3
    return inner < outer
