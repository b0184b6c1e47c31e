"""The database of an episode: what a tool sees of it, and how it is undone and compared.

`Database` owns the connection. A program runs inside a savepoint of one open
transaction, a call inside a savepoint of the program, so undoing either costs
what was written and not what is stored. Both are opened at the first statement
that is not known to read only, so that a program that writes nothing pays nothing.
The rows that changed come from SQLite's session extension. `ToolDb` is the `db`
that tools are given.

The authorizer keeps honest tools within their bounds. What holds the others is
the process, since a tool can reach the connection behind its `db`; only the database
of a witness (`witness.py`) is out of their reach, and there it is a wall.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import apsw

from .clock import Clock, FrozenVFS

_ALLOWED = frozenset({apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_FUNCTION, apsw.SQLITE_RECURSIVE})
_WRITES = frozenset({apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_DELETE})
# They tell of earlier programs, or reach out of the database.
_REFUSED_FUNCTIONS = frozenset({"changes", "total_changes", "load_extension", "fts3_tokenizer", "sqlite_log"})
_MOST_STATEMENTS = 1024  # this many are remembered, with their output names and whether they only read
# SQLite's own are made for machines that trust their SQL: a statement or a value may have a gigabyte.
_LIMITS = ((apsw.SQLITE_LIMIT_SQL_LENGTH, 1 << 20), (apsw.SQLITE_LIMIT_LENGTH, 64 << 20))
_ROWIDS = frozenset({"rowid", "_rowid_", "oid"})  # how SQLite calls the position of a row
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
        reversed_rows: Give rows in the opposite order wherever a query asks for none.

    Raises:
        ValueError: A row of the snapshot has NULL in its primary key; its changes could not be seen.
        apsw.Error: The image is no database.
    """

    def __init__(self, image: bytes, clock: Clock, *, reversed_rows: bool = False) -> None:
        self.denied: str | None = None
        self._vfs = FrozenVFS(f"frozen-{next(_numbers)}", clock)
        self.connection = apsw.Connection(":memory:", vfs=self._vfs.name, statementcachesize=256)
        self._ours = True
        self._reading: set[str] = set()
        self._session: apsw.Session | None = None
        self._changesets: list[bytes] = []
        self._only_changes: list[dict[str, Any]] = []
        self._program_open = self._call_open = self._own_savepoint = False
        self._writes = 0
        self._row_given = False
        self._pristine: bytes | None = None
        self._from_image = True
        self._kept = False
        connection = self.connection
        connection.create_scalar_function("random", clock.sql_random, 0)
        connection.create_scalar_function("randomblob", clock.sql_randomblob, 1)
        connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
        for limit, most in _LIMITS:
            connection.limit(limit, most)
        connection.authorizer = self._authorize
        connection.pragma("reverse_unordered_selects", reversed_rows)
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
        self._drop_session()
        self.connection.close()
        self._vfs.unregister()

    def begin_program(self) -> None:
        """Start a program: everything from here can be undone at once."""
        self._changesets.clear()
        if self._row_given:
            self.connection.set_last_insert_rowid(0)
            self._row_given = False

    def end_program(self, *, keep: bool) -> None:
        """End it, keeping or undoing what it wrote; TransactionLost when that is not possible."""
        if self._call_open:  # a call that nobody has ended is undone with its program
            self._call_open, keep = False, False
            self._drop_session()
        if self._program_open:
            self._program_open = False
            if not keep:
                self._execute("ROLLBACK TO program")
            self._execute("RELEASE program")
            self._kept = self._kept or keep
        self._check_transaction()

    def program_changes(self) -> list[dict[str, Any]]:
        """The net row changes since the program began, ordered by table and key."""
        if not self._changesets:
            return []
        if len(self._changesets) == 1:
            return self._only_changes
        builder = apsw.ChangesetBuilder()  # type: ignore[no-untyped-call] # its __init__ lacks an annotation
        for changeset in self._changesets:
            builder.add(changeset)
        return self._changes(builder.output())

    def before_statement(self, sql: str) -> bool:
        """Open what a write would need, unless `sql` is known to read; whether it has to be judged afterwards."""
        if sql in self._reading:
            return False
        if not self._call_open:
            # The first call that may write has nothing before it that must outlive its undoing.
            self._own_savepoint = self._program_open
            self._execute("SAVEPOINT call" if self._own_savepoint else "SAVEPOINT program")
            self._program_open = self._call_open = True
            self._session = self._watch()
        return True

    def after_statement(self, sql: str, cursor: apsw.Cursor) -> None:
        """Remember that `sql` only reads, where SQLite says so; it does while rows are coming."""
        if ";" in sql:  # what follows the first statement is not prepared yet
            return
        try:
            reading = cursor.is_readonly
        except apsw.ExecutionCompleteError:
            return
        if reading:
            if len(self._reading) >= _MOST_STATEMENTS:
                self._reading.clear()
            self._reading.add(sql)

    def end_call(self) -> list[dict[str, Any]]:
        """End a call that returned, and give its row changes.

        Raises:
            WriteFault: What it wrote cannot stand; the call must be undone.
            TransactionLost: Something was written where nothing was watching.
        """
        if not self._call_open:
            self._check_unwatched()
            return []
        changes: list[dict[str, Any]] = []
        if self._total() != self._writes:
            if self.connection.status(apsw.SQLITE_DBSTATUS_DEFERRED_FKS)[0]:
                raise WriteFault("the call leaves a foreign key without its row")
            self._refuse_null_keys()
            changeset = self._taken()
            changes = self._changes(changeset)
            if changes:
                self._changesets.append(changeset)
                self._only_changes = changes
        self._end_call(*(("RELEASE call",) if self._own_savepoint else ()))
        return changes

    def undo_call(self) -> None:
        """End a call that raised: it has changed nothing."""
        if not self._call_open:
            self._check_unwatched()
            return
        self._end_call(*(("ROLLBACK TO call", "RELEASE call") if self._own_savepoint else ("ROLLBACK TO program",)))

    def reset(self) -> None:
        """Back to the snapshot, whatever was kept."""
        if not self._from_image:
            self._load(self._pristine_image())
        elif self._kept:
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
        state = self._pristine_image()
        if self._kept or not self._from_image:
            self._execute("COMMIT")  # a serialized image holds only what is committed
            state = self.connection.serialize("main")

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
        self._writes = self.connection.total_changes()
        self._row_given = True
        return undo

    def _pristine_image(self) -> bytes:
        """The snapshot; made when it is first needed, since every episode would have to hold it."""
        if self._pristine is None:
            self._pristine = self.connection.serialize("main")  # without what is kept, which is not committed
        return self._pristine

    def _load(self, image: bytes) -> None:
        ours, self._ours = self._ours, True
        try:
            self._drop_session()
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
        self._from_image = self._pristine is None or image is self._pristine
        self._kept = self._program_open = self._call_open = False
        self._writes = self.connection.total_changes()

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

    def _check_transaction(self) -> None:
        try:
            open = self.connection.in_transaction
        except apsw.Error as error:
            raise TransactionLost(str(error)) from error
        if not open:
            raise TransactionLost("the transaction was ended inside a program")

    def _total(self) -> int:
        try:
            return self.connection.total_changes()
        except apsw.Error as error:
            raise TransactionLost(str(error)) from error

    def _check_unwatched(self) -> None:
        if self._total() != self._writes:
            raise TransactionLost("rows were written behind the tool's db")

    def _end_call(self, *statements: str) -> None:
        self._call_open = False
        self._drop_session()
        for statement in statements:
            self._execute(statement)
        total = self._total()
        self._row_given = self._row_given or total != self._writes
        self._writes = total

    def _watch(self) -> apsw.Session:
        session = apsw.Session(self.connection, "main")
        session.config(apsw.SQLITE_SESSION_OBJCONFIG_ROWID, True)  # tables without a primary key are seen too
        session.attach()
        return session

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _taken(self) -> bytes:
        """The changeset of the call."""
        if self._session is None:
            raise TransactionLost("nothing watches the rows any more")
        self._ours = True
        try:
            return self._session.changeset()
        finally:
            self._ours = False

    def _changes(self, changeset: bytes) -> list[dict[str, Any]]:
        found = []
        try:
            for change in apsw.Changeset.iter(changeset):
                if not change.name.startswith("sqlite_"):
                    found.append(self._change(change))
        except UnicodeDecodeError as error:
            raise WriteFault("the call leaves a text that is not UTF-8") from error
        if len(found) > 1:
            found.sort(key=lambda item: (item["table"], _sortable(item["key"]), repr(item["key"]), item["op"]))
        return found

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
            clash = [column for column in tables[name].columns if column.lower() in _ROWIDS]
            if clash and not tables[name].keyed:
                raise ValueError(
                    f"table {name!r} has no primary key and a column called {clash[0]!r}, so its rows cannot be told"
                    " apart; declare a key, or rename the column"
                )
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
        log: Called before it runs with the method and each statement that may write, or with each that is watched.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.connection
        self._names: dict[str, tuple[str, ...]] = {}
        self.watch: Callable[[str, dict[str, object]], None] | None = None
        self.log: Callable[[str, str, dict[str, object]], None] | None = None

    def rows(self, sql: str, **binds: object) -> list[dict[str, Any]]:
        """All rows of a query, a dict each, keyed by output column name."""
        cursor = self._execute("rows", sql, binds)
        names = self._names.get(sql) or self._output(sql, cursor)
        return [dict(zip(names, row)) for row in cursor]  # noqa: B905 (they are of one cursor)

    def one(self, sql: str, **binds: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        cursor = self._execute("one", sql, binds)
        for row in cursor:
            names = self._names.get(sql) or self._output(sql, cursor)
            cursor.close(True)
            return dict(zip(names, row))  # noqa: B905 (they are of one cursor)
        return None

    def run(self, sql: str, **binds: object) -> int:
        """Execute a writing statement; the number of rows affected."""
        before = self._connection.total_changes()
        self._execute("run", sql, binds).fetchall()
        return self._connection.changes() if self._connection.total_changes() != before else 0

    def _execute(self, method: str, sql: str, binds: dict[str, object]) -> apsw.Cursor:
        if self.watch is not None:
            self.watch(sql, binds)
        database = self._database
        unknown = database.before_statement(sql)
        if self.log is not None and (unknown or self.watch is not None):
            self.log(method, sql, binds)
        try:
            cursor = self._connection.execute(sql, binds)
            if unknown:
                database.after_statement(sql, cursor)
            return cursor
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
                cursor.close(True)  # or the savepoint around it could not be released while the error is on its way
                double = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"two output columns are called {double!r}; name them apart with AS")
            if len(self._names) >= _MOST_STATEMENTS:
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
