"""Reads a script in any dialect into a Schema and the rows it holds.

Statement by statement: what describes tables is folded into drafts (ALTERs,
types, indexes and comments included), what cannot be kept is a Loss, and
what is no part of a schema is passed over. No statement can cost another one.

What is passed over is listed in `scope.py`; sequences and triggers that only
number a key are, too. A Loss: views, routines, triggers, rules, policies, partitions,
tables made from queries, and statements that change rows in a way that is not replayed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from .alter import Alterer
from .clauses import ClauseReader
from .collation import named_collation
from .create import Creator
from .cursor import Cursor, QualifiedName
from .draft import DraftTable, Losses, UserType
from .drafts import Drafts
from .errors import ReadError, Unreadable
from .finish import Finisher
from .guess import guess_dialect
from .heirs import Before
from .infer import infer_keys
from .insert import read_insert
from .kept import RowSource, kept_rows
from .lex import DIALECTS, Dialect, Token, lex, plain_strings, tokens
from .model import ColumnType, Rows, Schema
from .numbering import key_trigger
from .procedures import procedure_call
from .removal import Remover, emptied
from .scope import BLOCKS, CHANGES, DEFINED, LOST_CREATE, MODIFIERS, SILENT, SILENT_CREATE
from .sequences import Sequences
from .split import Statement, split
from .user_types import UserTypes, give_names


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
    statements = split(text, chosen)
    statements.reverse()
    while statements:  # each is let go when it is read: a dump may be large
        reader.take(statements.pop())
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
    if head.count("\x00") > len(head) // 3:
        raise ReadError("the text is UTF-16 that was read as something else; decode it as UTF-16, or save it as UTF-8")
    if half := re.search("[\ud800-\udfff]", text):
        raise ReadError(
            f"the character at position {half.start():,} is no text; a script that is truly in UTF-8 was expected"
        )
    if "\x00" in head or head.count("\ufffd") > len(head) // 20:
        raise ReadError("the text holds binary data; a script in UTF-8 with CREATE TABLE statements was expected")
    if not re.search(r"\bCREATE\b", text, re.IGNORECASE):
        raise ReadError(f"the text is no SQL script: it creates no table and begins with {text.strip()[:40]!r}")


_GUARDED = ("CREATE", "ALTER", "INSERT", "EXEC", "EXECUTE", "DROP", "BEGIN", "UPDATE", "DELETE", "PRINT")
# A table takes a few thousand characters; only rows take more.
_LONGEST = 1_000_000


class StatementReader:
    """Folds statements into drafts, whether they come from a script or from a live database."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.losses = Losses()
        self.drafts = Drafts(dialect)
        self.types = UserTypes(dialect, self.drafts)
        self.sequences = Sequences(dialect, self.losses)
        self.rows: list[RowSource] = []
        self.clauses = ClauseReader(dialect, self.drafts, self.types, self.losses)
        self.creator = Creator(self.clauses, self.drafts, self.losses)

    def take(self, statement: Statement) -> None:
        """One statement, whatever it is."""
        text = statement.text
        head = list(islice(tokens(text[:400], self.dialect), 6))
        if not head:
            return
        if len(text) > _LONGEST and not head[0].is_word("INSERT", "REPLACE", "COPY"):
            self.losses.add(text, f"it is {len(text):,} characters long; {_LONGEST:,} is the most that is read")
            return
        if "\x00" in text and not head[0].is_word("INSERT", "REPLACE", "COPY"):
            self.losses.add(text.replace("\x00", "?"), "it holds binary data")
            return
        if statement.broken:
            self.losses.add(text, "a quote or comment in it is never closed")
            return
        try:
            self.dispatch(statement, head)
        except Unreadable as error:
            self.losses.add(text, str(error))

    def dispatch(self, statement: Statement, head: list[Token]) -> None:
        if self.dialect == "postgres":
            statement = statement._replace(text=plain_strings(statement.text))
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
            Remover(self.dialect, self.drafts, self.types, self.sequences, self.forget_rows).take(self.cursor(text))
        elif word == "RENAME":
            self.rename(self.cursor(text))
        elif word in ("DELETE", "TRUNCATE", "UPDATE", "MERGE"):
            self.change(self.cursor(text), text)
        elif word in ("SOURCE", "BULK", "LOAD"):
            self.losses.add(text, "what it reads stands in another file")
        elif word in ("SET", "USE", "RESET"):
            self.place(self.cursor(text))
        elif word in BLOCKS:
            self.block(word, text)
        elif word not in SILENT and not (first.is_op("(", ")") and len(head) < 3):
            self.losses.add(text, "this is no statement that is known")

    def block(self, word: str, text: str) -> None:
        """Statements that may hold others: no loss unless these would change tables or rows."""
        if self.dialect == "tsql" and (self.procedure(word, text) or self.guarded(word, text)):
            return
        inside = lex(text, self.dialect)[1:]
        if self.dialect == "postgres" and word == "SELECT" and self.set_config(Cursor(text, inside)):
            return
        if any(token.is_word(*(("INTO",) if word == "SELECT" else CHANGES)) for token in inside):
            self.losses.add(text, "what it would run in the server is not followed")

    def procedure(self, word: str, text: str) -> bool:
        """Follow a call of one of SQL Server's own procedures; whether it was one."""
        call = procedure_call(self.cursor(text)) if word.startswith("EXEC") else None
        if call is None:
            return False
        given = call.arguments
        if call.name == "SP_ADDTYPE":
            name = lex('"' + given.get("typename", "").replace('"', '""') + '"', "tsql")
            described = given.get("phystype", "") + (" NOT NULL" if "not" in given.get("nulltype", "").lower() else "")
            self.base_type(QualifiedName("", name[0].value), Cursor(described, lex(described, "tsql")), text)
        elif call.name == "SP_RENAME":
            self.renamed(given, text)
        elif given.get("name", "").upper() == "MS_DESCRIPTION":
            table = self.drafts.find(QualifiedName(given.get("level0name", ""), given.get("level1name", "")))
            kinds = (given.get("level1type", "").upper(), given.get("level2type", "").upper())
            if table is not None and kinds[0] == "TABLE":
                words = " ".join(given.get("value", "").split())
                column = table.column(given.get("level2name", "")) if kinds[1] == "COLUMN" else None
                if column is not None:
                    column.comment = words
                elif not kinds[1]:
                    table.comment = words
        return True

    def renamed(self, given: Mapping[str, str], text: str) -> None:
        """sp_rename of a table, a column, an index or a constraint."""
        tokens = lex(given.get("objname", ""), "tsql")
        parts = [token.value for token in tokens if token.is_name]
        kind = given.get("objtype", "").upper()
        if not parts or kind == "STATISTICS":
            return
        if kind == "USERDATATYPE":
            self.types.rename(Cursor("", tokens).qualified_name(), QualifiedName("", given.get("newname", "")))
            return
        new = Cursor("", [Token("name", given.get("newname", ""), 0, 0)])
        if kind == "COLUMN" and len(parts) > 1:
            table = self.drafts.need(
                QualifiedName("", parts[-2]) if len(parts) == 2 else QualifiedName(parts[-3], parts[-2])
            )
            Alterer(self.clauses, table).rename_column(parts[-1], new.name())
        elif (found := self.drafts.find(Cursor("", tokens).qualified_name())) is not None:
            self.drafts.move(found, QualifiedName(found.name.schema, new.name()))
        else:
            for table in self.drafts.all():
                for constraint in table.called(parts[-1]):
                    constraint.name = new.peek().value

    def guarded(self, word: str, text: str) -> bool:
        """What stands behind `IF NOT EXISTS (...)`, read as if nothing existed yet; whether it was followed."""
        cursor = self.cursor(text)
        cursor.next()
        if word == "IF":
            start, depth = cursor.position, 0
            while not cursor.done and not (depth == 0 and cursor.peek().is_word(*_GUARDED)):
                token = cursor.next()
                depth += token.is_op("(") - token.is_op(")")
            asked = [token.value.upper() for token in cursor.tokens[start : cursor.position]]
            if asked[:1] == ["EXISTS"] or asked[-3:] == ["IS", "NOT", "NULL"]:
                return True
            if asked[:2] != ["NOT", "EXISTS"] and asked[-2:] != ["IS", "NULL"]:
                return False
            cursor.accept("BEGIN")
        elif word == "BEGIN":
            cursor.accept_any("TRANSACTION", "TRAN", "TRY")
        if not cursor.peek().is_word("CREATE", "ALTER", "INSERT", "EXEC", "EXECUTE"):
            return False
        rest = [token for token in cursor.tokens[cursor.position :] if not token.is_op(";")]
        if rest[-1].is_word("END"):
            rest.pop()
        self.take(Statement(text[rest[0].start : rest[-1].end]))
        return True

    def place(self, cursor: Cursor) -> None:
        """SET search_path and USE say where names without a schema belong."""
        word = cursor.next()
        if word.is_word("USE") and self.dialect == "mysql" and cursor.peek().is_name:
            self.drafts.path = (cursor.name(),)
        cursor.accept_any("LOCAL", "SESSION")
        everything = word.is_word("RESET") and cursor.accept("ALL")
        if self.dialect != "postgres" or not (cursor.accept("SEARCH_PATH") or everything):
            return
        if not cursor.accept("TO"):
            cursor.accept_op("=")
        self.look_in([item.next().value for item in cursor.items()] if word.is_word("SET") else [])

    def set_config(self, cursor: Cursor) -> bool:
        """`set_config('search_path', 'a, b', false)`, as pg_dump writes it; whether it was that."""
        if cursor.accept("PG_CATALOG"):
            cursor.accept_op(".")
        if not cursor.accept("SET_CONFIG") or not cursor.peek().is_op("("):
            return False
        given = [item.next() for item in cursor.group().items()]
        if [token.kind for token in given[:2]] != ["string", "string"] or given[0].value.lower() != "search_path":
            return False
        self.look_in([token.value for token in lex(given[1].value, self.dialect) if token.is_name])
        return True

    def look_in(self, written: Sequence[str]) -> None:
        """Set the search path."""
        path = [name for name in written if name.lower() not in ("", "$user", "pg_catalog", "default", ";")]
        self.drafts.path = tuple(path) or (self.drafts.default,)

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

    # -- CREATE ---------------------------------------------------------------------------------

    def create(self, cursor: Cursor, text: str) -> None:
        cursor.next()
        temporary = unique = False
        while cursor.peek().is_word(*MODIFIERS):
            temporary = temporary or cursor.peek().is_word("TEMP", "TEMPORARY")
            unique = unique or cursor.peek().is_word("UNIQUE")
            if cursor.peek().is_word("DEFINER", "ALGORITHM", "SQL"):
                while not cursor.done and not cursor.peek().is_word(*DEFINED):
                    cursor.next()
            else:
                cursor.next()
        what = cursor.next()
        if what.is_word("TABLE"):
            self.creator.create_table(cursor, text, temporary)
        elif what.is_word("INDEX"):
            self.creator.index(cursor, text, unique)
        elif what.is_word("TYPE"):
            self.create_type(cursor, text)
        elif what.is_word("DOMAIN"):
            self.create_domain(cursor, text)
        elif what.is_word("SEQUENCE"):
            self.sequences.create(cursor, text)
        elif what.is_word("TRIGGER") and self.dialect == "oracle" and (found := key_trigger(text, "oracle")):
            self.sequences.triggers[found.name] = (text, found)
        elif what.is_word("DATABASE") or (what.is_word("SCHEMA") and self.dialect == "mysql"):
            self.drafts.collation = named_collation(cursor.tokens)
        elif what.is_word("SCHEMA"):
            self.create_schema(cursor, text)
        elif what.kind == "word" and what.value.upper() in LOST_CREATE:
            raise Unreadable(LOST_CREATE[what.value.upper()])
        elif not (what.kind == "word" and what.value.upper() in SILENT_CREATE):
            raise Unreadable(f"CREATE {what.value} is not known")

    def create_schema(self, cursor: Cursor, text: str) -> None:
        """CREATE SCHEMA may hold the statements that fill it (SQL:1992, 11.1)."""
        cursor.accept("IF", "NOT", "EXISTS")
        name = "" if cursor.peek().is_word("AUTHORIZATION") or cursor.done else cursor.name()
        if cursor.accept("AUTHORIZATION"):
            name = name or cursor.peek().value
            cursor.next()
        outside, self.drafts.path = self.drafts.path, (name, *self.drafts.path) if name else self.drafts.path
        tokens = cursor.tokens
        starts = [
            place
            for place in range(cursor.position, len(tokens))
            if tokens[place].is_word("CREATE", "GRANT")
            and (place + 1 == len(tokens) or not tokens[place - 1].is_op("(", ","))
        ]
        for start, end in zip(starts, [*starts[1:], len(tokens)], strict=False):
            self.take(Statement(text[tokens[start].start : tokens[end - 1].end]))
        self.drafts.path = outside

    def create_type(self, cursor: Cursor, text: str) -> None:
        name = cursor.qualified_name()
        if cursor.accept("AS", "ENUM"):
            values = tuple(item.next().value for item in cursor.group().items())
            self.types.define(name, UserType(ColumnType("text"), values))
        elif cursor.accept("FROM"):
            self.base_type(name, cursor, text)
        elif not cursor.done:
            raise Unreadable(LOST_CREATE["TYPE"])

    def create_domain(self, cursor: Cursor, text: str) -> None:
        name = cursor.qualified_name()
        cursor.accept("AS")
        self.base_type(name, cursor, text)

    def base_type(self, name: QualifiedName, cursor: Cursor, text: str) -> None:
        """A domain is read as the column it describes."""
        probe = DraftTable(name, text)
        tokens = [Token("name", name.name.lower(), 0, 0), *cursor.tokens[cursor.position :]]
        column = self.clauses.column(probe, Cursor(cursor.text, tokens), text)
        type_ = UserType(
            column.type, column.values, column.nullable, column.default, probe.checks, column.user_type,
            column.collation, column.padded,
        )  # fmt: skip
        give_names(type_, name.name)
        self.types.define(name, type_)

    # -- other statements ---------------------------------------------------------------------------

    def alter(self, cursor: Cursor, text: str) -> None:
        cursor.next()
        if kind := cursor.accept_any("TYPE", "DOMAIN"):
            self.types.alter(cursor, domain=kind == "DOMAIN")
        elif cursor.accept("TABLE"):
            self.alter_table(cursor, text)
        elif cursor.accept("INDEX"):
            self.rename_index(cursor)
        elif cursor.accept("DATABASE"):
            self.drafts.collation = named_collation(cursor.tokens) or self.drafts.collation
        elif cursor.accept("SCHEMA"):
            self.alter_schema(cursor)
        elif cursor.accept("SESSION", "SET", "CURRENT_SCHEMA"):
            cursor.accept_op("=")
            self.drafts.path = (cursor.name(),)

    def rename_index(self, cursor: Cursor) -> None:
        """ALTER INDEX a RENAME TO b."""
        cursor.accept("IF", "EXISTS")
        name = cursor.qualified_name()
        if cursor.accept("RENAME", "TO"):
            for table in self.drafts.all():
                if not name.schema or table.name.schema.lower() in ("", name.schema.lower()):
                    for index in table.called(name.name):
                        index.name = cursor.peek().value

    def alter_schema(self, cursor: Cursor) -> None:
        """PostgreSQL's ALTER SCHEMA a RENAME TO b, SQL Server's ALTER SCHEMA a TRANSFER b.t."""
        schema = cursor.name()
        if cursor.accept("TRANSFER") and not cursor.accept("TYPE") and not cursor.accept("XML"):
            if cursor.accept("OBJECT"):
                cursor.accept_op("::")
            table = self.drafts.find(cursor.qualified_name())
            if table is not None:
                self.drafts.move(table, QualifiedName(schema, table.name.name))
        elif cursor.accept("RENAME", "TO"):
            new = cursor.name()
            for table in self.drafts.all():
                if table.name.schema.lower() == schema.lower():
                    self.drafts.move(table, QualifiedName(new, table.name.name))
            self.types.move_schema(schema, new)

    def rename(self, cursor: Cursor) -> None:
        """MySQL's RENAME TABLE a TO b, c TO d, and Oracle's RENAME a TO b."""
        cursor.next()
        if not cursor.accept("TABLE") and self.dialect != "oracle":
            raise Unreadable("this is no statement that is known")
        for item in cursor.items():
            table = self.drafts.find(item.qualified_name())
            if not item.accept("TO"):
                raise Unreadable("TO was expected in a RENAME")
            name = item.qualified_name()
            if table is not None:  # else most likely a view or a sequence
                self.drafts.move(table, QualifiedName(name.schema or table.name.schema, name.name))

    def alter_table(self, cursor: Cursor, text: str) -> None:
        unsure = cursor.accept("IF", "EXISTS")
        alone = cursor.accept("ONLY")
        name = cursor.qualified_name()
        cursor.accept_op("*")
        whole = self.drafts.partition_of(name)
        table = self.drafts.find(name)
        if whole is not None and cursor.peek().is_word("ATTACH"):
            table = self.drafts.need(whole)  # a partition that has partitions of its own
        if table is None:
            harmless = cursor.peek().is_word("OWNER", "SET", "ENABLE", "DISABLE", "CLUSTER", "REPLICA")
            if unsure or harmless or self.drafts.partition_of(name) is not None:
                return
            raise Unreadable(f"there is no table {name.name!r}")
        if cursor.peek().is_word("ATTACH") and cursor.peek(1).is_word("PARTITION"):
            child = self.creator.attach(table, cursor, text)
            for rows in self.rows:
                if rows.table is child:
                    own = tuple(column.name for column in child.columns if not column.generated)
                    rows.columns, rows.table = rows.columns or own, table
            return
        before, had = table.name, Before(table)
        Alterer(self.clauses, table).take(cursor)
        after, table.name = table.name, before
        if after != before:
            self.drafts.move(table, after)
        if not alone:
            had.pass_on(
                lambda heir, name: Alterer(self.clauses, heir).drop_column(name),
                lambda heir, old, new: Alterer(self.clauses, heir).rename_column(old, new),
            )

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
        table = self.drafts.find(QualifiedName(schema, parts[-1]))
        if table is None:
            return  # most likely a view's
        if not column:
            table.comment = words
        elif (found := table.column(column)) is not None:
            found.comment = words

    def change(self, cursor: Cursor, text: str) -> None:
        """Only emptying a table is followed; other changes of rows are not replayed."""
        word = cursor.peek().value.upper()
        if word in ("DELETE", "TRUNCATE"):
            names = emptied(Cursor(text, cursor.tokens))
            if names is not None and not any(self.drafts.partition_of(name) for name in names):
                for name in names:
                    if (table := self.drafts.find(name)) is not None:
                        self.forget_rows(table)
                return
        cursor.next()
        table = self.drafts.find(cursor.qualified_name()) if word == "UPDATE" and cursor.peek().is_name else None
        if table is not None or word != "UPDATE":
            self.losses.add(text, "changes of rows after they are inserted are not replayed")

    def forget_rows(self, table: DraftTable) -> None:
        self.rows = [rows for rows in self.rows if rows.table is not table]

    def insert(self, text: str) -> None:
        for source in read_insert(text, self.dialect):
            if not (self.dialect == "sqlite" and source.name.name.lower().startswith("sqlite_")):
                self.keep(source)

    def copy(self, statement: Statement) -> None:
        if statement.data is None:
            if re.search(r"\bTO\b", statement.text, re.IGNORECASE) is None:
                self.losses.add(statement.text, "what it reads stands in another file")
            return
        self.keep(RowSource.of_copy(statement.text, statement.data, self.dialect))

    def keep(self, source: RowSource) -> None:
        source.table = self.drafts.need(self.drafts.partition_of(source.name) or source.name)
        self.rows.append(source)

    def finish(self, where: str) -> Source:
        """What was read; `where` names the whole of it in an error."""
        finisher = Finisher(self.dialect, self.losses)
        self.sequences.fold(self.drafts)
        finished = finisher.tables(self.drafts)
        self.sequences.lose_unused(finisher.used_sequences)
        tables = tuple(finished.values())
        if not tables:
            losses = self.losses.all()
            why = f"; the first loss: {losses[0].reason}" if losses else ""
            raise ReadError(f"no table could be read from {where}{why}")
        rows = kept_rows(self.rows, finished, self.dialect, self.losses, self.sequences.numbers)
        return Source(Schema(tables, self.losses.all()), rows, self.dialect)
