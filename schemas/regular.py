"""Turns the regular expression of a CHECK into GLOBs that hold for exactly the same texts, where there are some.

SQLite has no regular expressions of its own. What people check with them is mostly a shape of a
few fixed letters, or that a text holds nothing but certain letters: GLOB and LENGTH can say both.
So they can of words with single separators between them. Anything else (other groups that repeat, two runs of any
length, look-around) is refused, not approximated.
Classes are ASCII's, as in PostgreSQL's C locale.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from .errors import Unreadable
from .lex import Dialect

_MOST_SHAPES = 32
_LONGEST = 960
_LONGEST_RUN = 600
_MOST_SPELLED_OUT = 4
_MOST_WAYS = 8
_NAMED = {
    "d": ("0-9",), "w": ("a-z", "A-Z", "0-9", "_"), "s": tuple(" \t\n\r\f\v"),
    "alpha": ("a-z", "A-Z"), "digit": ("0-9",), "alnum": ("a-z", "A-Z", "0-9"), "upper": ("A-Z",),
    "lower": ("a-z",), "xdigit": ("0-9", "A-F", "a-f"), "space": tuple(" \t\n\r\f\v"),
}  # fmt: skip
_COUNT = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")


class _Item(NamedTuple):
    """A set of letters and how often it comes.

    Attributes:
        inner: Of a run, those of its letters that it may end with; the others never stand beside one another.
    """

    members: tuple[str, ...]
    negated: bool
    fewest: int = 1
    most: int | None = 1
    inner: tuple[str, ...] = ()

    @property
    def glob(self) -> str:
        return glob_set(self.members, negated=self.negated)

    @property
    def is_open(self) -> bool:
        """Whether it is any number of any letters, which GLOB's `*` is too."""
        return self.glob == "?" and self.most is None

    @property
    def is_run(self) -> bool:
        """Whether it is of so many lengths, or so long, that it cannot be spelled out."""
        if self.most is None or self.most - self.fewest > _MOST_WAYS:
            return not self.is_open
        return len(self.glob) * self.fewest > _LONGEST_RUN


_Part = _Item | Literal["^", "$"]


class _Shape(NamedTuple):
    """A GLOB without `*`, save for what is open, and the number of letters it stands for."""

    glob: str
    length: int


def as_globs(pattern: str, subject: str, dialect: Dialect = "postgres") -> str:
    """A SQLite condition that is true for exactly the texts that the pattern is found in.

    Args:
        pattern: A POSIX extended regular expression with the usual escapes; capitals matter.
        subject: The SQLite text of what it is looked for in.
        dialect: Whose regular expression it is, PostgreSQL's or Oracle's.

    Raises:
        Unreadable: There is no such condition, with the reason.
    """
    reader = _Reader(pattern, dialect)
    alternatives = reader.alternatives()
    if reader.position < len(pattern):
        raise Unreadable("a regular expression with ')' in that place has no equal in SQLite")
    shapes = list(dict.fromkeys(shape for parts in alternatives for shape in _conditions(parts, subject)))
    if len(shapes) == 1:
        return shapes[0]
    return " OR ".join(f"({shape})" if " AND " in shape else shape for shape in shapes)


def last_letters(pattern: str) -> bool | None:
    """Whether what the pattern finds has to stand at the end of a text; None if it may end in a blank or in nothing.

    Raises:
        Unreadable: As `as_globs`.
    """
    found: set[bool] = set()
    for parts in _Reader(pattern, "postgres").alternatives():
        ends = parts[-1:] == ["$"]
        last = parts[-2 if ends else -1 :][:1]
        item = last[0] if last else None
        if not isinstance(item, _Item) or not item.fewest:
            return None
        if any(_within(" ", member) for member in item.members) != item.negated:
            return None
        found.add(ends)
    return found.pop() if len(found) == 1 else None


def is_caseless(pattern: str) -> bool:
    """Whether it is plain to see that capitals do not matter: its only letters are both of `a-z` and `A-Z`."""
    bare = re.sub(r"\\[dDwWsS.]|a-zA-Z|A-Za-z", "", pattern)
    return not any(letter.isalpha() for letter in bare)


def glob_set(members: Sequence[str], *, negated: bool) -> str:
    """One letter in a GLOB.

    Args:
        members: The letters and ranges (`a-z`) that it is one of; of none of them when it is negated.
    """
    if not members:
        return "?" if negated else "[]"
    out = list(dict.fromkeys(members))
    if len(out) == len(out[0]) == 1 and not negated:
        return f"[{out[0]}]" if out[0] in "*?[" else out[0]
    # GLOB takes `]` for a letter only in the first place, `^` in any other, `-` in the first or the last.
    plain = [member for member in out if member not in ("]", "^", "-")]
    odd = [member for member in ("^", "-") if member in out]
    ordered = ["]"] * ("]" in out) + plain + odd
    if ordered[0] == "^" and not negated:
        ordered.reverse()  # of `^` and `-`
    return f"[{'^' * negated}{''.join(ordered)}]"


class _Reader:
    """Reads a regular expression into its alternatives, with what groups hold written out."""

    def __init__(self, pattern: str, dialect: Dialect) -> None:
        self.pattern = pattern
        self.position = 0
        self.dialect = dialect

    def alternatives(self) -> list[list[_Part]]:
        """Up to the end or a closing parenthesis."""
        out: list[list[_Part]] = []
        current: list[list[_Part]] = [[]]
        while True:
            letter = self.pattern[self.position : self.position + 1]
            if letter in ("", "|", ")"):
                out += current
                current = [[]]
                if letter != "|":
                    return _few(out)
                self.position += 1
                continue
            ways = self.part()
            current = _few([[*before, *way] for before in current for way in ways])

    def part(self) -> list[list[_Part]]:
        """The alternatives of the next atom with its count."""
        letter = self.pattern[self.position]
        if letter in "^$":
            self.position += 1
            if self.count() != (1, 1):
                raise Unreadable("a regular expression that repeats its own end has no equal in SQLite")
            return [["^" if letter == "^" else "$"]]
        if letter != "(":
            item = self.atom()
            fewest, most = self.count()
            return [[item._replace(fewest=fewest, most=most)]]
        self.position += 1
        if self.pattern.startswith("?", self.position):
            if not self.pattern.startswith("?:", self.position):
                raise Unreadable("a regular expression that looks around has no equal in SQLite")
            self.position += 2
        inner = self.alternatives()
        if not self.pattern.startswith(")", self.position):
            raise Unreadable("a group in a regular expression is never closed")
        self.position += 1
        fewest, most = self.count()
        run = _separated(inner) if most is None and fewest == 1 else None
        if run is not None:
            return [[run]]
        if most is None or most > _MOST_SPELLED_OUT:
            raise Unreadable("a regular expression with a group that repeats has no equal in SQLite")
        return _few(
            [
                [part for way in ways for part in way]
                for times in range(fewest, most + 1)
                for ways in itertools.islice(itertools.product(inner, repeat=times), _MOST_SHAPES + 1)
            ]
        )

    def atom(self) -> _Item:
        letter = self.pattern[self.position]
        self.position += 1
        if letter == ".":
            # In Oracle it is no end of a line.
            return _Item(("\n",) if self.dialect == "oracle" else (), True)
        if letter == "[":
            return self.letters()
        if letter == "\\":
            return _Item(self.escaped(), False)
        if letter in "*+?{}":
            raise Unreadable(f"a regular expression with {letter!r} in that place has no equal in SQLite")
        return _Item((letter,), False)

    def escaped(self) -> tuple[str, ...]:
        letter = self.pattern[self.position : self.position + 1]
        self.position += 1
        if letter in _NAMED and letter.isalpha():
            return _NAMED[letter]
        if not letter or letter.isalnum():
            raise Unreadable(f"the escape \\{letter} of a regular expression has no equal in SQLite")
        return (letter,)

    def letters(self) -> _Item:
        """A bracket expression, from after its `[`."""
        negated = self.pattern.startswith("^", self.position)
        self.position += int(negated)
        out: list[str] = []
        first = True
        while True:
            if not first and self.pattern.startswith("]", self.position):
                self.position += 1
                return _Item(tuple(dict.fromkeys(out)), negated)
            first = False
            members = self.member()
            following = self.pattern[self.position : self.position + 2]
            if following[:1] == "-" and following != "-]":
                self.position += 1
                out.append(_range(members, self.member()))
            else:
                out += members

    def member(self) -> tuple[str, ...]:
        """One letter of a bracket expression, or a named class of them."""
        letter = self.pattern[self.position : self.position + 1]
        if not letter:
            raise Unreadable("a set in a regular expression is never closed")
        self.position += 1
        if letter == "[" and self.pattern[self.position : self.position + 1] in (":", ".", "="):
            close = self.pattern.find(":]", self.position)
            name = self.pattern[self.position + 1 : close] if close > 0 else ""
            if self.pattern[self.position] != ":" or name not in _NAMED or len(name) == 1:
                raise Unreadable(f"the class {name!r} of a regular expression has no equal in SQLite")
            self.position = close + 2
            return _NAMED[name]
        if letter == "\\" and self.dialect == "oracle":
            return (letter,)
        return self.escaped() if letter == "\\" else (letter,)

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


def _few(alternatives: list[list[_Part]]) -> list[list[_Part]]:
    if len(alternatives) > _MOST_SHAPES:
        raise Unreadable("the regular expression stands for too many shapes")
    return alternatives


def _separated(alternatives: list[list[_Part]]) -> _Item | None:
    """`(-?[a-z])+`, whose alternatives are the letter alone and behind a separator, as one run of both."""
    parts = [[part for part in way if isinstance(part, _Item)] for way in alternatives]
    if len(alternatives) != 1 or len(parts[0]) != len(alternatives[0]) or len(parts[0]) != 2:
        return None
    apart, letter = parts[0]
    once = (apart.fewest, apart.most, letter.fewest, letter.most) == (0, 1, 1, 1)
    plain = not (apart.negated or letter.negated) and len(apart.members) == len(apart.members[0]) == 1
    if not (once and plain) or any(_within(apart.members[0], member) for member in letter.members):
        return None
    return _Item((*letter.members, *apart.members), False, 1, None, letter.members)


def _within(letter: str, member: str) -> bool:
    return member[0] <= letter <= member[-1]


def _range(low: tuple[str, ...], high: tuple[str, ...]) -> str:
    found = "-".join((*low, *high))
    if len(found) != 3 or not low[0] < high[0] or {low[0], high[0]} & set("]^-["):
        raise Unreadable(f"the range {found} of a regular expression has no equal in SQLite")
    return found


def _conditions(parts: list[_Part], subject: str) -> list[str]:
    """The conditions of one alternative, any of which has to hold."""
    starts, ends = parts[:1] == ["^"], parts[-1:] == ["$"]
    items = [part for part in parts if isinstance(part, _Item)]
    if any(item.inner for item in items) and not (starts and ends):
        raise Unreadable("a regular expression with separators and an open end has no equal in SQLite")
    if len(items) != len(parts) - starts - ends:
        raise Unreadable("a regular expression that ends in its middle has no equal in SQLite")
    if not starts:
        items = _loose(items)
    if not ends:
        items = _loose(items[::-1])[::-1]
    runs = [number for number, item in enumerate(items) if item.is_run]
    if not runs:
        return [f"{subject} GLOB {_text(_edges(shape.glob, starts, ends))}" for shape in _expanded(items)]
    if len(runs) > 1:
        raise Unreadable("a regular expression with two parts of no fixed length has no equal in SQLite")
    before, run, after = items[: runs[0]], items[runs[0]], items[runs[0] + 1 :]
    if not (starts and ends) or any(item.is_open for item in items):
        raise Unreadable("a regular expression with a run of any length in its middle has no equal in SQLite")
    pairs = [(prefix, suffix) for prefix in _expanded(before) for suffix in _expanded(after)]
    if len(pairs) > _MOST_SHAPES:
        raise Unreadable("the regular expression stands for too many shapes")
    return [_around(prefix, run, suffix, subject) for prefix, suffix in pairs]


def _loose(items: list[_Item]) -> list[_Item]:
    """What has to be there of items behind any other text: of the first, no more than it needs."""
    while items:
        if items[0].fewest:
            return [items[0]._replace(most=items[0].fewest), *items[1:]]
        items = items[1:]
    return items


def _around(prefix: _Shape, run: _Item, suffix: _Shape, subject: str) -> str:
    """That a text is `prefix`, then nothing but the letters of `run`, then `suffix`."""
    outside = prefix.length + suffix.length
    if run.inner:
        if suffix.length:
            raise Unreadable("a regular expression with something behind letters and separators has no equal in SQLite")
        suffix = _Shape(glob_set(run.inner, negated=False), 0)
    spelled = run.fewest <= _MOST_SPELLED_OUT
    shape = prefix.glob + run.glob * (run.fewest if spelled and not run.inner else 0) + "*" + suffix.glob
    out = [f"{subject} GLOB {_text(shape)}"] if shape != "*" else []
    if run.fewest == run.most:
        out.append(f"LENGTH({subject}) = {outside + run.fewest}")
    else:
        out += [f"LENGTH({subject}) >= {outside + run.fewest}"] if not spelled else []
        out += [f"LENGTH({subject}) <= {outside + run.most}"] if run.most is not None else []
    if run.glob != "?":
        middle = subject
        if suffix.length:
            middle = f"SUBSTRING({subject}, {prefix.length + 1}, LENGTH({subject}) - {outside})"
        elif prefix.length:
            middle = f"SUBSTRING({subject}, {prefix.length + 1})"
        others = glob_set(run.members, negated=not run.negated)
        out.append(f"NOT {middle} GLOB {_text(f'*{others}*')}")
        if run.inner:
            apart = glob_set(run.members[len(run.inner) :], negated=False)
            out.append(f"NOT {middle} GLOB {_text(f'*{apart}{apart}*')}")
    return " AND ".join(out)


def _expanded(items: list[_Item]) -> list[_Shape]:
    shapes = [_Shape("", 0)]
    for item in items:
        if item.is_open:
            ways = [_Shape("?" * item.fewest + "*", item.fewest)]
        else:
            ways = [_Shape(item.glob * times, times) for times in range(item.fewest, (item.most or 0) + 1)]
        shapes = [_Shape(shape.glob + way.glob, shape.length + way.length) for shape in shapes for way in ways]
        if len(shapes) > _MOST_SHAPES or any(len(shape.glob) > _LONGEST for shape in shapes):
            raise Unreadable("the regular expression stands for too many shapes")
    return shapes


def _edges(shape: str, starts: bool, ends: bool) -> str:
    return ("" if starts else "*") + shape + ("" if ends else "*")


def _text(glob: str) -> str:
    return "'" + re.sub(r"\*{2,}", "*", glob).replace("'", "''") + "'"
