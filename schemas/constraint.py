"""The constraints of a table as questions about a row that has just been drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import apsw

from .condition import Condition
from .model import Check, Index, Table, Value
from .store import Store


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

    def broken(self, rows: list[int]) -> list[int]:
        """Those of many rows that may not stay, if the others come in their order; nothing is accepted."""

    def accept_all(self, rows: list[int]) -> None:
        """These rows stay."""


@dataclass(slots=True)
class Distinct:
    """A primary key or UNIQUE constraint; a row with a NULL in it is distinct from all."""

    name: str
    columns: tuple[str, ...]
    lists: list[list[Value]]
    seen: set[tuple[Value, ...]] = field(default_factory=set)
    unique: bool = True

    def holds(self, row: int) -> bool:
        key = tuple(values[row] for values in self.lists)
        return None in key or key not in self.seen

    def accept(self, row: int) -> None:
        self.seen.add(tuple(values[row] for values in self.lists))

    def _keys(self, rows: list[int]) -> list[tuple[Value, ...]]:
        return list(zip(*([values[row] for row in rows] for values in self.lists), strict=True))

    def broken(self, rows: list[int]) -> list[int]:
        keys = self._keys(rows)
        fresh = set(keys)
        if len(fresh) == len(keys) and not self.seen:
            return []
        seen = set(self.seen)
        out: list[int] = []
        for row, key in zip(rows, keys, strict=True):
            if None in key:
                continue
            if key in seen:
                out.append(row)
            seen.add(key)
        return out

    def accept_all(self, rows: list[int]) -> None:
        self.seen.update(self._keys(rows))


@dataclass(slots=True)
class DistinctIndex:
    """A unique index with a condition or on expressions."""

    name: str
    columns: tuple[str, ...]
    condition: Condition
    partial: bool
    lists: list[list[Value]]
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


@dataclass(slots=True)
class Holding:
    """A CHECK; as in SQL, NULL is no violation."""

    name: str
    columns: tuple[str, ...]
    condition: Condition
    lists: list[list[Value]]
    unique: bool = False

    def holds(self, row: int) -> bool:
        value = self.condition.values(tuple(column[row] for column in self.lists))[0]
        return value is None or bool(value)

    def accept(self, row: int) -> None:
        """Nothing to remember."""

    def broken(self, rows: list[int]) -> list[int]:
        columns = [[values[row] for row in rows] for values in self.lists]
        found = self.condition.many(columns, len(rows))
        return [row for row, (value,) in zip(rows, found, strict=True) if value is not None and not value]

    def accept_all(self, rows: list[int]) -> None:
        """Nothing to remember."""


@dataclass(slots=True)
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
        found.append(Distinct(f"{kind} ({', '.join(group)})", group, lists))
    for index in table.indexes:
        if index.unique:
            found.append(_index(table, index, store, cursor))
    for check in table.checks:
        found.append(_check(table, check, store, cursor))
    return found


def _index(table: Table, index: Index, store: Store, cursor: apsw.Cursor) -> DistinctIndex:
    where = f" WHERE {index.where}" if index.where else ""
    name = f"the unique index ({', '.join(index.columns)}){where}"
    expressions = (*index.columns, index.where) if index.where else index.columns
    condition = Condition(cursor, table, expressions, f"{table.name}: {name}")
    lists = [store.columns[table.name, column] for column in condition.columns]
    return DistinctIndex(name, condition.columns, condition, bool(index.where), lists)


def _check(table: Table, check: Check, store: Store, cursor: apsw.Cursor) -> Holding:
    called = f" {check.name}" if check.name else ""
    name = f"CHECK{called} ({check.sql})"
    condition = Condition(cursor, table, (check.sql,), f"{table.name}: {name}")
    lists = [store.columns[table.name, column] for column in condition.columns]
    return Holding(name, condition.columns, condition, lists)
