"""Writing expressions over columns as trees."""

from __future__ import annotations

import ast

from .expression import Expression, expression_of
from .model import Column, Table


def ref(*path: str) -> ast.expr:
    node: ast.expr = ast.Name(path[0])
    for name in path[1:]:
        node = ast.Attribute(node, name)
    return node


def here(table: Table, column: Column) -> ast.expr:
    """A column of the row itself."""
    # A column called `now` would be read as the clock.
    return ref(table.name, column.name) if column.name == "now" else ref(column.name)


def constant(value: float) -> ast.expr:
    return ast.Constant(value)


def times(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Mult(), other)


def plus(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Add(), other)


def minus(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Sub(), other)


def or_zero(node: ast.expr) -> ast.expr:
    return ast.Call(ref("coalesce"), [node, constant(0)], [])


def among(node: ast.expr, values: list[str]) -> ast.expr:
    return ast.Compare(node, [ast.In()], [ast.List([ast.Constant(value) for value in values])])


def written(node: ast.expr) -> Expression:
    return expression_of(node)


def rounded(node: ast.expr, column: Column) -> Expression:
    digits = 0 if column.type.kind == "integer" else column.type.scale if column.type.scale else 2
    return expression_of(ast.Call(ref("round"), [node, constant(digits)], []))
