"""Values that other rows decide: sums and counts of children, numbers in a sequence, places among others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .errors import FillError, RecipeError
from .model import Value
from .randomness import Indices
from .site import Drawn, ManyReads, Site
from .sources import Aggregate, Among, Numbered, Position

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COUNTER = re.compile(r"\{(n|a)(?::(\d+))?\}")


def draw_aggregate(source: Aggregate, site: Site) -> Drawn:
    """What the rows that point at a row add up to."""
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


def draw_sequence(source: Numbered, site: Site) -> Drawn:
    """Numbers without a gap over the rows that stay, plain or inside a text."""
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


def draw_position(source: Position, site: Site) -> Drawn:
    """Which place a row has among those that agree with it."""
    site.needs["rows", site.table.name, ""] = None
    reads = [site.read_many((name,)) for name in source.within]
    for name in source.within:
        site.read((name,))  # notes that it is needed
    known: list[NDArray[np.int64]] = []

    def places() -> NDArray[np.int64]:
        if not known:
            rows = site.store.indices(site.table.name)
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


def draw_among(source: Among, site: Site) -> Drawn:
    """A value that some row of another table has."""
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
