"""The host's end of a warm sandbox, for every level that has a supervisor.

`WarmSandbox` speaks with the supervisor, `WarmEpisode` with one forked episode.
What an episode sends is judged, never trusted: anything that is no answer to the
question asked ends it. Starting the supervisor is `process.py` and `container.py`.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, Self

from .episode import check_run
from .errors import EpisodeLost, FrameError, LevelUnavailable, LostKind, SandboxError, ToolsBroken, WorkerError
from .program import Outcome, Program, broken_from_json, outcome_from_json, tool_names
from .stage import Stage
from .supervisor import MESSAGE_CAP
from .transport import Connection, encode
from .worker import MEMORY_EXIT, TOOLS_FILE
from .world import Limits, World

_CONTROL_CAP = 1 << 20
_RUN_BYTES = 512 << 20  # of the host's memory, for all that one run answers
_LOOK_SECONDS = 0.1
_SIGKILL, _SIGXCPU = -9, -24


class Engine(Protocol):
    """A started supervisor, seen from outside."""

    def ended(self) -> str | None:
        """How it ended, or None while it runs."""

    def stop(self) -> None:
        """End it and whatever is in it, by force when it does not go by itself."""


class WarmSandbox:
    """A supervisor with a world loaded. See `Sandbox`.

    Args:
        without: Defences of `lockdown.DEFENCES` to leave out, for tests; no user is given this choice.
    """

    def __init__(
        self,
        *,
        level: str,
        label: str,
        image: str,
        world: World,
        limits: Limits,
        stage: Stage,
        engine: Engine,
        without: Collection[str] = (),
    ) -> None:
        self.level = level
        self.label = label
        self._world = world
        self._limits = limits
        self._without = sorted(without)
        self._stage = stage
        self._engine = engine
        self._control: Connection | None = None
        self._lock = threading.RLock()
        self._closing = threading.Lock()
        self._messages = 0
        self._episodes = 0
        self._open: dict[int, WarmEpisode] = {}
        self._closed = False
        try:
            hello = self._greet()
            self.facts: Mapping[str, str] = {
                "level": level,
                "image": image,
                "python": hello["python"],
                "sqlite": hello["sqlite"],
                "apsw": hello["apsw"],
            }
            self._load()
        except BaseException:
            self.close()
            raise

    def episode(self) -> WarmEpisode:
        """A fresh episode. See `Sandbox.episode`."""
        with self._lock:
            if self._closed:
                raise ValueError(f"this {self.level} sandbox is closed; open another one")
            self._episodes += 1
            number, token = self._episodes, secrets.token_hex(16)
            reply = self.ask({"do": "open", "episode": number, "token": token})
            if "error" in reply:
                raise WorkerError(
                    f"the {self.level} sandbox cannot start another episode: {reply['error']}; close episodes that"
                    " are no longer needed, or give larger limits"
                )
            connection, hello = self._accept()
            while hello != {"episode": number, "token": token}:  # left over from one that could not be forked
                connection.close()
                connection, hello = self._accept()
            episode = self._open[number] = WarmEpisode(self, connection, number, self._limits)
        try:
            episode.wait_loaded()
        except BaseException:
            episode.close()
            raise
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
                if self._control is not None:
                    self._control.close()
                self._stage.listener.close()  # so that a supervisor that is about to connect ends as well
                try:
                    self._engine.stop()
                finally:
                    self._stage.remove()
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
        with self._lock:
            if self._closed or self._control is None:
                return
            try:
                self._control.send(
                    encode({"do": "kill", "episode": episode}), time.monotonic() + self._limits.start_seconds
                )
            except OSError:  # then the episode is gone too
                return

    def _greet(self) -> dict[str, Any]:
        self._control, hello = self._accept()
        if hello["missing"]:
            raise LevelUnavailable(
                f"the level {self.level!r} cannot be had here: {' and '.join(hello['missing'])} is missing inside;"
                " use a newer kernel or engine, or another level"
            )
        return dict(hello)

    def _load(self) -> None:
        world, limits = self._world, self._limits
        reply = self.ask(
            {
                "do": "load",
                "image": len(world.snapshot),
                "source": world.tools_source,
                "parameters": {tool.name: tool.parameters() for tool in world.tools},
                "clock": world.clock,
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

    def _accept(self) -> tuple[Connection, Any]:
        """The next connection from inside and what it says first; looks now and then whether there is an inside."""
        seconds = self._limits.start_seconds
        deadline = time.monotonic() + seconds
        listener = self._stage.listener
        listener.settimeout(_LOOK_SECONDS)
        while True:
            try:
                connection = Connection(listener.accept()[0])
                break
            except TimeoutError:
                if self._closed:
                    raise self._gone("it is closed") from None
                ended = self._engine.ended()
                if ended is not None and self._control is not None:
                    raise self._gone(ended) from None
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
            if self._control is not None and not self._closed and self._engine.ended() is None:
                return self._accept()  # somebody else, who came and went
            raise self._gone("it ended before it had said anything")
        return connection, hello

    def _gone(self, how: str) -> WorkerError:
        place = f"the {self.level} sandbox of {self.world_label!r}"
        if self._closed:
            return WorkerError(f"{place} was closed while it was in use; open another one")
        ended = self._engine.ended() or how
        return WorkerError(f"{place} ended: {ended}; what was done is kept, run the command again")

    @property
    def world_label(self) -> str:
        """The world's name in messages."""
        return self._world.label


class WarmEpisode:
    """One forked process with a private copy of the database. See `Episode`."""

    def __init__(self, sandbox: WarmSandbox, connection: Connection, number: int, limits: Limits) -> None:
        self._sandbox = sandbox
        self._connection = connection
        self._number = number
        self._limits = limits
        self._messages = 0
        self._lock = threading.RLock()
        self._lost: SandboxError | None = None
        self._closed = False

    def wait_loaded(self) -> None:
        """Wait until `tools.py` is executed; ToolsBroken when it raised, EpisodeLost when it never came back."""
        seconds = self._limits.start_seconds
        with self._lock:
            late = f"{TOOLS_FILE} was not loaded within {seconds} s; look for an endless loop in it"
            message = self._receive(time.monotonic() + seconds, lambda: late)
            try:
                fault = broken_from_json(message.get("loaded"))
            except ValueError as error:
                raise self._lose("protocol", f"it sent {message!r:.200} instead of being loaded") from error
            if fault is not None:
                self.close()
                raise fault

    def run(self, programs: Sequence[Program], *, keep: bool = False, deadline: float = 10.0) -> list[Outcome]:
        """Run programs. See `Episode.run`."""
        check_run(programs, keep=keep)
        with self._lock:
            self._usable()
            self._messages += 1
            messages = [program.to_json() for program in programs]
            frame = encode({"n": self._messages, "do": "run", "keep": keep, "programs": messages}, strict=False)
            if len(frame) > MESSAGE_CAP:
                raise ValueError(f"the programs have {len(frame)} bytes, at most {MESSAGE_CAP} fit; send fewer at once")
            until = time.monotonic() + deadline
            self._connection.allowance = _RUN_BYTES
            self._send(frame, until, deadline)
            outcomes = []
            for position, program in enumerate(programs):
                message = self._receive(until, partial(_late, programs, position, deadline))
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
            self._messages += 1
            seconds = self._limits.start_seconds
            until = time.monotonic() + seconds
            self._send(encode({"n": self._messages, "do": "reset"}), until, seconds)
            message = self._receive(until, lambda: f"it was not reset within {seconds} s")
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

    def _receive(self, until: float, late: Callable[[], str]) -> dict[str, Any]:
        """The next message; `late` says what is wrong when none has come in time."""
        try:
            message = self._connection.receive(self._limits.reply_bytes, until)
        except TimeoutError as error:
            raise self._lose("deadline", late()) from error
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
            status = self._sandbox.ask({"do": "fate", "episode": self._number})["status"]
        except WorkerError as gone:
            self._lost = gone
            self.close()
            return gone
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


def _late(programs: Sequence[Program], answered: int, seconds: float) -> str:
    """What is wrong when only the first `answered` of `programs` were answered in time."""
    names = tool_names(programs[answered:])
    running = f"the tool {names[0]!r}" if len(names) == 1 else "the tool that was running"
    advice = "look for an endless loop or a slow query, or give a larger deadline"
    return f"{seconds} s passed and {running} did not end; {advice}"
