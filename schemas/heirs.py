"""What an ALTER TABLE means for the tables that inherit from its table (PostgreSQL 17, 5.11).

Columns and conditions are passed on, and with them every change of a column; keys and foreign keys are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from .draft import DraftCheck, DraftColumn, DraftTable


class Before:
    """A table with its columns and conditions as they were."""

    def __init__(self, table: DraftTable) -> None:
        self.table = table
        self.columns = [(column, replace(column)) for column in table.columns]
        self.checks = list(table.checks)

    def pass_on(self, drop: Callable[[DraftTable, str], None], rename: Callable[[DraftTable, str, str], None]) -> None:
        """Do to the heirs what has been done to the table since, and to theirs in turn.

        Args:
            drop: Drops a table's column.
            rename: Renames a table's column.
        """
        for heir in self.table.heirs:
            before = Before(heir)
            for column, was in self.columns:
                own = heir.column(was.name)
                if own is None:
                    continue
                if not _among(column, self.table.columns):
                    if own.inherited:
                        drop(heir, was.name)
                elif column != was:
                    rename(heir, was.name, column.name)
                    _follow(own, was, column)
            known = [column for column, _ in self.columns]
            for column in self.table.columns:
                if not _among(column, known) and heir.column(column.name) is None:
                    heir.columns.append(replace(column, inherited=True))
            gone = [check for check in self.checks if not _among(check, self.table.checks)]
            heir.remove([own for own in heir.checks if any(own == check for check in gone)])
            added = [check for check in self.table.checks if check.inherited and not _among(check, self.checks)]
            heir.checks += [replace(check) for check in added if check not in heir.checks]
            before.pass_on(drop, rename)


def _among(one: DraftColumn | DraftCheck, others: list[DraftColumn] | list[DraftCheck]) -> bool:
    return any(one is other for other in others)


def _follow(own: DraftColumn, was: DraftColumn, now: DraftColumn) -> None:
    """Give a column the properties that have changed in the one it comes from."""
    for field in fields(DraftColumn):
        value = getattr(now, field.name)
        if value != getattr(was, field.name):
            setattr(own, field.name, value)
