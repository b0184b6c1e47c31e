"""The first process of a sandbox: keeps the snapshot warm and forks an episode when told to.

It runs trusted code only. `tools.py` is compiled here and executed in a child,
after the lock-down (`child.py`). It connects out to the host's socket once, and
gets each episode's connection from the host over that one, so nothing inside can
be connected to, and the socket's folder is not needed any more. It ends with its
connection: when the host dies, so does everything in here.

Messages from the host, one JSON object each: `load` (followed by the snapshot's
bytes), `fork` (with a descriptor), `kill`, `fate`, `usage`. `fork` and `kill` are
not answered, the others with their number `n`.

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
from typing import Any

import apsw

from .child import MESSAGE_CAP, TOOLS_GONE_EXIT, Loaded, be_episode, be_tools, be_witness
from .clock import Clock
from .database import Database
from .errors import FrameError
from .loaded import TOOLS_FILE, bug
from .lockdown import Bounds, Lockdown, missing
from .rehearse import rehearse
from .transport import Connection, encode
from .worker import Parameters

SOCKET = "host.sock"

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
# Bound now: once a world is loaded, what this process and its children see of the time is frozen.
_monotonic, _sleep = time.monotonic, time.sleep
_COLLECTION = (20_000, 20, 20)  # thresholds of `gc.set_threshold`


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
        self._world: Loaded | None = None
        self._cpu_seconds = 0
        self._alive: dict[int, list[int]] = {}  # the processes of each episode; of a witnessed one the tools' first
        self._episodes: dict[int, int] = {}  # by process
        self._killed: set[int] = set()
        self._ended: dict[int, int] = {}  # exit code by episode
        self._failed: dict[int, str] = {}

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
        arrived = select.poll()
        arrived.register(self._control.sock, select.POLLIN)
        while True:
            if not self._control.pending and not arrived.poll(1000 if self._alive else None):
                self._reap()
                continue
            message = self._control.receive(MESSAGE_CAP, strict=False)
            if message is None:
                return
            self._answer(message)

    def end_all(self) -> None:
        """Kill every episode."""
        for pid in self._episodes:
            os.kill(pid, signal.SIGKILL)

    def _answer(self, message: dict[str, Any]) -> None:
        match message["do"]:
            case "load":
                image = bytes(self._control.receive_bytes(message["image"]))
                reply = self._load(message, image)
            case "fork":
                self._fork(message["episode"], witnessed=message["witnessed"])
                return
            case "kill":
                self._failed.pop(message["episode"], None)
                self._kill(message["episode"])
                return
            case "fate":
                reply = self._fate(message["episode"])
            case "usage":
                reply = {"resident": _resident()}
            case other:
                raise FrameError(f"the host asks for {other!r}, which is nothing known")
        self._control.send(encode({"n": message["n"], **reply}))

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
            database = Database(image, clock, reversed_rows=message["reversed_rows"])
        except (ValueError, apsw.Error) as error:
            return {"error": f"the snapshot cannot be opened: {error}"}
        # A program with a setup needs the image, a copy and the database made of it.
        bounds = Bounds(message["memory"] + 2 * len(image), message["cpu_seconds"])
        lockdown = Lockdown(self._readable, bounds, self._user, message["without"])
        parameters = {name: Parameters(schema) for name, schema in message["parameters"].items()}
        self._world = Loaded(database, clock, code, parameters, lockdown, message["reply_cap"])
        self._cpu_seconds = message["cpu_seconds"]
        lockdown.prepare()
        clock.freeze()
        rehearse(database, clock)
        # A collection in a child would touch, and so copy, every page that is shared with it. Episodes are short, so
        # they rarely need one; nothing a tool does may depend on when it comes.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECTION)
        return {}

    def _fork(self, episode: int, *, witnessed: bool) -> None:
        """Make an episode over the connection that came along; the host sees its end when that is not possible."""
        if self._world is None:
            raise FrameError("the host opens an episode before it has loaded anything")
        self._reap()
        connection = Connection(_adopted(self._control.descriptors.pop(0)))
        self._alive[episode] = []
        try:
            if witnessed:
                self._fork_witnessed(self._world, episode, connection)
            else:
                parent = os.getpid()
                pid = os.fork()
                if pid == 0:
                    be_episode(self._world, connection, parent)
                self._born(episode, pid)
        except OSError as error:
            self._failed[episode] = str(error)
            self._kill(episode)
        finally:
            connection.close()

    def _fork_witnessed(self, world: Loaded, episode: int, connection: Connection) -> None:
        parent = os.getpid()
        ends = [Connection(end) for end in socket.socketpair()]
        try:
            pid = os.fork()
            if pid == 0:
                be_tools(world, ends[0], parent)
            self._born(episode, pid)
            pid = os.fork()
            if pid == 0:
                be_witness(world, connection, ends[1], parent)
            self._born(episode, pid)
        finally:
            for end in ends:
                end.close()

    def _born(self, episode: int, pid: int) -> None:
        self._alive[episode].append(pid)
        self._episodes[pid] = episode

    def _kill(self, episode: int) -> None:
        """Kill what has not been reaped, and so still owns its process id."""
        pids = self._alive.get(episode)
        if not pids:
            self._forget(episode)
            return
        self._killed.add(episode)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def _forget(self, episode: int) -> None:
        self._alive.pop(episode, None)
        self._ended.pop(episode, None)

    def _fate(self, episode: int) -> dict[str, Any]:
        """How an episode that ended by itself did so: its exit code, None for one that had to be killed."""
        until = _monotonic() + _RETURNING_SECONDS
        while self._alive.get(episode) and episode not in self._ended and _monotonic() < until:
            self._reap()
            _sleep(0.0005)
        # Of a witnessed episode the tools' process ends first, and its witness at once for want of it.
        status, error = self._ended.get(episode), self._failed.pop(episode, None)
        self._kill(episode)
        while self._alive.get(episode):
            self._reap()
            _sleep(0.0005)
        self._forget(episode)
        return {"status": status, "error": error}

    def _reap(self) -> None:
        while self._episodes:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            episode = self._episodes.pop(pid, None)
            if episode is None:
                continue  # as the first process it also inherits what it did not start
            self._alive[episode].remove(pid)
            if episode not in self._killed:
                code = os.waitstatus_to_exitcode(status)
                if code == -signal.SIGKILL and used.ru_utime + used.ru_stime >= self._cpu_seconds:
                    code = -signal.SIGXCPU  # who ignores that one gets the other, a second later
                if code != TOOLS_GONE_EXIT or episode not in self._ended:
                    self._ended[episode] = code
            if not self._alive[episode]:
                del self._alive[episode]
                if episode in self._killed:
                    self._killed.discard(episode)
                    self._ended.pop(episode, None)


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
    # The standard library; what else was needed is in memory already.
    ours = (os.path.abspath("runtime"), library)  # noqa: PTH100 (a plain string)
    readable = [place for place in sys.path if place not in ours and os.path.isdir(place)]  # noqa: PTH112
    # As root an episode would pass every check of ownership; it becomes a user who owns nothing.
    user = 65534 if os.geteuid() == 0 else None
    supervisor = Supervisor(Connection(_connect(), descriptors=True), readable, user)
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


def _adopted(descriptor: int) -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)


def _resident() -> int:
    """Bytes of memory that this process has of its own or shares with its children."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (a plain string)
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
