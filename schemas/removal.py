"""Reads what takes away: DROP of tables, indexes, schemas, types and sequences, and the emptying of tables.

Which rows go with a table is for the reader of the script to see to.
"""

from __future__ import annotations

from collections.abc import Callable

from .alter import made_for_link
from .cursor import Cursor, QualifiedName
from .draft import DraftIndex, DraftKey, DraftTable
from .drafts import Drafts
from .errors import Unreadable
from .lex import Dialect
from .sequences import Sequences
from .user_types import UserTypes


class Remover:
    """Follows DROP.

    Args:
        forget_rows: Takes a table's rows back.
    """

    def __init__(
        self,
        dialect: Dialect,
        drafts: Drafts,
        types: UserTypes,
        sequences: Sequences,
        forget_rows: Callable[[DraftTable], None],
    ) -> None:
        self.dialect = dialect
        self.drafts = drafts
        self.types = types
        self.sequences = sequences
        self.forget_rows = forget_rows

    def take(self, cursor: Cursor) -> None:
        """The whole statement."""
        cursor.next()
        cursor.accept_any("TEMPORARY")
        what = cursor.next().value.upper()
        cursor.accept("CONCURRENTLY")
        unsure = cursor.accept("IF", "EXISTS")
        words = [token.value.upper() for token in cursor.tokens if token.kind == "word"]
        # In MySQL and SQL Server the word is not there, or says nothing.
        cascade = "CASCADE" in words and self.dialect in ("postgres", "oracle")
        if what == "INDEX":
            self.indexes(cursor, unsure)
        elif what in ("SCHEMA", "DATABASE", "USER"):
            if what == "SCHEMA" or (what, self.dialect) in (("DATABASE", "mysql"), ("USER", "oracle")):
                for name in self.names(cursor):
                    self.schema(name.name, cascade or self.dialect == "mysql")
        elif what == "TABLE":
            for name in self.names(cursor):
                self.table(name, cascade)
        elif what in ("TYPE", "DOMAIN"):
            for name in self.names(cursor):
                self.type(name, cascade)
        elif what == "SEQUENCE":
            for name in self.names(cursor):
                self.sequences.drop(name.name, self.drafts.all(), cascade=cascade)
        elif what == "TRIGGER":
            self.sequences.drop_trigger(cursor.qualified_name().name)

    @staticmethod
    def names(cursor: Cursor) -> list[QualifiedName]:
        return [item.qualified_name() for item in cursor.items()]

    def table(self, name: QualifiedName, cascade: bool) -> None:
        if (whole := self.drafts.partition_of(name)) is not None:
            raise Unreadable(f"the rows of a partition that is dropped stay in {whole.name!r}")
        table = self.drafts.find(name)
        if table is None:
            return
        if cascade:
            for other in self.drafts.all():
                other.remove(
                    [link for link in other.links if self.drafts.lookup.find(link.target, link.places) == table.name]
                )
        self.drafts.remove(table)
        self.forget_rows(table)

    def schema(self, name: str, cascade: bool) -> None:
        """All that a schema holds; without CASCADE it has to be empty."""
        if cascade:
            for table in self.drafts.all():
                if table.name.schema.lower() == name.lower():
                    self.table(table.name, cascade)
            self.types.forget_schema(name)

    def type(self, name: QualifiedName, cascade: bool) -> None:
        type_ = self.types.named(name)
        if type_ is None:
            return
        for table in self.drafts.all() if cascade else ():
            if any(column.user_type and type_ in column.user_type.line() for column in table.columns):
                raise Unreadable(f"columns of {table.name.name!r} that have the type are kept, and so is the type")
        self.types.forget(name)

    def indexes(self, cursor: Cursor, unsure: bool) -> None:
        """DROP INDEX a, s.b; of MySQL and SQL Server a ON t; of SQL Server t.a as well."""
        for item in cursor.items():
            name = item.qualified_name()
            tables = self.drafts.all()
            if item.accept("ON"):
                place = item.qualified_name()
                tables = [] if self.drafts.partition_of(place) else [self.drafts.need(place)]
            elif self.dialect == "tsql" and name.schema:
                tables = [self.drafts.need(QualifiedName("", name.schema))]
            elif name.schema:
                tables = [table for table in tables if table.name.schema.lower() in ("", name.schema.lower())]
            found = [(table, index) for table in tables for index in self.called(table, name.name)]
            for table, index in found:
                for name_of_key in table.primary_key if index is table.key else ():
                    if (column := table.column(name_of_key)) is not None:
                        column.nullable = False  # what a key's columns had to hold they still have to
                table.remove([index])
            implied = self.dialect == "mysql" and any(made_for_link(table, name.name) for table in tables)
            if not found and not unsure and not implied:
                raise Unreadable(f"there is no index {name.name!r}")

    def called(self, table: DraftTable, name: str) -> list[DraftIndex | DraftKey]:
        """The indexes of a name; of MySQL's also the primary key, which it calls PRIMARY."""
        kinds = (DraftIndex, DraftKey) if self.dialect == "mysql" else DraftIndex
        return [index for index in table.called(name) if isinstance(index, kinds)]


def emptied(cursor: Cursor) -> list[QualifiedName] | None:
    """The tables that a DELETE or TRUNCATE leaves without rows, or None when it may leave some or reach others."""
    deleting = cursor.next().is_word("DELETE")
    cursor.accept("FROM") if deleting else cursor.accept("TABLE")
    names = []
    for item in cursor.items():
        item.accept("ONLY")
        names.append(item.qualified_name())
        item.accept_op("*")
        if deleting:
            if item.accept("AS") or (item.peek().is_name and len(item.tokens) - item.position == 1):
                item.next()
        else:
            while item.accept_any("RESTART", "CONTINUE", "IDENTITY", "RESTRICT", "DROP", "REUSE", "STORAGE"):
                pass
        item.accept_op(";")
        if not item.done:
            return None
    return names if len(names) == 1 or not deleting else None
