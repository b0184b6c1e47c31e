"""The database of an episode: what a tool sees of it, and how it is undone and compared.

`Database` owns the connection. A program runs inside a savepoint of one open
transaction, a call inside a savepoint of the program, so undoing either costs
what was written and not what is stored. The rows that changed come from SQLite's
session extension. `ToolDb` is the `db` that tools are given.

The authorizer keeps honest tools within their bounds; what holds the others is
the process, since a tool can reach the connection behind its `db`.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import apsw

from .clock import Clock, FrozenVFS

_ALLOWED = frozenset({apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_FUNCTION, apsw.SQLITE_RECURSIVE})
_WRITES = frozenset({apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE})
# They tell of earlier programs, or reach out of the database.
_REFUSED_FUNCTIONS = frozenset({"changes", "total_changes", "load_extension", "fts3_tokenizer", "sqlite_log"})
_MOST_NAMES = 1024  # output names are remembered for this many statements
_numbers = itertools.count()


class TransactionLost(Exception):
    """The episode's transaction or connection is no longer there: the episode cannot go on."""


class WriteFault(Exception):
    """What a call wrote cannot stand: a constraint left broken, or a value that no record can hold."""


class _Table(NamedTuple):
    columns: tuple[str, ...]
    keyed: bool


class Database:
    """An open snapshot with an undo for programs and calls.

    Args:
        image: A serialized SQLite database.
        clock: What SQLite's `now` and `random()` answer.

    Raises:
        ValueError: A row of the snapshot has NULL in its primary key; its changes could not be seen.
        apsw.Error: The image is no database.
    """

    def __init__(self, image: bytes, clock: Clock) -> None:
        self.image = image
        self.denied: str | None = None
        self._vfs = FrozenVFS(f"frozen-{next(_numbers)}", clock)
        self.connection = apsw.Connection(":memory:", vfs=self._vfs.name, statementcachesize=256)
        self._ours = True
        self._sessions: list[apsw.Session] = []
        self._program_session: apsw.Session | None = None
        self._call_session: apsw.Session | None = None
        self._program_start = 0
        self._call_start = 0
        self._from_image = True
        self._kept = False
        connection = self.connection
        connection.create_scalar_function("random", clock.sql_random, 0)
        connection.create_scalar_function("randomblob", clock.sql_randomblob, 1)
        connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
        connection.authorizer = self._authorize
        self._load(image)
        self._tables = self._read_tables()
        self._null_keys = self._null_key_queries()
        for table, query in self._null_keys.items():
            if connection.execute(query).fetchall():
                raise ValueError(
                    f"table {table!r} of the snapshot has a row whose primary key is NULL; give it a value"
                )
        self._ours = False

    def close(self) -> None:
        """Close the connection; for a database that shares its process with others."""
        self._drop_sessions()
        self.connection.close()
        self._vfs.unregister()

    def begin_program(self) -> None:
        """Start a program: everything from here can be undone at once."""
        self._execute("SAVEPOINT program")
        self.connection.set_last_insert_rowid(0)
        self._program_start = self.connection.total_changes()

    def end_program(self, *, keep: bool) -> None:
        """End it, keeping or undoing what it wrote; TransactionLost when that is not possible."""
        if not keep:
            self._execute("ROLLBACK TO program")
        self._execute("RELEASE program")
        if not self.connection.in_transaction:
            raise TransactionLost("the transaction was ended inside a program")
        if self.connection.total_changes() != self._program_start:
            self._kept = self._kept or keep
            self._drop_sessions()

    def program_changes(self) -> list[dict[str, Any]]:
        """The net row changes since the program began, ordered by table and key."""
        if self._program_session is None or self.connection.total_changes() == self._program_start:
            return []
        return self._changes(self._program_session)

    def begin_call(self) -> None:
        """Start a call inside the program."""
        self._execute("SAVEPOINT call")
        if self._program_session is None:
            self._program_session = self._watch()
        if self._call_session is None:
            self._call_session = self._watch()
        self._call_start = self.connection.total_changes()
        self.denied = None

    def end_call(self) -> list[dict[str, Any]]:
        """End a call that returned, and give its row changes.

        Raises:
            WriteFault: What it wrote cannot stand; the call must be undone.
        """
        changes: list[dict[str, Any]] = []
        if self.connection.total_changes() != self._call_start:
            if self.connection.status(apsw.SQLITE_DBSTATUS_DEFERRED_FKS)[0]:
                raise WriteFault("the call leaves a foreign key without its row")
            self._refuse_null_keys()
            if self._call_session is not None:
                changes = self._changes(self._call_session)
            self._drop_call_session()
        self._execute("RELEASE call")
        return changes

    def undo_call(self) -> None:
        """End a call that raised: it has changed nothing."""
        self._execute("ROLLBACK TO call")
        self._execute("RELEASE call")
        if self.connection.total_changes() != self._call_start:
            self._drop_call_session()

    def reset(self) -> None:
        """Back to the snapshot, whatever was kept."""
        if not self._from_image:
            self._load(self.image)
        elif self._kept:
            self._drop_sessions()
            self._execute("ROLLBACK")
            self._execute("BEGIN")
            self._kept = False

    def prepare(self, statements: Sequence[str]) -> Callable[[], None]:
        """Run the host's own statements with constraints off; what comes back undoes them.

        They are committed, since SQLite takes foreign keys off only between transactions: so the calls
        that follow run with constraints on, as ever.

        Raises:
            WriteFault: A statement failed; nothing of them is left.
        """
        pristine = self._from_image and not self._kept
        if pristine:
            state = self.image
        else:
            self._execute("COMMIT")  # a serialized image holds only what is committed
            state = bytes(self.connection.serialize("main"))

        def undo() -> None:
            self._load(state)

        self._load(state)
        self._execute("ROLLBACK")
        self._ours = True
        try:
            connection = self.connection
            connection.pragma("foreign_keys", False)
            connection.pragma("ignore_check_constraints", True)
            for statement in statements:
                connection.execute(statement, can_cache=False).fetchall()
            connection.pragma("ignore_check_constraints", False)
            connection.pragma("foreign_keys", True)
        except apsw.Error as error:
            undo()
            raise WriteFault(f"a setup statement failed: {error}") from error
        finally:
            self._ours = False
        self._execute("BEGIN")
        return undo

    def _load(self, image: bytes) -> None:
        ours, self._ours = self._ours, True
        try:
            self._drop_sessions()
            connection = self.connection
            if connection.in_transaction:
                connection.execute("ROLLBACK", can_cache=False)
            connection.deserialize("main", image)
            connection.pragma("ignore_check_constraints", False)
            connection.pragma("foreign_keys", True)
            connection.pragma("temp_store", "memory")  # a large sort must not look for a place for its file
            connection.execute("BEGIN", can_cache=False)
        except apsw.Error as error:
            if not ours:
                raise TransactionLost(str(error)) from error
            raise
        finally:
            self._ours = ours
        self._from_image = image is self.image
        self._kept = False

    def _execute(self, statement: str) -> None:
        """One of our own statements; never from or into the cache, so that no tool gets one that was allowed for us."""
        self._ours = True
        try:
            self.connection.execute(statement, can_cache=False)
        except apsw.Error as error:
            raise TransactionLost(f"{statement}: {error}") from error
        finally:
            self._ours = False

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if self._ours:
            return apsw.SQLITE_OK
        if action in _WRITES:
            allowed = not str(first).startswith("sqlite_")
        elif action == apsw.SQLITE_PRAGMA:
            allowed = first == "table_xinfo"  # a session asks for it when a table is first written
        else:
            allowed = action in _ALLOWED and not (action == apsw.SQLITE_FUNCTION and second in _REFUSED_FUNCTIONS)
        if allowed:
            return apsw.SQLITE_OK
        name = str(apsw.mapping_authorizer_function.get(action, action)).removeprefix("SQLITE_")
        self.denied = f"the SQL function {second}()" if name == "FUNCTION" else f"{name} {first or ''}".rstrip()
        return apsw.SQLITE_DENY

    def _watch(self) -> apsw.Session:
        session = apsw.Session(self.connection, "main")
        session.config(apsw.SQLITE_SESSION_OBJCONFIG_ROWID, True)  # tables without a primary key are seen too
        session.attach()
        return session

    def _drop_sessions(self) -> None:
        self._drop_call_session()
        if self._program_session is not None:
            self._program_session.close()
            self._program_session = None

    def _drop_call_session(self) -> None:
        if self._call_session is not None:
            self._call_session.close()
            self._call_session = None

    def _changes(self, session: apsw.Session) -> list[dict[str, Any]]:
        found = []
        self._ours = True
        try:
            changeset = session.changeset()
        finally:
            self._ours = False
        for change in apsw.Changeset.iter(changeset):
            if change.name.startswith("sqlite_"):
                continue
            item = self._change(change)
            found.append((change.name, json.dumps(item["key"]), item))
        found.sort(key=lambda entry: (entry[0], _sortable(entry[2]["key"]), entry[1], entry[2]["op"]))
        return [item for _, _, item in found]

    def _change(self, change: apsw.TableChange) -> dict[str, Any]:
        table = self._tables[change.name]
        names = table.columns if table.keyed else ("rowid", *table.columns)
        old = _values(change.name, names, change.old)
        new = _values(change.name, names, change.new)
        whole = old if change.old is not None else new
        key = {names[i]: whole[names[i]] for i in sorted(change.pk_columns or ())}
        item: dict[str, Any] = {"table": change.name, "op": change.op.lower(), "key": key}
        dropped = set() if table.keyed else {"rowid"}
        if item["op"] == "update":
            item["old"] = {name: old[name] for name in new}
            item["new"] = new
        elif item["op"] == "delete":
            item["old"] = {name: value for name, value in old.items() if name not in dropped}
        else:
            item["new"] = {name: value for name, value in new.items() if name not in dropped}
        return item

    def _read_tables(self) -> dict[str, _Table]:
        tables = {}
        found = self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        for name in (str(row[0]) for row in found):
            if name.startswith("sqlite_"):
                continue
            # Generated columns (hidden 2 and 3) are in no changeset.
            columns = [c for c in self._columns(name) if c[6] == 0]
            tables[name] = _Table(tuple(c[1] for c in columns), any(c[5] for c in columns))
        return tables

    def _columns(self, table: str) -> list[Any]:
        quoted = table.replace('"', '""')
        return self.connection.execute(f'PRAGMA main.table_xinfo("{quoted}")', can_cache=False).fetchall()

    def _null_key_queries(self) -> dict[str, str]:
        """For each table whose primary key may hold NULL, a query that finds such a row: sessions do not see it."""
        queries = {}
        for table in self._tables:
            keys = [c for c in self._columns(table) if c[5]]
            if len(keys) == 1 and keys[0][2].upper() == "INTEGER":
                continue
            nullable = ['"{}" IS NULL'.format(c[1].replace('"', '""')) for c in keys if not c[3]]
            if nullable:
                name = table.replace('"', '""')
                queries[table] = f'SELECT 1 FROM "{name}" WHERE {" OR ".join(nullable)} LIMIT 1'
        return queries

    def _refuse_null_keys(self) -> None:
        for table, query in self._null_keys.items():
            if self.connection.execute(query).fetchall():
                raise WriteFault(f"the call leaves a row of {table!r} whose primary key is NULL")


class ToolDb:
    """The `db` of a tool: `environments.Db` over an episode's database.

    Attributes:
        watch: Called with each statement before it runs, when somebody observes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.connection
        self._names: dict[str, tuple[str, ...]] = {}
        self.watch: Callable[[str, dict[str, object]], None] | None = None

    def rows(self, sql: str, **binds: object) -> list[dict[str, Any]]:
        """All rows of a query, a dict each, keyed by output column name."""
        cursor = self._execute(sql, binds)
        names = self._output(sql, cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def one(self, sql: str, **binds: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        cursor = self._execute(sql, binds)
        names = self._output(sql, cursor)
        row = cursor.fetchone()
        cursor.close(True)
        return None if row is None else dict(zip(names, row, strict=True))

    def run(self, sql: str, **binds: object) -> int:
        """Execute a writing statement; the number of rows affected."""
        before = self._connection.total_changes()
        self._execute(sql, binds).fetchall()
        return self._connection.changes() if self._connection.total_changes() != before else 0

    def _execute(self, sql: str, binds: dict[str, object]) -> apsw.Cursor:
        if self.watch is not None:
            self.watch(sql, binds)
        try:
            return self._connection.execute(sql, binds)
        except apsw.AuthError as error:
            what = self._database.denied or "this statement"
            raise apsw.AuthError(f"a tool may not use {what}; it may only read and write rows") from error
        except KeyError as error:
            raise apsw.BindingsError(f"no value was given for :{error.args[0]}") from error

    def _output(self, sql: str, cursor: apsw.Cursor) -> tuple[str, ...]:
        names = self._names.get(sql)
        if names is None:
            try:
                names = tuple(column[0] for column in cursor.get_description())
            except apsw.ExecutionCompleteError:  # no row came, so no name is needed
                return ()
            if len(set(names)) != len(names):
                double = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"two output columns are called {double!r}; name them apart with AS")
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            self._names[sql] = names
        return names


def _values(table: str, names: Sequence[str], values: Sequence[Any] | None) -> dict[str, Any]:
    if values is None:
        return {}
    return {
        name: _plain(table, name, value)
        for name, value in zip(names, values, strict=True)
        if value is not apsw.no_change
    }


def _plain(table: str, column: str, value: Any) -> Any:
    """A database value as JSON; a blob is `{"blob": its hexadecimal digits}`."""
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        raise WriteFault(f"{table}.{column} would hold {value}, which no record can")
    return value


def _sortable(key: dict[str, Any]) -> list[tuple[int, Any]]:
    """Key values in SQLite's order: numbers, then text, then blobs."""
    return [
        (1, value) if isinstance(value, str) else (2, value["blob"]) if isinstance(value, dict) else (0, value or 0)
        for value in key.values()
    ]
