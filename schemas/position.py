"""How SQLite calls the position of a row, and which of its names a table's own columns leave free."""

from __future__ import annotations

from .model import Table

POSITIONS = ("rowid", "_rowid_", "oid")


def taken_positions(table: Table) -> tuple[str, ...]:
    """The columns of a table that are called like the position of a row."""
    return tuple(column.name for column in table.columns if column.name.lower() in POSITIONS)


def row_number(table: Table) -> str:
    """A name by which SQLite finds the position of a row, though columns may bear the others."""
    taken = {name.lower() for name in taken_positions(table)}
    return next((name for name in POSITIONS if name not in taken), POSITIONS[0])
