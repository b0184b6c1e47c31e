"""The life of a forked child: an episode, or one half of a witnessed one.

A child locks itself down before anything else, and never returns to the
supervisor's code. What it answers is `worker.py`, how it is held `lockdown.py`.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NamedTuple, NoReturn, Protocol

from .clock import Clock
from .database import Database, ToolDb, TransactionLost
from .errors import FrameError, ToolsBroken
from .loaded import LoadedTools, unfit
from .lockdown import Lockdown
from .transport import Connection, encode
from .witness import Recorder, Replayer, ToolsGone, Witness, serve_recorded
from .worker import Parameters, Worker, parse_chains

MESSAGE_CAP = 64 << 20  # bytes of one message from the host
MEMORY_EXIT = 71  # how a child ends that ran out of memory outside a call
_CONNECTION_EXIT = 72
TOOLS_GONE_EXIT = 73  # how a witness ends whose tools' process has ended
_TOGETHER = 1 << 14  # bytes of outcomes that are sent at once


class Loaded(NamedTuple):
    """What a supervisor has loaded, for its children to inherit; the clock is frozen in it already."""

    database: Database
    clock: Clock
    code: CodeType
    parameters: dict[str, Parameters]
    lockdown: Lockdown
    reply_cap: int


def be_episode(world: Loaded, connection: Connection, parent: int) -> NoReturn:
    """Be an episode: tool code and database in one process."""

    def live() -> None:
        db = ToolDb(world.database)
        tools = LoadedTools(world.code, world.parameters, db, world.clock)
        worker = Worker(world.database, world.clock, tools, db, world.parameters)
        connection.send(encode({"loaded": _load(tools)}))
        worker.warm_up()
        serve(connection, Alone(worker), world.reply_cap)

    _live(world, (connection,), parent, live)


def be_tools(world: Loaded, connection: Connection, parent: int) -> NoReturn:
    """Be the process that executes a witnessed episode's tools."""

    def live() -> None:
        db = ToolDb(world.database)
        tools = LoadedTools(world.code, world.parameters, db, world.clock)
        recorder = Recorder(tools, db, world.clock)
        worker = Worker(world.database, world.clock, recorder, db, world.parameters)
        connection.send(encode({"loaded": _load(tools)}))
        worker.warm_up()
        serve_recorded(connection, worker, recorder)

    _live(world, (connection,), parent, live)


def be_witness(world: Loaded, connection: Connection, tools: Connection, parent: int) -> NoReturn:
    """Be the process that witnesses an episode, and speaks for it."""

    def live() -> None:
        db = ToolDb(world.database)
        replayer = Replayer(db, world.clock)
        worker = Worker(world.database, world.clock, replayer, db, world.parameters)
        witness = Witness(tools, worker, replayer)
        try:
            connection.send(encode({"loaded": witness.loaded()}))
        except FrameError as error:
            connection.send(encode({"lost": str(error)}))
            return
        worker.warm_up()
        serve(connection, witness, world.reply_cap)

    _live(world, (connection, tools), parent, live)


def _live(world: Loaded, kept: tuple[Connection, ...], parent: int, live: Callable[[], None]) -> NoReturn:
    status = 70
    try:
        world.lockdown.apply([connection.sock.fileno() for connection in kept], parent)
        live()
        status = 0
    except MemoryError:
        status = MEMORY_EXIT
    except ToolsGone:
        status = TOOLS_GONE_EXIT
    except (OSError, FrameError):
        status = _CONNECTION_EXIT
    finally:
        os._exit(status)


def _load(tools: LoadedTools) -> dict[str, Any]:
    try:
        tools.load()
    except ToolsBroken as error:
        return {"broken": {"type": error.type, "message": error.message, "line": error.line}}
    return {}


class Runner(Protocol):
    """Who runs programs: a worker, or a witness."""

    def run(self, message: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The outcome of each program of a message."""

    def reset(self) -> None:
        """Back to the snapshot."""


class Alone:
    """A worker as a Runner."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.reset = worker.reset

    def run(self, message: dict[str, Any]) -> Iterator[dict[str, Any]]:
        chains = parse_chains(message["chains"])
        for program in message["programs"]:
            yield self._worker.run(program, chains, keep=message["keep"])


def serve(connection: Connection, runner: Runner, reply_cap: int) -> None:
    """Answer an episode's messages until the host closes the connection.

    `run` is answered with one message a program, so that no single reply grows with their number.
    """
    while True:
        message = connection.receive(MESSAGE_CAP, strict=False)
        if message is None:
            return
        number = message["n"]
        try:
            if message["do"] == "reset":
                runner.reset()
                connection.send(encode({"n": number}))
                continue
            ready = bytearray()
            for position, outcome in enumerate(runner.run(message)):
                ready += _reply(number, position, outcome, reply_cap)
                if len(ready) > _TOGETHER:
                    connection.send(ready)
                    ready = bytearray()
            if ready:
                connection.send(ready)
        except (TransactionLost, FrameError) as error:
            connection.send(encode({"n": number, "lost": str(error)}))
            return


def _reply(number: int, position: int, outcome: dict[str, Any], cap: int) -> bytes:
    try:
        frame = encode({"n": number, "i": position, "outcome": outcome})
    except ValueError as error:
        return encode({"n": number, "i": position, "outcome": unfit("NotPlain", f"the program's outcome: {error}")})
    if len(frame) <= cap:
        return frame
    message = f"the program's outcome has {len(frame)} bytes, at most {cap} are taken; return fewer rows"
    return encode({"n": number, "i": position, "outcome": unfit("TooLarge", message)})
