"""Drawing numbers and moments: between two, after another, prices, and shares of an amount."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .errors import FillError
from .model import Value
from .moment import DAY, NO_MOMENT, read_moment, read_moments, read_point, write_date, write_moment
from .randomness import Indices, Weighted, lean, leans
from .site import Drawn, Site
from .sources import After, Between, Price, Share

_NORMAL = NormalDist()


def draw_share(source: Share, site: Site) -> Drawn:
    """A share of an amount of the row."""
    read, read_many = site.read(source.path), site.read_many(source.path)
    weighted, stream = Weighted(source.weights), site.stream()
    # Also where the column holds more: nothing is charged in parts of a cent.
    digits = 0 if site.column.type.kind == "integer" else min(site.column.type.scale or 2, 2)

    def part(amount: Value, rate: float) -> Value:
        return round(amount * rate, digits) if isinstance(amount, int | float) else None

    return Drawn(
        lambda row, salt: part(read(row), source.rates[weighted.at(stream.unit(row, salt))]),
        many=lambda rows, salt: [
            part(amount, source.rates[place])
            for amount, place in zip(read_many(rows), weighted.many(stream.units(rows, salt)).tolist(), strict=True)
        ],
    )


def _working(seconds: int, unit: float) -> int:
    """The same day at some time from 08:00 to 17:59."""
    return seconds - seconds % DAY + 8 * 3600 + int(unit * 10 * 3600)


def _many_working(seconds: NDArray[np.int64], units: NDArray[np.float64]) -> NDArray[np.int64]:
    return seconds - seconds % DAY + 8 * 3600 + (units * 10 * 3600).astype(np.int64)


def draw_between(source: Between, site: Site) -> Drawn:
    """A number or a moment between two."""
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


def draw_price(source: Price, site: Site) -> Drawn:
    """An amount as prices are: many low ones, few high ones, and endings such as .99."""
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


def draw_after(source: After, site: Site) -> Drawn:
    """A moment after the latest of others."""
    reads = [site.read(path) for path in source.paths]
    many_reads = [site.read_seconds(path) for path in source.paths]
    stream, time = site.stream(), site.stream("time")
    daily = site.column.type.kind in ("date", "text")
    least = source.least if daily else max(source.least, 1)
    now = site.now if not source.ahead else max(read_point(source.until, site.now), site.now)
    until = min(read_point(source.until, site.now), now)
    otherwise = draw_between(source.otherwise, site).draw if source.otherwise is not None else None

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
