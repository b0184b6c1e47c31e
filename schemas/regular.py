"""Turns the regular expression of a CHECK into GLOBs that hold for exactly the same texts, where there are some.

SQLite has no regular expressions of its own. What people check with them is mostly a shape of a
few fixed letters, or that a text holds nothing but certain letters: GLOB can say both. Anything
else (groups that repeat, two runs of any length, look-around) is refused, not approximated.
Classes are ASCII's, as in PostgreSQL's C locale.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import Unreadable

_MOST_SHAPES = 32
_LONGEST = 120
_NAMED = {
    "d": "0-9", "w": "a-zA-Z0-9_", "s": " \t\n\r\f\v",
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "xdigit": "0-9A-Fa-f",
    "space": " \t\n\r\f\v",
}  # fmt: skip
_COUNT = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")


class _Item(NamedTuple):
    """A set of letters, as it stands in a GLOB's brackets ("" is any letter), and how often it comes."""

    letters: str
    fewest: int
    most: int | None

    @property
    def glob(self) -> str:
        if not self.letters:
            return "?"
        plain = len(self.letters) == 1 and self.letters not in "*?["
        return self.letters if plain else f"[{self.letters}]"


def as_globs(pattern: str, subject: str) -> str:
    """A SQLite condition that is true for exactly the texts that the pattern is found in.

    Args:
        pattern: A POSIX extended regular expression with the usual escapes; capitals matter.
        subject: The SQLite text of what it is looked for in.

    Raises:
        Unreadable: There is no such condition, with the reason.
    """
    shapes = [
        _condition(items, starts, ends, subject)
        for branch in _branches(pattern)
        for items, starts, ends in [_Reader(branch).run()]
    ]
    return shapes[0] if len(shapes) == 1 else " OR ".join(f"({shape})" for shape in shapes)


def _branches(pattern: str) -> list[str]:
    """The alternatives of the whole pattern, or of one group that is all of it: `^(a|b)$`."""
    whole = re.fullmatch(r"(\^?)\((?:\?:)?([^()\\]*)\)(\$?)", pattern)
    if whole:
        return [whole[1] + branch + whole[3] for branch in _split(whole[2])]
    return _split(pattern)


def _split(pattern: str) -> list[str]:
    out, start, position, inside = [], 0, 0, False
    while position < len(pattern):
        letter = pattern[position]
        if letter == "\\":
            position += 1
        elif letter == "[":
            inside = True
        elif letter == "]":
            inside = False
        elif letter == "|" and not inside:
            out.append(pattern[start:position])
            start = position + 1
        position += 1
    return [*out, pattern[start:]]


class _Reader:
    """Reads one alternative into items."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0

    def run(self) -> tuple[list[_Item], bool, bool]:
        starts = self.pattern.startswith("^")
        self.position = int(starts)
        items: list[_Item] = []
        ends = False
        while self.position < len(self.pattern):
            if self.pattern[self.position] == "$" and self.position == len(self.pattern) - 1:
                ends = True
                break
            letters = self.atom()
            fewest, most = self.count()
            items.append(_Item(letters, fewest, most))
        return items, starts, ends

    def atom(self) -> str:
        letter = self.pattern[self.position]
        self.position += 1
        if letter == ".":
            return ""
        if letter == "[":
            return self.letters()
        if letter == "\\":
            return self.escaped()
        if letter in "()*+?{}^$|":
            raise Unreadable(f"a regular expression with {letter!r} in that place has no equal in SQLite")
        return letter

    def escaped(self) -> str:
        letter = self.pattern[self.position : self.position + 1]
        self.position += 1
        if letter in _NAMED and letter.isalpha():
            return _NAMED[letter]
        if not letter or letter.isalnum():
            raise Unreadable(f"the escape \\{letter} of a regular expression has no equal in SQLite")
        return "^^" if letter == "^" else letter  # a set of one must not begin with the sign of negation

    def letters(self) -> str:
        """A bracket expression, from after its `[`."""
        negated = self.pattern.startswith("^", self.position)
        self.position += int(negated)
        out: list[str] = []
        first = True
        while True:
            letter = self.pattern[self.position : self.position + 1]
            if not letter:
                raise Unreadable("a set in a regular expression is never closed")
            self.position += 1
            if letter == "]" and not first:
                break
            first = False
            if letter == "[" and self.pattern.startswith(":", self.position):
                close = self.pattern.find(":]", self.position)
                name = self.pattern[self.position + 1 : close] if close > 0 else ""
                if name not in _NAMED:
                    raise Unreadable(f"the class {name!r} of a regular expression has no equal in SQLite")
                out.append(_NAMED[name])
                self.position = close + 2
            elif letter == "\\":
                out.append(self.escaped())
            else:
                out.append(letter)
        return _ordered("".join(out), negated)

    def count(self) -> tuple[int, int | None]:
        if self.position >= len(self.pattern):
            return 1, 1
        letter = self.pattern[self.position]
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        found = _COUNT.match(self.pattern, self.position)
        if letter in simple:
            self.position += 1
            out = simple[letter]
        elif found:
            self.position = found.end()
            fewest = int(found[1])
            out = (fewest, fewest if not found[2] else int(found[3]) if found[3] else None)
        else:
            return 1, 1
        if self.pattern[self.position : self.position + 1] in ("*", "+", "?", "{"):
            raise Unreadable("a regular expression that repeats a repetition has no equal in SQLite")
        return out


def _ordered(letters: str, negated: bool) -> str:
    """A set as GLOB reads it: `]` first, `^` not first, `-` last."""
    body = letters
    head = "]" if "]" in body else ""
    body = body.replace("]", "")
    hyphen = body.startswith("-") or body.endswith("-")
    body = body.strip("-") if hyphen else body
    caret = "^" if "^" in body else ""
    body = body.replace("^", "")
    if not (head or body) and caret and not negated:
        return "^^"
    return ("^" if negated else "") + head + body + caret + ("-" if hyphen else "")


def _condition(items: list[_Item], starts: bool, ends: bool, subject: str) -> str:
    loose = [number for number, item in enumerate(items) if item.letters and item.most is None]
    if not loose:
        shapes = [_edges(shape, starts, ends) for shape in _expanded(items)]
        return " OR ".join(f"{subject} GLOB {_text(shape)}" for shape in dict.fromkeys(shapes))
    # One run of certain letters, of any length, that reaches to the end: `^[A-Z][a-z0-9]*$`.
    if loose != [len(items) - 1] or not (starts and ends):
        raise Unreadable("a regular expression with a run of any length in its middle has no equal in SQLite")
    *prefix, run = items
    if any(item.fewest != item.most for item in prefix):
        raise Unreadable("a regular expression with two parts of no fixed length has no equal in SQLite")
    head = "".join(item.glob * item.fewest for item in prefix) + run.glob * run.fewest
    length = sum(item.fewest for item in prefix)
    others = run.letters[1:] if run.letters.startswith("^") else "^" + run.letters
    rest = f"SUBSTRING({subject}, {length + 1})" if length else subject
    only = f"NOT {rest} GLOB {_text(f'*[{others}]*')}"
    return f"{subject} GLOB {_text(head + '*')} AND {only}" if head else only


def _expanded(items: list[_Item]) -> list[str]:
    shapes = [""]
    for item in items:
        if item.most is None:  # any letters
            ways = ["?" * item.fewest + "*"]
        else:
            ways = [item.glob * times for times in range(item.fewest, item.most + 1)]
        shapes = [shape + way for shape in shapes for way in ways]
        if len(shapes) > _MOST_SHAPES or max(map(len, shapes)) > _LONGEST * 8:
            raise Unreadable("the regular expression stands for too many shapes")
    return shapes


def _edges(shape: str, starts: bool, ends: bool) -> str:
    return ("" if starts else "*") + shape + ("" if ends else "*")


def _text(glob: str) -> str:
    return "'" + re.sub(r"\*{2,}", "*", glob).replace("'", "''") + "'"
