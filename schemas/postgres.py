"""Writes a Schema as PostgreSQL DDL, and tells what of it PostgreSQL cannot say.

Loaded into an empty database and read back, the result is the same Schema. Tables come first and
foreign keys last, so that circles need no order. Names are cut at PostgreSQL's 63 bytes and kept
apart by a number. What keeps a name in the Schema keeps it here; other names are made up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from sqlglot import exp

from . import translate
from .draft import Losses
from .emit import literal, quote, unnamed
from .errors import Unreadable
from .kinds import sqlite_name
from .model import Check, Column, ColumnType, ForeignKey, Index, Loss, Schema, Table
from .postgres_expression import write_condition, write_value

_LONGEST_NAME = 63  # bytes; NAMEDATALEN - 1
_LONGEST_TEXT = 10_485_760  # the most that varchar(n) takes
_MOST_DIGITS = 1000
_NAMES = {
    "integer": "bigint", "real": "double precision", "boolean": "boolean", "date": "date",
    "time": "time", "timestamp": "timestamp", "json": "jsonb", "uuid": "uuid", "blob": "bytea", "text": "text",
    "decimal": "numeric",
}  # fmt: skip


class PostgresText(NamedTuple):
    """The DDL, what it leaves out, and each table's and column's name where it had to be shortened."""

    text: str
    losses: tuple[Loss, ...]
    shortened: Mapping[str, str]


class PostgresParts(NamedTuple):
    """The DDL in the order in which it is quickest to load rows in between: tables with their checks, then the rest.

    Attributes:
        names: Each table's name in PostgreSQL.
        columns: Each column's name in PostgreSQL, by table.
    """

    tables: tuple[str, ...]
    keys: tuple[str, ...]
    indexes: tuple[str, ...]
    links: tuple[str, ...]
    comments: tuple[str, ...]
    names: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]


def postgres_type(type_: ColumnType) -> str:
    """The PostgreSQL type of a column."""
    if type_.items is not None:
        return f"{postgres_type(ColumnType(type_.items, type_.length))}[]"
    if type_.kind == "text" and type_.length and type_.length <= _LONGEST_TEXT:
        return f"varchar({type_.length})"
    if type_.kind == "decimal" and type_.precision and type_.precision <= _MOST_DIGITS:
        return f"numeric({type_.precision}, {type_.scale or 0})"
    return _NAMES[type_.kind]


def write_postgres(schema: Schema) -> PostgresText:
    """The schema as one script for an empty PostgreSQL database."""
    return _Writer(schema).run()


def write_parts(schema: Schema) -> PostgresParts:
    """`write_postgres` in parts; what it leaves out is told there."""
    return _Writer(schema, apart=True).parts()


class _Writer:
    def __init__(self, schema: Schema, apart: bool = False) -> None:
        self.schema = schema
        self.apart: list[str] | None = [] if apart else None
        self.losses = Losses()
        self.shortened: dict[str, str] = {}
        self.relations: set[str] = set()
        self.tables = {table.name: self.relation(table.name) for table in schema.tables}
        self.columns = {table.name: self.column_names(table) for table in schema.tables}
        self.keys = 0

    def run(self) -> PostgresText:
        parts: list[str] = []
        for table in self.schema.tables:
            parts += [self.table(table), *self.indexes(table), *self.comments(table), ""]
        parts += self.links()
        if parts[-1:] and parts[-1]:
            parts.append("")
        return PostgresText("\n".join(parts), self.losses.all(), self.shortened)

    def parts(self) -> PostgresParts:
        tables, indexes, comments = [], [], []
        for table in self.schema.tables:
            tables.append(self.table(table))
            indexes += self.indexes(table)
            comments += self.comments(table)
        keys = tuple(self.apart or ())
        named = (self.tables, self.columns)
        return PostgresParts(tuple(tables), keys, tuple(indexes), tuple(self.links()), tuple(comments), *named)

    def links(self) -> list[str]:
        return [
            self.foreign_key(table, key, number)
            for table in self.schema.tables
            for number, key in enumerate(table.foreign_keys, start=1)
        ]

    # -- names --------------------------------------------------------------------------------------

    def relation(self, name: str) -> str:
        """A name for a table or index that no other has."""
        found = self.cut(name, self.relations)
        self.relations.add(found)
        if found != name and any(table.name == name for table in self.schema.tables):
            self.shortened[name] = found
        return found

    def column_names(self, table: Table) -> dict[str, str]:
        taken: set[str] = set()
        out: dict[str, str] = {}
        for column in table.columns:
            out[column.name] = self.cut(column.name, taken)
            taken.add(out[column.name])
            if out[column.name] != column.name:
                self.shortened[f"{table.name}.{column.name}"] = out[column.name]
        return out

    @staticmethod
    def cut(name: str, taken: set[str]) -> str:
        short = _at_most(name, _LONGEST_NAME)
        number = 1
        while short in taken:
            number += 1
            short = f"{_at_most(name, _LONGEST_NAME - len(str(number)) - 1)}_{number}"
        return short

    def named(self, table: Table, names: tuple[str, ...]) -> str:
        return f"({', '.join(quote(self.columns[table.name][name]) for name in names)})"

    def shape(self, table: Table) -> dict[str, Column]:
        """The columns by small-letter name, under the names that they have in PostgreSQL."""
        return {c.name.lower(): _renamed(c, self.columns[table.name][c.name]) for c in table.columns}

    # -- tables -------------------------------------------------------------------------------------

    def table(self, table: Table) -> str:
        lines = [self.column(table, column) for column in table.columns]
        keys = [f"UNIQUE {self.named(table, unique)}" for unique in table.uniques]
        if table.primary_key:
            keys.insert(0, f"{self.key_name(table)}PRIMARY KEY {self.named(table, table.primary_key)}")
        if self.apart is None:
            lines += keys
        else:
            self.apart += [f"ALTER TABLE {quote(self.tables[table.name])} ADD {key};" for key in keys]
        taken: set[str] = set()
        for column in table.columns:
            if column.values:
                name = quote(self.columns[table.name][column.name])
                lines.append(f"CHECK ({name} IN ({', '.join(literal(value) for value in column.values)}))")
        for number, check in enumerate(table.checks, start=1):
            name = self.cut(check.name or unnamed(number), taken)
            taken.add(name)
            lines += self.check(table, check, name)
        body = ",\n".join(f"    {line}" for line in lines)
        return f"CREATE TABLE {quote(self.tables[table.name])} (\n{body}\n);"

    def key_name(self, table: Table) -> str:
        if not table.inferred_key:
            return ""
        self.keys += 1
        return f"CONSTRAINT {quote(self.relation(f'inferred_key_{self.keys}'))} "

    def column(self, table: Table, column: Column) -> str:
        parts = [quote(self.columns[table.name][column.name]), postgres_type(column.type)]
        if column.type.form:
            # Its own type would write values in another way, order them otherwise, or take an extension.
            what = f"{table.name}: {column.name} {sqlite_name(column.type)}"
            self.losses.add(what, f"it is plain text; nothing holds it to the form {column.type.form!r}")
        if not column.nullable:
            parts.append("NOT NULL")
        if column.autoincrement:
            parts.append("GENERATED BY DEFAULT AS IDENTITY")
        if column.default is not None:
            parts += self.default(table, column, column.default)
        if column.generated is not None:
            parts += self.generated(table, column, column.generated)
        return " ".join(parts)

    def default(self, table: Table, column: Column, text: str) -> list[str]:
        try:
            return ["DEFAULT", self.default_value(column, text)]
        except Unreadable as error:
            self.losses.add(f"{table.name}: {column.name} DEFAULT {text}", f"the default is left out: {error}")
            return []

    @staticmethod
    def default_value(column: Column, text: str) -> str:
        if text in ("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"):
            return {"CURRENT_TIME": "LOCALTIME"}.get(text, text)
        tree = translate.parsed(text)
        if isinstance(tree, exp.HexString):
            return f"'\\x{tree.this.lower()}'"
        if isinstance(tree, exp.Literal) and tree.is_string:
            if column.type.items is not None:
                return f"'{_array(tree.this)}'".replace("\x00", "")
            return literal(tree.this)
        if isinstance(tree, exp.Null):
            return "NULL"
        if column.type.kind == "boolean" and text in ("0", "1"):
            return "true" if text == "1" else "false"
        if isinstance(tree, exp.Literal | exp.Neg) and column.type.kind not in ("integer", "real", "decimal"):
            return literal(text)
        found = write_value(tree, {}, column.type.kind)
        return f"({found})"

    def generated(self, table: Table, column: Column, text: str) -> list[str]:
        try:
            tree = self.spelled_out(table, text, {column.name.lower()})
            found = write_value(tree, self.shape(table), column.type.kind)
        except Unreadable as error:
            self.losses.add(
                f"{table.name}: {column.name} AS ({text})", f"the column is written, but not computed: {error}"
            )
            return []
        return [f"GENERATED ALWAYS AS ({found}) STORED"]

    def spelled_out(self, table: Table, text: str, seen: set[str]) -> exp.Expr:
        """An expression without computed columns in it, which PostgreSQL does not allow there."""
        tree = translate.parsed(text)
        computed = {c.name.lower(): c.generated for c in table.columns if c.generated is not None}
        for node in list(tree.find_all(exp.Column)):
            name = node.name.lower()
            if name not in computed:
                continue
            if name in seen:
                raise Unreadable("it is computed of itself")
            inner = exp.Paren(this=self.spelled_out(table, computed[name] or "", seen | {name}))
            if node is tree:
                return inner
            node.replace(inner)
        return tree

    def check(self, table: Table, check: Check, name: str) -> list[str]:
        try:
            found = write_condition(translate.parsed(check.sql), self.shape(table))
        except Unreadable as error:
            self.losses.add(f"{table.name}: CHECK ({check.sql})", f"the check is left out: {error}")
            return []
        return [f"CONSTRAINT {quote(name)} CHECK ({found})"]

    def indexes(self, table: Table) -> list[str]:
        out: list[str] = []
        for number, index in enumerate(table.indexes, start=1):
            try:
                out.append(self.index(table, index, number))
            except Unreadable as error:
                what = "unique key" if index.unique else "index"
                self.losses.add(
                    f"{table.name}: {', '.join(index.columns)} {index.where}".rstrip(),
                    f"the {what} is left out: {error}",
                )
        return out

    def index(self, table: Table, index: Index, number: int) -> str:
        shape = self.shape(table)
        parts: list[str] = []
        for text in index.columns:
            tree = translate.parsed(text)
            column = shape.get(tree.name.lower()) if isinstance(tree, exp.Column) else None
            parts.append(quote(column.name) if column is not None else f"({write_value(tree, shape)})")
        where = f" WHERE {write_condition(translate.parsed(index.where), shape)}" if index.where else ""
        name = self.relation(f"{table.name}_{'unique' if index.unique else 'index'}_{number}")
        kind = "UNIQUE INDEX" if index.unique else "INDEX"
        return f"CREATE {kind} {quote(name)} ON {quote(self.tables[table.name])} ({', '.join(parts)}){where};"

    def comments(self, table: Table) -> list[str]:
        name = quote(self.tables[table.name])
        out = [f"COMMENT ON TABLE {name} IS {literal(table.comment)};"] if table.comment else []
        for column in table.columns:
            if column.comment:
                place = f"{name}.{quote(self.columns[table.name][column.name])}"
                out.append(f"COMMENT ON COLUMN {place} IS {literal(column.comment)};")
        return out

    def foreign_key(self, table: Table, key: ForeignKey, number: int) -> str:
        target = self.schema.table(key.target)
        name = f"inferred_link_{number}" if key.inferred else _at_most(table.name, 50) + f"_link_{number}"
        line = (
            f"ALTER TABLE {quote(self.tables[table.name])} ADD CONSTRAINT {quote(name)} "
            f"FOREIGN KEY {self.named(table, key.columns)} "
            f"REFERENCES {quote(self.tables[target.name])} {self.named(target, key.target_columns)}"
        )
        line += f" ON DELETE {key.on_delete}" if key.on_delete else ""
        return line + (f" ON UPDATE {key.on_update}" if key.on_update else "") + ";"


def _at_most(name: str, size: int) -> str:
    """The longest start of a name that has at most `size` bytes."""
    return name.encode("utf-8")[:size].decode("utf-8", "ignore")


def _renamed(column: Column, name: str) -> Column:
    return Column(name, column.type, column.nullable, values=column.values)


def _array(text: str) -> str:
    """A JSON list as PostgreSQL writes an array."""
    try:
        items = json.loads(text)
    except ValueError as error:
        raise Unreadable("it is no JSON list") from error
    if not isinstance(items, list) or any(isinstance(item, list | dict) for item in items):
        raise Unreadable("it is no flat list")
    return "{" + ",".join(_array_item(item) for item in items) + "}"


def _array_item(item: object) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, bool):
        return "t" if item else "f"
    text = str(item).replace("\\", "\\\\").replace('"', '\\"').replace("'", "''")
    return f'"{text}"'
