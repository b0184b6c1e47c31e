"""Reads a script in any dialect into a Schema and the rows it holds.

Statement by statement: what describes tables is folded into drafts (ALTERs,
types, indexes and comments included), what cannot be kept is a Loss, and
what is no part of a schema is passed over. No statement can cost another one.

Passed over without a Loss, because the meaning of the tables and rows stays the
same: session settings, transactions, permissions, users, databases, schemas,
extensions, storage and tablespaces, statistics, full-text and spatial indexes, owners, sequences that
only number a key, top-level SELECTs, and DROPs of what is not kept.
A Loss: views, routines, triggers, rules, policies, partitions, tables made from
queries, and statements that change rows in a way that is not replayed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from .alter import Alterer
from .clauses import ClauseReader
from .cursor import Cursor, QualifiedName
from .draft import DraftColumn, DraftIndex, DraftTable, Losses, UserType
from .errors import ReadError, Unreadable
from .finish import Finisher, Lookup
from .guess import guess_dialect
from .infer import infer_keys
from .kept import RowSource, kept_rows
from .lex import DIALECTS, Dialect, Token, lex
from .model import ColumnType, Rows, Schema
from .split import Statement, split


class Source(NamedTuple):
    """What a script or a live database held.

    Attributes:
        schema: Its tables, with every loss met on the way.
        rows: The rows it inserts or holds, by table, in their stored form; only tables that have any.
        dialect: The dialect it was read in.
        guessed: The dialect was guessed from the text.
    """

    schema: Schema
    rows: Rows
    dialect: str
    guessed: bool = False


def read_ddl(text: str, *, dialect: str | None = None, infer: bool = True) -> Source:
    """Read a script of CREATE TABLE and related statements, with the rows it inserts.

    Args:
        text: The script; dumps of psql, mysqldump, sqlite3 and the like are meant.
        dialect: One of postgres, mysql, sqlite, tsql, oracle; guessed from the text when None.
        infer: Whether keys and foreign keys that the script does not declare are proposed (`infer_keys`).

    Returns:
        The schema, its losses and the rows. The schema's DDL is known to execute in SQLite, and the
        rows to satisfy it; rows that do not are left out with a Loss.

    Raises:
        ReadError: The text is no SQL script, or not one table of it could be read.
    """
    text = text.removeprefix("\ufeff")
    _refuse_non_sql(text)
    chosen = _dialect(text, dialect)
    reader = StatementReader(chosen)
    for statement in split(text, chosen):
        reader.take(statement)
    source = reader.finish("the text")._replace(guessed=dialect is None)
    return source._replace(schema=infer_keys(source.schema, source.rows)) if infer else source


def _dialect(text: str, dialect: str | None) -> Dialect:
    if dialect is None:
        return guess_dialect(text)
    for known in DIALECTS:
        if dialect == known:
            return known
    raise ReadError(f"no dialect named {dialect!r}; there are {', '.join(DIALECTS)}")


def _refuse_non_sql(text: str) -> None:
    if not text.strip():
        raise ReadError("the text is empty; a script with CREATE TABLE statements was expected")
    if text.startswith("PGDMP"):
        raise ReadError("this is a binary PostgreSQL dump; make a plain one with pg_dump --format=plain")
    head = text[:65536]
    if "\x00" in head or head.count("\ufffd") > len(head) // 20:
        raise ReadError("the text holds binary data; a script in UTF-8 with CREATE TABLE statements was expected")
    if not re.search(r"\bCREATE\b", text, re.IGNORECASE):
        raise ReadError(f"the text is no SQL script: it creates no table and begins with {text.strip()[:40]!r}")


_SILENT = frozenset(
    {
        "SET", "GRANT", "REVOKE", "DENY", "USE", "LOCK", "UNLOCK", "START", "COMMIT", "ROLLBACK",
        "END", "ANALYZE", "VACUUM", "PRAGMA", "PRINT", "SHOW", "EXPLAIN",
        "REINDEX", "CLUSTER", "RESET", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "FLUSH", "GO",
        "CHECKPOINT", "DISCARD", "LISTEN", "NOTIFY", "REFRESH", "OPTIMIZE", "REPAIR", "ABORT",
        "REASSIGN", "SECURITY", "LOAD", "DELIMITER", "WAITFOR", "RAISERROR", "PURGE", "AUDIT", "CHECK", "EXIT",
    }
)  # fmt: skip
_SILENT_CREATE = frozenset(
    {
        "DATABASE", "SCHEMA", "USER", "ROLE", "LOGIN", "EXTENSION", "TABLESPACE", "COLLATION",
        "CONVERSION", "LANGUAGE", "PROCEDURAL", "TRUSTED", "SERVER", "PUBLICATION", "SUBSCRIPTION",
        "STATISTICS", "CERTIFICATE", "DIRECTORY", "PROFILE", "SYNONYM", "BITMAP", "CLUSTERED", "NONCLUSTERED",
        "FULLTEXT", "SPATIAL", "OPERATOR", "ACCESS", "TEXT", "PARTITION", "XML", "COLUMNSTORE", "GROUP",
        "CONTEXT",
    }
)  # fmt: skip
_LOST_CREATE = {
    "VIEW": "views are not kept", "MATERIALIZED": "views are not kept", "FUNCTION": "routines are not kept",
    "PROCEDURE": "routines are not kept", "PROC": "routines are not kept", "PACKAGE": "routines are not kept",
    "AGGREGATE": "routines are not kept", "TRIGGER": "triggers are not kept", "RULE": "rules are not kept",
    "EVENT": "scheduled events are not kept", "POLICY": "row policies are not kept", "CAST": "casts are not kept",
    "CONSTRAINT": "triggers are not kept", "FOREIGN": "tables of another server are not kept",
    "EXTERNAL": "tables of another server are not kept", "VIRTUAL": "virtual tables are not kept",
    "TYPE": "composite and other own types are not kept", "DEFAULT": "default objects are not kept",
    "ASSERTION": "conditions across tables are not kept",
}  # fmt: skip
_MODIFIERS = frozenset(
    {
        "OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "EDITIONABLE", "NONEDITIONABLE",
        "FORCE", "NOFORCE", "RECURSIVE", "ALTER", "PRIVATE", "COLUMN", "SHARDED", "DUPLICATED", "IMMUTABLE",
        "BLOCKCHAIN", "UNIQUE", "CLUSTERED", "NONCLUSTERED", "DEFINER", "ALGORITHM", "SQL",
    }
)  # fmt: skip
# Statements that may hold others, and what in them would change the tables or rows.
_BLOCKS = frozenset({"BEGIN", "DECLARE", "IF", "WITH", "SELECT", "EXEC", "EXECUTE", "CALL"})
_CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "SP_RENAME")
_DEFINED = ("VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT")


class StatementReader:
    """Folds statements into drafts, whether they come from a script or from a live database."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.losses = Losses()
        self.tables: dict[tuple[str, str], DraftTable] = {}
        self.types: dict[str, UserType] = {}
        self.sequences: dict[str, str] = {}
        self.rows: list[RowSource] = []
        self.schema = ""
        self.partitions: dict[tuple[str, str], QualifiedName] = {}
        self.clauses = ClauseReader(dialect, self.types, self.losses)

    def take(self, statement: Statement) -> None:
        """One statement, whatever it is."""
        text = statement.text
        head = lex(text[:400], self.dialect)
        if not head:
            return
        if statement.broken:
            self.losses.add(text, "a quote or comment in it is never closed")
            return
        try:
            self.dispatch(statement, head)
        except Unreadable as error:
            self.losses.add(text, str(error))

    def dispatch(self, statement: Statement, head: list[Token]) -> None:
        text, first = statement.text, head[0]
        word = first.value.upper() if first.kind == "word" else ""
        if text.startswith(("\\", ".")):
            if re.match(r"\\(?:i|ir|include|copy)\b|\.(?:read|import)\b", text):
                self.losses.add(text, "what it reads stands in another file")
        elif word in ("INSERT", "REPLACE"):
            self.insert(text)
        elif word == "COPY":
            self.copy(statement)
        elif word == "CREATE":
            self.create(self.cursor(text), text)
        elif word == "ALTER":
            self.alter(self.cursor(text), text)
        elif word == "COMMENT":
            self.comment(self.cursor(text))
        elif word == "DROP":
            self.drop(self.cursor(text))
        elif word in ("DELETE", "TRUNCATE", "UPDATE", "MERGE"):
            self.change(self.cursor(text), text)
        elif word in ("SET", "USE"):
            self.place(head)
        elif word in _BLOCKS:
            self.block(word, text)
        elif word not in _SILENT and not (first.is_op("(", ")") and len(head) < 3):
            self.losses.add(text, "this is no statement that is known")

    def block(self, word: str, text: str) -> None:
        """Statements that may hold others: no loss unless these would change tables or rows."""
        inside = lex(text, self.dialect)[1:]
        if any(token.is_word(*(("INTO",) if word == "SELECT" else _CHANGES)) for token in inside):
            self.losses.add(text, "what it would run in the server is not followed")

    def cursor(self, text: str) -> Cursor:
        with_comments = self.dialect == "sqlite" and "--" in text
        tokens = lex(text, self.dialect, comments=with_comments)
        if with_comments:
            # SQLite keeps a table's text, so a comment behind a column is its only documentation.
            tokens = [
                token for before, token in zip([None, *tokens], tokens, strict=False)
                if token.kind != "comment" or (before is not None and "\n" not in text[before.end : token.start])
            ]  # fmt: skip
        return Cursor(text, tokens)

    def place(self, head: list[Token]) -> None:
        """SET search_path and USE say where names without a schema belong."""
        if head[0].is_word("USE") and len(head) > 1 and self.dialect == "mysql":
            self.schema = head[1].value
        if len(head) > 3 and head[0].is_word("SET") and head[1].is_word("SEARCH_PATH"):
            name = head[3].value if head[2].is_op("=") or head[2].is_word("TO") else ""
            self.schema = "" if name.lower() in ("public", "pg_catalog", "dbo") else name

    def qualified(self, name: QualifiedName) -> QualifiedName:
        return name if name.schema else QualifiedName(self.schema, name.name)

    def find(self, name: QualifiedName) -> DraftTable | None:
        lookup = Lookup({table.name: None for table in self.tables.values()})
        found = lookup.find(name, self.schema)
        return self.tables[found.schema.lower(), found.name.lower()] if found is not None else None

    def need(self, name: QualifiedName) -> DraftTable:
        table = self.find(name)
        if table is None:
            raise Unreadable(f"there is no table {name.name!r}")
        return table

    # -- CREATE ---------------------------------------------------------------------------------

    def create(self, cursor: Cursor, text: str) -> None:
        cursor.next()
        temporary = unique = False
        while cursor.peek().is_word(*_MODIFIERS):
            temporary = temporary or cursor.peek().is_word("TEMP", "TEMPORARY")
            unique = unique or cursor.peek().is_word("UNIQUE")
            if cursor.peek().is_word("DEFINER", "ALGORITHM", "SQL"):
                while not cursor.done and not cursor.peek().is_word(*_DEFINED):
                    cursor.next()
            else:
                cursor.next()
        what = cursor.next()
        if what.is_word("TABLE"):
            self.create_table(cursor, text, temporary)
        elif what.is_word("INDEX"):
            self.index(cursor, text, unique)
        elif what.is_word("TYPE"):
            self.create_type(cursor, text)
        elif what.is_word("DOMAIN"):
            self.create_domain(cursor, text)
        elif what.is_word("SEQUENCE"):
            cursor.accept("IF", "NOT", "EXISTS")
            self.sequences.setdefault(cursor.qualified_name().name.lower(), text)
        elif what.kind == "word" and what.value.upper() in _LOST_CREATE:
            raise Unreadable(_LOST_CREATE[what.value.upper()])
        elif not (what.kind == "word" and what.value.upper() in _SILENT_CREATE):
            raise Unreadable(f"CREATE {what.value} is not known")

    def create_table(self, cursor: Cursor, text: str, temporary: bool) -> None:
        if temporary:
            raise Unreadable("a temporary table is no part of the schema")
        exists = cursor.accept("IF", "NOT", "EXISTS")
        name = self.qualified(cursor.qualified_name())
        key = (name.schema.lower(), name.name.lower())
        if key in self.tables:
            if exists:
                return
            raise Unreadable(f"there already is a table {name.name!r}")
        table = DraftTable(name, text)
        if cursor.accept("PARTITION", "OF"):
            self.partition(cursor, key)
        if cursor.accept("LIKE"):
            self.like(table, Cursor(text, cursor.tokens[cursor.position :]))
        elif not cursor.peek().is_op("("):
            raise Unreadable("a table made from a query or a type is not kept")
        else:
            body = cursor.group()
            self.body(table, body)
        self.options(table, cursor)
        if not table.columns:
            raise Unreadable("none of its columns could be read")
        self.tables[key] = table

    def partition(self, cursor: Cursor, key: tuple[str, str]) -> None:
        name = cursor.qualified_name()
        parent = self.need(self.partition_of(name) or name)
        self.partitions[key] = parent.name
        raise Unreadable(f"a partition is not kept apart; its rows go to {parent.name.name!r}")

    def body(self, table: DraftTable, body: Cursor) -> None:
        if body.peek().kind == "comment":
            table.comment = " ".join(body.next().value.split())
        for item in body.items():
            first = next((token for token in item.tokens if token.kind != "comment"), None)
            if first is not None and first.is_word("LIKE") and self.dialect == "postgres":
                self.like(table, item)
            else:
                self.clauses.entry(table, item)

    def like(self, table: DraftTable, cursor: Cursor) -> None:
        """Another table's columns, as LIKE copies them."""
        cursor.accept("LIKE")
        other = self.need(cursor.qualified_name())
        everything = self.dialect == "mysql" or any(token.is_word("ALL") for token in cursor.tokens)
        for column in other.columns:
            table.columns.append(self.copied(column, everything))
        if everything:
            table.primary_key, table.indexes = other.primary_key, [replace(index) for index in other.indexes]
            table.checks = [replace(check) for check in other.checks]

    @staticmethod
    def copied(column: DraftColumn, everything: bool) -> DraftColumn:
        if everything:
            return replace(column)
        return replace(column, default="", generated="", autoincrement=False, comment="")

    def options(self, table: DraftTable, cursor: Cursor) -> None:
        """What follows the closing parenthesis."""
        while not cursor.done:
            if cursor.accept("INHERITS"):
                self.inherit(table, cursor.group())
            elif cursor.accept("COMMENT"):
                cursor.accept_op("=")
                table.comment = " ".join(cursor.next().value.split())
            elif cursor.accept("WITHOUT", "ROWID"):
                table.without_rowid = True
            elif cursor.accept("AS", "SELECT") or cursor.accept("AS", "WITH") or cursor.accept("SELECT"):
                self.losses.add(table.source, "the rows of a query are not kept")
                return
            elif cursor.peek().is_op("("):
                cursor.group()
            else:
                cursor.next()

    def inherit(self, table: DraftTable, parents: Cursor) -> None:
        for item in parents.items():
            parent = self.need(item.qualified_name())
            own = table.columns
            table.columns = [replace(column) for column in parent.columns if table.column(column.name) is None] + own
            table.checks += [replace(check) for check in parent.checks if check not in table.checks]
            self.losses.add(table.source, f"its rows are not seen through {parent.name.name!r}, from which it inherits")

    def index(self, cursor: Cursor, text: str, unique: bool) -> None:
        cursor.accept("CONCURRENTLY")
        cursor.accept("IF", "NOT", "EXISTS")
        name = "" if cursor.peek().is_word("ON") else cursor.qualified_name().name
        method = self.method(cursor)
        if not cursor.accept("ON"):
            raise Unreadable("ON and a table were expected in an index")
        cursor.accept("ONLY")
        if cursor.accept("CLUSTER"):
            return
        place = cursor.qualified_name()
        if self.partition_of(place) is not None:
            return  # the partitioned table has its own
        table = self.need(place)
        method = self.method(cursor) or method
        if method not in ("", "BTREE", "HASH"):
            raise Unreadable(f"an index by {method} has no counterpart")
        index = DraftIndex(name, self.clauses.parts(cursor), text, unique=unique)
        while not cursor.done:
            if cursor.accept("WHERE"):
                index.where = self.until_options(cursor)
            elif unique and cursor.accept("NULLS", "NOT"):
                self.losses.add(text, "NULLs count as distinct in SQLite's unique keys")
            elif cursor.accept_any("INCLUDE", "WITH") and cursor.peek().is_op("("):
                cursor.group()
            else:
                cursor.next()
        table.indexes.append(index)

    @staticmethod
    def method(cursor: Cursor) -> str:
        return cursor.next().value.upper() if cursor.accept("USING") else ""

    @staticmethod
    def until_options(cursor: Cursor) -> str:
        start = cursor.position
        while not cursor.done and not (cursor.peek().is_word("WITH") and cursor.peek(1).is_op("(")):
            cursor.next()
        return cursor.source(start)

    def define(self, name: QualifiedName, type_: UserType) -> None:
        """A type answers to its name alone, the latest of that name, and to its name with its schema."""
        self.types[name.name.lower()] = self.types[f"{name.schema}.{name.name}".lower()] = type_

    def create_type(self, cursor: Cursor, text: str) -> None:
        name = cursor.qualified_name()
        if cursor.accept("AS", "ENUM"):
            values = tuple(item.next().value for item in cursor.group().items())
            self.define(name, UserType(ColumnType("text"), values))
        elif cursor.accept("FROM"):
            self.base_type(name, cursor, text)
        elif not cursor.done:
            raise Unreadable(_LOST_CREATE["TYPE"])

    def create_domain(self, cursor: Cursor, text: str) -> None:
        name = cursor.qualified_name()
        cursor.accept("AS")
        self.base_type(name, cursor, text)

    def base_type(self, name: QualifiedName, cursor: Cursor, text: str) -> None:
        """A domain is read as the column it describes."""
        probe = DraftTable(name, text)
        tokens = [Token("name", name.name.lower(), 0, 0), *cursor.tokens[cursor.position :]]
        column = self.clauses.column(probe, Cursor(text, tokens), text)
        checks = tuple(check.text for check in probe.checks)
        self.define(name, UserType(column.type, column.values, column.nullable, column.default, checks))

    # -- other statements ---------------------------------------------------------------------------

    def alter(self, cursor: Cursor, text: str) -> None:
        cursor.next()
        if cursor.accept("TYPE"):
            self.alter_type(cursor, text)
            return
        if not cursor.accept("TABLE"):
            return
        cursor.accept("IF", "EXISTS")
        cursor.accept("ONLY")
        name = cursor.qualified_name()
        cursor.accept_op("*")
        if cursor.accept("ATTACH", "PARTITION"):
            self.attach(self.need(self.partition_of(name) or name), cursor.qualified_name())
            return
        table = self.find(name)
        if table is None:
            harmless = cursor.peek().is_word("OWNER", "SET", "ENABLE", "DISABLE", "CLUSTER", "REPLICA")
            if harmless or self.partition_of(name) is not None:
                return
            raise Unreadable(f"there is no table {name.name!r}")
        before = (table.name.schema.lower(), table.name.name.lower())
        Alterer(self.clauses, table).take(cursor)
        after = (table.name.schema.lower(), table.name.name.lower())
        if after != before:
            self.tables = {after if key == before else key: value for key, value in self.tables.items()}

    def attach(self, parent: DraftTable, name: QualifiedName) -> None:
        """A table becomes a partition, the way pg_dump writes it: its rows are its parent's from now on."""
        part = self.need(name)
        key = (part.name.schema.lower(), part.name.name.lower())
        for rows in self.rows:
            if rows.table is part:
                rows.columns = rows.columns or tuple(column.name for column in part.columns if not column.generated)
                rows.table = parent
        self.partitions[key] = parent.name
        del self.tables[key]
        raise Unreadable(f"a partition is not kept apart; its rows go to {parent.name.name!r}")

    def alter_type(self, cursor: Cursor, text: str) -> None:
        name = cursor.qualified_name()
        keys = (f"{name.schema}.{name.name}".lower(), name.name.lower())
        known = next((self.types[key] for key in keys if key in self.types), None)
        if cursor.accept("ADD", "VALUE") and known is not None:
            cursor.accept("IF", "NOT", "EXISTS")
            value = cursor.next().value
            if value not in known.values:
                place = len(known.values)
                if (beside := cursor.accept_any("AFTER", "BEFORE")) and cursor.peek().value in known.values:
                    place = known.values.index(cursor.peek().value) + (beside == "AFTER")
                self.define(name, known._replace(values=(*known.values[:place], value, *known.values[place:])))
            for table in self.tables.values():
                for column in table.columns:
                    if column.type_name in keys and column.values == known.values:
                        column.values = self.types[keys[0]].values

    def comment(self, cursor: Cursor) -> None:
        cursor.next()
        if not cursor.accept("ON"):
            raise Unreadable("ON was expected after COMMENT")
        what = cursor.next()
        if not what.is_word("TABLE", "COLUMN"):
            return
        parts = [cursor.name()]
        while cursor.accept_op("."):
            parts.append(cursor.name())
        if not cursor.accept("IS"):
            raise Unreadable("IS was expected in a COMMENT")
        token = cursor.next()
        words = " ".join(token.value.split()) if token.kind == "string" else ""
        column = parts.pop() if what.is_word("COLUMN") else ""
        if not parts:
            raise Unreadable("a table was expected before the column")
        schema = parts[-2] if len(parts) > 1 else ""
        table = self.find(QualifiedName("" if schema.lower() in ("public", "dbo") else schema, parts[-1]))
        if table is None:
            return  # most likely a view's
        if not column:
            table.comment = words
        elif (found := table.column(column)) is not None:
            found.comment = words

    def drop(self, cursor: Cursor) -> None:
        cursor.next()
        if not cursor.accept("TABLE"):
            return
        cursor.accept("IF", "EXISTS")
        for item in cursor.items():
            table = self.find(item.qualified_name())
            if table is not None:
                del self.tables[table.name.schema.lower(), table.name.name.lower()]
                self.forget_rows(table)

    def change(self, cursor: Cursor, text: str) -> None:
        """Only emptying a table is followed; other changes of rows are not replayed."""
        word = cursor.next().value.upper()
        if word in ("DELETE", "TRUNCATE"):
            cursor.accept("FROM")
            cursor.accept("TABLE")
            cursor.accept("ONLY")
            emptied = [self.find(item.qualified_name()) for item in cursor.items()]
            if not any(token.is_word("WHERE") for token in cursor.tokens):
                for table in emptied:
                    if table is not None:
                        self.forget_rows(table)
                return
        table = self.find(cursor.qualified_name()) if word == "UPDATE" and cursor.peek().is_name else None
        if table is not None or word != "UPDATE":
            self.losses.add(text, "changes of rows after they are inserted are not replayed")

    def forget_rows(self, table: DraftTable) -> None:
        self.rows = [rows for rows in self.rows if rows.table is not table]

    def insert(self, text: str) -> None:
        source = RowSource.of_insert(text, self.dialect)
        self.keep(source)

    def copy(self, statement: Statement) -> None:
        if statement.data is None:
            if re.search(r"\bTO\b", statement.text, re.IGNORECASE) is None:
                self.losses.add(statement.text, "what it reads stands in another file")
            return
        self.keep(RowSource.of_copy(statement.text, statement.data, self.dialect))

    def partition_of(self, name: QualifiedName) -> QualifiedName | None:
        """The partitioned table that `name` is a part of, or None."""
        found, place = None, self.qualified(name)
        while (parent := self.partitions.get((place.schema.lower(), place.name.lower()))) is not None:
            found = place = parent
        return found

    def keep(self, source: RowSource) -> None:
        source.table = self.need(self.partition_of(source.name) or source.name)
        self.rows.append(source)

    def finish(self, where: str) -> Source:
        """What was read; `where` names the whole of it in an error."""
        finisher = Finisher(self.dialect, self.losses)
        finished = finisher.tables(list(self.tables.values()))
        for name, text in self.sequences.items():
            if name not in finisher.used_sequences:
                self.losses.add(text, "a sequence that numbers no key by itself is not kept")
        tables = tuple(finished.values())
        if not tables:
            losses = self.losses.all()
            why = f"; the first loss: {losses[0].reason}" if losses else ""
            raise ReadError(f"no table could be read from {where}{why}")
        rows = kept_rows(self.rows, finished, self.dialect, self.losses)
        return Source(Schema(tables, self.losses.all()), rows, self.dialect)
