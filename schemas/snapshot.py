"""Rows as one SQLite database, in memory or in a file, with every constraint verified by the engine; and opening it.

What makes the rows is `fill.py`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from .emit import quote, table_statements
from .errors import SnapshotError
from .model import Columns, Rows, Schema, Table, Value

Progress = Callable[[float], None]

_CHUNK = 20_000  # rows between looks at the progress and at an interrupt, which C code does not see
_TOGETHER = 16  # rows of one INSERT: a third quicker than one by one
_MOST_BINDS = 30_000

Lists = Callable[[Table, list[str]], list[Sequence[Value]]]


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

    def lists(table: Table, names: list[str]) -> list[Sequence[Value]]:
        allowed = {column.name for column in table.columns}
        given = rows.get(table.name, [])
        for row in given:
            for name in row:
                if name not in allowed:
                    raise SnapshotError(f"table {table.name!r} has no column {name!r}, which a row names: {row!r}")
        return [[row.get(name) for row in given] for name in names]

    return _image(schema, lists)


def build_from_columns(schema: Schema, columns: Columns) -> bytes:
    """`build_snapshot` of what `fill_columns` gives.

    Raises:
        SnapshotError: A row breaks a constraint.
    """
    return _image(schema, _lists_of(columns))


def write_database(schema: Schema, columns: Columns, path: Path, *, progress: Progress | None = None) -> None:
    """Load what `fill_columns` gives straight into a new SQLite file, which appears once it is whole and verified.

    Args:
        progress: Told now and then how much of the work is done, from 0 to 1.

    Raises:
        SnapshotError: `path` exists or cannot be written, or a row breaks a constraint; no file is left then.
    """
    if path.exists():
        raise SnapshotError(f"{str(path)!r} exists already; choose another file")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with contextlib.closing(apsw.Connection(str(part))) as connection:
            # A file that nobody sees before it is whole needs no journal to be saved by.
            connection.pragma("journal_mode", "off")
            connection.pragma("synchronous", "off")
            connection.pragma("locking_mode", "exclusive")
            _fill(connection, schema, _lists_of(columns), progress)
        part.rename(path)
    except (apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
        raise SnapshotError(f"cannot write {str(path)!r}: {_why(error)}") from None
    except OSError as error:
        raise SnapshotError(f"cannot write {str(path)!r}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def _why(error: apsw.Error) -> str:
    if isinstance(error, apsw.FullError):
        return "the disk is full"
    if isinstance(error, apsw.CantOpenError):
        return "there is no such folder, or it may not be written to"
    # SQLite says of a failed write only that it failed; the system's number may say more.
    number = getattr(error, "system_errno", 0)
    return os.strerror(number) if number else str(error)


def _lists_of(columns: Columns) -> Lists:
    return lambda table, names: [columns[table.name][name] for name in names] if table.name in columns else []


def _image(schema: Schema, lists: Lists) -> bytes:
    with contextlib.closing(apsw.Connection(":memory:")) as connection:
        _fill(connection, schema, lists, None)
        return connection.serialize("main")


def _fill(connection: apsw.Connection, schema: Schema, lists: Lists, progress: Progress | None) -> None:
    """Create the tables, load them and verify what loading cannot: the foreign keys.

    Every other constraint is on while rows are inserted, so the engine has judged each of them by then.
    """
    # Rows come in any order, so foreign keys are verified at the end.
    connection.pragma("foreign_keys", False)
    taken = {table.name.lower() for table in schema.tables}
    later: list[str] = []
    try:
        with connection:
            for table in schema.tables:
                created, *indexes = table_statements(table, taken)
                connection.execute(created)
                for index in indexes:
                    # One that holds no row back is made quicker from all rows at once.
                    if index.startswith("CREATE UNIQUE"):
                        connection.execute(index)
                    else:
                        later.append(index)
            for number, table in enumerate(schema.tables):
                told = _share(progress, number, len(schema.tables))
                _load(connection, table, lists, told)
            for index in later:
                connection.execute(index)
    except apsw.SQLError as error:
        raise SnapshotError(f"the schema is refused by SQLite: {error}") from None
    found = _strays(connection)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise SnapshotError(f"the rows break a constraint: {found[0]}{more}")


def _share(progress: Progress | None, number: int, tables: int) -> Progress:
    return (lambda done: None) if progress is None else (lambda done: progress((number + done) / tables))


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
    integrity = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(1000000)")]
    return _strays(connection) + ([] if integrity == ["ok"] else integrity)


def _strays(connection: apsw.Connection) -> list[str]:
    return [
        f"a row of {table!r} (rowid {rowid}) points at a row of {target!r} that is not there"
        for table, rowid, target, _ in connection.execute("PRAGMA foreign_key_check")
    ]


def _load(connection: apsw.Connection, table: Table, lists: Lists, progress: Progress) -> None:
    columns = [column.name for column in table.columns if not column.generated]
    values = lists(table, columns)
    count = len(values[0]) if values else 0
    names = ", ".join(quote(name) for name in columns)
    one = f"({', '.join('?' for _ in columns)})"
    sql = f"INSERT INTO {quote(table.name)} ({names}) VALUES "
    together = max(1, min(_TOGETHER, _MOST_BINDS // max(1, len(columns))))
    several = sql + ", ".join([one] * together)
    for start in range(0, count, _CHUNK):
        part = [listed[start : start + _CHUNK] for listed in values]
        whole = len(part[0]) // together * together
        try:
            turns = [listed[turn:whole:together] for turn in range(together) for listed in part]
            connection.executemany(several, zip(*turns, strict=True))
            done = whole
        except apsw.ConstraintError:
            # The rows before the refused statement are in the table, so their number tells where to go on, one by one.
            done = _loaded(connection, table) - start
        try:
            connection.executemany(sql + one, zip(*(listed[done:] for listed in part), strict=True))
        except apsw.ConstraintError as error:
            refused = _loaded(connection, table)
            row = {name: listed[refused] for name, listed in zip(columns, values, strict=True)}
            raise SnapshotError(f"table {table.name!r}: {error}, by the row {row!r}") from None
        progress(min(1.0, (start + _CHUNK) / count))


def _loaded(connection: apsw.Connection, table: Table) -> int:
    ((done,),) = connection.execute(f"SELECT COUNT(*) FROM {quote(table.name)}")
    return int(done)
