"""Writes an expression of a Schema, which is SQLite's text, in PostgreSQL.

Only forms that mean the same in both engines are written; anything else is refused with a
reason. PostgreSQL is strict about types where SQLite is not, so every part is written
together with the kind of its value. The expression's names are the columns of one table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from sqlglot import exp

from .emit import literal, quote
from .errors import Unreadable
from .literals import stored_form
from .model import Column, ColumnType, Kind

_Kind = Kind | Literal["string", "null"]
"""Of a value: a column's kind, or a quoted literal whose type PostgreSQL takes from what is around it."""

_NUMERIC = ("integer", "real", "decimal")
_COMPARED: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM", exp.NullSafeNEQ: "IS DISTINCT FROM",
}  # fmt: skip
_CALCULATED: Mapping[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_TYPES: Mapping[str, tuple[str, Kind]] = {
    "INTEGER": ("bigint", "integer"), "INT": ("bigint", "integer"), "BIGINT": ("bigint", "integer"),
    "TEXT": ("text", "text"), "VARCHAR": ("text", "text"), "REAL": ("double precision", "real"),
    "FLOAT": ("double precision", "real"), "DOUBLE": ("double precision", "real"),
    "DECIMAL": ("numeric", "decimal"), "NUMERIC": ("numeric", "decimal"),
}  # fmt: skip
_TYPE_NAMES: Mapping[Kind, str] = {
    "integer": "bigint", "real": "double precision", "decimal": "numeric", "text": "text", "boolean": "boolean",
    "date": "date", "time": "time", "timestamp": "timestamp", "json": "jsonb", "uuid": "uuid", "blob": "bytea",
}  # fmt: skip
_DATE_PARTS = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute"}


class Written(NamedTuple):
    """PostgreSQL text and the kind of its value; `atom` when it needs no parentheses in any place."""

    sql: str
    kind: _Kind
    atom: bool = True


def write_condition(tree: exp.Expr, columns: Mapping[str, Column]) -> str:
    """A CHECK or the WHERE of an index.

    Args:
        tree: The parsed SQLite expression.
        columns: The columns it may name, by small-letter name.

    Raises:
        Unreadable: With the reason why PostgreSQL has no equal for it.
    """
    return _Writer(columns).truth(tree).sql


def write_value(tree: exp.Expr, columns: Mapping[str, Column], wanted: Kind | None = None) -> str:
    """An expression that is stored or indexed; it must give the same value whatever the session's settings.

    Args:
        wanted: The kind of the column that it is the value of, if any.

    Raises:
        Unreadable: With the reason why PostgreSQL has no equal for it.
    """
    writer = _Writer(columns, fixed=True)
    if wanted == "boolean":
        return writer.truth(tree).sql
    found = writer.value(tree)
    if wanted is None or found.kind in ("null", wanted) or (found.kind in _NUMERIC and wanted in _NUMERIC):
        return found.sql
    if found.kind == "boolean" and wanted in _NUMERIC:
        return writer.number(found).sql
    return writer.cast(found, wanted).sql


class _Writer:
    def __init__(self, columns: Mapping[str, Column], fixed: bool = False) -> None:
        self.columns = columns
        self.fixed = fixed

    def truth(self, node: exp.Expr) -> Written:
        """A condition; what SQLite takes for one because it is not 0 is compared with 0."""
        found = self.value(node)
        if found.kind in ("boolean", "null"):
            return found
        if found.kind in _NUMERIC:
            return Written(f"{_wrapped(found)} <> 0", "boolean", False)
        raise Unreadable(f"a {found.kind} is no condition in PostgreSQL")

    def number(self, found: Written) -> Written:
        if found.kind == "boolean":
            return Written(f"CAST({found.sql} AS integer)", "integer")
        if found.kind in (*_NUMERIC, "null"):
            return found
        raise Unreadable(f"PostgreSQL does not calculate with a {found.kind}")

    def text(self, found: Written) -> Written:
        if found.kind in ("text", "string", "null"):
            return found
        return self.cast(found, "text")

    def cast(self, found: Written, kind: Kind) -> Written:
        if kind == "text" and found.kind in ("date", "time", "timestamp", "real") and self.fixed:
            raise Unreadable(f"how PostgreSQL writes a {found.kind} depends on the session")
        if found.kind == "boolean" and kind != "integer":
            found = self.number(found)
        return Written(f"CAST({found.sql} AS {_TYPE_NAMES[kind]})", kind)

    def value(self, node: exp.Expr) -> Written:
        if isinstance(node, exp.Paren):
            inner = self.value(node.this)
            return inner._replace(sql=f"({inner.sql})", atom=True)
        if isinstance(node, exp.Column):
            column = self.columns.get(node.name.lower())
            if column is None:
                raise Unreadable(f"it names {node.name!r}, which is no column here")
            return Written(quote(column.name), column.type.kind)
        if isinstance(node, exp.Literal):
            if node.is_string:
                return Written(literal(node.this), "string")
            whole = node.this.isdigit()
            return Written(node.this, "integer" if whole else "decimal")
        if isinstance(node, exp.Null):
            return Written("NULL", "null")
        if isinstance(node, exp.Boolean):
            return Written("TRUE" if node.this else "FALSE", "boolean")
        for kinds, write in _WRITERS:
            if isinstance(node, kinds):
                return write(self, node)
        raise Unreadable(f"PostgreSQL has no equal for {_shown(node)}")

    # -- conditions ---------------------------------------------------------------------------------

    def both(self, node: exp.Binary) -> Written:
        word = "AND" if isinstance(node, exp.And) else "OR"
        left, right = self.truth(node.left), self.truth(node.right)
        return Written(f"{_wrapped(left)} {word} {_wrapped(right)}", "boolean", False)

    def negated(self, node: exp.Not) -> Written:
        inner = node.this
        if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
            return Written(f"{_wrapped(self.value(inner.this))} IS NOT NULL", "boolean", False)
        return Written(f"NOT {_wrapped(self.truth(inner))}", "boolean", False)

    def same(self, node: exp.Is) -> Written:
        if isinstance(node.expression, exp.Null):
            return Written(f"{_wrapped(self.value(node.this))} IS NULL", "boolean", False)
        left, right = self.matched(self.value(node.this), self.value(node.expression))
        return Written(f"{_wrapped(left)} IS NOT DISTINCT FROM {_wrapped(right)}", "boolean", False)

    def compared(self, node: exp.Binary) -> Written:
        left, right = self.matched(self.value(node.left), self.value(node.right))
        return Written(f"{_wrapped(left)} {_COMPARED[type(node)]} {_wrapped(right)}", "boolean", False)

    def matched(self, left: Written, right: Written) -> tuple[Written, Written]:
        """Two values as PostgreSQL can compare them and SQLite does."""
        kinds = {left.kind, right.kind}
        if "null" in kinds or "string" in kinds or left.kind == right.kind or kinds <= set(_NUMERIC):
            if kinds & {"string"} and kinds & {*_NUMERIC, "boolean", "blob"}:
                raise Unreadable("a text is compared with what is no text")
            return _in_form(left, right.kind), _in_form(right, left.kind)
        if "boolean" in kinds and kinds & set(_NUMERIC):
            boolean, other = (left, right) if left.kind == "boolean" else (right, left)
            if other.sql in ("0", "1"):
                truth = Written("TRUE" if other.sql == "1" else "FALSE", "boolean")
                return (left, truth) if left is boolean else (truth, right)
            return self.number(left), self.number(right)
        if kinds in ({"date", "timestamp"}, {"text", "uuid"}):
            return self.text(left), self.text(right)
        raise Unreadable(f"PostgreSQL does not compare a {left.kind} with a {right.kind}")

    def listed(self, node: exp.In) -> Written:
        if not node.expressions:
            raise Unreadable("it holds a query")
        subject = self.value(node.this)
        items = [self.matched(subject, self.value(item)) for item in node.expressions]
        if any(left != subject for left, _ in items):
            raise Unreadable("a list holds values of another type than what is looked for in it")
        return Written(f"{_wrapped(subject)} IN ({', '.join(right.sql for _, right in items)})", "boolean", False)

    def like(self, node: exp.Like) -> Written:
        pattern = node.expression
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise Unreadable("the pattern of LIKE is no literal")
        subject = self.text(self.value(node.this))
        # SQLite's LIKE does not tell capitals apart and knows no escape by itself.
        escaped = pattern.this.replace("\\", "\\\\")
        return Written(f"{_wrapped(subject)} ILIKE {literal(escaped)}", "boolean", False)

    def escaped(self, node: exp.Escape) -> Written:
        like, mark = node.this, node.expression
        literals = isinstance(like, exp.Like) and isinstance(like.expression, exp.Literal)
        if not literals or mark.name != "\\":
            raise Unreadable("the escape of a LIKE is not written")
        subject = self.text(self.value(like.this))
        return Written(f"{_wrapped(subject)} ILIKE {literal(like.expression.this)}", "boolean", False)

    def glob(self, node: exp.Glob) -> Written:
        pattern = node.expression
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise Unreadable("the pattern of GLOB is no literal")
        subject = self.text(self.value(node.this))
        as_like = _like_pattern(pattern.this)
        if as_like is not None:
            return Written(f"{_wrapped(subject)} LIKE {literal(as_like)}", "boolean", False)
        return Written(f"{_wrapped(subject)} ~ {literal(_regular(pattern.this))}", "boolean", False)

    # -- values -------------------------------------------------------------------------------------

    def calculated(self, node: exp.Binary) -> Written:
        left, right = self.number(self.value(node.left)), self.number(self.value(node.right))
        kinds = {left.kind, right.kind}
        if isinstance(node, exp.Div) and "decimal" in kinds and "real" not in kinds:
            raise Unreadable("SQLite divides decimals that are whole as whole numbers; CAST one AS REAL")
        if isinstance(node, exp.Div | exp.Mod) and not _is_nonzero(node.right):
            right = Written(f"NULLIF({right.sql}, 0)", right.kind)  # SQLite gives NULL, PostgreSQL fails
        kind: Kind = "real" if "real" in kinds else "decimal" if "decimal" in kinds else "integer"
        if isinstance(node, exp.Mod) and kind != "integer":
            raise Unreadable("the remainder of fractions differs between the engines")
        return Written(f"{_wrapped(left)} {_CALCULATED[type(node)]} {_wrapped(right)}", kind, False)

    def negative(self, node: exp.Neg) -> Written:
        inner = self.number(self.value(node.this))
        return Written(f"-{_wrapped(inner)}", inner.kind, False)

    def joined(self, node: exp.DPipe) -> Written:
        left, right = self.text(self.value(node.left)), self.text(self.value(node.right))
        return Written(f"{_wrapped(left)} || {_wrapped(right)}", "text", False)

    def converted(self, node: exp.Cast) -> Written:
        name = node.to.sql(dialect="sqlite").split("(")[0].upper()
        if name not in _TYPES:
            raise Unreadable(f"PostgreSQL has no cast to {name}")
        kind = _TYPES[name][1]
        part = self.part(node.this)
        if part is not None and kind == "integer":
            return Written(f"CAST({part} AS bigint)", "integer")
        inner = self.value(node.this)
        if inner.kind in ("text", "string") and kind != "text":
            raise Unreadable("a text that is no number is 0 in SQLite and an error in PostgreSQL")
        if inner.kind == "boolean":
            inner = self.number(inner)  # PostgreSQL casts a truth to an integer and to no other number
        if kind == "integer" and inner.kind in ("real", "decimal"):
            inner = Written(f"TRUNC({inner.sql})", inner.kind)  # SQLite cuts off, PostgreSQL rounds
        return self.cast(inner, kind)

    def part(self, node: exp.Expr) -> str | None:
        """`STRFTIME('%Y', x)` as the year of x."""
        arguments = list(node.expressions) if isinstance(node, exp.Anonymous) else []
        if isinstance(node, exp.TimeToStr):
            arguments = [node.args["format"], node.this]
        elif not isinstance(node, exp.Anonymous) or str(node.this).upper() != "STRFTIME":
            return None
        code = _DATE_PARTS.get(arguments[0].name) if len(arguments) == 2 else None
        if code is None:
            return None
        inner = arguments[1].this if isinstance(arguments[1], exp.TsOrDsToTimestamp) else arguments[1]
        subject = self.value(inner)
        if subject.kind not in ("date", "timestamp"):
            raise Unreadable("a part of a date is taken of what is no date")
        return f"EXTRACT({code} FROM {subject.sql})"

    def is_list(self, node: exp.Expr) -> bool:
        """Whether a column is an array in PostgreSQL."""
        column = self.columns.get(node.name.lower()) if isinstance(node, exp.Column) else None
        return column is not None and column.type.items is not None

    def chosen(self, node: exp.Case) -> Written:
        if node.this is not None:
            raise Unreadable("a CASE that compares one value is not written")
        branches = [(self.truth(branch.this), branch.args["true"]) for branch in node.args["ifs"]]
        otherwise = node.args.get("default")
        return self.branched(branches, otherwise)

    def chosen_if(self, node: exp.If) -> Written:
        return self.branched([(self.truth(node.this), node.args["true"])], node.args.get("false"))

    def branched(self, branches: list[tuple[Written, exp.Expr]], otherwise: exp.Expr | None) -> Written:
        values = [self.value(value) for _, value in branches]
        last = self.value(otherwise) if otherwise is not None else None
        kind = self.common([*values, *([last] if last else [])])
        whens = [f"WHEN {test.sql} THEN {found.sql}" for (test, _), found in zip(branches, values, strict=True)]
        tail = f" ELSE {last.sql}" if last else ""
        return Written(f"CASE {' '.join(whens)}{tail} END", kind)

    def common(self, values: list[Written]) -> _Kind:
        kinds = list(dict.fromkeys(value.kind for value in values if value.kind != "null"))
        solid = [kind for kind in kinds if kind != "string"]
        if not kinds:
            return "null"
        if not solid:
            return "text"
        if all(kind in _NUMERIC for kind in kinds):
            return next(kind for kind in ("real", "decimal", "integer") if kind in kinds)
        if len(solid) == 1 and (len(kinds) == 1 or solid[0] not in (*_NUMERIC, "boolean", "blob")):
            return solid[0]
        raise Unreadable("its alternatives are values of different types")

    def first_of(self, node: exp.Coalesce) -> Written:
        values = [self.value(node.this), *(self.value(item) for item in node.expressions)]
        return Written(f"COALESCE({', '.join(value.sql for value in values)})", self.common(values))

    def nullified(self, node: exp.Nullif) -> Written:
        left, right = self.matched(self.value(node.this), self.value(node.expression))
        return Written(f"NULLIF({left.sql}, {right.sql})", left.kind)

    def called(self, node: exp.Func) -> Written:
        name, arguments = _call(node)
        texts = {"LOWER": "LOWER", "UPPER": "UPPER", "TRIM": "BTRIM", "LTRIM": "LTRIM", "RTRIM": "RTRIM"}
        values = [self.value(argument) for argument in arguments]
        if name in texts and len(values) in (1, 2):
            inside = ", ".join(self.text(value).sql for value in values)
            return Written(f"{texts[name]}({inside})", "text")
        if name == "LENGTH" and len(values) == 1:
            subject = values[0] if values[0].kind == "blob" else self.text(values[0])
            return Written(f"LENGTH({subject.sql})", "integer")
        if name == "SUBSTRING" and len(values) in (2, 3):
            for argument in arguments[1:]:
                if not (isinstance(argument, exp.Literal) and argument.this.isdigit() and argument.this != "0"):
                    raise Unreadable("SUBSTR counts from the end, or by a column, which PostgreSQL does otherwise")
            return Written(f"SUBSTR({', '.join([self.text(values[0]).sql, *(v.sql for v in values[1:])])})", "text")
        if name == "REPLACE" and len(values) == 3:
            return Written(f"REPLACE({', '.join(self.text(value).sql for value in values)})", "text")
        if name == "INSTR" and len(values) == 2:
            return Written(f"STRPOS({', '.join(self.text(value).sql for value in values)})", "integer")
        if name == "ABS" and len(values) == 1:
            inner = self.number(values[0])
            return Written(f"ABS({inner.sql})", inner.kind)
        if name == "ROUND" and len(values) in (1, 2):
            inner = self.number(values[0])
            digits = values[1].sql if len(values) == 2 else "0"
            return Written(f"ROUND(CAST({inner.sql} AS numeric), {digits})", "decimal")
        if name == "DATE" and len(values) == 1 and values[0].kind in ("date", "timestamp"):
            return Written(f"CAST({values[0].sql} AS date)", "date")
        if name == "JSON_ARRAY_LENGTH" and len(values) == 1 and self.is_list(arguments[0]):
            return Written(f"CARDINALITY({values[0].sql})", "integer")
        if name == "JSON_TYPE" and len(values) == 1 and values[0].kind == "json" and not self.is_list(arguments[0]):
            return Written(f"JSONB_TYPEOF({values[0].sql})", "text")
        if name == "JSON_VALID" and len(values) == 1 and values[0].kind == "json":
            return Written(f"{_wrapped(values[0])} IS NOT NULL OR {_wrapped(values[0])} IS NULL", "boolean", False)
        raise Unreadable(f"PostgreSQL has no equal for the function {name}")


def _call(node: exp.Func) -> tuple[str, list[exp.Expr]]:
    """A function's SQLite name and its arguments in order."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).upper(), list(node.expressions)
    if isinstance(node, exp.JSONType):
        return "JSON_TYPE", [node.this]
    if isinstance(node, exp.Trim):
        position = str(node.args.get("position") or "").upper()
        name = {"LEADING": "LTRIM", "TRAILING": "RTRIM"}.get(position, "TRIM")
        return name, [node.this, *([node.expression] if node.expression else [])]
    if isinstance(node, exp.StrPosition):
        return "INSTR", [node.this, node.args["substr"]]
    if isinstance(node, exp.Substring):
        rest = [node.args.get("start"), node.args.get("length")]
        return "SUBSTRING", [node.this, *(item for item in rest if item is not None)]
    if isinstance(node, exp.Round):
        return "ROUND", [node.this, *([node.args["decimals"]] if node.args.get("decimals") else [])]
    if isinstance(node, exp.Replace):
        return "REPLACE", [node.this, node.expression, node.args["replacement"]]
    return type(node).__name__.upper(), [item for item in (node.this, *node.expressions) if isinstance(item, exp.Expr)]


def _wrapped(found: Written) -> str:
    return found.sql if found.atom else f"({found.sql})"


def _is_nonzero(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) != 0


def _in_form(found: Written, kind: _Kind) -> Written:
    """A literal that PostgreSQL reads as what it is compared with, and SQLite as a text; in both it has to be one."""
    if found.kind == "string" and kind in ("date", "time", "timestamp", "uuid"):
        text = found.sql[1:-1].replace("''", "'")
        if stored_form(text, ColumnType(kind), "sqlite") != text:
            raise Unreadable(f"{found.sql} is not as a {kind} is stored")
    return found


def _shown(node: exp.Expr) -> str:
    text = node.sql(dialect="sqlite")
    return text if len(text) <= 60 else text[:56] + " ..."


def _glob_parts(pattern: str) -> list[str]:
    """A GLOB cut into `*`, `?`, sets in their brackets, and single letters."""
    out: list[str] = []
    position = 0
    while position < len(pattern):
        if pattern[position] == "[":
            # A closing bracket that comes first belongs to the set.
            start = position + (
                3 if pattern.startswith(("[^]", "[]]"), position) and pattern[position + 1] == "^" else 2
            )
            close = pattern.find("]", start)
            if close < 0:
                raise Unreadable("a set in a GLOB is never closed")
            out.append(pattern[position : close + 1])
            position = close + 1
        else:
            out.append(pattern[position])
            position += 1
    return out


def _like_pattern(pattern: str) -> str | None:
    """A GLOB as a LIKE of PostgreSQL; None when it holds a set of several letters."""
    out = ""
    for part in _glob_parts(pattern):
        if len(part) > 1:
            if len(part) != 3 or part[1] == "^":
                return None
            out += "\\" + part[1] if part[1] in "%_\\" else part[1]
        else:
            out += {"*": "%", "?": "_", "%": "\\%", "_": "\\_", "\\": "\\\\"}.get(part, part)
    return out


def _regular(pattern: str) -> str:
    """A GLOB as a regular expression of PostgreSQL."""
    out = "^"
    for part in _glob_parts(pattern):
        if len(part) > 1:
            out += "[" + part[1:-1].replace("\\", "\\\\") + "]"
        elif part in "*?":
            out += ".*" if part == "*" else "."
        else:
            out += f"\\{part}" if part in r"\.+()|{}^$" else part
    return out + "$"


_WRITERS: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[_Writer, exp.Expr], Written]], ...] = (
    ((exp.And, exp.Or), _Writer.both),
    ((exp.Not,), _Writer.negated),
    ((exp.Is,), _Writer.same),
    (tuple(_COMPARED), _Writer.compared),
    ((exp.In,), _Writer.listed),
    ((exp.Like,), _Writer.like),
    ((exp.Glob,), _Writer.glob),
    ((exp.Escape,), _Writer.escaped),
    (tuple(_CALCULATED), _Writer.calculated),
    ((exp.Neg,), _Writer.negative),
    ((exp.DPipe,), _Writer.joined),
    ((exp.Cast,), _Writer.converted),
    ((exp.Case,), _Writer.chosen),
    ((exp.If,), _Writer.chosen_if),
    ((exp.Coalesce,), _Writer.first_of),
    ((exp.Nullif,), _Writer.nullified),
    ((exp.Func,), _Writer.called),
)  # type: ignore[assignment]
