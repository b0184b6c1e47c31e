"""Reads a live database as a Source: what is there now, and its rows where they are asked for.

Nothing is ever written: one read-only transaction, of which nothing is left. PostgreSQL is read by `catalog.py` and
other servers by `reflect.py`; a SQLite file keeps its own DDL, so that is read here as a script. All of them end in
the reader of scripts, so a database and its dump give the same tables and the same losses.
"""

from __future__ import annotations

import contextlib
import re
import urllib.parse
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .catalog import OLDEST, SETTINGS, LiveTable, copied, plain, read_catalog
from .ddl import Source, StatementReader
from .emit import quote
from .errors import DatabaseError
from .infer import infer_keys
from .kept import RowSource
from .lex import Dialect
from .model import Value
from .reflect import reflect, reflected_rows, show
from .split import Statement

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

MOST_ROWS = 200_000
_SECONDS = 60.0  # for one query, and to wait for a lock
_CONNECT_SECONDS = 10
_MAGIC = b"SQLite format 3\x00"


class _Kind(NamedTuple):
    """An engine: its dialect, SQLAlchemy's driver for it where we choose one, and what installs that."""

    dialect: Dialect
    driver: str
    package: str


_ENGINES = {
    "postgresql": _Kind("postgres", "psycopg", "groundrow[postgres]"),
    "sqlite": _Kind("sqlite", "pysqlite", ""),
    "mysql": _Kind("mysql", "pymysql", "pymysql"),
    "mariadb": _Kind("mysql", "pymysql", "pymysql"),
    "mssql": _Kind("tsql", "pyodbc", "pyodbc"),
    "oracle": _Kind("oracle", "oracledb", "oracledb"),
}
# What an application's own URL may name, and what nothing here can wait for.
_ASYNCHRONOUS = frozenset({"asyncpg", "psycopg_async", "aiosqlite", "aiomysql", "asyncmy", "aioodbc"})
_ALIASES = {"postgres": "postgresql", "sqlserver": "mssql"}
_CONNECT_TIMEOUT = {"psycopg": "connect_timeout", "psycopg2": "connect_timeout", "pymysql": "connect_timeout",
                    "mysqldb": "connect_timeout", "mysqlconnector": "connection_timeout", "pyodbc": "timeout",
                    "oracledb": "tcp_connect_timeout"}  # fmt: skip


def is_sqlite_file(path: Path) -> bool:
    """Whether a file begins as SQLite's do."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_database(
    url: str | Path, *, rows: bool = False, infer: bool = True, most_rows: int = MOST_ROWS, seconds: float = _SECONDS
) -> Source:
    """Read a live database.

    Args:
        url: An SQLAlchemy URL (`postgresql://user@host:5432/name`, `sqlite:///file.db`), or a SQLite file's path.
        rows: Keep all rows of all tables, in the order of their primary keys.
        infer: Whether keys and foreign keys that it does not declare are proposed (`infer_keys`), from names and
            types, and from the rows where these are kept.
        most_rows: The most rows that are kept; a database with more is refused.
        seconds: The longest wait for a lock in PostgreSQL and SQLite, and the longest that a query of PostgreSQL takes.

    Returns:
        What `read_ddl` gives of a dump: views, triggers and whatever else is not kept are losses.

    Raises:
        DatabaseError: It cannot be reached or read, a driver is missing, or it holds more than `most_rows`.
        ReadError: Not one table of it could be read.
    """
    target = Target.of(url)
    with warnings.catch_warnings(), target.failures(seconds), target.connection(seconds) as connection:
        # What a driver or SQLAlchemy warns of is reported as a Loss where it matters, and is no text for a terminal.
        warnings.simplefilter("ignore")
        reader = StatementReader(target.kind.dialect)
        tables = target.read(connection, reader)
        if rows:
            _limit(connection, tables, most_rows, target.shown)
            reader.rows = [
                RowSource.of_table(table.draft, table.columns, partial(target.rows, connection, table), reader.dialect)
                for table in tables
            ]
        source = reader.finish(target.shown)
    return source._replace(schema=infer_keys(source.schema, source.rows)) if infer else source


class Target(NamedTuple):
    """A database to read.

    Attributes:
        shown: Its URL as messages say it, without user, password and options.
    """

    url: URL
    kind: _Kind
    shown: str

    @classmethod
    def of(cls, url: str | Path) -> Target:
        from sqlalchemy import URL, make_url
        from sqlalchemy.exc import ArgumentError

        if isinstance(url, Path):
            return cls(URL.create("sqlite", database=str(url)), _ENGINES["sqlite"], repr(str(url)))
        try:
            made = make_url(url)
        except (ArgumentError, ValueError):
            raise DatabaseError(
                "this is no database URL; one looks like postgresql://user@host:5432/name or sqlite:///file.db, with"
                " a user or password that holds any of :/@?# written in percent form"
            ) from None
        engine, _, driver = made.drivername.lower().partition("+")
        driver = "" if driver in _ASYNCHRONOUS else driver
        engine = _ALIASES.get(engine, engine)
        kind = _ENGINES.get(engine)
        if kind is None:
            raise DatabaseError(f"cannot read a database of the kind {engine!r}; there are {', '.join(_ENGINES)}")
        # `set` would take None for "as it was".
        shown = URL.create(made.drivername, None, None, made.host, made.port, made.database).render_as_string()
        return cls(made.set(drivername=f"{engine}+{driver or kind.driver}"), kind, shown)

    def engine(self) -> Engine:
        from sqlalchemy import NullPool, create_engine
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        driver = self.url.get_driver_name()
        option = _CONNECT_TIMEOUT.get(driver, "")
        arguments = {option: _CONNECT_SECONDS} if option and option not in self.url.query else {}
        try:
            return create_engine(self.url, poolclass=NullPool, connect_args=arguments)
        except NoSuchModuleError:
            raise DatabaseError(
                f"cannot read {self.shown}: SQLAlchemy knows no driver {driver!r}; leave it out of the URL"
            ) from None
        except ImportError as error:
            package = self.kind.package if driver == self.kind.driver else error.name or driver
            raise DatabaseError(
                f"cannot read {self.shown}: the driver {error.name or driver!r} is not installed;"
                f' pip install "{package}"'
            ) from None
        except ArgumentError as error:
            raise DatabaseError(f"cannot read {self.shown}: {self.clean(str(error))}") from None

    def file(self) -> Path:
        """The file of a SQLite database."""
        place = self.url.database or ""
        if place.startswith("file:"):
            place = urllib.parse.unquote(place.removeprefix("file:").partition("?")[0])
        path = Path(place)
        if place in ("", ":memory:"):
            raise DatabaseError(f"{self.shown} names no file; a SQLite database in memory holds nothing yet")
        if not path.is_file():
            raise DatabaseError(f"cannot read {self.shown}: there is no such file")
        return path

    def sqlite_engine(self, path: Path, still: bool, seconds: float) -> Engine:
        import sqlite3

        from sqlalchemy import NullPool, create_engine

        def connect() -> sqlite3.Connection:
            only_reading = f"file:{urllib.parse.quote(str(path.absolute()))}?mode=ro{'&immutable=1' if still else ''}"
            found = sqlite3.connect(only_reading, uri=True, timeout=seconds)
            found.text_factory = _text
            return found

        return create_engine("sqlite://", poolclass=NullPool, creator=connect)

    @contextlib.contextmanager
    def connection(self, seconds: float) -> Iterator[Connection]:
        """One transaction that writes nothing and is given up at the end."""
        if self.kind.dialect == "sqlite":
            path = self.file()
            still = _is_still(path)
            engine = self.sqlite_engine(path, still, seconds)
        else:
            path, still, engine = Path(), False, self.engine()
        with contextlib.ExitStack() as stack:
            stack.callback(engine.dispose)
            connection = stack.enter_context(engine.connect())
            stack.callback(_give_up, connection)
            if self.kind.dialect == "sqlite":
                # A file may come from anywhere: nothing that it holds is run, and nothing can be written.
                for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
                    plain(connection, f"PRAGMA {pragma}")
                plain(connection, "BEGIN")
            elif self.kind.dialect == "postgres":
                version = int(plain(connection, "SHOW server_version_num").scalar()) // 10000
                if version < OLDEST:
                    raise DatabaseError(f"cannot read {self.shown}: PostgreSQL {version} is older than {OLDEST}")
                limits = [f"SET LOCAL {what}_timeout = {seconds * 1000:.0f}" for what in ("statement", "lock")]
                for setting in (*SETTINGS.split(";"), *limits):
                    plain(connection, setting)
            elif self.kind.dialect == "mysql":
                plain(
                    connection,
                    "SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1, SESSION time_zone = '+0:00'",
                )
                plain(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            elif self.kind.dialect == "oracle":
                plain(connection, "SET TRANSACTION READ ONLY")
            yield connection
            if still and not _is_still(path):
                raise DatabaseError(f"cannot read {self.shown}: it was written to while it was being read; try again")

    def read(self, connection: Connection, reader: StatementReader) -> list[LiveTable]:
        """Hand the database's statements to `reader`; gives the tables that can have rows."""
        if self.kind.dialect == "postgres":
            return read_catalog(connection, reader)
        if self.kind.dialect == "sqlite":
            return _read_sqlite(connection, reader)
        return show(connection, reader) if self.kind.dialect == "mysql" else reflect(connection, reader)

    def rows(self, connection: Connection, table: LiveTable) -> Iterator[list[Value]]:
        key = table.draft.primary_key
        if self.kind.dialect == "postgres":
            return copied(connection, table, key)
        if self.kind.dialect == "sqlite":
            return _sqlite_rows(connection, table)
        return reflected_rows(connection, table, key)

    @contextlib.contextmanager
    def failures(self, seconds: float) -> Iterator[None]:
        """Whatever a server or driver complains of as one sentence, without the traces that lead to the URL."""
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError

        try:
            yield
        except DBAPIError as error:
            # The state's number is the same in every language that a server may speak.
            code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
            reason = self.reason(f"{error.orig}\nSQLSTATE {code}", seconds)
        except (SQLAlchemyError, UnicodeError, OSError) as error:
            reason = self.reason(str(error), seconds)
        else:
            return
        raise DatabaseError(f"cannot read {self.shown}: {reason}")

    def reason(self, message: str, seconds: float) -> str:
        for said, reason in _REASONS:
            if re.search(said, message, re.IGNORECASE):
                return reason.format(seconds=f"{seconds:g}")
        lines = [line.strip() for line in message.splitlines() if line.strip()]
        return self.clean(lines[0]) if lines else "it gave no reason"

    def clean(self, message: str) -> str:
        """A driver's words without the URL's user and password, wherever these stand in it."""
        secret = {str(self.url.password or "")}
        for name, value in self.url.query.items():
            if re.search("pass|user|token|secret|key", name, re.IGNORECASE):
                secret.update([value] if isinstance(value, str) else value)
        for text in sorted(secret - {""}, key=len, reverse=True):
            for form in (text, urllib.parse.quote(text), urllib.parse.quote_plus(text)):
                message = message.replace(form, "***")
        user = re.escape(self.url.username or "")
        return re.sub(rf"(?<!\w){user}(?!\w)", "***", message) if user else message


# What servers and drivers say, and what it means to whoever gave the URL; the first that fits.
_REASONS = (
    (
        r"authentication failed|no password supplied|Access denied for user|Login failed|ORA-01017|pg_hba|role .* is",
        "the server refuses this user or password",
    ),
    (r"database .* does not exist|Unknown database|Cannot open database", "the server has no such database"),
    (
        r"Connection refused|\[Errno 111\]|No such file or directory|ORA-12541",
        "nothing answers there; is the server running, and is this its host and port?",
    ),
    (
        r"could not translate host|resolve host|Name or service not known|getaddrinfo|No address associated",
        "the name of its host is not known",
    ),
    (r"statement timeout|SQLSTATE 57014", "a query took longer than {seconds} seconds"),
    (
        r"lock timeout|SQLSTATE 55P03|database is locked|database table is locked",
        "another session held it locked for {seconds} seconds",
    ),
    (r"timeout expired|timed? ?out|is unreachable|No route to host", "its host gives no answer"),
    (
        r"SQLSTATE 57P0|terminating connection|server closed|lost connection|is lost|has been closed|gone away",
        "the server went away while it was being read; try again",
    ),
    (r"codec can't decode", "it holds text in an encoding that it does not name"),
    (r"row-level security", "row policies would hide rows from this user; read it as a user with BYPASSRLS"),
    (r"file is not a database|file is encrypted", "the file is no SQLite database, or an encrypted one"),
    (r"disk image is malformed|malformed database schema", "the file is damaged; try PRAGMA integrity_check on it"),
    (r"unable to open database file|readonly database", "the file, or the folder of its journal, may not be read"),
)


def _give_up(connection: Connection) -> None:
    """End the transaction; a server that is gone has ended it already."""
    from sqlalchemy.exc import SQLAlchemyError

    with contextlib.suppress(SQLAlchemyError):
        connection.rollback()


def _limit(connection: Connection, tables: list[LiveTable], most: int, shown: str) -> None:
    """Refuse a database with more rows than may be kept, before any is read."""
    counts: dict[str, int] = {}
    for table in tables:
        if connection.dialect.name in ("postgresql", "sqlite", "mysql", "mariadb"):
            counted = f"(SELECT 1 FROM {table.place} LIMIT {most + 1}) AS counted"
        else:
            counted = table.place
        counts[table.draft.name.name] = plain(connection, f"SELECT count(*) FROM {counted}").scalar()
    if sum(counts.values()) > most:
        largest = max(counts, key=lambda name: counts[name])
        raise DatabaseError(
            f"{shown} holds at least {sum(counts.values()):,} rows ({largest!r} alone at least {counts[largest]:,}) and"
            f" {most:,} are the most that are kept; read it without its rows, or a smaller copy of it"
        )


# -- SQLite ---------------------------------------------------------------------------------------------------


def _read_sqlite(connection: Connection, reader: StatementReader) -> list[LiveTable]:
    """SQLite keeps the text of every statement that made it; SQLAlchemy's reflection searches that by patterns.

    So the reader of scripts gets the text, and a file's tables are those of its dump.
    """
    hidden = {row[1] for row in plain(connection, "PRAGMA table_list") if row[2] == "shadow"}
    # sqlite_master is kept in order of creation; the tables come first, since a trigger may be older than a table.
    found = list(plain(connection, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"))
    tables: list[LiveTable] = []
    for kind, name, owner, text in sorted(found, key=lambda row: {"table": 0, "index": 1}.get(row[0], 2)):
        if not isinstance(text, str) or owner in hidden or str(name).startswith("sqlite_"):
            continue
        before = set(reader.drafts.tables)
        reader.take(Statement(text))
        for key in set(reader.drafts.tables) - before if kind == "table" else ():
            draft = reader.drafts.tables[key]
            columns = tuple(column.name for column in draft.columns if not column.generated)
            tables.append(LiveTable(draft, quote(name), columns))
    return tables


def _sqlite_rows(connection: Connection, table: LiveTable) -> Iterator[list[Value]]:
    # A table without a key is never one WITHOUT ROWID.
    order = ", ".join(quote(name) for name in table.draft.primary_key) or "_rowid_"
    names = ", ".join(quote(name) for name in table.columns)
    for row in plain(connection, f"SELECT {names} FROM {table.place} ORDER BY {order}"):
        yield list(row)


def _is_still(path: Path) -> bool:
    """Whether a file keeps a log of its writes beside it, and there is none: nobody has it open for writing.

    SQLite makes the log of such a file even to read it, and leaves it behind, unless it is told that nobody writes.
    """
    with path.open("rb") as file:
        head = file.read(20)
    return head[18:20] == b"\x02\x02" and not path.with_name(f"{path.name}-wal").exists()


def _text(data: bytes) -> str | bytes:
    """A text as SQLite holds it, which need not be UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
