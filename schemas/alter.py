"""Folds the actions of one ALTER TABLE into a draft table."""

from __future__ import annotations

from collections.abc import Sequence

from .clauses import ClauseReader, State
from .collation import named_collation
from .cursor import Cursor, QualifiedName, names_in
from .draft import Constraint, DraftCheck, DraftColumn, DraftIndex, DraftLink, DraftTable
from .errors import Unreadable
from .extent import expression
from .given import give_names
from .lex import Dialect, Token, lex

_HARMLESS = (
    "OWNER", "CLUSTER", "REPLICA", "SET", "RESET", "ENGINE", "CONVERT", "ORDER", "VALIDATE", "FORCE", "COLLATE",
    "CHARACTER", "CHARSET", "ROW_FORMAT", "ALGORITHM", "LOCK", "STATISTICS", "REBUILD", "NOLOGGING", "LOGGING",
    "PARALLEL", "NOPARALLEL", "MOVE", "ANALYZE", "CACHE", "NOCACHE", "NO", "NOT", "DEFAULT", "PACK_KEYS", "CHECKSUM",
    "DELAY_KEY_WRITE", "MAX_ROWS", "MIN_ROWS", "AVG_ROW_LENGTH", "KEY_BLOCK_SIZE", "STATS_PERSISTENT",
)  # fmt: skip
_ACTIONS = (
    "ADD", "ALTER", "DROP", "MODIFY", "CHANGE", "RENAME", "ATTACH", "DETACH", "INHERIT", "OWNER", "ENABLE", "DISABLE",
    "SET", "VALIDATE",
)  # fmt: skip
# What SQL Server may name several of after one word, by the words of the action.
_LISTED = (
    ("ADD",), ("DROP", "CONSTRAINT"), ("DROP", "COLUMN"), ("DROP",), ("CHECK", "CONSTRAINT"), ("NOCHECK", "CONSTRAINT"),
)  # fmt: skip


class Alterer:
    """Applies actions; one that cannot be followed is a Loss and the others still count."""

    def __init__(self, clauses: ClauseReader, table: DraftTable) -> None:
        self.clauses = clauses
        self.table = table
        self.dialect: Dialect = clauses.dialect

    def take(self, cursor: Cursor) -> None:
        """Everything after the table's name."""
        if cursor.accept("WITH"):  # SQL Server: WITH CHECK ADD, WITH NOCHECK ADD
            cursor.accept_any("CHECK", "NOCHECK")
        again: Sequence[Token] = ()
        for written in cursor.items():
            item, text = written, written.source()
            if again and not item.peek().is_word(*_ACTIONS):
                # SQL Server: ADD a int, b int; DROP COLUMN a, b; DROP CONSTRAINT c, COLUMN a
                named = item.peek().is_word("COLUMN", "CONSTRAINT") and again[0].is_word("DROP")
                item = Cursor(item.text, [*(again[:1] if named else again), *item.tokens])
            again = self.listed(item) if self.dialect == "tsql" else ()
            try:
                self.action(item)
            except Unreadable as error:
                self.clauses.losses.add(f"ALTER TABLE {self.table.name.name} {text}", str(error))
        give_names(self.table, self.dialect)

    @staticmethod
    def listed(item: Cursor) -> Sequence[Token]:
        """The words of an action that may be followed by more of the same."""
        for words in _LISTED:
            if all(item.peek(place).is_word(word) for place, word in enumerate(words)):
                return item.tokens[: len(words)]
        return ()

    def action(self, cursor: Cursor) -> None:
        if cursor.accept("ADD"):
            self.add(cursor)
        elif cursor.accept("ALTER"):
            cursor.accept("COLUMN")
            self.alter_column(cursor)
        elif cursor.accept_any("MODIFY"):
            self.modify(cursor)
        elif cursor.accept("CHANGE"):
            cursor.accept("COLUMN")
            old = cursor.name()
            self.rename_column(old, cursor.peek().value)
            self.redefine(cursor)
        elif cursor.accept("DROP"):
            self.drop(cursor)
        elif cursor.accept("RENAME"):
            self.rename(cursor)
        elif word := cursor.accept_any("ENABLE", "DISABLE", "CHECK", "NOCHECK"):
            self.switch(cursor, off=word in ("DISABLE", "NOCHECK"))
        elif cursor.accept("SET", "SCHEMA"):
            self.table.name = QualifiedName(cursor.name("a schema"), self.table.name.name)
        elif cursor.accept("SET", "UNUSED"):
            self.drop_columns(cursor)
        elif cursor.accept("INHERIT"):
            raise Unreadable("inheritance is not kept")
        elif self.dialect == "mysql" and cursor.peek().is_word("COMMENT", "AUTO_INCREMENT", *_HARMLESS):
            self.options(cursor)
        elif not cursor.peek().is_word(*_HARMLESS) and not cursor.done:
            raise Unreadable(f"the action {cursor.peek().value[:40]!r} is not known")

    def options(self, cursor: Cursor) -> None:
        """MySQL's options of a table, which may stand side by side."""
        if cursor.peek().is_word("CONVERT"):
            self.table.collation = named_collation(cursor.tokens)
            for column in self.table.columns:
                column.collation = ""
        while not cursor.done:
            if cursor.accept("COMMENT"):
                cursor.accept_op("=")
                self.table.comment = " ".join(cursor.next().value.split())
            elif cursor.accept("AUTO_INCREMENT"):
                cursor.accept_op("=")
                self.table.start_numbers(cursor.next().value)
            else:
                cursor.next()

    def switch(self, cursor: Cursor, *, off: bool) -> None:
        """Constraints that stay but do not hold for a while; Oracle, SQL Server, and PostgreSQL's triggers of keys."""
        cursor.accept_any("VALIDATE", "NOVALIDATE")
        if cursor.accept("TRIGGER"):
            if self.dialect == "postgres" and cursor.accept("ALL"):
                self.set_off(self.table.links, off=off)
        elif cursor.accept("CONSTRAINT"):
            everything = self.dialect == "tsql" and cursor.accept("ALL")
            held: list[Constraint] = [*self.table.links, *self.table.checks]
            self.set_off(held if everything else self.needed(cursor.name()), off=off)
        elif cursor.peek().is_word("PRIMARY", "UNIQUE"):
            self.set_off(self.by_columns(cursor), off=off)

    @staticmethod
    def set_off(constraints: Sequence[Constraint], *, off: bool) -> None:
        for constraint in constraints:
            constraint.off = off

    def by_columns(self, cursor: Cursor) -> list[Constraint]:
        """Oracle's PRIMARY KEY, or UNIQUE (a, b), where another server wants a name."""
        if cursor.accept("PRIMARY", "KEY"):
            return [self.table.key]
        cursor.accept("UNIQUE")
        wanted = [name.lower() for name in names_in(cursor)]
        return [
            index for index in self.table.indexes
            if index.unique and not index.where and [part.column.lower() for part in index.parts] == wanted
        ]  # fmt: skip

    def needed(self, name: str) -> list[Constraint]:
        """The constraints of a name; Unreadable when there is none."""
        found = self.table.called(name)
        if not found:
            raise Unreadable(f"the table has no constraint {name!r}")
        return found

    def add(self, cursor: Cursor) -> None:
        cursor.accept("COLUMN")
        cursor.accept("IF", "NOT", "EXISTS")
        if cursor.peek().is_op("("):
            for item in cursor.group().items():
                self.clauses.entry(self.table, item)
        elif cursor.peek().is_word("PARTITION"):
            return
        else:
            self.clauses.entry(self.table, Cursor(cursor.text, cursor.tokens[cursor.position :]))

    def column(self, name: str) -> DraftColumn:
        return self.clauses.existing(self.table, name)

    def alter_column(self, cursor: Cursor) -> None:
        if cursor.accept("INDEX"):
            return
        if cursor.accept_any("CONSTRAINT", "CHECK"):
            self.state(self.needed(cursor.name()), cursor)
            return
        column = self.column(cursor.name("a column's name"))
        if cursor.accept("SET", "DEFAULT"):
            column.default = expression(cursor)
        elif cursor.accept("DROP", "DEFAULT"):
            column.default = ""
        elif cursor.accept("SET", "NOT", "NULL"):
            column.nullable = False
        elif cursor.accept("DROP", "NOT", "NULL"):
            column.nullable = True
        elif cursor.accept("ADD"):
            self.clauses.column_clauses(self.table, column, cursor)
        elif cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
            self.retype(column, cursor)
        elif cursor.accept("DROP", "IDENTITY"):
            column.autoincrement = False
        elif cursor.accept("DROP", "EXPRESSION"):
            column.generated = ""
        elif not cursor.accept_any("SET", "RESET", "RESTART"):
            self.retype(column, cursor)  # SQL Server: ALTER COLUMN name type

    def retype(self, column: DraftColumn, cursor: Cursor) -> None:
        tokens = list(cursor.tokens[cursor.position :])
        using = next((number for number, token in enumerate(tokens) if token.is_word("USING")), len(tokens))
        name = lex('"' + column.name.replace('"', '""') + '"', "sqlite")
        fresh = self.clauses.column(self.table, Cursor(cursor.text, [*name, *tokens[:using]]), column.source)
        column.type, column.values, column.type_name = fresh.type, fresh.values, fresh.type_name
        column.unsigned, column.user_type = fresh.unsigned, fresh.user_type
        column.collation, column.padded = fresh.collation, fresh.padded
        if not fresh.nullable:
            column.nullable = False

    def state(self, constraints: Sequence[Constraint], cursor: Cursor) -> None:
        """Whether constraints hold and when they are checked, as changed afterwards."""
        for constraint in constraints:
            deferred = isinstance(constraint, DraftLink) and constraint.deferred
            state = State(constraint.off, deferred)
            again = Cursor(cursor.text, cursor.tokens[cursor.position :])
            if again.accept("NOT", "DEFERRABLE") or again.accept("INITIALLY", "IMMEDIATE"):
                state.deferred = False
            while not again.done:
                if not state.accept(again):
                    again.next()
            constraint.off = state.off
            if isinstance(constraint, DraftLink):
                constraint.deferred = state.deferred

    def modify(self, cursor: Cursor) -> None:
        if cursor.accept("CONSTRAINT"):
            name = cursor.name()
            self.state(self.table.called(name), cursor)
            return
        if cursor.peek().is_word("PRIMARY", "UNIQUE") and (cursor.peek(1).is_word("KEY") or cursor.peek(1).is_op("(")):
            self.state(self.by_columns(cursor), cursor)
            return
        if cursor.peek().is_word("PARTITION", "DEFAULT", "LOB"):
            return  # Oracle: where it is stored
        cursor.accept("COLUMN")
        if cursor.peek().is_op("("):
            for item in cursor.group().items():
                self.redefine(item)
        else:
            self.redefine(cursor)

    def redefine(self, cursor: Cursor) -> None:
        """MySQL's and Oracle's MODIFY: a new definition for a column; Oracle keeps what it leaves out."""
        old = self.column(cursor.peek().value)
        words = [token.value.upper() for token in cursor.tokens if token.kind == "word"]
        fresh = self.clauses.column(self.table, cursor, cursor.source(), typed=self.dialect != "oracle")
        if self.dialect == "oracle":
            if fresh.type_name:
                old.type, old.type_name, old.user_type = fresh.type, fresh.type_name, fresh.user_type
            old.default = fresh.default or old.default
            freed = "NULL" in words and fresh.nullable and fresh.default.upper() != "NULL"
            old.nullable = freed or (old.nullable and fresh.nullable)
            old.autoincrement = old.autoincrement or fresh.autoincrement
            old.generated = fresh.generated or old.generated
            return
        place = self.table.columns.index(old)
        fresh.comment = fresh.comment or old.comment
        self.table.columns[place] = fresh

    def drop(self, cursor: Cursor) -> None:
        table = self.table
        if cursor.accept("PRIMARY", "KEY"):
            self.drop_constraints([table.key])
        elif cursor.peek().is_word("UNIQUE") and cursor.peek(1).is_op("("):
            self.drop_constraints(self.by_columns(cursor))
        elif cursor.accept("FOREIGN", "KEY"):
            self.drop_named(cursor, DraftLink)
        elif cursor.accept_any("INDEX", "KEY"):
            self.drop_named(cursor, DraftIndex)
        elif cursor.accept("CHECK"):
            self.drop_named(cursor, DraftCheck)
        elif cursor.accept("CONSTRAINT"):
            self.drop_named(cursor)
        elif self.dialect == "tsql" and not cursor.peek().is_word("COLUMN") and table.called(cursor.peek().value):
            self.drop_named(cursor)  # SQL Server needs no word for a constraint
        else:
            self.drop_columns(cursor)

    def drop_named(self, cursor: Cursor, kind: type[Constraint] | None = None) -> None:
        unsure = cursor.accept("IF", "EXISTS")
        name = cursor.name()
        found = [one for one in self.table.called(name) if kind is None or isinstance(one, kind)]
        if found:
            self.drop_constraints(found)
        elif kind is DraftIndex and self.dialect == "mysql" and made_for_link(self.table, name):
            return
        elif not self.drop_of_column(name) and not unsure:
            raise Unreadable(f"the table has no constraint {name!r}")

    def drop_constraints(self, gone: Sequence[Constraint]) -> None:
        if any(found is self.table.key for found in gone) and self.dialect != "oracle":
            for name in self.table.primary_key:  # what a key's columns had to hold they still have to
                self.column(name).nullable = False
        self.table.remove(gone)

    def drop_of_column(self, name: str) -> bool:
        """Take off a DEFAULT or NOT NULL that has a name; whether there was one."""
        for column in self.table.columns:
            if column.default_name.lower() == name.lower() != "":
                column.default = column.default_name = ""
                return True
            if column.required_name.lower() == name.lower() != "":
                column.nullable, column.required_name = True, ""
                return True
        return False

    def drop_columns(self, cursor: Cursor) -> None:
        """DROP COLUMN a, or Oracle's DROP (a, b)."""
        if cursor.peek().is_op("("):
            names = names_in(cursor)
        else:
            cursor.accept("COLUMN")
            unsure = cursor.accept("IF", "EXISTS")
            names = (cursor.name(),)
            if unsure and self.table.column(names[0]) is None:
                return
        for name in names:
            self.drop_column(name)

    def drop_column(self, name: str) -> None:
        """A column goes with the constraints that speak of it; of MySQL's keys and indexes the rest stays."""
        table, gone = self.table, name.lower()
        table.columns.remove(self.column(name))
        table.remove([link for link in table.links if gone in (name.lower() for name in link.columns)])
        table.remove([check for check in table.checks if self.speaks_of(check, gone)])
        left = tuple(name for name in table.primary_key if name.lower() != gone)
        if left != table.primary_key:
            table.primary_key = left if self.dialect == "mysql" else ()
        for index in list(table.indexes):
            parts = tuple(part for part in index.parts if part.column.lower() != gone)
            if len(parts) < len(index.parts):
                index.parts = parts if self.dialect == "mysql" else ()
            if not index.parts:
                table.remove([index])

    def speaks_of(self, check: DraftCheck, column: str) -> bool:
        return column in check.text.lower() and any(
            token.is_name and token.value.lower() == column for token in lex(check.text, self.dialect)
        )

    def rename(self, cursor: Cursor) -> None:
        if cursor.accept("TO") or cursor.accept("AS"):
            self.rename_table(cursor.qualified_name())
            return
        constraint = cursor.accept_any("CONSTRAINT", "INDEX", "KEY")
        column = not constraint and cursor.accept("COLUMN")
        if self.dialect == "mysql" and not constraint and not column:
            self.rename_table(cursor.qualified_name())
            return
        old = cursor.name()
        if not cursor.accept("TO"):
            raise Unreadable("TO was expected in a RENAME")
        if constraint:
            for found in self.table.called(old):
                found.name = cursor.peek().value
        else:
            self.rename_column(old, cursor.name())

    def rename_table(self, name: QualifiedName) -> None:
        self.table.name = QualifiedName(name.schema or self.table.name.schema, name.name)

    def rename_column(self, old: str, new: str) -> None:
        if old == new:
            return
        self.column(old).name = new
        table = self.table
        table.renamed[old.lower()] = new

        def renamed(name: str) -> str:
            return new if name.lower() == old.lower() else name

        table.primary_key = tuple(renamed(name) for name in table.primary_key)
        for link in table.links:
            link.columns = tuple(renamed(name) for name in link.columns)
        for unique in table.indexes:
            unique.parts = tuple(part._replace(column=renamed(part.column)) for part in unique.parts)
        for check in table.checks:
            check.text = self.renamed_text(check.text, old, new)
        for column in table.columns:
            column.generated = self.renamed_text(column.generated, old, new)

    def renamed_text(self, text: str, old: str, new: str) -> str:
        out, position = "", 0
        for token in lex(text, self.dialect):
            if token.is_name and token.value.lower() == old.lower():
                mark = "`" if self.dialect == "mysql" else '"'
                out += text[position : token.start] + mark + new.replace(mark, mark * 2) + mark
                position = token.end
        return out + text[position:]


def made_for_link(table: DraftTable, name: str) -> bool:
    """Whether a name is that of an index that MySQL made for a foreign key, which says nothing here."""
    return any(
        name.lower() in ((link.name or link.given).lower(), link.columns[0].lower()) for link in table.links
    )  # fmt: skip
