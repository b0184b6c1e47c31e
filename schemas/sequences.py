"""The sequences of a script and the triggers that draw from them, folded into the columns that they number."""

from __future__ import annotations

from collections.abc import Mapping

from .cursor import Cursor
from .draft import DraftTable, Losses
from .drafts import Drafts
from .lex import Dialect, lex
from .numbering import Drawn, KeyTrigger, Numbering, drawn, numbering
from .scope import LOST_CREATE

_LONGEST = 400  # characters of a default that may draw from a sequence


def draws(text: str, dialect: Dialect) -> Drawn | None:
    """What a default takes from a sequence, if it is nothing else."""
    return drawn(lex(text, dialect)) if 0 < len(text) < _LONGEST else None


class Sequences:
    """Sequences by name, and what numbers keys with them."""

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        self.dialect = dialect
        self.losses = losses
        self.found: dict[str, tuple[str, Numbering]] = {}
        self.triggers: dict[str, tuple[str, KeyTrigger]] = {}

    @property
    def numbers(self) -> Mapping[str, Numbering]:
        """Where each starts, by its name in small letters."""
        return {name: found for name, (_, found) in self.found.items()}

    def create(self, cursor: Cursor, text: str) -> None:
        """What follows CREATE SEQUENCE."""
        cursor.accept("IF", "NOT", "EXISTS")
        name = cursor.qualified_name().name.lower()
        self.found.setdefault(name, (text, numbering(cursor.tokens[cursor.position :])))

    def drop(self, name: str, tables: list[DraftTable], *, cascade: bool) -> None:
        """Let a sequence go, and with CASCADE the defaults that draw from it."""
        self.found.pop(name.lower(), None)
        for column in (column for table in tables if cascade for column in table.columns):
            taken = draws(column.default, self.dialect)
            if taken and taken.sequence == name.lower():
                column.default = ""

    def drop_trigger(self, name: str) -> None:
        self.triggers.pop(name.lower(), None)

    def fold(self, drafts: Drafts) -> None:
        """Number the columns that are fed, each from where its sequence starts."""
        for text, trigger in self.triggers.values():
            table = drafts.find(trigger.table)
            column = table.column(trigger.column) if table else None
            key = [name.lower() for name in table.primary_key] if table else []
            numbers = column is not None and key == [column.name.lower()]
            if column is not None and numbers:
                column.autoincrement = True
                column.default = column.default or f"{trigger.sequence}.NEXTVAL"
            if not (numbers and trigger.only):
                self.losses.add(text, LOST_CREATE["TRIGGER"])
        for column in (column for table in drafts.all() for column in table.columns):
            taken = draws(column.default, self.dialect)
            if taken and taken.sequence in self.found:
                column.numbering = self.found[taken.sequence][1]

    def lose_unused(self, used: set[str]) -> None:
        """A Loss for every sequence but those of the columns that the engine now assigns."""
        for name, (text, _) in self.found.items():
            if name not in used:
                self.losses.add(text, "a sequence that numbers no key by itself is not kept")
