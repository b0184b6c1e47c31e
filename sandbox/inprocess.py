"""The level `inprocess`: the worker in the host's own process. It isolates nothing.

For tests, and for tools one trusts as one's own code. A deadline is not kept and
memory is not limited, since nothing could stop the tool.
"""

from __future__ import annotations

import platform
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Self

import apsw

from environments import Chain

from .clock import Clock
from .database import Database, ToolDb, TransactionLost
from .episode import check_run
from .errors import EpisodeLost, ToolsBroken, WorkerError
from .loaded import TOOLS_FILE, LoadedTools, bug, unfit
from .program import Outcome, Program, message_of, outcome_from_json
from .transport import HEADER, decode, encode
from .worker import Parameters, Worker, parse_chains
from .world import World

# Time and chance are frozen for the whole process while a tool runs.
_frozen = threading.RLock()


class InProcessSandbox:
    """Workers in this process. See `Sandbox`."""

    def __init__(self, world: World, *, label: str, reversed_rows: bool) -> None:
        self.level = "inprocess"
        self.label = label
        self.facts: Mapping[str, str] = {
            "level": "inprocess",
            "image": "",
            "python": platform.python_version(),
            "sqlite": apsw.sqlite_lib_version(),
            "apsw": apsw.apsw_version(),
        }
        self._world = world
        self._reversed_rows = reversed_rows
        self._parameters = {tool.name: Parameters(tool.parameters()) for tool in world.tools}
        self._open: list[InProcessEpisode] = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._code = compile(world.tools_source, TOOLS_FILE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            broken = bug("", error)
            raise ToolsBroken(broken["type"], broken["message"], broken["line"]) from None

    def episode(self, *, witnessed: bool = False) -> InProcessEpisode:
        """A fresh episode. See `Sandbox.episode`."""
        del witnessed
        with _frozen:  # while another one's is frozen, its functions would be taken for the real ones
            clock = Clock(self._world.clock)
        try:
            database = Database(self._world.snapshot, clock, reversed_rows=self._reversed_rows)
        except (ValueError, apsw.Error) as error:
            raise WorkerError(f"the world {self._world.label!r} cannot be loaded: {error}") from error
        db = ToolDb(database)
        tools = LoadedTools(self._code, self._parameters, db, clock)
        worker = Worker(database, clock, tools, db, self._parameters)
        try:
            with _frozen:
                clock.freeze()
                try:
                    tools.load()
                finally:
                    clock.thaw()
        except ToolsBroken:
            worker.close()
            raise
        episode = InProcessEpisode(worker, clock, self._world.label)
        self._open.append(episode)
        return episode

    def close(self) -> None:
        """End every episode."""
        for episode in self._open:
            episode.close()
        self._open.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class InProcessEpisode:
    """A worker in this process. See `Episode`."""

    def __init__(self, worker: Worker, clock: Clock, label: str) -> None:
        self._worker = worker
        self._clock = clock
        self._label = label
        self._closed = False

    def run(self, programs: Sequence[Program], *, keep: bool = False, deadline: float = 10.0) -> list[Outcome]:
        """Run programs; the deadline is not kept. See `Episode.run`."""
        del deadline
        check_run(programs, keep=keep)
        self._usable()
        # Through JSON both ways, so that what comes back is what the other levels give.
        message = decode(encode(message_of(programs), strict=False)[HEADER.size :], strict=False)
        chains = parse_chains(message["chains"])
        return [
            self._run(program, told, chains, keep=keep)
            for program, told in zip(programs, message["programs"], strict=True)
        ]

    def reset(self) -> None:
        """Back to the snapshot."""
        self._usable()
        self._worker.reset()

    def close(self) -> None:
        """End the episode."""
        if not self._closed:
            self._closed = True
            self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, program: Program, told: dict[str, Any], chains: list[Chain | Exception], *, keep: bool) -> Outcome:
        with _frozen:
            self._clock.freeze()
            try:
                outcome = self._worker.run(told, chains, keep=keep)
            except TransactionLost as error:
                self.close()
                raise self._lost(str(error)) from error
            finally:
                self._clock.thaw()
        try:
            frame = encode(outcome)
        except ValueError as error:
            frame = encode(unfit("NotPlain", f"the program's outcome: {error}"))
        try:
            return outcome_from_json(decode(frame[HEADER.size :]), program)
        except ValueError as error:
            self.close()
            raise self._lost(f"its answer is malformed: {error}") from error

    def _lost(self, why: str) -> EpisodeLost:
        return EpisodeLost("protocol", f"an episode of {self._label!r} is lost: {why}")

    def _usable(self) -> None:
        if self._closed:
            raise ValueError("this episode is closed; open another one")
