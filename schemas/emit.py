"""Writes a Schema out: as SQLite DDL, and as JSON data; PostgreSQL is `postgres.py`.

The DDL reads back to the same Schema. Comments are written as `--` comments
behind the table's opening parenthesis and behind each column. Losses are not
written into the DDL.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from .kinds import sqlite_name
from .model import Column, ForeignKey, Schema, Table


def quote(name: str) -> str:
    """A name as a quoted SQLite identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a SQLite string."""
    return "'" + text.replace("'", "''") + "'"


_INFERRED = re.compile(r"inferred_(?:key|link)_\d+")


def is_inferred(name: str) -> bool:
    """Whether a constraint's name says that it was proposed, and not declared by the source."""
    return _INFERRED.fullmatch(name) is not None


def unnamed(number: int) -> str:
    """The name of a check that has none, for an engine that would make one up."""
    return f"unnamed_{number}"


def is_unnamed(name: str) -> bool:
    """Whether a check's name comes from `unnamed`."""
    return re.fullmatch(r"unnamed_\d+", name) is not None


def write_ddl(schema: Schema) -> str:
    """The schema as SQLite DDL: one CREATE TABLE a table, foreign keys inside, then its indexes.

    Args:
        schema: What to write; its tables keep their order, since SQLite allows references ahead.
    """
    taken = {table.name.lower() for table in schema.tables}
    statements: list[str] = []
    for table in schema.tables:
        statements += table_statements(table, taken)
    return "\n".join(statement + "\n" for statement in statements)


def table_statements(table: Table, taken: set[str]) -> list[str]:
    """CREATE TABLE and CREATE UNIQUE INDEX of one table.

    Args:
        taken: Small-letter names of tables and indexes that exist; those of new indexes are added.
    """
    assigned = table.primary_key if _assigned(table) else ()
    lines: list[tuple[str, str]] = [(_column(table, column, assigned), column.comment) for column in table.columns]
    if table.primary_key and not assigned:
        lines.append((f"{_key_name(table)}PRIMARY KEY {_names(table.primary_key)}", ""))
    lines += [(f"UNIQUE {_names(unique)}", "") for unique in table.uniques]
    for check in table.checks:
        name = f"CONSTRAINT {quote(check.name)} " if check.name else ""
        lines.append((f"{name}CHECK ({check.sql})", ""))
    lines += [(_foreign_key(key, number), "") for number, key in enumerate(table.foreign_keys, start=1)]
    out = f"CREATE TABLE {quote(table.name)} ({_remark(table.comment)}\n"
    for number, (line, comment) in enumerate(lines):
        out += f"    {line}{',' if number + 1 < len(lines) else ''}{_remark(comment)}\n"
    return [out + ");", *_indexes(table, taken)]


def _assigned(table: Table) -> bool:
    """Whether SQLite's row number is this table's key."""
    return len(table.primary_key) == 1 and table.column(table.primary_key[0]).autoincrement


def _column(table: Table, column: Column, assigned: tuple[str, ...]) -> str:
    if (column.name,) == assigned:
        parts = [quote(column.name), f"INTEGER {_key_name(table)}PRIMARY KEY"]
    else:
        # Under the name INTEGER a lone key would become the row number, which SQLite makes up when it is left out.
        lone = table.primary_key == (column.name,) and column.type.kind == "integer"
        parts = [quote(column.name), "INT" if lone else sqlite_name(column.type)]
        if not column.nullable:
            parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {_default(column.default)}")
    if column.generated is not None:
        parts.append(f"GENERATED ALWAYS AS ({column.generated}) STORED")
    if column.values:
        parts.append(f"CHECK ({quote(column.name)} IN ({', '.join(literal(value) for value in column.values)}))")
    return " ".join(parts)


def _default(sql: str) -> str:
    plain = sql.startswith(("CURRENT_", "'")) and "||" not in sql
    number = sql.lstrip("-").replace(".", "", 1).isdigit()
    return sql if (plain and sql.count("'") in (0, 2)) or number else f"({sql})"


def _key_name(table: Table) -> str:
    return f"CONSTRAINT {quote('inferred_key_1')} " if table.inferred_key else ""


def _foreign_key(key: ForeignKey, number: int) -> str:
    line = f"FOREIGN KEY {_names(key.columns)} REFERENCES {quote(key.target)} {_names(key.target_columns)}"
    if key.inferred:
        line = f"CONSTRAINT {quote(f'inferred_link_{number}')} {line}"
    line += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    return line + (f" ON UPDATE {key.on_update}" if key.on_update else "")


def _indexes(table: Table, taken: set[str]) -> list[str]:
    out: list[str] = []
    for number, index in enumerate(table.indexes, start=1):
        name = f"{table.name}_{'unique' if index.unique else 'index'}_{number}"
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        kind = "UNIQUE INDEX" if index.unique else "INDEX"
        where = f" WHERE {index.where}" if index.where else ""
        out.append(f"CREATE {kind} {quote(name)} ON {quote(table.name)} ({', '.join(index.columns)}){where};")
    return out


def _names(names: tuple[str, ...]) -> str:
    return f"({', '.join(quote(name) for name in names)})"


def _remark(comment: str) -> str:
    line = " ".join(comment.split())
    return f" -- {line}" if line else ""


def schema_to_json(schema: Schema) -> dict[str, Any]:
    """The schema as JSON data: the fields of the model, tuples as lists, losses included."""
    data: dict[str, Any] = _lists(asdict(schema))
    return data


def _lists(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _lists(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_lists(item) for item in data]
    return data
