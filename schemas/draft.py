"""Tables while they are being read: ALTERs still change them, expressions are still source text.

`finish.py` turns drafts into a Schema; nothing else outlives the reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .cursor import QualifiedName
from .model import ColumnType, Loss
from .numbering import Numbering


class Part(NamedTuple):
    """One entry of a key's or index's list: an expression's text, and the column when it is only that."""

    text: str
    column: str = ""
    prefix: int = 0


@dataclass(slots=True)
class DraftColumn:
    """A column; `default` and `generated` are source text, "" when there is none; `type_name` as written."""

    name: str
    type: ColumnType
    source: str
    nullable: bool = True
    default: str = ""
    generated: str = ""
    values: tuple[str, ...] = ()
    autoincrement: bool = False
    numbering: Numbering = field(default_factory=Numbering)
    unsigned: bool = False
    type_name: str = ""
    comment: str = ""


@dataclass(slots=True)
class DraftIndex:
    """A unique key or an index, whole or partial."""

    name: str
    parts: tuple[Part, ...]
    source: str
    where: str = ""
    unique: bool = True


@dataclass(slots=True)
class DraftLink:
    """A foreign key; no target columns means the target's primary key.

    Attributes:
        whole: The target was written with its schema, be it the one that a database opens with.
    """

    name: str
    columns: tuple[str, ...]
    target: QualifiedName
    target_columns: tuple[str, ...]
    source: str
    on_delete: str = ""
    on_update: str = ""
    deferred: bool = False
    whole: bool = False


@dataclass(slots=True)
class DraftCheck:
    """A condition; `value_name` is the column that VALUE stands for when it comes from a domain."""

    name: str
    text: str
    source: str
    value_name: str = ""


@dataclass(slots=True)
class DraftTable:
    """A table.

    Attributes:
        number: Its place in the script.
        renamed: The present names of columns by the former ones, in small letters.
    """

    name: QualifiedName
    source: str
    columns: list[DraftColumn] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    primary_name: str = ""
    indexes: list[DraftIndex] = field(default_factory=list)
    links: list[DraftLink] = field(default_factory=list)
    checks: list[DraftCheck] = field(default_factory=list)
    comment: str = ""
    without_rowid: bool = False
    number: int = 0
    renamed: dict[str, str] = field(default_factory=dict)

    def start_numbers(self, number: str) -> None:
        """MySQL's AUTO_INCREMENT of a table: the next number of its key."""
        for column in self.columns:
            if column.autoincrement and number.isdecimal() and len(number) < 19:
                column.numbering = Numbering(int(number))

    def column(self, name: str) -> DraftColumn | None:
        wanted = name.lower()
        return next((column for column in self.columns if column.name.lower() == wanted), None)


class UserType(NamedTuple):
    """A CREATE TYPE AS ENUM or a CREATE DOMAIN; `check` is a condition on VALUE."""

    type: ColumnType
    values: tuple[str, ...] = ()
    nullable: bool = True
    default: str = ""
    checks: tuple[str, ...] = ()


_LONGEST = 200


def one_line(text: str) -> str:
    """A statement on one line, shortened to 200 characters."""
    line = " ".join(text[:2000].split())
    return line if len(line) <= _LONGEST and len(text) <= 2000 else line[: _LONGEST - 4].rstrip() + " ..."


_MOST_OF_A_REASON = 1_000
_MOST_LISTED = 20_000


class Losses:
    """Collects losses; the same one twice is kept once.

    A script of nothing but rubbish loses millions of statements. Of one reason the first
    thousand are listed, of all the first twenty thousand; the others are counted.
    """

    def __init__(self) -> None:
        self._found: dict[Loss, None] = {}
        self._by_reason: dict[str, int] = {}
        self._unlisted: dict[str, int] = {}
        self._last: dict[str, str] = {}

    def add(self, statement: str, reason: str) -> None:
        reason = one_line(reason)
        loss = Loss(one_line(statement), reason)
        if loss in self._found:
            return
        if len(self._found) >= _MOST_LISTED:
            reason = "it cannot be kept; too much else cannot to say more of each"
        if len(self._found) < _MOST_LISTED and self._by_reason.get(reason, 0) < _MOST_OF_A_REASON:
            self._found[loss] = None
            self._by_reason[reason] = self._by_reason.get(reason, 0) + 1
        else:
            self._unlisted[reason] = self._unlisted.get(reason, 0) + 1
            self._last[reason] = loss.statement

    def all(self) -> tuple[Loss, ...]:
        more = (
            Loss(self._last[reason], f"and {count:,} more like it, of which this is the last: {reason}")
            for reason, count in self._unlisted.items()
        )
        return (*self._found, *more)
