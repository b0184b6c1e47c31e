"""The tables of one reading, found by the names that statements use for them.

It holds drafts, says where a name without a schema belongs and what a table is called in the end; it reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .cursor import QualifiedName
from .draft import DraftTable
from .errors import Unreadable
from .lex import Dialect

DEFAULT_SCHEMAS: Mapping[Dialect, str] = {
    "postgres": "public", "tsql": "dbo", "sqlite": "main", "mysql": "", "oracle": "",
}  # fmt: skip
"""The schema that a database of each dialect opens with; "" where that is the database's or the user's own name."""


class Lookup:
    """Finds a table by the name a statement used for it."""

    def __init__(self, names: Iterable[QualifiedName] = ()) -> None:
        self.exact: dict[tuple[str, str], QualifiedName] = {}
        self.by_name: dict[str, list[QualifiedName]] = {}
        for name in names:
            self.add(name)

    def add(self, name: QualifiedName) -> None:
        self.exact.setdefault((name.schema.lower(), name.name.lower()), name)
        self.by_name.setdefault(name.name.lower(), []).append(name)

    def remove(self, name: QualifiedName) -> None:
        self.exact.pop((name.schema.lower(), name.name.lower()), None)
        self.by_name[name.name.lower()].remove(name)

    def find(self, wanted: QualifiedName, places: Sequence[str]) -> QualifiedName | None:
        """`wanted` in its own schema, or if it names none in the first of `places` that has it.

        Failing that the only table of that name, unless both are known to stand in different schemas.
        """
        name = wanted.name.lower()
        for place in (wanted.schema,) if wanted.schema else places:
            if (found := self.exact.get((place.lower(), name))) is not None:
                return found
        candidates = [other for other in self.by_name.get(name, ()) if not (wanted.schema and other.schema)]
        return candidates[0] if len(candidates) == 1 else None


class Drafts:
    """Tables by name, and the partitions whose rows go to another table.

    Attributes:
        default: The schema that the database opens with.
        path: Where a name without a schema is looked for; what is made belongs in the first of them.
        renamed: The present names of tables by the former ones.
        collation: That of tables which name none.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.tables: dict[tuple[str, str], DraftTable] = {}
        self.lookup = Lookup()
        self.default = DEFAULT_SCHEMAS[dialect]
        self.path: tuple[str, ...] = (self.default,)
        self.renamed: dict[tuple[str, str], QualifiedName] = {}
        self.collation = ""
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
        return name if name.schema else QualifiedName(self.path[0], name.name)

    def find(self, name: QualifiedName) -> DraftTable | None:
        found = self.lookup.find(name, (*self.path, self.default))
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
            raise Unreadable(f"there is no table {'.'.join(part for part in name if part)!r}")
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


def final_names(names: Sequence[QualifiedName], default: str) -> dict[QualifiedName, str]:
    """Each table's name in the Schema: its own, with its schema's in front only where two would clash.

    Args:
        default: The schema that the database opens with, whose tables always keep their own names.
    """
    counts: dict[str, set[str]] = {}
    for name in names:
        counts.setdefault(name.name.lower(), set()).add(name.schema.lower())
    own = ("", default.lower())
    return {
        name: name.name
        if name.schema.lower() in own or len(counts[name.name.lower()]) == 1
        else f"{name.schema}_{name.name}"
        for name in names
    }
