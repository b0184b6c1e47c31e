"""Asking SQLite itself about a row: CHECKs, generated columns and index expressions.

The engine is the judge, so nothing of its semantics is imitated here. Columns are handed in with the
affinity they have in the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import apsw
from sqlglot import exp

from .emit import quote
from .errors import FillError
from .judge import Unsure, Verdict, compile_check
from .model import Table, Value
from .trees import tree_of

_AFFINITIES = {
    "integer": "INTEGER",
    "boolean": "NUMERIC",
    "decimal": "NUMERIC",
    "text": "TEXT",
    "json": "TEXT",
    "uuid": "TEXT",
}
_REMEMBERED = 4096


class Condition:
    """SQLite expressions over one table's row.

    Attributes:
        columns: The columns that they mention, in the table's order; `values` takes their values in this order.
    """

    __slots__ = ("_cursor", "_known", "_small", "_sql", "_verdict", "columns", "name")

    def __init__(self, cursor: apsw.Cursor, table: Table, expressions: Sequence[str], name: str) -> None:
        self.columns = tuple(used_columns(table, expressions))
        self.name = name
        self._cursor = cursor
        self._small = tuple(name.lower() for name in self.columns)
        self._verdict = _verdict(expressions)
        self._known: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        listed = [self._bind(table, column, place) for place, column in enumerate(self.columns, 1)]
        source = f" FROM (SELECT {', '.join(listed)}) AS {quote(table.name)}" if listed else ""
        self._sql = f"SELECT {', '.join(f'({expression})' for expression in expressions)}{source}"

    @staticmethod
    def _bind(table: Table, name: str, place: int) -> str:
        affinity = _AFFINITIES.get(table.column(name).type.kind)
        bound = f"CAST(?{place} AS {affinity})" if affinity else f"?{place}"
        return f"{bound} AS {quote(name)}"

    def values(self, row: tuple[Value, ...]) -> tuple[Value, ...]:
        """The expressions' values for a row; FillError when SQLite cannot compute them."""
        known = self._known.get(row)
        if known is None:
            try:
                known = next(iter(self._cursor.execute(self._sql, row)))
            except apsw.Error as error:
                raise FillError(f"{self.name} cannot be computed by SQLite: {error}") from None
            if len(self._known) < _REMEMBERED:
                self._known[row] = known
        return known

    def many(self, columns: Sequence[Sequence[Value]], size: int) -> list[tuple[Value, ...]]:
        """`values` for many rows, given as a list for every column; `size` is the number of rows."""
        if not columns:
            return [self.values(())] * size if size else []
        rows = list(zip(*columns, strict=True))
        different = dict.fromkeys(rows)
        try:
            answers = self._cursor.executemany(self._sql, different)
            known = dict(zip(different, answers, strict=True))
        except apsw.Error as error:
            raise FillError(f"{self.name} cannot be computed by SQLite: {error}") from None
        return [known[row] for row in rows]

    def truths(self, columns: Sequence[Sequence[Value]], size: int) -> Sequence[Value]:
        """The value of the only expression for many rows; a simple condition is not SQLite's to say."""
        found = self._judged(columns) if columns else None
        return [value for (value,) in self.many(columns, size)] if found is None else found

    def _judged(self, columns: Sequence[Sequence[Value]]) -> Sequence[Value] | None:
        """What Python can say of a simple condition; None when SQLite has to be asked."""
        try:
            return None if self._verdict is None else self._verdict(dict(zip(self._small, columns, strict=True)))
        except Unsure:
            return None


def _verdict(expressions: Sequence[str]) -> Verdict | None:
    """The verdict of a single simple condition."""
    if len(expressions) != 1:
        return None
    tree = tree_of(expressions[0])
    return None if tree is None else compile_check(tree)


def used_columns(table: Table, expressions: Sequence[str]) -> list[str]:
    """The table's columns that SQLite expressions mention."""
    mentioned: set[str] = set()
    for sql in expressions:
        tree = tree_of(sql)
        if tree is None:
            mentioned |= {word.lower() for word in re.findall(r"\w+", sql)}
        else:
            mentioned |= {found.name.lower() for found in tree.find_all(exp.Column, exp.Identifier)}
    return [column.name for column in table.columns if column.name.lower() in mentioned]
