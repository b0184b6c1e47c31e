"""A place in a list of tokens, and the small reading moves every clause is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .errors import Unreadable
from .lex import Token

_END = Token("op", "", 0, 0)


class QualifiedName(NamedTuple):
    """A table's or type's name and the schema it was written with ("" when it was not)."""

    schema: str
    name: str


class Cursor:
    """Reads a list of tokens from left to right; past the end it sees an empty token."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.position = 0

    @property
    def done(self) -> bool:
        return self.position >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        position = self.position + ahead
        return self.tokens[position] if position < len(self.tokens) else _END

    def next(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def accept(self, *words: str) -> bool:
        """Step over the given words (in capitals) if exactly these come next."""
        if all(self.peek(ahead).is_word(word) for ahead, word in enumerate(words)):
            self.position += len(words)
            return True
        return False

    def accept_any(self, *words: str) -> str:
        """Step over one of the given words and return it in capitals, or return ""."""
        if self.peek().is_word(*words):
            return self.next().value.upper()
        return ""

    def accept_op(self, *ops: str) -> bool:
        if self.peek().is_op(*ops):
            self.position += 1
            return True
        return False

    def name(self, what: str = "a name") -> str:
        token = self.peek()
        # SQLite and MySQL also take a quoted string where a name must stand.
        if not token.is_name and token.kind != "string":
            raise Unreadable(f"{what} was expected where {token.value[:40]!r} stands")
        self.position += 1
        return token.value

    def qualified_name(self) -> QualifiedName:
        parts = [self.name()]
        while self.peek().is_op("."):
            self.position += 1
            parts.append(self.name() if not self.peek().is_op(".") else "")
        return QualifiedName(parts[-2] if len(parts) > 1 else "", parts[-1])

    def group(self) -> Cursor:
        """The tokens inside the parentheses that open here; steps over them."""
        if not self.accept_op("("):
            raise Unreadable(f"'(' was expected where {self.peek().value[:40]!r} stands")
        start, depth = self.position, 1
        while not self.done:
            token = self.next()
            if token.kind == "op":
                depth += (token.value == "(") - (token.value == ")")
                if depth == 0:
                    return Cursor(self.text, self.tokens[start : self.position - 1])
        raise Unreadable("a parenthesis is never closed")

    def items(self) -> list[Cursor]:
        """What remains, cut at the commas outside of parentheses; comments stay with the item before them."""
        out: list[list[Token]] = [[]]
        depth = 0
        for token in self.tokens[self.position :]:
            if token.kind == "op":
                depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
                if depth == 0 and token.value == ",":
                    out.append([])
                    continue
            if token.kind == "comment" and len(out) > 1 and not out[-1]:
                out[-2].append(token)
            else:
                out[-1].append(token)
        self.position = len(self.tokens)
        return [Cursor(self.text, tokens) for tokens in out if any(token.kind != "comment" for token in tokens)]

    def source(self, start: int | None = None) -> str:
        """The text of the tokens from index `start` (or of all) up to the current place (or the end)."""
        tokens = self.tokens if start is None else self.tokens[start : self.position]
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""

    def rest(self) -> str:
        """The text of what remains; steps over it."""
        start, self.position = self.position, len(self.tokens)
        return self.source(start)


def names_in(cursor: Cursor) -> tuple[str, ...]:
    """A plain list of column names: `(a, "b")`."""
    return tuple(item.name("a column name") for item in cursor.group().items())
