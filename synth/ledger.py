"""The folder of a run: what it was asked for, its lines as they come, and how it ended.

Each candidate leaves one line, so the lines say where to go on. `*.part` files
are written line by line and renamed at the end; the small files are replaced
whole. One process at a time works in a folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import RunFolderError
from .ground import Ground
from .record import canonical
from .spine import Rejection

SAMPLES, REJECTED, RUN = "samples.jsonl", "rejected.jsonl", "run.json"
CONFIG = "config.json.part"
ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked for. Everything here, with the environment's version, decides `samples.jsonl`."""

    samples: int
    seed: int
    rows: int | None
    rows_seed: int | None


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


class Config(BaseModel):
    """The `config` of a run's files: the plan, and the environment that it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    environment: str
    environment_version: str
    samples: int
    seed: int
    rows: int | None
    rows_seed: int | None


class Counts(BaseModel):
    """The `counts` of `run.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    requested: int
    verified: int
    rejected: dict[str, int]


class RunFile(BaseModel):
    """The form of `run.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    config: Config
    counts: Counts
    seconds: float
    level: str
    fell_short: str
    faults: tuple[str, ...]
    reviewed: bool
    versions: dict[str, str]


def read_run_file(file: Path) -> RunFile:
    """A finished run's `run.json`.

    Raises:
        FileNotFoundError: There is none.
        RunFolderError: It is damaged.
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        return RunFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RunFolderError(f"{str(file)!r} is damaged: {where or 'the file'}: {first['msg']}") from error


@dataclass(frozen=True, slots=True)
class Begun:
    """What an interrupted run left.

    Attributes:
        kept: The records of its samples.
        fallen: The lines of its rejections.
        position: The next candidate.
        stale: Candidates since the last sample.
    """

    kept: list[dict[str, Any]]
    fallen: list[dict[str, Any]]
    position: int
    stale: int


class Ledger:
    """A run's folder while it is worked in; a context manager that keeps other processes out.

    Raises (on entering):
        RunFolderError: The folder is another run's, in use, damaged, or cannot be written.
    """

    def __init__(self, folder: Path, plan: Plan, ground: Ground) -> None:
        environment = ground.environment
        self._folder = folder
        self._environment = environment
        self._config = Config(
            environment=environment.name,
            environment_version=environment.version,
            samples=plan.samples,
            seed=plan.seed,
            rows=plan.rows,
            rows_seed=plan.rows_seed,
        )
        self._keep = folder / f"{SAMPLES}.part"
        self._reject = folder / f"{REJECTED}.part"
        self._lock = -1

    def __enter__(self) -> Ledger:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._begin()
        except BlockingIOError as error:
            self._release()
            raise RunFolderError(f"another process is working in {str(self._folder)!r}; wait for it") from error
        except OSError as error:
            self._release()
            raise RunFolderError(f"cannot write to {str(self._folder)!r}: {error.strerror}") from error
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    def _release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _begin(self) -> None:
        """Refuse a folder that is another run's; write down what this one is, and its environment."""
        finished = self._folder / RUN
        if finished.is_file():
            self._refuse_other(read_run_file(finished).config)
            return
        begun = self._folder / CONFIG
        if begun.is_file():
            try:
                found = Config.model_validate_json(begun.read_text(encoding="utf-8", errors="replace"))
            except ValidationError:
                found = None  # torn by a kill before anything else was written
            if found is not None:
                self._refuse_other(found)
        target = self._folder / ENVIRONMENT
        target.mkdir(exist_ok=True)
        for name, text in self._environment.files.items():
            _replace(target / name, text)
        _replace(begun, self._config.model_dump_json() + "\n")

    def _refuse_other(self, found: Config) -> None:
        ours, theirs = self._config.model_dump(), found.model_dump()
        differ = ", ".join(key for key in ours if ours[key] != theirs[key])
        if differ:
            raise RunFolderError(
                f"{str(self._folder)!r} holds a run with another configuration ({differ}); choose another --out, "
                "or repeat the command that began it"
            )

    def finished(self) -> Report | None:
        """The report of the finished run that the folder holds, if it does.

        Raises:
            RunFolderError: Its samples are not those that it counted.
        """
        file = self._folder / RUN
        if not file.is_file():
            return None
        held = read_run_file(file)
        found = len(_lines(self._folder / SAMPLES))
        if found != held.counts.verified:
            raise RunFolderError(
                f"{str(self._folder)!r} is a finished run of {held.counts.verified} samples but holds {found}; "
                "choose another --out"
            )
        return Report(
            requested=held.counts.requested,
            verified=held.counts.verified,
            rejected=held.counts.rejected,
            seconds=held.seconds,
            level=held.level,
            reason=held.fell_short,
            faults=held.faults,
        )

    def resume(self) -> Begun:
        """What an interrupted run left, tidied: torn lines and lines after a gap are cut off.

        Raises:
            RunFolderError: A line is whole but no line of a run.
        """
        done, gone = self._folder / SAMPLES, self._folder / REJECTED
        lines: dict[int, tuple[str, dict[str, Any]]] = {}
        try:
            for sample in _lines(done if done.is_file() else self._keep):
                lines[int(sample["key"].rpartition("/")[2])] = ("kept", sample)
            for rejection in _lines(gone if gone.is_file() else self._reject):
                lines[rejection["candidate"]] = ("fallen", rejection)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RunFolderError(
                f"{str(self._folder)!r} holds a line that is none of a run's; choose another --out"
            ) from error
        except OSError as error:
            raise RunFolderError(f"cannot read {str(self._folder)!r}: {error.strerror}") from error
        begun = Begun([], [], 0, 0)
        position = stale = 0
        while position in lines:
            kind, line = lines[position]
            (begun.kept if kind == "kept" else begun.fallen).append(line)
            stale = 0 if kind == "kept" else stale + 1
            position += 1
        _replace(self._keep, "".join(canonical(line) + "\n" for line in begun.kept))
        _replace(self._reject, "".join(canonical(line) + "\n" for line in begun.fallen))
        for finished in (done, gone):
            finished.unlink(missing_ok=True)
        return Begun(begun.kept, begun.fallen, position, stale)

    def keep(self, sample: dict[str, Any]) -> None:
        """Write down a sample; RunFolderError when that is not possible."""
        _append(self._keep, sample)

    def reject(self, rejection: Rejection) -> None:
        """Write down a rejection; RunFolderError when that is not possible."""
        _append(self._reject, rejection.to_json())

    def finish(self, report: Report) -> None:
        """Name the files as finished; a run that fell short keeps what it has the same way."""
        whole = RunFile(
            config=self._config,
            counts=Counts(requested=report.requested, verified=report.verified, rejected=report.rejected),
            seconds=report.seconds,
            level=report.level,
            fell_short=report.reason,
            faults=report.faults,
            reviewed=self._environment.reviewed,
            versions={
                "groundrow": version("groundrow"),
                "python": platform.python_version(),
                "apsw": version("apsw"),
                "faker": version("faker"),
                "sqlglot": version("sqlglot"),
            },
        )
        try:
            for part, name in ((self._reject, REJECTED), (self._keep, SAMPLES)):
                part.replace(self._folder / name)
            text = json.dumps(whole.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False)
            _replace(self._folder / RUN, text + "\n")
            (self._folder / CONFIG).unlink(missing_ok=True)
        except OSError as error:
            raise RunFolderError(f"cannot write to {str(self._folder)!r}: {error.strerror}") from error


def _lines(file: Path) -> list[dict[str, Any]]:
    """The whole lines of a file; a last line that was torn by a kill is left out."""
    if not file.is_file():
        return []
    found: list[dict[str, Any]] = []
    for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            break
        found.append(entry)
    return found


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def _append(file: Path, entry: dict[str, Any]) -> None:
    """One line, written at once, so that a kill leaves whole lines and at most one torn one."""
    try:
        with file.open("ab") as handle:
            handle.write((canonical(entry) + "\n").encode())
    except OSError as error:
        raise RunFolderError(
            f"cannot write to {str(file)!r}: {error.strerror}; what is there is whole, the same command resumes it"
        ) from error
