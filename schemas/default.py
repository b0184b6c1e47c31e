"""The default of a column as a Schema holds it; the one form that readers of every kind bring it to."""

from __future__ import annotations

import apsw
from sqlglot import exp

from . import translate
from .emit import literal
from .engine import Engine, said
from .errors import Unreadable
from .kept import literal_moment
from .lex import Dialect, lex
from .literals import stored_form
from .model import Column

_LONG = 400  # characters; no moment or string of bits is


def kept_default(text: str, dialect: Dialect, column: Column, engine: Engine) -> str | None:
    """A default as a SQLite expression: a value in its column's stored form, or what is computed for every row.

    Returns:
        None when it is NULL, which says nothing.

    Raises:
        Unreadable: With the reason why it cannot be kept.
    """
    tokens = lex(text, dialect) if len(text) < _LONG else []
    if dialect == "postgres" and tokens and tokens[0].kind == "bits" and column.type.kind != "integer":
        if not all(token.is_op("::", "(", ")") or token.is_name or token.kind == "number" for token in tokens[1:]):
            raise Unreadable("what is made of a string of bits is not kept")
        return literal(tokens[0].value)  # which is no number
    if dialect == "oracle" and (moment := literal_moment(tokens)) is not None:
        return literal(str(stored_form(moment, column.type, dialect)))
    found = translate.default(text, dialect, column)
    try:
        value = engine.run(f"SELECT {found.sql}")[0][0]
    except (apsw.Error, ValueError) as error:
        raise Unreadable(f"SQLite does not know it ({said(error)})") from error
    if found.sql.upper() == "NULL":
        return None
    if not _is_fixed(found.tree):
        return found.sql
    stored = stored_form(value, column.type, dialect)
    if isinstance(stored, bytes):
        return f"X'{stored.hex().upper()}'"
    return literal(stored) if isinstance(stored, str) else str(stored)


def _is_fixed(tree: exp.Expr) -> bool:
    """Whether an expression is one literal, which can be written in its column's stored form."""
    tree = tree.unnest()
    if isinstance(tree, exp.Neg):
        tree = tree.this.unnest()
    return isinstance(tree, exp.Literal | exp.Boolean | exp.BitString | exp.HexString)
