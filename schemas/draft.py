"""Tables while they are being read: ALTERs still change them, expressions are still source text.

`finish.py` turns drafts into a Schema; nothing else outlives the reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .cursor import QualifiedName
from .model import ColumnType, Loss
from .numbering import Numbering


class Part(NamedTuple):
    """One entry of a key's or index's list: an expression's text, and the column when it is only that.

    Attributes:
        collation: The one that it is compared by, in capitals, if that is named.
    """

    text: str
    column: str = ""
    prefix: int = 0
    collation: str = ""


@dataclass(slots=True, eq=False)
class UserType:
    """A script's own type: CREATE TYPE AS ENUM, CREATE DOMAIN, or an alias of SQL Server.

    Attributes:
        values: Of an enum, else empty.
        default: Source text, "" when there is none; `checks` are conditions on VALUE.
        base: The type that this one is made over, if that is a script's own too.
        collation: As of a column; `padded` alike.
    """

    type: ColumnType
    values: tuple[str, ...] = ()
    nullable: bool = True
    default: str = ""
    checks: list[DraftCheck] = field(default_factory=list)
    base: UserType | None = None
    collation: str = ""
    padded: bool = False

    def line(self) -> list[UserType]:
        """The types that it is made over and at last itself."""
        return [*(self.base.line() if self.base else ()), self]


@dataclass(slots=True, eq=False)
class DraftColumn:
    """A column; `default` and `generated` are source text, "" when there is none; `type_name` as written.

    Attributes:
        user_type: The script's own type that it has; what this says of values, default and conditions is added at
            the end (`user_types.py`), since it may change until then.
        collation: The one that its texts are compared by, in capitals, if it names one.
        padded: Its texts are filled up with blanks to their greatest length, which are not stored here.
        inherited: It comes from another table, and the script does not define it here.
        default_name: The name of its DEFAULT, which SQL Server has as a constraint; `required_name` that of NOT NULL.
    """

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
    user_type: UserType | None = None
    collation: str = ""
    padded: bool = False
    inherited: bool = False
    default_name: str = ""
    required_name: str = ""


@dataclass(slots=True, eq=False)
class DraftIndex:
    """A unique key or an index, whole or partial.

    Attributes:
        nulls_alike: Two rows are equal in it that have NULL in the same columns.
        given: The name that the server gives it where the script gives none (`given.py`).
        off: It is there, but switched off. Both are the same for the other constraints.
    """

    name: str
    parts: tuple[Part, ...]
    source: str
    where: str = ""
    unique: bool = True
    nulls_alike: bool = False
    given: str = ""
    off: bool = False


@dataclass(slots=True, eq=False)
class DraftLink:
    """A foreign key; no target columns means the target's primary key.

    Attributes:
        places: The schemas in which a target without one is looked for, one after the other.
    """

    name: str
    columns: tuple[str, ...]
    target: QualifiedName
    target_columns: tuple[str, ...]
    source: str
    places: tuple[str, ...] = ()
    on_delete: str = ""
    on_update: str = ""
    deferred: bool = False
    given: str = ""
    off: bool = False


@dataclass(slots=True)
class DraftCheck:
    """A condition.

    Attributes:
        value_name: The column that VALUE stands for when it comes from a domain.
        inherited: Tables that inherit from its table have it too.
    """

    name: str
    text: str
    source: str
    value_name: str = ""
    inherited: bool = True
    given: str = ""
    off: bool = False


@dataclass(slots=True, eq=False)
class DraftKey:
    """A primary key's names and state; its columns are the table's `primary_key`."""

    name: str = ""
    source: str = ""
    given: str = ""
    off: bool = False


Constraint = DraftIndex | DraftLink | DraftCheck | DraftKey


@dataclass(slots=True, eq=False)
class DraftTable:
    """A table.

    Attributes:
        key: What is known of the primary key beside its columns.
        number: Its place in the script.
        renamed: The present names of columns by the former ones, in small letters.
        collation: That of its columns which name none.
        heirs: The tables that inherit from it.
    """

    name: QualifiedName
    source: str
    columns: list[DraftColumn] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    key: DraftKey = field(default_factory=DraftKey)
    indexes: list[DraftIndex] = field(default_factory=list)
    links: list[DraftLink] = field(default_factory=list)
    checks: list[DraftCheck] = field(default_factory=list)
    comment: str = ""
    without_rowid: bool = False
    number: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    collation: str = ""
    heirs: list[DraftTable] = field(default_factory=list)

    def start_numbers(self, number: str) -> None:
        """MySQL's AUTO_INCREMENT of a table: the next number of its key."""
        for column in self.columns:
            if column.autoincrement and number.isdecimal() and len(number) < 19:
                column.numbering = Numbering(int(number))

    def padded(self) -> dict[str, int]:
        """The lengths of its padded columns, by name in small letters."""
        return {column.name.lower(): column.type.length or 1 for column in self.columns if column.padded}

    def column(self, name: str) -> DraftColumn | None:
        wanted = name.lower()
        return next((column for column in self.columns if column.name.lower() == wanted), None)

    def constraints(self) -> Iterator[Constraint]:
        """All keys, indexes and conditions."""
        if self.primary_key:
            yield self.key
        yield from self.indexes
        yield from self.links
        yield from self.checks

    def called(self, name: str) -> list[Constraint]:
        """The constraints of a name, be it the script's or the server's."""
        wanted = name.lower()
        return [found for found in self.constraints() if (found.name or found.given).lower() == wanted]

    def remove(self, gone: Collection[Constraint]) -> None:
        """Take constraints off the table."""
        if any(found is self.key for found in gone):
            self.primary_key, self.key = (), DraftKey()
        self.indexes = [index for index in self.indexes if not any(index is found for found in gone)]
        self.links = [link for link in self.links if not any(link is found for found in gone)]
        self.checks = [check for check in self.checks if not any(check is found for found in gone)]


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
