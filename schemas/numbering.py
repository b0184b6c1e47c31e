"""How keys number themselves: sequences, where they start, and Oracle's triggers that take from one.

It reads what a statement says of numbers. Which column then is numbered is decided by `finish.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .cursor import Cursor, QualifiedName
from .errors import Unreadable
from .lex import Dialect, Token, lex


class Numbering(NamedTuple):
    """The numbers that a sequence gives: `start`, then `step` more each time."""

    start: int = 1
    step: int = 1


def numbering(tokens: Sequence[Token]) -> Numbering:
    """From `START WITH 10 INCREMENT BY 5` and its variants among other options; (1, 1) when it says nothing."""
    found = {"START": 1, "INCREMENT": 1}
    for place, token in enumerate(tokens):
        if not token.is_word("START", "INCREMENT"):
            continue
        rest = list(tokens[place + 1 : place + 4])
        if rest and (rest[0].is_word("WITH", "BY") or rest[0].is_op("=")):
            del rest[0]
        minus = bool(rest) and rest[0].is_op("-")
        number = rest[minus].value if len(rest) > minus else ""
        if re.fullmatch(r"[0-9]{1,18}", number):
            found[token.value.upper()] = -int(number) if minus else int(number)
    return Numbering(found["START"], found["INCREMENT"] or 1)


class Drawn(NamedTuple):
    """`sequence.NEXTVAL` (`fresh`) or `sequence.CURRVAL`; the name in small letters, without its schema."""

    sequence: str
    fresh: bool


def drawn(tokens: Sequence[Token]) -> Drawn | None:
    """What an expression takes from a sequence, if it is nothing else."""
    while len(tokens) > 2 and tokens[0].is_op("(") and tokens[-1].is_op(")"):
        tokens = tokens[1:-1]
    if len(tokens) > 2 and tokens[0].is_word("PG_CATALOG") and tokens[1].is_op("."):
        tokens = tokens[2:]
    if not tokens:
        return None
    first, last = tokens[0], tokens[-1]
    if first.is_word("NEXTVAL", "CURRVAL") and len(tokens) > 3 and tokens[2].kind == "string" and last.is_op(")"):
        cast = tokens[3:-1]
        if all(token.is_op("::", ".") or token.is_name for token in cast):
            return Drawn(_plain(tokens[2].value), first.is_word("NEXTVAL"))
        return None
    if all(token.is_word(word) for token, word in zip(tokens, ("NEXT", "VALUE", "FOR"), strict=False)):
        names = tokens[3:]
        return Drawn(_plain(last.value), True) if names and all(t.is_name or t.is_op(".") for t in names) else None
    named = len(tokens) in (3, 5) and all(token.is_name or token.is_op(".") for token in tokens)
    if named and last.value.upper() in ("NEXTVAL", "CURRVAL") and tokens[-2].is_op("."):
        return Drawn(_plain(tokens[-3].value), last.value.upper() == "NEXTVAL")
    return None


def _plain(name: str) -> str:
    return name.rsplit(".", maxsplit=1)[-1].strip('"').lower()


class KeyTrigger(NamedTuple):
    """A trigger that gives each new row its key.

    Attributes:
        only: It does nothing else.
    """

    name: str

    table: QualifiedName
    column: str
    sequence: str
    only: bool


_FROM_SEQUENCE = r"(?:\S+ \. )?(?P<{}>\S+) \. NEXTVAL"
# Both are compiled when a trigger is read.
_ASSIGNED = (
    rf"SELECT {_FROM_SEQUENCE.format('one')} INTO : NEW \. (?P<into>\S+) FROM (?:SYS \. )?DUAL ;"
    rf"|: NEW \. (?P<left>\S+) := (?:(?:NVL|COALESCE) \( : NEW \. \S+ , )?{_FROM_SEQUENCE.format('two')}(?: \))? ;"
)
# What stands around the assignment when it is all that the trigger does.
_AROUND = (
    r"(?:<< \S+ >> )?BEGIN (?:<< \S+ >> )?(?:BEGIN )?"
    r"(?:IF (?:INSERTING AND )?\(? ?(?:: NEW \. \S+ IS NULL|INSERTING) ?\)? ?(?:AND : NEW \. \S+ IS NULL )?THEN )?"
    r"@ ?(?:END IF ; )?(?:END(?: \S+)? ; )?END(?: \S+)?(?: ;)?"
)


def key_trigger(text: str, dialect: Dialect) -> KeyTrigger | None:
    """Oracle's way to number a key before version 12: BEFORE INSERT, `:NEW.id := a_sequence.NEXTVAL`."""
    cursor = Cursor(text, [token._replace(value=token.value.rstrip(";")) for token in lex(text, dialect)])
    while not cursor.done and not cursor.accept("TRIGGER"):
        cursor.next()
    name = cursor.qualified_name().name.lower() if cursor.peek().is_name else ""
    while not cursor.done and not cursor.accept("BEFORE"):
        cursor.next()
    if not any(token.is_word("INSERT") for token in cursor.tokens[cursor.position : cursor.position + 6]):
        return None
    while not cursor.done and not cursor.accept("ON"):
        cursor.next()
    try:
        table = cursor.qualified_name()
    except Unreadable:
        return None
    while not cursor.done and not (cursor.peek().is_word("BEGIN", "DECLARE") or cursor.peek().is_op("<")):
        cursor.next()
    body = " ".join(token.value.upper() or ";" for token in cursor.tokens[cursor.position :])
    body = body.replace("< <", "<<").replace("> >", ">>")
    found = re.search(_ASSIGNED, body)
    if found is None:
        return None
    around = f"{body[: found.start()]}@{body[found.end() :]}"
    column, sequence = found["into"] or found["left"], found["one"] or found["two"]
    return KeyTrigger(name, table, column, sequence.lower(), re.fullmatch(_AROUND, around.strip()) is not None)
