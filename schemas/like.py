"""LIKE of every dialect as LIKE or GLOB of SQLite, which hold for exactly the same texts.

PostgreSQL's and Oracle's LIKE tell capitals apart, which in SQLite only GLOB does; those of MySQL and
SQL Server do not (by their usual collations), like SQLite's own. A pattern that is not written out
could hold anything and is refused.
"""

from __future__ import annotations

import re

from sqlglot import exp

from .errors import Unreadable
from .lex import Dialect
from .regular import glob_set

Likes = exp.Like | exp.ILike
_SETTLED = "settled"  # a LIKE that is SQLite's already
_SET = re.compile(r"\[(\^?)([^\]]+)\]")


def is_like(node: exp.Expr) -> bool:
    """Whether this is a LIKE that is not yet SQLite's, or one with its ESCAPE."""
    inner = node.this if isinstance(node, exp.Escape) else node
    return isinstance(inner, Likes) and not inner.meta.get(_SETTLED)


def rewrite_like(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """A LIKE, or an ESCAPE around one, in SQLite's words.

    Raises:
        Unreadable: No LIKE or GLOB means the same.
    """
    like = node.this if isinstance(node, exp.Escape) else node
    pattern = _text(like.expression)
    mark = "\\" if dialect in ("postgres", "mysql") else ""
    if isinstance(node, exp.Escape):
        mark = _text(node.expression)
        if len(mark) > 1 or (not mark and dialect != "postgres"):
            raise Unreadable(f"LIKE cannot be escaped by {mark!r}")
    parts = _parts(pattern, mark, sets=dialect == "tsql")
    folds = isinstance(like, exp.ILike) or dialect in ("mysql", "tsql")
    if folds and not any(isinstance(part, tuple) for part in parts):
        return _as_like(like.this, parts)
    out = ""
    for part in parts:
        if isinstance(part, tuple):
            out += glob_set(_both_cases(part[1]) if folds else part[1], negated=bool(part[0]))
        elif part in ("%", "_"):
            out += "*" if part == "%" else "?"
        else:
            letter = part[-1]
            out += glob_set(_both_cases([letter]) if folds else [letter], negated=False)
    return exp.Glob(this=like.this, expression=exp.Literal.string(out))


def _text(node: exp.Expr) -> str:
    """The text of a literal, whatever it was cast to."""
    node = node.unnest()
    while isinstance(node, exp.Cast) and not node.to.is_type("binary", "varbinary", "blob"):
        node = node.this.unnest()
    if isinstance(node, exp.National | exp.Introducer):
        return str(node.this if isinstance(node, exp.National) else node.expression.name)
    if isinstance(node, exp.ByteString) or (isinstance(node, exp.Literal) and node.is_string):
        return str(node.this)
    raise Unreadable("the pattern of LIKE is no literal, and what it would be escaped by differs in SQLite")


_Part = str | tuple[str, list[str]]
"""`%`, `_`, a letter behind a backslash, or a set: its sign of negation and its members."""


def _parts(pattern: str, mark: str, *, sets: bool) -> list[_Part]:
    out: list[_Part] = []
    position = 0
    while position < len(pattern):
        letter = pattern[position]
        position += 1
        if mark and letter == mark:
            if position == len(pattern):
                raise Unreadable("the pattern of LIKE ends in its escape")
            out.append("\\" + pattern[position])
            position += 1
        elif letter == "[" and sets:
            found = _SET.match(pattern, position - 1)
            if found is None or (mark and mark in found[2]):
                raise Unreadable("a set in the pattern of LIKE is never closed, or holds an escape")
            out.append((found[1], _members(found[2])))
            position = found.end()
        else:
            out.append(letter if letter in "%_" else "\\" + letter)
    return out


def _members(letters: str) -> list[str]:
    """The single letters and ranges of a set; a hyphen at either end stands for itself."""
    out: list[str] = []
    position = 0
    while position < len(letters):
        found = letters[position : position + 3]
        if len(found) == 3 and found[1] == "-":
            if not any(re.fullmatch(kind, found[0] + found[2]) for kind in ("[0-9]{2}", "[a-z]{2}", "[A-Z]{2}")):
                raise Unreadable(f"what lies in the range {found} depends on the collation")
            out.append(found)
            position += 3
        else:
            out.append(found[0])
            position += 1
    return out


def _both_cases(members: list[str]) -> list[str]:
    for member in members:
        if not member.isascii() and member.lower() != member.upper():
            raise Unreadable(f"SQLite tells the capitals of {member!r} apart")
    return list(dict.fromkeys(form for member in members for form in (member, member.swapcase())))


def _as_like(subject: exp.Expr, parts: list[_Part]) -> exp.Expr:
    """SQLite's LIKE does not tell capitals apart, and escapes only where it is told how."""
    letters = [part for part in parts if isinstance(part, str)]
    _both_cases([part[1] for part in letters if len(part) > 1])
    escaped = not {"\\%", "\\_"}.isdisjoint(letters)
    kept = ("\\%", "\\_", "\\\\") if escaped else ()
    out = "".join(part if part in kept else part[-1] for part in letters)
    like = exp.Like(this=subject, expression=exp.Literal.string(out))
    like.meta[_SETTLED] = True
    return exp.Escape(this=like, expression=exp.Literal.string("\\")) if escaped else like
