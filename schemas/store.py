"""The rows while they are drawn: a list for every column, and for every foreign key the rows it points at.

Rows are known by their index at birth. A row that turns out to be impossible is dropped: it stays in
the lists, so that no other row's draws change, and is left out when rows are read.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Schema, Value


class Store:
    """Columns and links by (table, name) and (table, position of the key); the lists are never replaced.

    Attributes:
        seconds: Dates and timestamps as numbers, of columns that were drawn whole and have not been changed since.
    """

    __slots__ = ("_alive", "_indices", "_own", "columns", "links", "seconds", "sizes")

    def __init__(self, schema: Schema) -> None:
        self.columns: dict[tuple[str, str], list[Value]] = {}
        self.links: dict[tuple[str, int], list[int | None]] = {}
        self.sizes: dict[str, int] = {}
        self.seconds: dict[tuple[str, str], NDArray[np.int64]] = {}
        self._alive: dict[str, list[int]] = {}
        self._indices: dict[str, NDArray[np.int64]] = {}
        self._own: dict[str, list[list[Any]]] = {}
        for table in schema.tables:
            columns: list[list[Value]] = [[] for _ in table.columns]
            links: list[list[int | None]] = [[] for _ in table.foreign_keys]
            self.columns |= {(table.name, c.name): values for c, values in zip(table.columns, columns, strict=True)}
            self.links |= {(table.name, position): link for position, link in enumerate(links)}
            self._own[table.name] = [*columns, *links]

    def bear(self, table: str, size: int) -> None:
        """Make room for `size` rows, all alive."""
        for values in self._own[table]:
            values.extend([None] * size)
        self.sizes[table] = size
        self._alive[table] = list(range(size))
        self._indices.pop(table, None)

    def drop(self, table: str, rows: list[int]) -> None:
        """Leave `rows` out from now on."""
        gone = set(rows)
        self._alive[table] = [row for row in self._alive[table] if row not in gone]
        self._indices.pop(table, None)

    def rows(self, table: str) -> list[int]:
        """The indices of the living rows, rising."""
        return self._alive[table]

    def indices(self, table: str) -> NDArray[np.int64]:
        """`rows` as an array that is not to be written to; made once, as every column of the table asks for it."""
        found = self._indices.get(table)
        if found is None:
            found = self._indices[table] = np.array(self._alive[table], np.int64)
            found.flags.writeable = False
        return found
