"""Rows as one SQLite image, with every constraint verified by the engine, and opening it again.

The image is bytes in memory; nothing is written to disk. What makes the rows is `fill.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import apsw

from .emit import quote, write_ddl
from .errors import SnapshotError
from .model import Columns, Rows, Schema, Table, Value


def build_snapshot(schema: Schema, rows: Rows) -> bytes:
    """Load rows into a new database and verify it.

    Args:
        schema: The tables; those without an entry in `rows` stay empty.
        rows: Rows by table, in any order of tables.

    Raises:
        SnapshotError: A row breaks a constraint, or names a table or column the schema lacks.
    """
    known = {table.name for table in schema.tables}
    for name in rows:
        if name not in known:
            raise SnapshotError(f"rows for {name!r}, and the schema has no such table")

    def listed(table: Table, columns: list[str]) -> Iterator[tuple[Value, ...]]:
        generated = {column.name for column in table.columns if column.generated}
        for row in rows.get(table.name, []):
            for name in row:
                if name not in columns and name not in generated:
                    raise SnapshotError(f"table {table.name!r} has no column {name!r}, which a row names: {row!r}")
            yield tuple(row.get(name) for name in columns)

    return _built(schema, listed)


def build_from_columns(schema: Schema, columns: Columns) -> bytes:
    """`build_snapshot` of what `fill_columns` gives.

    Raises:
        SnapshotError: A row breaks a constraint.
    """

    def listed(table: Table, names: list[str]) -> Iterator[tuple[Value, ...]]:
        lists = columns.get(table.name, {})
        return zip(*(lists[name] for name in names), strict=True)

    return _built(schema, listed)


def _built(schema: Schema, listed: Callable[[Table, list[str]], Iterator[tuple[Value, ...]]]) -> bytes:
    connection = apsw.Connection(":memory:")
    try:
        # Rows come in any order, so foreign keys are verified at the end.
        connection.pragma("foreign_keys", False)
        with connection:
            connection.execute(write_ddl(schema))
            for table in schema.tables:
                _load(connection, table, listed)
        _verify(connection)
        return connection.serialize("main")
    except apsw.SQLError as error:
        raise SnapshotError(f"the schema is refused by SQLite: {error}") from None
    finally:
        connection.close()


def open_snapshot(image: bytes) -> apsw.Connection:
    """A private copy of an image, in memory, with foreign keys enforced.

    Raises:
        SnapshotError: The bytes are no SQLite database.
    """
    connection = apsw.Connection(":memory:")
    try:
        connection.deserialize("main", image)
        connection.pragma("foreign_keys", True)
        connection.pragma("schema_version")
    except apsw.Error as error:
        connection.close()
        raise SnapshotError(f"{len(image)} bytes that are no SQLite database: {error}") from None
    return connection


def count_violations(connection: apsw.Connection) -> int:
    """Rows that break a foreign key, NOT NULL, UNIQUE or CHECK constraint, as SQLite itself counts them."""
    return len(_violations(connection))


def _violations(connection: apsw.Connection) -> list[str]:
    found = [
        f"a row of {table!r} (rowid {rowid}) points at a row of {target!r} that is not there"
        for table, rowid, target, _ in connection.execute("PRAGMA foreign_key_check")
    ]
    integrity = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(1000000)")]
    return found + ([] if integrity == ["ok"] else integrity)


def _verify(connection: apsw.Connection) -> None:
    found = _violations(connection)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise SnapshotError(f"the rows break a constraint: {found[0]}{more}")


def _load(
    connection: apsw.Connection, table: Table, listed: Callable[[Table, list[str]], Iterator[tuple[Value, ...]]]
) -> None:
    columns = [column.name for column in table.columns if not column.generated]
    names = ", ".join(quote(name) for name in columns)
    marks = ", ".join("?" for _ in columns)
    sql = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
    try:
        connection.executemany(sql, listed(table, columns))
    except apsw.ConstraintError as error:
        # The rows before the one that was refused are in the table, so their number tells which it is.
        ((done,),) = connection.execute(f"SELECT COUNT(*) FROM {quote(table.name)}")
        values = next(islice(listed(table, columns), int(done), None))
        row = dict(zip(columns, values, strict=True))
        raise SnapshotError(f"table {table.name!r}: {error}, by the row {row!r}") from None
