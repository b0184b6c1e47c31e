"""The types that a script makes: enums, domains and SQL Server's aliases, and what ALTER TYPE and ALTER DOMAIN change.

A column refers to its type until the end, so that a change reaches the columns that exist already, as it does in
the server. Composite types, ranges and the like are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .cursor import Cursor, QualifiedName
from .draft import DraftCheck, DraftTable, UserType
from .drafts import Drafts
from .errors import Unreadable
from .extent import expression
from .kinds import SourceType
from .lex import Dialect, lex


class UserTypes:
    """Types by name."""

    def __init__(self, dialect: Dialect, drafts: Drafts) -> None:
        self.dialect = dialect
        self.drafts = drafts
        self.types: dict[tuple[str, str], UserType] = {}
        self.latest: dict[str, UserType] = {}

    def define(self, name: QualifiedName, type_: UserType) -> None:
        """A type answers to its name with its schema, the latest of its name also to that alone."""
        self.types[Drafts.key(self.drafts.qualified(name))] = type_
        self.latest[name.name.lower()] = type_

    def find(self, written: SourceType) -> UserType | None:
        """The type of a script's own that is meant, if any."""
        return self.named(QualifiedName(written.schema, written.name)) if self.types else None

    def named(self, name: QualifiedName) -> UserType | None:
        own = name.name.lower()
        places = (name.schema,) if name.schema else (*self.drafts.path, self.drafts.default)
        found = (self.types.get((place.lower(), own)) for place in places)
        return next((type_ for type_ in found if type_), None if name.schema else self.latest.get(own))

    def forget(self, name: QualifiedName) -> None:
        self.rename(name, None)

    def forget_schema(self, schema: str) -> None:
        for place, name in [key for key in self.types if key[0] == schema.lower()]:
            self.forget(QualifiedName(place, name))

    def move_schema(self, schema: str, new: str) -> None:
        for place, name in [key for key in self.types if key[0] == schema.lower()]:
            self.rename(QualifiedName(place, name), QualifiedName(new, name))

    def rename(self, name: QualifiedName, new: QualifiedName | None) -> None:
        """Let a type answer to another name, or to none; the columns that have it keep it."""
        type_ = self.named(name)
        self.types = {key: other for key, other in self.types.items() if other is not type_}
        self.latest = {key: other for key, other in self.latest.items() if other is not type_}
        if type_ is not None and new is not None:
            self.define(new, type_)

    def alter(self, cursor: Cursor, *, domain: bool) -> None:
        """What follows ALTER TYPE or ALTER DOMAIN."""
        cursor.accept("IF", "EXISTS")
        name = cursor.qualified_name()
        type_ = self.named(name)
        harmless = cursor.peek().is_word("OWNER", "VALIDATE")
        if type_ is None:
            kept = cursor.peek().is_word("ADD", "RENAME") and cursor.peek(1).is_word("VALUE")
            if (kept or domain) and not harmless:
                raise Unreadable(f"there is no type {name.name!r}")
            return  # of another kind, which is a Loss where it is made
        if cursor.accept("ADD", "VALUE"):
            self.add_value(type_, cursor)
        elif cursor.accept("RENAME", "VALUE"):
            self.rename_value(type_, cursor)
        elif cursor.accept("RENAME", "TO"):
            self.rename(name, QualifiedName(name.schema, cursor.name()))
        elif cursor.accept("SET", "SCHEMA"):
            self.rename(name, QualifiedName(cursor.name(), name.name))
        elif domain and not harmless:
            self.alter_domain(type_, name, cursor)
        elif not harmless:
            raise Unreadable(f"the action {cursor.peek().value[:40]!r} is not known")

    @staticmethod
    def add_value(type_: UserType, cursor: Cursor) -> None:
        there = cursor.accept("IF", "NOT", "EXISTS")
        value = cursor.next().value
        if value in type_.values:
            if there:
                return
            raise Unreadable(f"the type already has the value {value!r}")
        place = len(type_.values)
        if beside := cursor.accept_any("AFTER", "BEFORE"):
            if cursor.peek().value not in type_.values:
                raise Unreadable(f"the type has no value {cursor.peek().value!r}")
            place = type_.values.index(cursor.peek().value) + (beside == "AFTER")
        type_.values = (*type_.values[:place], value, *type_.values[place:])

    def rename_value(self, type_: UserType, cursor: Cursor) -> None:
        old = cursor.next().value
        if not cursor.accept("TO"):
            raise Unreadable("TO was expected in a RENAME")
        new = cursor.next().value
        if old not in type_.values or new in type_.values:
            raise Unreadable(f"the type has no value {old!r}, or already has {new!r}")
        # The server keeps a value's number, so that expressions that name it change with it; here they are texts.
        for table in self.drafts.all():
            if any(column.user_type and type_ in column.user_type.line() for column in table.columns):
                texts = [column.default for column in table.columns] + [check.text for check in table.checks]
                texts += [column.generated for column in table.columns] + [index.where for index in table.indexes]
                if any(old in text and self.holds(text, old) for text in texts):
                    raise Unreadable(f"{table.name.name!r} has a default or a condition that names {old!r}")
        type_.values = tuple(new if value == old else value for value in type_.values)

    def holds(self, text: str, value: str) -> bool:
        return any(token.kind == "string" and token.value == value for token in lex(text, self.dialect))

    @staticmethod
    def alter_domain(type_: UserType, name: QualifiedName, cursor: Cursor) -> None:
        if cursor.accept("SET", "DEFAULT"):
            type_.default = expression(cursor)
        elif cursor.accept("DROP", "DEFAULT"):
            type_.default = ""
        elif cursor.accept("SET", "NOT", "NULL"):
            type_.nullable = False
        elif cursor.accept("DROP", "NOT", "NULL"):
            type_.nullable = True
        elif cursor.accept("ADD"):
            called = cursor.name() if cursor.accept("CONSTRAINT") else ""
            if cursor.accept("NOT", "NULL"):
                type_.nullable = False
            elif cursor.accept("CHECK"):
                type_.checks.append(DraftCheck(called, cursor.group().source(), cursor.text))
                give_names(type_, name.name)
            else:
                raise Unreadable("CHECK or NOT NULL was expected in a domain's constraint")
        elif cursor.accept("DROP", "CONSTRAINT"):
            there = not cursor.accept("IF", "EXISTS")
            called = cursor.name().lower()
            left = [check for check in type_.checks if (check.name or check.given).lower() != called]
            if there and len(left) == len(type_.checks):
                raise Unreadable(f"the domain has no constraint {called!r}")
            type_.checks = left
        elif cursor.accept("RENAME", "CONSTRAINT"):
            called = cursor.name().lower()
            cursor.accept("TO")
            for check in type_.checks:
                if (check.name or check.given).lower() == called:
                    check.name = cursor.peek().value
        else:
            raise Unreadable(f"the action {cursor.peek().value[:40]!r} is not known")


def give_names(type_: UserType, name: str) -> None:
    """Conditions without a name are called after their domain, as PostgreSQL does."""
    taken = {(check.name or check.given).lower() for check in type_.checks}
    for check in type_.checks:
        number = 0
        while not (check.name or check.given):
            given = f"{name}_check{number or ''}"
            check.given = given if given.lower() not in taken else ""
            number += 1
        taken.add((check.name or check.given).lower())


def settle_types(tables: Iterable[DraftTable], dialect: Dialect) -> None:
    """Give every column what its type says: values, default, conditions, and whether it may be empty."""
    for table in tables:
        checks: list[DraftCheck] = []
        for column in table.columns:
            for type_ in column.user_type.line() if column.user_type else ():
                column.values = type_.values or column.values
                # An alias of SQL Server only says what holds when the column says nothing.
                column.nullable = column.nullable and (type_.nullable or dialect == "tsql")
                checks += [
                    replace(check, name="", source=column.source, value_name=column.name) for check in type_.checks
                ]
            if column.user_type is not None:
                defaults = (type_.default for type_ in reversed(column.user_type.line()))
                column.default = column.default or next((text for text in defaults if text), "")
        table.checks = checks + table.checks
