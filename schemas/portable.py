"""Says of an expression of another dialect whether SQLite can compute the same, before it is translated.

Every part has to be one that is known to mean the same, or that `translate.py` says in other words.
What is unknown is refused: a function of the same name may do something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from .casts import is_number
from .errors import Unreadable
from .lex import Dialect
from .value_kind import NUMBERS, TEMPORAL, Columns, ValueKind, kind_of

_Check = Callable[["_Scope", exp.Expr], None]
MEASURES: Mapping[str, str] = {
    "CARDINALITY": "JSON_ARRAY_LENGTH", "JSONB_TYPEOF": "JSON_TYPE", "JSON_TYPEOF": "JSON_TYPE",
}  # fmt: skip
"""PostgreSQL's functions that measure a list or JSON, and SQLite's."""
# Parts of a date that SQLite takes as whole numbers.
_PARTS = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE"})
_STAMPED = frozenset({"%Y", "%m", "%d", "%H", "%M", "%S"})


def check_portable(tree: exp.Expr, dialect: Dialect, columns: Columns, known: frozenset[str]) -> None:
    """Refuse what SQLite computes otherwise.

    Args:
        tree: As its dialect wrote it; nothing of it is changed.
        known: Functions that sqlglot has no name for and that are read by whoever asks, in capitals.

    Raises:
        Unreadable: With the part that SQLite would compute otherwise, or not at all.
    """
    scope = _Scope(dialect, columns, known)
    for node in tree.walk(prune=lambda node: isinstance(node, exp.DataType)):
        scope.check(node)


class _Scope:
    def __init__(self, dialect: Dialect, columns: Columns, known: frozenset[str]) -> None:
        self.known = known
        self.dialect = dialect
        self.columns = columns

    def check(self, node: exp.Expr) -> None:
        kind = type(node)
        if kind in _SAFE:
            return
        if kind not in _CHECKS:
            if isinstance(node, exp.Binary | exp.Unary) and not isinstance(node, exp.Func):
                raise Unreadable(f"the operator {node.key.upper()} means something else in SQLite")
            raise Unreadable(f"SQLite has no function that does the same as {_name(node)}")
        _CHECKS[kind](self, node)

    def kind(self, node: exp.Expr) -> ValueKind:
        return kind_of(node, self.columns, self.dialect)

    def want(self, node: exp.Expr, *kinds: ValueKind) -> None:
        found = self.kind(node)
        if found not in (*kinds, "null"):
            raise Unreadable(f"SQLite does otherwise with a {found or 'value of unknown type'} in {_shown(node)}")

    # -- one check a kind of part -------------------------------------------------------------------

    def whole(self, node: exp.Expr) -> None:
        for part in (node.this, node.args.get("expression")):
            if part is not None:
                self.want(part, "integer")

    def remainder(self, node: exp.Expr) -> None:
        self.whole(node)
        if self.dialect == "oracle" and not _is_positive(node.args["expression"]):
            raise Unreadable("the remainder of a division by 0 is something else in Oracle")

    def calculated(self, node: exp.Expr) -> None:
        for part in (node.this, node.args.get("expression")):
            found = self.kind(part) if part is not None else "null"
            if found in TEMPORAL or isinstance(part, exp.Interval):
                raise Unreadable("arithmetic on dates means something else in SQLite")
            joins = self.dialect == "tsql" and self.kind(node) == "text"
            if found == "text" and not joins and not (part is not None and _is_number(part)):
                raise Unreadable("SQLite makes 0 of a text that is no number, and others refuse it")

    def divided(self, node: exp.Expr) -> None:
        self.calculated(node)
        for part in (node.this, node.args["expression"]):
            self.want(part, *NUMBERS)

    def joined(self, node: exp.Expr) -> None:
        for part in (node.this, node.args["expression"]):
            if isinstance(part, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Mod) and self.dialect != "postgres":
                raise Unreadable("what || binds more tightly than differs in SQLite")
            if self.dialect == "oracle" and self.may_be_null(part):
                raise Unreadable("Oracle joins NULL as if it were an empty text")
            self.text(part)

    def text(self, part: exp.Expr) -> None:
        allowed: tuple[ValueKind, ...] = ("text", "integer", "uuid")
        self.want(part, *allowed, *(("date",) if self.dialect in ("postgres", "mysql") else ()))

    def may_be_null(self, part: exp.Expr) -> bool:
        part = part.unnest()
        if isinstance(part, exp.Column):
            column = self.columns.get(part.name.lower())
            return column is None or column.nullable
        if isinstance(part, exp.DPipe):
            return False  # looked at by itself
        return not _is_literal(part)

    def concatenated(self, node: exp.Expr) -> None:
        for part in node.expressions:
            self.text(part)

    def of_text(self, node: exp.Expr) -> None:
        self.want(node.this, "text")

    def length(self, node: exp.Expr) -> None:
        self.want(node.this, "text", *(("blob",) if self.dialect == "postgres" else ()))
        if node.args.get("binary") and not isinstance(node.this, exp.Literal):
            raise Unreadable("MySQL's LENGTH counts bytes; CHAR_LENGTH counts letters")

    def trimmed(self, node: exp.Expr) -> None:
        self.want(node.this, "text")
        what = node.args.get("expression")
        if what is not None and not (_is_literal(what) and (len(what.name) == 1 or self.dialect != "mysql")):
            raise Unreadable("MySQL's TRIM takes a text away, and SQLite's single letters")

    def cut(self, node: exp.Expr) -> None:
        """SUBSTR where it begins at a letter of the text and goes on; elsewhere all dialects differ."""
        self.want(node.this, "text")
        start, length = node.args.get("start"), node.args.get("length")
        if start is None or not (_whole(start) is not None or self.is_place(start)):
            raise Unreadable("where SUBSTR begins is not said by a number")
        lowest = {"mysql": 1, "oracle": 0}.get(self.dialect)
        begin = _whole(start)
        if lowest is not None and begin is not None and begin < lowest:
            raise Unreadable("SUBSTR that counts from the end goes beyond the beginning otherwise in SQLite")
        if length is not None:
            taken = _whole(length)
            if not (self.is_place(length) if taken is None else taken >= 0):
                raise Unreadable("how much SUBSTR takes could be a negative number")

    def is_place(self, node: exp.Expr) -> bool:
        """Whether a number is that of a letter, or of one behind it, which is never negative."""
        node = node.unnest()
        if isinstance(node, exp.Add):
            return any(self.is_place(one) and _is_positive(other) for one, other in _both(node))
        return isinstance(node, exp.StrPosition | exp.Length)

    def begun(self, node: exp.Expr) -> None:
        self.want(node.this, "text")
        if not _is_positive(node.args["expression"]):
            raise Unreadable(f"how much {_name(node)} takes is no positive number")

    def placed(self, node: exp.Expr) -> None:
        self.want(node.this, "text")
        what = node.args["substr"]
        if node.args.get("position") or node.args.get("occurrence"):
            raise Unreadable("SQLite's INSTR looks from the beginning, for the first place")
        if self.dialect in ("mysql", "tsql") and not (_is_literal(what) and what.name.upper() == what.name.lower()):
            raise Unreadable("SQLite's INSTR tells capitals apart")

    def replaced(self, node: exp.Expr) -> None:
        self.want(node.this, "text")
        for part in (node.args["expression"], node.args["replacement"]):
            self.text(part)

    def rounded(self, node: exp.Expr) -> None:
        found, digits = self.kind(node.this), node.args.get("decimals")
        places = _whole(digits) if digits is not None else 0
        column = self.columns.get(node.this.name.lower()) if isinstance(node.this, exp.Column) else None
        scale = column.type.scale or 0 if column is not None and column.type.precision is not None else None
        exact = found == "integer" or (found == "decimal" and scale is not None and places is not None)
        # To a whole number a half is exact; to the scale of the column nothing is rounded.
        if not exact or places is None or (found != "integer" and 0 != places < (scale or 0)) or places < 0:
            raise Unreadable("ROUND of fractions that are not exact differs in SQLite")

    def cut_off(self, node: exp.Expr) -> None:
        self.want(node.this, *NUMBERS)
        if node.args.get("decimals") is not None:
            raise Unreadable("SQLite's TRUNC leaves no digits")

    def number(self, node: exp.Expr) -> None:
        self.want(node.this, *NUMBERS)

    def taken(self, node: exp.Expr) -> None:
        of = node.args.get("expression") or node.this
        part = node.this.name if isinstance(node, exp.Extract) else ""
        if part and part.upper() not in _PARTS:
            raise Unreadable(f"the part {part.lower()} of a date cannot be taken in SQLite")
        self.want(of, *TEMPORAL)

    def stamped(self, node: exp.Expr) -> None:
        """TO_CHAR and DATE_FORMAT of a moment by letters that SQLite's STRFTIME knows."""
        self.want(node.this, "date", "timestamp")
        form = node.args.get("format")
        rest = form.name if form is not None and _is_literal(form) else "?"
        for code in _STAMPED:
            rest = rest.replace(code, "")
        if any(letter not in "-/:. _" for letter in rest):
            raise Unreadable("SQLite does not write a date in that format")

    def day(self, node: exp.Expr) -> None:
        self.want(node.this, "date", "timestamp")

    def greatest(self, node: exp.Expr) -> None:
        enums = any(column.values for column in self.columns.values() if node.find(exp.Column) is not None)
        if self.kind(node) in (None, "boolean", "json") or (self.kind(node) == "text" and enums):
            raise Unreadable(f"what {_name(node)} compares differs in SQLite")

    def json_part(self, node: exp.Expr) -> None:
        if not isinstance(node.parent, exp.Is) or not isinstance(node.parent.expression, exp.Null):
            raise Unreadable("what is taken of a JSON value is a text here and of its own type in SQLite")

    def letter(self, node: exp.Expr) -> None:
        for part in node.expressions:
            if not 0 < (_whole(part) or 0) < 128:
                raise Unreadable("which letter a number stands for depends on the character set")

    def zoned(self, node: exp.Expr) -> None:
        if not isinstance(node.this.unnest(), exp.CurrentTimestamp | exp.Anonymous | exp.CurrentDatetime):
            raise Unreadable("SQLite has no time zones")

    def called(self, node: exp.Expr) -> None:
        name = _name(node)
        if name in MEASURES:
            self.measured(node, name)
        elif name not in self.known:
            raise Unreadable(f"SQLite has no function that does the same as {name}")

    def measured(self, node: exp.Expr, name: str) -> None:
        """Whether an array is empty, and whether JSON is an object or a list; more of both is counted otherwise."""
        of = node.expressions[0].unnest() if len(node.expressions) == 1 else None
        column = self.columns.get(of.name.lower()) if isinstance(of, exp.Column) else None
        if column is None or column.type.kind != "json" or (column.type.items is not None) != (name == "CARDINALITY"):
            raise Unreadable(f"{_name(node)} is kept of a column only")
        compared = node.parent
        while isinstance(compared, exp.Paren):
            compared = compared.parent
        wanted = {"0"} if name == "CARDINALITY" else {"object", "array"}
        sides = (compared.this, compared.expression) if isinstance(compared, exp.Binary) else ()
        bare = [side.unnest().this if isinstance(side.unnest(), exp.Cast) else side.unnest() for side in sides]
        if not any(isinstance(side, exp.Literal) and side.this in wanted for side in bare):
            raise Unreadable(f"{_name(node)} is kept only where it is compared with {' or '.join(sorted(wanted))}")


def _both(node: exp.Add) -> tuple[tuple[exp.Expr, exp.Expr], tuple[exp.Expr, exp.Expr]]:
    return (node.left, node.right), (node.right, node.left)


def _is_literal(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal | exp.National | exp.Introducer | exp.ByteString)


def _is_number(node: exp.Expr) -> bool:
    return isinstance(node.unnest(), exp.Literal) and is_number(str(node.unnest().this))


def _whole(node: exp.Expr) -> int | None:
    node = node.unnest()
    if isinstance(node, exp.Neg):
        inner = _whole(node.this)
        return None if inner is None else -inner
    return int(node.this) if isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit() else None


def _is_positive(node: exp.Expr) -> bool:
    return (_whole(node) or 0) > 0


def _name(node: exp.Expr) -> str:
    return str(node.this).upper() if isinstance(node, exp.Anonymous) else node.key.upper()


def _shown(node: exp.Expr) -> str:
    text = node.sql()
    return text if len(text) <= 60 else text[:56] + " ..."


_SAFE: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In,
        exp.Between, exp.Like, exp.ILike, exp.Escape, exp.RegexpLike, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Any,
        exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.HexString, exp.BitString, exp.ByteString,
        exp.National, exp.Introducer, exp.Array, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Var, exp.Case, exp.If,
        exp.Coalesce, exp.Nullif, exp.Collate, exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime,
        exp.CurrentDatetime, exp.JSONPath, exp.JSONPathRoot, exp.JSONPathKey, exp.JSONPathSubscript,
    }
)  # fmt: skip
"""What means the same, or what translation looks at by itself."""

_CHECKS: Mapping[type[exp.Expr], _Check] = {
    exp.Add: _Scope.calculated, exp.Sub: _Scope.calculated, exp.Mul: _Scope.calculated, exp.Neg: _Scope.calculated,
    exp.Div: _Scope.divided, exp.IntDiv: _Scope.whole, exp.Mod: _Scope.remainder, exp.DPipe: _Scope.joined,
    exp.BitwiseAnd: _Scope.whole, exp.BitwiseOr: _Scope.whole, exp.BitwiseNot: _Scope.whole,
    exp.Concat: _Scope.concatenated, exp.Lower: _Scope.of_text, exp.Upper: _Scope.of_text, exp.Length: _Scope.length,
    exp.Trim: _Scope.trimmed, exp.Substring: _Scope.cut, exp.Left: _Scope.begun, exp.Right: _Scope.begun,
    exp.StrPosition: _Scope.placed, exp.Replace: _Scope.replaced, exp.Abs: _Scope.number, exp.Sign: _Scope.number,
    exp.Floor: _Scope.number, exp.Ceil: _Scope.number, exp.Round: _Scope.rounded, exp.Trunc: _Scope.cut_off,
    exp.Extract: _Scope.taken, exp.Year: _Scope.taken, exp.Month: _Scope.taken, exp.Day: _Scope.taken,
    exp.TimeToStr: _Scope.stamped, exp.Greatest: _Scope.greatest, exp.Least: _Scope.greatest,
    exp.JSONExtractScalar: _Scope.json_part, exp.Chr: _Scope.letter, exp.AtTimeZone: _Scope.zoned,
    exp.Anonymous: _Scope.called,
}  # fmt: skip
