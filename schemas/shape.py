"""Texts of a shape: what a GLOB or LIKE allows, as a row of slots that can be counted, matched and drawn from.

A slot is a set of characters and how often one of them comes. What is drawn is only as good as the
shape was understood: SQLite still judges every value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from .randomness import Stream

PRINTABLE = "".join(chr(code) for code in range(32, 127))
USUAL = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 4000
_LISTED = 2000
_WAYS = 64
_SAMPLE = ((0, 1, 2, 3, 4, 5, 6, 7), (0, 0, 0, 0, 0, 0, 0, 0))
_SPARE = 6
"""So many characters more than it must, a slot without an end gets at most."""


class Slot(NamedTuple):
    """`fewest` to `most` characters out of `letters`, or of any when `open`; then `letters` are what is drawn."""

    letters: str
    fewest: int = 1
    most: int | None = 1
    open: bool = False

    def within(self, allowed: str) -> Slot:
        """The slot with only the characters of `allowed`."""
        usual = "".join(letter for letter in allowed if letter.isalnum())
        letters = usual or allowed if self.open else "".join(letter for letter in self.letters if letter in allowed)
        return self._replace(letters=letters, open=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """Slots in a row, with the least and greatest length of the whole."""

    slots: tuple[Slot, ...]
    shortest: int = 0
    longest: int = LONGEST

    @property
    def possible(self) -> bool:
        """Whether any text has the shape, as far as can be seen."""
        if any(slot.fewest and not slot.letters for slot in self.slots):
            return False
        room = self.longest if self.loose else self.most
        return self.fewest <= self.longest and room >= self.shortest and self.shortest <= self.longest

    @property
    def loose(self) -> bool:
        """Whether a slot has no end."""
        return any(slot.most is None and slot.letters for slot in self.slots)

    @property
    def fewest(self) -> int:
        """The length of its shortest text when lengths do not matter."""
        return sum(slot.fewest for slot in self.slots)

    @property
    def most(self) -> int:
        """The length of its longest text but for slots without end."""
        return sum(slot.most or 0 for slot in self.slots)

    def matches(self, text: str) -> bool:
        """Whether `text` has the shape."""
        if not self.shortest <= len(text) <= self.longest:
            return False
        places = {0}
        for slot in self.slots:
            reached: set[int] = set()
            for start in places:
                place, taken = start, 0
                while True:
                    if taken >= slot.fewest:
                        reached.add(place)
                    if place == len(text) or (slot.most is not None and taken == slot.most):
                        break
                    if not slot.open and text[place] not in slot.letters:
                        break
                    place, taken = place + 1, taken + 1
            places = reached
        return len(text) in places

    def __add__(self, other: Shape) -> Shape:
        """One text after another."""
        return Shape(_joined((*self.slots, *other.slots)))

    def sized(self, shortest: int, longest: int) -> Shape:
        """The shape within lengths."""
        return replace(self, shortest=max(self.shortest, shortest), longest=min(self.longest, longest))

    def within(self, letters: str, start: int = 0) -> Shape:
        """The shape with only certain characters from a place on; that place must lie where slots meet or are sure."""
        kept: list[Slot] = []
        for slot in self.slots:
            rest = slot
            if start > 0 and slot.most is not None and slot.fewest == slot.most:
                free = min(start, slot.fewest)
                kept.append(slot._replace(fewest=free, most=free))
                rest = slot._replace(fewest=slot.fewest - free, most=slot.most - free)
                start -= free
            elif start > 0 and slot.open:
                kept.append(slot._replace(fewest=start, most=start))
                rest = slot._replace(fewest=max(0, slot.fewest - start), most=None)
                start = 0
            if rest.most != 0:
                kept.append(rest.within(letters))
        return replace(self, slots=_joined(kept))

    def count(self) -> int:
        """How many texts there are, at least; above some millions it is not told how many."""
        total = 0
        for way in self.ways():
            here = 1
            for slot, times in zip(self.slots, way, strict=True):
                here = min(here * len(slot.letters) ** min(times, 12), 10**9)
            total += here
        return total

    def listed(self) -> tuple[str, ...] | None:
        """All its texts, or None when there are many."""
        if self.loose or self.count() > _LISTED:
            return None
        found: list[str] = []
        for way in self.ways():
            letters = [slot.letters for slot, times in zip(self.slots, way, strict=True) for _ in range(times)]
            found.extend("".join(letter) for letter in product(*letters))
        return tuple(dict.fromkeys(found))

    def ways(self) -> list[tuple[int, ...]]:
        """How often every slot is used, in each way that fits the length; only some of very many."""
        ways: list[tuple[int, ...]] = [()]
        for slot in self.slots:
            spare = max(_SPARE, self.shortest - self.fewest)
            most = slot.most if slot.most is not None else slot.fewest + spare
            times = range(slot.fewest, (most if slot.letters else slot.fewest) + 1)
            ways = [(*way, count) for way in ways[:_WAYS] for count in times]
        fitting = [way for way in ways if self.shortest <= sum(way) <= self.longest]
        if fitting:
            return fitting[:_WAYS]
        counts = [slot.fewest for slot in self.slots]
        for place, slot in enumerate(self.slots):
            lacking = self.shortest - sum(counts)
            if lacking > 0 and slot.letters:
                counts[place] += lacking if slot.most is None else min(lacking, slot.most - slot.fewest)
        return [tuple(counts)]


def text_draw(shapes: Sequence[Shape], stream: Stream) -> Callable[[int, int], str]:
    """A text of one of the shapes for a row and a salt; each shape is as frequent as the others."""
    listed = [(shape, shape.ways()) for shape in shapes]

    def draw(row: int, salt: int) -> str:
        start = salt * 1000
        shape, ways = listed[stream.below(len(listed), row, start + 998)]
        way = ways[stream.below(len(ways), row, start + 999)]
        written: list[str] = []
        for slot, times in zip(shape.slots, way, strict=True):
            letters = USUAL if slot.open else slot.letters
            for _ in range(times):
                written.append(letters[stream.below(len(letters), row, start + len(written))])
        return "".join(written)

    return draw


def all_of(one: Sequence[Shape], other: Sequence[Shape]) -> tuple[Shape, ...]:
    """Shapes whose texts have a shape of both lists, as far as some are found."""
    stream = Stream(0, "shape")
    found: list[Shape] = []
    for left, right in product(one, other):
        # What begins like one and ends like the other may have both shapes, as `A*` and `*Z` do.
        for shape in (left, right, left + right, right + left):
            draw = text_draw((shape,), stream)
            if shape.possible and all(left.matches(text) and right.matches(text) for text in map(draw, *_SAMPLE)):
                found.append(shape)
                break
    return tuple(found) or tuple(one)


def any_text(fewest: int, most: int | None = -1) -> Shape:
    """Any characters; exactly `fewest` unless `most` is given."""
    return Shape((Slot(USUAL, fewest, fewest if most == -1 else most, open=True),))


def of_glob(pattern: str) -> Shape | None:
    """The shape of a GLOB pattern; None when it is not understood."""
    slots: list[Slot] = []
    place = 0
    while place < len(pattern):
        letter = pattern[place]
        place += 1
        if letter == "*":
            slots.append(Slot(USUAL, 0, None, open=True))
        elif letter == "?":
            slots.append(Slot(USUAL, open=True))
        elif letter == "[":
            # A bracket that closes at once is a letter of the set.
            end = pattern.find("]", place + (2 if pattern.startswith("^]", place) else 1))
            if end < 0:
                return None
            slots.append(Slot(glob_set(pattern[place:end])))
            place = end + 1
        else:
            slots.append(Slot(letter))
    return Shape(_joined(slots))


def of_like(pattern: str, escape: str = "") -> Shape:
    """The shape of a LIKE pattern; letters in the case in which they stand."""
    slots: list[Slot] = []
    escaped = False
    for letter in pattern:
        if not escaped and escape and letter == escape:
            escaped = True
            continue
        if not escaped and letter == "%":
            slots.append(Slot(USUAL, 0, None, open=True))
        elif not escaped and letter == "_":
            slots.append(Slot(USUAL, open=True))
        else:
            slots.append(Slot(letter))
        escaped = False
    return Shape(_joined(slots))


def of_text(text: str) -> Shape:
    """The shape that only `text` has."""
    return Shape(_joined([Slot(letter) for letter in text]))


def glob_set(body: str) -> str:
    """The printable characters of a GLOB's set, given as what stands between its brackets."""
    negated = body.startswith("^")
    body = body[1:] if negated else body
    found: dict[str, None] = {}
    place = 0
    while place < len(body):
        if body[place + 1 : place + 2] == "-" and place + 2 < len(body):
            first, last = ord(body[place]), ord(body[place + 2])
            found.update(dict.fromkeys(chr(code) for code in range(first, min(last, first + 300) + 1)))
            place += 3
        else:
            found[body[place]] = None
            place += 1
    if negated:
        return "".join(chr(code) for code in range(32, 127) if chr(code) not in found)
    return "".join(found)


def _joined(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Neighbours of one set as one slot."""
    out: list[Slot] = []
    for slot in slots:
        last = out[-1] if out else None
        if last is not None and (last.letters, last.open) == (slot.letters, slot.open):
            most = None if last.most is None or slot.most is None else last.most + slot.most
            out[-1] = last._replace(fewest=last.fewest + slot.fewest, most=most)
        else:
            out.append(slot)
    return tuple(out)
