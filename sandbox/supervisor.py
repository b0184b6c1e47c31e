"""The first process of a sandbox: keeps the snapshot warm and forks an episode when told to.

It runs trusted code only. `tools.py` is compiled here and executed in the child,
after the lock-down. It connects out to the host's socket, never listens, and ends
with its connection: when the host dies, so does everything in here.

Messages from the host, one JSON object each: `load` (followed by the snapshot's
bytes), `open`, `kill`, `fate`; every one but `kill` is answered with its number `n`.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import os
import platform
import select
import signal
import socket
import sys
import time
import warnings
from types import CodeType
from typing import Any, NamedTuple

import apsw

from .clock import Clock
from .database import Database, TransactionLost
from .errors import FrameError, ToolsBroken
from .lockdown import Bounds, Lockdown, missing
from .transport import Connection, encode
from .worker import MEMORY_EXIT, TOOLS_FILE, Worker, bug, unfit

SOCKET = "host.sock"
MESSAGE_CAP = 64 << 20  # bytes of one message from the host

# What tools commonly import. Loading it here, and what a tools.py names, costs nothing later; and at the level
# `process` a child that has become another user may no longer be able to read the interpreter's own folder.
_PRELOADED = (
    "array",
    "base64",
    "bisect",
    "calendar",
    "collections.abc",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "html",
    "io",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "random",
    "re",
    "secrets",
    "statistics",
    "string",
    "struct",
    "textwrap",
    "typing",
    "unicodedata",
    "urllib.parse",
    "uuid",
    "zlib",
)

# Of the standard library, but they do something when they are imported.
_ACTING = frozenset({"__hello__", "__main__", "__phello__", "antigravity", "idlelib", "test", "this", "turtledemo"})

_RETURNING_SECONDS = 0.02


class _World(NamedTuple):
    database: Database
    clock: Clock
    code: CodeType
    parameters: dict[str, dict[str, Any]]
    lockdown: Lockdown
    reply_cap: int


class Supervisor:
    """Answers the host until its connection ends.

    Args:
        control: The connection to the host.
        readable: Folders that episodes may read.
        user: The user that episodes become, or None to stay this one.
    """

    def __init__(self, control: Connection, readable: list[str], user: int | None) -> None:
        self._control = control
        self._readable = readable
        self._user = user
        self._world: _World | None = None
        self._children: dict[int, int] = {}
        self._killed: set[int] = set()
        self._ended: dict[int, int] = {}

    def serve(self) -> None:
        """Answer messages; returns when the host closes the connection."""
        self._control.send(
            encode(
                {
                    "python": platform.python_version(),
                    "sqlite": apsw.sqlite_lib_version(),
                    "apsw": apsw.apsw_version(),
                    "missing": missing(),
                }
            )
        )
        while True:
            if not self._control.pending:
                wait = 1.0 if self._children else None
                if not select.select([self._control.sock], [], [], wait)[0]:
                    self._reap()
                    continue
            message = self._control.receive(MESSAGE_CAP, strict=False)
            if message is None:
                return
            self._answer(message)

    def end_all(self) -> None:
        """Kill every episode."""
        for pid in self._children.values():
            os.kill(pid, signal.SIGKILL)

    def _answer(self, message: dict[str, Any]) -> None:
        number = message.get("n")
        match message["do"]:
            case "load":
                image = bytes(self._control.receive_bytes(message["image"]))
                reply = self._load(message, image)
            case "open":
                reply = self._open(message["episode"], message["token"])
            case "fate":
                reply = {"status": self._fate(message["episode"])}
            case "kill":
                self._kill(message["episode"])
                return
            case other:
                raise FrameError(f"the host asks for {other!r}, which is nothing known")
        self._control.send(encode({"n": number, **reply}))

    def _load(self, message: dict[str, Any], image: bytes) -> dict[str, Any]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(message["source"], TOOLS_FILE)
                code = compile(tree, TOOLS_FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return {"broken": bug("", error)}
        for name in (*_PRELOADED, *_standard_imports(tree)):
            with contextlib.suppress(ImportError):  # what is not there shows where it is missed
                importlib.import_module(name)
        clock = Clock(message["clock"])
        try:
            database = Database(image, clock)
        except (ValueError, apsw.Error) as error:
            return {"error": f"the snapshot cannot be opened: {error}"}
        bounds = Bounds(message["memory"], message["cpu_seconds"])
        lockdown = Lockdown(self._readable, bounds, self._user, message["without"])
        self._world = _World(database, clock, code, message["parameters"], lockdown, message["reply_cap"])
        # A collection in a child would touch, and so copy, every page that is shared with it.
        gc.collect()
        gc.freeze()
        return {}

    def _open(self, episode: int, token: str) -> dict[str, Any]:
        if self._world is None:
            raise FrameError("the host opens an episode before it has loaded anything")
        self._reap()
        parent = os.getpid()
        try:
            connection = Connection(_connect())
        except OSError as error:
            return {"error": str(error)}
        try:
            connection.send(encode({"episode": episode, "token": token}))
            pid = os.fork()
        except OSError as error:
            connection.close()
            return {"error": str(error)}
        if pid == 0:
            _be_episode(self._world, connection, parent)
        connection.close()
        self._children[episode] = pid
        return {}

    def _kill(self, episode: int) -> None:
        pid = self._children.get(episode)
        if pid is not None:
            self._killed.add(episode)
            os.kill(pid, signal.SIGKILL)

    def _fate(self, episode: int) -> int | None:
        """The exit code of an episode that ended by itself; None for one that had to be killed."""
        until = time.monotonic() + _RETURNING_SECONDS
        while episode in self._children and time.monotonic() < until:
            self._reap()
            time.sleep(0.0005)
        self._kill(episode)
        while episode in self._children:
            self._reap()
            time.sleep(0.0005)
        return self._ended.pop(episode, None)

    def _reap(self) -> None:
        for episode, pid in list(self._children.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._children[episode]
                if episode in self._killed:
                    self._killed.discard(episode)
                else:
                    self._ended[episode] = os.waitstatus_to_exitcode(status)


def main(library: str) -> None:
    """Run as a sandbox's first process, in the folder that holds the runtime and the host's socket.

    Args:
        library: The folder that holds apsw.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(null, descriptor)
    wanted = {name: os.environ[name] for name in ("PYTHONHASHSEED", "TZ", "LC_ALL") if name in os.environ}
    os.environ.clear()
    os.environ.update(wanted)
    time.tzset()
    readable = [os.path.dirname(os.__file__), os.path.realpath("runtime"), library]  # noqa: PTH120 (a plain string)
    readable += [os.path.dirname(os.path.realpath(apsw.__file__))]  # noqa: PTH120 (a plain string)
    # As root an episode would pass every check of ownership; it becomes a user who owns nothing.
    user = 65534 if os.geteuid() == 0 else None
    supervisor = Supervisor(Connection(_connect()), readable, user)
    try:
        supervisor.serve()
    except ConnectionError:
        return  # the host is gone
    finally:
        supervisor.end_all()


def _standard_imports(tree: ast.Module) -> list[str]:
    """The modules of the standard library that a source names in its imports, wherever they stand."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    tops = sys.stdlib_module_names - _ACTING
    return [name for name in names if name.partition(".")[0] in tops]


def _connect() -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(SOCKET)
    return sock


def _be_episode(world: _World, connection: Connection, parent: int) -> None:
    """The child's whole life; it never returns to the supervisor's code."""
    status = 70
    try:
        world.lockdown.apply(connection.sock.fileno(), parent)
        worker = Worker(world.database, world.clock, world.code, world.parameters)
        world.clock.freeze()
        try:
            worker.load()
            loaded: dict[str, Any] = {}
        except ToolsBroken as error:
            loaded = {"broken": {"type": error.type, "message": error.message, "line": error.line}}
        connection.send(encode({"loaded": loaded}))
        serve(connection, worker, world.reply_cap)
        status = 0
    except MemoryError:
        status = MEMORY_EXIT
    except (OSError, FrameError):
        status = 72
    finally:
        os._exit(status)


def serve(connection: Connection, worker: Worker, reply_cap: int) -> None:
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
                worker.reset()
                connection.send(encode({"n": number}))
                continue
            ready = bytearray()
            for position, program in enumerate(message["programs"]):
                outcome = worker.run(program, keep=message["keep"])
                ready += _reply(number, position, outcome, reply_cap)
                if len(ready) > 1 << 16:
                    connection.send(ready)
                    ready = bytearray()
            if ready:
                connection.send(ready)
        except TransactionLost as error:
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
