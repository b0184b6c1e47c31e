"""Folds the actions of one ALTER TABLE into a draft table."""

from __future__ import annotations

from .clauses import ClauseReader
from .cursor import Cursor, QualifiedName
from .draft import DraftColumn, DraftTable
from .errors import Unreadable
from .lex import Dialect, lex

_HARMLESS = (
    "OWNER", "ENABLE", "DISABLE", "CLUSTER", "REPLICA", "SET", "RESET", "NOCHECK", "CHECK", "ENGINE", "AUTO_INCREMENT",
    "CONVERT", "ORDER", "VALIDATE", "FORCE", "COLLATE", "CHARACTER", "CHARSET", "ROW_FORMAT", "COMMENT", "ALGORITHM",
    "LOCK", "STATISTICS", "REBUILD", "SWITCH", "NOLOGGING", "LOGGING", "PARALLEL", "MOVE", "ANALYZE", "CACHE",
    "NO", "NOT",
)  # fmt: skip
_ACTIONS = (
    "ADD", "ALTER", "DROP", "MODIFY", "CHANGE", "RENAME", "ATTACH", "DETACH", "INHERIT", "OWNER", "ENABLE", "DISABLE",
    "SET", "VALIDATE",
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
        adding = False
        for item in cursor.items():
            text = item.source()
            known = item.peek().is_word(*_ACTIONS)
            try:
                if adding and not known:
                    # SQL Server: ADD a int, b int
                    self.add(item)
                else:
                    adding = item.peek().is_word("ADD")
                    self.action(item)
            except Unreadable as error:
                self.clauses.losses.add(f"ALTER TABLE {self.table.name.name} {text}", str(error))

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
        elif cursor.accept("AUTO_INCREMENT"):
            cursor.accept_op("=")
            self.table.start_numbers(cursor.next().value)
        elif cursor.accept("INHERIT"):
            raise Unreadable("inheritance is not kept")
        elif not cursor.peek().is_word(*_HARMLESS) and not cursor.done:
            raise Unreadable(f"the action {cursor.peek().value[:40]!r} is not known")

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
        if cursor.peek().is_word("CONSTRAINT", "INDEX", "CHECK"):
            return
        column = self.column(cursor.name("a column's name"))
        if cursor.accept("SET", "DEFAULT"):
            column.default = self.clauses.expression(cursor)
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
        column.unsigned = fresh.unsigned
        if not fresh.nullable:
            column.nullable = False

    def modify(self, cursor: Cursor) -> None:
        if cursor.peek().is_word("CONSTRAINT", "PRIMARY", "UNIQUE", "PARTITION", "DEFAULT", "LOB"):
            return  # Oracle: whether it is enabled, where it is stored
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
                old.type, old.type_name = fresh.type, fresh.type_name
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
            table.primary_key = ()
            return
        if cursor.accept_any("CONSTRAINT", "INDEX", "KEY", "CHECK") or cursor.accept("FOREIGN", "KEY"):
            cursor.accept("IF", "EXISTS")
            name = cursor.name().lower()
            if table.primary_name.lower() == name:
                table.primary_key = ()
            table.indexes = [unique for unique in table.indexes if unique.name.lower() != name]
            table.links = [link for link in table.links if link.name.lower() != name]
            table.checks = [check for check in table.checks if check.name.lower() != name]
            return
        cursor.accept("COLUMN")
        cursor.accept("IF", "EXISTS")
        column = self.column(cursor.name())
        gone = column.name.lower()
        table.columns.remove(column)
        table.primary_key = () if gone in (name.lower() for name in table.primary_key) else table.primary_key
        table.links = [link for link in table.links if gone not in (name.lower() for name in link.columns)]
        table.indexes = [
            unique for unique in table.indexes if gone not in (part.column.lower() for part in unique.parts)
        ]

    def rename(self, cursor: Cursor) -> None:
        if cursor.accept("TO") or cursor.accept("AS"):
            self.table.name = QualifiedName(self.table.name.schema, cursor.qualified_name().name)
            return
        if cursor.accept_any("CONSTRAINT", "INDEX", "KEY"):
            return
        cursor.accept("COLUMN")
        old = cursor.name()
        if not cursor.accept("TO"):
            raise Unreadable("TO was expected in a RENAME")
        self.rename_column(old, cursor.name())

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
