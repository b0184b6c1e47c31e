"""Reads an INSERT in any of its forms into row sources: VALUES, SELECT of literals, SET, INSERT ALL.

Rows that come from a query over other tables are refused. The values themselves are read by `kept.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from .cursor import Cursor, QualifiedName, names_in
from .errors import Unreadable
from .kept import RowSource, insert_head
from .lex import Dialect, Token, lex, tokens

_NOT_WRITTEN_OUT = "rows that are not written out after VALUES are not kept"


def read_insert(text: str, dialect: Dialect) -> list[RowSource]:
    """The row sources of one INSERT or REPLACE.

    Raises:
        Unreadable: With the reason why its rows are not kept.
    """
    start = list(islice(tokens(text[:400], dialect), 2))[1:]
    if start and start[0].is_word("ALL", "FIRST") and dialect == "oracle":
        return _all_of(text, dialect)
    try:
        return [RowSource.of_insert(text, dialect)]
    except Unreadable:
        source = _other_form(text, dialect)
    return [source]


def _other_form(text: str, dialect: Dialect) -> RowSource:
    cursor = Cursor(text, lex(text, dialect))
    name, columns = insert_head(cursor)
    if cursor.accept("DEFAULT", "VALUES"):
        return RowSource(name, columns, text[:2000], "(DEFAULT)", False, dialect)
    if cursor.accept("SET") and dialect == "mysql":
        return _assigned(cursor, name, dialect)
    if cursor.peek().is_op("("):
        cursor = cursor.group()
    if not cursor.peek().is_word("SELECT"):
        raise Unreadable(_NOT_WRITTEN_OUT)
    rows = [_selected(part, text) for part in _parts(cursor)]
    return RowSource(name, columns, text[:2000], ", ".join(rows), False, dialect)


def _assigned(cursor: Cursor, name: QualifiedName, dialect: Dialect) -> RowSource:
    """MySQL's `INSERT INTO t SET a = 1, b = 2`."""
    columns: list[str] = []
    values: list[str] = []
    for item in cursor.items():
        columns.append(item.name("a column's name"))
        if not item.accept_op("=", ":="):
            raise Unreadable("= was expected after a column's name")
        values.append(item.rest())
    return RowSource(name, tuple(columns), cursor.text[:2000], f"({', '.join(values)})", False, dialect)


def _parts(cursor: Cursor) -> list[list[Token]]:
    """What stands between the UNION ALLs."""
    out: list[list[Token]] = [[]]
    depth = 0
    while not cursor.done:
        if depth == 0 and cursor.accept("UNION"):
            if not cursor.accept("ALL"):
                raise Unreadable("a UNION that drops equal rows is not followed; their rows are not kept")
            out.append([])
            continue
        token = cursor.next()
        depth += token.is_op("(") - token.is_op(")")
        out[-1].append(token)
    return out


def _selected(tokens: Sequence[Token], text: str) -> str:
    """`SELECT 1, 'x' FROM dual` as `(1, 'x')`."""
    cursor = Cursor(text, tokens)
    if not cursor.accept("SELECT") or cursor.accept_any("DISTINCT", "TOP"):
        raise Unreadable(_NOT_WRITTEN_OUT)
    listed: list[Token] = []
    depth = 0
    while not cursor.done and not (depth == 0 and cursor.peek().is_word("FROM", "WHERE", "ORDER", "LIMIT")):
        token = cursor.next()
        depth += token.is_op("(") - token.is_op(")")
        listed.append(token)
    if cursor.accept("FROM") and cursor.accept("SYS"):
        cursor.accept_op(".")
    cursor.accept("DUAL")
    if not cursor.done:
        raise Unreadable(_NOT_WRITTEN_OUT)
    return f"({', '.join(_unnamed(item) for item in Cursor(text, listed).items())})"


def _unnamed(item: Cursor) -> str:
    """An item of a SELECT list without the name given to it."""
    tokens = item.tokens
    if (len(tokens) > 2 and tokens[-2].is_word("AS")) or (len(tokens) == 2 and tokens[0].kind in ("string", "number")):
        tokens = tokens[:-1]
    if tokens[-1].is_word("AS"):
        tokens = tokens[:-1]
    if tokens[0].is_op("*"):
        raise Unreadable(_NOT_WRITTEN_OUT)
    return item.text[tokens[0].start : tokens[-1].end]


def _all_of(text: str, dialect: Dialect) -> list[RowSource]:
    """Oracle's `INSERT ALL INTO a VALUES (...) INTO b (x) VALUES (...) SELECT * FROM dual`."""
    cursor = Cursor(text, lex(text, dialect))
    cursor.next()
    cursor.next()
    out: list[RowSource] = []
    while cursor.accept("INTO"):
        name = cursor.qualified_name()
        columns = names_in(cursor) if cursor.peek().is_op("(") else None
        if not cursor.accept("VALUES"):
            raise Unreadable("VALUES was expected in an INSERT ALL")
        values = f"({cursor.group().source()})"
        out.append(RowSource(name, columns, text[:2000], values, False, dialect))
    # The query is asked only for how often to do this: once, unless it reads a table.
    ending = [token.value.upper() for token in cursor.tokens[cursor.position :]]
    if not out or ending[:1] != ["SELECT"] or ending[2:] != ["FROM", "DUAL"]:
        raise Unreadable("an INSERT ALL whose rows depend on a query is not kept")
    return out
