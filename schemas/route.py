"""How a dotted name in a recipe leads from a row to a column: through which foreign keys.

`column` and `own_table.column` are the row's own; `table.column` or `key_column.column` goes through one
foreign key; each further name goes through one more. Nothing is read here, only resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from .errors import RecipeError
from .model import Schema, Table

Path = tuple[str, ...]
Bound = Mapping[str, int]
"""Table -> position of the foreign key that `each` binds."""


class Route(NamedTuple):
    """The way to a column.

    Attributes:
        hops: (table, position of its foreign key) for every key that is followed.
        table: Where the column is.
        column: Its name.
    """

    hops: tuple[tuple[str, int], ...]
    table: str
    column: str


_BY_POSITION = "#"


def through(position: int) -> str:
    """A name in a path for the foreign key at a position, which no other key shares; for paths that code makes."""
    return f"{_BY_POSITION}{position}"


def nearest(name: str, known: list[str]) -> str:
    """ "; did you mean 'x'?" or the list of what is known."""
    close = get_close_matches(name.lower(), [option.lower() for option in known], n=1)
    if close:
        real = next(option for option in known if option.lower() == close[0])
        return f"; did you mean {real!r}?"
    return f"; known: {', '.join(known)}" if known else ""


def find_route(schema: Schema, table: str, path: Path, bound: Bound) -> Route:
    """Follow `path` from a row of `table`; RecipeError names the part that leads nowhere."""
    hops: list[tuple[str, int]] = []
    here = schema.table(table)
    if len(path) > 1 and path[0] == table:
        path = path[1:]
    for name in path[:-1]:
        position = find_key(schema, here, name, bound.get(here.name))
        hops.append((here.name, position))
        here = schema.table(here.foreign_keys[position].target)
    names = [column.name for column in here.columns]
    if path[-1] not in names:
        raise RecipeError(f"table {here.name!r} has no column {path[-1]!r}{nearest(path[-1], names)}")
    return Route(tuple(hops), here.name, path[-1])


def find_key(schema: Schema, table: Table, name: str, bound: int | None = None) -> int:
    """The position of the foreign key of `table` called by its target or by one of its columns.

    Of several keys to the same target, the one that `each` binds is meant, or that whose column has the name.
    """
    if name.startswith(_BY_POSITION):
        return int(name.removeprefix(_BY_POSITION))
    by_target = [position for position, key in enumerate(table.foreign_keys) if key.target == name]
    if bound in by_target and bound is not None:
        return bound
    if len(by_target) == 1:
        return by_target[0]
    named = [position for position, key in enumerate(table.foreign_keys) if key.columns == (name,)]
    if len(named) == 1:
        return named[0]
    by_column = [position for position, key in enumerate(table.foreign_keys) if name in key.columns]
    if by_target and not by_column:
        columns = [table.foreign_keys[position].columns[0] for position in by_target]
        raise RecipeError(
            f"table {table.name!r} has {len(by_target)} foreign keys to {name!r}; name one by its column: "
            + ", ".join(columns)
        )
    if by_column:
        return min(by_column, key=lambda position: len(table.foreign_keys[position].columns))
    known = [key.target for key in table.foreign_keys] + [
        column for key in table.foreign_keys for column in key.columns
    ]
    tables = [other.name for other in schema.tables]
    why = "has no foreign key to" if name in tables else "knows no table or foreign key column"
    raise RecipeError(f"table {table.name!r} {why} {name!r}{nearest(name, known)}")


def target_columns(schema: Schema, table: Table, position: int) -> tuple[str, ...]:
    """The columns a foreign key points at; the target's primary key when it names none."""
    key = table.foreign_keys[position]
    return key.target_columns or schema.table(key.target).primary_key
