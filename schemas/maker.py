"""A maker writes one column, or one foreign key with its columns, into the store, a row at a time.

Here are the makers of plain columns; those of foreign keys are in `link.py`. Whether what was
written satisfies the table's constraints is asked by `plan.py`, which lets makers try again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from .condition import Condition
from .errors import FillError
from .model import Value
from .moment import DAY, read_moment, write_date, write_moment, written_moments
from .randomness import Indices
from .site import Draw, Drawn, Key, Site
from .value import fit_all, fit_to, numbered, step_of

_T = TypeVar("_T")
_REDRAWS = 3
"""So often a text that must be unique is drawn again before it gets a number."""


@dataclass(slots=True, eq=False)
class Maker:
    """What writes into the store.

    Attributes:
        outputs: What is there after it has run for every row.
        needs: What must be there before.
        put: Writes the values of (row, salt); False when nothing fits.
        put_many: Writes the values of many rows with one salt, and gives the rows for which nothing fits.
        random: Another salt may write other values.
        options: Writes every possibility for a row in turn; None when they cannot be listed.
        can_fail: `put` may return False, so that the row has to go.
        complete: There is nothing that `put` may write and `options` does not list.
        offer: Writes a value that was proposed for a row; False when the column cannot hold it. None for what a
            recipe says, which no proposal overrides.
    """

    table: str
    name: str
    outputs: tuple[Key, ...]
    needs: dict[Key, None]
    put: Callable[[int, int], bool]
    random: bool
    options: Callable[[int], Iterator[None]] | None = None
    can_fail: bool = False
    complete: bool = True
    put_many: Callable[[Indices, int], list[int]] | None = None
    offer: Callable[[int, Value], bool] | None = None

    def write(self, rows: Indices, salt: int = 0) -> list[int]:
        """Write many rows; the rows for which nothing fits."""
        if self.put_many is not None:
            return self.put_many(rows, salt)
        put = self.put
        return [row for row in rows.tolist() if not put(row, salt)]


class Limit(NamedTuple):
    """The other column that a guessed one must not cross: stay at or above it, or at or below."""

    other: str
    above: bool
    strict: bool


def column_maker(
    site: Site, drawn: Drawn, *, unique: bool, limits: tuple[Limit, ...] = (), guessed: bool = False
) -> Maker:
    """The maker of a column that is no picked foreign key."""
    table, column = site.table.name, site.column
    values = site.store.columns[table, column.name]
    seconds, place = site.store.seconds, (table, column.name)
    fit = fit_to(table, column)
    draw = _within(site, drawn.draw, limits) if limits else drawn.draw
    nullable = column.nullable and column.name not in site.table.primary_key
    # A number at its end would break a form.
    numbers = unique and column.type.kind == "text" and not column.type.form
    if numbers:
        draw = _numbering(draw, drawn.random, column.type.length)

    def put(row: int, salt: int) -> bool:
        value = fit(draw(row, salt))
        if value is None and not nullable:
            raise FillError(f"{table}.{column.name}: the recipe gives NULL and the column is NOT NULL", (table,))
        values[row] = value
        seconds.pop(place, None)
        return True

    def put_many(rows: Indices, salt: int) -> list[int]:
        if drawn.seconds is not None and drawn.stored and len(rows) == len(values):
            seconds[place] = drawn.seconds(rows, salt)
            found = written_moments(seconds[place], drawn.dated)
        else:
            seconds.pop(place, None)
            found = drawn.column(rows, salt)
        if not drawn.stored:
            found = fit_all(found, column, fit)
        if not nullable and None in found:
            raise FillError(f"{table}.{column.name}: the recipe gives NULL and the column is NOT NULL", (table,))
        store_all(values, rows, found)
        return []

    def first_many(rows: Indices, salt: int) -> list[int]:
        """Limits and numbers go row by row, but the first draw of a text that needs no number does not."""
        if salt == 0 and not limits:
            return put_many(rows, salt)
        return [row for row in rows.tolist() if not put(row, salt)]

    def offer(row: int, value: Value) -> bool:
        try:
            found = fit(value)
        except FillError:
            return False
        if (found is None and not nullable) or (
            column.values and found is not None and str(found) not in column.values
        ):
            return False
        values[row] = found
        seconds.pop(place, None)
        return True

    def options(row: int) -> Iterator[None]:
        listed = drawn.options or ()
        start = site.stream("option").below(len(listed), row)
        seconds.pop(place, None)
        for number in range(len(listed)):
            values[row] = fit(listed[(start + number) % len(listed)])
            yield

    return Maker(
        table=table,
        name=column.name,
        outputs=(("column", table, column.name),),
        needs=site.needs,
        put=put,
        random=drawn.random or numbers,
        options=options if drawn.options else None,
        complete=not numbers,
        put_many=put_many if not limits and not numbers else first_many,
        offer=offer if guessed else None,
    )


def store_all(values: list[_T], rows: Indices, found: list[_T]) -> None:
    """Write a column's values at `rows`."""
    if len(found) == len(values):
        values[:] = found
        return
    for row, value in zip(rows.tolist(), found, strict=True):
        values[row] = value


def generated_maker(site: Site, condition: Condition) -> Maker:
    """The maker of a column that the database computes."""
    table, column = site.table.name, site.column
    values = site.store.columns[table, column.name]
    reads = [site.read((name,)) for name in condition.columns]

    def put(row: int, salt: int) -> bool:
        del salt
        values[row] = condition.values(tuple(read(row) for read in reads))[0]
        return True

    return Maker(table, column.name, (("column", table, column.name),), site.needs, put, random=False)


def _numbering(draw: Draw, random: bool, length: int | None) -> Draw:
    """Redraw a few times, then put a number to the first draw, a higher one each time."""
    last: dict[Value, int] = {}
    redraws = _REDRAWS if random else 1

    def numbering(row: int, salt: int) -> Value:
        if salt < redraws:
            return draw(row, salt)
        value = draw(row, 0)
        if not isinstance(value, str):
            return value
        last[value] = last.get(value, 1) + 1
        return numbered(value, last[value], length)

    return numbering


def _away(unit: float, edge: float, step: float, kind: str) -> float:
    """How far from `edge` a value is put that would have crossed it."""
    if kind in ("date", "timestamp"):
        return float(int(unit * 20 * DAY / step) * step)
    if abs(edge) < 50:
        return int(unit * 20) * step
    round_to = max(step, 10.0 ** (len(str(int(abs(edge)))) - 2))
    return int(abs(edge) * (0.05 + unit * 0.6) / round_to) * round_to


def _within(site: Site, draw: Draw, limits: tuple[Limit, ...]) -> Draw:
    kind, step = site.column.type.kind, step_of(site.column)
    timed = kind in ("date", "timestamp")
    spread = site.stream("spread")
    reads = [(site.read((limit.other,)), limit) for limit in limits]

    def number(value: Value) -> float:
        return read_moment(str(value)) if timed else value if isinstance(value, int | float) else float(str(value))

    def within(row: int, salt: int) -> Value:
        value = draw(row, salt)
        if value is None:
            return None
        here = number(value)
        low, high = -math.inf, math.inf
        for read, limit in reads:
            other = read(row)
            if other is None:
                continue
            edge = number(other) + (step if limit.above else -step) * limit.strict
            low, high = (max(low, edge), high) if limit.above else (low, min(high, edge))
        if here < low:
            here = low + min(_away(spread.unit(row, salt), low, step, kind), max(high - low, 0.0))
            here = max(low, min(here, site.now)) if timed else here
        elif here > high:
            here = high - min(_away(spread.unit(row, salt), high, step, kind), max(high - low, 0.0))
        if not timed:
            return round(here, 9) if kind != "integer" else round(here)
        return write_date(int(here)) if kind == "date" else write_moment(int(here))

    return within
