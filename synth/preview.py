"""A look at rows on a terminal: the first few of the largest tables, wide values and many columns cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas import Columns, Value

TABLES, ROWS, COLUMNS, WIDTH = 3, 4, 8, 20


class Preview(NamedTuple):
    """What is shown of one table."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview(columns: Columns) -> list[Preview]:
    """The largest tables first, in the schema's order where they are equal."""
    sizes = {name: len(next(iter(lists.values()), [])) for name, lists in columns.items()}
    largest = sorted((name for name in sizes if sizes[name]), key=lambda name: -sizes[name])[:TABLES]
    return [_of(name, columns[name], sizes[name]) for name in largest]


def _of(name: str, lists: Mapping[str, Sequence[Value]], size: int) -> Preview:
    # Columns that say something about the row come before those that are mostly empty.
    names = sorted(lists, key=lambda column: all(value is None for value in lists[column][:ROWS]))[:COLUMNS]
    shown = [column for column in lists if column in names]
    left = len(lists) - len(shown)
    title = f"{name}: {size:,} rows" + (f", {left} more column{'s' * (left > 1)}" if left else "")
    rows = zip(*([_cut(value) for value in lists[column][:ROWS]] for column in shown), strict=True)
    return Preview(title, tuple(_cut(column) for column in shown), tuple(rows))


def _cut(value: Value) -> str:
    if value is None:
        return ""
    text = " ".join((value.hex() if isinstance(value, bytes) else str(value)).split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
