"""A column about to be drawn, and what a draw is.

A `Site` hands out the random streams of its column, resolves paths to what can be read, and notes on the way what
must be there first. Sources become a `Drawn` in `produce.py`; foreign keys that are picked are `link.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import FillError
from .expression import Expression, Getter, ManyGetter, Path, compile_columns, compile_expression
from .model import Column, Schema, Table, Value
from .moment import NO_MOMENT, read_moments, write_moment, written_moments
from .randomness import Indices, Stream
from .route import Bound, find_route
from .store import Store

Key = tuple[str, str, str]
"""What can be waited for: ("column", table, column), ("link", table, position), ("rows", table, "")."""
Draw = Callable[[int, int], Value]
"""A value for a row's index and a salt; another salt is another draw."""
ManyDraws = Callable[[Indices, int], list[Value]]
"""The values of many rows, all with the same salt."""
ManyReads = Callable[[Indices], list[Value]]


@dataclass(slots=True, eq=False)
class Site:
    """Where values are drawn for: a column of a table, with what it may read.

    Attributes:
        needs: What must be drawn before, in the order in which it was asked for.
    """

    schema: Schema
    store: Store
    bound: Bound
    seed: int
    now: int
    table: Table
    column: Column
    needs: dict[Key, None] = field(default_factory=dict)

    def stream(self, *names: str) -> Stream:
        """The random stream of the column, or of one purpose in it."""
        return Stream(self.seed, self.table.name, self.column.name, *names)

    def read(self, path: Path, table: str | None = None) -> Callable[[int], Value]:
        """A function that reads `path` from a row of the site's table, or of another one."""
        route = find_route(self.schema, table or self.table.name, path, self.bound)
        links: list[list[int | None]] = []
        for owner, position in route.hops:
            self.needs["link", owner, str(position)] = None
            links.append(self.store.links[owner, position])
        self.needs["column", route.table, route.column] = None
        values = self.store.columns[route.table, route.column]
        if not links:
            return lambda row: values[row]
        if len(links) == 1:
            only = links[0]

            def through(row: int) -> Value:
                target = only[row]
                return None if target is None else values[target]

            return through

        def far(row: int) -> Value:
            here: int | None = row
            for link in links:
                here = link[here] if here is not None else None
            return None if here is None else values[here]

        return far

    def read_many(self, path: Path, table: str | None = None) -> ManyReads:
        """What `read` gives, for many rows at once."""
        route = find_route(self.schema, table or self.table.name, path, self.bound)
        links = [self.store.links[owner, position] for owner, position in route.hops]
        values = self.store.columns[route.table, route.column]
        size = self.store.sizes

        def through(rows: Indices) -> list[Value]:
            here: list[int | None] = rows.tolist()
            for link in links:
                here = [None if row is None else link[row] for row in here]
            if links:
                return [None if row is None else values[row] for row in here]
            if len(here) == size.get(route.table, -1):
                return values[:]
            return [values[row] for row in here if row is not None]

        return through

    def read_seconds(self, path: Path) -> Callable[[Indices], NDArray[np.int64]]:
        """The seconds of a date or timestamp for many rows; `NO_MOMENT` for NULL."""
        route = find_route(self.schema, self.table.name, path, self.bound)
        read = self.read_many(path)
        store, key = self.store, (route.table, route.column)
        links = [store.links[owner, position] for owner, position in route.hops]

        def through(rows: Indices) -> NDArray[np.int64]:
            known = store.seconds.get(key)
            if known is None:
                return read_moments(read(rows))
            here: list[int | None] = rows.tolist()
            for link in links:
                here = [None if row is None else link[row] for row in here]
            if not links:
                return known[rows]
            if None not in here:
                return known[np.array(here, np.int64)]
            return np.array([NO_MOMENT if row is None else known[row] for row in here], np.int64)

        return through

    def compile_many(self, expression: Expression) -> ManyGetter:
        """An expression over many of the site's rows; falls back to one row after the other where one is odd."""
        one = self.compile(expression)
        many = compile_columns(expression, self.read_many, write_moment(self.now))
        return _careful(many, one, lambda rows: rows.tolist())

    def compile_many_pairs(self, expression: Expression, other: str) -> Callable[[Indices, Indices], list[Value]]:
        """An expression over many pairs (own row, row of `other`)."""
        one = self.compile_pair(expression, other)

        def resolve(path: Path) -> ManyGetter:
            if path[0] == other and len(path) > 1:
                theirs = self.read_many(path[1:], other)
                return lambda pairs: theirs(pairs.other)
            own = self.read_many(path)
            return lambda pairs: own(pairs.own)

        many = compile_columns(expression, resolve, write_moment(self.now))
        careful = _careful(many, one, lambda pairs: zip(pairs.own.tolist(), pairs.other.tolist(), strict=True))
        return lambda own, others: careful(_Pairs(own, others))

    def compile(self, expression: Expression, table: str | None = None) -> Getter:
        """An expression over the site's own row, or one of another table."""
        return compile_expression(expression, lambda path: self.read(path, table), write_moment(self.now))

    def compile_pair(self, expression: Expression, other: str) -> Getter:
        """An expression over (own row, row of `other`); names that start with `other` are the other row's."""

        def resolve(path: Path) -> Getter:
            if path[0] == other and len(path) > 1:
                theirs = self.read(path[1:], other)
                return lambda pair: theirs(pair[1])
            own = self.read(path)
            return lambda pair: own(pair[0])

        return compile_expression(expression, resolve, write_moment(self.now))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Rows of the own table, and for each one a row of another."""

    own: Indices
    other: Indices

    def __len__(self) -> int:
        return len(self.own)


def _careful(many: ManyGetter, one: Getter, contexts: Callable[[Any], Iterable[Any]]) -> ManyGetter:
    def both(rows: Any) -> list[Value]:
        try:
            return many(rows)
        except (TypeError, ValueError, OverflowError, FillError):
            # A part that is not reached in any row may fail when it is computed for all.
            return [one(context) for context in contexts(rows)]

    return both


class Drawn(NamedTuple):
    """How values come about.

    Attributes:
        draw: The value of a row.
        random: Another salt may give another value.
        options: All values there are, when they can be listed.
        many: The values of many rows; what `draw` gives for each, only faster.
        stored: `many` gives values in the form in which the column stores them.
        seconds: Of moments, instead of `many`: the numbers that are written out; `NO_MOMENT` for NULL.
        dated: They are written as dates.
    """

    draw: Draw
    random: bool = True
    options: tuple[Value, ...] | None = None
    many: ManyDraws | None = None
    stored: bool = False
    seconds: Callable[[Indices, int], NDArray[np.int64]] | None = None
    dated: bool = False

    def column(self, rows: Indices, salt: int) -> list[Value]:
        """The values of many rows."""
        if self.seconds is not None:
            return written_moments(self.seconds(rows, salt), self.dated)
        if self.many is not None:
            return self.many(rows, salt)
        draw = self.draw
        return [draw(row, salt) for row in rows.tolist()]
