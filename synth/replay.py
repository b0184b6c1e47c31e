"""Replay: every sample of a run proven again from scratch, and compared with what was recorded.

Only the chain and the key are taken from the record; rows, calls, answers, the
composite, the words and every proof are made anew from the run's copy of its
environment, in fresh sandboxes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments import EnvironmentsError, chain_from_json, load_environment
from sandbox import EpisodeLost

from .draft import Bench, Draft, Pair, Rejected
from .errors import RunFolderError
from .ground import Ground, survey
from .ledger import ENVIRONMENT, RUN, SAMPLES, read_run_file
from .record import NOT_COMPARED, canonical
from .run import open_pairs, pairs_of
from .spine import prove


@dataclass(frozen=True, slots=True)
class Difference:
    """A sample that did not come out as recorded: its id (or line) and what differs."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of a replay: samples seen, samples that came out as recorded, and everything that differs."""

    samples: int
    reproduced: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run's folder as read for replay: the ground it stood on, and its lines."""

    ground: Ground
    lines: tuple[str, ...]
    expected: int


def read_run(folder: Path) -> RunFolder:
    """A finished run's lines, and its ground made anew.

    Raises:
        RunFolderError: It is no finished run's folder, or its environment is not the one it ran on.
        EnvironmentsError: Its environment is broken.
    """
    try:
        held = read_run_file(folder / RUN)
        text = (folder / SAMPLES).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        hint = "it is not the folder of a run"
        if (folder / f"{SAMPLES}.part").is_file():
            hint = "the run was not finished: repeat the synth command"
        raise RunFolderError(f"{str(folder)!r} holds no {missing}; {hint}") from error
    except OSError as error:
        raise RunFolderError(f"cannot read {str(folder)!r}: {error.strerror}") from error
    try:
        environment = load_environment(folder / ENVIRONMENT)
    except EnvironmentsError as error:
        raise RunFolderError(f"the run's copy of its environment cannot be used: {error}") from error
    if environment.version != held.config.environment_version:
        raise RunFolderError(
            f"the environment in {str(folder / ENVIRONMENT)!r} is not the one of the run: its content hash differs"
        )
    lines = tuple(line for line in text.split("\n") if line.strip())
    ground = survey(environment, held.config.rows, held.config.rows_seed)
    return RunFolder(ground, lines, held.counts.verified)


def replay_run(run: RunFolder, level: str, progress: Callable[[int, int], None] = lambda done, total: None) -> Replay:
    """Prove every sample again and compare.

    Args:
        progress: Called after every sample with the number done and the number in all.

    Raises:
        SandboxError: The sandbox cannot be opened or failed.
    """
    differences: list[Difference] = []
    with open_pairs(run.ground, level) as pool:
        (pair,) = pairs_of(run.ground, pool)
        for number, line in enumerate(run.lines, start=1):
            found = _compare(line, number, pair)
            if found is not None:
                differences.append(found)
            progress(number, len(run.lines))
    reproduced = len(run.lines) - len(differences)
    return Replay(len(run.lines), reproduced, (*differences, *_misplaced(run)))


def _misplaced(run: RunFolder) -> list[Difference]:
    """What is wrong with the file as a whole: samples that are missing, stand twice, or out of order."""
    found: list[Difference] = []
    if len(run.lines) != run.expected:
        found.append(Difference(SAMPLES, f"holds {len(run.lines)} samples, the run verified {run.expected}"))
    last = -1
    for number, line in enumerate(run.lines, start=1):
        try:
            candidate = int(json.loads(line)["key"].rpartition("/")[2])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # named already as no record
        if candidate <= last:
            found.append(Difference(f"line {number}", "stands twice or out of order"))
        last = max(last, candidate)
    return found


def _compare(line: str, number: int, pair: Pair) -> Difference | None:
    try:
        recorded: dict[str, Any] = json.loads(line)
        id = str(recorded["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Difference(f"line {number}", "is not a sample record")
    try:
        (turn,) = recorded["turns"]
        draft = Draft(recorded["key"], chain_from_json(turn["chain"]))
        recorded.pop(NOT_COMPARED, None)
        text = canonical(recorded)
        with Bench.at(pair) as bench:
            proven = prove(draft, bench)
    except Rejected as rejected:
        return Difference(id, f"is now rejected: {rejected.reason}")
    except EpisodeLost as lost:
        return Difference(id, f"lost its episode: {lost}")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration) as error:
        return Difference(id, f"cannot be proven: {type(error).__name__}: {error}")
    proven.pop(NOT_COMPARED, None)
    if text == canonical(proven):
        return None
    return Difference(id, "differs in " + ", ".join(places(recorded, proven)))


def places(recorded: Any, proven: Any, at: str = "") -> list[str]:
    """Where two values differ as JSON, at most three places; "id" when nothing else does."""
    if isinstance(recorded, dict) and isinstance(proven, dict):
        keys = [key for key in sorted({*recorded, *proven}, key=str) if at or key != "id"]
        pairs = [(f"{at}.{k}" if at else k, recorded.get(k, ...), proven.get(k, ...)) for k in keys]
    elif isinstance(recorded, list) and isinstance(proven, list) and len(recorded) == len(proven):
        pairs = [(f"{at}[{n}]", a, b) for n, (a, b) in enumerate(zip(recorded, proven, strict=True))]
    else:
        return [at or "the record"]
    found = [place for name, a, b in pairs if not _same(a, b) for place in places(a, b, name)][:3]
    return found or ["id"]


def _same(recorded: Any, proven: Any) -> bool:
    """Whether two values are the same JSON; a field that is not there is `...`."""
    if recorded is ... or proven is ...:
        return recorded is proven
    return canonical(recorded) == canonical(proven)
