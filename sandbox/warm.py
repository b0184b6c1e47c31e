"""The host's end of a warm sandbox, for every level that has a supervisor.

`WarmSandbox` speaks with the supervisor, `WarmEpisode` with one forked episode.
What an episode sends is judged, never trusted: anything that is no answer to the
question asked ends it. Starting the supervisor is `container.py`, `bwrap.py` and `process.py`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

from .child import MEMORY_EXIT, MESSAGE_CAP
from .episode import check_run
from .errors import EpisodeLost, FrameError, LevelUnavailable, LostKind, SandboxError, ToolsBroken, WorkerError
from .loaded import TOOLS_FILE
from .program import Outcome, Program, broken_from_json, message_of, outcome_from_json, tool_names
from .stage import Stage
from .transport import Connection, encode
from .world import Limits, World

_CONTROL_CAP = 1 << 20
_RUN_BYTES = 512 << 20  # of the host's memory, for all that one run answers
_LOOK_SECONDS = 0.1
_LOOK_EPISODES = 1000  # after so many the supervisor is asked for its size
_SIGKILL, _SIGXCPU = -9, -24


class Engine(Protocol):
    """A started supervisor, seen from outside.

    Attributes:
        image: The container image it runs in, or "".
    """

    image: str

    def ended(self) -> str | None:
        """How it ended, or None while it runs."""

    def stop(self) -> None:
        """End it and whatever is in it, by force when it does not go by itself."""


class _NotForked(WorkerError):
    """The supervisor could not make the episode."""


class WarmSandbox:
    """A supervisor with a world loaded. See `Sandbox`.

    Args:
        start: Starts a supervisor that connects to the socket of the staged folder it is given.
        without: Defences of `lockdown.DEFENCES` to leave out, for tests; no user is given this choice.
    """

    def __init__(
        self,
        *,
        level: str,
        label: str,
        world: World,
        limits: Limits,
        start: Callable[[Stage], Engine],
        reversed_rows: bool,
        without: Collection[str] = (),
    ) -> None:
        self.level = level
        self.label = label
        self._world = world
        self._limits = limits
        self._start = start
        self._reversed_rows = reversed_rows
        self._without = sorted(without)
        self._engine: Engine | None = None
        self._control: Connection | None = None
        self._lock = threading.RLock()
        self._closing = threading.Lock()
        self._messages = 0
        self._episodes = 0
        self._served = 0
        self._first_size = 0
        self._open: dict[int, WarmEpisode] = {}
        self._spare: dict[bool, deque[WarmEpisode]] = {False: deque(), True: deque()}
        self._closed = False
        try:
            hello = self._begin()
        except BaseException:
            self.close()
            raise
        self.facts: Mapping[str, str] = {
            "level": level,
            "image": self._engine.image if self._engine else "",
            "python": hello["python"],
            "sqlite": hello["sqlite"],
            "apsw": hello["apsw"],
        }

    def episode(self, *, witnessed: bool = False) -> WarmEpisode:
        """A fresh episode. See `Sandbox.episode`."""
        with self._lock:
            if self._closed:
                raise ValueError(f"this {self.level} sandbox is closed; open another one")
            self._recycle()
            spare = self._spare[witnessed]
            was_ready = bool(spare)
            episode = spare.popleft() if spare else self._fork(witnessed)
            self._served += 1
            if was_ready and not spare:
                self.make_ahead(witnessed=witnessed)
        try:
            episode.wait_loaded()
            if not was_ready or episode.is_there():
                return episode
        except _NotForked:
            if not was_ready:
                raise
        except BaseException:
            episode.close()
            raise
        # There was no room for it when it was made ahead, or it has been ended since: neither is the asker's fault.
        episode.close()
        with self._lock:
            episode = self._fork(witnessed)
        with _closed_on_error(episode):
            episode.wait_loaded()
        return episode

    def close(self) -> None:
        """End everything; whoever waits for an answer in another thread gets a WorkerError."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        # Only the ends are shown here: a thread that holds the lock is using these sockets, and gives it back soon.
        if self._control is not None:
            self._control.shut()
        for episode in list(self._open.values()):
            episode.shut()
        try:
            with self._lock:
                self._end()
        finally:
            for episode in list(self._open.values()):
                episode.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, message: dict[str, Any], body: bytes = b"") -> dict[str, Any]:
        """The supervisor's answer to a message, within the time that starting may take."""
        deadline = time.monotonic() + self._limits.start_seconds
        with self._lock:
            control = self._control
            if self._closed or control is None:
                raise self._gone("it is closed")
            self._messages += 1
            try:
                control.send(encode({**message, "n": self._messages}, strict=False) + body, deadline)
                reply = control.receive(_CONTROL_CAP, deadline)
            except (OSError, FrameError) as error:
                raise self._gone(str(error)) from error
            if reply is None:
                raise self._gone("its connection ended")
            if reply.get("n") != self._messages:
                raise WorkerError(f"the {self.level} sandbox answered out of turn: {reply!r}")
            return dict(reply)

    def kill(self, episode: int) -> None:
        """End an episode at once; nothing happens when it or the sandbox has ended already."""
        self._open.pop(episode, None)
        if self._closed:
            return
        with self._lock, contextlib.suppress(WorkerError):  # then the episode is gone too
            self._tell({"do": "kill", "episode": episode})

    def make_ahead(self, *, witnessed: bool) -> None:
        """Have episodes made for whoever asks next.

        An episode calls this when it is closed: while it is in use, what the supervisor does would be taken from the
        processor that it needs. Only when the last one is taken others are made at once.
        """
        with self._lock, contextlib.suppress(WorkerError, OSError):  # whoever asks next will be told
            spare = self._spare[witnessed]
            while not self._closed and len(spare) < self._limits.spares:
                spare.append(self._fork(witnessed))

    def _begin(self) -> dict[str, Any]:
        """Start a supervisor and give it the world; what it said first."""
        with Stage() as stage:
            self._engine = self._start(stage)
            self._control, hello = self._accept(stage)
            if hello["missing"]:
                raise LevelUnavailable(
                    f"the level {self.level!r} cannot be had here: {' and '.join(hello['missing'])} is missing inside;"
                    " use a newer kernel or engine, or another level"
                )
            self._load()
        # The folder is gone here, whatever becomes of this process: what is inside has all it needs in memory.
        self._served = 0
        self._first_size = self._size()
        return dict(hello)

    def _end(self) -> None:
        """End the supervisor and with it every episode."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._engine is not None:
            self._engine.stop()
            self._engine = None

    def _recycle(self) -> None:
        """Another supervisor, where this one has served long or grown large and nobody is using it."""
        used = self._served >= self._limits.recycle_episodes
        if not used and self._served and self._served % _LOOK_EPISODES == 0:
            used = self._size() > self._first_size + self._limits.recycle_memory
        spares = [episode for spare in self._spare.values() for episode in spare]
        if not used or len(self._open) > len(spares):
            return
        for spare in self._spare.values():
            spare.clear()
        for episode in spares:
            episode.close()
        self._end()
        self._begin()

    def _size(self) -> int:
        """Bytes of memory that the supervisor has."""
        return int(self.ask({"do": "usage"})["resident"])

    def _fork(self, witnessed: bool) -> WarmEpisode:
        """An episode that the supervisor has been told to make."""
        self._episodes += 1
        number = self._episodes
        ours, theirs = socket.socketpair()
        episode = WarmEpisode(self, Connection(ours), number, self._limits, witnessed=witnessed)
        with theirs, _closed_on_error(episode):
            self._open[number] = episode
            self._tell({"do": "fork", "episode": number, "witnessed": witnessed}, theirs)
        return episode

    def _tell(self, message: dict[str, Any], *sockets: socket.socket) -> None:
        """Say something that is not answered."""
        control = self._control
        if self._closed or control is None:
            raise self._gone("it is closed")
        deadline = time.monotonic() + self._limits.start_seconds
        try:
            control.send(encode(message), deadline, [sock.fileno() for sock in sockets])
        except OSError as error:
            raise self._gone(str(error)) from error

    def _load(self) -> None:
        world, limits = self._world, self._limits
        reply = self.ask(
            {
                "do": "load",
                "image": len(world.snapshot),
                "source": world.tools_source,
                "parameters": {tool.name: tool.parameters() for tool in world.tools},
                "clock": world.clock,
                "reversed_rows": self._reversed_rows,
                "memory": limits.episode_memory,
                "cpu_seconds": limits.cpu_seconds,
                "reply_cap": limits.reply_bytes,
                "without": self._without,
            },
            world.snapshot,
        )
        if "broken" in reply:
            broken = reply["broken"]
            raise ToolsBroken(broken["type"], broken["message"], broken["line"])
        if "error" in reply:
            raise WorkerError(f"the world {world.label!r} cannot be loaded: {reply['error']}")

    def _accept(self, stage: Stage) -> tuple[Connection, Any]:
        """The connection from inside and what it says first; looks now and then whether there is an inside."""
        seconds = self._limits.start_seconds
        deadline = time.monotonic() + seconds
        stage.listener.settimeout(_LOOK_SECONDS)
        while True:
            try:
                connection = Connection(stage.listener.accept()[0])
                break
            except TimeoutError:
                if self._closed:
                    raise self._gone("it is closed") from None
                ended = None if self._engine is None else self._engine.ended()
                if ended is not None:
                    raise WorkerError(f"the {self.level} sandbox did not start: {ended}") from None
                if time.monotonic() > deadline:
                    raise WorkerError(f"the {self.level} sandbox did not connect within {seconds} s") from None
        try:
            hello = connection.receive(_CONTROL_CAP, deadline)
        except (OSError, FrameError) as error:
            connection.close()
            raise WorkerError(f"the {self.level} sandbox connected and said nothing sensible: {error}") from error
        except BaseException:
            connection.close()
            raise
        if hello is None:
            connection.close()
            raise self._gone("it ended before it had said anything")
        return connection, hello

    def _gone(self, how: str) -> WorkerError:
        place = f"the {self.level} sandbox of {self.world_label!r}"
        if self._closed:
            return WorkerError(f"{place} was closed while it was in use; open another one")
        ended = how if self._engine is None else self._engine.ended() or how
        return WorkerError(f"{place} ended: {ended}; what was done is kept, run the command again")

    @property
    def world_label(self) -> str:
        """The world's name in messages."""
        return self._world.label


class WarmEpisode:
    """One private copy of the database, in one forked process or, witnessed, in two. See `Episode`."""

    def __init__(
        self, sandbox: WarmSandbox, connection: Connection, number: int, limits: Limits, *, witnessed: bool
    ) -> None:
        self._sandbox = sandbox
        self._witnessed = witnessed
        self._connection = connection
        self._number = number
        self._limits = limits
        self._messages = 0
        self._lock = threading.RLock()
        self._lost: SandboxError | None = None
        self._kept = False
        self._closed = False

    def wait_loaded(self) -> None:
        """Wait until `tools.py` is executed; ToolsBroken when it raised, EpisodeLost when it never came back."""
        seconds = self._limits.start_seconds
        with self._lock:
            late = f"{TOOLS_FILE} was not loaded within {seconds} s; look for an endless loop in it"
            try:
                message = self._receive(time.monotonic() + seconds)
            except TimeoutError as error:
                raise self._lose("deadline", late) from error
            try:
                fault = broken_from_json(message.get("loaded"))
            except ValueError as error:
                raise self._lose("protocol", f"it sent {message!r:.200} instead of being loaded") from error
            if fault is not None:
                self.close()
                raise fault

    def is_there(self) -> bool:
        """Whether nothing has come, an end neither, since it was loaded."""
        with self._lock:
            return self._connection.is_quiet()

    def run(self, programs: Sequence[Program], *, keep: bool = False, deadline: float = 10.0) -> list[Outcome]:
        """Run programs. See `Episode.run`."""
        check_run(programs, keep=keep)
        with self._lock:
            self._usable()
            self._messages += 1
            self._kept = self._kept or keep
            message = {"n": self._messages, "do": "run", "keep": keep, **message_of(programs)}
            frame = encode(message, strict=False)
            if len(frame) > MESSAGE_CAP:
                raise ValueError(f"the programs have {len(frame)} bytes, at most {MESSAGE_CAP} fit; send fewer at once")
            until = time.monotonic() + deadline
            self._connection.allowance = _RUN_BYTES
            self._send(frame, until, deadline)
            outcomes = []
            for position, program in enumerate(programs):
                try:
                    message = self._receive(until)
                except TimeoutError as error:
                    raise self._lose("deadline", _late(programs, position, deadline)) from error
                if "lost" in message:
                    raise self._lose("protocol", f"{message['lost']!s:.2000}")
                if (message.get("n"), message.get("i")) != (self._messages, position):
                    raise self._lose("protocol", "it answered something that was not asked")
                try:
                    outcomes.append(outcome_from_json(message.get("outcome"), program))
                except ValueError as error:
                    raise self._lose("protocol", f"its answer is malformed: {error}") from error
            if self._connection.pending:
                raise self._lose("protocol", "it answered more than was asked")
            return outcomes

    def reset(self) -> None:
        """Back to the snapshot."""
        with self._lock:
            self._usable()
            if not self._kept:
                return
            self._kept = False
            self._messages += 1
            seconds = self._limits.start_seconds
            until = time.monotonic() + seconds
            self._send(encode({"n": self._messages, "do": "reset"}), until, seconds)
            try:
                message = self._receive(until)
            except TimeoutError as error:
                raise self._lose("deadline", f"it was not reset within {seconds} s") from error
            if message != {"n": self._messages}:
                raise self._lose("protocol", "it answered something that was not asked")

    def shut(self) -> None:
        """Show the end of the connection to whoever waits in it."""
        self._connection.shut()

    def close(self) -> None:
        """End the episode."""
        if self._closed:
            return
        self.shut()
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._connection.close()
        self._sandbox.kill(self._number)  # code that replaced our loop would not notice the end by itself
        if self._messages:
            self._sandbox.make_ahead(witnessed=self._witnessed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _usable(self) -> None:
        if self._lost is not None:
            raise self._lost
        if self._closed:
            raise ValueError("this episode is closed; open another one")

    def _send(self, frame: bytes, until: float, seconds: float) -> None:
        try:
            self._connection.send(frame, until)
        except TimeoutError as error:
            raise self._lose("deadline", f"it took no message within {seconds} s") from error
        except OSError as error:
            raise self._ended() from error

    def _receive(self, until: float) -> dict[str, Any]:
        """The next message; TimeoutError when none has come in time."""
        try:
            message = self._connection.receive(self._limits.reply_bytes, until)
        except TimeoutError:
            raise
        except FrameError as error:
            raise self._lose("protocol", str(error)) from error
        except OSError as error:
            raise self._ended() from error
        if message is None:
            raise self._ended()
        if not isinstance(message, dict):
            raise self._lose("protocol", f"it sent {message!r:.200}, which is no answer")
        return message

    def _ended(self) -> SandboxError:
        try:
            fate = self._sandbox.ask({"do": "fate", "episode": self._number})
        except WorkerError as gone:
            self._lost = gone
            self.close()
            return gone
        if fate["error"] is not None:
            self._lost = _NotForked(
                f"the {self._sandbox.level} sandbox cannot start another episode: {fate['error']}; close episodes that"
                " are no longer needed, or give larger limits"
            )
            return self._lost
        status = fate["status"]
        if status in (MEMORY_EXIT, _SIGKILL):
            return self._lose("memory", "it ran out of memory; return less at once, or give larger limits")
        if status == _SIGXCPU:
            return self._lose("deadline", f"it used up its {self._limits.cpu_seconds} s of processor time")
        how = "it closed its connection" if status is None else f"its process ended with status {status}"
        return self._lose("crash", f"{how} before it had answered; look for code that ends the process")

    def _lose(self, kind: LostKind, why: str) -> EpisodeLost:
        place = f"an episode of {self._sandbox.world_label!r} in the {self._sandbox.level} sandbox"
        lost = EpisodeLost(kind, f"{place} is lost: {why}")
        self._lost = lost
        self.close()
        return lost


@contextlib.contextmanager
def _closed_on_error(episode: WarmEpisode) -> Iterator[None]:
    try:
        yield
    except BaseException:
        episode.close()
        raise


def _late(programs: Sequence[Program], answered: int, seconds: float) -> str:
    """What is wrong when only the first `answered` of `programs` were answered in time."""
    names = tool_names(programs[answered:])
    running = f"the tool {names[0]!r}" if len(names) == 1 else "the tool that was running"
    advice = "look for an endless loop or a slow query, or give a larger deadline"
    return f"{seconds} s passed and {running} did not end; {advice}"
