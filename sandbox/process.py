"""The level `process`: the supervisor and its locked-down episodes, without a container.

The supervisor is the host's own interpreter in isolation from its site-packages,
in a session of its own; episodes become another user when it runs as root.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Collection
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
    lacking = missing()
    if lacking:
        return f"{' and '.join(lacking)} is missing on this machine"
    return None if os.access(sys.executable, os.X_OK) else _not_executable("no permission")


class ProcessEngine:
    """A supervisor process."""

    def __init__(self, stage: Stage, hash_seed: int) -> None:
        self._errors: IO[bytes] = (stage.folder / "errors").open("w+b")
        try:
            self._process = subprocess.Popen(
                # The folder's name is its protection, so it is not written into the arguments, which all may read.
                [sys.executable, *INTERPRETER_OPTIONS, "-c", BOOT, "library"],
                cwd=stage.folder,
                env=inside_environment(hash_seed),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise LevelUnavailable(_not_executable(str(error.strerror))) from error
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
    world: World, *, label: str, hash_seed: int, limits: Limits, without: Collection[str] = ()
) -> WarmSandbox:
    """A sandbox of the level `process`; `without` is for tests, see `WarmSandbox`."""
    stage = Stage()
    try:
        engine = ProcessEngine(stage, hash_seed)
    except BaseException:
        stage.remove()
        raise
    return WarmSandbox(
        level="process",
        label=label,
        image="",
        world=world,
        limits=limits,
        stage=stage,
        engine=engine,
        without=without,
    )
