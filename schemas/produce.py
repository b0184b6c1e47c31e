"""Turning the source of a column into a function from a row's index to a value.

A `Site` is a column about to be drawn: it hands out its random streams, resolves paths to what can be
read, and notes on the way what must be there first. Foreign keys that are picked are `link.py`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import gcd
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import FillError, RecipeError
from .expression import Expression, Getter, ManyGetter, Path, compile_columns, compile_expression
from .forms import made_text
from .model import Column, Schema, Table, Value
from .moment import (
    DAY,
    NO_MOMENT,
    read_moment,
    read_moments,
    read_point,
    write_date,
    write_dates,
    write_moment,
    write_moments,
)
from .pools import faker_pool, own_pool
from .randomness import Indices, Skewed, Stream, Weighted, lean, leans, picked
from .route import Bound, find_route
from .shape import text_draw
from .sources import (
    After,
    Aggregate,
    Among,
    Between,
    Bits,
    Cases,
    Choice,
    ColumnRecipe,
    Computed,
    Constant,
    Copy,
    Entries,
    Fallback,
    Located,
    Numbered,
    Person,
    Piece,
    Pool,
    Position,
    Price,
    Shaped,
    Share,
    SkewedRange,
    Text,
)
from .store import Store
from .words import COUNTRY_LINES, CURRENCY_LINES, GEOGRAPHY, LANGUAGE_LINES, STATE_LINES, UNIT_LINES

Key = tuple[str, str, str]
"""What can be waited for: ("column", table, column), ("link", table, position), ("rows", table, "")."""
Draw = Callable[[int, int], Value]
"""A value for a row's index and a salt; another salt is another draw."""
ManyDraws = Callable[[Indices, int], list[Value]]
"""The values of many rows, all with the same salt."""
ManyReads = Callable[[Indices], list[Value]]

POSTCODE = 5
"""Where the postal code stands in a line of `GEOGRAPHY`."""
PHONE = 6
"""Where the area code does; as an address's part it becomes a telephone number that nobody has."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS_CLEAR = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_NORMAL = NormalDist()
_COUNTER = re.compile(r"\{(n|a)(?::(\d+))?\}")


@dataclass(slots=True)
class Site:
    """Where values are drawn for: a column of a table, with what it may read.

    Attributes:
        needs: What must be drawn before, in the order in which it was asked for.
    """

    schema: Schema
    store: Store
    bound: Bound
    seed: int
    now: int
    table: Table
    column: Column
    needs: dict[Key, None] = field(default_factory=dict)

    def stream(self, *names: str) -> Stream:
        """The random stream of the column, or of one purpose in it."""
        return Stream(self.seed, self.table.name, self.column.name, *names)

    def read(self, path: Path, table: str | None = None) -> Callable[[int], Value]:
        """A function that reads `path` from a row of the site's table, or of another one."""
        route = find_route(self.schema, table or self.table.name, path, self.bound)
        links: list[list[int | None]] = []
        for owner, position in route.hops:
            self.needs["link", owner, str(position)] = None
            links.append(self.store.links[owner, position])
        self.needs["column", route.table, route.column] = None
        values = self.store.columns[route.table, route.column]
        if not links:
            return lambda row: values[row]
        if len(links) == 1:
            only = links[0]

            def through(row: int) -> Value:
                target = only[row]
                return None if target is None else values[target]

            return through

        def far(row: int) -> Value:
            here: int | None = row
            for link in links:
                here = link[here] if here is not None else None
            return None if here is None else values[here]

        return far

    def read_many(self, path: Path, table: str | None = None) -> ManyReads:
        """What `read` gives, for many rows at once."""
        route = find_route(self.schema, table or self.table.name, path, self.bound)
        links = [self.store.links[owner, position] for owner, position in route.hops]
        values = self.store.columns[route.table, route.column]
        size = self.store.sizes

        def through(rows: Indices) -> list[Value]:
            here: list[int | None] = rows.tolist()
            for link in links:
                here = [None if row is None else link[row] for row in here]
            if links:
                return [None if row is None else values[row] for row in here]
            if len(here) == size.get(route.table, -1):
                return values[:]
            return [values[row] for row in here if row is not None]

        return through

    def read_seconds(self, path: Path) -> Callable[[Indices], NDArray[np.int64]]:
        """The seconds of a date or timestamp for many rows; `NO_MOMENT` for NULL."""
        route = find_route(self.schema, self.table.name, path, self.bound)
        read = self.read_many(path)
        store, key = self.store, (route.table, route.column)
        links = [store.links[owner, position] for owner, position in route.hops]

        def through(rows: Indices) -> NDArray[np.int64]:
            known = store.seconds.get(key)
            if known is None:
                return read_moments(read(rows))
            here: list[int | None] = rows.tolist()
            for link in links:
                here = [None if row is None else link[row] for row in here]
            if not links:
                return known[rows]
            if None not in here:
                return known[np.array(here, np.int64)]
            return np.array([NO_MOMENT if row is None else known[row] for row in here], np.int64)

        return through

    def compile_many(self, expression: Expression) -> ManyGetter:
        """An expression over many of the site's rows; falls back to one row after the other where one is odd."""
        one = self.compile(expression)
        many = compile_columns(expression, self.read_many, write_moment(self.now))
        return _careful(many, one, lambda rows: rows.tolist())

    def compile_many_pairs(self, expression: Expression, other: str) -> Callable[[Indices, Indices], list[Value]]:
        """An expression over many pairs (own row, row of `other`)."""
        one = self.compile_pair(expression, other)

        def resolve(path: Path) -> ManyGetter:
            if path[0] == other and len(path) > 1:
                theirs = self.read_many(path[1:], other)
                return lambda pairs: theirs(pairs.other)
            own = self.read_many(path)
            return lambda pairs: own(pairs.own)

        many = compile_columns(expression, resolve, write_moment(self.now))
        careful = _careful(many, one, lambda pairs: zip(pairs.own.tolist(), pairs.other.tolist(), strict=True))
        return lambda own, others: careful(_Pairs(own, others))

    def compile(self, expression: Expression, table: str | None = None) -> Getter:
        """An expression over the site's own row, or one of another table."""
        return compile_expression(expression, lambda path: self.read(path, table), write_moment(self.now))

    def compile_pair(self, expression: Expression, other: str) -> Getter:
        """An expression over (own row, row of `other`); names that start with `other` are the other row's."""

        def resolve(path: Path) -> Getter:
            if path[0] == other and len(path) > 1:
                theirs = self.read(path[1:], other)
                return lambda pair: theirs(pair[1])
            own = self.read(path)
            return lambda pair: own(pair[0])

        return compile_expression(expression, resolve, write_moment(self.now))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Rows of the own table, and for each one a row of another."""

    own: Indices
    other: Indices

    def __len__(self) -> int:
        return len(self.own)


def _careful(many: ManyGetter, one: Getter, contexts: Callable[[Any], Iterable[Any]]) -> ManyGetter:
    def both(rows: Any) -> list[Value]:
        try:
            return many(rows)
        except (TypeError, ValueError, OverflowError, FillError):
            # A part that is not reached in any row may fail when it is computed for all.
            return [one(context) for context in contexts(rows)]

    return both


@dataclass(frozen=True, slots=True)
class Drawn:
    """How values come about.

    Attributes:
        draw: The value of a row.
        random: Another salt may give another value.
        options: All values there are, when they can be listed.
        many: The values of many rows; what `draw` gives for each, only faster.
        stored: `many` gives values in the form in which the column stores them.
        seconds: Of moments, instead of `many`: the numbers that are written out; `NO_MOMENT` for NULL.
        dated: They are written as dates.
    """

    draw: Draw
    random: bool = True
    options: tuple[Value, ...] | None = None
    many: ManyDraws | None = None
    stored: bool = False
    seconds: Callable[[Indices, int], NDArray[np.int64]] | None = None
    dated: bool = False

    def column(self, rows: Indices, salt: int) -> list[Value]:
        """The values of many rows."""
        if self.seconds is not None:
            return written_moments(self.seconds(rows, salt), self.dated)
        if self.many is not None:
            return self.many(rows, salt)
        draw = self.draw
        return [draw(row, salt) for row in rows.tolist()]


def produce(recipe: ColumnRecipe, site: Site) -> Drawn:
    """The draw of a column's recipe, with `when` and `null` applied."""
    drawn = _source(recipe, site)
    if recipe.null > 0:
        drawn = _with_null(drawn, recipe.null, site.stream("null"))
    if recipe.when is not None:
        drawn = _when(drawn, site.compile(recipe.when), site.compile_many(recipe.when))
    return drawn


def _with_null(inner: Drawn, chance: float, stream: Stream) -> Drawn:
    def absent(rows: Indices, salt: int) -> NDArray[np.bool_]:
        return stream.units(rows, salt) < chance

    return _sometimes(
        inner,
        lambda row, salt: None if stream.unit(row, salt) < chance else inner.draw(row, salt),
        lambda rows, salt: ~absent(rows, salt),
        random=True,
        options=(*inner.options, None) if inner.options else None,
    )


def _when(inner: Drawn, holds: Getter, holds_many: ManyGetter) -> Drawn:
    return _sometimes(
        inner,
        lambda row, salt: inner.draw(row, salt) if holds(row) else None,
        lambda rows, salt: np.array([bool(found) for found in holds_many(rows)], bool),
        random=inner.random,
        options=None,
    )


def _sometimes(
    inner: Drawn,
    draw: Draw,
    present: Callable[[Indices, int], NDArray[np.bool_]],
    *,
    random: bool,
    options: tuple[Value, ...] | None,
) -> Drawn:
    """`inner` in the rows where `present` says so, else NULL."""

    def many(rows: Indices, salt: int) -> list[Value]:
        kept = present(rows, salt)
        values = iter(inner.column(rows[kept], salt))
        return [next(values) if found else None for found in kept.tolist()]

    def seconds(rows: Indices, salt: int) -> NDArray[np.int64]:
        kept = present(rows, salt)
        found = np.full(len(rows), NO_MOMENT, np.int64)
        if inner.seconds is not None:
            found[kept] = inner.seconds(rows[kept], salt)
        return found

    whole = inner.many is not None or inner.seconds is not None
    return Drawn(
        draw,
        random,
        options,
        many=many if whole else None,
        stored=inner.stored,
        seconds=seconds if inner.seconds is not None else None,
        dated=inner.dated,
    )


def _source(recipe: ColumnRecipe, site: Site) -> Drawn:
    source = recipe.source
    match source:
        case Constant(value):
            return Drawn(lambda row, salt: value, random=False, many=lambda rows, salt: [value] * len(rows))
        case Choice():
            return _choice(source, site)
        case Pool():
            entries = _with_room(own_pool(source.name) if not source.faker else faker_pool(source.name), site.column)
            stream = site.stream()
            if source.walked:
                return _walked(entries, stream, site)
            return Drawn(
                lambda row, salt: entries[stream.below(len(entries), row, salt)],
                options=_distinct(entries),
                many=lambda rows, salt: picked(entries, stream.belows(len(entries), rows, salt)),
            )
        case Person():
            return _person(source, site)
        case Text():
            return _text(source, site)
        case Between():
            return _between(source, site)
        case SkewedRange():
            skewed, stream = Skewed(source.low, source.high, source.mean), site.stream()
            options = tuple(range(source.low, source.high + 1)) if source.high - source.low < 1000 else None
            return Drawn(
                lambda row, salt: skewed.at(stream.unit(row, salt)),
                options=options,
                many=lambda rows, salt: skewed.many(stream.units(rows, salt)).tolist(),
                stored=site.column.type.kind == "integer",
            )
        case Price():
            return _price(source, site)
        case After():
            return _after(source, site)
        case Copy(path):
            read = site.read(path)
            read_many = site.read_many(path)
            return Drawn(lambda row, salt: read(row), random=False, many=lambda rows, salt: read_many(rows))
        case Computed(expression):
            compute, compute_many = site.compile(expression), site.compile_many(expression)
            return Drawn(lambda row, salt: compute(row), random=False, many=lambda rows, salt: compute_many(rows))
        case Aggregate():
            return _aggregate(source, site)
        case Share():
            return _share(source, site)
        case Fallback():
            return _fallback(source, site)
        case Numbered():
            return _sequence(source, site)
        case Position():
            return _position(source, site)
        case Entries():
            return _entries(source, site)
        case Located():
            return _located(source, site)
        case Cases():
            return _cases(source, site)
        case Bits():
            return _bits(source, site)
        case Among():
            return _among(source, site)
        case Shaped():
            return _shaped(source, site)
    raise RecipeError(f"{site.table.name}.{site.column.name}: {type(source).__name__} cannot be drawn here")


_LEAST = 8


def _with_room(entries: tuple[Value, ...], column: Column) -> tuple[Value, ...]:
    """The entries that the column has room for, unless they are too few."""
    length = column.type.length
    if length is None or column.type.kind != "text":
        return entries
    fitting = tuple(entry for entry in entries if len(str(entry)) <= length)
    return fitting if len(fitting) >= _LEAST else entries


_TWINS = 0.02
"""So many rows are namesakes of another, which makes about twice as many names ambiguous."""
_NEAR = 60


def _twins(site: Site) -> tuple[Callable[[int], int], Callable[[Indices], Indices]]:
    """The row whose name a row has: mostly its own, now and then an earlier one's."""
    chance, back = (Stream(site.seed, site.table.name, "", "twin", part) for part in ("chance", "back"))

    def one(row: int) -> int:
        return max(row - 1 - back.below(_NEAR, row), 0) if chance.unit(row) < _TWINS else row

    def many(rows: Indices) -> Indices:
        earlier = np.maximum(rows - 1 - back.belows(_NEAR, rows), 0)
        return np.where(chance.units(rows) < _TWINS, earlier, rows)

    return one, many


def _walked(entries: tuple[Value, ...], stream: Stream, site: Site, *, twins: bool = True) -> Drawn:
    one, many = _twins(site) if twins else ((lambda row: row), (lambda rows: rows))
    size = len(entries)
    start = stream.below(size, 0, 1)

    def walked(rows: Indices, salt: int) -> list[Value]:
        return picked(entries, stream.belows(size, rows, salt) if salt else (start + many(rows) * stride) % size)

    # A step without a factor in common with the size passes every entry before the first comes again.
    stride = next(step for step in range(1 + stream.below(size, 0, 2), 2 * size + 2) if gcd(step, size) == 1)
    return Drawn(
        lambda row, salt: entries[(start + one(row) * stride) % size if not salt else stream.below(size, row, salt)],
        options=_distinct(entries),
        many=walked,
    )


def _person(source: Person, site: Site) -> Drawn:
    one, many = _twins(site)
    parts = ("first", "last") if source.part == "full" else (source.part,)
    streams = [site.stream(part) for part in parts]
    read = site.read(source.gender) if source.gender else None
    read_many = site.read_many(source.gender) if source.gender else None
    kinds = {"f": "female", "w": "female", "m": "male"}

    def pool(part: str, gender: Value) -> tuple[Value, ...]:
        kind = kinds.get(str(gender)[:1].lower()) if part == "first" and gender is not None else None
        return faker_pool(f"{part}_name_{kind}" if kind else f"{part}_name")

    def draw(row: int, salt: int) -> Value:
        index = one(row) if not salt else row
        gender = read(row) if read is not None else None
        pools = [pool(part, gender) for part in parts]
        return " ".join(
            str(names[stream.below(len(names), index, salt)]) for names, stream in zip(pools, streams, strict=True)
        )

    def drawn(rows: Indices, salt: int) -> list[Value]:
        indices = rows if salt else many(rows)
        columns: list[list[Value]] = []
        for part, stream in zip(parts, streams, strict=True):
            names = pool(part, None)
            places = stream.belows(len(names), indices, salt)
            if part != "first" or read_many is None:
                columns.append(picked(names, places))
                continue
            # All pools are of one size, so a place is a place in any of them.
            genders = read_many(rows)
            pools = {gender: pool(part, gender) for gender in dict.fromkeys(genders)}
            columns.append([pools[gender][place] for gender, place in zip(genders, places.tolist(), strict=True)])
        if len(columns) == 1:
            return columns[0]
        return [f"{first} {last}" for first, last in zip(*columns, strict=True)]

    return Drawn(draw, many=drawn)


def _share(source: Share, site: Site) -> Drawn:
    read, read_many = site.read(source.path), site.read_many(source.path)
    weighted, stream = Weighted(source.weights), site.stream()
    digits = 0 if site.column.type.kind == "integer" else site.column.type.scale if site.column.type.scale else 2

    def part(amount: Value, rate: float) -> Value:
        return round(amount * rate, digits) if isinstance(amount, int | float) else None

    return Drawn(
        lambda row, salt: part(read(row), source.rates[weighted.at(stream.unit(row, salt))]),
        many=lambda rows, salt: [
            part(amount, source.rates[place])
            for amount, place in zip(read_many(rows), weighted.many(stream.units(rows, salt)).tolist(), strict=True)
        ],
    )


def _fallback(source: Fallback, site: Site) -> Drawn:
    first, second = produce(source.first, site), produce(source.second, site)
    nullable = site.column.nullable and site.column.name not in site.table.primary_key

    def draw(row: int, salt: int) -> Value:
        if salt:
            return second.draw(row, salt)
        value = first.draw(row, 0)
        return value if value is not None or nullable else second.draw(row, 0)

    def many(rows: Indices, salt: int) -> list[Value]:
        if salt:
            return second.column(rows, salt)
        values = first.column(rows, 0)
        if nullable or None not in values:
            return values
        return [
            value if value is not None else second.draw(row, 0)
            for value, row in zip(values, rows.tolist(), strict=True)
        ]

    return Drawn(draw, options=second.options, many=many)


def _distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))


def _choice(source: Choice, site: Site) -> Drawn:
    values, weighted, stream = source.values, Weighted(source.weights), site.stream()
    possible = tuple(value for value, weight in zip(values, source.weights, strict=True) if weight > 0)
    return Drawn(
        lambda row, salt: values[weighted.at(stream.unit(row, salt))],
        options=possible,
        many=lambda rows, salt: picked(values, weighted.many(stream.units(rows, salt))),
    )


def _cases(source: Cases, site: Site) -> Drawn:
    drawn: list[tuple[Getter | None, ManyGetter | None, Drawn]] = []
    random = False
    for position, case in enumerate(source.cases):
        # Each case draws from a stream of its own, so that cases do not share their luck.
        inner = Site(**{name: getattr(site, name) for name in Site.__slots__})
        inner.column = _renamed(site.column, f"{site.column.name}[{position}]")
        one = produce(ColumnRecipe(case.source, null=case.null), inner)
        holds = (site.compile(case.when), site.compile_many(case.when)) if case.when else (None, None)
        drawn.append((*holds, one))
        random = random or one.random

    def draw(row: int, salt: int) -> Value:
        for holds, _, one in drawn:
            if holds is None or holds(row):
                return one.draw(row, salt)
        return None

    def many(rows: Indices, salt: int) -> list[Value]:
        found: dict[int, Value] = {}
        waiting = rows
        for _, holds_many, one in drawn:
            mine = waiting
            if holds_many is not None:
                kept = np.array([bool(value) for value in holds_many(waiting)], bool)
                mine, waiting = waiting[kept], waiting[~kept]
            found.update(zip(mine.tolist(), one.column(mine, salt), strict=True))
            if holds_many is None:
                break
        return [found.get(row) for row in rows.tolist()]

    return Drawn(draw, random, many=many)


def _renamed(column: Column, name: str) -> Column:
    return Column(name, column.type, column.nullable, values=column.values)


def _text(source: Text, site: Site) -> Drawn:
    parts: list[Draw] = []
    many_parts: list[ManyDraws | None] = []
    random = False
    for place, piece in enumerate(source.pieces):
        part, many_part, is_random = _piece(piece, site, str(place))
        random = random or is_random
        parts.append(part)
        many_parts.append(many_part)
    # What is read from the row stays; another draw of the rest may be free where this one is taken.
    varied = any(piece.kind or piece.pool is not None for piece in source.pieces)
    nullable = site.column.nullable

    def whole(words: Sequence[Value]) -> Value:
        if None not in words:
            return "".join([word if type(word) is str else _written(word) for word in words])
        if nullable:
            return None
        text = "".join(_written(word) for word in words if word is not None).strip(" .-")
        return f"info{text}" if text.startswith("@") else text or None

    def many(rows: Indices, salt: int) -> list[Value]:
        columns = [one(rows, salt if varied else 0) for one in many_parts if one is not None]
        if all(set(map(type, column)) == {str} for column in columns):
            return list(map("".join, zip(*columns, strict=True)))
        return list(map(whole, zip(*columns, strict=True)))

    return Drawn(
        lambda row, salt: whole([part(row, salt if varied else 0) for part in parts]),
        varied,
        many=many if parts and None not in many_parts else None,
    )


def _written(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _piece(piece: Piece, site: Site, place: str) -> tuple[Draw, ManyDraws, bool]:
    if piece.literal:
        literal = piece.literal
        return (lambda row, salt: literal), (lambda rows, salt: [literal] * len(rows)), False
    stream = site.stream("text", place)
    inner: Draw
    many: ManyDraws
    if piece.path:
        read = site.read(piece.path)
        inner = lambda row, salt: read(row)  # noqa: E731
        read_many = site.read_many(piece.path)
        many = lambda rows, salt: read_many(rows)  # noqa: E731
    elif piece.pool is not None:
        entries = faker_pool(piece.pool.name) if piece.pool.faker else own_pool(piece.pool.name)
        inner = lambda row, salt: entries[stream.below(len(entries), row, salt)]  # noqa: E731
        many = lambda rows, salt: picked(entries, stream.belows(len(entries), rows, salt))  # noqa: E731
    else:
        alphabet = "0123456789" if piece.kind == "number" else _LETTERS_CLEAR
        inner = lambda row, salt: _characters(stream, alphabet, piece.count, row, salt)  # noqa: E731
        many = lambda rows, salt: _many_characters(stream, alphabet, piece.count, rows, salt)  # noqa: E731
    if not piece.filters:
        return inner, many, not piece.path
    known: dict[Value, Value] = {}

    def filtered(value: Value) -> Value:
        if value is None:
            return None
        text = _written(value)
        for name in piece.filters:
            text = _FILTERS[name](text)
        return text[: piece.count] if piece.count else text

    def remembered(value: Value) -> Value:
        if value not in known:
            known[value] = filtered(value)
        return known[value]

    return (
        (lambda row, salt: filtered(inner(row, salt))),
        (lambda rows, salt: [remembered(value) for value in many(rows, salt)]),
        not piece.path,
    )


def _characters(stream: Stream, alphabet: str, count: int, row: int, salt: int) -> str:
    """Random characters; the first is never 0, as a leading zero does not survive being read as a number."""
    written = [alphabet[stream.below(len(alphabet), row, salt * 100 + place)] for place in range(count)]
    if count and written[0] == "0":
        written[0] = alphabet[1 + stream.below(len(alphabet) - 1, row, salt * 100 + 99)]
    return "".join(written)


def _many_characters(stream: Stream, alphabet: str, count: int, rows: Indices, salt: int) -> list[Value]:
    if not count:
        return [""] * len(rows)
    letters = np.array(list(alphabet))
    places = [stream.belows(len(alphabet), rows, salt * 100 + place) for place in range(count)]
    if alphabet[0] == "0":
        places[0] = np.where(places[0] == 0, 1 + stream.belows(len(alphabet) - 1, rows, salt * 100 + 99), places[0])
    written = letters[np.stack(places, axis=1)]
    return ["".join(found) for found in written.tolist()]


@lru_cache(maxsize=65536)
def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").lower()).strip("-")


def _abbreviation(text: str) -> str:
    """NREG for Northern Region, of which the first letters alone do where there is less room."""
    parts: list[str] = re.findall(
        r"[A-Z0-9]+", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    )
    if len(parts) < 2:
        return "".join(parts)
    return "".join(part[0] for part in parts) + parts[-1][1:3]


_FILTERS: dict[str, Callable[[str], str]] = {
    "abbreviation": _abbreviation,
    "slug": _slug,
    "lower": str.lower,
    "upper": str.upper,
    "digits": lambda text: "".join(character for character in text if character.isdigit()),
    "initial": lambda text: text[:1].upper(),
}


def _working(seconds: int, unit: float) -> int:
    """The same day at some time from 08:00 to 17:59."""
    return seconds - seconds % DAY + 8 * 3600 + int(unit * 10 * 3600)


def _many_working(seconds: NDArray[np.int64], units: NDArray[np.float64]) -> NDArray[np.int64]:
    return seconds - seconds % DAY + 8 * 3600 + (units * 10 * 3600).astype(np.int64)


def written_moments(seconds: NDArray[np.int64], dated: bool) -> list[Value]:
    """Moments as texts, dates alone when `dated`; None where there is none."""
    absent = seconds == NO_MOMENT
    whole = np.where(absent, 0, seconds) if absent.any() else seconds
    written: list[Value] = list(write_dates(whole) if dated else write_moments(whole))
    for place in np.flatnonzero(absent).tolist():
        written[place] = None
    return written


def _between(source: Between, site: Site) -> Drawn:
    kind, stream = site.column.type.kind, site.stream()
    low, high = source.low, source.high
    if isinstance(low, str) or isinstance(high, str):
        first, last = read_point(str(low), site.now), read_point(str(high), site.now)
        if last < first:
            name = site.table.name
            why = f"between {low!r} and {high!r} there is no time at this clock"
            raise FillError(f"{name}.{site.column.name}: {why}", (name,))
        time = site.stream("time")

        def moment(row: int, salt: int) -> Value:
            seconds = first + stream.below(last - first + 1, row, salt)
            if source.time == "midnight":
                seconds -= seconds % DAY
            if source.time == "working":
                seconds = min(_working(seconds, time.unit(row, salt)), max(last, first))
            return write_date(seconds) if kind in ("date", "text") else write_moment(seconds)

        def numbers_of(rows: Indices, salt: int) -> NDArray[np.int64]:
            seconds = first + stream.belows(last - first + 1, rows, salt)
            if source.time == "midnight":
                seconds -= seconds % DAY
            if source.time == "working":
                seconds = np.minimum(_many_working(seconds, time.units(rows, salt)), max(last, first))
            return seconds - seconds % DAY if kind in ("date", "text") else seconds

        return Drawn(
            moment, stored=kind in ("date", "timestamp"), seconds=numbers_of, dated=kind in ("date", "text")
        )  # fmt: skip
    if isinstance(low, int) and isinstance(high, int) and kind == "integer":
        width = high - low + 1
        options = tuple(range(low, high + 1)) if width <= 1000 else None
        return Drawn(
            lambda row, salt: low + stream.below(width, row, salt),
            options=options,
            many=lambda rows, salt: (low + stream.belows(width, rows, salt)).tolist(),
            stored=True,
        )
    digits = source.digits

    def number(row: int, salt: int) -> Value:
        value = low + (high - low) * stream.unit(row, salt)
        return value if digits is None else round(value, digits)

    def numbers(rows: Indices, salt: int) -> list[Value]:
        values = (low + (high - low) * stream.units(rows, salt)).tolist()
        return values if digits is None else [round(value, digits) for value in values]

    return Drawn(number, many=numbers)


_ENDINGS = Weighted((46, 14, 12, 16, 6, 6))
_CENTS = (99, 95, 49, 0, 50, 90)


def _price(source: Price, site: Site) -> Drawn:
    low, high, stream, ending = source.low, source.high, site.stream(), site.stream("ending")
    spread = (high / low) ** 0.25
    middle = (low * high) ** 0.5 / spread**0.4
    whole = site.column.type.kind == "decimal" and site.column.type.scale == 0

    def draw(row: int, salt: int) -> Value:
        normal = _NORMAL.inv_cdf(min(max(stream.unit(row, salt), 1e-9), 1 - 1e-9))
        amount = min(max(middle * spread ** (normal * 0.75), low), high)
        cents = int(amount) * 100 + _CENTS[_ENDINGS.at(ending.unit(row, salt))]
        if amount >= 5000:
            cents -= cents % 10000
        cents = min(max(cents, round(low * 100)), round(high * 100))
        if source.cents:
            return cents
        return cents // 100 if whole else cents / 100

    def many(rows: Indices, salt: int) -> list[Value]:
        units = np.clip(stream.units(rows, salt), 1e-9, 1 - 1e-9)
        normal = np.array([_NORMAL.inv_cdf(unit) for unit in units.tolist()])
        amounts = np.array([middle * spread ** (found * 0.75) for found in normal.tolist()])
        amounts = np.clip(amounts, low, high)
        endings = np.array(_CENTS)[_ENDINGS.many(ending.units(rows, salt))]
        cents = amounts.astype(np.int64) * 100 + endings
        cents = np.where(amounts >= 5000, cents - cents % 10000, cents)
        cents = np.clip(cents, round(low * 100), round(high * 100))
        if source.cents:
            return list(cents.tolist())
        return list((cents // 100).tolist() if whole else (cents / 100).tolist())

    return Drawn(draw, many=many, stored=source.cents and site.column.type.kind == "integer")


def _after(source: After, site: Site) -> Drawn:
    reads = [site.read(path) for path in source.paths]
    many_reads = [site.read_seconds(path) for path in source.paths]
    stream, time = site.stream(), site.stream("time")
    daily = site.column.type.kind in ("date", "text")
    least = source.least if daily else max(source.least, 1)
    now = site.now if not source.ahead else max(read_point(source.until, site.now), site.now)
    until = min(read_point(source.until, site.now), now)
    otherwise = _between(source.otherwise, site).draw if source.otherwise is not None else None

    def draw(row: int, salt: int) -> Value:
        starts = [value for read in reads if (value := read(row)) is not None]
        if not starts:
            return otherwise(row, salt) if otherwise is not None else None
        base = max(read_moment(str(start)) for start in starts)
        latest = until if base < until else now
        last = max(min(base + source.within, latest), base)
        first = min(base + least, last)
        if source.late:
            first = max(first, last - source.late)
        seconds = first + int((last - first + 1) * lean(stream.unit(row, salt)))
        if source.time == "working":
            shifted = (_working(seconds + days * DAY, time.unit(row, salt)) for days in (0, 1, -1))
            seconds = next((moved for moved in shifted if first <= moved <= last), seconds)
        return write_date(seconds) if daily else write_moment(seconds)

    def numbers_of(rows: Indices, salt: int) -> NDArray[np.int64]:
        base = np.max(np.stack([read(rows) for read in many_reads]), axis=0)
        absent = base == NO_MOMENT
        base[absent] = site.now
        latest = np.where(base < until, until, now)
        last = np.maximum(np.minimum(base + source.within, latest), base)
        first = np.minimum(base + least, last)
        if source.late:
            first = np.maximum(first, last - source.late)
        seconds = first + ((last - first + 1) * leans(stream.units(rows, salt))).astype(np.int64)
        if source.time == "working":
            units = time.units(rows, salt)
            settled = np.zeros(len(rows), bool)
            moved = seconds
            for days in (0, 1, -1):
                shifted = _many_working(seconds + days * DAY, units)
                fits = ~settled & (first <= shifted) & (shifted <= last)
                moved = np.where(fits, shifted, moved)
                settled |= fits
            seconds = moved
        if daily:
            seconds = seconds - seconds % DAY
        others = [draw(row, salt) for row in rows[absent].tolist()]
        seconds[absent] = read_moments(others)
        moments: NDArray[np.int64] = seconds
        return moments

    stored = site.column.type.kind in ("date", "timestamp")
    return Drawn(draw, stored=stored, seconds=numbers_of if many_reads else None, dated=daily)


def _aggregate(source: Aggregate, site: Site) -> Drawn:
    child = source.table
    site.needs["rows", child, ""] = None
    site.needs["link", child, str(source.key)] = None
    link = site.store.links[child, source.key]
    read: Callable[[int], Value] | None = None
    read_many: ManyReads | None = None
    if source.value is not None:
        compute = site.compile(source.value, child)
        read, read_many = compute, lambda rows: [compute(row) for row in rows.tolist()]
    elif source.column:
        read, read_many = site.read((source.column,), child), site.read_many((source.column,), child)
    plus = site.compile(source.plus) if source.plus is not None else None
    holds = site.compile_pair(source.where, child) if source.where else None
    members: dict[int, list[int]] = defaultdict(list)
    ready: list[bool] = []

    def gather() -> None:
        for row in site.store.rows(child):
            target = link[row]
            if target is not None:
                members[target].append(row)
        ready.append(True)

    def draw(row: int, salt: int) -> Value:
        if not ready:
            gather()
        rows = members.get(row, [])
        if holds is not None:
            rows = [other for other in rows if holds((row, other))]
        if read is None:
            return len(rows)
        values = [value for other in rows if (value := read(other)) is not None]
        return added(row, _reduce(source.function, values, site))

    def added(row: int, value: Value) -> Value:
        more = plus(row) if plus is not None else None
        return value + more if isinstance(value, int | float) and isinstance(more, int | float) else value

    def many(rows: Indices, salt: int) -> list[Value]:
        del salt
        children = site.store.rows(child)
        targets = [link[row] for row in children]
        if holds is not None:
            targets = [
                target if target is not None and holds((target, row)) else None
                for target, row in zip(targets, children, strict=True)
            ]
        values: list[Value] = [1] * len(children) if read_many is None else read_many(np.array(children, np.int64))
        if source.function in ("sum", "count") and set(map(type, values)) <= {int}:
            return _many_sums(targets, values, rows, site.store.sizes[site.table.name])
        groups: dict[int, list[Value]] = defaultdict(list)
        for target, value in zip(targets, values, strict=True):
            if target is not None and value is not None:
                groups[target].append(value)
        if read_many is None:
            return [len(groups[row]) if row in groups else 0 for row in rows.tolist()]
        empty: list[Value] = []
        reduced = [_reduce(source.function, groups.get(row, empty), site) for row in rows.tolist()]
        if plus is None:
            return reduced
        return [added(row, value) for row, value in zip(rows.tolist(), reduced, strict=True)]

    return Drawn(draw, random=False, many=many)


def _many_sums(targets: list[int | None], values: list[Value], rows: Indices, size: int) -> list[Value]:
    """The sum of whole values by target, exact: two halves, so that no sum of floats rounds."""
    pairs = [(target, value) for target, value in zip(targets, values, strict=True) if target is not None]
    places = np.array([target for target, _ in pairs], np.int64)
    totals = np.zeros(size, np.int64)
    np.add.at(totals, places, np.array([value for _, value in pairs], np.int64))
    return list(totals[rows].tolist())


def _reduce(function: str, values: Sequence[Value], site: Site) -> Value:
    if function == "sum":
        if all(type(value) is int for value in values):
            return sum(values)  # type: ignore[arg-type]
        total: int | float = 0
        for value in values:
            if not isinstance(value, int | float):
                name = site.table.name
                raise FillError(f"{name}.{site.column.name}: {value!r} cannot be summed", (name,))
            total += value
        return total
    if not values:
        return None
    if function == "avg":
        return sum(float(value) for value in values if isinstance(value, int | float)) / len(values)
    return (min if function == "min" else max)(values)  # type: ignore[type-var]


def _sequence(source: Numbered, site: Site) -> Drawn:
    table = site.table.name
    # Numbers have no gaps, so it must be known which rows stay.
    site.needs["rows", table, ""] = None
    found = _COUNTER.search(source.pattern)
    if found is None:
        raise RecipeError(f"{table}.{site.column.name}: {source.pattern!r} holds no counter")
    before, after = source.pattern[: found.start()], source.pattern[found.end() :]
    letters, width = found.group(1) == "a", int(found.group(2) or 0)
    ranks: dict[int, int] = {}

    def rank_rows() -> None:
        rows = site.store.rows(table)
        order = site.stream("order").order(len(rows)) if source.shuffled else range(len(rows))
        ranks.update(zip(rows, order, strict=True))

    def draw(row: int, salt: int) -> Value:
        if not ranks:
            rank_rows()
        number = source.start + ranks[row] * source.step
        text = _spelled(number, width) if letters else str(number).zfill(width)
        whole = before + text + after
        return int(whole) if site.column.type.kind in ("integer", "decimal", "real") and whole.isdigit() else whole

    def many(rows: Indices, salt: int) -> list[Value]:
        del salt
        if not ranks:
            rank_rows()
        return [draw(row, 0) for row in rows.tolist()] if source.pattern != "{n}" else [
            source.start + ranks[row] * source.step for row in rows.tolist()
        ]  # fmt: skip

    plain = source.pattern == "{n}" and site.column.type.kind == "integer"
    return Drawn(draw, random=False, many=many if plain else None, stored=plain)


def _spelled(number: int, width: int) -> str:
    """`number` in letters, A for 0; within a width it starts over at the end."""
    if width:
        number %= 26**width
    text = ""
    while number or not text:
        number, digit = divmod(number, 26)
        text = _LETTERS[digit] + text
    return text.rjust(width, "A")


def _position(source: Position, site: Site) -> Drawn:
    site.needs["rows", site.table.name, ""] = None
    reads = [site.read_many((name,)) for name in source.within]
    for name in source.within:
        site.read((name,))  # notes that it is needed
    known: list[NDArray[np.int64]] = []

    def places() -> NDArray[np.int64]:
        if not known:
            rows = np.array(site.store.rows(site.table.name), np.int64)
            found = np.zeros(site.store.sizes[site.table.name], np.int64)
            found[rows] = _ranks(_groups([read(rows) for read in reads]))
            known.append(found)
        return known[0]

    def draw(row: int, salt: int) -> Value:
        place = int(places()[row])
        return int(place == 1) if source.first else place

    def many(rows: Indices, salt: int) -> list[Value]:
        del salt
        found = places()[rows]
        return list(((found == 1).astype(np.int64) if source.first else found).tolist())

    return Drawn(draw, random=False, many=many)


def _groups(columns: list[list[Value]]) -> NDArray[np.int64]:
    """A number for each row, the same in rows whose values are."""
    if len(columns) == 1 and set(map(type, columns[0])) == {int}:
        return np.array(columns[0], np.int64)
    numbers: dict[tuple[Value, ...], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in zip(*columns, strict=True)], np.int64)


def _ranks(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the same number stand before each place and in it: 1 for the first."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    sizes = np.diff(np.append(starts, len(groups)))
    out = np.empty(len(groups), np.int64)
    out[order] = np.arange(1, len(groups) + 1) - np.repeat(starts, sizes)
    return out


def _entries(source: Entries, site: Site) -> Drawn:
    # The same order for all columns of the table, or the rows would fall apart.
    order = Stream(site.seed, site.table.name, "", "from").order(len(source.values))
    return Drawn(
        lambda row, salt: source.values[order[row]],
        random=False,
        many=lambda rows, salt: [source.values[order[row]] for row in rows.tolist()],
    )


_LINES = {
    "country": COUNTRY_LINES,
    "currency": CURRENCY_LINES,
    "language": LANGUAGE_LINES,
    "state": STATE_LINES,
    "unit": UNIT_LINES,
}


def _located(source: Located, site: Site) -> Drawn:
    # One stream for all columns of an address, so that they agree.
    place = Stream(site.seed, site.table.name, source.group, "place")
    digits = site.stream("digits")
    if source.of != "place":
        lines = _LINES[source.of]
        # One walk for all columns of a line, so that they agree and no line comes twice before the rest.
        walk = Stream(site.seed, site.table.name, source.of, "walk")
        return _walked(tuple(line[source.part] for line in lines), walk, site, twins=False)
    entries = [line[source.part] + ("-555-01##" if source.part == PHONE else "") for line in GEOGRAPHY]

    def draw(row: int, salt: int) -> Value:
        # Nearer to the front is more frequent, as cities are not equally large.
        return _posted(entries[int(len(entries) * lean(place.unit(row)))], digits.bits(row, salt))

    def many(rows: Indices, salt: int) -> list[Value]:
        places = (len(entries) * leans(place.units(rows))).astype(np.int64)
        if source.part not in (POSTCODE, PHONE):
            return picked(entries, places)
        bits = digits.many_bits(rows, salt).tolist()
        return [_posted(entries[number], found) for number, found in zip(places.tolist(), bits, strict=True)]

    return Drawn(draw, random=source.part in (POSTCODE, PHONE), many=many)


def _posted(pattern: str, bits: int) -> str:
    """The pattern of a postal code with digits for its signs."""
    count = pattern.count("#")
    return pattern.replace("#" * count, f"{(bits * 10**count) >> 64:0{count}}") if count else pattern


def _bits(source: Bits, site: Site) -> Drawn:
    stream, type_ = site.stream(), site.column.type
    kind = type_.kind

    def formed(row: int, salt: int) -> Value:
        whole = stream.bits(row, salt * 2) << 64 | stream.bits(row, salt * 2 + 1)
        if type_.items is None:
            return made_text(type_, whole)
        count, whole = whole % 4, whole // 4
        return json.dumps([made_text(type_, whole // 7**number) for number in range(count)], ensure_ascii=False)

    if type_.form and not source.digits:
        return Drawn(formed)

    def draw(row: int, salt: int) -> Value:
        digits = "".join(f"{stream.bits(row, salt * 8 + part):016x}" for part in range(2 + source.digits // 33))
        if source.digits:
            return digits[: source.digits]
        if kind == "blob":
            return bytes.fromhex(digits[:32])
        variant = "89ab"[int(digits[16], 16) % 4]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"

    return Drawn(draw)  # few columns are; each value is a few hashes


def _among(source: Among, site: Site) -> Drawn:
    table, stream = source.table, site.stream()
    site.needs["rows", table, ""] = None
    site.needs["column", table, source.column] = None
    values = site.store.columns[table, source.column]
    known: list[Value] = []

    def draw(row: int, salt: int) -> Value:
        if not known:
            known.extend(dict.fromkeys(values[other] for other in site.store.rows(table) if values[other] is not None))
        return known[stream.below(len(known), row, salt)] if known else None

    return Drawn(draw)


_TRIES = 3


def _shaped(source: Shaped, site: Site) -> Drawn:
    inner, shapes = _source(ColumnRecipe(source.inner), site), source.shapes
    made = text_draw(shapes, site.stream("shape"))
    listed = [shape.listed() for shape in shapes]
    fitted: dict[Value, bool] = {}

    def fits(value: Value) -> bool:
        if value not in fitted:
            fitted[value] = isinstance(value, str) and any(shape.matches(value) for shape in shapes)
        return fitted[value]

    def draw(row: int, salt: int) -> Value:
        if salt < _TRIES:
            found = inner.draw(row, salt)
            changed: tuple[Value, ...] = (found, found.lower(), found.upper()) if isinstance(found, str) else (found,)
            for one in changed:
                if fits(one):
                    return one
        return made(row, salt)

    every = tuple(text for texts in listed if texts is not None for text in texts)
    return Drawn(draw, options=tuple(dict.fromkeys(every)) if None not in listed else None)
