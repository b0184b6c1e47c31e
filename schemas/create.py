"""Reads CREATE TABLE and CREATE INDEX: LIKE, inheritance, partitions and table options included.

The entries between the parentheses are read by `clauses.py`.
"""

from __future__ import annotations

from dataclasses import replace

from .clauses import ClauseReader
from .collation import named_collation
from .cursor import Cursor
from .draft import DraftColumn, DraftIndex, DraftKey, DraftTable, Losses
from .drafts import Drafts
from .errors import Unreadable
from .given import give_names

_PARTITION = "a partition is not kept apart; its rows go to {!r}"
# There may be more entries than columns: keys and conditions.
_MOST_ENTRIES = 4_000
_MOST_COPIED = 200_000


class Creator:
    """Adds tables and indexes to the drafts of a reading."""

    def __init__(self, clauses: ClauseReader, drafts: Drafts, losses: Losses) -> None:
        self.clauses = clauses
        self.drafts = drafts
        self.losses = losses
        self.dialect = clauses.dialect
        self.copied_columns = 0

    def create_table(self, cursor: Cursor, text: str, temporary: bool) -> None:
        if temporary:
            raise Unreadable("a temporary table is no part of the schema")
        exists = cursor.accept("IF", "NOT", "EXISTS")
        name = self.drafts.qualified(cursor.qualified_name())
        key = self.drafts.key(name)
        if key in self.drafts.tables:
            if exists:
                return
            raise Unreadable(f"there already is a table {name.name!r}")
        table = DraftTable(name, text, collation=self.drafts.collation)
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
        give_names(table, self.dialect)
        self.drafts.add(table)

    def partition(self, cursor: Cursor, key: tuple[str, str]) -> None:
        name = cursor.qualified_name()
        parent = self.drafts.need(self.drafts.partition_of(name) or name)
        self.drafts.partitions[key] = parent.name
        raise Unreadable(_PARTITION.format(parent.name.name))

    def body(self, table: DraftTable, body: Cursor) -> None:
        if body.peek().kind == "comment":
            table.comment = " ".join(body.next().value.split())
        items = body.items()
        if len(items) > _MOST_ENTRIES:
            raise Unreadable(f"it has {len(items):,} columns and keys; {_MOST_ENTRIES:,} is the most that is read")
        for item in items:
            first = next((token for token in item.tokens if token.kind != "comment"), None)
            if first is not None and first.is_word("LIKE") and self.dialect == "postgres":
                self.like(table, item)
            else:
                self.clauses.entry(table, item)

    def like(self, table: DraftTable, cursor: Cursor) -> None:
        """Another table's columns, as LIKE copies them."""
        cursor.accept("LIKE")
        other = self.drafts.need(cursor.qualified_name())
        self.copy_columns(len(other.columns))
        everything = self.dialect == "mysql" or any(token.is_word("ALL") for token in cursor.tokens)
        for column in other.columns:
            table.columns.append(self.copied(column, everything))
        if everything:
            # PostgreSQL gives copied keys and indexes names of their own.
            renamed = self.dialect == "postgres"
            table.primary_key, table.key = other.primary_key, DraftKey(source=other.key.source, off=other.key.off)
            table.indexes = [
                replace(index, name="", given="") if renamed else replace(index) for index in other.indexes
            ]
            table.checks = [replace(check) for check in other.checks]

    def copy_columns(self, count: int) -> None:
        """A short statement may copy many columns; there is an end to it."""
        self.copied_columns += count
        if self.copied_columns > _MOST_COPIED:
            raise Unreadable(f"the script copies more than {_MOST_COPIED:,} columns from other tables")

    @staticmethod
    def copied(column: DraftColumn, everything: bool) -> DraftColumn:
        if everything:
            return replace(column)
        return replace(column, default="", generated="", autoincrement=False, comment="")

    def options(self, table: DraftTable, cursor: Cursor) -> None:
        """What follows the closing parenthesis."""
        table.collation = named_collation(cursor.tokens[cursor.position :]) or table.collation
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
            elif cursor.accept("PARTITION", "BY"):
                if self.dialect != "postgres":
                    self.losses.add(table.source, "its partitions are not kept; all rows stand in the one table")
            elif cursor.accept("AUTO_INCREMENT") and self.dialect == "mysql":
                cursor.accept_op("=")
                table.start_numbers(cursor.next().value)
            elif cursor.peek().is_op("("):
                cursor.group()
            else:
                cursor.next()

    def inherit(self, table: DraftTable, parents: Cursor) -> None:
        for item in parents.items():
            parent = self.drafts.need(item.qualified_name())
            self.copy_columns(len(parent.columns))
            parent.heirs.append(table)
            own = table.columns
            keys = {name.lower() for name in parent.primary_key}
            table.columns = [
                replace(column, nullable=column.nullable and column.name.lower() not in keys, inherited=True)
                for column in parent.columns
                if table.column(column.name) is None
            ] + own
            table.checks += [replace(check) for check in parent.checks if check.inherited and check not in table.checks]
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
        if self.drafts.partition_of(place) is not None:
            return  # the partitioned table has its own
        table = self.drafts.need(place)
        method = self.method(cursor) or method
        if method not in ("", "BTREE", "HASH"):
            raise Unreadable(f"an index by {method} has no counterpart")
        index = DraftIndex(name, self.clauses.parts(cursor), text, unique=unique)
        while not cursor.done:
            if cursor.accept("WHERE"):
                index.where = self.until_options(cursor)
            elif unique and cursor.accept("NULLS", "NOT"):
                index.nulls_alike = True
            elif cursor.accept_any("INCLUDE", "WITH") and cursor.peek().is_op("("):
                cursor.group()
            else:
                cursor.next()
        if unique:
            self.clauses.exact(table, index.parts, text)
        table.indexes.append(index)
        give_names(table, self.dialect, constraints=False)

    @staticmethod
    def method(cursor: Cursor) -> str:
        return cursor.next().value.upper() if cursor.accept("USING") else ""

    @staticmethod
    def until_options(cursor: Cursor) -> str:
        start = cursor.position
        while not cursor.done and not (cursor.peek().is_word("WITH") and cursor.peek(1).is_op("(")):
            cursor.next()
        return cursor.source(start)

    def attach(self, parent: DraftTable, cursor: Cursor, text: str) -> DraftTable:
        """pg_dump's way to make a partition: a whole table, then attached; it is no table of its own any more."""
        cursor.accept("ATTACH", "PARTITION")
        child = self.drafts.need(cursor.qualified_name())
        self.drafts.partitions[self.drafts.key(child.name)] = parent.name
        self.drafts.remove(child)
        self.losses.add(text, _PARTITION.format(parent.name.name))
        return child
