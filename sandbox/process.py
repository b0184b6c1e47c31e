"""The level `process`: the supervisor and its locked-down episodes, without a container.

The supervisor is the host's own interpreter in isolation from its site-packages,
in a session of its own; episodes become another user when it runs as root.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from typing import IO

from .errors import LevelUnavailable
from .lockdown import missing
from .stage import Stage
from .warm import WarmSandbox
from .world import Limits, World

# `-s -S -P` is `-I` without its `-E`, under which PYTHONHASHSEED would not be read.
INTERPRETER_OPTIONS = ("-s", "-S", "-P", "-B")
BOOT = (
    "import os, sys; library = os.path.abspath(sys.argv[1]); sys.path[:0] = [os.path.abspath('runtime'), library];"
    " from sandbox.supervisor import main; main(library)"
)
STOP_SECONDS = 5.0


def unavailable() -> str | None:
    """Why this level cannot be had here, or None."""
    return kernel_lacks() or (None if os.access(sys.executable, os.X_OK) else _not_executable("no permission"))


def kernel_lacks() -> str | None:
    """What this machine lacks for a lock-down, in words, or None."""
    lacking = missing()
    return f"{' and '.join(lacking)} is missing on this machine" if lacking else None


class ProcessEngine:
    """A supervisor process, or a program that has the supervisor as its only child and ends with it.

    Args:
        stage: Where it starts, and what it says on its standard error is kept.
        command: Anyone can read it, so it does not name the stage's folder: that name is its protection.
        hash_seed: Python's.
        descriptors: What it inherits.

    Raises:
        OSError: The command cannot be executed.
    """

    image = ""

    def __init__(self, stage: Stage, command: Sequence[str], hash_seed: int, descriptors: Sequence[int] = ()) -> None:
        self._errors: IO[bytes] = (stage.folder / "errors").open("w+b")
        try:
            self._process = subprocess.Popen(
                command,
                cwd=stage.folder,
                env=inside_environment(hash_seed),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
                pass_fds=descriptors,
            )
        except BaseException:
            self._errors.close()
            raise

    def ended(self) -> str | None:
        """How it ended, or None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        return f"the supervisor ended with status {status}" + (f" ({said})" if said else "")

    def stop(self) -> None:
        """Wait for it to follow its closed connection, and kill it when it does not."""
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._errors.close()


def _not_executable(why: str) -> str:
    return f"the interpreter {sys.executable!r} cannot be executed ({why}); use another Python, or another level"


def inside_environment(hash_seed: int) -> dict[str, str]:
    """All that a supervisor's environment holds."""
    return {"PYTHONHASHSEED": str(hash_seed), "TZ": "UTC", "LC_ALL": "C"}


def open_process(
    world: World,
    *,
    label: str,
    hash_seed: int,
    limits: Limits,
    reversed_rows: bool,
    without: Collection[str] = (),
) -> WarmSandbox:
    """A sandbox of the level `process`; `without` is for tests, see `WarmSandbox`."""
    return WarmSandbox(
        level="process",
        label=label,
        world=world,
        limits=limits,
        start=lambda stage: _start(stage, hash_seed),
        reversed_rows=reversed_rows,
        without=without,
    )


def _start(stage: Stage, hash_seed: int) -> ProcessEngine:
    try:
        return ProcessEngine(stage, [sys.executable, *INTERPRETER_OPTIONS, "-c", BOOT, "library"], hash_seed)
    except OSError as error:
        raise LevelUnavailable(_not_executable(str(error.strerror))) from error
