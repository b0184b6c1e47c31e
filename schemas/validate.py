"""Judges rows against a Schema on its own: no code that fills tables is used, so that neither hides the other's bug.

Keys, foreign keys, NULLs, enums, types and sizes are judged in plain Python. Conditions, computed columns and the
expressions of indexes are SQLite's to say, row by row, in a table that has no constraint at all: that a CHECK means
what the source meant by it is not verified here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import apsw

from .emit import quote
from .forms import in_form
from .kinds import sqlite_name
from .model import Column, Columns, ColumnType, ForeignKey, Index, Kind, Schema, Table, Value

MOST = 20  # of one constraint
_CHUNK = 2_000  # rows that SQLite is asked about at a time
_LARGEST = 2**63
_MOST_DIGITS = 400  # no number that is stored has as many
_FORMS = {
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "time": re.compile(r"([01]\d|2[0-4]):[0-5]\d:[0-5]\d"),
    "timestamp": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d"),
}
_PLAIN_LOWER = re.compile(r'lower\s*\(\s*"((?:[^"]|"")+)"\s*\)', re.IGNORECASE)
_PLAIN_NAME = re.compile(r'"((?:[^"]|"")+)"')
# SQLite's own LOWER knows no other letters.
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


class Violation(NamedTuple):
    """One row that breaks one rule.

    Attributes:
        row: Its number in the table, from 1; 0 when it is about the table.
    """

    table: str
    constraint: str
    row: int
    detail: str


def validate(schema: Schema, columns: Columns, *, most: int = MOST) -> list[Violation]:
    """Everything that is wrong with rows, at most `most` of each constraint.

    Args:
        columns: What `fill_columns` gives. Computed columns may be left out; given ones have to agree.
    """
    known = {table.name for table in schema.tables}
    found = [Violation(name, "tables", 0, "the schema has no such table") for name in columns if name not in known]
    judged: dict[str, _Judge] = {}
    for table in schema.tables:
        judge = judged[table.name] = _Judge(table, columns.get(table.name, {}), most)
        found += judge.alone()
    for table in schema.tables:
        for number, key in enumerate(table.foreign_keys, start=1):
            found += judged[table.name].link(key, number, judged[key.target])
    return found


class _Judge:
    """One table's rows, the computed columns among them."""

    def __init__(self, table: Table, given: dict[str, list[Value]], most: int) -> None:
        self.table, self.given, self.most = table, given, most
        self.count = len(next(iter(given.values()), []))
        self.values: dict[str, list[Value]] = {}
        self.targets: dict[tuple[str, ...], set[tuple[Value, ...]]] = {}

    def alone(self) -> Iterator[Violation]:
        """What is wrong with the table by itself."""
        wrong = list(self._shape())
        yield from wrong
        if wrong:
            self.count = 0
            self.values = {column.name: [] for column in self.table.columns}
            return
        self.values = dict(self.given)
        yield from self._asked()
        keys = set(self.table.primary_key)
        for column in self.table.columns:
            values = self.values[column.name]
            if not column.nullable or column.name in keys:
                yield from self._told(f"NOT NULL {column.name}", self._nulls(values), lambda _: "is NULL")
            yield from self._typed(column, values)
            if column.values:
                allowed = {None, *column.values}
                rows = (row for row, value in enumerate(values) if value not in allowed and str(value) not in allowed)
                yield from self._told(f"values of {column.name}", rows, self._shown(column.name))
        if self.table.primary_key:
            yield from self._unique("PRIMARY KEY", self.table.primary_key)
        for unique in self.table.uniques:
            yield from self._unique(f"UNIQUE ({', '.join(unique)})", unique)

    def link(self, key: ForeignKey, number: int, target: _Judge) -> Iterator[Violation]:
        """The rows that point at no row."""
        there = target.keys(key.target_columns)
        names = [self.values[name] for name in key.columns]

        def lost() -> Iterator[int]:
            for row, values in enumerate(zip(*names, strict=True)):
                if None not in values and values not in there:
                    yield row

        constraint = f"FOREIGN KEY {number} ({', '.join(key.columns)})"
        yield from self._told(constraint, lost(), lambda row: f"{key.target} has no {tuple(n[row] for n in names)!r}")

    def keys(self, names: tuple[str, ...]) -> set[tuple[Value, ...]]:
        """All values of some columns together."""
        if names not in self.targets:
            self.targets[names] = set(zip(*(self.values[name] for name in names), strict=True))
        return self.targets[names]

    # -- plain Python ------------------------------------------------------------------------------------------------

    def _told(self, constraint: str, rows: Iterable[int], detail: Callable[[int], str]) -> Iterator[Violation]:
        for number, row in enumerate(rows):
            if number == self.most:
                return
            yield Violation(self.table.name, constraint, row + 1, detail(row))

    def _shown(self, name: str) -> Callable[[int], str]:
        return lambda row: f"{name} is {_short(self.values[name][row])}"

    def _shape(self) -> Iterator[Violation]:
        names = {column.name for column in self.table.columns}
        for name, values in self.given.items():
            if name not in names:
                yield Violation(self.table.name, "columns", 0, f"the table has no column {name!r}")
            if len(values) != self.count:
                yield Violation(
                    self.table.name, "columns", 0, f"{name!r} has {len(values)} values and not {self.count}"
                )
        for column in self.table.columns:
            if self.given and column.name not in self.given and not column.generated:
                yield Violation(self.table.name, "columns", 0, f"there are no values for {column.name!r}")
        if not self.given:
            self.given = {column.name: [] for column in self.table.columns if not column.generated}

    @staticmethod
    def _nulls(values: Sequence[Value]) -> Iterator[int]:
        if None in values:
            yield from (row for row, value in enumerate(values) if value is None)

    def _unique(self, constraint: str, names: tuple[str, ...]) -> Iterator[Violation]:
        return self._distinct(constraint, [self.values[name] for name in names])

    def _distinct(self, constraint: str, lists: Sequence[Sequence[Value]]) -> Iterator[Violation]:
        """Rows that are equal to one before; a NULL in them makes them different."""
        rows: Sequence[tuple[Value, ...]] = list(zip(*lists, strict=True))
        if len(set(rows)) == len(rows):
            return
        first: dict[tuple[Value, ...], int] = {}

        def repeated() -> Iterator[int]:
            for row, values in enumerate(rows):
                if None not in values and first.setdefault(values, row) != row:
                    yield row

        yield from self._told(constraint, repeated(), lambda row: f"{rows[row]!r} is row {first[rows[row]] + 1} too")

    def _typed(self, column: Column, values: Sequence[Value]) -> Iterator[Violation]:
        type_ = column.type
        if column.generated:
            return  # what an expression gives is only as typed as it is
        rows = _misfits(values, type_.kind)
        yield from self._told(f"type of {column.name}", rows, self._shown(column.name))
        if type_.form and type_.items is None:
            found = {value for value in set(values) if isinstance(value, str) and not in_form(value, type_)}
            rows = (row for row, value in enumerate(values) if value in found)
            yield from self._told(f"form of {column.name} ({type_.form})", rows, self._shown(column.name))
        if type_.length is not None and type_.items is None:
            longest = type_.length
            rows = (row for row, value in enumerate(values) if isinstance(value, str) and len(value) > longest)
            yield from self._told(f"length of {column.name}", rows, self._shown(column.name))
        if type_.kind == "decimal" and type_.precision is not None:
            whole, scale = type_.precision - (type_.scale or 0), type_.scale or 0
            beyond = {value for value in set(values) if not _is_within(value, whole, scale)}
            rows = (row for row, value in enumerate(values) if value in beyond)
            yield from self._told(f"precision of {column.name}", rows if beyond else (), self._shown(column.name))
        if type_.items is not None:
            item = _fits_item(type_, type_.items)
            rows = (row for row, value in enumerate(values) if isinstance(value, str) and not _is_list(value, item))
            yield from self._told(f"items of {column.name}", rows, self._shown(column.name))

    # -- SQLite ------------------------------------------------------------------------------------------------------

    def _asked(self) -> Iterator[Violation]:
        """Computed columns, which are kept, then conditions and the keys of unique indexes."""
        computed = [column for column in self.table.columns if column.generated]
        questions = [quote(column.name) for column in computed]
        conditions = [(check.name and f"CHECK {check.name}") or f"CHECK ({check.sql})" for check in self.table.checks]
        questions += [f"NOT ({check.sql})" for check in self.table.checks]
        indexes = [index for index in self.table.indexes if index.unique]
        for index in indexes:
            asked = _expressions(index, {column.name for column in computed})
            questions += [f"({text})" for text in asked]
        if not questions:
            yield from self._indexed(indexes, iter(()))
            return
        answers: list[list[Value]] = [[] for _ in questions]
        try:
            for row in self._answers(questions):
                for answer, value in zip(answers, row, strict=True):
                    answer.append(value)
        except (apsw.Error, OverflowError, TypeError) as error:
            yield Violation(self.table.name, "SQLite", 0, f"refuses to say: {error}")
            answers = [[None] * self.count for _ in questions]
        given = iter(answers)
        for column in computed:
            found = next(given)
            if column.name in self.given:
                own = self.given[column.name]
                rows = (row for row in range(self.count) if own[row] != found[row])
                detail = self._computed(column.name, own, found)
                yield from self._told(f"computed {column.name}", rows, detail)
            self.values[column.name] = found
        for name in conditions:
            broken = next(given)
            yield from self._told(name, (row for row, truth in enumerate(broken) if truth), self._row)
        yield from self._indexed(indexes, given)

    @staticmethod
    def _computed(name: str, own: Sequence[Value], found: Sequence[Value]) -> Callable[[int], str]:
        return lambda row: f"{name} is {_short(own[row])} and not {_short(found[row])}"

    def _row(self, row: int) -> str:
        return _short({name: values[row] for name, values in self.values.items()}, 200)

    def _indexed(self, indexes: Sequence[Index], given: Iterator[list[Value]]) -> Iterator[Violation]:
        for index in indexes:
            shown = f"UNIQUE INDEX ({', '.join(index.columns)})" + (f" WHERE {index.where}" if index.where else "")
            if _expressions(index, {c.name for c in self.table.columns if c.generated}):
                lists = [next(given) for _ in index.columns]
                if index.where:
                    inside = next(given)
                    # A row that the index leaves out is as one with a NULL in it.
                    lists.append([True if truth else None for truth in inside])
            else:
                lists = [self._listed(text) for text in index.columns]
            yield from self._distinct(shown, lists)

    def _listed(self, text: str) -> list[Value]:
        lowered = _PLAIN_LOWER.fullmatch(text)
        if lowered is None:
            return self.values[text[1:-1].replace('""', '"')]
        values = self.values[lowered.group(1).replace('""', '"')]
        return [value.translate(_LOWER) if isinstance(value, str) else value for value in values]

    def _answers(self, questions: Sequence[str]) -> Iterator[tuple[Value, ...]]:
        stored = [column.name for column in self.table.columns if not column.generated]
        lines = [
            f"{quote(column.name)} {sqlite_name(column.type)}"
            + (f" GENERATED ALWAYS AS ({column.generated}) STORED" if column.generated else "")
            for column in self.table.columns
        ]
        name = quote(self.table.name)
        connection = apsw.Connection(":memory:")
        try:
            connection.execute(f"CREATE TABLE {name} ({', '.join(lines)})")
            marks = ", ".join("?" for _ in stored)
            insert = f"INSERT INTO {name} ({', '.join(map(quote, stored))}) VALUES ({marks})"
            select = f"SELECT {', '.join(questions)} FROM {name}"
            for start in range(0, self.count, _CHUNK):
                rows = zip(*(self.given[column][start : start + _CHUNK] for column in stored), strict=True)
                with connection:
                    connection.executemany(insert, rows)
                    yield from connection.execute(select).fetchall()
                    connection.execute(f"DELETE FROM {name}")
        finally:
            connection.close()


def _expressions(index: Index, computed: set[str]) -> list[str]:
    """What SQLite has to be asked for an index; nothing for plain columns and for LOWER of one."""
    plain = all(_PLAIN_NAME.fullmatch(text) or _PLAIN_LOWER.fullmatch(text) for text in index.columns)
    if plain and not index.where:
        return []
    return [*index.columns, *([index.where] if index.where else [])]


def _misfits(values: Sequence[Value], kind: Kind) -> Iterator[int]:
    """The rows whose value is not in the stored form of a kind; each different value is looked at once."""
    fits = _FITS.get(kind, _is_text)
    if set(map(type, values)) - {type(None)} <= _TYPES.get(kind, {str}):
        wrong = {value for value in set(values) if value is not None and not fits(value)} if kind in _FITS else ()
        if wrong:
            yield from (row for row, value in enumerate(values) if value in wrong)
    else:  # 1, 1.0 and True are equal, and stored differently
        yield from (row for row, value in enumerate(values) if value is not None and not fits(value))


def _short(value: object, most: int = 80) -> str:
    shown = repr(value)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _is_integer(value: Value) -> bool:
    return type(value) is int and -_LARGEST <= value < _LARGEST


def _is_number(value: Value) -> bool:
    # NaN is unequal to itself.
    return type(value) is int or (isinstance(value, float) and value - value == 0)


def _is_truth(value: Value) -> bool:
    return isinstance(value, int) and value in (0, 1)


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_json(value: Value) -> bool:
    try:
        json.loads(value if isinstance(value, str) else "")
    except (ValueError, RecursionError):
        return False
    return True


def _formed(kind: str) -> Callable[[Value], bool]:
    form = _FORMS[kind]
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


_TYPES: dict[str, set[type]] = {
    "integer": {int},
    "real": {int, float},
    "decimal": {int, float},
    "boolean": {int, bool},
    "blob": {bytes},
}
_FITS: dict[str, Callable[[Value], bool]] = {
    "integer": _is_integer,
    "real": _is_number,
    "decimal": _is_number,
    "boolean": _is_truth,
    "blob": lambda value: isinstance(value, bytes),
    "json": _is_json,
    **{kind: _formed(kind) for kind in _FORMS},
}


def _is_within(value: Value, whole: int, scale: int) -> bool:
    if not isinstance(value, int | float):
        return True
    # A float is compared with a whole number exactly; 10.0**24 is less than 10**24.
    return abs(value) < 10 ** min(whole, _MOST_DIGITS) and (isinstance(value, int) or round(value, scale) == value)


def _is_list(text: str, fits: Callable[[Value], bool]) -> bool:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(items, list):
        return False
    return all(item is None or isinstance(item, list) or fits(_stored(item)) for item in items)


def _fits_item(type_: ColumnType, kind: Kind) -> Callable[[Value], bool]:
    fits, longest = _FITS.get(kind, _is_text), type_.length
    if longest is None:
        return fits
    return lambda value: fits(value) and isinstance(value, str) and len(value) <= longest and in_form(value, type_)


def _stored(item: object) -> Value:
    """An item in the form in which a column would store it."""
    return int(item) if isinstance(item, bool) else item if isinstance(item, int | float | str) else json.dumps(item)
