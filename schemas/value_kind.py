"""The kind of value that an expression of any dialect has, as far as its parts say.

Translation asks it wherever two engines treat values of one kind alike and of another differently:
division, casts, comparisons. Nothing is refused here; None is the answer where it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlglot import exp

from .lex import Dialect
from .model import Column, Kind

Columns = Mapping[str, Column]
"""The columns an expression may name, by small-letter name."""
ValueKind = Kind | Literal["null"] | None

NUMBERS: tuple[ValueKind, ...] = ("integer", "real", "decimal")
TEMPORAL: tuple[ValueKind, ...] = ("date", "time", "timestamp")
_TRUTHS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Glob, exp.Escape, exp.RegexpLike, exp.RegexpILike, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Boolean,
)  # fmt: skip
_TEXTS = (
    exp.DPipe, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Replace, exp.Concat, exp.Chr,
    exp.TimeToStr, exp.ToChar, exp.National, exp.Introducer,
)  # fmt: skip
_WHOLE = (
    exp.Length, exp.StrPosition, exp.Extract, exp.Year, exp.Month, exp.Day, exp.BitwiseAnd, exp.BitwiseOr,
    exp.BitwiseNot, exp.BitString, exp.IntDiv,
)  # fmt: skip
_NAMED: Mapping[str, ValueKind] = {"CARDINALITY": "integer", "JSONB_TYPEOF": "text", "JSON_TYPEOF": "text"}
_CALCULATED = (exp.Add, exp.Sub, exp.Mul, exp.Mod)


def kind_of(node: exp.Expr, columns: Columns, dialect: Dialect) -> ValueKind:
    """The kind of an expression's value; "null" for NULL alone, None where it cannot be told.

    Args:
        node: As its dialect wrote it, before anything of it is translated.
    """
    node = node.unnest()
    if isinstance(node, exp.Column):
        column = columns.get(node.name.lower())
        return column.type.kind if column is not None and not column.type.form else None
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "integer" if node.this.isdigit() else "decimal"
    if isinstance(node, exp.Null):
        return "null"
    if isinstance(node, _TRUTHS):
        return "boolean"
    if isinstance(node, exp.Cast | exp.TryCast):
        return type_kind(node.to, dialect)
    if isinstance(node, _TEXTS):
        return "text"
    if isinstance(node, exp.Extract) and dialect == "postgres":
        return "decimal"  # as which it divides
    if isinstance(node, _WHOLE):
        return "integer"
    if isinstance(node, exp.HexString | exp.ByteString):
        return "blob" if dialect != "postgres" else "text"
    if isinstance(node, exp.CurrentDate | exp.Date | exp.TsOrDsToDate | exp.DateStrToDate):
        return "timestamp" if dialect == "oracle" else "date"
    if isinstance(node, exp.CurrentTimestamp | exp.CurrentDatetime | exp.StrToTime | exp.Timestamp):
        return "timestamp"
    if isinstance(node, exp.Time | exp.CurrentTime):
        return "time"
    if isinstance(node, exp.Anonymous):
        return _NAMED.get(str(node.this).upper())
    return _compound(node, columns, dialect)


def _compound(node: exp.Expr, columns: Columns, dialect: Dialect) -> ValueKind:
    def of(part: exp.Expr) -> ValueKind:
        return kind_of(part, columns, dialect)

    if isinstance(node, exp.Neg | exp.Abs | exp.Round | exp.Floor | exp.Ceil | exp.Trunc | exp.Nullif):
        return of(node.this)
    if isinstance(node, exp.Add) and dialect == "tsql" and {of(node.left), of(node.right)} <= {"text", "null"}:
        return "text"  # beside a number a text is a number
    if isinstance(node, exp.Div):
        found = strongest((of(node.left), of(node.right)))
        return "decimal" if found == "integer" and not divides_whole(dialect) else found
    if isinstance(node, _CALCULATED):
        return strongest((of(node.left), of(node.right)))
    if isinstance(node, exp.Case):
        parts = [branch.args["true"] for branch in node.args["ifs"]]
        return common(of(part) for part in (*parts, node.args.get("default")) if part is not None)
    if isinstance(node, exp.If):
        return common(of(part) for part in (node.args["true"], node.args.get("false")) if part is not None)
    if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
        return common(of(part) for part in (node.this, *node.expressions))
    return None


def divides_whole(dialect: Dialect) -> bool:
    """Whether whole numbers are divided as such: 7 / 2 is 3."""
    return dialect in ("postgres", "tsql", "sqlite")


def strongest(kinds: Iterable[ValueKind]) -> ValueKind:
    """The kind of a number that is calculated of numbers of these kinds; None when one is no number."""
    found = [kind for kind in kinds if kind != "null"]
    if any(kind not in NUMBERS for kind in found):
        return None
    order: tuple[ValueKind, ...] = ("real", "decimal", "integer")
    return next((kind for kind in order if kind in found), "null")


def common(kinds: Iterable[ValueKind]) -> ValueKind:
    """The kind of a value that is one of several."""
    found = list(dict.fromkeys(kind for kind in kinds if kind != "null"))
    if len(found) == 1:
        return found[0]
    return "timestamp" if set(found) == {"date", "timestamp"} else strongest(found)


def type_kind(type_: exp.DataType, dialect: Dialect) -> ValueKind:
    """The kind that a cast to a type gives; None for an array, a type of the schema's own and the like."""
    if type_.is_type(*exp.DataType.TEXT_TYPES, "bpchar"):
        return "text"
    if type_.is_type("boolean") or (dialect == "tsql" and type_.is_type("bit")):
        return "boolean"
    if type_.is_type("float", "double"):
        return "real"
    if type_.is_type(*exp.DataType.INTEGER_TYPES):
        return "integer"
    if type_.is_type(*exp.DataType.NUMERIC_TYPES, "money", "smallmoney"):
        return "decimal"
    if type_.is_type("date"):
        return "timestamp" if dialect == "oracle" else "date"
    if type_.is_type("time", "timetz"):
        return "time"
    if type_.is_type(*exp.DataType.TEMPORAL_TYPES):
        return "timestamp"
    if type_.is_type("uuid"):
        return "uuid"
    if type_.is_type("json", "jsonb"):
        return "json"
    if type_.is_type("binary", "varbinary", "blob"):
        return "blob"
    return None
