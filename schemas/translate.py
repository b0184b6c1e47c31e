"""Turns an expression of any dialect into one that SQLite accepts and that means the same.

sqlglot parses and writes; this file decides what may be kept. Whatever would
change its meaning on the way is refused with a reason, never bent: regular
expressions, arithmetic on dates, conditions on the present time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import apsw
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser
from sqlglot.tokens import Tokenizer

from .canonical import canonical, rewritten
from .engine import Engine
from .errors import Unreadable
from .lex import Dialect, Token, lex
from .model import Column, Value
from .regular import as_globs

_DEEPEST = 60
_LONGEST = 50_000
_NUMBERS = ("integer", "real", "decimal", "boolean")
_TEMPORAL = ("date", "time", "timestamp")
_NOW = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentDatetime)
_NOW_NAMES = frozenset(
    {
        "SYSDATETIME", "GETUTCDATE", "SYSUTCDATETIME", "SYSDATETIMEOFFSET", "STATEMENT_TIMESTAMP",
        "TRANSACTION_TIMESTAMP", "CLOCK_TIMESTAMP", "LOCALTIMESTAMP", "LOCALTIME", "UTC_TIMESTAMP", "UTC_DATE",
        "UTC_TIME", "NOW", "SYSDATE", "SYSTIMESTAMP", "TIMEOFDAY", "UNIX_TIMESTAMP",
    }
)  # fmt: skip
_RANDOM_NAMES = frozenset(
    {
        "RANDOM", "RANDOMBLOB", "RAND", "NEWID", "NEWSEQUENTIALID", "UUID", "GEN_RANDOM_UUID",
        "UUID_GENERATE_V4", "UUID_GENERATE_V1", "UUID_GENERATE_V1MC", "SYS_GUID", "UUIDV7", "UUIDV4",
        "UUID_TO_BIN",
    }
)  # fmt: skip
_CLOCK_FUNCTIONS = frozenset({"DATE", "TIME", "DATETIME", "JULIANDAY", "STRFTIME", "UNIXEPOCH"})
# Other exceptions that sqlglot lets through on text it did not foresee.
_PARSER_FAILURES = (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError)

Columns = Mapping[str, Column]
"""The columns an expression may name, by small-letter name."""


class Translated(NamedTuple):
    """An expression in SQLite's form, as text and as a tree."""

    sql: str
    tree: exp.Expr


def by_name(columns: tuple[Column, ...]) -> Columns:
    """Columns by their names in small letters, the way every dialect here compares them."""
    return {column.name.lower(): column for column in columns}


def condition(text: str, dialect: Dialect, columns: Columns, *, value_name: str = "") -> Translated:
    """A CHECK, an index's WHERE or an indexed expression.

    Args:
        value_name: The column that a domain's `VALUE` stands for.

    Raises:
        Unreadable: With the reason why it cannot be kept.
    """
    tree = _prepare(text, dialect, columns, value_name)
    if any(_is_now(node) for node in tree.walk()):
        raise Unreadable("it depends on the present time, which SQLite does not allow in a condition")
    return _written(tree, columns)


def generated(text: str, dialect: Dialect, columns: Columns) -> Translated:
    """The expression of a generated column; same rules as a condition."""
    return condition(text, dialect, columns)


def default(text: str, dialect: Dialect, column: Column) -> Translated:
    """The expression of a DEFAULT: constant, save that it may be the present time.

    Raises:
        Unreadable: With the reason why it cannot be kept.
    """
    tree = _prepare(text, dialect, {}, "")
    moment = _present_moment(tree, column)
    found = Translated(moment, tree) if moment else _written(tree, {})
    # Only as SQLite text may it turn out to be one of SQLite's own ways to name the present.
    moment = moment or _present_moment(found.tree, column)
    return found._replace(sql=moment or found.sql)


def present_moment(text: str, dialect: Dialect, column: Column) -> str:
    """CURRENT_TIMESTAMP, CURRENT_DATE or CURRENT_TIME when the expression is the present moment, else ""."""
    return _present_moment(_prepare(text, dialect, {}, ""), column)


def constant(text: str, dialect: Dialect, engine: Engine) -> Value:
    """The value of an expression without columns, such as `1 + 2` or `UPPER('x')`.

    Raises:
        Unreadable: When it has no fixed value.
    """
    tree = _prepare(text, dialect, {}, "")
    if any(_is_now(node) for node in tree.walk()):
        raise Unreadable("its value depends on the present time")
    try:
        return engine.run(f"SELECT {_written(tree, {}).sql}")[0][0]
    except (apsw.Error, ValueError) as error:
        raise Unreadable(f"SQLite cannot compute it: {error}") from error


def parsed(text: str) -> exp.Expr:
    """The tree of an expression that stands in a Schema, which is in SQLite's form already.

    Raises:
        Unreadable: When it is no expression.
    """
    return _parse(text, "sqlite")


def open_engine() -> Engine:
    """An empty SQLite that takes `"x"` for a name and never for a string."""
    return Engine()


def in_list(tree: exp.Expr) -> tuple[str, tuple[str, ...]] | None:
    """The column and the strings of `column IN ('a', 'b')` or `column = 'a'`, or None for any other expression.

    `column IS NULL OR column IN (...)` counts too: a CHECK lets NULL pass anyway.
    """
    tree = tree.unnest()
    if isinstance(tree, exp.Or):
        left, right = tree.left.unnest(), tree.right.unnest()
        for null, listed in ((left, right), (right, left)):
            found = in_list(listed) if isinstance(listed, exp.In | exp.EQ) else None
            is_null = isinstance(null, exp.Is) and isinstance(null.expression, exp.Null)
            if found and is_null and isinstance(null.this, exp.Column) and null.this.name == found[0]:
                return found
        return None
    if isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Column) and tree.expression.is_string:
        return tree.this.name, (tree.expression.this,)
    if not isinstance(tree, exp.In) or not isinstance(tree.this, exp.Column) or not tree.expressions:
        return None
    if not all(isinstance(item, exp.Literal) and item.is_string for item in tree.expressions):
        return None
    return tree.this.name, tuple(dict.fromkeys(item.this for item in tree.expressions))


def _prepare(text: str, dialect: Dialect, columns: Columns, value_name: str) -> exp.Expr:
    if len(text) > _LONGEST:
        raise Unreadable(f"it is {len(text):,} characters long; {_LONGEST:,} is the most that is read")
    _refuse_deep(lex(text, dialect))
    tree = _parse(text, dialect)
    try:
        tree = rewritten(tree, lambda node: _rewrite(node, dialect, columns, value_name)).unnest()
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error
    _refuse_strange(tree, columns)
    return tree


# sqlglot reads the argument of a type's name as a type first and as a value after: twice the work a level.
_TYPE_NAMES = frozenset(name for name, token in Tokenizer.KEYWORDS.items() if token in Parser.TYPE_TOKENS)
_DEEPEST_TYPES = 5
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


def _refuse_deep(tokens: Sequence[Token]) -> None:
    """Refuse what is nested so deeply that parsing it takes for ever."""
    opened: list[bool] = []
    deepest = types = deepest_types = run = 0
    before = ""
    for token in tokens:
        word = token.value.upper() if token.kind in ("word", "op") else ""
        if token.is_op(*_OPENING) or token.is_word("CASE"):
            opened.append(word == "(" and before in _TYPE_NAMES)
            types += opened[-1]
        elif opened and (token.is_op(*_CLOSING) or token.is_word("END")):
            types -= opened.pop()
        deepest, deepest_types = max(deepest, len(opened)), max(deepest_types, types)
        run = run + 1 if word and word == before and word not in _OPENING + _CLOSING else 0
        if run > _DEEPEST:
            raise Unreadable(f"{word} stands more than {_DEEPEST} times in a row")
        before = word
    if deepest > _DEEPEST:
        raise Unreadable(f"its parentheses are nested {deepest} deep; {_DEEPEST} is the most that is read")
    if deepest_types > _DEEPEST_TYPES:
        raise Unreadable(f"its types are nested {deepest_types} deep; {_DEEPEST_TYPES} is the most that is read")


def _parse(text: str, dialect: Dialect) -> exp.Expr:
    try:
        statement = sqlglot.parse_one(f"SELECT {text}", dialect=dialect)
    except _PARSER_FAILURES as error:
        raise Unreadable("it could not be parsed") from error
    if not isinstance(statement, exp.Select) or len(statement.expressions) != 1:
        raise Unreadable("it is not one expression")
    if any(value for key, value in statement.args.items() if key not in ("expressions", "kind", "operation_modifiers")):
        raise Unreadable("it is not one expression")
    tree: exp.Expr = statement.expressions[0]
    tree.pop()
    if isinstance(tree, exp.Alias):
        raise Unreadable("it is not one expression")
    return _negated(tree)


def _negated(tree: exp.Expr) -> exp.Expr:
    """`a NOT LIKE b` and the like as NOT over `a LIKE b`; sqlglot keeps some of these as a flag, easily overlooked."""
    for node in list(tree.find_all(exp.Like, exp.ILike, exp.Is)):
        if not node.args.get("negate"):
            continue
        node.set("negate", None)
        whole = node.parent if isinstance(node.parent, exp.Escape) else node
        negation = exp.Not()
        if whole is tree:
            tree = negation
        else:
            whole.replace(negation)
        negation.set("this", whole)
    return tree


def _rewrite(node: exp.Expr, dialect: Dialect, columns: Columns, value_name: str) -> exp.Expr:
    """One node, seen before its children."""
    if isinstance(node, exp.Introducer | exp.National):
        inner = node.args.get("expression") or node.this
        return inner if isinstance(inner, exp.Expr) else exp.Literal.string(str(inner))
    if isinstance(node, exp.Collate) and dialect != "sqlite":
        return _rewrite(node.this, dialect, columns, value_name)
    if isinstance(node, exp.Paren) and isinstance(node.this.unnest(), exp.Column | exp.Literal | exp.Cast | exp.Array):
        return _rewrite(node.this.unnest(), dialect, columns, value_name)
    if isinstance(node, exp.Cast):
        return _rewrite_cast(node, dialect, columns, value_name)
    if isinstance(node, exp.Column) and value_name and node.name.upper() == "VALUE":
        return exp.column(value_name, quoted=True)
    if isinstance(node, exp.Column) and node.name.lower() in columns:
        return exp.column(columns[node.name.lower()].name, quoted=True)
    if isinstance(node, exp.EQ | exp.NEQ):
        return _rewrite_any(node)
    if isinstance(node, exp.ILike) and dialect == "postgres":
        return _rewrite_ilike(node)
    if isinstance(node, exp.Like) and dialect in ("postgres", "oracle") and not node.meta.get(_SETTLED):
        return _rewrite_like(node)
    if isinstance(node, exp.Div) and dialect != "sqlite" and _holds_fractions(node, columns):
        return _divided_as_real(node)
    if isinstance(node, exp.Like) and dialect == "tsql" and "[" in node.expression.name:
        return _rewrite_sets(node)
    if isinstance(node, exp.ByteString) and dialect == "postgres":
        return exp.Literal.string(str(node.this))
    if isinstance(node, exp.Left) and node.expression is not None:
        return exp.Anonymous(this="SUBSTR", expressions=[node.this, exp.Literal.number(1), node.expression])
    if isinstance(node, exp.Add) and dialect == "tsql" and _is_text(node, columns):
        return exp.DPipe(this=node.left, expression=node.right)
    if isinstance(node, exp.RegexpLike) and dialect in ("postgres", "oracle"):
        return _rewrite_regular(_rewritten(node.this, dialect, columns, value_name), node)
    if isinstance(node, exp.Extract):
        return _rewrite_part(str(node.this), node.expression)
    if isinstance(node, exp.Year | exp.Month | exp.Day):
        return _rewrite_part(node.key, node.this)
    return node


def _rewritten(node: exp.Expr, dialect: Dialect, columns: Columns, value_name: str) -> exp.Expr:
    return rewritten(node.copy(), lambda part: _rewrite(part, dialect, columns, value_name))


def _rewrite_regular(subject: exp.Expr, node: exp.RegexpLike) -> exp.Expr:
    pattern = node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    if isinstance(pattern, exp.ByteString):  # PostgreSQL's E'...'
        pattern = exp.Literal.string(str(pattern.this))
    if not (isinstance(pattern, exp.Literal) and pattern.is_string) or node.args.get("flag"):
        return node
    return exp.Paren(this=parsed(as_globs(pattern.this, _sql(subject))))


def _rewrite_cast(node: exp.Cast, dialect: Dialect, columns: Columns, value_name: str) -> exp.Expr:
    inner = _rewrite(node.this.unnest(), dialect, columns, value_name)
    target = node.to
    literal = inner if isinstance(inner, exp.Literal) else None
    column = columns.get(inner.name.lower()) if isinstance(inner, exp.Column) else None
    if isinstance(inner, exp.Null | exp.Array | exp.Boolean):
        return inner
    if target.is_type(*exp.DataType.TEXT_TYPES):
        if (literal and literal.is_string) or (column and column.type.kind not in _NUMBERS):
            return inner
        return exp.cast(inner, "TEXT")
    if target.is_type(*exp.DataType.NUMERIC_TYPES) or target.is_type("money"):
        whole_type = target.is_type(*exp.DataType.INTEGER_TYPES)
        if not whole_type and isinstance(inner, _CALCULATED) and not isinstance(_outer(node), exp.Div):
            return inner
        if not whole_type and column and column.type.kind != "text" and isinstance(_outer(node), exp.Div):
            return exp.cast(inner, "REAL")
        if literal:
            return exp.Literal.number(literal.this) if _is_number(literal.this) else inner
        if column and column.type.kind in ("integer", "real", "decimal"):
            whole = target.is_type(*exp.DataType.INTEGER_TYPES) and column.type.kind != "integer"
            return exp.cast(inner, "INTEGER") if whole else inner
        return node
    if target.is_type(*exp.DataType.TEMPORAL_TYPES):
        if literal and literal.this.lower() == "now":
            return exp.CurrentDate() if target.is_type("date") else exp.CurrentTimestamp()
        if literal or (column and column.type.kind == "date") or _is_now(inner):
            return inner
        if column and column.type.kind == "timestamp":
            return exp.Anonymous(this="DATE", expressions=[inner]) if target.is_type("date") else inner
        return node
    if literal and literal.is_string:
        return inner
    if column and target.is_type(exp.DType.USERDEFINED):
        return inner
    return node


_SETTLED = "settled"  # a LIKE that is SQLite's already
_CALCULATED = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Abs, exp.Length)


def _outer(node: exp.Expr) -> exp.Expr | None:
    """What an expression is a part of, parentheses aside."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return parent


def _holds_fractions(node: exp.Div, columns: Columns) -> bool:
    for side in (node.left.unnest(), node.right.unnest()):
        column = columns.get(side.name.lower()) if isinstance(side, exp.Column) else None
        if column is not None and column.type.kind == "decimal":
            return True
    return False


def _divided_as_real(node: exp.Div) -> exp.Expr:
    """SQLite stores 10.00 as 10 and would divide it as a whole number."""
    return exp.Div(this=exp.cast(node.left.unnest(), "REAL"), expression=node.right)


def _rewrite_any(node: exp.Binary) -> exp.Expr:
    """`x = ANY (ARRAY['a', 'b'])` and `x <> ALL (...)`, the way PostgreSQL writes IN and NOT IN back."""
    many = node.right.unnest()
    if isinstance(node, exp.EQ) and isinstance(many, exp.Any):
        array = many.this.unnest()
    elif isinstance(node, exp.NEQ) and _function(many) == "ALL" and len(many.expressions) == 1:
        array = many.expressions[0].unnest()
    else:
        return node
    while isinstance(array, exp.Cast | exp.Paren):
        array = array.this.unnest()
    if not isinstance(array, exp.Array):
        return node
    listed = exp.In(this=node.left, expressions=list(array.expressions))
    return listed if isinstance(node, exp.EQ) else exp.Not(this=listed)


def _rewrite_like(node: exp.Like) -> exp.Expr:
    """LIKE tells capitals apart in PostgreSQL and Oracle; in SQLite only GLOB does."""
    pattern = node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    if not isinstance(pattern, exp.Literal):
        return node
    out: list[str] = []
    letters = iter(pattern.this)
    for letter in letters:
        if letter == "\\":
            letter = next(letters, "\\")  # noqa: PLW2901
        elif letter in "%_":
            out.append("*" if letter == "%" else "?")
            continue
        out.append(f"[{letter}]" if letter in "*?[" else letter)
    return exp.Glob(this=node.this, expression=exp.Literal.string("".join(out)))


def _rewrite_ilike(node: exp.ILike) -> exp.Expr:
    """SQLite's LIKE does not tell capitals apart, and escapes only where it is told how."""
    pattern = node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    if not isinstance(pattern, exp.Literal):
        return node
    plain = pattern.this.replace("\\\\", "")
    if "\\" in plain:
        like = exp.Like(this=node.this, expression=exp.Literal.string(pattern.this))
        like.meta[_SETTLED] = True
        return exp.Escape(this=like, expression=exp.Literal.string("\\"))
    return exp.Like(this=node.this, expression=exp.Literal.string(pattern.this.replace("\\\\", "\\")))


def _rewrite_sets(node: exp.Like) -> exp.Expr:
    """SQL Server's LIKE with sets of characters; by its usual collations capitals do not matter."""
    out = ""
    for part in re.findall(r"\[\^?\]?[^\]]*\]|.", node.expression.name, re.DOTALL):
        if len(part) > 1:
            inside = part[1:-1]
            sign, letters = ("^", inside[1:]) if inside.startswith("^") else ("", inside)
            other = letters.swapcase()
            out += f"[{sign}{letters}{other if other != letters and letters.isascii() else ''}]"
        elif part in "%_":
            out += "*" if part == "%" else "?"
        elif part in "*?[":
            out += f"[{part}]"
        else:
            out += f"[{part.lower()}{part.upper()}]" if part.lower() != part.upper() else part
    return exp.Glob(this=node.this, expression=exp.Literal.string(out))


def _rewrite_part(part: str, of: exp.Expr) -> exp.Expr:
    code = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M"}.get(part.upper())
    if code is None:
        raise Unreadable(f"the part {part.lower()} of a date cannot be taken in SQLite")
    taken = exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(code), of])
    return exp.cast(taken, "INTEGER")


def _is_text(node: exp.Expr, columns: Columns) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Add):
        return _is_text(node.left, columns) or _is_text(node.right, columns)
    if isinstance(node, exp.Literal):
        return bool(node.is_string)
    column = columns.get(node.name.lower()) if isinstance(node, exp.Column) else None
    return column is not None and column.type.kind == "text"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _function(node: exp.Expr) -> str:
    return str(node.this).upper() if isinstance(node, exp.Anonymous) else ""


def _is_now(node: exp.Expr) -> bool:
    if isinstance(node, _NOW) or _function(node) in _NOW_NAMES:
        return True
    if isinstance(node, exp.Column) and node.name.upper() in _NOW_NAMES and not node.this.args.get("quoted"):
        return True
    if isinstance(node, exp.Literal) and node.is_string and node.this.lower() == "now":
        parent = node.find_ancestor(exp.Func)
        return parent is not None
    return _function(node) in _CLOCK_FUNCTIONS and not node.expressions


def _present_moment(tree: exp.Expr, column: Column) -> str:
    """CURRENT_TIMESTAMP or its kin when the whole expression is the present moment, else ""."""
    while isinstance(tree, exp.AtTimeZone | exp.Paren):
        tree = tree.this
    if _function(tree) == "TIMEZONE" and len(tree.expressions) == 2:
        tree = tree.expressions[1]
    function = _function(tree)
    only_now = [node.name.lower() for node in tree.expressions] == ["now"] if function in _CLOCK_FUNCTIONS else False
    moment = isinstance(tree, _NOW) or function in _NOW_NAMES or only_now
    moment = moment or (isinstance(tree, exp.Column) and _is_now(tree))
    moment = moment or (isinstance(tree, exp.Date | exp.Time) and tree.name.lower() == "now" and len(tree.args) < 4)
    if not moment or function in ("JULIANDAY", "STRFTIME", "UNIXEPOCH", "UNIX_TIMESTAMP"):
        return ""
    if column.type.kind == "date" or isinstance(tree, exp.CurrentDate | exp.Date) or function == "DATE":
        return "CURRENT_DATE"
    if column.type.kind == "time" or isinstance(tree, exp.CurrentTime | exp.Time) or function == "TIME":
        return "CURRENT_TIME"
    return "CURRENT_TIMESTAMP"


def _refuse_strange(tree: exp.Expr, columns: Columns) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Query | exp.Subquery):
            raise Unreadable("it holds a query")
        if isinstance(node, exp.RegexpLike | exp.RegexpILike | exp.SimilarTo):
            raise Unreadable("SQLite has no regular expressions, and GLOB cannot say the same")
        if isinstance(node, exp.CurrentUser | exp.SessionUser):
            raise Unreadable("it depends on who is connected")
        if isinstance(node, exp.Interval):
            raise Unreadable("SQLite has no intervals")
        if isinstance(node, exp.Placeholder | exp.Parameter):
            raise Unreadable("it holds a placeholder")
        if isinstance(node, exp.Rand | exp.Uuid) or _function(node) in _RANDOM_NAMES:
            raise Unreadable("its value would be random")
        if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div) and _on_dates(node, columns):
            raise Unreadable("arithmetic on dates means something else in SQLite")
        if isinstance(node, exp.Column) and node.name.lower() not in columns and not _is_now(node):
            raise Unreadable(f"it names {node.name!r}, which is no column here")


def _on_dates(node: exp.Binary, columns: Columns) -> bool:
    for side in (node.left.unnest(), node.right.unnest()):
        if isinstance(side, exp.Column):
            column = columns.get(side.name.lower())
            if column is not None and column.type.kind in _TEMPORAL:
                return True
        if _is_now(side) or (isinstance(side, exp.Cast) and side.to.is_type(*exp.DataType.TEMPORAL_TYPES)):
            return True
    return False


def _written(tree: exp.Expr, columns: Columns) -> Translated:
    """Write for SQLite, read that back and write again, so that a second reading changes nothing."""
    sql = _sql(tree)
    again = _parse(sql, "sqlite")
    tree = canonical(rewritten(again, lambda node: _rewrite(node, "sqlite", columns, "")), columns)
    return Translated(_sql(tree), tree)


def _sql(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect="sqlite", identify=True, unsupported_level=ErrorLevel.IGNORE, comments=False)
    except _PARSER_FAILURES as error:
        raise Unreadable("it could not be written for SQLite") from error
