"""A witnessed episode: tool code in one process, the database in another one that tools cannot reach.

The witness holds the database and the host's connection. It evaluates chains, opens
savepoints, checks arguments, executes the statements that tools ask for, and takes
the changes from its own database; it never executes tool code. The other process
executes tools and nothing else: `RemoteDb` is their `db`. So a tool may lie in one
thing only, what its function returns, and whatever is recorded besides is the
witness's word.

`RemoteTools` is the witness's end, `serve_tools` and `RemoteDb` the other one. What
comes from there is judged, never trusted.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

import apsw

from environments import ToolError

from . import result
from .clock import Clock
from .database import ToolDb, TransactionLost
from .errors import FrameError
from .loaded import Faulty, LoadedTools, bug
from .transport import Connection, encode

STATEMENT_CAP = 16 << 20  # bytes of one message from the tools' process
REPLY_CAP = 256 << 20  # bytes of one message from the witness, whose database may hold much
_LATEST = 10**15  # milliseconds: a date beyond every calendar


class ToolsGone(Exception):
    """The tools' process has ended."""


class RemoteTools:
    """Tool code in another process. See `Hands`.

    Args:
        connection: Leads to `serve_tools`.
        db: Executes the statements that come from there.
        clock: The witness's own.
    """

    def __init__(self, connection: Connection, db: ToolDb, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._start: list[int] | None = None
        self._statements: dict[str, Callable[..., Any]] = {"rows": db.rows, "one": db.one, "run": db.run}

    def loaded(self) -> Any:
        """What the tools' process says of loading `tools.py`.

        Raises:
            ToolsGone: It ended.
            FrameError: It says nothing sensible.
        """
        reply = self._receive()
        if not isinstance(reply, dict) or list(reply) != ["loaded"]:
            raise FrameError("the tools' process speaks before it is loaded")
        return reply["loaded"]

    def start(self) -> None:
        """A program starts."""
        self._start = [self._clock.elapsed, self._clock.turn]

    def call(self, tool: str, args: dict[str, Any]) -> Any:
        """What a tool answers. See `LoadedTools.call`."""
        answer = self._ask({"do": "call", "tool": tool, "args": args}, tool)
        try:
            return result.rows(answer)
        except result.NotPlain as error:
            raise FrameError(f"the tools' process answers with what is no row: {error}") from error

    def source(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        """What a composite answers. See `LoadedTools.source`."""
        return self._ask({"do": "source", "source": source, "entry": entry, "inputs": inputs}, entry)

    def _ask(self, message: dict[str, Any], name: str) -> Any:
        message["at"], message["start"], self._start = self._clock.elapsed, self._start, None
        self._connection.send(encode(message, strict=False))
        while True:
            reply = self._receive()
            if not isinstance(reply, dict):
                raise FrameError("the tools' process sends what is no message")
            self._move(reply.get("at"))
            if "do" in reply:
                self._execute(reply)
            elif "result" in reply:
                return reply["result"]
            elif "refused" in reply:
                raise ToolError(_text(reply["refused"]), kind=_text(reply.get("kind")))
            else:
                raise Faulty(_bug(reply.get("bug"), name))

    def _receive(self) -> Any:
        try:
            reply = self._connection.receive(STATEMENT_CAP)
        except ConnectionError as error:
            raise ToolsGone from error
        if reply is None:
            raise ToolsGone
        return reply

    def _move(self, at: Any) -> None:
        """The tools' process may let time pass, by sleeping, and never turn it back."""
        if type(at) is not int or not self._clock.elapsed <= at < _LATEST:
            raise FrameError("the tools' process tells a time that cannot be")
        self._clock.elapsed = at

    def _execute(self, asked: dict[str, Any]) -> None:
        method, sql, binds = self._statements.get(str(asked["do"])), asked.get("sql"), asked.get("binds")
        if method is None or type(sql) is not str or type(binds) is not dict:
            raise FrameError("the tools' process asks for what is no statement")
        try:
            answer = {"value": method(sql, **{name: _untagged(value) for name, value in binds.items()})}
        except TransactionLost:
            raise
        except (apsw.Error, LookupError, TypeError, ValueError, ArithmeticError) as error:
            answer = {"raise": type(error).__name__, "message": result.shown(error)}
        try:
            frame = encode(answer)
        except (TypeError, ValueError):  # blobs, and numbers that JSON does not know
            frame = encode({"tagged": _tagged(answer.get("value"))})
        try:
            self._connection.send(frame)
        except ConnectionError as error:
            raise ToolsGone from error


class RemoteDb:
    """The `db` of a tool in a witnessed episode: each statement is executed by the witness."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def rows(self, sql: str, **binds: object) -> list[dict[str, Any]]:
        """All rows of a query, a dict each, keyed by output column name."""
        answer: list[dict[str, Any]] = self._ask("rows", sql, binds)
        return answer

    def one(self, sql: str, **binds: object) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        answer: dict[str, Any] | None = self._ask("one", sql, binds)
        return answer

    def run(self, sql: str, **binds: object) -> int:
        """Execute a writing statement; the number of rows affected."""
        answer: int = self._ask("run", sql, binds)
        return answer

    def _ask(self, method: str, sql: str, binds: dict[str, object]) -> Any:
        tagged = {name: _bindable(name, value) for name, value in binds.items()}
        message = {"do": method, "sql": sql, "binds": tagged, "at": self._clock.elapsed}
        self._connection.send(encode(message))
        reply = self._connection.receive(REPLY_CAP)
        if reply is None:
            raise ConnectionError("the witness is gone")
        if "raise" in reply:
            raise _exception(reply["raise"], reply["message"])
        return _rows_untagged(reply["tagged"]) if "tagged" in reply else reply["value"]


def serve_tools(connection: Connection, tools: LoadedTools, clock: Clock) -> None:
    """Execute tools until the witness closes the connection."""
    while True:
        message = connection.receive(REPLY_CAP, strict=False)
        if message is None:
            return
        if message["start"] is not None:
            clock.restart(*message["start"])
        clock.elapsed = message["at"]
        reply: dict[str, Any]
        try:
            if message["do"] == "call":
                reply = {"result": tools.call(message["tool"], message["args"])}
            else:
                reply = {"result": tools.source(message["source"], message["entry"], message["inputs"])}
        except ToolError as error:
            reply = {"refused": str(error), "kind": error.kind}
        except Faulty as faulty:
            reply = {"bug": faulty.bug}
        reply["at"] = clock.elapsed
        try:
            frame = encode(reply)
        except ValueError as error:
            frame = encode({"bug": {**bug("", error), "type": "NotPlain"}, "at": clock.elapsed})
        connection.send(frame)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise FrameError("the tools' process refuses without words")
    return value


def _bug(data: Any, name: str) -> dict[str, Any]:
    """A bug as the tools' process tells it, under the name of what was called."""
    if not isinstance(data, dict):
        raise FrameError("the tools' process sends what is no answer")
    line, kind, message = data.get("line"), data.get("type"), data.get("message")
    if not (type(kind) is str and type(message) is str and (line is None or type(line) is int)):
        raise FrameError("the tools' process tells of a bug that is none")
    return {"tool": name, "type": kind[:200], "message": message[: 2 * result.MOST_TEXT], "line": line}


def _exception(name: str, message: str) -> Exception:
    """What a statement raised, as the class that tools may be waiting for."""
    kind = getattr(apsw, name, None) or getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind(message)
    return RuntimeError(f"{name}: {message}")


def _bindable(name: str, value: object) -> Any:
    """A bind as JSON; TypeError where SQLite has no such type."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {"blob": bytes(value).hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"real": str(value)}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"the value for :{name} is of type {type(value).__name__}, which SQLite does not know")


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        try:
            return bytes.fromhex(value["blob"]) if "blob" in value else float(value["real"])
        except (KeyError, TypeError, ValueError) as error:
            raise FrameError("the tools' process binds what is no value") from error
    if isinstance(value, list):
        raise FrameError("the tools' process binds a list")
    return value


def _tagged(value: Any) -> Any:
    """Rows with a mark on each value that JSON does not know."""
    if isinstance(value, list):
        return [_tagged(row) for row in value]
    if isinstance(value, dict):
        return {name: _bindable(name, item) for name, item in value.items()}
    return value


def _rows_untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_rows_untagged(row) for row in value]
    if isinstance(value, dict):
        return {name: _untagged(item) for name, item in value.items()}
    return value
