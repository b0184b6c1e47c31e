"""What one condition of a CHECK says about the texts of one column: their shape, or the characters they may hold.

A hint like all of `bounds.py`: what is not understood says nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlglot import exp

from .shape import PRINTABLE, Shape, any_text, glob_set, of_glob, of_like, of_text


class Said(NamedTuple):
    """About the column called `column`, from its character at `start` on.

    Attributes:
        shapes: Its texts have one of them, if there are any.
        letters: All characters are among these, if given.
        shortest: The least number of characters.
    """

    column: str
    shapes: tuple[Shape, ...] = ()
    letters: str | None = None
    start: int = 0
    shortest: int = 0


class _Subject(NamedTuple):
    column: str
    start: int = 0
    length: int | None = None

    def whole(self, shape: Shape) -> Shape:
        """The shape of all of the column, where `shape` is that of the part."""
        if self.length is not None:
            return any_text(self.start) + shape + any_text(0, None)
        return any_text(self.start) + shape if self.start else shape


def read_text(part: exp.Expr) -> Said | None:
    """What a condition without AND and OR says, if it is about the text of one column."""
    if isinstance(part, exp.Not):
        return _without(part.this.unnest())
    escape = ""
    if isinstance(part, exp.Escape):
        part, escape = part.this, part.expression.name
    if isinstance(part, exp.Glob | exp.Like):
        subject, pattern = _subject(part.this), _text(part.expression)
        if subject is None or pattern is None:
            return None
        shape = of_glob(pattern) if isinstance(part, exp.Glob) else of_like(pattern, escape)
        return Said(subject.column, (subject.whole(shape),)) if shape is not None else None
    if isinstance(part, exp.In) and not isinstance(part.this.unnest(), exp.Column):
        subject = _subject(part.this)
        texts = [_text(value) for value in part.expressions]
        if subject is None or None in texts or not texts:
            return None
        return Said(subject.column, tuple(subject.whole(of_text(text)) for text in texts if text is not None))
    if isinstance(part, exp.EQ | exp.NEQ | exp.GT):
        return _compared(part)
    return None


def _compared(part: exp.EQ | exp.NEQ | exp.GT) -> Said | None:
    left, right = part.left.unnest(), part.right.unnest()
    text = _text(right)
    if isinstance(part, exp.GT):
        if isinstance(left, exp.StrPosition) and isinstance(left.this, exp.Column) and right.name == "0":
            found = _text(left.args["substr"])
            return Said(left.this.name, (any_text(0, None) + of_text(found) + any_text(0, None),)) if found else None
        text = text if text == "" else None
    subject = _subject(left)
    if isinstance(part, exp.NEQ | exp.GT):
        return Said(subject.column, shortest=1) if subject is not None and text == "" else None
    if text is not None and subject is not None and not isinstance(left, exp.Column):
        return Said(subject.column, (subject.whole(of_text(text)),))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, exp.Lower | exp.Upper) and isinstance(other, exp.Column) and one.this.unnest() == other:
            change = str.lower if isinstance(one, exp.Lower) else str.upper
            return Said(other.name, letters="".join(letter for letter in PRINTABLE if change(letter) == letter))
    return None


def _without(part: exp.Expr) -> Said | None:
    """NOT x GLOB '*[..]*': none of these characters anywhere."""
    if not isinstance(part, exp.Glob):
        return None
    subject, pattern = _subject(part.this), _text(part.expression)
    if subject is None or pattern is None or not (pattern.startswith("*[") and pattern.endswith("]*")):
        return None
    if "]" in pattern[4:-2] or subject.length is not None:
        return None
    refused = glob_set(pattern[2:-2])
    letters = "".join(letter for letter in PRINTABLE if letter not in refused)
    return Said(subject.column, letters=letters, start=subject.start)


def _subject(tree: exp.Expr) -> _Subject | None:
    """The column that an expression reads a text of; how it changes capitals and blanks is passed over."""
    inner = tree.unnest()
    while isinstance(inner, exp.Lower | exp.Upper | exp.Trim | exp.Collate):
        inner = inner.this.unnest()
    if isinstance(inner, exp.Column):
        return _Subject(inner.name)
    filled = inner.this.unnest() if isinstance(inner, exp.Substring) else None
    if (
        isinstance(filled, exp.DPipe)
        and isinstance(filled.left, exp.Column)
        and not (_text(filled.right) or "?").strip()
    ):
        return _Subject(filled.left.name)  # with blanks up to its whole length
    if isinstance(inner, exp.Substring) and isinstance(inner.this.unnest(), exp.Column):
        start, length = inner.args.get("start"), inner.args.get("length")
        if not isinstance(start, exp.Literal) or not start.name.isdigit() or start.name == "0":
            return None
        if length is not None and not (isinstance(length, exp.Literal) and length.name.isdigit()):
            return None
        return _Subject(inner.this.unnest().name, int(start.name) - 1, int(length.name) if length else None)
    return None


def _text(tree: exp.Expr) -> str | None:
    inner = tree.unnest()
    return inner.name if isinstance(inner, exp.Literal) and inner.is_string else None
