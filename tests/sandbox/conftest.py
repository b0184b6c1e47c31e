"""A small world with tools of every kind, opened at each level once for the whole run."""

import apsw
import pytest

from environments import ColumnRef, Contract, Field, Param, Tool
from sandbox import World, available_levels, open_sandbox

ISOLATING = (
    pytest.param("docker", marks=pytest.mark.docker),
    pytest.param("bwrap", marks=pytest.mark.bwrap),
    "process",
)
LEVELS = (*ISOLATING, "inprocess")
EPISODES = (
    *LEVELS,
    pytest.param("docker witnessed", marks=pytest.mark.docker),
    pytest.param("bwrap witnessed", marks=pytest.mark.bwrap),
    "process witnessed",
)

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    total INTEGER NOT NULL CHECK (total >= 0),
    placed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    doubled INTEGER GENERATED ALWAYS AS (total * 2) STORED
);
CREATE TABLE notes (body TEXT, data BLOB);
CREATE TABLE codes (code TEXT PRIMARY KEY, rank REAL);
CREATE TABLE links (
    code TEXT NOT NULL REFERENCES codes (code) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL,
    PRIMARY KEY (code, position)
) WITHOUT ROWID;
INSERT INTO customers VALUES (1, 'Ada', 'Oslo'), (2, 'Ben', 'Rome'), (3, 'Cleo', NULL);
INSERT INTO orders (id, customer_id, total, placed_at) VALUES
    (10, 1, 100, '2025-01-01 08:00:00'), (11, 1, 250, '2025-02-01 08:00:00'), (12, 2, 250, '2025-03-01 08:00:00'),
    (13, 2, 250, '2025-04-01 08:00:00');
INSERT INTO notes VALUES ('first', NULL);
INSERT INTO codes VALUES ('x', 1.5), ('y', NULL);
"""

TOOLS = """\
import datetime
import os
import random
import time
import uuid
from datetime import datetime as moment
from typing import Any

from environments import Db, ToolError, tool

SEEN: list[int] = []


@tool
def find_customer(db: Db, name: str) -> dict[str, Any]:
    row = db.one("SELECT id AS customer_id, name, city FROM customers WHERE name = :name", name=name)
    if row is None:
        raise ToolError(f"no customer is called {name!r}")
    return row


@tool
def list_orders(db: Db, customer_id: int) -> list[dict[str, Any]]:
    return db.rows("SELECT id AS order_id, total FROM orders WHERE customer_id = :c ORDER BY id", c=customer_id)


@tool
def count_orders(db: Db) -> dict[str, Any]:
    return db.one("SELECT count(*) AS orders FROM orders")


@tool
def place_order(db: Db, customer_id: int, total: int) -> dict[str, Any]:
    db.run("INSERT INTO orders (customer_id, total) VALUES (:c, :t)", c=customer_id, t=total)
    return db.one("SELECT id AS order_id, placed_at FROM orders WHERE id = last_insert_rowid()")


@tool
def set_total(db: Db, order_id: int, total: int) -> dict[str, Any]:
    return {"changed": db.run("UPDATE orders SET total = :t WHERE id = :o", t=total, o=order_id)}


@tool
def delete_customer(db: Db, customer_id: int) -> dict[str, Any]:
    return {"deleted": db.run("DELETE FROM customers WHERE id = :c", c=customer_id)}


@tool
def write_notes(db: Db) -> dict[str, Any]:
    db.run("UPDATE notes SET body = 'second'")
    return {"written": db.run("INSERT INTO notes VALUES ('third', x'00ff')")}


@tool
def write_then_refuse(db: Db) -> dict[str, Any]:
    db.run("DELETE FROM orders")
    raise ToolError("changed my mind", kind="tool_error")


@tool
def write_then_fail(db: Db) -> dict[str, Any]:
    db.run("DELETE FROM orders")
    return {"result": [][1]}  # line 63


@tool
def dangle(db: Db) -> dict[str, Any]:
    return {"n": db.run("INSERT INTO links VALUES ('nowhere', 1)")}


@tool
def null_key(db: Db) -> dict[str, Any]:
    return {"n": db.run("INSERT INTO codes VALUES (NULL, 2.0)")}


@tool
def infinite(db: Db) -> dict[str, Any]:
    return {"n": db.run("UPDATE codes SET rank = 9e999 WHERE code = 'x'")}


@tool
def twice_named(db: Db) -> list[dict[str, Any]]:
    return db.rows("SELECT c.id, o.id FROM customers c JOIN orders o ON o.customer_id = c.id")


@tool
def unbound(db: Db) -> list[dict[str, Any]]:
    return db.rows("SELECT * FROM customers WHERE id = :id")


@tool
def run_sql(db: Db, sql: str) -> list[dict[str, Any]]:
    return db.rows(sql)


@tool
def write_bytes_as_text(db: Db) -> dict[str, Any]:
    return {"n": db.run("INSERT INTO notes VALUES (CAST(x'ff' AS TEXT), NULL)")}


@tool
def return_twice_named(db: Db) -> list[dict[str, Any]]:
    return db.rows("INSERT INTO notes VALUES ('fourth', NULL) RETURNING body AS a, data AS a")


@tool
def give(db: Db, what: str) -> Any:
    return {
        "none": None,
        "text": "x",
        "tuple": {"a": (1, 2)},
        "rows of text": ["x"],
        "nan": {"a": [float("nan")]},
        "bytes": {"a": b"x"},
        "big": {"a": 2**70},
        "key": {1: "x"},
        "surrogate": {"a": "\\ud800"},
        "object": {"a": object()},
        "deep": nested(100),
        "fine": {"a": [{"b": 1.5, "c": None, "d": True, "e": "\\u00e9"}]},
    }[what]


def nested(depth: int) -> dict[str, Any]:
    return {"a": nested(depth - 1)} if depth else {}


@tool
def tell_time(db: Db) -> dict[str, Any]:
    row = db.one(
        "SELECT datetime('now') AS a, date() AS b, time('now', '+1 hour') AS c, strftime('%Y', 'now') AS d,"
        " unixepoch() AS e, CURRENT_TIMESTAMP AS f, julianday('now') AS g"
    )
    tuesday = isinstance(moment.now() - datetime.timedelta(days=6), datetime.datetime)
    return {
        **row,
        "python": [time.time(), time.strftime("%F %T"), str(datetime.date.today()), str(moment.now()), tuesday],
        "zone": moment.now(datetime.timezone.utc).isoformat(),
        "same": isinstance(datetime.datetime(2020, 1, 1), datetime.date),
    }


@tool
def pass_time(db: Db) -> dict[str, Any]:
    before, counted = db.one("SELECT datetime('now') AS at")["at"], time.perf_counter()
    time.sleep(90)
    after = db.one("SELECT datetime('now') AS at")["at"]
    until, looks = time.monotonic() + 0.05, 0
    while time.monotonic() < until:
        looks += 1
    return {
        "sql": [before, after],
        "python": str(moment.now()),
        "counted": round(time.perf_counter() - counted, 1),
        "looks": looks,
        "more": [time.clock_gettime(time.CLOCK_REALTIME), os.times().elapsed > 90, time.localtime().tm_min],
    }


@tool
def draw(db: Db) -> dict[str, Any]:
    row = db.one("SELECT random() AS a, hex(randomblob(4)) AS b")
    return {**row, "c": random.random(), "d": str(uuid.uuid4()), "e": str(uuid.uuid1())}


@tool
def remember(db: Db) -> dict[str, Any]:
    SEEN.append(len(SEEN))
    return {"seen": len(SEEN), "hash": hash("groundrow"), "environment": sorted(os.environ)}


@tool
def spin(db: Db) -> dict[str, Any]:
    while True:
        pass


@tool
def query_forever(db: Db) -> dict[str, Any]:
    return db.one("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n")


@tool
def eat_memory(db: Db) -> dict[str, Any]:
    return {"size": len(bytearray(8 << 30))}


@tool
def flood(db: Db, size: int) -> dict[str, Any]:
    return {"text": "x" * size}


@tool
def leave(db: Db) -> dict[str, Any]:
    os._exit(3)


@tool
def commit_behind(db: Db) -> dict[str, Any]:
    db._database._ours = True
    db._connection.execute("COMMIT")
    return {}


@tool
def write_behind(db: Db) -> dict[str, Any]:
    db._connection.execute("DELETE FROM notes")
    return {}
"""


def parameter(name, kind="integer"):
    return Param(name, {"type": kind}, True, "note")


def declared(name, *params):
    contract = Contract("customers", False, params, (Field("id", source=ColumnRef("customers", "id")),), ())
    return Tool(name, f"Tool {name}.", contract, 1)


TEXT, NUMBER = "string", "integer"
PARAMETERS = {
    "find_customer": [("name", TEXT)],
    "list_orders": [("customer_id", NUMBER)],
    "place_order": [("customer_id", NUMBER), ("total", NUMBER)],
    "set_total": [("order_id", NUMBER), ("total", NUMBER)],
    "delete_customer": [("customer_id", NUMBER)],
    "run_sql": [("sql", TEXT)],
    "give": [("what", TEXT)],
    "flood": [("size", NUMBER)],
}


def build_world(source=TOOLS, schema=SCHEMA):
    connection = apsw.Connection(":memory:")
    connection.execute(schema)
    names = [line[4 : line.index("(")] for line in source.splitlines() if line.startswith("def ") and "db: Db" in line]
    tools = tuple(declared(name, *(parameter(*p) for p in PARAMETERS.get(name, ()))) for name in names)
    image = bytes(connection.serialize("main"))
    connection.close()
    return World(source, tools, image, "2025-06-30 12:00:00", "shop@1")


@pytest.fixture(scope="session")
def world():
    return build_world()


@pytest.fixture(scope="session")
def world_of():
    """A world with other tools: `world_of(source)`."""
    return build_world


@pytest.fixture(scope="session")
def _warm(world):
    opened = {}

    def at(level):
        if level not in opened:
            opened[level] = open_sandbox(world, level=level)
        return opened[level]

    yield at
    for sandbox in opened.values():
        sandbox.close()


@pytest.fixture(params=LEVELS)
def sandbox(request, _warm):
    """The small world at each level in turn."""
    _need(request.param)
    return _warm(request.param)


@pytest.fixture(params=ISOLATING)
def isolating(request, _warm):
    """The small world at each level that isolates."""
    _need(request.param)
    return _warm(request.param)


@pytest.fixture(params=EPISODES)
def episode(request, _warm):
    """An episode of each kind at each level."""
    level, _, witnessed = request.param.partition(" ")
    _need(level)
    with _warm(level).episode(witnessed=bool(witnessed)) as episode:
        yield episode


def _need(level):
    if level == "process" and not available_levels()["process"].available:
        pytest.skip(available_levels()["process"].reason)
