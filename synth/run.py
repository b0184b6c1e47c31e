"""A run: many candidates, in parallel and in order, a folder that is resumed and ends with the same bytes.

Each candidate is worked out alone (`spine.py`); which of the proven ones are
kept depends on those kept before, so that is decided here, in the candidates'
order, whatever the number of workers.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from environments import chain_from_json
from sandbox import Pool, Variant, World

from .draft import Pair
from .errors import SynthError
from .ground import Ground
from .ledger import Ledger, Plan, Report
from .shape import skeleton
from .spine import Rejection, attempt

SKELETON_SHARE = 0.05  # of the samples asked for may share a skeleton
SINGLE_SHARE = 0.08  # may be a single call
READING_SHARE = 0.64  # may leave the state as it was, where there are tools that change it
PATIENCE = 40  # candidates for each sample asked for, at most
LEAST_PATIENCE = 400
LOST = 5  # episodes lost to a tool (deadline, memory, crash) before the run gives up: each costs seconds
STALE = 600  # candidates in a row without a sample: the environment is exhausted


class Progress(NamedTuple):
    """How far a run is."""

    verified: int
    tried: int
    wanted: int


@dataclass(slots=True)
class _Mix:
    """What was kept so far, and whether one more of a kind is welcome."""

    plan: Plan
    writable: bool
    requests: set[str] = field(default_factory=set)
    skeletons: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    reading: int = 0

    def sift(self, candidate: int, result: dict[str, Any] | Rejection) -> dict[str, Any] | Rejection:
        """A proven sample that is welcome, or a rejection: the candidate's own, or for the mix's sake."""
        if isinstance(result, Rejection):
            return result
        refusal = self.refuse(result)
        if refusal is None:
            return result
        return Rejection(candidate, refusal, result["id"], result["turns"][0]["chain"])

    def refuse(self, sample: dict[str, Any]) -> str | None:
        """Why the sample is not kept, or None when it was counted in."""
        (turn,) = sample["turns"]
        request = " ".join(turn["queries"]["hard"].lower().split())
        shape = skeleton(chain_from_json(turn["chain"]))
        reads = not any(call["changes"] for call in turn["trace"]["calls"])
        wanted = self.plan.samples
        if request in self.requests:
            return "same_request"
        if self.skeletons[shape] >= max(2, int(SKELETON_SHARE * wanted)):
            return "skeleton_full"
        if sample["scenario"] == "single_hop" and self.scenarios["single_hop"] >= max(1, int(SINGLE_SHARE * wanted)):
            return "single_hop_full"
        if reads and self.writable and self.reading >= max(1, int(READING_SHARE * wanted)):
            return "reading_full"
        self.requests.add(request)
        self.skeletons[shape] += 1
        self.scenarios[sample["scenario"]] += 1
        self.reading += reads
        return None


def synthesize(
    ground: Ground,
    plan: Plan,
    folder: Path,
    *,
    level: str,
    workers: int,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Fill `folder` with a run, or finish the one that was begun there.

    Args:
        level: A sandbox level that was chosen (not `auto`).
        workers: Threads, each with two sandboxes of its own.
        progress: Called after every candidate.

    Raises:
        RunFolderError: The folder holds another configuration's run, or cannot be written.
        SynthError: The environment has no tool that can be called.
        SandboxError: The sandbox cannot be opened or failed.
    """
    if not ground.costs:
        raise SynthError(f"no tool of {ground.environment.name!r} can be called with what a person could say")
    with Ledger(folder, plan, ground) as ledger:
        return ledger.finished() or _go_on(ground, plan, ledger, level, workers, progress)


@dataclass(slots=True)
class _State:
    """Where a run stands; also says when it is over."""

    plan: Plan
    kept: int
    tried: int
    stale: int
    rejected: Counter[str]
    faults: dict[str, None]

    def fell(self, rejection: Rejection | dict[str, Any]) -> None:
        line = rejection.to_json() if isinstance(rejection, Rejection) else rejection
        self.rejected[line["reason"]] += 1
        fault = _fault(line["reason"], line["evidence"])
        if fault:
            self.faults[fault] = None

    def fell_short(self) -> str:
        """Why the run gives up, or ""."""
        lost = sum(count for why, count in self.rejected.items() if why.startswith("episode_"))
        if lost >= LOST:
            return f"{lost} candidates lost their episode to a tool; see `groundrow check` for which"
        if self.tried >= max(LEAST_PATIENCE, PATIENCE * self.plan.samples) or self.stale >= STALE:
            return (
                f"{self.kept} of {self.plan.samples} samples after {self.tried} candidates; the environment gives "
                "no more that differ: ask for fewer, for more rows (--rows), or add tools"
            )
        return ""

    def is_over(self) -> bool:
        return self.kept >= self.plan.samples or bool(self.fell_short())


def _go_on(
    ground: Ground,
    plan: Plan,
    ledger: Ledger,
    level: str,
    workers: int,
    progress: Callable[[Progress], None],
) -> Report:
    started = time.monotonic()
    mix = _Mix(plan, writable=any(ground.tools[name].writes for name in ground.costs))
    begun = ledger.resume()
    for sample in begun.kept:
        mix.refuse(sample)
    state = _State(plan, len(begun.kept), begun.position, begun.stale, Counter(), {})
    for line in begun.fallen:
        state.fell(line)
    if not state.is_over():
        with _Workers(ground, plan, level, workers) as pool:
            for candidate, result in pool.results(begun.position):
                outcome = mix.sift(candidate, result)
                state.tried = candidate + 1
                if isinstance(outcome, Rejection):
                    state.fell(outcome)
                    state.stale += 1
                    ledger.reject(outcome)
                else:
                    state.kept += 1
                    state.stale = 0
                    ledger.keep(outcome)
                progress(Progress(state.kept, state.tried, plan.samples))
                if state.is_over():
                    break
    report = Report(
        requested=plan.samples,
        verified=state.kept,
        rejected=dict(sorted(state.rejected.items())),
        seconds=round(time.monotonic() - started, 3),
        level=level,
        reason="" if state.kept >= plan.samples else state.fell_short(),
        faults=tuple(state.faults),
    )
    ledger.finish(report)
    return report


def world_of(ground: Ground) -> World:
    """What the sandbox needs of a ground."""
    environment = ground.environment
    return World(
        tools_source=environment.tools_source,
        tools=environment.tools,
        snapshot=ground.image,
        clock=environment.settings.clock,
        version=environment.version,
    )


def open_pairs(ground: Ground, level: str, count: int = 1) -> Pool:
    """The sandboxes of so many pairs, opened together; `pairs_of` puts them together."""
    return Pool(world_of(ground), [Variant(1), Variant(2, reversed_rows=True)] * count, level=level)


def pairs_of(ground: Ground, pool: Pool) -> list[Pair]:
    """Two sandboxes each, which differ as in `Pair`."""
    return [Pair(ground, *two) for two in zip(pool.sandboxes[::2], pool.sandboxes[1::2], strict=True)]


class _Workers:
    """Threads that work candidates out ahead, each with two sandboxes of its own; results come in order."""

    def __init__(self, ground: Ground, plan: Plan, level: str, workers: int) -> None:
        self._plan, self._workers = plan, workers
        self._sandboxes = open_pairs(ground, level, workers)
        self._free = deque(pairs_of(ground, self._sandboxes))
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="candidate")

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._stop.set()
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._close()

    def _close(self) -> None:
        """Sandboxes first: a candidate that hangs in one ends with it."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._sandboxes.close()
        self._pool.shutdown(wait=True)

    def _work(self, candidate: int) -> dict[str, Any] | Rejection:
        if self._stop.is_set():
            return Rejection(candidate, "stopped", None, None)
        pair = self._free.popleft()
        try:
            return attempt(candidate, self._plan.seed, pair)
        finally:
            self._free.append(pair)

    def results(self, start: int) -> Iterator[tuple[int, dict[str, Any] | Rejection]]:
        waiting: deque[tuple[int, Future[dict[str, Any] | Rejection]]] = deque()
        candidate = start
        while True:
            while len(waiting) < 4 * self._workers:
                waiting.append((candidate, self._pool.submit(self._work, candidate)))
                candidate += 1
            number, future = waiting.popleft()
            yield number, future.result()


def _fault(reason: str, evidence: Any) -> str:
    """What a tool did wrong, in a sentence; "" for a rejection that is no tool's fault."""
    if reason == "tool_bug" and isinstance(evidence, dict):
        return f"{evidence['tool']} raised {evidence['error']} (tools.py, line {evidence['line']})"
    return str(evidence) if reason == "tool_bug" or reason.startswith("episode_") else ""
