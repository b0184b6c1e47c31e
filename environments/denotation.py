"""What a column's values stand for: the one place that says so.

A foreign key's value denotes a row of the table it points at, not the row that
carries it. Words, the identity check, the leak check and the graph's data edges
all ask here.
"""

from __future__ import annotations

from collections.abc import Collection

from schemas import Schema

from .contract import ColumnRef

_SURROGATE_KINDS = ("integer", "uuid", "blob")


class Denotation:
    """Answers questions about the columns of one schema.

    Args:
        schema: The schema whose keys and foreign keys decide.
        unspeakable: Columns, as `table.column`, whose values nobody says; keys among them are
            machine keys whatever their type.
    """

    def __init__(self, schema: Schema, unspeakable: Collection[str] = ()) -> None:
        self._unspeakable = frozenset(unspeakable)
        self._next: dict[ColumnRef, ColumnRef] = {}
        self._single: set[ColumnRef] = set()
        self._unique: set[ColumnRef] = set()
        self._keys: set[ColumnRef] = set()
        self._kinds: dict[ColumnRef, str] = {}
        for table in schema.tables:
            for column in table.columns:
                self._kinds[ColumnRef(table.name, column.name)] = column.type.kind
            for name in table.primary_key:
                self._keys.add(ColumnRef(table.name, name))
            if len(table.primary_key) == 1:
                self._single.add(ColumnRef(table.name, table.primary_key[0]))
            for unique in table.uniques:
                if len(unique) == 1:
                    self._unique.add(ColumnRef(table.name, unique[0]))
            for key in table.foreign_keys:
                for own, target in zip(key.columns, key.target_columns, strict=True):
                    self._next.setdefault(ColumnRef(table.name, own), ColumnRef(key.target, target))

    def root(self, column: ColumnRef) -> ColumnRef:
        """The column at the end of the foreign keys that start at `column` (itself when it has none)."""
        seen = {column}
        while column in self._next and self._next[column] not in seen:
            column = self._next[column]
            seen.add(column)
        return column

    def denotes(self, column: ColumnRef) -> str:
        """The table of which a value of `column` singles out one row, or ""."""
        root = self.root(column)
        return root.table if root in self._single or root in self._unique else ""

    def is_link(self, column: ColumnRef) -> bool:
        """Whether `column` is a foreign key (or part of one)."""
        return column in self._next

    def is_surrogate(self, column: ColumnRef) -> bool:
        """Whether `column` holds machine keys that nobody says: a key, or a link to one, of an unspeakable type."""
        root = self.root(column)
        if root not in self._keys and root not in self._unique:
            return False
        return self._kinds.get(root, "text") in _SURROGATE_KINDS or str(root) in self._unspeakable

    def is_natural_key(self, column: ColumnRef) -> bool:
        """Whether `column` alone identifies a row of its own table by something a person says."""
        return (
            (column in self._single or column in self._unique)
            and not self.is_link(column)
            and not self.is_surrogate(column)
        )

    def kind(self, column: ColumnRef) -> str:
        """The kind of the column's type; KeyError when there is no such column."""
        return self._kinds[column]
