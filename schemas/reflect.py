"""Reads a live database that is neither PostgreSQL nor SQLite.

MySQL and MariaDB write their tables back as statements themselves. Of other engines SQLAlchemy's inspector is asked;
what it reflects is written as DDL in the engine's own dialect, which the reader of scripts takes. Never looked for
there: triggers, routines, row policies, partitions, and whatever else SQLAlchemy does not reflect; one Loss says so.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from .catalog import LiveTable, plain
from .cursor import QualifiedName
from .ddl import StatementReader
from .model import Value
from .split import Statement

if TYPE_CHECKING:
    from sqlalchemy import Connection, DDLElement, Inspector, Table

# The schemas of SQL Server that hold no user's tables.
_SYSTEM = frozenset({"sys", "information_schema", "guest"})


_MYSQL_OTHERS = (
    """
SELECT CONCAT('CREATE TRIGGER ', TRIGGER_NAME, ' ON ', EVENT_OBJECT_TABLE) FROM information_schema.TRIGGERS
WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, TRIGGER_NAME
""",
    """
SELECT CONCAT('CREATE ', ROUTINE_TYPE, ' ', ROUTINE_NAME) FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_TYPE, ROUTINE_NAME
""",
    """
SELECT CONCAT('CREATE EVENT ', EVENT_NAME) FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME
""",
)


def show(connection: Connection, reader: StatementReader) -> list[LiveTable]:
    """Hand a MySQL or MariaDB database to `reader` in its own words, tables by name as mysqldump has them."""
    tables = []
    kinds = list(plain(connection, "SHOW FULL TABLES"))
    for name, kind in sorted((str(name), str(kind)) for name, kind in kinds if kind not in ("VIEW", "SYSTEM VIEW")):
        place = "`" + name.replace("`", "``") + "`"
        if kind == "SEQUENCE":
            reader.take(Statement(f"CREATE SEQUENCE {place}"))
            continue
        before = set(reader.drafts.tables)
        reader.take(Statement(str(plain(connection, f"SHOW CREATE TABLE {place}").fetchone()[1])))
        for key in set(reader.drafts.tables) - before:
            draft = reader.drafts.tables[key]
            own = tuple(column.name for column in draft.columns if not column.generated)
            tables.append(LiveTable(draft, place, own))
    for name in sorted(str(name) for name, kind in kinds if kind == "VIEW"):
        reader.take(Statement(f"CREATE VIEW {name}"))
    for sql in _MYSQL_OTHERS:
        for (text,) in list(plain(connection, sql)):
            reader.take(Statement(str(text)))
    return tables


def reflect(connection: Connection, reader: StatementReader) -> list[LiveTable]:
    """Hand what SQLAlchemy sees of a database to `reader`; gives the tables that it took."""
    from sqlalchemy import MetaData, inspect

    inspector = inspect(connection)
    metadata = MetaData()
    tables: list[tuple[Table, LiveTable]] = []
    for schema in _schemas(inspector, reader.dialect):
        for name in inspector.get_table_names(schema):
            table = _reflected(connection, reader, metadata, name, schema)
            if table is not None and (live := _take(connection, reader, table)) is not None:
                tables.append((table, live))
        for name in inspector.get_view_names(schema):
            reader.losses.add(f"CREATE VIEW {name}", "views are not kept")
    for table, _ in tables:
        _take_links(connection, reader, table)
    reader.losses.add(
        f"a live {connection.dialect.name} database",
        "triggers, routines, policies, partitions and whatever else SQLAlchemy does not reflect were not looked for",
    )
    return [live for _, live in tables]


def _schemas(inspector: Inspector, dialect: str) -> list[str | None]:
    if dialect != "tsql":
        return [None]
    names = inspector.get_schema_names()
    return [name for name in names if name.lower() not in _SYSTEM and not name.lower().startswith("db_")]


def _reflected(
    connection: Connection, reader: StatementReader, metadata: Any, name: str, schema: str | None
) -> Table | None:
    """One table, its foreign keys not followed yet; what SQLAlchemy cannot tell of it becomes a Loss."""
    from sqlalchemy import Table, Text, types
    from sqlalchemy.exc import SQLAlchemyError

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            table = Table(name, metadata, schema=schema, autoload_with=connection, resolve_fks=False)
        except SQLAlchemyError as error:
            if connection.invalidated:
                raise
            reader.losses.add(f"CREATE TABLE {name}", f"the table is left out: SQLAlchemy cannot reflect it: {error}")
            return None
    for warning in said:
        reader.losses.add(f"CREATE TABLE {name}", f"SQLAlchemy says: {warning.message}")
    for column in table.columns:
        if isinstance(column.type, types.NullType):
            column.type = Text()
            reader.losses.add(f"{name}: {column.name}", "its type is not known to SQLAlchemy and is kept as text")
    return table


def _take(connection: Connection, reader: StatementReader, table: Table) -> LiveTable | None:
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.schema import CreateIndex, CreateTable

    key = reader.drafts.key(reader.drafts.qualified(QualifiedName(table.schema or "", table.name)))
    if key in reader.drafts.tables:
        reader.losses.add(f"CREATE TABLE {table.name}", "another table's name differs only in capitals")
        return None
    try:
        text = _written(connection, CreateTable(table, include_foreign_key_constraints=[]))
    except SQLAlchemyError as error:
        reader.losses.add(f"CREATE TABLE {table.name}", f"the table is left out: {str(error).splitlines()[0]}")
        return None
    reader.take(Statement(text))
    draft = reader.drafts.tables.get(key)
    if draft is None:
        return None
    draft.comment = " ".join((table.comment or "").split())
    for column in table.columns:
        if column.comment and (found := draft.column(column.name)) is not None:
            found.comment = " ".join(column.comment.split())
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        try:
            reader.take(Statement(_written(connection, CreateIndex(index))))
        except SQLAlchemyError as error:
            reader.losses.add(f"CREATE INDEX {index.name}", f"the index is left out: {str(error).splitlines()[0]}")
    place = _single(connection, connection.dialect.identifier_preparer.format_table(table))
    own = tuple(column.name for column in table.columns if column.computed is None)
    return LiveTable(draft, place, own)


def _written(connection: Connection, element: DDLElement) -> str:
    return _single(connection, str(element.compile(dialect=connection.dialect))).strip()


def _single(connection: Connection, sql: str) -> str:
    """SQL without the doubled percent signs that some drivers want where there are parameters."""
    return sql.replace("%%", "%") if connection.dialect.paramstyle in ("format", "pyformat") else sql


def _take_links(connection: Connection, reader: StatementReader, table: Table) -> None:
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.schema import AddConstraint

    for key in sorted(table.foreign_key_constraints, key=lambda key: (str(key.name or ""), key.column_keys)):
        try:
            reader.take(Statement(_written(connection, AddConstraint(key))))
        except SQLAlchemyError as error:
            where = f"{table.name}: FOREIGN KEY ({', '.join(key.column_keys)})"
            reader.losses.add(where, f"the foreign key is left out: {str(error).splitlines()[0]}")


def reflected_rows(connection: Connection, table: LiveTable, key: tuple[str, ...]) -> Iterator[list[Value]]:
    """The rows of a table in the order of `key`, else of all columns, with the driver's values made plain."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    names = ", ".join(_single(connection, quoted(name)) for name in table.columns)
    order = ", ".join(_single(connection, quoted(name)) for name in key)
    sql = f"SELECT {names} FROM {table.place}" + (f" ORDER BY {order}" if order else "")
    for row in plain(connection, sql, stream_results=True, max_row_buffer=1000):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, set | frozenset):
        return ",".join(sorted(str(item) for item in value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
