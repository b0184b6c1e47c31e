"""The tables of one reading, found by the names that statements use for them.

It holds drafts and says where a name without a schema belongs; it reads nothing.
"""

from __future__ import annotations

from .cursor import QualifiedName
from .draft import DraftTable
from .errors import Unreadable
from .finish import Lookup


class Drafts:
    """Tables by name, and the partitions whose rows go to another table.

    Attributes:
        schema: Where a name without a schema belongs.
        renamed: The present names of tables by the former ones.
    """

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str], DraftTable] = {}
        self.lookup = Lookup()
        self.schema = ""
        self.renamed: dict[tuple[str, str], QualifiedName] = {}
        self.partitions: dict[tuple[str, str], QualifiedName] = {}
        self.made = 0

    def all(self) -> list[DraftTable]:
        """In the order in which they were declared."""
        return sorted(self.tables.values(), key=lambda table: table.number)

    def add(self, table: DraftTable) -> None:
        self.made += 1
        table.number = self.made
        self.tables[self.key(table.name)] = table
        self.lookup.add(table.name)

    @staticmethod
    def key(name: QualifiedName) -> tuple[str, str]:
        return name.schema.lower(), name.name.lower()

    def qualified(self, name: QualifiedName) -> QualifiedName:
        return name if name.schema else QualifiedName(self.schema, name.name)

    def find(self, name: QualifiedName) -> DraftTable | None:
        found = self.lookup.find(name, self.schema)
        return self.tables[self.key(found)] if found is not None else None

    def move(self, table: DraftTable, name: QualifiedName) -> None:
        """Give a table another name."""
        before, after = self.key(table.name), self.key(name)
        if after != before and after in self.tables:
            raise Unreadable(f"there already is a table {name.name!r}")
        self.lookup.remove(table.name)
        table.name = name
        self.lookup.add(name)
        if after != before:
            self.renamed[before] = name
            self.tables[after] = self.tables.pop(before)

    def need(self, name: QualifiedName) -> DraftTable:
        table = self.find(name)
        if table is None:
            raise Unreadable(f"there is no table {name.name!r}")
        return table

    def remove(self, table: DraftTable) -> None:
        del self.tables[self.key(table.name)]
        self.lookup.remove(table.name)

    def partition_of(self, name: QualifiedName) -> QualifiedName | None:
        """The partitioned table that `name` is a part of, or None."""
        found, place = None, self.qualified(name)
        while (parent := self.partitions.get(self.key(place))) is not None:
            found = place = parent
        return found
