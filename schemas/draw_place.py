"""Drawing parts of addresses, and of lines of lists such as countries: those of one row agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .draw_text import distinct
from .model import ColumnType, Value
from .places import (
    AT_HOME,
    CITY,
    COUNTRY,
    COUNTRY_CODE,
    GEOGRAPHY,
    LATITUDE,
    LONG_COUNTRY_CODE,
    LONGITUDE,
    PHONE,
    POINT,
    POSTCODE,
    STATE,
    STATE_CODE,
)
from .randomness import Indices, Stream, leans, picked
from .site import Drawn, ManyReads, Site
from .sources import Located
from .words import COUNTRY_LINES, LISTED

_COUNTRIES = {line[1]: line for line in COUNTRY_LINES}
_AT_HOME = 0.8
"""So many addresses are in the country of which most lines are."""
_NEAR = 0.06
"""An address lies so many degrees at most from the middle of its city, north or east."""
_NEIGHBORS = ("North {}", "New {}", "East {}", "South {}", "West {}", "Upper {}")
"""What a city or state is called after all of its country have been listed."""


def draw_place(source: Located, site: Site) -> Drawn:
    """A part of an address, or of a line of a list, which agrees with the other parts in the row."""
    if source.of == "place":
        return _finished(source, site, _address(source, site))
    if source.of == "city" or source.given:
        return _finished(source, site, _listed(source, site))
    # The most usual first, so that a short list has what a reader expects.
    parts = tuple(line[source.part] for line in LISTED[source.of])
    return Drawn(
        lambda row, salt: parts[row % len(parts)],
        random=False,
        options=distinct(parts),
        many=lambda rows, salt: picked(parts, rows % len(parts)),
    )


_Lines = Callable[[Indices], Indices]
"""The line of `GEOGRAPHY` for each row; each time that all have been listed it grows by their number."""


def _address(source: Located, site: Site) -> _Lines:
    """Places as rows have them by chance."""
    # One stream for all columns of an address, so that they agree.
    place = Stream(site.seed, site.table.name, source.group, "place")
    settled = _settled(source, site)
    parts = tuple(part for _, part in source.given)
    fitting = cache(lambda values: _fitting(values, parts))

    def lines(rows: Indices) -> Indices:
        units = place.units(rows)
        found = _anywhere(units)
        if settled:
            for row, values in enumerate(zip(*(read(rows) for read in settled), strict=True)):
                among = fitting(values)
                if len(among) < len(GEOGRAPHY):
                    found[row] = among[int(len(among) * units[row])]
        return found

    return lines


def _listed(source: Located, site: Site) -> _Lines:
    """Places of a table that lists them: of each country, if the row says one, every place once before any again."""
    walk = Stream(site.seed, site.table.name, source.of, "walk")
    settled = _settled(source, site)
    parts = tuple(part for _, part in source.given)

    @cache
    def fitting(values: tuple[Value, ...]) -> tuple[list[int], int]:
        found = _fitting(values, parts)
        if source.of == "state":
            found = list({(GEOGRAPHY[line][COUNTRY], GEOGRAPHY[line][STATE]): line for line in found}.values())
        return found, walk.below(len(found), 0)

    def placed(values: tuple[Value, ...], rank: int) -> int:
        among, start = fitting(values)
        return among[(start + rank) % len(among)] + rank // len(among) * len(GEOGRAPHY)

    def lines(rows: Indices) -> Indices:
        if not len(rows):
            return rows
        before = np.arange(int(rows.max()) + 1)
        of = list(zip(*(read(before) for read in settled), strict=True)) if settled else [()] * len(before)
        if len(rows) == 1:
            return np.array([placed(of[-1], of.count(of[-1]) - 1)], np.int64)
        counts: dict[tuple[Value, ...], int] = {}
        places: list[int] = []
        for values in of:
            rank = counts[values] = counts.get(values, -1) + 1
            places.append(placed(values, rank))
        return np.array(places, np.int64)[rows]

    return lines


def _settled(source: Located, site: Site) -> list[ManyReads]:
    for path, _ in source.given:
        site.read(path)  # notes what must be there first
    return [site.read_many(path) for path, _ in source.given]


def _anywhere(units: NDArray[np.float64]) -> Indices:
    """Lines of all places; nearer to the front is more frequent, as cities are not equally large."""
    home = (AT_HOME * leans(np.minimum(units / _AT_HOME, 1 - 2**-50))).astype(np.int64)
    away = AT_HOME + ((len(GEOGRAPHY) - AT_HOME) * (units - _AT_HOME) / (1 - _AT_HOME)).astype(np.int64)
    return np.where(units < _AT_HOME, home, away)


def _fitting(values: tuple[Value, ...], parts: tuple[int, ...]) -> list[int]:
    """The lines with those values in those parts; where there are none, with the first of them that any line has."""
    wanted = [
        (str(value).strip().lower(), part) for value, part in zip(values, parts, strict=True) if value is not None
    ]
    every = range(len(GEOGRAPHY))
    found = [number for number in every if all(_part(number, part).lower() == value for value, part in wanted)]
    for value, part in wanted:
        found = found or [number for number in every if _part(number, part).lower() == value]
    return found or list(every)


def _part(number: int, part: int) -> str:
    line = GEOGRAPHY[number]
    return _COUNTRIES[line[COUNTRY_CODE]][2] if part == LONG_COUNTRY_CODE else line[part]


def _finished(source: Located, site: Site, lines: _Lines) -> Drawn:
    """The parts of lines, of which some are completed at random."""
    digits, other = site.stream("digits"), site.stream("north")
    write = _writer(source.part, site.column.type)
    random = source.part in _RANDOM
    entries: tuple[Value, ...] = () if random else tuple(_part(number, source.part) for number in range(len(GEOGRAPHY)))

    def many(rows: Indices, salt: int) -> list[Value]:
        numbers = lines(rows)
        if not random and not (numbers >= len(entries)).any():
            return picked(entries, numbers)
        first, second = digits.many_bits(rows, salt).tolist(), other.many_bits(rows, salt).tolist()
        return list(map(write, numbers.tolist(), first, second))

    return Drawn(lambda row, salt: many(np.array([row]), salt)[0], random=random, many=many)


_RANDOM = (POSTCODE, PHONE, LATITUDE, LONGITUDE, POINT)


def _writer(part: int, column: ColumnType) -> Callable[[int, int, int], Value]:
    """What turns a line and two random numbers below 2 ** 64 into a part of an address."""

    def coordinate(line: Sequence[str], place: int, bits: int) -> float:
        return round(float(line[place]) + (bits / 2**63 - 1) * _NEAR, 5)

    def write(number: int, first: int, second: int) -> Value:
        again, place = divmod(number, len(GEOGRAPHY))
        line = GEOGRAPHY[place]
        if part in (LATITUDE, LONGITUDE):
            degrees = coordinate(line, part, first)
            return degrees if column.kind != "text" else f"{degrees:.5f}"
        if part == POINT:
            east, north = coordinate(line, LONGITUDE, first), coordinate(line, LATITUDE, second)
            return f"({east:.4f},{north:.4f})" if column.form == "coordinates" else f"POINT({east:.4f} {north:.4f})"
        if part == PHONE:
            return _posted(_telephone(line, column.length), first)
        if part == POSTCODE:
            code = _posted(line[part], first)
            return code if column.length is None or len(code) <= column.length else code.split(" ")[0]
        if again and part in (CITY, STATE, STATE_CODE):
            return _neighbor(line, part, again - 1, column.length)
        return _part(place, part)

    return write


def _neighbor(line: Sequence[str], part: int, number: int, length: int | None) -> str:
    """A place beside one that is listed already, or the code of it."""
    name = _NEIGHBORS[number % len(_NEIGHBORS)].format(line[part])
    if part == STATE_CODE:
        return name[0] + line[part][: 1 if length == 2 else 2]
    return name


def _telephone(line: Sequence[str], length: int | None) -> str:
    """A number that nobody has."""
    if line[COUNTRY] in (GEOGRAPHY[0][COUNTRY], "Canada"):
        return f"{line[PHONE]}-555-01##"
    abroad = f"+{_COUNTRIES[line[COUNTRY_CODE]][4]} {line[PHONE]} 555 01##"
    return abroad if length is None or length >= len(abroad) else f"{line[PHONE]}-555-01##"


def _posted(pattern: str, bits: int) -> str:
    """The pattern with random digits for its signs."""
    count = pattern.count("#")
    return pattern.replace("#" * count, f"{(bits * 10**count) >> 64:0{count}}") if count else pattern
