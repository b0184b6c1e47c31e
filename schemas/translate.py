"""Turns an expression of any dialect into one that SQLite accepts and that means the same.

sqlglot parses and writes; this file decides what may be kept. Whatever would
change its meaning on the way is refused with a reason, never bent: arithmetic on
dates, conditions on the present time, functions that SQLite has under the same name
for something else (`portable.py`). Regular expressions become GLOBs where there are
some for exactly the same texts (`regular.py`).
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

from .blanks import with_blanks
from .canonical import canonical, rewritten
from .casts import rewrite_cast
from .compare import COMPARED, rewrite_comparison
from .engine import Engine
from .errors import Unreadable
from .lex import Dialect, Token, lex
from .like import is_like, rewrite_like
from .model import Column, Value
from .portable import MEASURES, check_portable
from .regular import as_globs, is_caseless
from .value_kind import Columns, divides_whole, kind_of

_DEEPEST = 60
_LONGEST = 50_000
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

# sqlglot has no name for these; whatever stands for the present or for chance is looked at by itself.
_READ = _NOW_NAMES | _RANDOM_NAMES | {"ALL", "JSON_VALID", "TIMEZONE"}


class Translated(NamedTuple):
    """An expression in SQLite's form, as text and as a tree."""

    sql: str
    tree: exp.Expr


def by_name(columns: tuple[Column, ...]) -> Columns:
    """Columns by their names in small letters, the way every dialect here compares them."""
    return {column.name.lower(): column for column in columns}


def condition(
    text: str, dialect: Dialect, columns: Columns, *, value_name: str = "", padded: Mapping[str, int] | None = None
) -> Translated:
    """A CHECK, an index's WHERE or an indexed expression.

    Args:
        value_name: The column that a domain's `VALUE` stands for.
        padded: The lengths of the columns that are filled up with blanks, by name in small letters.

    Raises:
        Unreadable: With the reason why it cannot be kept.
    """
    when = "it depends on the present time, which SQLite does not allow in a condition"
    tree = _prepare(text, dialect, columns, value_name, fixed=when, padded=padded)
    return _written(tree, columns)


def generated(text: str, dialect: Dialect, columns: Columns, *, padded: Mapping[str, int] | None = None) -> Translated:
    """The expression of a generated column; same rules as a condition."""
    return condition(text, dialect, columns, padded=padded)


def default(text: str, dialect: Dialect, column: Column) -> Translated:
    """The expression of a DEFAULT: constant, save that it may be the present time.

    Raises:
        Unreadable: With the reason why it cannot be kept.
    """
    tree = _prepare(text, dialect, {})
    moment = _present_moment(tree, column)
    found = Translated(moment, tree) if moment else _written(tree, {})
    # Only as SQLite text may it turn out to be one of SQLite's own ways to name the present.
    moment = moment or _present_moment(found.tree, column)
    return found._replace(sql=moment or found.sql)


def present_moment(text: str, dialect: Dialect, column: Column) -> str:
    """CURRENT_TIMESTAMP, CURRENT_DATE or CURRENT_TIME when the expression is the present moment, else ""."""
    return _present_moment(_prepare(text, dialect, {}), column)


def constant(text: str, dialect: Dialect, engine: Engine) -> Value:
    """The value of an expression without columns, such as `1 + 2` or `UPPER('x')`.

    Raises:
        Unreadable: When it has no fixed value.
    """
    tree = _prepare(text, dialect, {}, fixed="its value depends on the present time")
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


def _prepare(
    text: str,
    dialect: Dialect,
    columns: Columns,
    value_name: str = "",
    *,
    fixed: str = "",
    padded: Mapping[str, int] | None = None,
) -> exp.Expr:
    """The tree of an expression, its parts in SQLite's words; `fixed` says why it may not name the present."""
    if len(text) > _LONGEST:
        raise Unreadable(f"it is {len(text):,} characters long; {_LONGEST:,} is the most that is read")
    _refuse_deep(lex(text, dialect))
    try:
        tree = rewritten(_parse(text, dialect), lambda node: _plain(node, dialect, columns, value_name)).unnest()
        tree = with_blanks(tree, padded) if padded else tree
        if fixed and any(_is_now(node) for node in tree.walk()):
            raise Unreadable(fixed)
        _refuse_strange(tree, columns)
        if dialect != "sqlite":
            check_portable(tree, dialect, columns, _READ)
        return rewritten(tree, lambda node: _rewrite(node, dialect, columns)).unnest()
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error


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


def _plain(node: exp.Expr, dialect: Dialect, columns: Columns, value_name: str) -> exp.Expr:
    """One node as it was meant, without what sqlglot or the dialect puts around it, and columns by their names."""
    if isinstance(node, exp.Introducer | exp.National):
        inner = node.args.get("expression") or node.this
        return inner if isinstance(inner, exp.Expr) else exp.Literal.string(str(inner))
    if isinstance(node, exp.Column) and value_name and node.name.upper() == "VALUE":
        return exp.column(value_name, quoted=True)
    if isinstance(node, exp.Column) and node.name.lower() in columns:
        return exp.column(columns[node.name.lower()].name, quoted=True)
    if dialect == "sqlite":
        return node
    if isinstance(node, exp.Collate):
        return _plain(node.this, dialect, columns, value_name)
    if isinstance(node, exp.Operator):
        return _plain_operator(node)
    if isinstance(node, exp.ByteString) and dialect == "postgres":
        return exp.Literal.string(str(node.this))
    if isinstance(node, exp.Convert) and not node.args.get("style"):
        return exp.Cast(this=node.expression, to=node.this)
    if isinstance(node, exp.DateStrToDate | exp.TsOrDsToDate | exp.Date) and len(_given(node)) == 1:
        return exp.cast(node.this, "DATE")
    if isinstance(node, exp.Year | exp.Month | exp.Day) and isinstance(node.this, exp.TsOrDsToDate):
        return type(node)(this=node.this.this)
    if isinstance(node, exp.Time | exp.Timestamp) and len(_given(node)) == 1:
        return exp.cast(node.this, node.key.upper())
    if isinstance(node, exp.StrToDate | exp.StrToTime) and node.args["format"].name in _ISO_FORMATS:
        return exp.cast(node.this, "TIMESTAMP" if "%H" in node.args["format"].name else "DATE")
    if isinstance(node, exp.TimeToStr) and isinstance(node.this, exp.TsOrDsToTimestamp):
        return exp.TimeToStr(this=node.this.this, format=node.args["format"])
    if isinstance(node, exp.ToChar):
        return _plain_char(node)
    if isinstance(node, exp.Greatest | exp.Least) and dialect == "oracle":
        return type(node)(this=node.this, expressions=node.expressions, ignore_nulls=False)
    if _function(node) == "TRUNC" and len(node.expressions) == 1:
        return exp.Trunc(this=node.expressions[0])
    if dialect == "tsql" and isinstance(node, exp.Length | exp.Left | exp.Right):
        if isinstance(node.this, exp.Cast):
            node.set("this", node.this.this)  # sqlglot's own cast
        if isinstance(node, exp.Length) and not isinstance(node.this, exp.Trim):
            node.set("this", exp.Trim(this=node.this, position="TRAILING"))  # LEN does not count blanks at the end
    return node


def _plain_operator(node: exp.Operator) -> exp.Expr:
    """`OPERATOR(public.~)`, as pg_dump writes what an extension has made of `~`: that of citext ignores capitals."""
    pattern = node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    name = str(node.args["operator"]).rpartition(".")[2]
    if name != "~" or not (isinstance(pattern, exp.Literal) and pattern.is_string) or not is_caseless(pattern.this):
        raise Unreadable(f"what OPERATOR({node.args['operator']}) does is not known")
    return exp.RegexpLike(this=node.this, expression=pattern)


def _given(node: exp.Expr) -> list[str]:
    """What a function is given, by the names of its arguments; sqlglot adds a default of its own to some."""
    return [name for name, value in node.args.items() if value and name != "default_date"]


_ISO_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
_CHAR_CODES = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH24": "%H", "MI": "%M", "SS": "%S"}


def _plain_char(node: exp.ToChar) -> exp.Expr:
    """Oracle's TO_CHAR as a cast, or with the codes of other dialects in its format."""
    form = node.args.get("format")
    if form is None:
        return exp.cast(node.this, "TEXT")
    codes = re.sub("|".join(_CHAR_CODES), lambda match: _CHAR_CODES[match.group()], form.name.upper())
    return exp.TimeToStr(this=node.this, format=exp.Literal.string(codes))


def _rewrite(node: exp.Expr, dialect: Dialect, columns: Columns) -> exp.Expr:
    """One node, seen before its children."""
    if isinstance(node, exp.Paren) and isinstance(node.this.unnest(), exp.Column | exp.Literal | exp.Cast | exp.Array):
        return _rewrite(node.this.unnest(), dialect, columns)
    if isinstance(node, exp.Cast):
        return rewrite_cast(node, _rewrite(node.this.unnest(), dialect, columns), dialect, columns)
    if isinstance(node, exp.EQ | exp.NEQ):
        node = _rewrite_any(node)
    if isinstance(node, exp.RegexpLike):
        return _rewrite_regular(node, dialect, columns)
    if dialect == "sqlite":
        return node
    if _function(node) in MEASURES:
        return exp.Anonymous(this=MEASURES[_function(node)], expressions=node.expressions)
    if isinstance(node, COMPARED):
        return rewrite_comparison(node, dialect, columns)
    if is_like(node):
        return rewrite_like(node, dialect)
    if isinstance(node, exp.Div | exp.IntDiv):
        return _rewrite_division(node, dialect, columns)
    if isinstance(node, exp.Substring):
        return _rewrite_substring(node, dialect)
    if isinstance(node, exp.Left):
        return _part_of(node.this, exp.Literal.number(1), node.expression)
    if isinstance(node, exp.Right):
        return _part_of(node.this, exp.Neg(this=node.expression))
    if isinstance(node, exp.Add) and dialect == "tsql" and kind_of(node, columns, dialect) == "text":
        return exp.DPipe(this=node.left, expression=node.right)
    if isinstance(node, exp.Extract):
        return _rewrite_part(node.this.name, node.expression)
    if isinstance(node, exp.Year | exp.Month | exp.Day):
        return _rewrite_part(node.key, node.this)
    return node


_REGULAR = ("postgres", "oracle")


def _rewrite_regular(node: exp.RegexpLike, dialect: Dialect, columns: Columns) -> exp.Expr:
    pattern = node.expression.unnest()
    while isinstance(pattern, exp.Cast):
        pattern = pattern.this.unnest()
    if not (isinstance(pattern, exp.Literal) and pattern.is_string) or node.args.get("flag") or dialect not in _REGULAR:
        raise Unreadable("SQLite has no regular expressions, and GLOB cannot say the same")
    subject = rewritten(node.this.copy(), lambda part: _rewrite(part, dialect, columns))
    return exp.Paren(this=parsed(as_globs(pattern.this, _sql(subject), dialect)))


def _rewrite_division(node: exp.Binary, dialect: Dialect, columns: Columns) -> exp.Expr:
    """SQLite divides whole numbers as such, and stores 10.00 as 10."""
    kinds = {kind_of(side, columns, dialect) for side in (node.left, node.right)}
    left = node.left
    if not isinstance(node, exp.IntDiv) and not (kinds == {"integer"} and divides_whole(dialect)):
        left = exp.cast(left.unnest(), "DOUBLE")
    return exp.Div(this=left, expression=node.right, typed=True, safe=True)


def _rewrite_substring(node: exp.Substring, dialect: Dialect) -> exp.Expr:
    """One that begins before the first letter begins at the first, and takes as much less; 0 is 1 in Oracle."""
    start, length = node.args["start"].unnest(), node.args.get("length")
    number = -int(start.this.name) if isinstance(start, exp.Neg) else int(start.name) if start.is_int else 1
    if number > 0:
        return node
    if length is not None and dialect != "oracle":
        if not length.unnest().is_int:
            raise Unreadable("SUBSTR begins before the first letter")
        length = exp.Literal.number(max(0, number - 1 + int(length.unnest().name)))
    return _part_of(node.this, exp.Literal.number(1), *([length] if length is not None else []))


def _part_of(*arguments: exp.Expr) -> exp.Expr:
    """SQLite's own SUBSTR, which is not looked at again as one of another dialect."""
    return exp.Anonymous(this="SUBSTR", expressions=list(arguments))


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


def _rewrite_part(part: str, of: exp.Expr) -> exp.Expr:
    code = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M"}.get(part.upper())
    if code is None:
        raise Unreadable(f"the part {part.lower()} of a date cannot be taken in SQLite")
    taken = exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(code), of])
    return exp.cast(taken, "INTEGER")


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
        if isinstance(node, exp.RegexpILike | exp.SimilarTo):
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
    tree = canonical(rewritten(again, lambda node: _rewrite(node, "sqlite", columns)), columns)
    return Translated(_sql(tree), tree)


def _sql(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect="sqlite", identify=True, unsupported_level=ErrorLevel.IGNORE, comments=False)
    except _PARSER_FAILURES as error:
        raise Unreadable("it could not be written for SQLite") from error
