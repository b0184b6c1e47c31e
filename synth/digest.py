"""A digest of a database's state that follows changes at the cost of the change, not of the database.

The digest is the sum modulo 2**256 of SHA-256 over (table, key, column, value)
of every cell: an additive multiset hash (AdHash, Bellare and Micciancio 1997).
It tells states apart; it is no commitment against an adversary who chooses rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from environments import Json
from sandbox import Change
from schemas import Rows, Schema, Value

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class StateDigest:
    """A digest; `hex` is its text form, 64 characters."""

    total: int

    @classmethod
    def of(cls, schema: Schema, rows: Rows) -> StateDigest:
        """The digest of whole tables, generated columns left out as they are in changes.

        A table without a primary key is keyed by its rows' positions, from 1.
        """
        total = 0
        for table in schema.tables:
            stored = [column.name for column in table.columns if column.generated is None]
            for position, row in enumerate(rows[table.name], start=1):
                key = {name: row[name] for name in table.primary_key} or {"rowid": position}
                total += sum(_cells(table.name, key, {name: row[name] for name in stored}))
        return cls(total % _MODULUS)

    def after(self, changes: Iterable[Change]) -> StateDigest:
        """The digest of the state after `changes`."""
        total = self.total
        for change in changes:
            if change.old is not None:
                total -= sum(_cells(change.table, change.key, change.old))
            if change.new is not None:
                total += sum(_cells(change.table, change.key, change.new))
        return StateDigest(total % _MODULUS)

    @property
    def hex(self) -> str:
        """The digest as text."""
        return f"{self.total:064x}"


def _cells(table: str, key: Mapping[str, Json | Value], values: Mapping[str, Json | Value]) -> Iterable[int]:
    place = json.dumps([table, key], sort_keys=True, default=_hex)
    for column, value in values.items():
        if value is not None:
            text = json.dumps([place, column, value], default=_hex)
            yield int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def _hex(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    raise TypeError(f"a cell holds {type(value).__name__}")
