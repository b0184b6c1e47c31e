"""Drawing texts: entries of pools, names of people, parts of addresses, and texts of several pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import gcd

import numpy as np

from .model import Column, Value
from .naming import ends, snake
from .pools import faker_pool, own_pool
from .randomness import Indices, Stream, picked
from .site import Draw, Drawn, ManyDraws, Site
from .sources import Person, Piece, Text
from .value import numbered

_ALPHABETS = {
    "number": "0123456789",
    "letters": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "hex": "0123456789abcdef",
    "mixed": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
}


_LEAST = 8


def with_room(entries: tuple[Value, ...], column: Column) -> tuple[Value, ...]:
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


def draw_walked(entries: tuple[Value, ...], stream: Stream, site: Site) -> Drawn:
    """Every entry once, in the table's own order, before one comes again, then with a number; some are namesakes."""
    _, many = _twins(site)
    size = len(entries)
    start = stream.below(size, 0, 1)
    length = site.column.type.length
    named = ends("name", snake(site.column.name))

    def again(row: int, entry: Value) -> Value:
        return numbered(entry, row // size + 1, length) if named and row >= size and isinstance(entry, str) else entry

    def walked(rows: Indices, salt: int) -> list[Value]:
        if salt:
            return picked(entries, stream.belows(size, rows, salt))
        places = many(rows)
        found = picked(entries, (start + places * stride) % size)
        if not named or not (places >= size).any():
            return found
        return list(map(again, places.tolist(), found))

    # A step without a factor in common with the size passes every entry before the first comes again.
    stride = next(step for step in range(1 + stream.below(size, 0, 2), 2 * size + 2) if gcd(step, size) == 1)
    return Drawn(
        lambda row, salt: walked(np.array([row]), salt)[0],
        options=distinct(entries),
        many=walked,
    )


def draw_person(source: Person, site: Site) -> Drawn:
    """A first, last or full name; the parts of one row agree."""
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


def distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values, each once, in their order."""
    return tuple(dict.fromkeys(values))


def draw_text(source: Text, site: Site) -> Drawn:
    """A text of several pieces."""
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
        alphabet = _ALPHABETS[piece.kind or "letters"]
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
    "network": lambda text: text.split("/")[0],
    "upper": str.upper,
    "digits": lambda text: "".join(character for character in text if character.isdigit()),
    "initial": lambda text: text[:1].upper(),
}
