"""The names that servers give to constraints that a script leaves without one, so that a later DROP finds them.

PostgreSQL and MySQL make names that can be told beforehand. Those of SQL Server and Oracle cannot be: they hold a
number of the server's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from .draft import DraftCheck, DraftTable, Part
from .lex import Dialect, lex

_LONGEST = 63  # bytes, PostgreSQL's NAMEDATALEN - 1


def give_names(table: DraftTable, dialect: Dialect, *, constraints: bool = True) -> None:
    """Fill in `given` for every constraint of a table that has no name yet.

    Args:
        constraints: Whether a unique one among them was declared as a constraint, and not by CREATE UNIQUE INDEX.
    """
    if dialect not in ("postgres", "mysql"):
        return
    if all(found.name or found.given for found in table.constraints()):
        return
    taken = {(found.name or found.given).lower() for found in table.constraints()}
    namer = _Postgres(table, taken) if dialect == "postgres" else _MySql(table, taken)
    if table.primary_key and not table.key.name and not table.key.given:
        table.key.given = namer.key()
    for index in table.indexes:
        if not index.name and not index.given:
            index.given = namer.index(index.parts, index.unique and constraints)
    for link in table.links:
        if not link.name and not link.given:
            link.given = namer.link(link.columns)
    for check in table.checks:
        if not check.name and not check.given:
            check.given = namer.check(check)


class _Postgres:
    """`table_columns_label`, cut to what a name may hold (PostgreSQL, indexcmds.c, ChooseRelationName)."""

    def __init__(self, table: DraftTable, taken: set[str]) -> None:
        self.table = table
        self.taken = taken

    def key(self) -> str:
        return self.free("", "pkey")

    def index(self, parts: Sequence[Part], unique: bool) -> str:
        return self.free("_".join(part.column or "expr" for part in parts), "key" if unique else "idx")

    def link(self, columns: Sequence[str]) -> str:
        return self.free("_".join(columns), "fkey")

    def check(self, check: DraftCheck) -> str:
        """One that speaks of a single column is called after it."""
        known = {column.name.lower(): column.name for column in self.table.columns}
        named = {token.value.lower() for token in lex(check.text, "postgres") if token.is_name} & known.keys()
        return self.free(known[named.pop()] if len(named) == 1 else "", "check")

    def free(self, middle: str, label: str) -> str:
        number = 0
        while True:
            tail = f"_{label}{number or ''}"
            first, second = self.table.name.name, middle
            room = _LONGEST - len(tail) - bool(middle)
            while len(first.encode()) + len(second.encode()) > room:
                if len(first.encode()) > len(second.encode()):
                    first = first[:-1]
                else:
                    second = second[:-1]
            name = f"{first}_{second}{tail}" if middle else f"{first}{tail}"
            if name.lower() not in self.taken:
                self.taken.add(name.lower())
                return name
            number += 1


class _MySql:
    """An index is called after its first column, foreign keys and conditions are numbered.

    (MySQL Reference Manual, CREATE TABLE; FOREIGN KEY Constraints; CHECK Constraints)
    """

    def __init__(self, table: DraftTable, taken: set[str]) -> None:
        self.table = table
        self.taken = taken

    def key(self) -> str:
        return "PRIMARY"

    def index(self, parts: Sequence[Part], _: bool) -> str:
        name, number = parts[0].column or "functional_index", 1
        while (free := name if number == 1 else f"{name}_{number}").lower() in self.taken:
            number += 1
        self.taken.add(free.lower())
        return free

    def link(self, _: Sequence[str]) -> str:
        return self.numbered("ibfk")

    def check(self, _: DraftCheck) -> str:
        return self.numbered("chk")

    def numbered(self, label: str) -> str:
        start = f"{self.table.name.name}_{label}_"
        used = [name[len(start) :] for name in self.taken if name.startswith(start.lower())]
        name = (
            f"{start}{max((int(number) for number in used if number.isdecimal() and len(number) < 9), default=0) + 1}"
        )
        self.taken.add(name.lower())
        return name
