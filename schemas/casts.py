"""Casts: which of them SQLite needs not be told, which it can do as well, and which it would do otherwise.

Columns hold values in one stored form, so that a cast to the kind that a value has already says
nothing. One that rounds, cuts off or writes a number as text is kept only where SQLite does it exactly so.
"""

from __future__ import annotations

import re
import struct

from sqlglot import exp

from .errors import Unreadable
from .lex import Dialect
from .literals import stored_form
from .model import ColumnType, Value
from .value_kind import NUMBERS, Columns, kind_of, type_kind

_LONGEST_INTEGER = 20
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE)
_SAME_NUMBER = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.Coalesce, exp.Case, exp.If, exp.Nullif, exp.Paren)
_UNSIGNED = (exp.DType.UTINYINT, exp.DType.USMALLINT, exp.DType.UMEDIUMINT, exp.DType.UINT, exp.DType.UBIGINT)
_DECIDED = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.And, exp.Or, exp.Not,
)  # fmt: skip


def is_number(text: str) -> bool:
    """Whether a text is a finite number as SQL writes it."""
    return _NUMBER.fullmatch(text) is not None


def stored_literal(text: Value, kind: ColumnType) -> exp.Expr:
    """The literal of a value in the form in which a column of that type stores it.

    Raises:
        Unreadable: The value does not fit the type.
    """
    stored = stored_form(text, kind, "sqlite")
    if kind.kind == "boolean":
        return exp.Boolean(this=bool(stored))
    if isinstance(stored, int | float):
        number = exp.Literal.number(repr(abs(stored)))
        return exp.Neg(this=number) if stored < 0 else number
    return exp.Literal.string(str(stored))


def rewrite_cast(node: exp.Cast, inner: exp.Expr, dialect: Dialect, columns: Columns) -> exp.Expr:
    """A cast in SQLite's words.

    Args:
        node: As written.
        inner: What it casts, with its outermost part rewritten already.

    Raises:
        Unreadable: SQLite would make another value of it.
    """
    if isinstance(inner, exp.Null | exp.Array):
        return inner
    if dialect == "sqlite":
        return _own(node, inner, columns)
    wanted = type_kind(node.to, dialect)
    if isinstance(inner, exp.Literal | exp.Boolean):
        return _literal(node, inner, wanted, dialect)
    given = kind_of(node.this, columns, dialect)
    if given == "null" or _is_present(inner):
        return inner
    if wanted == "text":
        return _as_text(node, inner, given, dialect, columns)
    if wanted in NUMBERS:
        return _as_number(node, inner, given, dialect, columns)
    if wanted == "boolean" and given in ("boolean", "integer"):
        return inner if given == "boolean" else exp.NEQ(this=inner, expression=exp.Literal.number(0))
    if wanted == "date" and given in ("date", "timestamp"):
        return inner if given == "date" else _call("DATE", inner)
    if wanted == "timestamp" and given in ("date", "timestamp") and not node.to.is_type("smalldatetime"):
        return inner if given == "timestamp" else _call("DATETIME", inner)
    if wanted == "time" and given in ("time", "timestamp"):
        return inner if given == "time" else _call("TIME", inner)
    if wanted in ("uuid", "json", "blob") and given == wanted:
        return inner
    if wanted is None and isinstance(inner, exp.Column) and node.to.this == exp.DType.USERDEFINED:
        return inner  # an enum or a domain, which its column is of already
    raise Unreadable(f"SQLite has no equal for a cast of a {given or 'value'} to {_shown(node.to)}")


def _own(node: exp.Cast, inner: exp.Expr, columns: Columns) -> exp.Expr:
    """SQLite's own CAST; only what says nothing is taken away."""
    wanted = type_kind(node.to, "sqlite")
    given = kind_of(inner, columns, "sqlite")
    literal = inner.this if isinstance(inner, exp.Literal) else ""
    if wanted == "text":
        of_text = isinstance(inner, exp.Column) and given not in (*NUMBERS, "boolean", None)
        return inner if of_text or (literal and inner.is_string) else exp.cast(inner, "TEXT")
    if wanted == "integer":
        if literal.isdigit():
            return exp.Literal.number(literal)
        return inner if isinstance(inner, exp.Column) and given == "integer" else exp.cast(inner, "INTEGER")
    if wanted in ("real", "decimal"):
        if is_decided(node) and (given in NUMBERS or is_number(literal)):
            return exp.Literal.number(literal) if literal else inner
        if wanted == "decimal":
            raise Unreadable("a CAST AS NUMERIC leaves whole numbers whole, and would not be written so")
        return exp.cast(inner, "DOUBLE")
    if wanted in ("date", "time", "timestamp", "boolean"):
        raise Unreadable(f"SQLite makes a number of what is cast to {_shown(node.to)}")
    return inner if literal and inner.is_string else node


def _literal(node: exp.Cast, inner: exp.Expr, wanted: object, dialect: Dialect) -> exp.Expr:
    value = inner.this
    text = str(value)
    if wanted == "text":
        length = _arguments(node.to)
        if isinstance(inner, exp.Boolean) or not inner.is_string:
            return _literal_text(inner, length)
        return exp.Literal.string(text[: length[0]]) if length else inner
    if isinstance(inner, exp.Boolean):
        if wanted == "boolean":
            return inner
        if wanted == "integer":
            return exp.Literal.number(int(bool(value)))
        raise Unreadable(f"a truth cannot be cast to {_shown(node.to)}")
    if wanted in NUMBERS:
        plain = text.strip().lstrip("$") if node.to.is_type("money", "smallmoney") else text.strip()
        if not is_number(plain) or not _keeps(plain, node.to, dialect):
            raise Unreadable(f"a cast of {text!r} to {_shown(node.to)} rounds it")
        return stored_literal(plain, ColumnType("decimal")) if plain[:1] in "+-" else exp.Literal.number(plain)
    if wanted == "boolean":
        return stored_literal(text, ColumnType("boolean"))
    if wanted in ("date", "time", "timestamp"):
        if text.lower() == "now":
            return exp.CurrentDate() if wanted == "date" else exp.CurrentTimestamp()
        return stored_literal(text, ColumnType(wanted))
    if wanted == "uuid":
        return stored_literal(text, ColumnType("uuid"))
    if node.to.is_type("interval") and node.parent is not None:
        raise Unreadable("SQLite has no intervals")
    return inner


def _literal_text(inner: exp.Expr, length: list[int]) -> exp.Expr:
    if isinstance(inner, exp.Literal) and inner.this.isdigit() and (not length or len(inner.this) <= length[0]):
        return exp.Literal.string(str(int(inner.this)))
    raise Unreadable("how a number or a truth is written as text differs in SQLite")


def _keeps(text: str, type_: exp.DataType, dialect: Dialect) -> bool:
    """Whether a number is the same as a value of a type."""
    number = float(text)
    digits = len(text.partition(".")[2].rstrip("0"))
    if "e" in text.lower():
        digits = 0 if number.is_integer() else 99
    if type_.is_type("double") or (dialect == "tsql" and type_.is_type("float")):
        return True
    if type_.is_type("float"):
        return bool(struct.unpack("f", struct.pack("f", number))[0] == number)
    if type_.is_type(*exp.DataType.INTEGER_TYPES):
        return digits == 0
    scale = _scale(type_, dialect)
    return scale is None or digits <= scale


def _scale(type_: exp.DataType, dialect: Dialect) -> int | None:
    """The digits behind the point that a cast to a decimal leaves, or None for all."""
    if type_.is_type("money", "smallmoney"):
        return 2 if dialect == "postgres" else 4
    found = _arguments(type_)
    if found:
        return found[1] if len(found) > 1 else 0
    return None if dialect in ("postgres", "oracle") else 0


def _arguments(type_: exp.DataType) -> list[int]:
    return [int(part.name) for part in type_.expressions if part.name.isdigit()]


def _as_text(node: exp.Cast, inner: exp.Expr, given: object, dialect: Dialect, columns: Columns) -> exp.Expr:
    found = _arguments(node.to)
    length = found[0] if found else None
    if length is None and dialect == "tsql" and not node.to.is_type("text") and node.to.is_type("varchar", "nvarchar"):
        length = 30  # SQL Server's own
    if length is None and node.to.is_type("char", "nchar") and dialect in ("postgres", "tsql"):
        length = 1 if dialect == "postgres" else 30
    if given in ("date", "uuid") and dialect in ("postgres", "mysql") and (length is None or length >= 36):
        return inner
    if given == "text":
        column = columns.get(inner.name.lower()) if isinstance(inner, exp.Column) else None
        if length is None or (column is not None and column.type.length is not None and column.type.length <= length):
            return inner
        if node.to.is_type("char", "nchar"):
            raise Unreadable(f"a cast to {_shown(node.to)} fills up or cuts off, which SQLite does not")
        return exp.Substring(this=inner, start=exp.Literal.number(1), length=exp.Literal.number(length))
    if given == "integer" and (length is None or length >= _LONGEST_INTEGER):
        return exp.cast(inner, "TEXT")
    raise Unreadable(f"how a {given or 'value'} is written as text differs in SQLite")


def _as_number(node: exp.Cast, inner: exp.Expr, given: object, dialect: Dialect, columns: Columns) -> exp.Expr:
    wanted = type_kind(node.to, dialect)
    if given == "boolean" and wanted == "integer":
        return exp.cast(inner, "INTEGER")
    if given == "text" and dialect == "mysql" and node.to.is_type("bigint"):
        return exp.cast(inner, "INTEGER")  # both take the number that a text begins with, else 0
    if given not in NUMBERS:
        raise Unreadable(f"SQLite makes 0 of a {given or 'value'} that is no number, and others refuse it")
    if node.to.this in _UNSIGNED:
        raise Unreadable("a negative number becomes a large one in a cast to an unsigned type")
    if wanted == "integer":
        return inner if given == "integer" else _as_integer(node, inner, given, dialect)
    column = columns.get(inner.name.lower()) if isinstance(inner, exp.Column) else None
    same = given == "integer" or (given == wanted == "decimal" and _scale(node.to, dialect) is None)
    if wanted == "decimal" and given == "decimal" and column is not None and column.type.precision is not None:
        scale = _scale(node.to, dialect)
        same = same or (scale is not None and (column.type.scale or 0) <= scale)
    if wanted == "real":
        same = given == "integer" or node.to.is_type("double") or dialect in ("tsql", "oracle")
        if node.to.is_type("float") and dialect not in ("tsql", "oracle"):
            same = False  # of single precision
    elif given == "real" and _scale(node.to, dialect) is None:
        same = True
    if not same:
        raise Unreadable(f"a cast of a {given} to {_shown(node.to)} rounds")
    return inner if is_decided(node) else exp.cast(inner, "DOUBLE")


def _as_integer(node: exp.Cast, inner: exp.Expr, given: object, dialect: Dialect) -> exp.Expr:
    if isinstance(node.this.unnest(), exp.Extract):
        return inner
    if isinstance(inner, exp.Trunc) and not inner.args.get("decimals"):
        return exp.cast(inner.this, "INTEGER")
    if dialect == "tsql" or isinstance(inner, exp.Floor | exp.Ceil):
        return exp.cast(inner, "INTEGER")
    if given == "decimal" and isinstance(inner, exp.Column):
        return exp.cast(exp.Round(this=inner), "INTEGER")  # away from zero, and a half is exact
    raise Unreadable("a cast to a whole number rounds, and SQLite cuts off")


def is_decided(node: exp.Expr) -> bool:
    """Whether only the size of a number matters for what it is a part of, and not how it is stored.

    A whole number that is divided, or written as text, gives another result than a fraction of the same size.
    """
    parent = node.parent
    while isinstance(parent, _SAME_NUMBER) or (isinstance(parent, exp.Cast) and parent.to.is_type("double", "decimal")):
        parent = parent.parent
    return parent is None or isinstance(parent, (*_DECIDED, exp.Select))


def _is_present(node: exp.Expr) -> bool:
    return isinstance(node, exp.CurrentTimestamp | exp.CurrentDate | exp.CurrentTime | exp.CurrentDatetime)


def _call(name: str, argument: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[argument])


def _shown(type_: exp.DataType) -> str:
    return type_.sql().lower()
