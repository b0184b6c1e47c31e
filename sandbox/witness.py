"""A witnessed episode: tool code in one process, and in another one, which tools cannot reach, the witness.

Both have a copy of the database. The tools' process runs a program as any episode does,
and records of each call what the tool answered and which statements it executed that
may write (`Recorder`). The witness runs the program again over its own copy: it
evaluates the chain, checks the arguments and executes those statements within the
authorizer's bounds, and where a tool would run it takes the recorded answer
(`Replayer`). What it reports is its own: calls, arguments, changes, the chain's answer
and its refusals. So a tool can lie in one thing only, what its function returns, and
what a statement did that the witness was not told of has not happened.

The two run side by side, a message of programs at a time, so witnessing costs no round
trip for each statement. What comes from the tools' process is judged, never trusted.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

import apsw

from environments import ToolError

from . import result
from .clock import Clock
from .database import ToolDb, TransactionLost
from .errors import FrameError
from .loaded import Faulty, LoadedTools, unfit
from .transport import Connection, encode
from .worker import Worker, parse_chains

RECORD_CAP = 64 << 20  # bytes of what the tools' process tells of one program
_MOST = 10**15  # as milliseconds a date beyond every calendar


class ToolsGone(Exception):
    """The tools' process has ended."""


class Recorder:
    """Tool code that is executed here and recorded for the witness. See `Hands`.

    Args:
        tools: Execute it.
        db: Theirs.
        clock: Of this process.
    """

    def __init__(self, tools: LoadedTools, db: ToolDb, clock: Clock) -> None:
        self._tools = tools
        self._clock = clock
        self._statements: list[list[Any]] = []
        self.calls: list[dict[str, Any]] = []
        db.log = self._log

    def start(self) -> None:
        """A program starts."""
        self.calls = []

    def call(self, tool: str, args: dict[str, Any]) -> Any:
        """What a tool answers. See `LoadedTools.call`."""
        return self._recorded({"tool": tool, "args": _copied(args)}, lambda: self._tools.call(tool, args))

    def source(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        """What a composite answers. See `LoadedTools.source`."""
        record = {"tool": entry, "args": _copied(inputs)}
        return self._recorded(record, lambda: self._tools.source(source, entry, inputs))

    def _recorded(self, record: dict[str, Any], act: Callable[[], Any]) -> Any:
        self._statements = record["statements"] = []
        self.calls.append(record)
        try:
            record["result"] = act()
        except ToolError as error:
            record["refused"] = [str(error), error.kind]
            raise
        except Faulty as faulty:
            record["bug"] = faulty.bug
            raise
        finally:
            record["at"] = self._clock.elapsed
        return record["result"]

    def _log(self, method: str, sql: str, binds: dict[str, object]) -> None:
        try:
            told = {name: _bindable(value) for name, value in binds.items()}
        except TypeError:  # of no type that SQLite knows: it will not be executed
            return
        self._statements.append([method, sql, told, self._clock.elapsed, self._clock.draws])


class Replayer:
    """What a tool would do, as it was recorded elsewhere. See `Hands`.

    Args:
        db: Executes the recorded statements.
        clock: The witness's own.
    """

    def __init__(self, db: ToolDb, clock: Clock) -> None:
        self._methods: dict[str, Callable[..., Any]] = {"rows": db.rows, "one": db.one, "run": db.run}
        self._clock = clock
        self._calls: Iterator[Any] = iter(())

    def take(self, calls: Any) -> None:
        """The records of the program that comes next."""
        if not isinstance(calls, list):
            raise FrameError("the tools' process tells of no calls")
        self._calls = iter(calls)

    def finish(self) -> None:
        """FrameError when a call was recorded that the program does not make."""
        if next(self._calls, None) is not None:
            raise FrameError("the tools' process tells of a call that the program does not make")

    def start(self) -> None:
        """A program starts."""

    def call(self, tool: str, args: dict[str, Any]) -> Any:
        """The recorded answer of a tool. See `LoadedTools.call`."""
        try:
            return result.rows(self._replayed(tool, args))
        except result.NotPlain as error:
            raise FrameError(f"the tools' process answers with what is no row: {error}") from error

    def source(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        """The recorded answer of a composite. See `LoadedTools.source`."""
        del source
        return self._replayed(entry, inputs)

    def _replayed(self, tool: str, args: dict[str, Any]) -> Any:
        record = next(self._calls, None)
        if not isinstance(record, dict) or record.get("tool") != tool or not _same(record.get("args"), args):
            raise FrameError("the tools' process tells of other calls than the program makes")
        if "bug" in record:
            raise Faulty(_bug(record["bug"], tool))
        statements = record.get("statements")
        if not isinstance(statements, list):
            raise FrameError("the tools' process tells of no statements")
        for statement in statements:
            self._execute(statement)
        self._move(record.get("at"))
        if "refused" in record:
            raise _refusal(record["refused"])
        return record.get("result")

    def _execute(self, statement: Any) -> None:
        if not isinstance(statement, list) or len(statement) != 5:
            raise FrameError("the tools' process tells of what is no statement")
        name, sql, binds, at, draws = statement
        method = self._methods.get(name) if type(name) is str else None
        if method is None or type(sql) is not str or type(binds) is not dict or not _is_count(draws):
            raise FrameError("the tools' process tells of what is no statement")
        self._move(at)
        self._clock.draws = draws
        try:
            method(sql, **{name: _untagged(value) for name, value in binds.items()})
        except TransactionLost:
            raise
        except (apsw.Error, LookupError, TypeError, ValueError, ArithmeticError):
            return  # as it was there; a tool may have caught it

    def _move(self, at: Any) -> None:
        """The tools' process may let time pass, by sleeping, and never turn it back."""
        if not _is_count(at) or at < self._clock.elapsed:
            raise FrameError("the tools' process tells a time that cannot be")
        self._clock.elapsed = at


def serve_recorded(connection: Connection, worker: Worker, recorder: Recorder) -> None:
    """Run what the witness passes on, and tell it what the tools did, until it closes the connection."""
    while True:
        message = connection.receive(RECORD_CAP, strict=False)
        if message is None:
            return
        if message["do"] == "reset":
            worker.reset()
            continue
        chains = parse_chains(message["chains"])
        for program in message["programs"]:
            recorder.calls = []  # a program whose setup fails does not even start
            try:
                outcome = worker.run(program, chains, keep=message["keep"])
            except TransactionLost as error:
                connection.send(encode({"lost": result.shown(error)}))
                return
            connection.send(_told({"ended": _ended(outcome), "calls": recorder.calls}))


class Witness:
    """A worker that runs again what the tools' process has run.

    Args:
        tools: Leads to `serve_recorded`.
        worker: Over the witness's own database.
        replayer: Its hands.
    """

    def __init__(self, tools: Connection, worker: Worker, replayer: Replayer) -> None:
        self._tools = tools
        self._worker = worker
        self._replayer = replayer

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

    def run(self, message: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The outcome of each program of a host's message.

        Raises:
            ToolsGone: The tools' process ended.
            FrameError: What it tells of a program cannot be.
            TransactionLost: The episode cannot go on.
        """
        self._pass_on(message)
        chains = parse_chains(message["chains"])
        for program in message["programs"]:
            told = self._receive()
            if not isinstance(told, dict):
                raise FrameError("the tools' process sends what is no message")
            if "lost" in told:
                raise FrameError(str(told["lost"])[: result.MOST_TEXT])
            if "too_large" in told and not message["keep"]:
                yield unfit("TooLarge", f"what it did takes {told['too_large']!s:.20} bytes to tell; return fewer rows")
                continue
            self._replayer.take(told.get("calls"))
            outcome = self._worker.run(program, chains, keep=message["keep"])
            self._replayer.finish()
            if told.get("ended") != _ended(outcome):
                raise FrameError("the tools' process says that a program ended otherwise")
            yield outcome

    def reset(self) -> None:
        """Back to the snapshot, here and there."""
        self._pass_on({"do": "reset"})
        self._worker.reset()

    def _pass_on(self, message: dict[str, Any]) -> None:
        try:
            self._tools.send(encode(message, strict=False))
        except ConnectionError as error:
            raise ToolsGone from error

    def _receive(self) -> Any:
        try:
            reply = self._tools.receive(RECORD_CAP, strict=False)
        except ConnectionError as error:
            raise ToolsGone from error
        if reply is None:
            raise ToolsGone
        return reply


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _copied(args: dict[str, Any]) -> dict[str, Any]:
    """A copy that shares nothing with what the tool is given."""
    return {name: copy.deepcopy(value) if type(value) in (list, dict) else value for name, value in args.items()}


def _ended(outcome: dict[str, Any]) -> str:
    return "bug" if "bug" in outcome else "refused" if "refused" in outcome else "answered"


def _told(told: dict[str, Any]) -> bytes:
    frame = encode(told, strict=False)
    return frame if len(frame) <= RECORD_CAP else encode({"too_large": len(frame)})


def _same(recorded: Any, args: dict[str, Any]) -> bool:
    """Whether these are the same arguments, in values and types."""
    return recorded == args and all(type(recorded[name]) is type(value) for name, value in args.items())


def _refusal(data: Any) -> ToolError:
    if not isinstance(data, list) or [type(part) for part in data] != [str, str]:
        raise FrameError("the tools' process tells of a refusal that is none")
    return ToolError(data[0], kind=data[1])


def _bug(data: Any, name: str) -> dict[str, Any]:
    """A bug as the tools' process tells it, under the name of what was called."""
    if not isinstance(data, dict):
        raise FrameError("the tools' process tells of a bug that is none")
    line, kind, message = data.get("line"), data.get("type"), data.get("message")
    if not (type(kind) is str and type(message) is str and (line is None or type(line) is int)):
        raise FrameError("the tools' process tells of a bug that is none")
    return {"tool": name, "type": kind[:200], "message": message[: 2 * result.MOST_TEXT], "line": line}


def _bindable(value: object) -> Any:
    """A bind as JSON; TypeError where SQLite has no such type."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {"blob": bytes(value).hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"real": str(value)}
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise TypeError("an integer of more than 64 bits")
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a value of type {type(value).__name__}")


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        try:
            return bytes.fromhex(value["blob"]) if "blob" in value else float(value["real"])
        except (KeyError, TypeError, ValueError) as error:
            raise FrameError("the tools' process binds what is no value") from error
    if isinstance(value, list):
        raise FrameError("the tools' process binds a list")
    return value
