"""Reads what stands between the parentheses of CREATE TABLE: columns, keys and conditions.

The same clauses follow ALTER TABLE ... ADD. Each entry is read alone, so that one
that cannot be read costs itself and not the table. Expressions are only
delimited here; `finish.py` has them translated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .blanks import PADDED
from .collation import CITEXT
from .cursor import Cursor, names_in
from .draft import DraftCheck, DraftColumn, DraftIndex, DraftKey, DraftLink, DraftTable, Losses, Part
from .drafts import Drafts
from .errors import Unreadable
from .extent import expression, source_type
from .kinds import Mapped, SourceType, map_type
from .lex import Dialect, Token
from .model import ColumnType
from .numbering import Numbering, numbering
from .user_types import UserTypes

MOST_COLUMNS = 2_000  # SQLite's own limit
# Clauses that change nothing about the values a column may hold.
_NOCASE = "collation NOCASE is kept in unique keys; elsewhere text is compared exactly"
_IDLE = (
    "FIRST", "ENABLE", "ROWGUIDCOL", "SPARSE", "INVISIBLE", "VISIBLE", "VIRTUAL", "STORED", "PERSISTED", "HIDDEN",
    "FILESTREAM",
)  # fmt: skip
_IDLE_PHRASES = (("WITH", "VALUES"), ("NOT", "FOR", "REPLICATION"))
_SEQUENCE_OPTIONS = (
    "MINVALUE", "MAXVALUE", "NOMINVALUE", "NOMAXVALUE", "INCREMENT", "BY", "START", "WITH", "LIMIT", "VALUE", "CACHE",
    "NOCACHE", "CYCLE", "NOCYCLE", "ORDER", "NOORDER", "KEEP", "NOKEEP", "SCALE", "NOSCALE", "EXTEND", "NOEXTEND",
    "GLOBAL", "SESSION",
)  # fmt: skip
_STATES = (
    "DISABLE", "NOT", "ENABLE", "ENFORCED", "INITIALLY", "NO", "DEFERRABLE", "VALIDATE", "NOVALIDATE", "RELY", "NORELY",
)  # fmt: skip
_AT_ONCE = "the constraint is checked at once, not at the end of a transaction"
_ACTIONS = (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION"), ("CASCADE",), ("RESTRICT",))


@dataclass(slots=True, eq=False)
class State:
    """What is said behind a constraint: whether it holds, when it is checked, and for whom."""

    off: bool = False
    deferred: bool = False
    inherited: bool = True

    def accept(self, cursor: Cursor) -> bool:
        """Read one word or phrase of it, if one comes next."""
        if not cursor.peek().is_word(*_STATES):
            return False  # as most often
        if cursor.accept("DISABLE") or cursor.accept("NOT", "ENFORCED"):
            self.off = True
        elif cursor.accept_any("ENABLE", "ENFORCED"):
            self.off = False
        elif cursor.accept("INITIALLY", "DEFERRED"):
            self.deferred = True
        elif cursor.accept("NO", "INHERIT"):
            self.inherited = False
        else:
            return bool(
                cursor.accept_any("DEFERRABLE", "VALIDATE", "NOVALIDATE", "RELY", "NORELY")
                or cursor.accept("NOT", "DEFERRABLE")
                or cursor.accept("INITIALLY", "IMMEDIATE")
                or cursor.accept("NOT", "VALID")
                or cursor.accept("NOT", "FOR", "REPLICATION")
            )
        return True


class ClauseReader:
    """Reads entries into a draft table, with the dialect and the user-defined types at hand."""

    def __init__(self, dialect: Dialect, drafts: Drafts, types: UserTypes, losses: Losses) -> None:
        self.dialect = dialect
        self.drafts = drafts
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
            self.primary_key(table, cursor, name, source)
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
            check = DraftCheck(name, inside.source(), source)
            table.checks.append(check)
            self.tail(table, cursor, check)
        elif cursor.accept_any("KEY", "INDEX"):
            self.index(table, cursor, source)
        elif cursor.accept_any("SPATIAL", "FULLTEXT"):
            return
        elif cursor.peek().is_word("EXCLUDE"):
            raise Unreadable("exclusion constraints have no counterpart in SQLite")
        elif cursor.peek().is_word("DEFAULT"):
            self.default_for(table, cursor, name)
        elif cursor.peek().is_word("PERIOD", "SUPPLEMENTAL"):
            raise Unreadable("row history is not kept")
        else:
            raise Unreadable(f"no constraint is known that begins with {cursor.peek().value[:40]!r}")

    def default_for(self, table: DraftTable, cursor: Cursor, name: str) -> None:
        """SQL Server's `DEFAULT expression FOR column`."""
        cursor.accept("DEFAULT")
        text = expression(cursor)
        if not cursor.accept("FOR"):
            raise Unreadable("FOR and a column were expected after the DEFAULT")
        column = self.existing(table, cursor.name())
        column.default, column.default_name = text, name

    def existing(self, table: DraftTable, name: str) -> DraftColumn:
        column = table.column(name)
        if column is None:
            raise Unreadable(f"the table has no column {name!r}")
        return column

    def primary_key(self, table: DraftTable, cursor: Cursor, name: str, source: str) -> None:
        while not cursor.done and not cursor.peek().is_op("("):
            if self.dialect == "postgres" and cursor.accept("USING", "INDEX"):
                self.promote(table, cursor.name("an index's name"), DraftKey(name, source))
                self.tail(table, cursor, table.key)
                return
            cursor.next()
        parts = self.parts(cursor)
        if table.primary_key:
            raise Unreadable("the table already has a primary key")
        if not all(part.column for part in parts):
            raise Unreadable("a primary key on an expression is not kept")
        table.primary_key = tuple(part.column for part in parts)
        table.key = DraftKey(name, source)
        self.exact(table, parts, source)
        self.tail(table, cursor, table.key)

    def promote(self, table: DraftTable, name: str, key: DraftKey) -> None:
        """PostgreSQL's `PRIMARY KEY USING INDEX name`: a unique index becomes the key, under the key's name."""
        found = [index for index in table.called(name) if isinstance(index, DraftIndex) and index.unique]
        if table.primary_key or not found or not all(part.column for part in found[0].parts):
            raise Unreadable(f"no unique index {name!r} can become the primary key")
        table.remove(found)
        table.primary_key, table.key = tuple(part.column for part in found[0].parts), key
        key.name = key.name or name

    def unique(self, table: DraftTable, cursor: Cursor, name: str, source: str) -> None:
        alike = False
        while not cursor.done and not cursor.peek().is_op("("):
            if cursor.accept("NULLS", "NOT"):
                alike = True
            elif cursor.accept_any("KEY", "INDEX", "CLUSTERED", "NONCLUSTERED", "DISTINCT", "NULLS", "BTREE", "HASH"):
                pass
            elif cursor.accept("USING", "INDEX"):
                for index in table.called(cursor.name("an index's name")):
                    index.name = name or index.name
                return
            elif cursor.accept("USING"):
                pass
            else:
                written = cursor.name("a key's name")
                name = name or written
        index = DraftIndex(name, self.parts(cursor), source, nulls_alike=alike)
        table.indexes.append(index)
        self.exact(table, index.parts, source)
        self.tail(table, cursor, index)

    def index(self, table: DraftTable, cursor: Cursor, source: str) -> None:
        """MySQL's `KEY name (a, b(10))` and SQL Server's `INDEX name NONCLUSTERED (a) WHERE ...`."""
        name, unique = "", False
        while not cursor.done and not cursor.peek().is_op("("):
            if cursor.accept("UNIQUE"):
                unique = True
            elif cursor.accept("USING"):
                cursor.next()
            elif not (
                cursor.accept_any("KEY", "INDEX", "CLUSTERED", "NONCLUSTERED", "COLUMNSTORE", "HASH")
                or cursor.accept("IF", "NOT", "EXISTS")
            ):
                name = cursor.name("an index's name")
        index = DraftIndex(name, self.parts(cursor), source, unique=unique)
        if cursor.accept("INCLUDE"):
            cursor.group()
        if cursor.accept("WHERE"):
            start = cursor.position
            while not cursor.done and not cursor.peek().is_word("WITH", "ON"):
                cursor.next()
            index.where = cursor.source(start)
        table.indexes.append(index)

    def exact(self, table: DraftTable, parts: tuple[Part, ...], source: str) -> None:
        """A Loss for what a unique key of SQLite counts as equal and the model as different."""
        if self.dialect == "sqlite" and any(part.collation == "RTRIM" for part in parts):
            self.lose(table, source, "collation RTRIM is not kept; text is compared exactly")

    def parts(self, cursor: Cursor) -> tuple[Part, ...]:
        """The list of a key or index: columns, columns with a prefix length, or expressions."""
        found = tuple(self.part(item) for item in cursor.group().items() if item.tokens)
        if not found:
            raise Unreadable("a key or an index has no column")
        return found

    def part(self, item: Cursor) -> Part:
        tokens = list(item.tokens)
        while len(tokens) > 1 and tokens[-1].is_word("ASC", "DESC", "FIRST", "LAST", "NULLS"):
            tokens.pop()
        collation = ""
        if len(tokens) > 2 and tokens[-2].is_word("COLLATE"):
            collation = tokens[-1].value.upper() if self.dialect == "sqlite" else ""
            del tokens[-2:]
        if self.dialect == "postgres":
            tokens = self.without_class(tokens)
        text = item.text[tokens[0].start : tokens[-1].end]
        if len(tokens) == 1 and (tokens[0].is_name or tokens[0].kind == "string"):
            return Part(text, tokens[0].value, 0, collation)
        prefixed = self.dialect == "mysql" and len(tokens) == 4 and tokens[1].is_op("(") and tokens[2].kind == "number"
        if prefixed and tokens[2].value.isdecimal() and len(tokens[2].value) < 10:
            return Part(text, tokens[0].value, int(tokens[2].value))
        return Part(text, collation=collation)

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
        target = cursor.qualified_name()
        target_columns = names_in(cursor) if cursor.peek().is_op("(") else ()
        path, own = (*self.drafts.path, self.drafts.default), table.name.schema
        # Only PostgreSQL looks along its path; the others look beside the table that points.
        places = (*path, own) if self.dialect == "postgres" else (own, *path)
        link = DraftLink(name, columns, target, target_columns, source, places)
        state = State()
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
            elif not state.accept(cursor):
                break
        link.off, link.deferred = state.off, state.deferred
        return link

    @staticmethod
    def action(cursor: Cursor) -> str:
        for words in _ACTIONS:
            if cursor.accept(*words):
                return "" if words[0] == "NO" else " ".join(words)
        raise Unreadable(f"no action of a foreign key is called {cursor.peek().value[:40]!r}")

    def tail(self, table: DraftTable, cursor: Cursor, constraint: DraftIndex | DraftCheck | DraftKey) -> None:
        """All that may follow a constraint that stands alone; only a change of meaning counts."""
        state = State()
        while not cursor.done:
            if not state.accept(cursor):
                cursor.next()
        self.hold(table, constraint, state)

    def hold(self, table: DraftTable, constraint: DraftIndex | DraftCheck | DraftKey, state: State) -> None:
        constraint.off = state.off
        if isinstance(constraint, DraftCheck):
            constraint.inherited = state.inherited
        if state.deferred:
            self.lose(table, constraint.source, _AT_ONCE)

    def column(self, table: DraftTable, cursor: Cursor, source: str, *, typed: bool = True) -> DraftColumn:
        """A whole column definition: name, type and clauses; `typed` when the type must be there."""
        name = cursor.name("a column's name")
        written = source_type(cursor, self.dialect)
        user = self.types.find(written)
        if user is not None and written.array:
            column = DraftColumn(name, ColumnType("json", items=user.type.kind), source)
            if any(type_.values or type_.checks for type_ in user.line()):
                self.lose(table, source, f"the items of a list are not held to the conditions of {written.name}")
        elif user is not None:
            # Of the rest of what its type says the end decides.
            nullable = user.nullable or self.dialect != "tsql"
            column = DraftColumn(name, user.type, source, nullable, user_type=user, type_name=written.name)
            column.collation, column.padded = user.collation, user.padded
        else:
            plain = written._replace(name=written.name.removesuffix(" binary")) if self.dialect == "mysql" else written
            mapped = map_type(plain, self.dialect)
            column = DraftColumn(name, mapped.type, source, values=mapped.values)
            column.autoincrement = mapped.serial
            column.nullable = not mapped.serial
            column.unsigned = mapped.unsigned
            column.type_name = written.name
            column.collation = CITEXT if written.name == "citext" else "BINARY" if plain != written else ""
            column.padded = self.dialect == "postgres" and written.name in PADDED and not written.array
            if typed or written.name:
                self.note_type(table, cursor, mapped, source, written)
        self.column_clauses(table, column, cursor)
        if self.dialect == "tsql" and column.type_name in ("timestamp", "rowversion"):
            column.nullable = True  # the server wrote it, no row does
        return column

    def note_type(self, table: DraftTable, cursor: Cursor, mapped: Mapped, source: str, written: SourceType) -> None:
        computed = cursor.peek().is_word("AS", "GENERATED")
        if mapped.reason and not (computed and not written.name):
            self.lose(table, source, mapped.reason)

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
            column.nullable, column.required_name = False, name
            if cursor.accept("ON", "CONFLICT"):
                cursor.next()
            if self.state(cursor).off:
                self.lose(table, column.source, "NOT NULL is switched off in the source; here it holds")
        elif cursor.accept("NULL"):
            column.nullable = True
        elif cursor.accept("DEFAULT"):
            if cursor.accept("ON", "NULL"):
                self.lose(table, column.source, "the default is used when the column is left out, not when it is NULL")
            column.default, column.default_name = expression(cursor), name
            if column.type_name == "set" and column.default == "''":
                column.values = (*column.values, "")  # none of the members
        elif cursor.accept("PRIMARY", "KEY") or (self.dialect == "mysql" and cursor.accept("KEY")):
            if table.primary_key:
                raise Unreadable("the table already has a primary key")
            table.primary_key, table.key = (column.name,), DraftKey(name, column.source)
            self.key_options(cursor)
            self.hold(table, table.key, self.state(cursor))
        elif cursor.accept("UNIQUE"):
            cursor.accept("KEY")
            alike = cursor.accept("NULLS") and cursor.accept("NOT")
            cursor.accept("DISTINCT")
            self.key_options(cursor)
            index = DraftIndex(name, (Part("", column.name),), column.source, nulls_alike=alike)
            table.indexes.append(index)
            self.hold(table, index, self.state(cursor))
        elif cursor.accept("CHECK"):
            cursor.accept("NOT", "FOR", "REPLICATION")
            inside = cursor.group()
            check = DraftCheck(name, inside.source(), cursor.source(start))
            table.checks.append(check)
            self.hold(table, check, self.state(cursor))
        elif cursor.accept("FOREIGN", "KEY") or cursor.peek().is_word("REFERENCES"):
            table.links.append(self.link(table, cursor, name, (column.name,), column.source))
        elif cursor.accept("GENERATED"):
            self.generated(column, cursor)
        elif cursor.peek().is_word("AS") and cursor.peek(1).is_op("("):
            cursor.next()
            column.generated = cursor.group().source()
        elif self.dialect == "tsql" and cursor.accept("AS"):
            column.generated = expression(cursor)
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
            column.collation = column.collation if column.collation == CITEXT else collation
            if self.dialect == "sqlite" and collation == "RTRIM":
                self.lose(table, column.source, f"collation {collation} is not kept; text is compared exactly")
            elif self.dialect == "sqlite" and collation == "NOCASE":
                self.lose(table, column.source, _NOCASE)
        elif cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
            charset = cursor.next().value.upper()
            column.collation = "BINARY" if charset == "BINARY" else column.collation
        elif cursor.accept("ON", "UPDATE"):
            expression(cursor)
            self.lose(table, column.source, "ON UPDATE CURRENT_TIMESTAMP is not kept; the column changes only when set")
        elif cursor.accept("ON", "CONFLICT"):
            cursor.next()
        elif cursor.accept_any(*_IDLE) or any(cursor.accept(*words) for words in _IDLE_PHRASES):
            pass
        elif cursor.accept_any("AFTER", "STORAGE", "COMPRESSION"):
            cursor.next()
        elif cursor.accept("USING", "INDEX"):
            cursor.rest()

    @staticmethod
    def state(cursor: Cursor) -> State:
        """What is said directly behind a column's constraint."""
        state = State()
        if cursor.accept("USING", "INDEX"):
            while not cursor.done and not cursor.peek().is_word("ENABLE", "DISABLE"):
                cursor.next()
        while state.accept(cursor):
            pass
        return state

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
