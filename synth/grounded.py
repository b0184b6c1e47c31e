"""What a recorded execution says, held against the host's own copy of the rows.

The trace's changes have to fit the rows they change, one after the other, and every
value that a contract takes from a column has to stand in that column, before or
after the call. So a tool cannot report rows that are not there, whatever its process
does. Values that a tool computes, of `sum(...)` and `from(...)`, remain its word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from environments import ColumnRef, Field, Json, Tool, rows_of
from sandbox import Call, Change
from schemas import Row, Rows, Schema, Value

Key = tuple[Value, ...]


class Ungrounded(Exception):
    """A trace says what the rows do not; the message says what."""


@dataclass(slots=True)
class Standing:
    """The rows of a snapshot, and of one trace's changes on top of them.

    Attributes:
        index: The snapshot; shared, and never changed.
    """

    index: RowIndex
    _now: dict[tuple[str, Key], Row | None] = field(default_factory=dict)
    _since: dict[ColumnRef, set[Value]] = field(default_factory=dict)

    def apply(self, change: Change) -> None:
        """Change the rows; Ungrounded when it does not fit them."""
        names = self.index.keys(change.table)
        key = tuple(_value(change.key.get(name)) for name in names)
        held = self._now.get((change.table, key), self.index.row(change.table, key))
        where = f"{change.op} in {change.table!r} at {dict(change.key)!r}"
        if change.op == "insert":
            if held is not None:
                raise Ungrounded(f"{where}: there is such a row already")
            row: Row = {}
        elif held is None:
            raise Ungrounded(f"{where}: there is no such row")
        else:
            row = dict(held)
            for column, old in (change.old or {}).items():
                if not _same(row.get(column), _value(old)):
                    raise Ungrounded(f"{where}: {column!r} is not {old!r}")
        row |= {column: _value(new) for column, new in (change.new or {}).items()}
        gone = change.op == "delete"
        if gone and set(change.old or ()) != self.index.stored(change.table):
            raise Ungrounded(f"{where}: the row that is gone is not told whole")
        if not gone and self.index.keyed(change.table) and tuple(row.get(name) for name in names) != key:
            raise Ungrounded(f"{where}: the row has another key")
        self._now[change.table, key] = None if gone else row
        for column, value in row.items():
            self._since.setdefault(ColumnRef(change.table, column), set()).add(value)

    def holds(self, column: ColumnRef, value: Json) -> bool:
        """Whether `value` stands in `column`, or has since the snapshot."""
        if isinstance(value, list | dict):
            return False
        return value in self.index.values(column) or value in self._since.get(column, ())


class RowIndex:
    """A snapshot's rows by key, and its values by column; made when they are first asked for."""

    def __init__(self, schema: Schema, rows: Rows) -> None:
        self._rows = rows
        self._keys = {table.name: tuple(table.primary_key) for table in schema.tables}
        self._stored = {
            table.name: {column.name for column in table.columns if column.generated is None} for table in schema.tables
        }
        self._by_key: dict[str, dict[Key, Row]] = {}
        self._values: dict[ColumnRef, set[Value]] = {}

    def keyed(self, table: str) -> bool:
        """Whether the table has a primary key; without one, rows are known by their position."""
        return bool(self._keys[table])

    def keys(self, table: str) -> tuple[str, ...]:
        """The columns that a change names a row by; Ungrounded when there is no such table."""
        if table not in self._keys:
            raise Ungrounded(f"there is no table {table!r}")
        return self._keys[table] or ("rowid",)

    def row(self, table: str, key: Key) -> Row | None:
        """The row with this key."""
        held = self._by_key.get(table)
        if held is None:
            names = self._keys[table]
            rows = enumerate(self._rows[table], start=1)
            held = {tuple(row[name] for name in names) or (position,): row for position, row in rows}
            self._by_key[table] = held
        return held.get(key)

    def values(self, column: ColumnRef) -> set[Value]:
        """The values of a column."""
        held = self._values.get(column)
        if held is None:
            held = self._values[column] = {row[column.column] for row in self._rows[column.table]}
        return held

    def stored(self, table: str) -> set[str]:
        """The columns whose values are stored, so that changes name them."""
        return self._stored[table]


def check_grounded(calls: Sequence[Call], tools: Mapping[str, Tool], index: RowIndex) -> dict[str, Json]:
    """Hold a trace against the rows; how many values and changes were compared.

    Raises:
        Ungrounded: It says what the rows do not.
    """
    standing = Standing(index)
    values = changes = 0
    for call in calls:
        for change in call.changes:
            standing.apply(change)
            changes += 1
        for declared in tools[call.tool].contract.fields:
            for row in rows_of(call.result, declared.path):
                values += _check(call.tool, declared, row.get(declared.name), standing)
    return {"values": values, "changes": changes}


def _check(tool: str, declared: Field, value: Json, standing: Standing) -> int:
    """Whether the value was one that can be looked up."""
    source = declared.source
    if source is None or value is None:
        return 0
    if declared.aggregate == "count":
        if type(value) is not int or value < 0:
            raise Ungrounded(f"{tool} counts {value!r} rows of {source.table!r}")
        return 1
    if declared.aggregate == "sum" or source.column not in standing.index.stored(source.table):
        return 0
    if not standing.holds(source, value):
        raise Ungrounded(f"{tool} gives {value!r} as {declared.name!r}, which is in no row of {source}")
    return 1


def _value(value: Json) -> Value:
    """A value of a change as it stands in a row."""
    if isinstance(value, dict):
        try:
            return bytes.fromhex(value["blob"])
        except (KeyError, TypeError, ValueError) as error:
            raise Ungrounded(f"a column holds {value!r}") from error
    if isinstance(value, list):
        raise Ungrounded("a column holds a list")
    return value


def _same(left: Value, right: Value) -> bool:
    return left == right and isinstance(left, str) == isinstance(right, str)
