"""What a rule about the texts of a column says, and the shapes that rules are written with."""

from __future__ import annotations

from .sources import Choice, Piece, Pool, Source, Text

Rule = tuple[str, str, int, Source]
"""Last words of a column's name, words that must be around it or a field, the room that it needs, the source.

Where the room is a negative number, that is the most there is: a mark of one letter is for columns of one.
"""


def few(values: str, power: float = 0.6) -> Choice:
    """The values between the bars, most frequent first."""
    listed = tuple(values.split("|"))
    return Choice(listed, tuple((rank + 1) ** -power for rank in range(len(listed))))


def shape(*parts: str | int | Pool) -> Text:
    """Literals, counts of digits (negative: of letters) and pools, joined."""
    pieces = [
        Piece(literal=part)
        if isinstance(part, str)
        else Piece(pool=part)
        if isinstance(part, Pool)
        else Piece(kind="number" if part > 0 else "letters", count=abs(part))
        for part in parts
    ]
    return Text(tuple(pieces))


def marks(kind: str, count: int, before: str = "") -> Text:
    """So many random characters of a kind, as in a key that a program made."""
    return Text((*((Piece(literal=before),) if before else ()), Piece(kind=kind, count=count)))
