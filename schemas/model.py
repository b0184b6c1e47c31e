"""What a database is: tables, columns, keys and constraints, free of any dialect.

This file holds nouns only. Reading them from text is `ddl.py`, writing them is
`emit.py`, filling them with rows is `fill.py`.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass, field

Kind = typing.Literal[
    "integer", "real", "decimal", "text", "boolean", "date", "time", "timestamp", "json", "uuid", "blob"
]
Form = typing.Literal[
    "", "inet", "cidr", "macaddr", "macaddr8", "duration", "bits", "varying bits", "tsvector", "tsquery", "xml",
    "ltree", "hstore", "cube", "log position",
    "coordinates", "line", "segment", "box", "path", "polygon", "circle", "wkt", "wkt line", "wkt area",
    "whole range", "decimal range", "date range", "timestamp range",
    "whole ranges", "decimal ranges", "date ranges", "timestamp ranges",
]  # fmt: skip
"""How the text of a type is written that has no kind of its own; no name holds SQLite's word INT."""
Value = None | bool | int | float | str | bytes
Row = dict[str, Value]
Rows = dict[str, list[Row]]
Columns = dict[str, dict[str, list[Value]]]
"""Rows by table and column: all values of a column in one list, in the order of the rows, lists of equal length."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A dialect-free type.

    Attributes:
        kind: The family of values. Stored in SQLite as: boolean 0/1 integers,
            date `YYYY-MM-DD`, time `HH:MM:SS`, timestamp `YYYY-MM-DD HH:MM:SS`,
            json and uuid text.
        length: Greatest number of characters of a text, or of each text of an array, if declared.
        precision: Total digits of a decimal, if declared.
        scale: Digits after the point of a decimal, if declared.
        items: Of a json column that was an array: the kind of its items. Stored as a JSON list.
        form: Of a text, or of the texts of an array: what the source's type demands of them, such as an address
            of a network; see `forms.py`. A database that knows the type refuses other texts, SQLite does not.
    """

    kind: Kind
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    items: Kind | None = None
    form: Form = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        default: A SQLite expression, or None.
        generated: The SQLite expression that computes it, or None.
        values: The permitted values when the column is an enum (or a CHECK .. IN), else empty.
        autoincrement: The engine assigns it when it is left out.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    values: tuple[str, ...] = ()
    autoincrement: bool = False
    comment: str = ""

    def __hash__(self) -> int:
        return hash((self.name, self.type.kind, self.nullable))


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`columns` of the owning table point at `target_columns` of `target`.

    Attributes:
        on_delete: CASCADE, SET NULL, SET DEFAULT or RESTRICT; "" for NO ACTION. `on_update` alike.
        inferred: The source does not declare it; it was proposed from names, types and values.
    """

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A row condition; `sql` is a SQLite expression over the table's columns."""

    sql: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index that is no UNIQUE constraint: a plain one, or a unique one that is partial or on expressions.

    Attributes:
        columns: SQLite expressions; a column alone is its quoted name.
        where: The SQLite condition of a partial index, or "".
    """

    columns: tuple[str, ...]
    where: str = ""
    unique: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table; every name is as declared, without its schema's name unless two would clash.

    Attributes:
        inferred_key: The source does not declare the primary key; it was proposed from names, types and values.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str = ""
    inferred_key: bool = False

    def __hash__(self) -> int:
        # What is known of a table is looked up far too often to hash all of it; equal ones have equal names.
        return hash((self.name, *(column.name for column in self.columns)))

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the source that the Schema cannot hold: the statement (shortened) and why."""

    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A database's shape, tables in the order in which they were declared."""

    tables: tuple[Table, ...]
    losses: tuple[Loss, ...] = field(default=())

    def __hash__(self) -> int:
        return hash((len(self.tables), *(table.name for table in (*self.tables[:1], *self.tables[-1:]))))

    def table(self, name: str) -> Table:
        """The table called `name`; KeyError when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
