"""A run: many candidates, in parallel and in order, a folder that is resumed and ends with the same bytes.

Each candidate is worked out alone (`spine.py`); which of the proven ones are
kept depends on those kept before, so that is decided here, in the candidates'
order, whatever the number of workers.
"""

from __future__ import annotations

import json
import platform
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from environments import chain_from_json
from sandbox import Sandbox, World, open_sandbox

from .draft import Pair
from .errors import RunFolderError, SynthError
from .ground import Ground
from .record import canonical
from .shape import skeleton
from .spine import Rejection, attempt

SKELETON_SHARE = 0.05  # of the samples asked for may share a skeleton
SINGLE_SHARE = 0.08  # may be a single call
READING_SHARE = 0.64  # may leave the state as it was, where there are tools that change it
PATIENCE = 40  # candidates for each sample asked for, at most
LEAST_PATIENCE = 400
LOST = 5  # episodes lost to a tool (deadline, memory, crash) before the run gives up: each costs seconds
STALE = 600  # candidates in a row without a sample: the environment is exhausted

SAMPLES, REJECTED, RUN = "samples.jsonl", "rejected.jsonl", "run.json"
ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked for. Everything here, with the environment's version, decides `samples.jsonl`."""

    samples: int
    seed: int
    rows: int | None
    rows_seed: int | None

    def to_json(self, ground: Ground) -> dict[str, Any]:
        """The configuration as `run.json` and the resume check hold it."""
        return {
            "environment": ground.environment.name,
            "environment_version": ground.environment.version,
            "samples": self.samples,
            "seed": self.seed,
            "rows": self.rows,
            "rows_seed": self.rows_seed,
        }


class Progress(NamedTuple):
    """How far a run is."""

    verified: int
    tried: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended; `reason` is empty when it has all the samples asked for.

    Attributes:
        faults: What tools did that no tool may do, in a sentence each.
    """

    requested: int
    verified: int
    rejected: dict[str, int]
    seconds: float
    level: str
    reason: str
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class _Mix:
    """What was kept so far, and whether one more of a kind is welcome."""

    plan: Plan
    writable: bool
    requests: set[str] = field(default_factory=set)
    skeletons: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    reading: int = 0

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
    started = time.monotonic()
    ledger = _Ledger(folder, plan, ground)
    finished = ledger.finished()
    if finished is not None:
        return finished
    mix = _Mix(plan, writable=any(ground.tools[name].writes for name in ground.costs))
    kept, fallen, position, stale = ledger.resume(mix)
    rejected = Counter(line["reason"] for line in fallen)
    faults = dict.fromkeys(_fault(line["reason"], line["evidence"]) for line in fallen)
    patience = max(LEAST_PATIENCE, PATIENCE * plan.samples)
    reason = ""
    if kept < plan.samples:
        with _Workers(ground, plan, level, workers) as pool:
            for candidate, result in pool.results(position):
                outcome = result
                if not isinstance(outcome, Rejection):
                    refusal = mix.refuse(outcome)
                    if refusal is not None:
                        outcome = Rejection(candidate, refusal, outcome["id"], outcome["turns"][0]["chain"])
                if isinstance(outcome, Rejection):
                    rejected[outcome.reason] += 1
                    faults[_fault(outcome.reason, outcome.evidence)] = None
                    ledger.reject(outcome)
                    stale += 1
                else:
                    kept += 1
                    ledger.keep(outcome)
                    stale = 0
                progress(Progress(kept, candidate + 1, plan.samples))
                if kept >= plan.samples:
                    break
                lost = sum(count for why, count in rejected.items() if why.startswith("episode_"))
                if lost >= LOST:
                    reason = f"{lost} candidates lost their episode to a tool; see `groundrow check` for which"
                    break
                if candidate + 1 >= patience or stale >= STALE:
                    reason = (
                        f"{kept} of {plan.samples} samples after {candidate + 1} candidates; the environment gives "
                        "no more that differ: ask for fewer, for more rows (--rows), or add tools"
                    )
                    break
    seconds = round(time.monotonic() - started, 3)
    report = Report(
        plan.samples, kept, dict(sorted(rejected.items())), seconds, level, reason, tuple(f for f in faults if f)
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


def open_pair(ground: Ground, level: str, opened: list[Sandbox]) -> Pair:
    """Two sandboxes that differ in process and hash seed; both are appended to `opened` for the caller to close."""
    world = world_of(ground)
    for hash_seed in (1, 2):
        opened.append(open_sandbox(world, level=level, hash_seed=hash_seed))
    return Pair(ground, opened[-2], opened[-1])


class _Workers:
    """Threads that work candidates out ahead, each with two sandboxes of its own; results come in order."""

    def __init__(self, ground: Ground, plan: Plan, level: str, workers: int) -> None:
        self._ground, self._plan, self._level, self._workers = ground, plan, level, workers
        self._opened: list[Sandbox] = []
        self._free: deque[Pair] = deque()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="candidate")

    def __enter__(self) -> _Workers:
        try:
            for _ in range(self._workers):
                self._free.append(open_pair(self._ground, self._level, self._opened))
        except BaseException:
            self._close()
            raise
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
        for sandbox in self._opened:
            sandbox.close()
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


class _Ledger:
    """The files of a run. Each candidate leaves one line, so the lines say where to go on.

    `*.part` files are written line by line and renamed at the end.
    """

    def __init__(self, folder: Path, plan: Plan, ground: Ground) -> None:
        self._folder = folder
        self._config = plan.to_json(ground)
        self._ground = ground
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._copy_environment()
        except OSError as error:
            raise RunFolderError(f"cannot write to {str(folder)!r}: {error.strerror}") from error
        self._keep = folder / f"{SAMPLES}.part"
        self._reject = folder / f"{REJECTED}.part"

    def _copy_environment(self) -> None:
        config = self._folder / "config.json.part"
        for present in (config, self._folder / RUN):
            if present.is_file():
                self._same(present)
        target = self._folder / ENVIRONMENT
        target.mkdir(exist_ok=True)
        for name, text in self._ground.environment.files.items():
            (target / name).write_text(text, encoding="utf-8")
        if not (self._folder / RUN).is_file():
            config.write_text(canonical({"config": self._config}) + "\n", encoding="utf-8")

    def _same(self, file: Path) -> None:
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["config"]
        except (ValueError, KeyError, TypeError) as error:
            raise RunFolderError(f"{str(file)!r} is damaged; choose another --out") from error
        if found != self._config:
            keys = sorted({*found, *self._config})
            differ = ", ".join(k for k in keys if found.get(k) != self._config.get(k))
            raise RunFolderError(
                f"{str(self._folder)!r} holds a run with another configuration ({differ}); choose another --out, "
                "or repeat the command that began it"
            )

    def finished(self) -> Report | None:
        """The report of the finished run that the folder holds, if it does."""
        file = self._folder / RUN
        if not file.is_file():
            return None
        found = json.loads(file.read_text(encoding="utf-8"))
        counts = found["counts"]
        return Report(
            requested=counts["requested"],
            verified=counts["verified"],
            rejected=counts["rejected"],
            seconds=found["seconds"],
            level=found["level"],
            reason=found["fell_short"],
            faults=tuple(found["faults"]),
        )

    def resume(self, mix: _Mix) -> tuple[int, list[dict[str, Any]], int, int]:
        """What an interrupted run left, and tidies it: torn lines and lines after a gap are cut off.

        Returns:
            Samples kept, the lines of rejections, the next candidate, and the candidates since the last sample.
        """
        done = self._folder / SAMPLES
        samples = _lines(done if done.is_file() else self._keep)
        gone = self._folder / REJECTED
        rejections = _lines(gone if gone.is_file() else self._reject)
        by_candidate = {int(s["key"].rpartition("/")[2]): ("kept", s) for s in samples}
        by_candidate |= {r["candidate"]: ("rejected", r) for r in rejections}
        position = stale = 0
        kept: list[dict[str, Any]] = []
        fallen: list[dict[str, Any]] = []
        while position in by_candidate:
            kind, line = by_candidate[position]
            (kept if kind == "kept" else fallen).append(line)
            stale = 0 if kind == "kept" else stale + 1
            position += 1
        for sample in kept:
            mix.refuse(sample)
        _write(self._keep, kept)
        _write(self._reject, fallen)
        for finished in (done, gone):
            finished.unlink(missing_ok=True)
        return len(kept), fallen, position, stale

    def keep(self, sample: dict[str, Any]) -> None:
        _append(self._keep, sample)

    def reject(self, rejection: Rejection) -> None:
        _append(self._reject, rejection.to_json())

    def finish(self, report: Report) -> None:
        """Name the files as finished; a run that fell short keeps what it has the same way."""
        environment = self._ground.environment
        shown = {
            "config": self._config,
            "counts": {"requested": report.requested, "verified": report.verified, "rejected": report.rejected},
            "seconds": report.seconds,
            "level": report.level,
            "fell_short": report.reason,
            "faults": list(report.faults),
            "reviewed": environment.reviewed,
            "versions": {
                "groundrow": version("groundrow"),
                "python": platform.python_version(),
                "apsw": version("apsw"),
                "faker": version("faker"),
                "sqlglot": version("sqlglot"),
            },
        }
        for part, whole in ((self._reject, REJECTED), (self._keep, SAMPLES)):
            part.replace(self._folder / whole)
        (self._folder / RUN).write_text(json.dumps(shown, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        (self._folder / "config.json.part").unlink(missing_ok=True)


def _fault(reason: str, evidence: Any) -> str:
    """What a tool did wrong, in a sentence; "" for a rejection that is no tool's fault."""
    if reason == "tool_bug" and isinstance(evidence, dict):
        return f"{evidence['tool']} raised {evidence['error']} (tools.py, line {evidence['line']})"
    return str(evidence) if reason == "tool_bug" or reason.startswith("episode_") else ""


def _lines(file: Path) -> list[dict[str, Any]]:
    """The whole lines of a file; a last line that was torn by a kill is left out."""
    if not file.is_file():
        return []
    found: list[dict[str, Any]] = []
    for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            break
        found.append(entry)
    return found


def _write(file: Path, entries: list[dict[str, Any]]) -> None:
    temporary = file.with_name(file.name + ".new")
    temporary.write_text("".join(canonical(entry) + "\n" for entry in entries), encoding="utf-8")
    temporary.replace(file)


def _append(file: Path, entry: dict[str, Any]) -> None:
    """One line, written at once, so that a kill leaves whole lines and at most one torn one."""
    try:
        with file.open("ab") as handle:
            handle.write((canonical(entry) + "\n").encode())
    except OSError as error:
        raise RunFolderError(
            f"cannot write to {str(file)!r}: {error.strerror}; what is there is whole, the same command resumes it"
        ) from error
