"""What could be written into a row so that a CHECK holds: values worth trying, read from the CHECK itself.

Each comparison in it is solved for each of its columns, each pattern is drawn from, each NULL test suggests NULL
and its opposite. SQLite computes the values for the row at hand and judges afterwards whether one of
them helps, so a suggestion may be wrong; it is only a pity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import apsw
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from .condition import Condition
from .errors import FillError
from .model import Column, Table, Value
from .moment import read_moment, write_date, write_moment
from .randomness import Stream
from .shape import text_draw
from .texts import read_text
from .value import step_of

_DEPTH = 5
_TEXTS = 2
_LIST = {
    "integer": "[1, 2, 3]", "text": '["a", "b", "c"]', "boolean": "[1, 0, 1]", "real": "[0.5, 1.5]",
    "decimal": "[0.5, 1.5]", "date": '["2024-02-29"]', "timestamp": '["2024-02-29 12:00:00"]', "time": '["12:00:00"]',
}  # fmt: skip
_JSON = ("{}", "[]", '{"source": "web"}', "1", '"a"', "null", "true")


class Advice(NamedTuple):
    """A value for a column, or another draw of it when `fresh`."""

    column: str
    value: Value = None
    fresh: bool = False


class _Solved(NamedTuple):
    """An SQLite expression for a column; `near` asks for its neighbours too, `size` takes it for a text's length."""

    column: str
    sql: str
    near: bool = False
    size: bool = False


class Adviser:
    """Suggestions for one CHECK of a table; nothing is read before the first is wanted."""

    __slots__ = ("_condition", "_cursor", "_fixed", "_solved", "_sql", "_stream", "_table")

    def __init__(self, table: Table, sql: str, cursor: apsw.Cursor) -> None:
        self._table, self._sql, self._cursor = table, sql, cursor
        self._stream = Stream(0, "advice", table.name, sql)
        self._solved: list[_Solved] | None = None
        self._fixed: list[Advice] = []
        self._condition: Condition | None = None

    def columns(self) -> tuple[str, ...]:
        """The columns whose values the suggestions depend on, in the order in which `advise` takes them."""
        if self._solved is None:
            self._read()
        return self._condition.columns if self._condition is not None else ()

    def advise(self, row: int, round_: int, values: tuple[Value, ...]) -> list[Advice]:
        """Suggestions for a row with such values; another round brings others. NULL comes last."""
        if self._solved is None:
            self._read()
        found: list[Advice] = []
        if self._condition is not None:
            try:
                computed = self._condition.values(values)
            except FillError:
                computed = ()
            for solved, value in zip(self._solved or (), computed, strict=False):
                found += self._around(solved, value, row, round_)
        found += [one for one in self._fixed if one.fresh or one.value is not None]
        start = self._stream.below(max(len(found), 1), row, round_)
        return [*found[start:], *found[:start], *(one for one in self._fixed if not one.fresh and one.value is None)]

    def _around(self, solved: _Solved, value: Value, row: int, round_: int) -> Iterator[Advice]:
        column = self._table.column(solved.column)
        if value is None:
            return
        if solved.size:
            if isinstance(value, int | float) and 0 <= value < 10_000:
                for size in (int(value), int(value) + 1, int(value) - 1):
                    letters = (self._stream.below(26, row, place) for place in range(size))
                    yield Advice(solved.column, "".join(chr(97 + letter) for letter in letters))
            return
        if solved.near:
            away = 1 + self._stream.below(20, row, round_ + 7)
            for steps in (away, -away):
                yield Advice(solved.column, _moved(column, value, steps))
        yield Advice(solved.column, value)
        if solved.near:
            for steps in (1, -1):
                yield Advice(solved.column, _moved(column, value, steps))

    def _read(self) -> None:
        self._solved = []
        try:
            tree = sqlglot.parse_one(self._sql, read="sqlite")
            tree = _without_generated(tree, self._table)
        except SqlglotError:
            return
        names = {column.name.lower(): column.name for column in self._table.columns}
        solved: list[_Solved] = []
        fixed: list[Advice] = []
        for node in tree.walk():
            solved += _solve(node, names)
            fixed += self._suggest(node, names)
        for mentioned in tree.find_all(exp.Column):
            name = names.get(mentioned.name.lower())
            if name is not None:
                fixed.append(Advice(name, fresh=True))
                fixed.append(Advice(name, None))
        self._fixed = list(dict.fromkeys(fixed))
        self._solved = list(dict.fromkeys(solved))
        if self._solved:
            expressions = [found.sql for found in self._solved]
            self._condition = Condition(self._cursor, self._table, expressions, f"advice on {self._sql}")

    def _suggest(self, node: exp.Expr, names: dict[str, str]) -> Iterator[Advice]:
        """Values that do not depend on the row."""
        said = read_text(node)
        if said is not None and said.shapes and said.column.lower() in names:
            draw = text_draw(said.shapes, self._stream)
            for number in range(_TEXTS):
                yield Advice(names[said.column.lower()], draw(number, 0))
        if isinstance(node, exp.Column) and node.name.lower() in names:
            column = self._table.column(names[node.name.lower()])
            for value in column.values:
                yield Advice(column.name, value)
            if column.type.kind == "boolean":
                yield Advice(column.name, 1)
                yield Advice(column.name, 0)
            if column.type.kind == "json":
                listed = _LIST.get(column.type.items or "text", '["a", "b", "c"]')
                for text in (listed, *(() if column.type.items else _JSON)):
                    yield Advice(column.name, text)
        if isinstance(node, exp.In):
            inner = node.this.unnest()
            if isinstance(inner, exp.Column) and inner.name.lower() in names:
                for value in node.expressions:
                    plain = value.unnest()
                    if isinstance(plain, exp.Literal):
                        yield Advice(names[inner.name.lower()], plain.name if plain.is_string else float(plain.name))


def _moved(column: Column, value: Value, steps: int) -> Value:
    """The value some steps of its column away; text stays."""
    step = step_of(column)
    if column.type.kind in ("date", "timestamp"):
        try:
            seconds = read_moment(str(value)) + int(steps * step)
        except ValueError:
            return value
        return write_date(seconds) if column.type.kind == "date" else write_moment(seconds)
    if isinstance(value, int | float):
        return value + int(steps * step) if step >= 1 else round(value + steps * step, 12)
    return value


def _without_generated(tree: exp.Expr, table: Table) -> exp.Expr:
    """The tree with what computes them in the place of generated columns."""
    made = {column.name.lower(): column.generated for column in table.columns if column.generated}

    def replaced(node: exp.Expr) -> exp.Expr:
        text = made.get(node.name.lower()) if isinstance(node, exp.Column) else None
        return exp.Paren(this=sqlglot.parse_one(text, read="sqlite")) if text else node

    for _ in range(_DEPTH):
        if not made or not any(found.name.lower() in made for found in tree.find_all(exp.Column)):
            break
        tree = tree.transform(replaced)
    return tree


def _solve(node: exp.Expr, names: dict[str, str]) -> Iterator[_Solved]:
    """A comparison solved for each of its columns."""
    if isinstance(node, exp.Between):
        for end in ("low", "high"):
            yield from _sides(node.this, node.args[end], names, near=True)
    elif isinstance(node, exp.In):
        for value in node.expressions:
            yield from _sides(node.this, value, names, near=False)
    elif isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.NullSafeEQ | exp.NullSafeNEQ):
        yield from _sides(node.left, node.right, names, near=not isinstance(node, exp.EQ | exp.NullSafeEQ))


def _sides(left: exp.Expr, right: exp.Expr, names: dict[str, str], *, near: bool) -> Iterator[_Solved]:
    for one, other in ((left, right), (right, left)):
        for column in dict.fromkeys(found.name.lower() for found in one.find_all(exp.Column)):
            if column in names:
                for sql, size in _inverse(one, f"({other.sql('sqlite')})", column):
                    yield _Solved(names[column], sql, near, size)


def _mentions(tree: exp.Expr, column: str) -> bool:
    return any(found.name.lower() == column for found in tree.find_all(exp.Column))


def _inverse(tree: exp.Expr, wanted: str, column: str) -> Iterator[tuple[str, bool]]:
    """What `column` has to be for `tree` to be `wanted`, all in SQLite; and whether that is its length."""
    inner = tree.unnest()
    if isinstance(inner, exp.Column):
        yield wanted, False
    elif isinstance(inner, exp.Add | exp.Sub | exp.Mul | exp.Div):
        yield from _arithmetic(inner, wanted, column)
    elif isinstance(inner, exp.Neg):
        yield from _inverse(inner.this, f"(-{wanted})", column)
    elif isinstance(inner, exp.Abs):
        yield from _inverse(inner.this, wanted, column)
        yield from _inverse(inner.this, f"(-{wanted})", column)
    elif isinstance(inner, exp.Round | exp.Cast | exp.Lower | exp.Upper | exp.Trim | exp.Coalesce | exp.Collate):
        if _mentions(inner.this, column):
            yield from _inverse(inner.this, f"{_function(inner)}({wanted})", column)
    elif isinstance(inner, exp.Mod):
        if _mentions(inner.this, column):
            whole, part = inner.this.sql("sqlite"), inner.expression.sql("sqlite")
            yield from _inverse(inner.this, f"(({whole}) - ({whole}) % ({part}) + {wanted})", column)
    elif isinstance(inner, exp.Length):
        measured = inner.this.unnest()
        if isinstance(measured.this if isinstance(measured, exp.Trim) else measured, exp.Column):
            yield wanted, True
    elif isinstance(inner, exp.Substring) and isinstance(inner.this.unnest(), exp.Column):
        yield from _spliced(inner, wanted)
    elif isinstance(inner, exp.TimeToStr | exp.Anonymous) and "'%Y'" in inner.sql("sqlite"):
        name = next(found for found in inner.find_all(exp.Column) if found.name.lower() == column).sql("sqlite")
        yield f"PRINTF('%04d', {wanted}) || SUBSTR({name}, 5)", False


def _function(inner: exp.Expr) -> str:
    return "LOWER" if isinstance(inner, exp.Lower) else "UPPER" if isinstance(inner, exp.Upper) else ""


def _arithmetic(inner: exp.Binary, wanted: str, column: str) -> Iterator[tuple[str, bool]]:
    left, right = inner.left.sql("sqlite"), inner.right.sql("sqlite")
    if _mentions(inner.left, column) and not _mentions(inner.right, column):
        back = {exp.Add: f"({wanted} - ({right}))", exp.Sub: f"({wanted} + ({right}))"}
        back |= {exp.Mul: f"({wanted} / ({right}))", exp.Div: f"({wanted} * ({right}))"}
        yield from _inverse(inner.left, back[type(inner)], column)
        if isinstance(inner, exp.Mul):
            yield from _inverse(inner.left, f"({wanted} * 1.0 / ({right}))", column)
    elif _mentions(inner.right, column) and not _mentions(inner.left, column):
        back = {exp.Add: f"({wanted} - ({left}))", exp.Sub: f"(({left}) - {wanted})"}
        back |= {exp.Mul: f"({wanted} / ({left}))", exp.Div: f"(({left}) / {wanted})"}
        yield from _inverse(inner.right, back[type(inner)], column)
        if isinstance(inner, exp.Mul):
            yield from _inverse(inner.right, f"({wanted} * 1.0 / ({left}))", column)


def _spliced(inner: exp.Substring, wanted: str) -> Iterator[tuple[str, bool]]:
    name, start, length = inner.this.sql("sqlite"), inner.args.get("start"), inner.args.get("length")
    if not isinstance(start, exp.Literal) or not start.name.isdigit():
        return
    tail = ""
    if isinstance(length, exp.Literal) and length.name.isdigit():
        tail = f" || SUBSTR({name}, {int(start.name) + int(length.name)})"
    yield f"SUBSTR({name}, 1, {int(start.name) - 1}) || {wanted}{tail}", False
