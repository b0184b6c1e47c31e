"""Turning the source of a column into a function from a row's index to a value.

What a column may read and what a draw is stands in `site.py`; texts, ranges and what other rows decide have files
of their own. Foreign keys that are picked are `link.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .draw_place import draw_place
from .draw_range import draw_after, draw_between, draw_price, draw_share
from .draw_rows import draw_aggregate, draw_among, draw_position, draw_sequence
from .draw_text import distinct, draw_person, draw_text, draw_walked, with_room
from .errors import RecipeError
from .expression import Getter, ManyGetter
from .forms import made_text
from .model import Column, Value
from .moment import NO_MOMENT
from .pools import faker_pool, own_pool
from .randomness import Indices, Skewed, Stream, Weighted, picked
from .shape import text_draw
from .site import Draw, Drawn, Site
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
    Pool,
    Position,
    Price,
    Shaped,
    Share,
    SkewedRange,
    Text,
)


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
            entries = with_room(own_pool(source.name) if not source.faker else faker_pool(source.name), site.column)
            stream = site.stream()
            if source.walked:
                return draw_walked(entries, stream, site)
            return Drawn(
                lambda row, salt: entries[stream.below(len(entries), row, salt)],
                options=distinct(entries),
                many=lambda rows, salt: picked(entries, stream.belows(len(entries), rows, salt)),
            )
        case Person():
            return draw_person(source, site)
        case Text():
            return draw_text(source, site)
        case Between():
            return draw_between(source, site)
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
            return draw_price(source, site)
        case After():
            return draw_after(source, site)
        case Copy(path):
            read = site.read(path)
            read_many = site.read_many(path)
            return Drawn(lambda row, salt: read(row), random=False, many=lambda rows, salt: read_many(rows))
        case Computed(expression):
            compute, compute_many = site.compile(expression), site.compile_many(expression)
            return Drawn(lambda row, salt: compute(row), random=False, many=lambda rows, salt: compute_many(rows))
        case Aggregate():
            return draw_aggregate(source, site)
        case Share():
            return draw_share(source, site)
        case Fallback():
            return _fallback(source, site)
        case Numbered():
            return draw_sequence(source, site)
        case Position():
            return draw_position(source, site)
        case Entries():
            return _entries(source, site)
        case Located():
            return draw_place(source, site)
        case Cases():
            return _cases(source, site)
        case Bits():
            return _bits(source, site)
        case Among():
            return draw_among(source, site)
        case Shaped():
            return _shaped(source, site)
    raise RecipeError(f"{site.table.name}.{site.column.name}: {type(source).__name__} cannot be drawn here")


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


def _entries(source: Entries, site: Site) -> Drawn:
    # The same order for all columns of the table, or the rows would fall apart.
    order = Stream(site.seed, site.table.name, "", "from").order(len(source.values))
    return Drawn(
        lambda row, salt: source.values[order[row]],
        random=False,
        many=lambda rows, salt: [source.values[order[row]] for row in rows.tolist()],
    )


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
