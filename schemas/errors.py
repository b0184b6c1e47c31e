"""The errors of this room.

    SchemaError
    ├── ReadError         text that holds no schema at all
    ├── DatabaseError     a live database that cannot be reached or read
    ├── RecipeError       a row recipe that does not fit the schema
    ├── FillError         a constraint that rows cannot satisfy
    ├── SnapshotError     rows or a file that make no sound database
    └── Unreadable        one part of a source that cannot be kept; stays inside this room

A part of a source that cannot be represented is no error to a caller: it
becomes a `Loss` in the Schema, and the rest is kept.
"""

from __future__ import annotations


class SchemaError(Exception):
    """Base of every error this room raises; the message is one sentence for a person."""


class ReadError(SchemaError):
    """A text could not be read as SQL at all."""


class DatabaseError(SchemaError):
    """A live database cannot be reached or read; the message names it without user and password."""


class RecipeError(SchemaError):
    """A row recipe names something the schema lacks, or is malformed.

    Attributes:
        tables: Those whose columns depend on each other in a circle.
    """

    def __init__(self, message: str, tables: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tables = tables


class FillError(SchemaError):
    """No rows can satisfy a constraint; the message names the table and the constraint.

    Attributes:
        tables: The table, if it is one table's.
    """

    def __init__(self, message: str, tables: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tables = tables


class SnapshotError(SchemaError):
    """Rows break the schema's constraints, or an image is no database."""


class Unreadable(SchemaError):
    """A clause, type or expression that cannot be kept; its message is the reason given in a Loss."""
