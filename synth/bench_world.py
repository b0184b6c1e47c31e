"""What sandbox figures are taken on: a made shop of any size, a chain of calls in it, and the Site of a run.

The tools themselves are `bench_tools.py`. Nothing is measured here.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Self

import apsw

from environments import (
    AnswerPart,
    Chain,
    ColumnRef,
    Contract,
    Field,
    Json,
    Literal,
    Param,
    Ref,
    Selector,
    Step,
    Tool,
)
from sandbox import Program, RunCalls, RunChain, Sandbox, World, open_sandbox

from . import bench_tools
from .bench_tools import get_order

LINES = 8_600  # rows of `lines` that make a database of 1 MB
LINES_PER_ORDER = 4
STEPS = 20

_SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL,
    total INTEGER NOT NULL,
    next_id INTEGER NOT NULL
);
CREATE TABLE lines (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    pieces INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX lines_of_an_order ON lines (order_id);
"""
# The way from an order to the next visits all of them (7,919 is prime), so a chain does not read neighbouring rows.
_ROWS = """
INSERT INTO customers
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :customers)
    SELECT i, 'Customer ' || i, 'Oslo' FROM n;
INSERT INTO orders
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :orders)
    SELECT i, i % :customers + 1, 'pending', i * 100, (i + 7919) % :orders + 1 FROM n;
INSERT INTO lines
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :lines)
    SELECT i, min((i - 1) / :each + 1, :orders), 1, printf('%080d', i) FROM n;
"""


class PlainDb:
    """The `db` of a tool as anybody would write it over one connection, and nothing of ours.

    The names of a statement's columns are kept: it is faster, and the floor should be what the engine can do.
    """

    def __init__(self, image: bytes) -> None:
        self.connection = apsw.Connection(":memory:")
        self.connection.deserialize("main", image)
        self._names: dict[str, list[str]] = {}

    def rows(self, sql: str, **binds: object) -> list[dict[str, Any]]:
        """All rows of a query."""
        cursor = self.connection.execute(sql, binds)
        return [dict(zip(self._columns(sql, cursor), row, strict=True)) for row in cursor]

    def one(self, sql: str, **binds: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        cursor = self.connection.execute(sql, binds)
        names = self._columns(sql, cursor)
        row = cursor.fetchone()
        return None if row is None else dict(zip(names, row, strict=True))

    def run(self, sql: str, **binds: object) -> int:
        """Execute a writing statement; the number of rows affected."""
        self.connection.execute(sql, binds).fetchall()
        return self.connection.changes()

    def _columns(self, sql: str, cursor: apsw.Cursor) -> list[str]:
        names = self._names.get(sql)
        if names is None:
            names = self._names[sql] = [column[0] for column in cursor.get_description()]
        return names


def image(lines: int = LINES) -> bytes:
    """A database with so many rows in `lines`, a quarter of them orders, serialized; 117 bytes a line."""
    orders = max(1, lines // LINES_PER_ORDER)
    connection = apsw.Connection(":memory:")
    try:
        connection.execute(_SCHEMA)
        with connection:
            connection.execute(
                _ROWS, {"lines": lines, "orders": orders, "customers": max(1, orders // 10), "each": LINES_PER_ORDER}
            )
        return bytes(connection.serialize("main"))
    finally:
        connection.close()


def world(snapshot: bytes) -> World:
    """The tools over a database that `image` made."""
    return World(
        Path(bench_tools.__file__).read_text(encoding="utf-8"), _tools(), snapshot, "2025-06-30 12:00:00", "bench@1"
    )


@cache
def chain() -> Chain:
    """STEPS calls of `get_order`, each asking for the order that the one before names as the next."""
    only = Selector("only")
    steps = [Step("s1", "get_order", (("order_id", Literal("order_id", 1)),))]
    for number in range(2, STEPS + 1):
        steps.append(Step(f"s{number}", "get_order", (("order_id", Ref(f"s{number - 1}", only, "next_id")),)))
    return Chain(tuple(steps), (AnswerPart(f"s{STEPS}", only, "value", "total"),))


def follow(db: PlainDb, order_id: int) -> Json:
    """What `chain` answers for an order, in a plain loop."""
    row: dict[str, Any] = {}
    for _ in range(STEPS):
        row = get_order(db, order_id)
        order_id = row["next_id"]
    total: Json = row["total"]
    return total


class Site:
    """Where figures are taken: a level, its warm sandbox over 1 MB, and the same 1 MB in process. A context manager."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.snapshot = image()
        self.plain = PlainDb(self.snapshot)
        self._open = ExitStack()
        self._warm: Sandbox | None = None
        self._numbers = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self.plain.connection.close()

    def warm(self) -> Sandbox:
        """The sandbox that most figures share; opened when it is first asked for."""
        if self._warm is None:
            self._warm = self._open.enter_context(self.open(self.snapshot))
        return self._warm

    def open(self, snapshot: bytes) -> Sandbox:
        """A sandbox of its own, for the caller to close."""
        return open_sandbox(world(snapshot), level=self.level)

    def orders(self, number: int) -> list[int]:
        """So many orders, others at every call."""
        most = LINES // LINES_PER_ORDER
        return [next(self._numbers) % most + 1 for _ in range(number)]

    def calls(self, number: int) -> list[Program]:
        """Programs of one reading call each."""
        return [RunCalls((("get_order", {"order_id": order}),)) for order in self.orders(number)]

    def chains(self, number: int) -> list[Program]:
        """Programs of one chain each."""
        return [RunChain(chain(), {"order_id": order}) for order in self.orders(number)]


@cache
def _tools() -> tuple[Tool, ...]:
    order = Param("order_id", {"type": "integer"}, True, "filter", column=ColumnRef("orders", "id"))
    line = Param("line_id", {"type": "integer"}, True, "filter", ">=", ColumnRef("lines", "id"))
    columns = ("id", "customer_id", "status", "total", "next_id")
    fields = tuple(Field("order_id" if c == "id" else c, source=ColumnRef("orders", c)) for c in columns)
    changed = (Field("changed", source=ColumnRef("lines", ""), aggregate="count"),)
    return (
        Tool("get_order", "One order by its key.", Contract("orders", False, (order,), fields, ("orders",)), 1),
        Tool(
            "add_piece",
            "One piece more on each of three lines.",
            Contract("lines", False, (line,), changed, ("lines",), ("lines.pieces",)),
            1,
        ),
        Tool("spin", "Never come back.", Contract("orders", False, (), (), ()), 1),
    )
