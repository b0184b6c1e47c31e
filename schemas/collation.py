"""Which texts a source counts as equal although their capitals differ.

Only unique keys keep that: beside such a key stands a unique index over LOWER. All else compares texts exactly, and
accents count everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from .draft import DraftTable
from .emit import quote
from .lex import Dialect, Token
from .model import Column, Index, Table

CITEXT = "CITEXT"
"""What the texts of PostgreSQL's type of that name are compared by."""
_TELL_APART = {"BIN", "BIN2", "BINARY", "CS"}


def ignores_capitals(collation: str, dialect: Dialect) -> bool:
    """Whether texts are equal that differ only in capitals.

    Args:
        collation: In capitals; "" for the one that a server has where none is named. That of MySQL
            (utf8mb4_0900_ai_ci) and that of SQL Server (SQL_Latin1_General_CP1_CI_AS) ignore capitals.
    """
    if dialect in ("mysql", "tsql"):
        return _TELL_APART.isdisjoint(collation.split("_"))
    return collation == {"postgres": CITEXT, "sqlite": "NOCASE"}.get(dialect)


def named_collation(tokens: Iterable[Token]) -> str:
    """The collation that a table or a database is declared with, in capitals; "" if none is named.

    MySQL's character set `binary` has only the collation of that name.
    """
    found = before = ""
    for token in tokens:
        word = token.value.upper()
        if before == "COLLATE" or (before in ("SET", "CHARSET") and word == "BINARY"):
            found = word
        before = before if token.is_op("=") else word
    return found


def compared(table: DraftTable, column: Column, dialect: Dialect, collation: str = "") -> str:
    """What a unique index compares of a column: itself or LOWER of it.

    Args:
        collation: The one that the index names.
    """
    own = table.column(column.name)
    named = collation or (own.collation if own is not None else "") or table.collation
    apart = column.values and len({value.lower() for value in column.values}) == len(column.values)
    if column.type.kind != "text" or apart or not ignores_capitals(named, dialect):
        return quote(column.name)
    return f"LOWER({quote(column.name)})"


def keys_beside(draft: DraftTable, table: Table, dialect: Dialect) -> tuple[Index, ...]:
    """Unique indexes that say of a table's keys what these do not say themselves.

    What points at another key holds that key's own values, whose capitals are looked after there.
    """
    linked = {name for key in table.foreign_keys for name in key.columns}
    found: dict[Index, None] = {}
    for key in (table.primary_key, *table.uniques):
        named = _named(draft, key)
        parts = tuple(
            quote(name) if name in linked else compared(draft, table.column(name), dialect, named.get(name.lower(), ""))
            for name in key
        )
        if parts != tuple(map(quote, key)) and Index(parts) not in table.indexes:
            found[Index(parts)] = None
    return tuple(found)


def _named(draft: DraftTable, key: tuple[str, ...]) -> dict[str, str]:
    """The collations that a unique key over these columns names, by column in small letters."""
    wanted = sorted(name.lower() for name in key)
    return {
        part.column.lower(): part.collation
        for index in draft.indexes
        if index.unique and not index.where and sorted(part.column.lower() for part in index.parts) == wanted
        for part in index.parts
        if part.collation
    }
