"""PostgreSQL's character(n), which some operators see with the blanks that fill it up, and most without.

`~`, LIKE and concat see them; comparing, length, `||`, casts to text and all other functions of texts do not
(PostgreSQL 15, tried). Here such a text is stored without blanks at its end, so that only the former are rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from .errors import Unreadable
from .regular import last_letters

PADDED = frozenset({"char", "character", "nchar", "national character", "national char"})
"""What PostgreSQL calls the type."""
_MATCHES = (exp.RegexpLike, exp.Like, exp.ILike)
_COMPARES = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between)
_SIDES = ("expression", "low", "high")
_STILL_PADDED = (exp.Coalesce, exp.Nullif, exp.Case, exp.If, exp.Paren)


def with_blanks(tree: exp.Expr, widths: Mapping[str, int]) -> exp.Expr:
    """An expression whose operators see the blanks that they see in PostgreSQL, in its own words.

    Args:
        widths: Of each character(n), by its name in small letters, the n.

    Raises:
        Unreadable: What is matched is made of such a column.
    """
    root = exp.Paren(this=tree)
    for node in list(root.walk()):
        if isinstance(node, _MATCHES):
            _match(node, widths)
        elif isinstance(node, exp.Concat):
            for part in node.expressions:
                if width := _width(part, widths):
                    part.replace(_filled(part, width))
        elif isinstance(node, _COMPARES):
            sides = [node.this, *(value for name, value in node.args.items() if name in _SIDES), *node.expressions]
            if any(_width(side, widths) for side in sides):
                for side in sides:
                    if isinstance(side, exp.Literal) and side.is_string:
                        side.replace(exp.Literal.string(side.this.rstrip(" ")))
    return root.unnest()


def _match(node: exp.Expr, widths: Mapping[str, int]) -> None:
    """Where what is found ends in another letter than a blank, nothing of the blanks is in it."""
    subject, pattern = node.this.unnest(), node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    width = _width(subject, widths)
    if not width:
        if isinstance(subject, _STILL_PADDED) and any(_width(part, widths) for part in subject.find_all(exp.Column)):
            raise Unreadable("what is matched may have blanks at its end that SQLite does not store")
        return
    escaped = isinstance(node.parent, exp.Escape)
    text = str(pattern.this) if isinstance(pattern, exp.Literal) and pattern.is_string and not escaped else "_"
    ends = last_letters(text) if isinstance(node, exp.RegexpLike) else _last_of_like(text)
    if ends is None:
        node.this.replace(_filled(subject, width))
    elif ends:
        whole = exp.EQ(this=exp.Length(this=subject.copy()), expression=exp.Literal.number(width))
        node.replace(exp.Paren(this=exp.And(this=node.copy(), expression=whole)))


def _last_of_like(pattern: str) -> bool | None:
    """As `last_letters`, of a pattern of LIKE."""
    rest = pattern.rstrip("%")
    if "\\" in pattern or rest[-1:] in ("_", " "):
        return None
    return rest == pattern


def _width(node: object, widths: Mapping[str, int]) -> int:
    inner = node.unnest() if isinstance(node, exp.Expr) else node
    return widths.get(inner.name.lower(), 0) if isinstance(inner, exp.Column) else 0


def _filled(subject: exp.Expr, width: int) -> exp.Expr:
    blanks = exp.DPipe(this=subject.copy(), expression=exp.Literal.string(" " * width))
    return exp.Substring(this=blanks, start=exp.Literal.number(1), length=exp.Literal.number(width))
