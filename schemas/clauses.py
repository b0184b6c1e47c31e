"""Reads what stands between the parentheses of CREATE TABLE: columns, keys and conditions.

The same clauses follow ALTER TABLE ... ADD. Each entry is read alone, so that one
that cannot be read costs itself and not the table. Expressions are only
delimited here; `finish.py` has them translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .cursor import Cursor, QualifiedName, names_in, without_default
from .draft import DraftCheck, DraftColumn, DraftIndex, DraftLink, DraftTable, Losses, Part, UserType
from .errors import Unreadable
from .kinds import Mapped, SourceType, map_type
from .lex import Dialect, Token
from .model import ColumnType
from .numbering import Numbering, numbering

MOST_COLUMNS = 2_000  # SQLite's own limit
# Words that end a type or a DEFAULT because they open the next clause.
_CLAUSES = frozenset(
    {
        "CONSTRAINT", "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "GENERATED",
        "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "COLLATE", "COMMENT", "ON", "AS", "CHARSET", "KEY",
        "ENABLE", "DISABLE", "ROWGUIDCOL", "SPARSE", "INVISIBLE", "VISIBLE", "VIRTUAL", "STORED", "PERSISTED",
        "ENCODE", "STORAGE", "COMPRESSION", "WITH", "FOR", "FIRST", "AFTER", "CHARACTER", "DEFERRABLE",
        "INITIALLY", "CODEPAGE", "HIDDEN", "MASKED", "FILESTREAM", "USING",
    }
)  # fmt: skip
# Clauses that change nothing about the values a column may hold.
_IDLE = (
    "FIRST", "ENABLE", "DISABLE", "VALIDATE", "NOVALIDATE", "ROWGUIDCOL", "SPARSE", "INVISIBLE", "VISIBLE", "VIRTUAL",
    "STORED", "PERSISTED", "HIDDEN", "DEFERRABLE", "FILESTREAM",
)  # fmt: skip
_IDLE_PHRASES = (("NOT", "DEFERRABLE"), ("WITH", "VALUES"), ("NOT", "FOR", "REPLICATION"))
_SEQUENCE_OPTIONS = (
    "MINVALUE", "MAXVALUE", "NOMINVALUE", "NOMAXVALUE", "INCREMENT", "BY", "START", "WITH", "LIMIT", "VALUE", "CACHE",
    "NOCACHE", "CYCLE", "NOCYCLE", "ORDER", "NOORDER", "KEEP", "NOKEEP", "SCALE", "NOSCALE", "EXTEND", "NOEXTEND",
    "GLOBAL", "SESSION",
)  # fmt: skip
_DISABLED = "the constraint is switched off in the source; here it holds"
_ACTIONS = (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION"), ("CASCADE",), ("RESTRICT",))


class ClauseReader:
    """Reads entries into a draft table, with the dialect and the user-defined types at hand."""

    def __init__(self, dialect: Dialect, types: Mapping[str, UserType], losses: Losses) -> None:
        self.dialect = dialect
        self.types = types
        self.losses = losses

    def lose(self, table: DraftTable, item: str, reason: str) -> None:
        self.losses.add(f"{table.name.name}: {item}", reason)

    def entry(self, table: DraftTable, item: Cursor) -> None:
        """One comma-separated entry of a table; what cannot be read becomes a Loss."""
        comments = [token.value for token in item.tokens if token.kind == "comment"]
        cursor = Cursor(item.text, [token for token in item.tokens if token.kind != "comment"])
        source = cursor.source()
        try:
            if self.is_constraint(cursor):
                self.constraint(table, cursor, source)
            else:
                column = self.column(table, cursor, source)
                if len(table.columns) >= MOST_COLUMNS:
                    raise Unreadable(f"a table of SQLite takes {MOST_COLUMNS:,} columns and no more")
                column.comment = column.comment or " ".join(" ".join(comments).split())
                if table.column(column.name) is not None:
                    raise Unreadable("the table already has a column of that name")
                table.columns.append(column)
        except Unreadable as error:
            self.lose(table, source, str(error))

    def is_constraint(self, cursor: Cursor) -> bool:
        first, second = cursor.peek(), cursor.peek(1)
        if first.is_word("CONSTRAINT", "EXCLUDE", "LIKE"):
            return True
        if first.is_word("PRIMARY", "FOREIGN"):
            return second.is_word("KEY")
        if first.is_word("CHECK"):
            return second.is_op("(") or second.is_word("NOT")
        if first.is_word("UNIQUE"):
            return second.is_op("(") or second.is_name
        if first.is_word("PERIOD"):
            return second.is_word("FOR")
        if first.is_word("SUPPLEMENTAL") or (first.is_word("DEFAULT") and self.dialect == "tsql"):
            return True
        if first.is_word("KEY", "INDEX", "FULLTEXT", "SPATIAL"):
            if self.dialect == "mysql":
                return second.is_op("(") or second.is_word("KEY", "INDEX", "USING") or cursor.peek(2).is_op("(") or (
                    cursor.peek(2).is_word("USING")
                )  # fmt: skip
            return self.dialect == "tsql" and first.is_word("INDEX")
        return False

    def constraint(self, table: DraftTable, cursor: Cursor, source: str) -> None:
        name = ""
        if cursor.accept("CONSTRAINT") and not cursor.peek().is_word("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            name = cursor.name("a constraint's name")
        if cursor.accept("PRIMARY", "KEY"):
            self.primary_key(table, cursor, name)
        elif cursor.accept("UNIQUE"):
            self.unique(table, cursor, name, source)
        elif cursor.accept("FOREIGN", "KEY"):
            if cursor.peek().is_name:
                written = cursor.name()
                name = name or written
            columns = names_in(cursor)
            table.links.append(self.link(table, cursor, name, columns, source))
        elif cursor.accept("CHECK"):
            cursor.accept("NOT", "FOR", "REPLICATION")
            inside = cursor.group()
            table.checks.append(DraftCheck(name, inside.source(), source))
            self.tail(table, cursor, source)
        elif cursor.accept_any("KEY", "INDEX"):
            self.index(table, cursor, source)
        elif cursor.accept_any("SPATIAL", "FULLTEXT"):
            return
        elif cursor.peek().is_word("EXCLUDE"):
            raise Unreadable("exclusion constraints have no counterpart in SQLite")
        elif cursor.peek().is_word("DEFAULT"):
            self.default_for(table, cursor)
        elif cursor.peek().is_word("PERIOD", "SUPPLEMENTAL"):
            raise Unreadable("row history is not kept")
        else:
            raise Unreadable(f"no constraint is known that begins with {cursor.peek().value[:40]!r}")

    def default_for(self, table: DraftTable, cursor: Cursor) -> None:
        """SQL Server's `DEFAULT expression FOR column`."""
        cursor.accept("DEFAULT")
        text = self.expression(cursor)
        if not cursor.accept("FOR"):
            raise Unreadable("FOR and a column were expected after the DEFAULT")
        self.existing(table, cursor.name()).default = text

    def existing(self, table: DraftTable, name: str) -> DraftColumn:
        column = table.column(name)
        if column is None:
            raise Unreadable(f"the table has no column {name!r}")
        return column

    def primary_key(self, table: DraftTable, cursor: Cursor, name: str) -> None:
        while not cursor.done and not cursor.peek().is_op("("):
            cursor.next()
        parts = self.parts(cursor)
        if table.primary_key:
            raise Unreadable("the table already has a primary key")
        if not all(part.column for part in parts):
            raise Unreadable("a primary key on an expression is not kept")
        table.primary_key = tuple(part.column for part in parts)
        table.primary_name = name

    def unique(self, table: DraftTable, cursor: Cursor, name: str, source: str) -> None:
        while not cursor.done and not cursor.peek().is_op("("):
            if cursor.accept("NULLS", "NOT"):
                self.lose(table, source, "NULLs count as distinct in SQLite's unique keys")
            elif cursor.accept_any("KEY", "INDEX", "CLUSTERED", "NONCLUSTERED", "DISTINCT", "NULLS", "BTREE", "HASH"):
                pass
            elif cursor.accept("USING", "INDEX"):
                return
            elif cursor.accept("USING"):
                pass
            else:
                written = cursor.name("a key's name")
                name = name or written
        table.indexes.append(DraftIndex(name, self.parts(cursor), source))
        self.tail(table, cursor, source)

    def index(self, table: DraftTable, cursor: Cursor, source: str) -> None:
        """MySQL's `KEY name (a, b(10))` and SQL Server's `INDEX name NONCLUSTERED (a) WHERE ...`."""
        unique = False
        while not cursor.done and not cursor.peek().is_op("("):
            unique = cursor.next().is_word("UNIQUE") or unique
        index = DraftIndex("", self.parts(cursor), source, unique=unique)
        if cursor.accept("INCLUDE"):
            cursor.group()
        if cursor.accept("WHERE"):
            start = cursor.position
            while not cursor.done and not cursor.peek().is_word("WITH", "ON"):
                cursor.next()
            index.where = cursor.source(start)
        table.indexes.append(index)

    def parts(self, cursor: Cursor) -> tuple[Part, ...]:
        """The list of a key or index: columns, columns with a prefix length, or expressions."""
        return tuple(self.part(item) for item in cursor.group().items())

    def part(self, item: Cursor) -> Part:
        tokens = list(item.tokens)
        while len(tokens) > 1 and tokens[-1].is_word("ASC", "DESC", "FIRST", "LAST", "NULLS"):
            tokens.pop()
        if len(tokens) > 2 and tokens[-2].is_word("COLLATE"):
            del tokens[-2:]
        if self.dialect == "postgres":
            tokens = self.without_class(tokens)
        text = item.text[tokens[0].start : tokens[-1].end]
        if len(tokens) == 1 and (tokens[0].is_name or tokens[0].kind == "string"):
            return Part(text, tokens[0].value)
        prefixed = self.dialect == "mysql" and len(tokens) == 4 and tokens[1].is_op("(") and tokens[2].kind == "number"
        if prefixed and tokens[2].value.isdecimal() and len(tokens[2].value) < 10:
            return Part(text, tokens[0].value, int(tokens[2].value))
        return Part(text)

    @staticmethod
    def without_class(tokens: list[Token]) -> list[Token]:
        """An entry without its operator class: `name text_ops`, `lower(name) public.text_ops`."""
        end = len(tokens)
        while end > 2 and tokens[end - 1].is_name and tokens[end - 2].is_op("."):
            end -= 2
        simple = end == 2 and tokens[0].is_name
        if end > 1 and tokens[end - 1].is_name and (simple or tokens[end - 2].is_op(")")):
            return tokens[: end - 1]
        return tokens

    def link(self, table: DraftTable, cursor: Cursor, name: str, columns: tuple[str, ...], source: str) -> DraftLink:
        """From REFERENCES on."""
        if not cursor.accept("REFERENCES"):
            raise Unreadable("REFERENCES was expected after the foreign key's columns")
        whole = cursor.peek(1).is_op(".")
        target = cursor.qualified_name()
        target_columns = names_in(cursor) if cursor.peek().is_op("(") else ()
        link = DraftLink(name, columns, target, target_columns, source, whole=whole)
        while not cursor.done:
            if cursor.accept("ON", "DELETE"):
                link.on_delete = self.action(cursor)
                if cursor.peek().is_op("("):
                    only = cursor.group().source()
                    reason = f"ON DELETE {link.on_delete} sets all columns of the key, not only ({only})"
                    self.lose(table, source, reason)
            elif cursor.accept("ON", "UPDATE"):
                link.on_update = self.action(cursor)
            elif cursor.accept("MATCH"):
                if cursor.name().upper() == "FULL" and len(columns) > 1:
                    self.lose(table, source, "MATCH FULL is read as MATCH SIMPLE: one NULL column frees the whole key")
            elif cursor.accept("NOT", "DEFERRABLE") or cursor.accept("INITIALLY", "IMMEDIATE"):
                pass
            elif cursor.accept("INITIALLY", "DEFERRED"):
                link.deferred = True
            elif cursor.accept("DISABLE"):
                self.lose(table, source, _DISABLED)
            elif not (cursor.accept_any("DEFERRABLE", "ENABLE", "NOVALIDATE", "VALIDATE", "RELY", "NORELY")
                      or cursor.accept("NOT", "VALID") or cursor.accept("NOT", "FOR", "REPLICATION")):  # fmt: skip
                break
        return link

    @staticmethod
    def action(cursor: Cursor) -> str:
        for words in _ACTIONS:
            if cursor.accept(*words):
                return "" if words[0] == "NO" else " ".join(words)
        raise Unreadable(f"no action of a foreign key is called {cursor.peek().value[:40]!r}")

    def tail(self, table: DraftTable, cursor: Cursor, source: str) -> None:
        """What may follow a constraint; only a change of meaning is worth a loss."""
        if any(token.is_word("DISABLE") for token in cursor.tokens[cursor.position :]):
            self.lose(table, source, _DISABLED)
        if any(token.is_word("DEFERRED") for token in cursor.tokens[cursor.position :]):
            self.lose(table, source, "the constraint is checked at once, not at the end of a transaction")

    def column(self, table: DraftTable, cursor: Cursor, source: str, *, typed: bool = True) -> DraftColumn:
        """A whole column definition: name, type and clauses; `typed` when the type must be there."""
        name = cursor.name("a column's name")
        written = self.source_type(cursor)
        user, key = self.user_type(written)
        if user is not None and written.array:
            column = DraftColumn(name, ColumnType("json", items=user.type.kind), source)
            if user.values or user.checks:
                self.lose(table, source, f"the items of a list are not held to the conditions of {written.name}")
        elif user is not None:
            column = DraftColumn(
                name, user.type, source, nullable=user.nullable, default=user.default, values=user.values
            )
            column.type_name = key
            table.checks += [DraftCheck("", text, source, name) for text in user.checks]
        else:
            mapped = map_type(written, self.dialect)
            column = DraftColumn(name, mapped.type, source, values=mapped.values)
            column.autoincrement = mapped.serial
            column.nullable = not mapped.serial
            column.unsigned = mapped.unsigned
            column.type_name = written.name
            if typed or written.name:
                self.note_type(table, cursor, mapped, source, written)
        self.column_clauses(table, column, cursor)
        if self.dialect == "tsql" and column.type_name in ("timestamp", "rowversion"):
            column.nullable = True  # the server wrote it, no row does
        return column

    def user_type(self, written: SourceType) -> tuple[UserType | None, str]:
        """The type of a script's own that is meant, and its name among `types`."""
        place = without_default(QualifiedName(written.schema, written.name)).schema
        names = ([f"{place}.{written.name}"] if written.schema else []) + [written.name]
        found = next((name for name in names if name in self.types), "")
        return self.types.get(found), found

    def note_type(self, table: DraftTable, cursor: Cursor, mapped: Mapped, source: str, written: SourceType) -> None:
        computed = cursor.peek().is_word("AS", "GENERATED")
        if mapped.reason and not (computed and not written.name):
            self.lose(table, source, mapped.reason)

    def source_type(self, cursor: Cursor) -> SourceType:
        words: list[str] = []
        arguments: tuple[str, ...] = ()
        array = False
        schema = ""
        while not cursor.done:
            token = cursor.peek()
            if token.is_op("("):
                inside = cursor.group()
                arguments = tuple(
                    item.peek().value if item.peek().kind == "string" else item.source() for item in inside.items()
                )
            elif token.is_op("["):
                array = True
                while not cursor.done and not cursor.next().is_op("]"):
                    pass
            elif token.kind == "name" and token.value == "" and self.dialect in ("sqlite", "tsql"):
                cursor.next()
            elif token.is_word("ARRAY"):
                array = True
                cursor.next()
            elif token.is_op("."):
                cursor.next()
                schema = words[-1] if words else ""
                words = words[:-1]
            elif self.ends_type(cursor):
                break
            elif token.is_name:
                words.append(token.value.lower())
                cursor.next()
            elif token.is_op("%"):
                raise Unreadable("a type taken from another column is not read")
            else:
                break
        return SourceType(" ".join(words), arguments, array, schema)

    @staticmethod
    def ends_type(cursor: Cursor) -> bool:
        token = cursor.peek()
        if token.kind != "word" or token.value.upper() not in _CLAUSES:
            return False
        if token.is_word("WITH"):
            return not cursor.peek(1).is_word("TIME", "LOCAL")
        if token.is_word("CHARACTER"):
            return cursor.peek(1).is_word("SET")
        return True

    def column_clauses(self, table: DraftTable, column: DraftColumn, cursor: Cursor) -> None:
        """What follows the type. At a clause that cannot be read the rest is lost, but the column stays."""
        name = ""
        try:
            while not cursor.done:
                start = cursor.position
                if cursor.accept("CONSTRAINT"):
                    name = cursor.name("a constraint's name")
                    continue
                self.column_clause(table, column, cursor, name)
                name = ""
                if cursor.position == start:
                    raise Unreadable(f"the clause at {cursor.peek().value[:40]!r} is not known")
        except Unreadable as error:
            self.lose(table, column.source, f"the column's clauses are kept only in part: {error}")

    def column_clause(self, table: DraftTable, column: DraftColumn, cursor: Cursor, name: str) -> None:
        start = cursor.position
        if cursor.accept("NOT", "NULL"):
            column.nullable = False
            self.conflict(cursor)
        elif cursor.accept("NULL"):
            column.nullable = True
        elif cursor.accept("DEFAULT"):
            if cursor.accept("ON", "NULL"):
                self.lose(table, column.source, "the default is used when the column is left out, not when it is NULL")
            column.default = self.expression(cursor)
        elif cursor.accept("PRIMARY", "KEY") or (self.dialect == "mysql" and cursor.accept("KEY")):
            if table.primary_key:
                raise Unreadable("the table already has a primary key")
            table.primary_key, table.primary_name = (column.name,), name
            self.key_options(cursor)
        elif cursor.accept("UNIQUE"):
            cursor.accept("KEY")
            self.key_options(cursor)
            table.indexes.append(DraftIndex(name, (Part("", column.name),), column.source))
        elif cursor.accept("CHECK"):
            cursor.accept("NOT", "FOR", "REPLICATION")
            inside = cursor.group()
            table.checks.append(DraftCheck(name, inside.source(), cursor.source(start)))
            cursor.accept("NO", "INHERIT")
            if cursor.peek().is_word("DISABLE"):
                self.lose(table, column.source, _DISABLED)
        elif cursor.accept("FOREIGN", "KEY") or cursor.peek().is_word("REFERENCES"):
            table.links.append(self.link(table, cursor, name, (column.name,), column.source))
        elif cursor.accept("GENERATED"):
            self.generated(column, cursor)
        elif cursor.peek().is_word("AS") and cursor.peek(1).is_op("("):
            cursor.next()
            column.generated = cursor.group().source()
        elif self.dialect == "tsql" and cursor.accept("AS"):
            column.generated = self.expression(cursor)
        elif cursor.accept_any("AUTO_INCREMENT", "AUTOINCREMENT"):
            column.autoincrement = True
        elif cursor.accept("IDENTITY"):
            self.identity(column, cursor)
            cursor.accept("NOT", "FOR", "REPLICATION")
        elif cursor.accept("COMMENT"):
            column.comment = " ".join(cursor.next().value.split())
        else:
            self.other_clause(table, column, cursor)

    def other_clause(self, table: DraftTable, column: DraftColumn, cursor: Cursor) -> None:
        if cursor.accept("COLLATE"):
            collation = cursor.qualified_name().name.upper()
            if self.dialect == "sqlite" and collation in ("NOCASE", "RTRIM"):
                self.lose(table, column.source, f"collation {collation} is not kept; text is compared exactly")
        elif cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
            cursor.next()
        elif cursor.accept("ON", "UPDATE"):
            self.expression(cursor)
            self.lose(table, column.source, "ON UPDATE CURRENT_TIMESTAMP is not kept; the column changes only when set")
        elif cursor.accept("ON", "CONFLICT"):
            cursor.next()
        elif cursor.accept_any(*_IDLE) or any(cursor.accept(*words) for words in _IDLE_PHRASES):
            pass
        elif cursor.accept_any("AFTER", "STORAGE", "COMPRESSION", "INITIALLY"):
            cursor.next()
        elif cursor.accept("USING", "INDEX"):
            cursor.rest()

    @staticmethod
    def conflict(cursor: Cursor) -> None:
        if cursor.accept("ON", "CONFLICT"):
            cursor.next()

    @staticmethod
    def key_options(cursor: Cursor) -> None:
        while cursor.accept_any("CLUSTERED", "NONCLUSTERED", "ASC", "DESC"):
            pass
        if cursor.accept("ON", "CONFLICT"):
            cursor.next()
        if cursor.accept("WITH") and cursor.peek().is_op("("):
            cursor.group()

    def generated(self, column: DraftColumn, cursor: Cursor) -> None:
        if not cursor.accept("ALWAYS") and cursor.accept("BY", "DEFAULT"):
            cursor.accept("ON", "NULL")
        if not cursor.accept("AS"):
            raise Unreadable("AS was expected after GENERATED")
        if cursor.accept("IDENTITY"):
            self.identity(column, cursor)
        elif cursor.accept("ROW") or cursor.accept_any("TRANSACTION_ID", "SEQUENCE_NUMBER"):
            cursor.rest()
            raise Unreadable("row history is not kept")
        else:
            column.generated = cursor.group().source()

    @staticmethod
    def identity(column: DraftColumn, cursor: Cursor) -> None:
        """SQL Server's `IDENTITY (1000, 10)`, the standard's options in parentheses, Oracle's without."""
        column.autoincrement, column.nullable = True, False
        if cursor.peek().is_op("("):
            inside = cursor.group()
            numbers = [item.source() for item in inside.items()]
            if all(re.fullmatch(r"-?[0-9]{1,18}", number) for number in numbers) and 0 < len(numbers) < 3:
                column.numbering = Numbering(int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 1)
            else:
                column.numbering = numbering(inside.tokens)
            return
        start = cursor.position
        while cursor.accept_any(*_SEQUENCE_OPTIONS) or (
            cursor.position > start and (cursor.peek().kind == "number" or cursor.peek().is_op("-"))
        ):
            if cursor.peek().kind == "number":
                cursor.next()
        column.numbering = numbering(cursor.tokens[start : cursor.position])

    def expression(self, cursor: Cursor) -> str:
        """The text of an expression without parentheses around it: up to the word that opens the next clause."""
        start, depth = cursor.position, 0
        while not cursor.done:
            token = cursor.peek()
            if token.kind == "op":
                depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
            if depth == 0 and cursor.position > start and self.ends_expression(cursor, start):
                break
            cursor.next()
        if cursor.position == start:
            raise Unreadable("an expression was expected")
        return cursor.source(start)

    @staticmethod
    def ends_expression(cursor: Cursor, start: int) -> bool:
        token, before = cursor.peek(), cursor.tokens[cursor.position - 1]
        if token.kind != "word" or token.value.upper() not in _CLAUSES:
            return False
        if token.is_word("AS", "WITH", "CHARACTER") and not token.is_word("AS"):
            # `::timestamp without time zone`, `::timestamp with time zone`, `::character varying`
            return not (before.is_op("::") or cursor.peek(1).is_word("TIME"))
        if token.is_word("NOT"):
            return cursor.peek(1).is_word("NULL", "FOR", "DEFERRABLE")
        if token.is_word("NULL"):
            return not (before.kind == "op" and before.value not in (")", "]")) and not before.is_word("NOT", "IS")
        return not (before.kind == "op" and before.value not in (")", "]"))
