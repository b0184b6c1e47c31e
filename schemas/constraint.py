"""The constraints of a table as questions about a row that has just been drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

import apsw

from .advice import Advice, Adviser
from .condition import Condition
from .model import Check, ColumnType, Index, Table, Value
from .store import Store
from .value import numbered


class Constraint(Protocol):
    """Asked whether a row may stay; told when it does."""

    @property
    def name(self) -> str:
        """As an error says it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is about."""

    @property
    def unique(self) -> bool:
        """It compares rows with each other."""

    def holds(self, row: int) -> bool:
        """Whether the row may stay beside those accepted so far."""

    def accept(self, row: int) -> None:
        """The row stays."""

    def advice(self, row: int, round_: int) -> list[Advice]:
        """What might be written so that it holds; another round brings other advice."""

    def broken(self, rows: list[int]) -> list[int]:
        """Those of many rows that may not stay, if the others come in their order; nothing is accepted."""

    def accept_all(self, rows: list[int]) -> None:
        """These rows stay."""


@dataclass(slots=True, eq=False)
class Distinct:
    """A primary key, a UNIQUE constraint or a unique index; a row with a NULL in it is distinct from all.

    Attributes:
        small: Of each column whether it is compared in small letters; empty for none.
    """

    name: str
    columns: tuple[str, ...]
    lists: list[list[Value]]
    types: list[ColumnType]
    small: tuple[bool, ...] = ()
    seen: set[Value | tuple[Value, ...]] = field(default_factory=set)
    unique: bool = True

    def _key(self, row: int) -> Value | tuple[Value, ...]:
        """The value of a single column, or the values of several; None when there is a NULL."""
        if self.small:
            return self._keys([row])[0]
        if len(self.lists) == 1:
            return self.lists[0][row]
        key = tuple(values[row] for values in self.lists)
        return None if None in key else key

    def _keys(self, rows: list[int]) -> list[Value | tuple[Value, ...]]:
        columns = _of(self.lists, rows)
        if self.small:
            columns = [
                [value.lower() if isinstance(value, str) else value for value in values] if small else values
                for values, small in zip(columns, self.small, strict=True)
            ]
        if len(columns) == 1:
            return list(columns[0])
        return [None if None in key else key for key in zip(*columns, strict=True)]

    def holds(self, row: int) -> bool:
        key = self._key(row)
        return key is None or key not in self.seen

    def accept(self, row: int) -> None:
        self.seen.add(self._key(row))

    def advice(self, row: int, round_: int) -> list[Advice]:
        return _apart(row, len(self.seen) + round_, self.columns, self.lists, self.types)

    def broken(self, rows: list[int]) -> list[int]:
        keys = self._keys(rows)
        fresh = set(keys)
        if len(fresh) == len(keys) and self.seen.isdisjoint(fresh):
            return []
        seen = set(self.seen)
        out: list[int] = []
        for row, key in zip(rows, keys, strict=True):
            if key is None:
                continue
            if key in seen:
                out.append(row)
            seen.add(key)
        return out

    def accept_all(self, rows: list[int]) -> None:
        self.seen.update(self._keys(rows))


@dataclass(slots=True, eq=False)
class DistinctIndex:
    """A unique index with a condition or on expressions."""

    name: str
    columns: tuple[str, ...]
    condition: Condition
    partial: bool
    lists: list[list[Value]]
    types: list[ColumnType]
    seen: set[tuple[Value, ...]] = field(default_factory=set)
    unique: bool = True

    def _key(self, row: int) -> tuple[Value, ...] | None:
        values = self.condition.values(tuple(column[row] for column in self.lists))
        if self.partial:
            *parts, holds = values
            values = tuple(parts) if holds else (None,)
        return None if None in values else values

    def holds(self, row: int) -> bool:
        key = self._key(row)
        return key is None or key not in self.seen

    def accept(self, row: int) -> None:
        key = self._key(row)
        if key is not None:
            self.seen.add(key)

    def advice(self, row: int, round_: int) -> list[Advice]:
        return _apart(row, len(self.seen) + round_, self.columns, self.lists, self.types)

    def broken(self, rows: list[int]) -> list[int]:
        seen = set(self.seen)
        out: list[int] = []
        for row in rows:
            key = self._key(row)
            if key is not None and key in seen:
                out.append(row)
            elif key is not None:
                seen.add(key)
        return out

    def accept_all(self, rows: list[int]) -> None:
        for row in rows:
            self.accept(row)


@dataclass(slots=True, eq=False)
class Holding:
    """A CHECK; as in SQL, NULL is no violation."""

    name: str
    columns: tuple[str, ...]
    condition: Condition
    lists: list[list[Value]]
    adviser: Adviser
    given: dict[str, list[Value]]
    unique: bool = False

    def holds(self, row: int) -> bool:
        value = self.condition.values(tuple(column[row] for column in self.lists))[0]
        return value is None or bool(value)

    def accept(self, row: int) -> None:
        """Nothing to remember."""

    def advice(self, row: int, round_: int) -> list[Advice]:
        columns = self.adviser.columns()
        return self.adviser.advise(row, round_, tuple(self.given[column][row] for column in columns))

    def broken(self, rows: list[int]) -> list[int]:
        columns = _of(self.lists, rows)
        found = self.condition.truths(columns, len(rows))
        if set(found) <= {True, None}:  # 1 is True
            return []
        return [row for row, value in zip(rows, found, strict=True) if value is not None and not value]

    def accept_all(self, rows: list[int]) -> None:
        """Nothing to remember."""


def _of(lists: list[list[Value]], rows: list[int]) -> list[list[Value]]:
    """The values of `rows`, which are in order."""
    return [values if len(rows) == len(values) else [values[row] for row in rows] for values in lists]


def _types(table: Table, columns: tuple[str, ...]) -> list[ColumnType]:
    return [table.column(column).type for column in columns]


def _apart(
    row: int, number: int, columns: tuple[str, ...], lists: list[list[Value]], types: list[ColumnType]
) -> list[Advice]:
    """Other draws, and what a number makes different."""
    found = [Advice(column, fresh=True) for column in columns]
    for column, values, type_ in zip(columns, lists, types, strict=True):
        value = values[row]
        if type_.form:
            continue  # a number at its end is not in the form
        if type_.kind == "text" and isinstance(value, str):
            found.append(Advice(column, numbered(value, number, type_.length)))
        elif type_.kind == "integer" and isinstance(value, int):
            found.append(Advice(column, value + number))
        elif type_.kind == "json" and type_.items in (None, "integer"):
            found.append(Advice(column, f"[{number}]" if type_.items == "integer" else f'{{"number": {number}}}'))
        elif type_.kind == "time":
            found.append(Advice(column, f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"))
    return found


@dataclass(slots=True, eq=False)
class Together:
    """Asks for nothing but that its columns are drawn jointly, so that each can give way to the others."""

    name: str
    columns: tuple[str, ...]
    unique: bool = True

    def holds(self, row: int) -> bool:
        del row
        return True

    def accept(self, row: int) -> None:
        """Nothing to remember."""

    def advice(self, row: int, round_: int) -> list[Advice]:
        del row, round_
        return []

    def broken(self, rows: list[int]) -> list[int]:
        del rows
        return []

    def accept_all(self, rows: list[int]) -> None:
        """Nothing to remember."""


def constraints_of(table: Table, store: Store, cursor: apsw.Cursor, unique: tuple[str, ...]) -> list[Constraint]:
    """All constraints of a table but NOT NULL and foreign keys.

    Args:
        unique: Further columns whose values must be distinct, because the recipe says so.
    """
    found: list[Constraint] = []
    groups = [group for group in (table.primary_key, *table.uniques, *((name,) for name in unique)) if group]
    for group in dict.fromkeys(groups):
        kind = "the primary key" if group == table.primary_key else "UNIQUE"
        lists = [store.columns[table.name, column] for column in group]
        found.append(Distinct(f"{kind} ({', '.join(group)})", group, lists, _types(table, group)))
    for index in table.indexes:
        if index.unique:
            found.append(_index(table, index, store, cursor))
    for check in table.checks:
        found.append(_check(table, check, store, cursor))
    return found


_PLAIN = re.compile(r'(LOWER\()?"((?:[^"]|"")+)"(?(1)\))')


def _index(table: Table, index: Index, store: Store, cursor: apsw.Cursor) -> Distinct | DistinctIndex:
    where = f" WHERE {index.where}" if index.where else ""
    name = f"the unique index ({', '.join(index.columns)}){where}"
    plain = [found for part in index.columns if (found := _PLAIN.fullmatch(part))]
    if len(plain) == len(index.columns) and not where:
        columns = tuple(found[2].replace('""', '"') for found in plain)
        lists = [store.columns[table.name, column] for column in columns]
        return Distinct(name, columns, lists, _types(table, columns), tuple(found[1] is not None for found in plain))
    expressions = (*index.columns, index.where) if index.where else index.columns
    condition = Condition(cursor, table, expressions, f"{table.name}: {name}")
    lists = [store.columns[table.name, column] for column in condition.columns]
    return DistinctIndex(name, condition.columns, condition, bool(index.where), lists, _types(table, condition.columns))


def _check(table: Table, check: Check, store: Store, cursor: apsw.Cursor) -> Holding:
    called = f" {check.name}" if check.name else ""
    name = f"CHECK{called} ({check.sql})"
    condition = Condition(cursor, table, (check.sql,), f"{table.name}: {name}")
    lists = [store.columns[table.name, column] for column in condition.columns]
    given = {column.name: store.columns[table.name, column.name] for column in table.columns}
    return Holding(name, condition.columns, condition, lists, Adviser(table, check.sql, cursor), given)
