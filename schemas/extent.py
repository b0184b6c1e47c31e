"""How far a type or an expression reaches that no parentheses enclose: up to the word that opens the next clause."""

from __future__ import annotations

from .cursor import Cursor
from .errors import Unreadable
from .kinds import SourceType
from .lex import Dialect

# Words that end a type or a DEFAULT because they open the next clause.
_CLAUSES = frozenset(
    {
        "CONSTRAINT", "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "FOREIGN", "GENERATED",
        "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "COLLATE", "COMMENT", "ON", "AS", "CHARSET", "KEY",
        "ENABLE", "DISABLE", "ROWGUIDCOL", "SPARSE", "INVISIBLE", "VISIBLE", "VIRTUAL", "STORED", "PERSISTED",
        "ENCODE", "STORAGE", "COMPRESSION", "WITH", "FOR", "FIRST", "AFTER", "CHARACTER", "DEFERRABLE",
        "INITIALLY", "CODEPAGE", "HIDDEN", "MASKED", "FILESTREAM", "USING",
    }
)  # fmt: skip


def source_type(cursor: Cursor, dialect: Dialect) -> SourceType:
    """The type that stands here, as written; without a name when none does."""
    words: list[str] = []
    arguments: tuple[str, ...] = ()
    array = False
    schema = ""
    while not cursor.done:
        token = cursor.peek()
        if token.is_op("("):
            inside = cursor.group()
            arguments = tuple(
                item.peek().value if item.peek().kind == "string" else item.source() for item in inside.items()
            )
        elif token.is_op("["):
            array = True
            while not cursor.done and not cursor.next().is_op("]"):
                pass
        elif token.kind == "name" and token.value == "" and dialect in ("sqlite", "tsql"):
            cursor.next()
        elif token.is_word("ARRAY"):
            array = True
            cursor.next()
        elif token.is_op("."):
            cursor.next()
            schema = words[-1] if words else ""
            words = words[:-1]
        elif _ends_type(cursor):
            break
        elif token.is_name:
            words.append(token.value.lower())
            cursor.next()
        elif token.is_op("%"):
            raise Unreadable("a type taken from another column is not read")
        else:
            break
    return SourceType(" ".join(words), arguments, array, schema)


def _ends_type(cursor: Cursor) -> bool:
    token = cursor.peek()
    if token.kind != "word" or token.value.upper() not in _CLAUSES:
        return False
    if token.is_word("WITH"):
        return not cursor.peek(1).is_word("TIME", "LOCAL")
    if token.is_word("CHARACTER"):
        return cursor.peek(1).is_word("SET")
    return True


def expression(cursor: Cursor) -> str:
    """The text of the expression that stands here."""
    start, depth = cursor.position, 0
    while not cursor.done:
        token = cursor.peek()
        if token.kind == "op":
            depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
        if depth == 0 and cursor.position > start and _ends_expression(cursor):
            break
        cursor.next()
    if cursor.position == start:
        raise Unreadable("an expression was expected")
    return cursor.source(start)


def _ends_expression(cursor: Cursor) -> bool:
    token, before = cursor.peek(), cursor.tokens[cursor.position - 1]
    if token.kind != "word" or token.value.upper() not in _CLAUSES:
        return False
    if token.is_word("WITH", "CHARACTER"):
        # `::timestamp without time zone`, `::timestamp with time zone`, `::character varying`
        return not (before.is_op("::") or cursor.peek(1).is_word("TIME"))
    if token.is_word("NOT"):
        return cursor.peek(1).is_word("NULL", "FOR", "DEFERRABLE")
    wanting = before.kind == "op" and before.value not in (")", "]")
    if token.is_word("NULL"):
        return not wanting and not before.is_word("NOT", "IS")
    return not wanting
