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
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from .alter import Alterer
from .clauses import ClauseReader
from .create import Creator
from .cursor import Cursor, QualifiedName
from .draft import DraftTable, Losses, UserType
from .drafts import Drafts
from .errors import ReadError, Unreadable
from .finish import Finisher
from .guess import guess_dialect
from .infer import infer_keys
from .insert import read_insert
from .kept import RowSource, kept_rows
from .lex import DIALECTS, Dialect, Token, lex, tokens
from .model import ColumnType, Rows, Schema
from .numbering import KeyTrigger, Numbering, drawn, key_trigger, numbering
from .procedures import procedure_call
from .scope import BLOCKS, CHANGES, DEFINED, LOST_CREATE, MODIFIERS, SILENT, SILENT_CREATE
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
        self.drafts = Drafts()
        self.types: dict[str, UserType] = {}
        self.sequences: dict[str, tuple[str, Numbering]] = {}
        self.triggers: list[tuple[str, KeyTrigger]] = []
        self.rows: list[RowSource] = []
        self.clauses = ClauseReader(dialect, self.types, self.losses)
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
        elif word in ("SOURCE", "BULK", "LOAD"):
            self.losses.add(text, "what it reads stands in another file")
        elif word in ("SET", "USE"):
            self.place(head)
        elif word in BLOCKS:
            self.block(word, text)
        elif word not in SILENT and not (first.is_op("(", ")") and len(head) < 3):
            self.losses.add(text, "this is no statement that is known")

    def block(self, word: str, text: str) -> None:
        """Statements that may hold others: no loss unless these would change tables or rows."""
        if self.dialect == "tsql" and (self.procedure(word, text) or self.guarded(word, text)):
            return
        inside = lex(text, self.dialect)[1:]
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
        """sp_rename of a table or a column; an index's or a constraint's name says nothing."""
        tokens = lex(given.get("objname", ""), "tsql")
        parts = [token.value for token in tokens if token.is_name]
        kind = given.get("objtype", "").upper()
        if not parts or kind in ("INDEX", "STATISTICS", "USERDATATYPE"):
            return
        new = Cursor("", [Token("name", given.get("newname", ""), 0, 0)])
        if kind == "COLUMN" and len(parts) > 1:
            table = self.drafts.need(
                QualifiedName("", parts[-2]) if len(parts) == 2 else QualifiedName(parts[-3], parts[-2])
            )
            Alterer(self.clauses, table).rename_column(parts[-1], new.name())
        elif (found := self.drafts.find(Cursor("", tokens).qualified_name())) is not None:
            self.drafts.move(found, QualifiedName(found.name.schema, new.name()))

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

    def place(self, head: list[Token]) -> None:
        """SET search_path and USE say where names without a schema belong."""
        if head[0].is_word("USE") and len(head) > 1 and self.dialect == "mysql":
            self.drafts.schema = head[1].value
        if len(head) > 3 and head[0].is_word("SET") and head[1].is_word("SEARCH_PATH"):
            name = head[3].value if head[2].is_op("=") or head[2].is_word("TO") else ""
            self.drafts.schema = "" if name.lower() in ("public", "pg_catalog", "dbo") else name

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
            cursor.accept("IF", "NOT", "EXISTS")
            name = cursor.qualified_name().name.lower()
            self.sequences.setdefault(name, (text, numbering(cursor.tokens[cursor.position :])))
        elif what.is_word("TRIGGER") and self.dialect == "oracle" and (found := key_trigger(text, "oracle")):
            self.triggers.append((text, found))
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
        outside, self.drafts.schema = self.drafts.schema, "" if name.lower() in ("public", "dbo") else name
        tokens = cursor.tokens
        starts = [
            place
            for place in range(cursor.position, len(tokens))
            if tokens[place].is_word("CREATE", "GRANT")
            and (place + 1 == len(tokens) or not tokens[place - 1].is_op("(", ","))
        ]
        for start, end in zip(starts, [*starts[1:], len(tokens)], strict=False):
            self.take(Statement(text[tokens[start].start : tokens[end - 1].end]))
        self.drafts.schema = outside

    def define(self, name: QualifiedName, type_: UserType) -> None:
        """A type answers to its name alone, the latest of that name, and to its name with its schema."""
        self.types[name.name.lower()] = self.types[f"{name.schema}.{name.name}".lower()] = type_

    def create_type(self, cursor: Cursor, text: str) -> None:
        name = self.drafts.qualified(cursor.qualified_name())
        if cursor.accept("AS", "ENUM"):
            values = tuple(item.next().value for item in cursor.group().items())
            self.define(name, UserType(ColumnType("text"), values))
        elif cursor.accept("FROM"):
            self.base_type(name, cursor, text)
        elif not cursor.done:
            raise Unreadable(LOST_CREATE["TYPE"])

    def create_domain(self, cursor: Cursor, text: str) -> None:
        name = self.drafts.qualified(cursor.qualified_name())
        cursor.accept("AS")
        self.base_type(name, cursor, text)

    def base_type(self, name: QualifiedName, cursor: Cursor, text: str) -> None:
        """A domain is read as the column it describes."""
        probe = DraftTable(name, text)
        tokens = [Token("name", name.name.lower(), 0, 0), *cursor.tokens[cursor.position :]]
        column = self.clauses.column(probe, Cursor(cursor.text, tokens), text)
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
        unsure = cursor.accept("IF", "EXISTS")
        cursor.accept("ONLY")
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
        before = table.name
        Alterer(self.clauses, table).take(cursor)
        after, table.name = table.name, before
        if after != before:
            self.drafts.move(table, after)

    def alter_type(self, cursor: Cursor, text: str) -> None:
        name = self.drafts.qualified(cursor.qualified_name())
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
            for table in self.drafts.tables.values():
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
        table = self.drafts.find(QualifiedName("" if schema.lower() in ("public", "dbo") else schema, parts[-1]))
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
            table = self.drafts.find(item.qualified_name())
            if table is not None:
                self.drafts.remove(table)
                self.forget_rows(table)

    def change(self, cursor: Cursor, text: str) -> None:
        """Only emptying a table is followed; other changes of rows are not replayed."""
        word = cursor.next().value.upper()
        if word in ("DELETE", "TRUNCATE"):
            cursor.accept("FROM")
            cursor.accept("TABLE")
            cursor.accept("ONLY")
            emptied = [self.drafts.find(item.qualified_name()) for item in cursor.items()]
            if not any(token.is_word("WHERE") for token in cursor.tokens):
                for table in emptied:
                    if table is not None:
                        self.forget_rows(table)
                return
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
        drafts = self.drafts.all()
        for text, trigger in self.triggers:
            found = self.drafts.find(trigger.table)
            column = found.column(trigger.column) if found else None
            key = [name.lower() for name in found.primary_key] if found else []
            numbers = column is not None and key == [column.name.lower()]
            if column is not None and numbers:
                column.autoincrement = True
                column.default = column.default or f"{trigger.sequence}.NEXTVAL"
            if not (numbers and trigger.only):
                self.losses.add(text, LOST_CREATE["TRIGGER"])
        numbers_of = {name: found for name, (_, found) in self.sequences.items()}
        for table in drafts:
            for column in table.columns:
                taken = drawn(lex(column.default, self.dialect)) if 0 < len(column.default) < 400 else None
                if taken and taken.sequence in numbers_of:
                    column.numbering = numbers_of[taken.sequence]
        finished = finisher.tables(drafts, self.drafts.renamed)
        for name, (text, _) in self.sequences.items():
            if name not in finisher.used_sequences:
                self.losses.add(text, "a sequence that numbers no key by itself is not kept")
        tables = tuple(finished.values())
        if not tables:
            losses = self.losses.all()
            why = f"; the first loss: {losses[0].reason}" if losses else ""
            raise ReadError(f"no table could be read from {where}{why}")
        rows = kept_rows(self.rows, finished, self.dialect, self.losses, numbers_of)
        return Source(Schema(tables, self.losses.all()), rows, self.dialect)
