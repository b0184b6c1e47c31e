"""The trees of a Schema's expressions, which are in SQLite's form; each is parsed once, however many ask for it."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError


@lru_cache(maxsize=2048)
def tree_of(sql: str) -> exp.Expr | None:
    """The tree of an expression, which must not be changed; None when sqlglot cannot read it as one."""
    try:
        statement = sqlglot.parse_one(f"SELECT {sql}", read="sqlite")
    except SqlglotError:
        return None
    found = statement.expressions
    return found[0] if isinstance(statement, exp.Select) and len(found) == 1 else None
