"""Comparisons whose sides SQLite would compare otherwise: days with moments, enums by their order, texts with numbers.

SQLite compares stored forms. A literal has to stand in the form of what it is compared with, a day
compared with a moment has to be one at midnight, and the order of an enum is that of its list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from sqlglot import exp

from .casts import is_number, stored_literal
from .errors import Unreadable
from .forms import in_form
from .lex import Dialect
from .literals import stored_form
from .model import Column, ColumnType, Form, Kind
from .value_kind import NUMBERS, TEMPORAL, Columns, ValueKind, common, kind_of, type_kind

_ORDERED = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
COMPARED = (*_ORDERED, exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Nullif, exp.Coalesce)
"""The parts of an expression whose values have to be of one form."""
_FRACTION = re.compile(r":\d+[.,]0*[1-9]")
_MIDNIGHT = "00:00:00"
_CHOSEN = (exp.Coalesce, exp.Case, exp.If, exp.Nullif, exp.Greatest, exp.Least)


def rewrite_comparison(node: exp.Expr, dialect: Dialect, columns: Columns) -> exp.Expr:
    """A comparison of another dialect in SQLite's words; its sides are changed in place.

    Raises:
        Unreadable: SQLite would compare otherwise.
    """
    if dialect == "postgres" and isinstance(node, _ORDERED):
        listed = _ordered_enum(node, columns)
        if listed is not None:
            return listed
    formed = [column for side in _sides(node) if (column := _formed(side, columns)) is not None]
    if formed:
        return _written_alike(node, formed[0])
    if isinstance(node, exp.Between):
        if node.args.get("symmetric"):
            raise Unreadable("SQLite's BETWEEN has its lower bound first")
        low = exp.GTE(this=node.this.copy(), expression=node.args["low"])
        high = exp.LTE(this=node.this, expression=node.args["high"])
        return exp.Paren(this=exp.And(this=low, expression=high))  # each compares by its own bound
    sides = list(_sides(node))
    kinds = [_side_kind(side, dialect, columns) for side in sides]
    solid = [kind for side, kind in zip(sides, kinds, strict=True) if not _is_plain(side) and kind != "null"]
    if not solid:
        return node
    together = set(solid)
    if "text" in together and together & {*NUMBERS}:
        raise Unreadable("SQLite does not read a text as a number when it compares the two")
    if together == {"date", "timestamp"}:
        _at_midnight(node, sides, kinds, dialect)
        return node
    kind = common(solid)
    if kind in NUMBERS or kind in ("boolean", "uuid") or kind in TEMPORAL:
        for side in sides:
            if (literal := _literal(side)) is not None:
                side.replace(_fitted(node, side, literal[0], kind, cut=literal[1] is None and dialect == "postgres"))
    return node


_ONE_WAY: frozenset[Form] = frozenset({"inet", "cidr", "macaddr", "bits", "varying bits"})
"""Forms in which the server has one way to write a value, so that equal values are equal texts."""


def _formed(side: exp.Expr, columns: Columns) -> Column | None:
    for part in side.find_all(exp.Column):
        column = columns.get(part.name.lower())
        if column is not None and column.type.form and column.type.items is None:
            return column
    return None


def _written_alike(node: exp.Expr, column: Column) -> exp.Expr:
    """`host = '10.0.0.1'`: the only comparison of texts in a form that says what the values would."""
    wrong = Unreadable(f"values of the form {column.type.form!r} are compared as texts in SQLite")
    sides = list(_sides(node))
    if not isinstance(node, exp.EQ | exp.NEQ | exp.In) or column.type.form not in _ONE_WAY:
        raise wrong
    if not isinstance(sides[0].unnest(), exp.Column):
        sides.reverse()
    if not isinstance(sides[0].unnest(), exp.Column):
        raise wrong
    for side in sides[1:]:
        bits = isinstance(side.unnest(), exp.BitString)
        found = (str(side.unnest().this), None) if bits else _literal(side)
        if found is None or not in_form(found[0], column.type) or found[0] != found[0].lower():
            raise wrong
        side.replace(exp.Literal.string(found[0]))
    return node


def _sides(node: exp.Expr) -> Iterator[exp.Expr]:
    for side in (node.this, node.args.get("expression"), node.args.get("low"), node.args.get("high")):
        if isinstance(side, exp.Expr):
            yield side
    yield from node.expressions


def _literal(side: exp.Expr) -> tuple[str, exp.Cast | None] | None:
    """The text of a literal and what it is cast to, if anything."""
    inner = side.unnest()
    to = inner if isinstance(inner, exp.Cast) else None
    while isinstance(inner, exp.Cast | exp.Paren):
        inner = inner.this
    if isinstance(inner, exp.National):
        return str(inner.this), to
    if isinstance(inner, exp.Literal) and inner.is_string:
        return str(inner.this), to
    return None


def _side_kind(side: exp.Expr, dialect: Dialect, columns: Columns) -> ValueKind:
    literal = _literal(side)
    if literal is None:
        return kind_of(side, columns, dialect)
    return type_kind(literal[1].to, dialect) if literal[1] is not None else None


def _is_plain(side: exp.Expr) -> bool:
    found = _literal(side)
    return found is not None and found[1] is None


def _at_midnight(node: exp.Expr, sides: list[exp.Expr], kinds: list[ValueKind], dialect: Dialect) -> None:
    """A day is compared with a moment as its midnight."""
    moments = [side for side, kind in zip(sides, kinds, strict=True) if kind == "timestamp"]
    texts = [found[0] if (found := _literal(side)) else "" for side in moments]
    if all(text and _full(text).endswith(_MIDNIGHT) and not _FRACTION.search(text) for text in texts):
        for side in sides:
            if (literal := _literal(side)) is not None:
                side.replace(_fitted(node, side, literal[0], "date", cut=dialect == "postgres"))
        return
    for side, kind in zip(sides, kinds, strict=True):
        if (literal := _literal(side)) is not None:
            side.replace(_fitted(node, side, literal[0], "timestamp", cut=False))
        elif kind == "date":
            side.replace(exp.Anonymous(this="DATETIME", expressions=[side.copy()]))


def _full(text: str) -> str:
    return str(stored_form(text, ColumnType("timestamp"), "sqlite"))


def _fitted(node: exp.Expr, side: exp.Expr, text: str, kind: ValueKind, *, cut: bool) -> exp.Expr:
    """A literal in the stored form of a kind.

    Args:
        cut: Whether the dialect itself leaves off the time of what is compared with a day.
    """
    if text.lower() == "now" and kind in TEMPORAL:
        return exp.CurrentDate() if kind == "date" else exp.CurrentTimestamp()
    if kind in NUMBERS:
        if text.lower() == "nan" and isinstance(node, exp.EQ | exp.NEQ):
            return exp.Literal.string(text)  # which no stored number is
        if not is_number(text):
            raise Unreadable(f"the value {text[:40]!r} is compared with a number")
        return stored_literal(text, ColumnType("decimal"))
    lost = _FRACTION.search(text) is not None
    if kind == "date":
        lost = not cut and (lost or not _full(text).endswith(_MIDNIGHT))
    if lost and kind in TEMPORAL and not _is_cut_well(node, side):
        raise Unreadable(f"the time of {text[:40]!r} is finer than what is stored")
    found = stored_literal(text, ColumnType(cast(Kind, kind)))
    if kind == "boolean" and stored_form(text, ColumnType("boolean"), "sqlite") not in (0, 1):
        raise Unreadable(f"the value {text[:40]!r} is no truth")
    return found


def _is_cut_well(node: exp.Expr, side: exp.Expr) -> bool:
    """Whether a stored value compares with the cut literal as with the whole one: `<=` and `>`, and no others."""
    if side is node.this:
        return isinstance(node, exp.GTE | exp.LT)
    return isinstance(node, exp.LTE | exp.GT)


def _ordered_enum(node: exp.Expr, columns: Columns) -> exp.Expr | None:
    """`mood > 'ok'` as a list of the values that come later."""
    sides = list(_sides(node))
    enums = [column for side in sides if (column := _enum(side, columns)) is not None]
    if not enums:
        if any(_chosen_enum(side, columns) or _is_own_type(side) for side in sides):
            raise Unreadable("an enum is ordered by its list, and a text in SQLite by its letters")
        return None
    values = enums[0].values
    texts = [found[0] if (found := _literal(side)) else None for side in sides]
    if len(enums) > 1 or sum(text in values for text in texts) != len(sides) - 1:
        raise Unreadable("an enum is ordered by its list, and a text in SQLite by its letters")
    places = [values.index(text) for text in texts if text is not None]
    if isinstance(node, exp.Between):
        if texts[0] is not None:
            raise Unreadable("an enum is ordered by its list, and a text in SQLite by its letters")
        chosen = values[places[0] : places[1] + 1]
    else:
        kind: type[exp.Expr] = type(node)
        if texts[0] is not None:
            turned: dict[type[exp.Expr], type[exp.Expr]] = {
                exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE,
            }  # fmt: skip
            kind = turned[kind]
        place = places[0]
        chosen = {
            exp.LT: values[:place], exp.LTE: values[: place + 1], exp.GT: values[place + 1 :], exp.GTE: values[place:],
        }[kind]  # type: ignore[index]  # fmt: skip
    if not chosen:
        raise Unreadable("no value of the enum satisfies it")
    subject = exp.column(enums[0].name, quoted=True)
    return exp.In(this=subject, expressions=[exp.Literal.string(value) for value in chosen])


def _enum(side: exp.Expr, columns: Columns) -> Column | None:
    side = side.unnest()
    column = columns.get(side.name.lower()) if isinstance(side, exp.Column) else None
    return column if column is not None and column.values else None


def _is_own_type(side: exp.Expr) -> bool:
    """Whether a literal is of a type of the schema's own, which may be an enum."""
    found = _literal(side)
    return found is not None and found[1] is not None and found[1].to.this == exp.DType.USERDEFINED


def _chosen_enum(side: exp.Expr, columns: Columns) -> bool:
    side = side.unnest()
    return isinstance(side, _CHOSEN) and any(_enum(part, columns) for part in side.find_all(exp.Column))
