"""What every episode does, done a few times by the supervisor before it forks any.

A child shares its parent's memory until one of them writes to it, and Python writes
whenever it runs code for the first times: caches are filled, code is specialized,
numbers of the heap are handed out. What has happened before the fork costs no child
a copy of a page. The tools rehearsed with are ours; no tool of the world is run.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import socket

from .child import Alone, serve
from .clock import Clock
from .database import Database, ToolDb
from .loaded import LoadedTools
from .transport import Connection, encode
from .worker import Parameters, Worker

TIMES = 12  # code is specialized after eight runs

_SOURCE = """
from environments import Db, ToolError, tool

@tool
def look(db: Db, number: int, word: str | None = None):
    found = db.one("SELECT 1 AS one, :number AS number, :word AS word", number=number, word=word)
    return {**found, "rows": db.rows("SELECT 1 AS one UNION ALL SELECT 2"), "written": db.run("SELECT 1")}

@tool
def refuse(db: Db):
    raise ToolError("not today")
"""
_PARAMETERS = {
    "look": {
        "type": "object",
        "properties": {"number": {"type": "integer"}, "word": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        "required": ["number"],
    },
    "refuse": {"type": "object", "properties": {}, "required": []},
}
_CHAIN = {
    "steps": [
        {"id": "s1", "tool": "look", "bindings": [{"parameter": "number", "literal": {"input": "n", "value": 1}}]},
        {
            "id": "s2",
            "tool": "look",
            "bindings": [{"parameter": "number", "ref": {"step": "s1", "selector": {"kind": "only"}, "field": "one"}}],
        },
    ],
    "answer": [{"step": "s2", "selector": {"kind": "only"}, "shape": "value", "field": "number"}],
}


def rehearse(database: Database, clock: Clock) -> None:
    """Run what an episode runs, and leave the database as it is.

    Args:
        database: The one that children inherit.
        clock: Frozen already.
    """
    ours, theirs = (Connection(end) for end in socket.socketpair())
    db = ToolDb(database)
    tools = LoadedTools(compile(_SOURCE, "rehearsal", "exec", dont_inherit=True), _PARAMETERS, db, clock)
    tools.load()
    parameters = {name: Parameters(schema) for name, schema in _PARAMETERS.items()}
    worker = Worker(database, clock, tools, db, parameters)
    programs = [
        {"kind": "chain", "chain": 0, "inputs": {"n": 1}},
        {"kind": "calls", "calls": [{"tool": "refuse", "args": {}}], "observe": False},
    ]
    for number in range(TIMES):
        message = {"n": number, "do": "run", "keep": False, "programs": programs, "chains": [_CHAIN]}
        ours.send(encode(message))
    ours.send(encode({"n": TIMES, "do": "reset"}))
    ours.sock.shutdown(socket.SHUT_WR)
    serve(theirs, Alone(worker), 1 << 20)
    ours.close()
    theirs.close()
