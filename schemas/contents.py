"""What the rows of a schema say about its columns: which tell rows apart, and whose values lie in whose.

Values are compared as SQLite compares them in columns of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .model import Row, Rows, Schema, Value

_TEXTS = ("text", "json", "uuid", "date", "time", "timestamp")


class Contents:
    """The rows of one schema."""

    def __init__(self, schema: Schema, rows: Rows) -> None:
        self._rows: Mapping[str, Sequence[Row]] = rows
        self._kinds = {
            (table.name, column.name): column.type.kind for table in schema.tables for column in table.columns
        }
        self._values: dict[tuple[str, tuple[str, ...]], frozenset[tuple[Value, ...]]] = {}
        self._gaps: dict[tuple[str, str], bool] = {}
        self._distinct: dict[tuple[str, tuple[str, ...]], bool] = {}

    def count(self, table: str) -> int:
        """How many rows the table has."""
        return len(self._rows.get(table, ()))

    def has_null(self, table: str, column: str) -> bool:
        """Whether any row has NULL there."""
        key = (table, column)
        if key not in self._gaps:
            self._gaps[key] = any(row.get(column) is None for row in self._rows.get(table, ()))
        return self._gaps[key]

    def values(self, table: str, columns: tuple[str, ...]) -> frozenset[tuple[Value, ...]]:
        """The distinct values, without those that hold a NULL."""
        key = (table, columns)
        if key not in self._values:
            texts = [self._kinds[table, column] in _TEXTS for column in columns]
            found = (tuple(row.get(column) for column in columns) for row in self._rows.get(table, ()))
            whole = (values for values in found if None not in values)
            self._values[key] = frozenset(
                tuple(_as_text(value) if text else value for value, text in zip(values, texts, strict=True))
                for values in whole
            )
        return self._values[key]

    def allows_key(self, table: str, columns: tuple[str, ...]) -> bool:
        """Whether no row has a NULL there and no two rows have the same values; true of an empty table."""
        key = (table, columns)
        if key not in self._distinct:
            whole = not any(self.has_null(table, column) for column in columns)
            self._distinct[key] = whole and len(self.values(table, columns)) == self.count(table)
        return self._distinct[key]

    def allows_link(self, table: str, columns: tuple[str, ...], target: str, pointed: tuple[str, ...]) -> bool:
        """Whether every value lies among the target's; true where there are none."""
        return self.values(table, columns) <= self.values(target, pointed)


def _as_text(value: Value) -> Value:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
